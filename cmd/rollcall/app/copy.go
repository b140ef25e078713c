package app

// Copies of the store, for whoever reads long.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"rollcall/store"
)

// copiesFolder is where copies are made; what a killed process left there is removed at
// the next start.
const copiesFolder = "copies"

// mostCopies is how many are there at a time: each takes as much space as the store.
const mostCopies = 2

// copies hands out copies of the store.
type copies struct {
	slots  chan struct{}
	number atomic.Uint64
}

func (e *engine) openCopies() error {
	e.copies.slots = make(chan struct{}, mostCopies)
	return os.RemoveAll(filepath.Join(e.dir, copiesFolder))
}

// Snapshot runs fn on a copy of the store as it is now, however long fn takes: nothing
// waits for it, and the store does not grow meanwhile. Where there is no room for a copy
// fn sees the store itself. At most two run at a time, others wait.
func (e *engine) Snapshot(ctx context.Context, fn func(*store.View) error) error {
	return e.snapshot(ctx, func(v *store.View, _ bool) error { return fn(v) })
}

// snapshot is Snapshot that tells fn whether it sees a copy.
func (e *engine) snapshot(ctx context.Context, fn func(v *store.View, copied bool) error) (err error) {
	select {
	case e.copies.slots <- struct{}{}:
		defer func() { <-e.copies.slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	c, err := e.copy()
	if errors.Is(err, errNoRoom) || errors.Is(err, store.ErrNoSpace) {
		e.log.Warn("no room for a copy of the store: it is read in place", "err", err)
		return e.View(func(v *store.View) error { return fn(v, false) })
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.CloseAndRemove()) }()
	return c.View(func(v *store.View) error { return fn(v, true) })
}

func (e *engine) copy() (*store.Store, error) {
	if err := e.room(1); err != nil {
		return nil, err
	}
	folder := filepath.Join(e.dir, copiesFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closing {
		return nil, errStopping
	}
	return e.store.Snapshot(filepath.Join(folder, strconv.FormatUint(e.copies.number.Add(1), 10)))
}

var errNoRoom = errors.New("there is no room on the disk for files as large as the store: make space")

// room returns errNoRoom where so many files as large as the store would leave less space
// than must stay free: a full disk would stop the log for the sake of a copy. Do not call
// it inside View.
func (e *engine) room(files uint64) error {
	free, total, err := diskSpace(e.dir)
	if err != nil {
		return nil // nobody can say
	}
	var pages int64
	err = e.View(func(v *store.View) error {
		pages = v.Stats().Bytes
		return nil
	})
	if err != nil {
		return err
	}
	if need := files*uint64(pages) + e.mark.Of(total); free < need {
		return fmt.Errorf("%w (%s left, %s wanted)", errNoRoom, size(free), size(need))
	}
	return nil
}
