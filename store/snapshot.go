package store

// A copy of the store, for whoever reads long.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Snapshot copies the store as it is now into a directory that it makes, and opens the
// copy for reading. A view keeps every page that it may still read from being used
// again, so that the file grows while somebody reads long; a copy takes no longer than
// the disk needs. Close it with CloseAndRemove.
func (s *Store) Snapshot(dir string) (_ *Store, err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("copy the store: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	path := filepath.Join(dir, FileName)
	if err := s.View(func(v *View) error { return v.copyTo(path) }); err != nil {
		return nil, err
	}
	db, err := openMapped(path, Options{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("open the copy of the store: %w", err)
	}
	return &Store{db: db, log: s.log}, nil
}

func (v *View) copyTo(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	err = errors.Join(v.Backup(file), file.Close())
	if noSpace(err) {
		return fmt.Errorf("%w (%w)", ErrNoSpace, err)
	}
	return err
}

// CloseAndRemove closes the store and removes its directory: it was a copy.
func (s *Store) CloseAndRemove() error {
	dir := filepath.Dir(s.db.Path())
	return errors.Join(s.Close(), os.RemoveAll(dir))
}
