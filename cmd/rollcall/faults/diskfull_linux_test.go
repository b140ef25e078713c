package faults_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rollcall/hall"
)

// smallDisk mounts 24 MB; without the right to do so the test is skipped.
func smallDisk(t *testing.T) (dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("no small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// TestDiskFull fills the disk of log and store, and that of the log alone. The
// daemon says that it is not ready and what to do, takes nothing, shows the last
// state and lives; with space again, after a restart, everything that was
// acknowledged is there once.
func TestDiskFull(t *testing.T) {
	t.Run("log and store", func(t *testing.T) {
		diskFull(t, func(_ *testing.T, disk string) string { return filepath.Join(disk, "data") })
	})
	t.Run("log alone", func(t *testing.T) {
		if testing.Short() {
			t.Skip("short")
		}
		diskFull(t, func(t *testing.T, disk string) string {
			dir := t.TempDir()
			if err := os.Symlink(disk, filepath.Join(dir, "log")); err != nil {
				t.Fatal(err)
			}
			return dir
		})
	})
}

func diskFull(t *testing.T, place func(t *testing.T, disk string) string) {
	t.Helper()
	r := chances(t)
	disk := smallDisk(t)
	dir := place(t, disk)
	j := newJournal()
	off := lowWater(t, "0") // a disk that fills up all of a sudden
	d := start(t, dir, off...)
	events := founding(t)
	for _, e := range events {
		j.send(e, true)
	}
	d.load(events)
	for _, e := range events {
		j.ack(e.uid, 0, false)
	}
	ballast := filepath.Join(disk, "ballast")
	write(t, ballast, make([]byte, 17<<20))
	refused, answer := fill(t, d, j)
	if refused != http.StatusServiceUnavailable {
		t.Errorf("POST on a full disk = %d %s, want 503", refused, answer)
	}
	d.eventually("says that it is not ready", func() error { return d.answers("/readyz", http.StatusServiceUnavailable) })
	if _, body := d.get("/readyz"); !strings.Contains(body, "disk") && !strings.Contains(body, "space") {
		t.Errorf("/readyz says %s, which does not name the disk", body)
	}
	for range 5 { // it does not change its mind
		e := note(1 << 20)
		if status, body := d.post("/api/v1/events?force=1", e.line()); status != http.StatusServiceUnavailable {
			t.Errorf("POST on a full disk = %d %s, want 503", status, body)
		}
	}
	if status, body := d.get("/api/v1/halls/demo/months/" + theMonth); status != http.StatusOK {
		t.Errorf("GET of a month on a full disk = %d %s", status, body)
	}
	if status, _ := d.get("/healthz"); status != http.StatusOK {
		t.Errorf("/healthz = %d, want a process that lives", status)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.takesOrRefuses(j)
	d.stop()
	d = start(t, dir, off...)
	j.check(t, d, r)
	succeeds(t, "verify", "--server", d.url)
	d.load([]outgoing{note(1 << 21)})
	d.stop()
	sent, acked := j.count()
	t.Logf("%d events sent, %d acknowledged before the disk was full", sent, acked)
}

// lowWater is a configuration that wants so much of the disk to stay free.
func lowWater(t *testing.T, mark string) (flags []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rollcall.yaml")
	write(t, path, []byte("disk_low_water: "+mark+"\n"))
	return []string{"--config", path}
}

// TestDiskLow: before the disk is full nobody is told any more that an event is stored;
// lists go on, and everything goes on by itself once there is space.
func TestDiskLow(t *testing.T) {
	disk := smallDisk(t)
	d := start(t, filepath.Join(disk, "data"), lowWater(t, "12MiB")...)
	d.load(someMonth(t, 40))
	lists := d.lists()
	month := "/api/v1/halls/demo/months/" + theMonth + "?as_of=2020-12-07T09:00:00%2B08:00"
	ballast := filepath.Join(disk, "ballast")
	for i := range rounds(t, 2) {
		write(t, ballast, make([]byte, 12<<20))
		d.eventually("is not ready", func() error { return d.answers("/readyz", http.StatusServiceUnavailable) })
		for path, body := range map[string]string{"/api/v1/events?force=1": note(i).line(), "/api/v1/import?force=1": note(i).line() + "\n"} {
			if status, answer := d.post(path, body); status != http.StatusInsufficientStorage || !strings.Contains(answer, `"code":"disk_low"`) || !strings.Contains(answer, "12 MiB must stay free") {
				t.Errorf("POST %s = %d %s, want 507 that names the mark", path, status, answer)
			}
		}
		takesNothing(t, d)
		if status, body := d.get(month); status != http.StatusOK || !strings.Contains(body, `"code":"disk_low"`) {
			t.Errorf("GET of a month = %d %s, want the lists with a warning", status, body)
		}
		succeeds(t, "export", "--server", d.url)
		if r := command(t, "verify", "--server", d.url); r.code != 1 || !strings.Contains(r.stderr, "there is no room on the disk for files as large as the store") {
			t.Errorf("verify, which writes, = %d %s%s, want a refusal", r.code, r.out, r.stderr)
		}
		if status, body := d.get("/metrics"); status != http.StatusOK || !strings.Contains(body, "rollcall_disk_low 1") ||
			!strings.Contains(body, `rollcall_disk_free_bytes{place="log"}`) || !strings.Contains(body, "rollcall_ready 0") {
			t.Errorf("metrics = %d, want them to say it", status)
		}
		remove(t, ballast)
		d.eventually("is ready by itself", func() error { return d.answers("/readyz", http.StatusOK) })
		same(t, "with space again", d.lists(), lists)
	}
	if status, answer := d.post("/api/v1/events?force=1&wait=folded", note(1).line()); status != http.StatusOK {
		t.Errorf("POST with space again = %d %s", status, answer)
	}
	publishRaw(t, d.bus, []outgoing{note(2)})
	d.stop()

	write(t, ballast, make([]byte, 12<<20))
	d = launch(t, d.dir, lowWater(t, "12MiB")...).listening()
	takesNothing(t, d)
	if err := d.answers("/readyz", http.StatusServiceUnavailable); err != nil {
		t.Errorf("started on a disk that is nearly full: %v", err)
	}
	d.stop()
}

// takesOrRefuses: with space again a daemon either takes events or is not ready. A
// log that could not be written stays closed until a restart.
func (d *daemon) takesOrRefuses(j *journal) {
	d.t.Helper()
	e := note(1 << 22)
	j.send(e, true)
	for range 6 {
		ready := d.answers("/readyz", http.StatusOK)
		status, answer := d.post("/api/v1/events?force=1", e.line())
		if status != http.StatusOK && ready == nil {
			d.t.Errorf("a daemon that says it is ready answers %d %s", status, answer)
		}
		if status == http.StatusOK {
			j.ack(e.uid, 0, false)
		}
		if testing.Short() {
			return
		}
		time.Sleep(time.Second) // let the store be tried again
	}
}

// fill posts large notes until one is refused.
func fill(t *testing.T, d *daemon, j *journal) (status int, answer string) {
	t.Helper()
	for i := range 10_000 {
		e := note(i)
		j.send(e, true)
		status, answer = d.post("/api/v1/events?force=1", e.line())
		if status != http.StatusOK {
			return status, answer
		}
		j.ack(e.uid, 0, false)
	}
	t.Fatal("the disk is never full")
	return status, answer
}

// note is a large one.
func note(i int) outgoing {
	evidence := make([]string, 12)
	for k := range evidence {
		evidence[k] = fmt.Sprintf("%d-%d-%s", i, k, strings.Repeat("e", 3000))
	}
	return event(hall.KindPatrol, "I01", fmt.Sprint("n", i), map[string]any{
		"time": "2020-11-03T10:00:00+08:00", "inspector": "I01", "kind": "clear", "person": "1001", "evidence": evidence,
	})
}
