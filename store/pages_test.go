package store_test

// Damage that bbolt does not see: bits that flip anywhere in the file.

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rollcall/hall"
	"rollcall/store"
)

// largeFile is a store with branch pages and free pages, without the space that
// bbolt sets aside behind them. kinds says what each page is, contents what the
// store holds after each of its transactions, by sequence.
func largeFile(t *testing.T) (file []byte, kinds []string, contents map[uint64][32]byte) {
	t.Helper()
	contents = map[uint64][32]byte{}
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(goldenBatch(t)); err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(3) {
		applied, err := s.Applied()
		if err != nil {
			t.Fatal(err)
		}
		applied.Sequence++
		events := sample(t, seed)
		for i := range 200 {
			at := time.Date(2020, 11, 1+i%28, 8, i%60, 0, 0, time.UTC).Format(time.RFC3339)
			events = append(events, event(t, hall.KindPunch, "T1", `{"person":"`+string(rune('a'+i%26))+`","time":"`+at+`"}`))
		}
		if err := s.Apply(store.BatchOf(applied, events...)); err != nil {
			t.Fatal(err)
		}
		contents[applied.Sequence] = digest(t, s)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file, err = os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(filepath.Join(dir, store.FileName), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		for id := 0; ; id++ {
			info, err := tx.Page(id)
			if err != nil || info == nil {
				return err
			}
			kinds = append(kinds, info.Type)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return file[:len(kinds)*os.Getpagesize()], kinds, contents
}

// opened opens a file with other content, in a folder of its own.
func opened(t *testing.T, file []byte) (*store.Store, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.FileName), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return store.Open(dir, store.Options{NoSync: true})
}

// TestBitFlips: a store with a flipped bit is refused, or it has every record and
// can be written. A flip in the later meta page leaves the transaction before.
func TestBitFlips(t *testing.T) {
	file, _, want := largeFile(t)
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d, %d bytes", seed, len(file))
	refused, total := 0, 600
	if testing.Short() {
		total = 100
	}
	for range total {
		bit := r.IntN(8 * len(file))
		flipped := bytes.Clone(file)
		flipped[bit/8] ^= 1 << (bit % 8)
		s, err := opened(t, flipped)
		if err != nil {
			refused++
			newer := &store.SchemaError{}
			if !errors.Is(err, store.ErrCorrupt) && !errors.Is(err, store.ErrForeign) && !errors.As(err, &newer) {
				t.Errorf("bit %d: Open = %v, want a word about the file", bit, err)
			}
			continue
		}
		view(t, s, func(v *store.View) {
			if v.Digest() != want[v.Applied().Sequence] {
				t.Errorf("bit %d: another content, and nobody was told", bit)
			}
		})
		apply(t, s, sample(t, 9)...)
		check(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d of %d refused", refused, total)
	if refused < total/5 {
		t.Errorf("%d of %d flips were refused: most of the file is records", refused, total)
	}
}

// TestDamagedPages breaks what holds the pages together, one thing at a time.
func TestDamagedPages(t *testing.T) {
	file, kinds, want := largeFile(t)
	size := os.Getpagesize()
	number := binary.NativeEndian
	page := func(f []byte, kind string) []byte {
		at := slices.Index(kinds, kind)
		if at < 0 {
			t.Fatalf("no page of kind %s", kind)
		}
		return f[at*size : (at+1)*size]
	}
	for name, damage := range map[string]func(f []byte){
		"a branch leads to itself":        func(f []byte) { p := page(f, "branch"); number.PutUint64(p[24:], number.Uint64(p)) },
		"a branch leads outside":          func(f []byte) { number.PutUint64(page(f, "branch")[24:], 1<<40) },
		"a branch leads into a meta page": func(f []byte) { number.PutUint64(page(f, "branch")[24:], 1) },
		"two branches lead to one page":   func(f []byte) { p := page(f, "branch"); copy(p[24:32], p[40:48]) },
		"a key lies far away":             func(f []byte) { number.PutUint32(page(f, "branch")[16:], 1<<31) },
		"a branch key is smaller than its page": func(f []byte) {
			p := page(f, "branch")
			p[32+number.Uint32(p[32:])+number.Uint32(p[36:])-1]--
		},
		"a branch has too many elements": func(f []byte) { number.PutUint16(page(f, "branch")[10:], 60_000) },
		"a leaf lost its end":            func(f []byte) { p := page(f, "leaf"); number.PutUint16(p[10:], number.Uint16(p[10:])-1) },
		"a value is endless":             func(f []byte) { number.PutUint32(page(f, "leaf")[16+12:], 1<<32-1) },
		"a page is endless":              func(f []byte) { number.PutUint32(page(f, "leaf")[12:], 1<<32-1) },
		"a used page is free":            func(f []byte) { number.PutUint64(page(f, "freelist")[16:], number.Uint64(page(f, "leaf"))) },
		"a free page is outside":         func(f []byte) { number.PutUint64(page(f, "freelist")[16:], 1<<40) },
		"a free page is missing":         func(f []byte) { p := page(f, "freelist"); number.PutUint16(p[10:], number.Uint16(p[10:])-1) },
		"the free pages are no list":     func(f []byte) { number.PutUint16(page(f, "freelist")[8:], 2) },
		"no meta page is sound":          func(f []byte) { clear(f[:size]); clear(f[size : 2*size]) },
	} {
		t.Run(name, func(t *testing.T) {
			f := bytes.Clone(file)
			damage(f)
			if _, err := opened(t, f); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("Open = %v, want ErrCorrupt", err)
			}
		})
	}
	t.Run("one meta page is bad", func(t *testing.T) {
		for at := range 2 {
			f := bytes.Clone(file)
			clear(f[at*size : (at+1)*size])
			s, err := opened(t, f)
			if err != nil {
				t.Fatalf("Open = %v, want the last transaction or the one before", err)
			}
			check(t, s)
			view(t, s, func(v *store.View) {
				if v.Digest() != want[v.Applied().Sequence] {
					t.Errorf("without meta page %d: another content at %d", at, v.Applied().Sequence)
				}
			})
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// BenchmarkOpen reads a store of a million punches whole.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s, err := store.Open(dir, store.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	for day := range 10 {
		events := make([]hall.Event, 0, 100_000)
		for i := range cap(events) {
			at := time.Date(2020, 11, 1+day, 1+i%4*3, i%60, i%59, 0, time.UTC).Format(time.RFC3339)
			events = append(events, eventOf(b, hall.ID(fmt.Sprint("hall", i%200)), hall.KindPunch, "T1", fmt.Sprintf(`{"id":"T1-%06d","person":"%d","time":"%s"}`, i, i/4, at)))
		}
		apply(b, s, events...)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	file, err := os.Stat(filepath.Join(dir, store.FileName))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(file.Size())
	for b.Loop() {
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzOpen: whatever a file holds, it is opened or refused, and what is opened
// is sound.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	small, err := os.ReadFile(filepath.Join(dir, store.FileName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(0, []byte{})
	f.Add(8, []byte{4, 0, 1})
	f.Add(4*os.Getpagesize()+8, []byte{1, 0, 1})
	f.Fuzz(func(t *testing.T, at int, patch []byte) {
		file := bytes.Clone(small)
		if at >= 0 && at < len(file) {
			copy(file[at:], patch)
		}
		s, err := opened(t, file)
		if err != nil {
			return
		}
		check(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
