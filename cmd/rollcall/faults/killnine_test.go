package faults_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

// TestKillNine kills the daemon at random instants while events come in on every
// way, now and then while it is starting. After each restart what was
// acknowledged is there once; in the end the lists are those of the log.
func TestKillNine(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	d := start(t, dir)
	for _, e := range founding(t) {
		j.send(e, true)
	}
	d.load(founding(t))
	for _, e := range founding(t) {
		j.ack(e.uid, 0, false)
	}
	all := publishers(r, j)
	total := rounds(t, 4)
	early := 0
	for range total {
		killWhilePublishing(t, all, d, r)
		for r.IntN(4) == 0 {
			early++
			killWhileStarting(t, dir, r)
		}
		d = start(t, dir)
		j.check(t, d, r)
		if t.Failed() {
			return
		}
	}
	publish(t.Context(), t, all, d, true)
	for _, p := range all {
		if len(p.open) > 0 {
			t.Errorf("publisher %s: %d events were never acknowledged", p.source, len(p.open))
		}
	}
	st, err := d.status()
	if err != nil {
		t.Fatal(err)
	}
	d.folded(st.Last)
	j.check(t, d, r)
	log := filepath.Join(t.TempDir(), "log.jsonl")
	succeeds(t, "export", "--from", "log", "--server", d.url, "-o", log)
	same(t, "daemon against its log", d.lists(), evaluated(t, []string{policyFile(t)}, log, theMonth, theAsOf))
	succeeds(t, "verify", "--server", d.url)
	d.stop()
	sent, acked := j.count()
	t.Logf("%d kills and %d while starting: %d events sent, %d acknowledged, none lost, none twice", total, early, sent, acked)
}

// killWhilePublishing lets everybody publish and kills the daemon between.
func killWhilePublishing(t *testing.T, all []*publisher, d *daemon, r *rand.Rand) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	time.AfterFunc(time.Duration(50+r.IntN(1450))*time.Millisecond, func() {
		d.kill()
		time.AfterFunc(50*time.Millisecond, cancel) // acks that are on their way count
	})
	publish(ctx, t, all, d, false)
	<-d.exited
}

// killWhileStarting kills a daemon that recovers its log, opens its store or
// begins to fold.
func killWhileStarting(t *testing.T, dir string, r *rand.Rand) {
	t.Helper()
	d := launch(t, dir)
	time.Sleep(time.Duration(r.IntN(250)) * time.Millisecond)
	d.kill()
}
