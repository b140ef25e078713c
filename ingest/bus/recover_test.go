package bus_test

// An acknowledged event survives the end of the process.

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"rollcall/ingest/bus"
)

// victimDir names the log of a process that is going to be killed.
const victimDir = "ROLLCALL_BUS_TEST_VICTIM"

// victim publishes for ever and prints each acknowledged number.
func victim(dir string) {
	ctx := context.Background()
	b, err := bus.Open(ctx, bus.Options{Dir: dir, Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for i := 1; ; i++ {
		p := punch(i)
		if _, err := b.Publish(ctx, p.Subject, p.UID, p.Body); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

func TestKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acked := uint64(0)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acked, err = strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if acked == 500 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // killed
	if acked < 500 {
		t.Fatalf("the process died after %d acks", acked)
	}

	b := open(t, anywhere(dir))
	last, err := b.Last(t.Context())
	if err != nil || last < acked {
		t.Fatalf("Last = %d, %v, want at least the %d that were acknowledged", last, err, acked)
	}
	consume(t, b, bus.Position{}, acked)
	m, err := b.Read(t.Context(), acked)
	if err != nil || string(m.Body) != string(punch(int(acked)).Body) {
		t.Fatalf("Read(%d) = %s, %v", acked, m.Body, err)
	}
}
