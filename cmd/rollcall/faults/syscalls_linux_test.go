package faults_test

// Kills, errors and delays inside system calls.

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rollcall/store"
)

// TestKillInsideACommit kills the daemon as it enters a system call: before a page
// of the store is written or synced (fdatasync is bbolt's, one before the meta page
// and one behind it), before a message of the log is.
func TestKillInsideACommit(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	all := publishers(r, j)
	hit, total := map[string]int{}, rounds(t, 4)
	for round := 0; round < total || len(hit) == 0 && round < 10*total; round++ { // a busy machine makes few calls
		call := []string{"fdatasync", "pwrite64", "fsync"}[round%3]
		victim := straced(t, dir, injecting(call, "signal=KILL:when=%d", 1+r.IntN(20))...)
		if !victim.came() || publishUntilItEnds(t, all, victim) {
			hit[call]++
		}
		d := start(t, dir)
		j.check(t, d, r)
		d.kill()
		if t.Failed() {
			t.Logf("killed in %s", call)
			return
		}
	}
	d := start(t, dir)
	succeeds(t, "verify", "--server", d.url)
	d.stop()
	sent, acked := j.count()
	if len(hit) == 0 {
		t.Error("the kills missed the calls")
	}
	t.Logf("%d kills, inside a call %v: %d events sent, %d acknowledged, none lost, none twice", total, hit, sent, acked)
}

// publishUntilItEnds lets everybody publish until the daemon is killed, and reports
// whether it was: after a while we do it, if the call never came.
func publishUntilItEnds(t *testing.T, all []*publisher, d *daemon) (killed bool) {
	t.Helper()
	late := time.AfterFunc(3*time.Second, d.kill)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-d.exited
		time.AfterFunc(50*time.Millisecond, cancel) // acks that are on their way count
	}()
	publish(ctx, t, all, d, false)
	<-d.exited
	return late.Stop()
}

// came waits until a daemon listens, or has been killed before.
func (d *daemon) came() bool {
	select {
	case <-d.out.seen:
	case <-d.exited:
		return false
	case <-time.After(patience):
		d.t.Fatal("the daemon neither listens nor ends")
	}
	d.addresses()
	return true
}

// injecting are the options of strace that do something to a system call. It counts
// the calls of each thread by itself.
func injecting(call, what string, args ...any) []string {
	return []string{"-o", os.DevNull, "-e", "trace=fsync,fdatasync,pwrite64", "-e", "inject=" + call + ":" + fmt.Sprintf(what, args...)}
}

// dies waits for the end of a daemon that has no choice, and returns its code.
func (d *daemon) dies() int {
	d.t.Helper()
	select {
	case <-d.exited:
	case <-time.After(patience):
		d.t.Fatal("the daemon lives")
	}
	return d.code()
}

// TestFailedSync: the disk of the log says EIO. Nothing is acknowledged from then
// on, the daemon is not ready, and a restart heals.
func TestFailedSync(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	d := straced(t, dir, injecting("fsync", "error=EIO:when=20+")...).ready()
	status, answer := http.StatusOK, ""
	for i := 0; status == http.StatusOK && i < 1000; i++ {
		e := drawn(r, "H1", fmt.Sprint("h", i))
		j.send(e, true)
		if status, answer = d.post("/api/v1/events?force=1", e.line()); status == http.StatusOK {
			j.ack(e.uid, 0, false)
		}
	}
	if _, acked := j.count(); status != http.StatusServiceUnavailable || acked < 5 {
		t.Errorf("POST after %d acknowledged = %d %s, want 503 of a broken disk", acked, status, answer)
	}
	d.eventually("says that it is not ready", func() error { return d.answers("/readyz", http.StatusServiceUnavailable) })
	takesNothing(t, d)
	if status, _ := d.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz = %d, want a process that lives", status)
	}
	d.kill() // what was written and not synced is nobody's
	d = start(t, dir)
	j.check(t, d, r)
	d.load(someMonth(t, 1))
	d.stop()
}

// TestFailedCommit: the disk of the store says EIO. The process must not outlive
// that; started again it goes on from the last commit.
func TestFailedCommit(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	all := publishers(r, j)
	for _, call := range []string{"fdatasync", "pwrite64"} {
		options := append(injecting(call, "error=EIO:when=20"), "-P", filepath.Join(dir, store.FileName))
		d := straced(t, dir, options...).ready()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		publish(ctx, t, all, d, false)
		cancel()
		if code := d.dies(); code != 1 || !strings.Contains(d.log.String(), "input/output error") {
			t.Errorf("after a failed %s the daemon ended with %d, want 1 and the reason:\n%s", call, code, d.log)
		}
		d = start(t, dir)
		j.check(t, d, r)
		succeeds(t, "verify", "--server", d.url)
		d.stop()
	}
}

// TestSlowDisk: each sync takes its time. The daemon is ready all the same, takes
// and keeps what it acknowledges, in bounded memory, and ends when it is told.
func TestSlowDisk(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	d := straced(t, dir, append(injecting("fsync", "delay_exit=20000"), "-e", "inject=fdatasync:delay_exit=200000")...).ready()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	publish(ctx, t, publishers(r, j), d, false)
	if err := d.answers("/readyz", http.StatusOK); err != nil {
		t.Error(err)
	}
	if used := statusMiB(t, d, "VmRSS:"); used > 300 {
		t.Errorf("%d MiB in use", used)
	}
	d.stop()
	d = start(t, dir)
	j.check(t, d, r)
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}

// statusMiB is what the kernel says of the memory of a daemon.
func statusMiB(t *testing.T, d *daemon, field string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field); ok {
			kib, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kib >> 10
		}
	}
	t.Fatalf("no %s", field)
	return 0
}

// TestOutOfMemory: the process is given no more memory and dies, as by kill -9.
func TestOutOfMemory(t *testing.T) {
	r := chances(t)
	dir := filepath.Join(t.TempDir(), "data")
	j := newJournal()
	all := publishers(r, j)
	for range rounds(t, 2) {
		d := start(t, dir)
		limitMemory(t, d, statusMiB(t, d, "VmSize:")+16)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		go func() { // bodies that are read whole
			defer cancel()
			for d.alive() {
				_, _ = d.post("/api/v1/import?force=1", strings.Repeat(longLine(r)+"\n", 400))
			}
		}()
		publish(ctx, t, all, d, false)
		cancel()
		if code := d.dies(); code != 2 || !diedOfMemory.MatchString(d.log.String()) {
			t.Errorf("the daemon ended with %d, want it to die of memory", code)
		}
		d = start(t, dir)
		j.check(t, d, r)
		d.stop()
	}
}

// diedOfMemory: of the heap's, or of the stack of another thread.
var diedOfMemory = regexp.MustCompile(`out of memory|cannot allocate memory|pthread_create failed`)

// longLine is a note that nobody sends twice and that is refused: its hall is
// unknown to the journal.
func longLine(r *rand.Rand) string {
	return fmt.Sprintf(`{"subject":"rollcall.demo.nap.X1","data":{"id":"%d","note":%q}}`, r.Uint64(), strings.Repeat("x", 4000))
}
