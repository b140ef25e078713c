package ingest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

func line(m [2]string) string {
	return fmt.Sprintf(`{"subject": %q, "data": %s}`, m[0], json.RawMessage(m[1]))
}

func TestReplayOfAFile(t *testing.T) {
	long := `{"subject":"rollcall.demo.text.c","data":{"x":"` + strings.Repeat("y", 5<<20) + `"}}`
	file := strings.Join([]string{
		line(punch("demo", "1", "1", "08:30")),
		"",
		line(leave("l", "1", "2020-11-03", "2020-11-04")),
		"no JSON",
		line([2]string{"rollcall.other.punch.T1", "{}"}),
		`{"subject": "rollcall.other.odd.T1", "data": 7}`,
		`{"subject": "rollcall.other.odd", "data": {}}`,
		long,
		`{"subject": "rollcall.demo.text.c", "data": {"id":"t","time":"2020-11-30T10:00:00+08:00","month":"2020-11","section":"s","items":["i"]}}` + "\r",
		line([2]string{"rollcall.demo.punch.T1", `{"id":"2"}`}),
	}, "\n")
	for name, text := range map[string]string{"no newline at the end": file, "a newline at the end": file + "\n"} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t)
			got, err := ingest.Replay(t.Context(), strings.NewReader(text), ingest.ReplayOptions{Store: s, Halls: []hall.ID{"demo"}, BatchSize: 3})
			if err != nil {
				t.Fatal(err)
			}
			want := ingest.Replayed{Lines: 10, Dead: 5, Foreign: 2, Latest: 1606701600, LatestPunch: 1604363400}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Replay: %s", diff)
			}
			var numbers []uint64
			for _, d := range deadOf(t, s) {
				numbers = append(numbers, d.Sequence)
			}
			if diff := cmp.Diff([]uint64{2, 4, 7, 8, 10}, numbers); diff != "" {
				t.Errorf("dead lines: %s", diff)
			}
			check(t, s)
		})
	}
}

func TestReplayInAnyBatches(t *testing.T) {
	var lines []string
	for _, m := range mixture(300, 5) {
		lines = append(lines, line(m))
	}
	text := strings.Join(lines, "\n")
	var want [32]byte
	for i, size := range []int{1, 7, 1000, 0} {
		s := openStore(t)
		got, err := ingest.Replay(t.Context(), strings.NewReader(text), ingest.ReplayOptions{Store: s, BatchSize: size})
		if err != nil || got.Lines != 300 {
			t.Fatalf("Replay = %+v, %v", got, err)
		}
		check(t, s)
		if i == 0 {
			want = digest(t, s)
		} else if digest(t, s) != want {
			t.Errorf("batches of %d give other content", size)
		}
	}
}

func TestReplayOfNothing(t *testing.T) {
	s := openStore(t)
	got, err := ingest.Replay(t.Context(), strings.NewReader(""), ingest.ReplayOptions{Store: s})
	if err != nil || got != (ingest.Replayed{}) {
		t.Errorf("Replay = %+v, %v, want nothing", got, err)
	}
	view(t, s, func(v *store.View) {
		if v.Applied().Sequence != 0 {
			t.Errorf("Applied = %+v", v.Applied())
		}
	})
}
