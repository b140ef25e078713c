package store_test

// The file: its schema, and files that are refused.

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"rollcall/hall"
	"rollcall/store"
)

var update = flag.Bool("update", false, "rewrite expected output; never for a schema that was released")

// goldenEvents have something for every bucket and every form of value.
func goldenEvents(t *testing.T) []hall.Event {
	return []hall.Event{
		event(t, hall.KindPunch, "T1", `{"id":"T1-000001","person":"1001","time":"2020-11-03T08:21:07+08:00","method":"face"}`),
		event(t, hall.KindPunch, "T2", `{"id":"T2-000009","person":"1001","time":"2020-11-03T12:01:00+08:00","method":"palm","direction":"out","terminal":"T9","seq":{"n":1},"received_at":"2020-11-03T12:01:05+08:00"}`),
		event(t, hall.KindPunch, "T1", `{"person":"1001","time":"2020-11-03T18:00:00+08:00","direction":"through"}`),
		event(t, hall.KindLeave, "c", `{"id":"l1","time":"2020-11-01T00:00:00Z","person":"1001","kind":"sick","from":"2020-11-03","until":"2020-11-04","odd":[1,2.50]}`),
		event(t, hall.KindLeave, "c", `{"id":"l1","time":"2020-11-01T00:00:00Z","person":"1001","kind":"sick","from":"2020-11-03","until":"2020-11-05"}`),
		event(t, hall.KindPatrol, "I1", `{"time":"2020-11-03T10:00:00+08:00","inspector":"I1","kind":"clear"}`),
		event(t, hall.KindTerminal, "T1", `{"id":"hb","time":"2020-11-03T10:00:00+08:00","terminal":"T1","state":"alive","complete_until":"2020-11-03T09:59:00+08:00"}`),
		event(t, hall.KindText, "c", `{"id":"t","time":"2020-11-30T10:00:00+08:00","month":"2020-11","section":"本月重点","items":["a"]}`),
		event(t, hall.KindRoster, "c", `{"id":"r","time":"2020-01-01T00:00:00Z","person":"1001","name":"甲","window":"w01","class":"resident","from":"2020-01-01"}`),
		sealEvent(t, "2020-11", 1, "office"),
	}
}

func goldenBatch(t *testing.T) *store.Batch {
	batch := store.BatchOf(store.Applied{Sequence: 11, Hash: [32]byte{1, 2, 31: 3}, Time: 1604361600,
		Created: time.Date(2020, 11, 1, 2, 3, 4, 567, time.UTC)}, goldenEvents(t)...)
	batch.AddDead(store.Dead{Sequence: 3, Subject: "rollcall.demo.punch.T1", Field: "time", Reason: "no offset"})
	batch.AddDead(store.Dead{Sequence: 4, Reason: "no JSON"})
	return batch
}

