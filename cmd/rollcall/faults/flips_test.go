package faults_test

// Bits that flip on the disk.

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rollcall/store"
)

// TestBitFlips flips a bit of the store or of the log, after a stop and after a
// kill. The daemon shows the same lists, or none: it says what is wrong and refuses
// to start or stands still.
func TestBitFlips(t *testing.T) {
	r := chances(t)
	outcomes := map[string]int{}
	for _, end := range []string{"stop", "kill"} {
		d, want := loaded(t)
		if end == "stop" {
			d.stop()
		}
		d.kill()
		logs := filesBelow(t, filepath.Join(d.dir, "log"))
		for i := range rounds(t, 8) {
			dir := filepath.Join(t.TempDir(), "data")
			copyTree(t, d.dir, dir)
			where := filepath.Join(dir, store.FileName)
			if i%2 == 0 {
				where = filepath.Join(dir, "log", logs[r.IntN(len(logs))])
			}
			bit := flip(t, r, where)
			name := fmt.Sprintf("%s, bit %d of %s", end, bit, strings.TrimPrefix(where, dir))
			outcomes[afterFlip(t, name, dir, want)]++
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%v", outcomes)
}

// filesBelow are the files with some content, by relative names.
func filesBelow(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Size() > 0 {
			names = append(names, strings.TrimPrefix(path, dir))
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("files of %s: %v, %v", dir, names, err)
	}
	return names
}

func flip(t *testing.T, r *rand.Rand, path string) (bit int) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := len(content)
	if filepath.Base(path) == store.FileName {
		size = pagesOf(t, path) * os.Getpagesize() // behind them is room and nothing else
	}
	bit = r.IntN(8 * size)
	content[bit/8] ^= 1 << (bit % 8)
	write(t, path, content)
	return bit
}

func pagesOf(t *testing.T, path string) (n int) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		n = int(tx.Size()) / os.Getpagesize()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// afterFlip returns what the daemon did.
func afterFlip(t *testing.T, name, dir string, want lists) string {
	t.Helper()
	d := launch(t, dir)
	defer d.kill()
	select {
	case <-d.out.seen:
		d.addresses()
	case <-d.exited:
		if d.code() != 1 || strings.Contains(d.log.String(), "panic") {
			t.Errorf("%s: the daemon ended with %d, want 1 and a reason", name, d.code())
		}
		return "refused"
	case <-time.After(patience):
		t.Fatalf("%s: the daemon neither listens nor ends", name)
	}
	halted := false
	d.eventually("is ready or stands still", func() error {
		st, err := d.status()
		if err != nil {
			return err
		}
		halted = st.Halted != nil
		if halted {
			return nil
		}
		return d.answers("/readyz", http.StatusOK)
	})
	if halted {
		if status, body := d.get("/api/v1/halls/demo/months/" + theMonth); status != http.StatusServiceUnavailable {
			t.Errorf("%s: GET of a month while it stands still = %d %.200s", name, status, body)
		}
		return "halted"
	}
	same(t, name, d.lists(), want)
	// Both find out in the log, if it is that; neither makes another list of it.
	command(t, "verify", "--server", d.url)
	command(t, "rebuild", "--server", d.url)
	same(t, name+", after rebuild", d.lists(), want)
	if strings.Contains(d.log.String(), "moved aside") {
		return "rebuilt"
	}
	return "same"
}
