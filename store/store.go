package store

// The file: opening it, telling it from others, closing it.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// FileName is the store's name inside its directory.
const FileName = "rollcall.db"

// schemaVersion is that of the keys and records of this program.
const schemaVersion = 3

// What can be wrong with a store. Test with errors.Is.
var (
	// ErrCorrupt: the file, or something in it, cannot be read.
	ErrCorrupt = errors.New("the store is damaged: move it away and run `rollcall rebuild`, which folds the log anew")
	// ErrOlder: an older program made the file, with a schema that this one does
	// not read: the log says it all.
	ErrOlder = errors.New("an older program made the store: move it away and run `rollcall rebuild`, which folds the log anew")
	// ErrForeign: the file is no store of rollcall.
	ErrForeign = errors.New("this is no store of rollcall: move it away, or choose another --data directory")
	// ErrBusy: another process has the file open.
	ErrBusy = errors.New("another process has the store open: ask that one, or stop it first")
	// ErrNoSpace: a batch did not fit. Nothing of it was written; the same batch
	// can be applied again once there is space.
	ErrNoSpace = errors.New("no space left on the disk of the store: make space, the fold goes on by itself")
)

// SchemaError is a store that a newer program has written.
type SchemaError struct {
	Path   string
	Found  int    // version of the file
	Known  int    // newest version that this program reads
	Writer string // program that made the file
}

func (e *SchemaError) Error() string {
	return fmt.Sprintf("%s has schema %d, made by %s, and this program knows up to %d: run that program or a newer one, "+
		"or move the file away and run `rollcall rebuild`", e.Path, e.Found, e.Writer, e.Known)
}

// Options say how to open a store. The zero value opens it for reading and
// writing with every commit synced.
type Options struct {
	Log *slog.Logger // nil: silent
	// ReadOnly opens an existing store for reading, beside other readers only.
	ReadOnly bool
	// NoSync leaves commits to the operating system until Sync. Only for a file
	// that is thrown away after a crash: a rebuild beside the old one, evaluate.
	NoSync bool
	// Writer names the program and its version in a new file.
	Writer string
}

// Store is an open file. Its methods may be called from several goroutines; one
// Apply runs at a time.
type Store struct {
	db      *bbolt.DB
	log     *slog.Logger
	scratch scratch // owned by Apply, inside its transaction
	shared  shared
}

// Open opens the store in dir, making both where they are missing. The caller
// holds the directory's lock (Lock). It reads the whole file, and refuses a damaged,
// a foreign, an older and a newer one and says what to do.
func Open(dir string, o Options) (*Store, error) {
	path := filepath.Join(dir, FileName)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Writer == "" {
		o.Writer = "rollcall"
	}
	if !o.ReadOnly {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the data directory: %w", err)
		}
	}
	db, found, err := open(path, o)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{db: db, log: o.Log}
	if err := s.checkSchema(o, found); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	s.log.Info("store opened", "path", path)
	return s, nil
}

// open opens the file after it was read page by page: bbolt maps it and trusts
// it. It returns what was found; nil in a file that is new.
func open(path string, o Options) (db *bbolt.DB, found *walk, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			db, err = nil, damaged("%v", r)
		}
	}()
	if found, err = checkFile(path); err != nil {
		return nil, nil, err
	}
	db, err = openMapped(path, o)
	return db, found, err
}

func openMapped(path string, o Options) (*bbolt.DB, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:         time.Second,
		ReadOnly:        o.ReadOnly,
		NoSync:          o.NoSync,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: 1 << 30, // address space only: a long reader never blocks growth
		NoStatistics:    true,
	})
	return db, openError(err)
}

// checkFile reads every page of a file while nobody writes it.
func checkFile(path string) (found *walk, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, ErrForeign
	case info.Size() == 0:
		return nil, nil
	}
	// This holds the lock of the file. Of its content it looks at the meta pages.
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, ReadOnly: true})
	if err != nil {
		return nil, openError(err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return walkPages(file, info.Size())
}

// openError puts bbolt's errors into our words.
func openError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bbolterrors.ErrTimeout):
		return ErrBusy
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrVersionMismatch),
		errors.Is(err, bbolterrors.ErrChecksum), errors.Is(err, bbolterrors.ErrInvalidMapping),
		strings.Contains(err.Error(), "file size too small"): // bbolt has no name for it
		return fmt.Errorf("%w (%w)", ErrCorrupt, err)
	case noSpace(err):
		return fmt.Errorf("%w (%w)", ErrNoSpace, err)
	}
	return err
}

// checkSchema reads the version of the file and holds its records against their
// sum, or makes the buckets of a new one.
func (s *Store) checkSchema(o Options, found *walk) error {
	var record schemaRecord
	empty := true
	err := s.db.View(func(tx *bbolt.Tx) error {
		first, _ := tx.Cursor().First()
		empty = first == nil
		meta := tx.Bucket(bucketMeta)
		if meta == nil {
			return nil
		}
		value := meta.Get(keySchema)
		if value == nil {
			return nil
		}
		if err := json.Unmarshal(value, &record); err != nil {
			return fmt.Errorf("%w (schema: %w)", ErrCorrupt, err)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case record.Version > schemaVersion:
		return &SchemaError{Path: s.db.Path(), Found: record.Version, Known: schemaVersion, Writer: record.Writer}
	case record.Version == schemaVersion:
		return errors.Join(s.checkBuckets(), found.checkSum())
	case record.Version > 0:
		return fmt.Errorf("%w (schema %d, made by %s)", ErrOlder, record.Version, record.Writer)
	case !empty:
		return ErrForeign
	case o.ReadOnly:
		return fmt.Errorf("%w (it is empty)", ErrForeign)
	}
	return s.create(o.Writer)
}

// checkBuckets refuses a file that has lost one of its buckets.
func (s *Store) checkBuckets() error {
	return s.db.View(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if tx.Bucket(name) == nil {
				return fmt.Errorf("%w (no bucket %s)", ErrCorrupt, name)
			}
		}
		return nil
	})
}

func (s *Store) create(writer string) error {
	value, err := encode(schemaRecord{Version: schemaVersion, Writer: writer})
	if err != nil {
		return err
	}
	return openError(s.db.Update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		return errors.Join(meta.Put(keySchema, value), meta.Put(keySum, sumOf(bucketMeta, keySchema, value).encode()))
	}))
}

// Path returns the path of the file.
func (s *Store) Path() string { return s.db.Path() }

// Sync makes everything durable that was applied with NoSync.
func (s *Store) Sync() error { return s.db.Sync() }

// Close waits for open views and closes the file.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close %s: %w", s.db.Path(), err)
	}
	return nil
}
