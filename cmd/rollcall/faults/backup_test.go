package faults_test

// Backups that are taken while events come in, killed, cut and altered, and what
// comes back of them.

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/ingest/bus/bustest"
)

// restored makes a data directory of a backup and returns what the log then holds.
func restored(t *testing.T, file string, flags ...string) (dir, log string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "restored")
	r := command(t, append([]string{"restore", file, "--data", dir}, flags...)...)
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("restore = %d %s%s", r.code, r.out, r.stderr)
	}
	return dir, succeeds(t, "export", "--from", "log", "--data", dir)
}

// TestBackupUnderLoad: a backup that is taken while events come in is a prefix of the
// log, and comes back as that; the last one brings every list back.
func TestBackupUnderLoad(t *testing.T) {
	r := chances(t)
	j := newJournal()
	dir := t.TempDir()
	d := start(t, dir)
	events := someMonth(t, 60)
	for _, e := range events {
		j.send(e, true)
	}
	d.load(events)
	for _, e := range events {
		j.ack(e.uid, 0, false)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var publishing sync.WaitGroup
	all := publishers(r, j)
	publishing.Go(func() { publish(ctx, t, all, d, false) })
	var files []string
	for i := range rounds(t, 3) {
		files = append(files, filepath.Join(t.TempDir(), "backup"))
		succeeds(t, "backup", "-o", files[i], "--server", d.url)
	}
	cancel()
	publishing.Wait()
	d.stop() // what the publishers no longer waited for is in the log now, or never
	d = start(t, dir)
	quiet := filepath.Join(t.TempDir(), "backup")
	succeeds(t, "backup", "-o", quiet, "--server", d.url)
	if info, err := os.Stat(quiet); err != nil || info.Mode() != 0o600 {
		t.Errorf("the backup has mode %v (%v), want 0600", info.Mode(), err)
	}
	want, whole := d.lists(), succeeds(t, "export", "--from", "log", "--server", d.url)
	d.stop()
	for _, file := range files {
		copied, log := restored(t, file)
		if !strings.HasPrefix(whole, log) || strings.Count(log, "\n") < 60 {
			t.Errorf("%d lines of log came back, which are not the first of %d", strings.Count(log, "\n"), strings.Count(whole, "\n"))
		}
		succeeds(t, "verify", "--data", copied)
	}
	copied, log := restored(t, quiet)
	if log != whole {
		t.Error("the log that came back is not the one that was copied")
	}
	d = start(t, copied)
	same(t, "after backup and restore", d.lists(), want)
	succeeds(t, "verify", "--server", d.url)
	j.check(t, d, r)
	d.load([]outgoing{note(1)})
	d.stop()
}

// TestBackupOutside: the log of an outside server comes back in an embedded one.
func TestBackupOutside(t *testing.T) {
	d := start(t, t.TempDir(), "--nats", bustest.Started(t).URL())
	d.load(someMonth(t, 60))
	want := d.lists()
	file := filepath.Join(t.TempDir(), "backup")
	succeeds(t, "backup", "-o", file, "--server", d.url)
	d.stop()
	dir, _ := restored(t, file)
	d = start(t, dir)
	same(t, "after backup of an outside log", d.lists(), want)
	d.stop()
}

// TestBackupKilled: wherever a backup is killed, there is a whole file under its name
// or none.
func TestBackupKilled(t *testing.T) {
	r := chances(t)
	d := start(t, t.TempDir())
	d.load(someMonth(t, 3000))
	dir := t.TempDir()
	file := filepath.Join(dir, "backup")
	whole := 0
	for range rounds(t, 12) {
		cmd := exec.Command(program, "backup", "-o", file, "--server", d.url)
		cmd.Env = environ(t)
		tie(cmd)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(60)) * time.Millisecond) // any moment will do
		_ = cmd.Process.Kill()                                   // it may have ended
		_ = cmd.Wait()                                           // by the signal
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		whole++
		if _, log := restored(t, file); strings.Count(log, "\n") != 3025 {
			t.Fatalf("%d lines came back of a killed backup", strings.Count(log, "\n"))
		}
		remove(t, file)
	}
	t.Logf("%d of the killed backups were whole", whole)
	d.stop()
}

// TestRestoreRefuses: what was cut or altered is refused by name, and leaves nothing;
// a restore that was killed is no obstacle for the next.
func TestRestoreRefuses(t *testing.T) {
	r := chances(t)
	d := start(t, t.TempDir())
	d.load(someMonth(t, 2000))
	file := filepath.Join(t.TempDir(), "backup")
	succeeds(t, "backup", "-o", file, "--server", d.url)
	d.stop()
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	for name, c := range map[string]struct {
		content []byte
		word    string
	}{
		"cut":     {good[:len(good)-1-r.IntN(len(good)-100)], "not complete"},
		"altered": {flipped(good, 8*(len(good)/4+r.IntN(len(good)/2))), "damaged or was altered"},
		"longer":  {append(bytes.Clone(good), good...), "damaged or was altered"},
		"foreign": {bytes.Repeat([]byte("x"), 1000), "no backup of rollcall"},
		"empty":   {nil, "not complete"},
	} {
		bad := filepath.Join(t.TempDir(), "bad")
		write(t, bad, c.content)
		for _, dir := range []string{empty, filepath.Join(t.TempDir(), "new")} {
			got := command(t, "restore", bad, "--data", dir)
			if got.code != 1 || !strings.Contains(got.stderr, c.word) || strings.Count(got.stderr, "\n") != 1 {
				t.Errorf("restore of a file that is %s = %d %s, want one line with %q", name, got.code, got.stderr, c.word)
			}
			if left, err := os.ReadDir(dir); err == nil && (len(left) > 0 || dir != empty) {
				t.Errorf("restore of a file that is %s left %v", name, left)
			}
		}
	}
	for range rounds(t, 4) {
		cmd := exec.Command(program, "restore", file, "--data", empty)
		cmd.Env = environ(t)
		tie(cmd)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(150)) * time.Millisecond) // any moment will do
		_ = cmd.Process.Kill()                                    // it may have ended
		_ = cmd.Wait()
		if _, err := os.Stat(filepath.Join(empty, "log")); err == nil {
			break // it was through
		}
	}
	if _, err := os.Stat(filepath.Join(empty, "log")); err != nil {
		succeeds(t, "restore", file, "--data", empty)
	}
	succeeds(t, "verify", "--data", empty)
}

// flipped turns one bit.
func flipped(content []byte, bit int) []byte {
	altered := bytes.Clone(content)
	altered[bit/8] ^= 1 << (bit % 8)
	return altered
}
