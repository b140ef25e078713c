package app

// Verify and rebuild: the log folded once more, beside the kept store. What reads long
// reads a copy of it (copy.go).

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
	"rollcall/web"
)

// copyAndStore is what a comparison writes: a copy of the store and a second one.
const copyAndStore = 2

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

// refold folds a log up to a sequence into a new store in a folder of the data
// directory, which is emptied first. The caller closes the store.
func (e *engine) refold(ctx context.Context, folder string, source ingest.Source, last uint64, progress func(done, total uint64)) (*store.Store, string, error) {
	dir := filepath.Join(e.dir, folder)
	if err := os.RemoveAll(dir); err != nil {
		return nil, dir, err
	}
	s, err := store.Open(dir, store.Options{Log: e.log, NoSync: true, Writer: e.writer})
	if err != nil {
		return nil, dir, err
	}
	err = foldUpTo(ctx, ingest.Options{
		Store: s, Source: upTo{source, last}, Halls: e.halls, Log: e.log.With("store", "beside"),
	}, last, progress)
	if err != nil {
		return nil, dir, errors.Join(err, s.Close(), os.RemoveAll(dir))
	}
	return s, dir, nil
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

var errBusy = fmt.Errorf("%w: another verify, rebuild or heal is running: wait for its end", hall.ErrConflict)

// Verify folds the log anew up to where the kept store stands, and compares.
// The kept store goes on folding meanwhile.
func (e *engine) Verify(ctx context.Context, progress func(done, total uint64)) (v web.Verification, err error) {
	if !e.keeping.TryLock() {
		return v, errBusy
	}
	defer e.keeping.Unlock()
	if err := e.room(copyAndStore); err != nil {
		return v, err
	}
	v = web.Verification{Differences: []string{}, Broken: []string{}, Lost: []string{}, Issues: []report.Checked{}}
	err = e.snapshot(ctx, func(kept *store.View, copied bool) error {
		v.Sequence = kept.Applied().Sequence
		if copied { // beside a writer nobody can tell
			if err := kept.CheckPages(); err != nil {
				v.Broken = append(v.Broken, err.Error())
			}
		}
		if err := kept.Check(ctx); err != nil {
			v.Broken = append(v.Broken, err.Error())
		}
		return e.compare(ctx, kept, &v, progress)
	})
	v.Same = v.StoreOnly+v.LogOnly+v.Differing+len(v.Differences)+len(v.Lost) == 0
	for i := range v.Issues {
		v.Same = v.Same && len(v.Issues[i].Differences) == 0
	}
	return v, err
}

// compare folds what is left of the log beside the kept store and says what differs.
func (e *engine) compare(ctx context.Context, kept *store.View, v *web.Verification, progress func(done, total uint64)) (err error) {
	log := &losses{Remains: e.bus.Remains()}
	last, err := log.Last(ctx)
	if err != nil {
		return err
	}
	if last = min(last, v.Sequence); last < v.Sequence {
		log.note(last+1, v.Sequence)
	}
	issues, err := report.AllIssues(kept)
	if err != nil {
		return err
	}
	anew := &recheck{engine: e, log: log, last: last, kept: kept, issues: issues, found: v}
	beside, dir, err := anew.fold(ctx, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, beside.Close(), os.RemoveAll(dir)) }()
	v.Lost = append(v.Lost, log.lost...)
	return e.differ(ctx, kept, beside, anew)
}

// differ compares the kept store with the one beside it.
func (e *engine) differ(ctx context.Context, kept *store.View, beside *store.Store, r *recheck) error {
	v := r.found
	return beside.View(func(anew *store.View) error {
		err := errors.Join(r.standing(anew), differences(ctx, kept, anew, v))
		if errors.Is(err, store.ErrCorrupt) {
			v.Broken = append(v.Broken, err.Error())
			err = nil
		}
		if err == nil && len(v.Differences) == 0 && anew.Digest() != kept.Digest() {
			v.Differing++
			v.Differences = append(v.Differences, "an index differs, the events do not")
		}
		return err
	})
}

