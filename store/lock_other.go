//go:build !unix

package store

// One daemon a store, on systems without flock.

import "os"

// tryLock relies on the store file's own lock, which bbolt takes on every system.
func tryLock(*os.File) (taken bool, err error) { return true, nil }
