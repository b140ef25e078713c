package ingest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"rollcall/ingest"
	"rollcall/store"
)

// TestFullDiskHaltsUntilThereIsSpace fills a small file system of its own; it is
// skipped where nobody may mount one.
func TestFullDiskHaltsUntilThereIsSpace(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("cannot mount a tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	s, err := store.Open(filepath.Join(dir, "data"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()

	log := newScript(punch("demo", "first", "1", "08:30"))
	f := run(t, ingest.Options{Store: s, Source: log, Retry: 10 * time.Millisecond})
	f.wait(t, 1)
	before := digest(t, s)
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}

	for i := range 5000 {
		log.add(punch("demo", fmt.Sprint(i), fmt.Sprint(i), "12:00"))
	}
	err = f.Wait(t.Context(), 5001)
	halted, ok := errors.AsType[*ingest.Halted](err)
	if !ok || !halted.Disk || !errors.Is(err, store.ErrNoSpace) {
		t.Fatalf("Wait = %v, want a halt because of the disk", err)
	}
	if st := f.Status(); st.CaughtUp || st.Halted == nil {
		t.Errorf("Status = %+v, want halted", st)
	}
	if st := f.Status(); st.Applied.Sequence == 1 && digest(t, s) != before {
		t.Error("a batch that did not fit left something")
	}
	check(t, s)

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for f.Status().Halted != nil {
		time.Sleep(time.Millisecond) // Wait would not wait while it is halted
	}
	f.wait(t, 5001)
	check(t, s)
	if err := f.stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
}
