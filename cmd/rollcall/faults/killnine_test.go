package faults_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

// stretch is how many kills a directory lives through: each check reads all of
// its events.
const stretch = 40

// TestKillNine kills the daemon at random instants while events come in on every
// way, now and then while it is starting. After a restart what was acknowledged is
// there once; in the end the lists are those of the log.
func TestKillNine(t *testing.T) {
	r := chances(t)
	total := rounds(t, 4)
	var sum kills
	for left := total; left > 0 && !t.Failed(); left -= stretch {
		sum.add(killed(t, r, min(left, stretch)))
	}
	t.Logf("%d kills and %d while starting: %d events sent, %d acknowledged, none lost, none twice", total, sum.starting, sum.sent, sum.acked)
}

// kills are what a directory has lived through.
type kills struct{ starting, sent, acked int }

func (k *kills) add(o kills) {
	k.starting += o.starting
	k.sent += o.sent
	k.acked += o.acked
}

// killed kills the daemons of a new directory.
func killed(t *testing.T, r *rand.Rand, total int) (k kills) {
	t.Helper()
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
	for range total {
		killWhilePublishing(t, all, d, r)
		for r.IntN(4) == 0 {
			k.starting++
			killWhileStarting(t, dir, r)
		}
		d = start(t, dir)
		if total <= 4 || r.IntN(4) == 0 { // what one loses the next check misses
			j.check(t, d, r)
		}
		if t.Failed() {
			return k
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
	k.sent, k.acked = j.count()
	return k
}

// killWhilePublishing lets everybody publish and kills the daemon between.
func killWhilePublishing(t *testing.T, all []*publisher, d *daemon, r *rand.Rand) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	soon := 20 + r.IntN(300)
	if r.IntN(8) == 0 {
		soon += 1200
	}
	time.AfterFunc(time.Duration(soon)*time.Millisecond, func() {
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
