package ingest_test

// The disk of a simulation: slow, and as it is when a process is killed or the
// power goes in the middle of a transaction.

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"rollcall/ingest"
	"rollcall/store"
)

// killer ends a life at one of its transactions, as kill -9 and a loss of power
// do: what goes on is the file as it was at that instant.
type killer struct {
	s      *simulation
	life   *life
	at     int                         // the transaction, from 1 on; 0: nobody is killed
	slow   time.Duration               // how long the disk takes at most
	r      *rand.Rand                  // owned by the writer
	killed chan struct{}               // closed at the instant
	fold   atomic.Pointer[ingest.Fold] // nil in its first moments

	count         int
	before, after []byte // the file around the transaction
}

func newKiller(s *simulation, l *life) *killer {
	k := &killer{s: s, life: l, r: rand.New(rand.NewPCG(s.seed, uint64(2000+s.lives))), killed: make(chan struct{})}
	if s.r.IntN(2) == 0 {
		k.at = 1 + s.r.IntN(5)
	}
	if s.r.IntN(3) == 0 {
		k.slow = time.Duration(1+s.r.IntN(3000)) * time.Millisecond
	}
	return k
}

// committing is called by the writer before each transaction.
func (k *killer) committing() {
	if k.slow > 0 {
		time.Sleep(time.Duration(k.r.Int64N(int64(k.slow))))
	}
	if fold := k.fold.Load(); fold != nil {
		applied, err := k.life.file.Applied()
		if st := fold.Status(); err != nil || st.Applied != applied {
			k.s.t.Errorf("life %d: memory is at %d, the disk at %d (%v)", k.s.lives, st.Applied.Sequence, applied.Sequence, err)
		}
	}
	k.count++
	switch {
	case k.count == k.at:
		k.before = image(k.s.t, k.s.dir)
		close(k.killed)
	case k.count == k.at+1 && k.at > 0:
		k.after = image(k.s.t, k.s.dir)
	}
}

// bury leaves what the disk had when the process was killed, if it was.
func (k *killer) bury() {
	if k.before == nil {
		return
	}
	if k.after == nil {
		k.after = image(k.s.t, k.s.dir)
	}
	k.s.dir = k.s.t.TempDir()
	if err := os.WriteFile(filepath.Join(k.s.dir, store.FileName), torn(k.s.r, k.before, k.after), 0o600); err != nil {
		k.s.t.Fatal(err)
	}
}

// image is the file without the space that was set aside behind its last page.
func image(t *testing.T, dir string) []byte {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	end := 0 // as the meta pages say
	for page := range 2 {
		head := make([]byte, 64)
		if _, err := file.ReadAt(head, int64(page*pageSize)); err != nil {
			t.Fatal(err)
		}
		end = max(end, int(binary.NativeEndian.Uint64(head[56:])))
	}
	content := make([]byte, end*pageSize)
	if _, err := file.ReadAt(content, 0); err != nil {
		t.Fatal(err)
	}
	return content
}

// pageSize is that of bbolt, which takes the machine's.
var pageSize = os.Getpagesize()

// torn is what is left of a transaction: nothing, some of its pages, all but the
// meta page that makes them count, half of that one, or everything. bbolt syncs
// the pages before it writes the meta page, so no other mixture can be.
func torn(r *rand.Rand, before, after []byte) []byte {
	file := append(slices.Clone(before), make([]byte, max(0, len(after)-len(before)))...)
	put := func(page, from, until int) { copy(file[page+from:page+until], after[page+from:page+until]) }
	how := r.IntN(5)
	if how == 0 {
		return before
	}
	for page := 2 * pageSize; page < len(after); page += pageSize {
		if how > 1 || r.IntN(2) == 0 {
			put(page, 0, pageSize)
		}
	}
	switch how {
	case 3:
		cut := 20 + r.IntN(50) // inside the meta page's 64 bytes
		put(0, 0, cut)
		put(pageSize, 0, cut)
	case 4:
		put(0, 0, pageSize)
		put(pageSize, 0, pageSize)
	}
	return file
}
