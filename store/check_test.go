package store_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"rollcall/store"
)

// TestCheckFindsDamage breaks one thing at a time behind the store's back.
func TestCheckFindsDamage(t *testing.T) {
	// first changes the first entry of a bucket.
	first := func(bucket string, change func(b *bbolt.Bucket, k, v []byte) error) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucket))
			k, v := b.Cursor().First()
			return change(b, bytes.Clone(k), bytes.Clone(v))
		}
	}
	remove := func(b *bbolt.Bucket, k, _ []byte) error { return b.Delete(k) }
	cut := func(b *bbolt.Bucket, k, v []byte) error { return b.Put(k, v[:len(v)-1]) }
	move := func(b *bbolt.Bucket, k, v []byte) error {
		return errors.Join(b.Delete(k), b.Put(append(k, 'x'), v))
	}
	for name, damage := range map[string]func(*bbolt.Tx) error{
		"a day of punches is lost":   first("punches", remove),
		"a day of punches is cut":    first("punches", cut),
		"a fact is lost":             first("facts", remove),
		"a fact is cut":              first("facts", cut),
		"an index entry is lost":     first("dates", remove),
		"an index entry is moved":    first("dates", move),
		"a conflict is lost":         first("conflicts", remove),
		"a conflict of nothing":      first("conflicts", move),
		"a dead letter is lost":      first("dead", remove),
		"a dead letter is cut":       first("dead", cut),
		"a key is not one of ours":   func(tx *bbolt.Tx) error { return tx.Bucket([]byte("facts")).Put([]byte("x"), []byte("y")) },
		"applied is lost":            func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("applied")) },
		"a counter is off":           func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Delete([]byte("count\x00punch")) },
		"punches are not sorted":     first("punches", func(b *bbolt.Bucket, k, v []byte) error { return b.Put(k, append(v, v[len(v)-4:]...)) }),
		"a span says something else": first("dates", func(b *bbolt.Bucket, k, v []byte) error { return b.Put(k, []byte{9, 9, 9, 9}) }),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := store.Open(dir, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Apply(goldenBatch(t)); err != nil {
				t.Fatal(err)
			}
			check(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := bbolt.Open(filepath.Join(dir, store.FileName), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(db.Update(damage), db.Close()); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("Open = %v, want ErrCorrupt", err)
			}
			if err := store.Reseal(filepath.Join(dir, store.FileName)); err != nil {
				t.Fatal(err)
			}
			s, err = store.Open(dir, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			err = errors.Join(s.CheckPages(), s.View(func(v *store.View) error { return v.Check(t.Context()) }))
			if !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("Check = %v, want ErrCorrupt", err)
			}
		})
	}
}

// TestReadsOfDamageAreErrors: no question gets a partial answer.
func TestReadsOfDamageAreErrors(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Apply(goldenBatch(t)), s.Close()); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(filepath.Join(dir, store.FileName), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("facts"))
		k, v := b.Cursor().First()
		return b.Put(bytes.Clone(k), bytes.Clone(v[:len(v)-1]))
	})
	if err := errors.Join(err, db.Close(), store.Reseal(filepath.Join(dir, store.FileName))); err != nil {
		t.Fatal(err)
	}
	s, err = store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	view(t, s, func(v *store.View) {
		if _, err := v.Facts("demo", day("2020-11-01"), day("2020-11-30")); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("Facts = %v, want ErrCorrupt", err)
		}
		if _, _, err := v.Find("demo/leave/c/l1"); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("Find = %v, want ErrCorrupt", err)
		}
		var last error
		for _, err := range v.Export("demo") {
			last = err
		}
		if !errors.Is(last, store.ErrCorrupt) {
			t.Errorf("Export ends with %v, want ErrCorrupt", last)
		}
	})
}
