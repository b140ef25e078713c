package faults_test

// Stores that are lost, damaged or of somebody else.

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rollcall/store"
)

// loaded starts a daemon on a new directory with a month in it.
func loaded(t *testing.T) (d *daemon, want lists) {
	t.Helper()
	d = start(t, t.TempDir())
	d.load(someMonth(t, 80))
	return d, d.lists()
}

func TestStoreDeleted(t *testing.T) {
	d, want := loaded(t)
	d.stop()
	if err := os.Remove(filepath.Join(d.dir, store.FileName)); err != nil {
		t.Fatal(err)
	}
	d = start(t, d.dir)
	same(t, "after the store was deleted", d.lists(), want)
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}

// TestRebuild asks a running daemon, and then works on the directory alone.
func TestRebuild(t *testing.T) {
	d, want := loaded(t)
	for range 2 {
		if out := succeeds(t, "rebuild", "--data", d.dir); !strings.Contains(out, "up to event 105") {
			t.Errorf("rebuild says %q", out)
		}
		same(t, "after rebuild", d.lists(), want)
	}
	d.load(someMonth(t, 90)[105:])
	d.stop()
	if out := succeeds(t, "rebuild", "--data", d.dir); !strings.Contains(out, "up to event 115") {
		t.Errorf("rebuild without a daemon says %q", out)
	}
	if out := succeeds(t, "verify", "--data", d.dir); !strings.Contains(out, "up to event 115") {
		t.Errorf("verify without a daemon says %q", out)
	}
}

// TestKilledWhileRebuilding: whatever a rebuild has done when it is killed, the
// lists are the same.
func TestKilledWhileRebuilding(t *testing.T) {
	r := chances(t)
	d, want := loaded(t)
	for range rounds(t, 4) {
		var rebuilding sync.WaitGroup
		rebuilding.Go(func() { command(t, "rebuild", "--server", d.url) })
		time.Sleep(time.Duration(r.IntN(120)) * time.Millisecond)
		d.kill()
		rebuilding.Wait()
		d = start(t, d.dir)
		same(t, "after a kill while rebuilding", d.lists(), want)
		if t.Failed() {
			return
		}
	}
	succeeds(t, "rebuild", "--server", d.url)
	same(t, "after a rebuild", d.lists(), want)
	d.stop()
}

// TestBadStore: a damaged file is moved aside and folded anew, aloud; what is no
// store of rollcall is not touched.
func TestBadStore(t *testing.T) {
	d, want := loaded(t)
	d.stop()
	path := filepath.Join(d.dir, store.FileName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	noMeta := bytes.Clone(good)
	clear(noMeta[:2*os.Getpagesize()])
	for name, content := range map[string][]byte{
		"no meta page": noMeta, "zeros": make([]byte, 64<<10), "text": bytes.Repeat([]byte("no store at all\n"), 1000), "cut": good[:20<<10], "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, path, content)
			d := start(t, d.dir)
			same(t, "after a store of "+name, d.lists(), want)
			succeeds(t, "verify", "--server", d.url)
			d.stop()
			aside, err := filepath.Glob(path + ".damaged-*")
			if err != nil {
				t.Fatal(err)
			}
			if name == "empty" {
				return // a new file, nothing to keep
			}
			if !strings.Contains(d.log.String(), "moved aside") || len(aside) != 1 {
				t.Errorf("the daemon kept %q and did not say that it moved the store aside", aside)
			}
			for _, file := range aside {
				remove(t, file)
			}
		})
	}
	t.Run("one meta page", func(t *testing.T) { // one transaction less, folded again
		for page := range 2 {
			content := bytes.Clone(good)
			clear(content[page*os.Getpagesize() : (page+1)*os.Getpagesize()])
			write(t, path, content)
			d := start(t, d.dir)
			same(t, "after a meta page was lost", d.lists(), want)
			succeeds(t, "verify", "--server", d.url)
			d.stop()
			if strings.Contains(d.log.String(), "moved aside") {
				t.Error("the store was rebuilt because of one meta page")
			}
		}
	})
	t.Run("foreign", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("others")); return err }); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		refuses(t, d.dir, "no store of rollcall", "move it away")
		if err := os.Remove(path); err != nil { // as it was told
			t.Fatal(err)
		}
		d := start(t, d.dir)
		same(t, "after a foreign store was moved away", d.lists(), want)
		d.stop()
	})
	t.Run("newer", func(t *testing.T) {
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte("meta")).Put([]byte("schema"), []byte(`{"version":99,"writer":"rollcall 99"}`))
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		refuses(t, d.dir, "schema 99, made by rollcall 99", "rollcall rebuild")
	})
}

// refuses wants a daemon that does not start and says why in one line.
func refuses(t *testing.T, dir string, words ...string) {
	t.Helper()
	r := command(t, "serve", "--data", dir, "--http", "127.0.0.1:0", "--bus", "127.0.0.1:0", "--log-level", "error")
	if r.code != 1 || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("serve = %d %s, want 1 and one line", r.code, r.stderr)
	}
	for _, word := range words {
		if !strings.Contains(r.stderr, word) {
			t.Errorf("serve says %q, which lacks %q", r.stderr, word)
		}
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyUnderLoad: a sound store is called sound while events are written
// into it, and the daemon lives.
func TestVerifyUnderLoad(t *testing.T) {
	r := chances(t)
	j := newJournal()
	d := start(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var publishing sync.WaitGroup
	all := publishers(r, j)
	publishing.Go(func() { publish(ctx, t, all, d, false) })
	for range rounds(t, 15) {
		if got := command(t, "verify", "--server", d.url); got.code != 0 {
			t.Errorf("verify = %d %s%s", got.code, got.out, got.stderr)
		}
	}
	cancel()
	publishing.Wait()
	d.stop()
}
