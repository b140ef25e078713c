package faults_test

// Two processes, and one that is asked to end.

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

func TestTwoDaemons(t *testing.T) {
	d, want := loaded(t)
	refuses(t, d.dir, fmt.Sprintf("in use by process %d (rollcall serve", d.cmd.Process.Pid), d.url, "stop it first")
	same(t, "beside a second daemon", d.lists(), want)
	d.stop()
	start(t, d.dir).stop()
}

// TestKilledHolder: a lock whose holder was killed keeps nobody out.
func TestKilledHolder(t *testing.T) {
	d, want := loaded(t)
	d.kill()
	d = start(t, d.dir)
	same(t, "after kill -9", d.lists(), want)
	d.stop()
}

// TestGracefulStop: SIGTERM under load ends the daemon well, and what was
// acknowledged is there.
func TestGracefulStop(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	all := publishers(r, j)
	for range rounds(t, 2) {
		d := start(t, dir)
		time.AfterFunc(time.Duration(200+r.IntN(600))*time.Millisecond, d.stop)
		publish(t.Context(), t, all, d, false)
		<-d.exited
		if d = start(t, dir); !t.Failed() {
			j.check(t, d, r)
		}
		d.stop()
	}
	sent, acked := j.count()
	t.Logf("%d events sent, %d acknowledged", sent, acked)
}