// dump writes a file as lines of bucket, key and value in hex.
func dump(t *testing.T, path string) string {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var b strings.Builder
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(k, v []byte) error {
				fmt.Fprintf(&b, "%s %x %x\n", name, k, v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// undump makes a file of what dump wrote.
func undump(t *testing.T, text, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range words("punches facts dates conflicts dead meta") {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		for line := range strings.Lines(text) {
			parts := strings.Split(strings.TrimSuffix(line, "\n"), " ")
			key, err := hex.DecodeString(parts[1])
			if err != nil {
				return err
			}
			value, err := hex.DecodeString(parts[2])
			if err != nil {
				return err
			}
			if err := tx.Bucket([]byte(parts[0])).Put(key, value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSchema proves that this program writes the schema it says, and reads it.
func TestSchema(t *testing.T) {
	golden := filepath.Join("testdata", fmt.Sprintf("schema-%d.hex", store.SchemaVersion))
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{Writer: "rollcall 0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	batch := goldenBatch(t)
	if err := s.Apply(batch); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	written := dump(t, filepath.Join(dir, store.FileName))
	if *update {
		if err := os.WriteFile(golden, []byte(written), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), written); diff != "" {
		t.Errorf("the records have changed without a new schema version: %s", diff)
	}

	old := t.TempDir()
	undump(t, string(want), filepath.Join(old, store.FileName))
	s, err = store.Open(old, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	check(t, s)
	view(t, s, func(v *store.View) {
		if v.Applied() != batch.Applied {
			t.Errorf("Applied = %+v, want %+v", v.Applied(), batch.Applied)
		}
		facts, err := v.Facts("demo", day("2020-11-01"), day("2020-11-30"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(*goldenEvents(t)[1].Fact.(*hall.Punch), facts.Punches[1]); diff != "" {
			t.Errorf("the second punch: %s", diff)
		}
		if len(facts.Punches) != 3 || len(facts.Leaves) != 1 || len(facts.Terminals) != 1 || len(facts.Conflicts) != 1 {
			t.Errorf("facts are missing: %+v", facts)
		}
	})
}

// TestOlderSchemaIsRefused: what an older program made is not damaged.
func TestOlderSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	undump(t, fmt.Sprintf("meta %x %x\n", "schema", `{"version":1,"writer":"rollcall 0.0.9"}`), filepath.Join(dir, store.FileName))
	_, err := store.Open(dir, store.Options{})
	if !errors.Is(err, store.ErrOlder) || errors.Is(err, store.ErrCorrupt) {
		t.Fatalf("Open = %v, want ErrOlder", err)
	}
	for _, part := range []string{"schema 1", "rollcall 0.0.9", "rollcall rebuild"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the message %q does not name %q", err, part)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	undump(t, fmt.Sprintf("meta %x %x\n", "schema", `{"version":99,"writer":"rollcall 9.9"}`), filepath.Join(dir, store.FileName))
	_, err := store.Open(dir, store.Options{})
	newer, ok := errors.AsType[*store.SchemaError](err)
	if !ok || newer.Found != 99 || newer.Writer != "rollcall 9.9" {
		t.Fatalf("Open = %v, want a SchemaError", err)
	}
	for _, part := range []string{"schema 99", "rollcall 9.9", "rollcall rebuild"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the message %q does not name %q", err, part)
		}
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	whole := func() []byte {
		dir := t.TempDir()
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		apply(t, s, sample(t, 1)...)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(filepath.Join(dir, store.FileName))
		if err != nil {
			t.Fatal(err)
		}
		return file
	}()
	page := os.Getpagesize()
	noMeta := bytes.Clone(whole)
	clear(noMeta[:2*page])
	for name, test := range map[string]struct {
		file []byte
		want error
	}{
		"text":           {bytes.Repeat([]byte("punch,person\n"), 4000), store.ErrCorrupt},
		"short text":     {[]byte("x"), store.ErrCorrupt},
		"under a page":   {bytes.Repeat([]byte("x"), 3000), store.ErrCorrupt},
		"cut":            {whole[:4*page], store.ErrCorrupt},
		"no meta pages":  {noMeta, store.ErrCorrupt},
		"bad page":       {func() []byte { f := bytes.Clone(whole); clear(f[2*page:]); return f }(), store.ErrCorrupt},
		"another schema": {nil, store.ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, store.FileName)
			if test.file == nil {
				db, err := bbolt.Open(path, 0o600, nil)
				if err != nil {
					t.Fatal(err)
				}
				err = db.Update(func(tx *bbolt.Tx) error {
					_, err := tx.CreateBucket([]byte("theirs"))
					return err
				})
				if err = errors.Join(err, db.Close()); err != nil {
					t.Fatal(err)
				}
			} else if err := os.WriteFile(path, test.file, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(dir, store.Options{})
			if !errors.Is(err, test.want) {
				t.Fatalf("Open = %v, want %v", err, test.want)
			}
			if test.file != nil && !strings.Contains(err.Error(), "rollcall rebuild") {
				t.Errorf("%q does not say what to do", err)
			}
		})
	}
}

func TestFileIsPrivateAndHeldOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	if _, err := store.Open(dir, store.Options{ReadOnly: true}); err == nil {
		t.Error("Open of nothing for reading succeeded")
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	file, err := os.Stat(filepath.Join(dir, store.FileName))
	if err != nil || file.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", file.Mode(), err)
	}
	if _, err := store.Open(dir, store.Options{}); !errors.Is(err, store.ErrBusy) {
		t.Errorf("second Open = %v, want ErrBusy", err)
	}
}
