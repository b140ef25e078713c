package app

// Verify and rebuild: the log folded once more, beside the kept store.

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/store"
	"rollcall/web"
)

// maxDifferences is how many differences a verification names.
const maxDifferences = 200

// upTo is a log that ends at a sequence, so that two folds can be compared.
type upTo struct {
	ingest.Source
	last uint64
}

// Last implements ingest.Source.
func (u upTo) Last(context.Context) (uint64, error) { return u.last, nil }

// Consume delivers up to the last sequence and then waits for ctx.
func (u upTo) Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error {
	if u.last == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	return u.Source.Consume(ctx, from, func(m bus.Message) error {
		if m.Sequence > u.last {
			<-ctx.Done()
			return ctx.Err()
		}
		m.Pending = u.last - m.Sequence
		return deliver(m)
	})
}

// refold folds the log up to a sequence into a new store in a folder of the
// data directory, which is emptied first. The caller closes the store.
func (e *engine) refold(ctx context.Context, folder string, last uint64, progress func(done, total uint64)) (*store.Store, string, error) {
	dir := filepath.Join(e.dir, folder)
	if err := os.RemoveAll(dir); err != nil {
		return nil, dir, err
	}
	s, err := store.Open(dir, store.Options{Log: e.log, NoSync: true, Writer: e.writer})
	if err != nil {
		return nil, dir, err
	}
	if err := e.fill(ctx, s, last, progress); err != nil {
		return nil, dir, errors.Join(err, s.Close(), os.RemoveAll(dir))
	}
	return s, dir, nil
}

func (e *engine) fill(ctx context.Context, s *store.Store, last uint64, progress func(done, total uint64)) error {
	return foldUpTo(ctx, ingest.Options{
		Store: s, Source: upTo{e.source, last}, Halls: e.halls, Log: e.log.With("store", "beside"),
	}, last, progress)
}

// foldUpTo folds a log into a store until a sequence is applied.
func foldUpTo(ctx context.Context, o ingest.Options, last uint64, progress func(done, total uint64)) error {
	fold, err := ingest.New(o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	var folded error
	running.Go(func() { folded = fold.Run(ctx) })
	err = watch(ctx, fold, last, progress)
	cancel()
	running.Wait()
	return errors.Join(err, folded)
}

// watch waits for a sequence and tells how far it is.
func watch(ctx context.Context, fold *ingest.Fold, last uint64, progress func(done, total uint64)) error {
	for {
		step, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		err := fold.Wait(step, last)
		cancel()
		progress(fold.Status().Applied.Sequence, last)
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
}

var errBusy = fmt.Errorf("%w: another verify or rebuild is running: wait for its end", hall.ErrConflict)

// Verify folds the log anew up to where the kept store stands, and compares.
// The kept store goes on folding meanwhile.
func (e *engine) Verify(ctx context.Context, progress func(done, total uint64)) (v web.Verification, err error) {
	if !e.keeping.TryLock() {
		return v, errBusy
	}
	defer e.keeping.Unlock()
	kept, err := e.content()
	if err != nil {
		return v, err
	}
	beside, dir, err := e.refold(ctx, "verify", kept.applied.Sequence, progress)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, beside.Close(), os.RemoveAll(dir)) }()
	v = web.Verification{Sequence: kept.applied.Sequence, Differences: []string{}, Broken: []string{}}
	if kept.broken != nil {
		v.Broken = append(v.Broken, kept.broken.Error())
	}
	err = beside.View(func(anew *store.View) error {
		v.Same = anew.Digest() == kept.digest
		if !v.Same {
			v.Differences, err = differences(anew, kept.lines)
		}
		return err
	})
	v.Same = v.Same && len(v.Differences) == 0
	return v, err
}

// content is what a verification compares.
type content struct {
	applied store.Applied
	digest  [32]byte
	broken  error // an invariant of the file that does not hold
	lines   map[[32]byte]hall.UID
}

// content reads the kept store in one snapshot. It remembers a hash a line, so
// that differences can be named after the store has moved on.
func (e *engine) content() (c content, err error) {
	c.lines = map[[32]byte]hall.UID{}
	if err := e.checkPages(); err != nil {
		if !errors.Is(err, store.ErrCorrupt) {
			return c, err
		}
		c.broken = err
	}
	err = e.View(func(v *store.View) error {
		c.applied, c.digest = v.Applied(), v.Digest()
		c.broken = errors.Join(c.broken, v.Check(context.Background()))
		for _, id := range v.Halls() {
			for line, err := range v.Export(id) {
				if err != nil {
					c.broken = errors.Join(c.broken, err)
					return nil
				}
				c.lines[lineSum(line)] = line.UID
			}
		}
		return nil
	})
	return c, err
}

func lineSum(l store.Line) [32]byte {
	return sha256.Sum256([]byte(l.Subject + "\x00" + string(l.UID) + "\x00" + string(l.Body)))
}

// differences names what only one of the two has; it uses up kept.
func differences(anew *store.View, kept map[[32]byte]hall.UID) ([]string, error) {
	list := []string{}
	for _, id := range anew.Halls() {
		for line, err := range anew.Export(id) {
			if err != nil {
				return list, err
			}
			sum := lineSum(line)
			if _, ok := kept[sum]; ok {
				delete(kept, sum)
				continue
			}
			if len(list) < maxDifferences {
				list = append(list, fmt.Sprintf("%s: the log has it, the store has not", line.UID))
			}
		}
	}
	for _, uid := range kept {
		if len(list) == maxDifferences {
			break
		}
		list = append(list, fmt.Sprintf("%s: the store has it, the log has not", uid))
	}
	if len(list) == 0 {
		list = append(list, "an index differs, the events do not: rollcall rebuild makes it anew")
	}
	return list, nil
}

// Rebuild folds the whole log into a new store and puts it in the place of the
// kept one, which answers until then. What the log does not have is gone from
// the store: that is what it is for.
func (e *engine) Rebuild(ctx context.Context, progress func(done, total uint64)) error {
	if !e.keeping.TryLock() {
		return errBusy
	}
	defer e.keeping.Unlock()
	last, err := e.source.Last(ctx)
	if err != nil {
		return err
	}
	anew, dir, err := e.refold(ctx, "rebuild", last, progress)
	if err != nil {
		return err
	}
	if err := errors.Join(anew.Sync(), anew.Close()); err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return e.swap(dir)
}

// swap puts the store of a folder in the place of the kept one. A failure after
// the old one is closed leaves nothing to answer from and is fatal.
func (e *engine) swap(dir string) error {
	e.halt()
	if err := e.exchange(dir); err != nil {
		err = fmt.Errorf("put the rebuilt store in place: %w", err)
		e.fatal(err)
		return err
	}
	e.state.Lock()
	e.caught = true // the new store was filled to the end of the log
	e.state.Unlock()
	e.start()
	return nil
}

func (e *engine) exchange(dir string) error {
	e.mu.Lock()
	err := e.store.Close()
	if err == nil {
		err = os.Rename(filepath.Join(dir, store.FileName), filepath.Join(e.dir, store.FileName))
	}
	if err != nil {
		e.closing = true
		e.mu.Unlock()
		return err
	}
	s, err := store.Open(e.dir, store.Options{Log: e.log, Writer: e.writer})
	if err != nil {
		e.closing = true
		e.mu.Unlock()
		return err
	}
	e.store = s // adopt takes the lock itself; views wait no longer than this
	e.mu.Unlock()
	return errors.Join(e.adopt(s), os.RemoveAll(dir))
}