// differences counts and names the events that only one of two stores has.
func differences(ctx context.Context, kept, anew *store.View, v *web.Verification) error {
	for d, err := range store.Compare(kept, anew) {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		what := ""
		switch {
		case !d.B:
			what = "the store has it, the log has not"
			v.StoreOnly++
		case !d.A:
			what = "the log has it, the store has not"
			v.LogOnly++
		default:
			what = "store and log have it with other content"
			v.Differing++
		}
		if len(v.Differences) < maxDifferences {
			v.Differences = append(v.Differences, fmt.Sprintf("%s: %s", d.UID, what))
		}
	}
	return nil
}

// losses is what is left of a log, with a note of what nobody has accepted as lost.
type losses struct {
	bus.Remains
	last  uint64 // owned by Consume
	lost  []string
	first uint64 // the first message that is lost, 0 = none
}

// Consume implements ingest.Source.
func (l *losses) Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error {
	return l.Remains.Consume(ctx, from, func(m bus.Message) error {
		if m.Sequence > l.last+1 {
			l.note(l.last+1, m.Sequence-1)
		}
		l.last = m.Sequence
		return deliver(m)
	})
}

func (l *losses) note(from, to uint64) {
	if l.first == 0 || from < l.first {
		l.first = from
	}
	if !l.Accepted(from, to) {
		l.lost = append(l.lost, fmt.Sprintf("messages %d to %d are missing from the log; to accept it: gaps: [{created: %s, from: %d, to: %d, reason: \"...\"}]",
			from, to, l.Created().UTC().Format(time.RFC3339Nano), from, to))
	}
}

// Rebuild folds the whole log into a new store and, once that was checked, puts it in
// the place of the kept one, which answers until then. What the log does not have is
// gone from the store afterwards: so it goes on only where the kept one has nothing
// more, or if that may be discarded.
func (e *engine) Rebuild(ctx context.Context, discard bool, progress func(done, total uint64)) error {
	if !e.keeping.TryLock() {
		return errBusy
	}
	defer e.keeping.Unlock()
	if err := e.room(copyAndStore); err != nil {
		return err
	}
	if discard {
		dir, err := e.anew(ctx, nil, progress)
		if err != nil {
			return err
		}
		return e.swap(dir)
	}
	dir := ""
	err := e.Snapshot(ctx, func(kept *store.View) (err error) {
		dir, err = e.anew(ctx, kept, progress)
		return err
	})
	if err != nil {
		return err
	}
	return e.swap(dir)
}

// anew makes a checked store of the log and returns its folder. With kept it must hold
// everything that kept holds.
func (e *engine) anew(ctx context.Context, kept *store.View, progress func(done, total uint64)) (dir string, err error) {
	last, err := e.source.Last(ctx)
	if err != nil {
		return "", err
	}
	s, dir, err := e.refold(ctx, "rebuild", e.source, last, progress)
	if err != nil {
		return "", err
	}
	defer func() {
		if err = errors.Join(err, s.Close()); err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if kept != nil {
		if err := e.nothingLost(ctx, kept, s); err != nil {
			return "", err
		}
	}
	return dir, errors.Join(ingest.Check(ctx, s), s.Sync())
}

// nothingLost returns hall.ErrConflict where the kept store has events that the log has
// not. A damaged store is asked as far as it can be read.
func (e *engine) nothingLost(ctx context.Context, kept *store.View, anew *store.Store) error {
	lost := 0
	err := anew.View(func(v *store.View) error {
		for _, err := range e.missing(ctx, kept, v) {
			if err != nil {
				return err
			}
			lost++
		}
		return nil
	})
	if errors.Is(err, store.ErrCorrupt) {
		e.log.Warn("the damaged store could not be compared whole with the new one", "err", err)
		err = nil
	}
	if err == nil && lost > 0 {
		err = fmt.Errorf("%w: the store has %d events that the log has lost, and they would be gone: publish them again first (rollcall heal), or give them up (rollcall rebuild --discard)", hall.ErrConflict, lost)
	}
	return err
}

// missing yields what the kept store has, of the halls that are kept, and another one
// has not.
func (e *engine) missing(ctx context.Context, kept, other *store.View) iter.Seq2[store.Line, error] {
	return func(yield func(store.Line, error) bool) {
		for line, err := range store.Missing(kept, other) {
			err = cmp.Or(err, ctx.Err())
			if err == nil && len(e.halls) > 0 && !slices.Contains(e.halls, line.UID.Hall()) {
				continue
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
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
