package ingest_test

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"rollcall/ingest"
)

// TestReadLine: a line over the limit costs no other line, wherever it stands.
func TestReadLine(t *testing.T) {
	const limit = 100
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		name, text string
		want       []string // "" = a blank line, "long" = one that is too long
	}{
		{"nothing", "", nil},
		{"ends", "a\nb\r\n\nc", []string{"a", "b", "", "c"}},
		{"long in the middle", "a\n" + long + "\nb\n", []string{"a", "long", "b"}},
		{"long at the end", "a\n" + long, []string{"a", "long"}},
		{"long alone", long + "\n", []string{"long"}},
		{"just short enough", long[:limit-1] + "\nb", []string{long[:limit-1], "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := bufio.NewReaderSize(strings.NewReader(c.text), 16)
			for i, want := range c.want {
				line, err := ingest.ReadLine(in, limit)
				if tooLong, ok := errors.AsType[*ingest.LongLine](err); ok && tooLong.Limit == limit {
					line, err = []byte("long"), nil
				}
				if err != nil || string(line) != want {
					t.Fatalf("line %d = %q, %v, want %q", i+1, line, err, want)
				}
			}
			if line, err := ingest.ReadLine(in, limit); !errors.Is(err, io.EOF) {
				t.Errorf("behind the last line: %q, %v", line, err)
			}
		})
	}
}
