package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/store"
)

func TestSecondLockNamesTheFirst(t *testing.T) {
	dir := t.TempDir()
	if _, held, err := store.HeldBy(dir); held || err != nil {
		t.Errorf("HeldBy of an empty directory = %t, %v", held, err)
	}
	who := store.Holder{PID: 4711, Command: "rollcall serve", Since: time.Date(2020, 11, 3, 8, 0, 0, 0, time.UTC)}
	lock, err := store.Lock(dir, who)
	if err != nil {
		t.Fatal(err)
	}
	who.Address = "127.0.0.1:8080"
	if err := lock.SetAddress(who.Address); err != nil {
		t.Fatal(err)
	}
	_, err = store.Lock(dir, store.Holder{PID: 1})
	locked, ok := errors.AsType[*store.LockedError](err)
	if !ok {
		t.Fatalf("second Lock = %v, want a LockedError", err)
	}
	if diff := cmp.Diff(who, locked.Holder); diff != "" {
		t.Errorf("the holder: %s", diff)
	}
	for _, part := range []string{"4711", "rollcall serve", "127.0.0.1:8080", "2020-11-03T08:00:00Z"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name %s", err, part)
		}
	}
	if got, held, err := store.HeldBy(dir); !held || err != nil || got != who {
		t.Errorf("HeldBy = %+v, %t, %v", got, held, err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, held, err := store.HeldBy(dir); held || err != nil {
		t.Errorf("HeldBy after Unlock = %t, %v", held, err)
	}
	if lock, err = store.Lock(dir, who); err != nil {
		t.Fatal(err)
	}
	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}

// TestHolderIsNeverUnknown: while the holder writes where it can be asked, whoever reads the
// lock finds it named.
func TestHolderIsNeverUnknown(t *testing.T) {
	dir := t.TempDir()
	lock, err := store.Lock(dir, store.Holder{PID: 4711, Command: "rollcall serve"})
	if err != nil {
		t.Fatal(err)
	}
	var writer sync.WaitGroup
	done := make(chan struct{})
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			if err := lock.SetAddress(strings.Repeat("x", i%100)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 2000 {
		if who, held, err := store.HeldBy(dir); !held || err != nil || who.PID != 4711 {
			t.Errorf("HeldBy = %+v, %t, %v", who, held, err)
			break
		}
	}
	close(done)
	writer.Wait()
	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}
