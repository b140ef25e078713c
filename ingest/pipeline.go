package ingest

// The two ends of the pipeline: deliver fills batches, write applies them.

import (
	"context"
	"errors"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// deliver decodes a message and puts it into the filling batch. It blocks while
// that is full, or holds history and the message is the first of the news.
func (f *Fold) deliver(ctx context.Context, m bus.Message) error {
	d := f.decoder.decode(m.Sequence, m.Subject, m.Body)
	f.mu.Lock()
	live := m.Sequence > f.start
	for f.filling.full() || f.filling.count > 0 && f.filling.live != live {
		f.waiting = true
		f.mu.Unlock()
		signal(f.wake)
		select {
		case <-f.room:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		f.mu.Lock()
	}
	if f.filling.count == 0 {
		f.filling.begin(live, live && f.o.Watch != nil)
	}
	f.filling.add(&m, &d)
	f.seen, f.pending = m.Sequence, m.Pending
	ripe := f.filling.count == 1 || f.ripe()
	f.mu.Unlock()
	if ripe {
		signal(f.wake)
	}
	return nil
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// ripe reports whether a free writer should take the filling batch: when it is
// large, when nothing more is coming, or when deliver waits. The further behind, the
// larger: a page that many events of a batch touch is written once for all of them.
// A quarter of what is left keeps both busy, and little is left for the writer alone
// in the end. Under mu.
func (f *Fold) ripe() bool {
	b := f.filling
	enough := max(f.o.BatchSize, int(min(f.pending/4, largeBatch)))
	return b.count >= enough || b.Size() >= maxBytes || b.count > 0 && (f.pending == 0 || f.waiting)
}

// write applies batches until ctx ends; an error is fatal.
func (f *Fold) write(ctx context.Context) error {
	spare := newBatch()
	for {
		b, err := f.next(ctx, spare)
		if err != nil {
			return nil // ctx has ended
		}
		if err := f.apply(ctx, b); err != nil {
			return err
		}
		b.reset()
		spare = b
	}
}

// next waits until the filling batch is to be written and puts spare in its
// place.
func (f *Fold) next(ctx context.Context, spare *batch) (*batch, error) {
	for {
		f.mu.Lock()
		b := f.filling
		some, age := b.count > 0, time.Duration(0)
		if some {
			age = time.Since(b.first)
		}
		if f.ripe() || some && age >= f.o.BatchAge {
			f.filling, f.waiting = spare, false
			f.mu.Unlock()
			signal(f.room)
			return b, nil
		}
		f.mu.Unlock()
		if err := f.nap(ctx, some, f.o.BatchAge-age); err != nil {
			return nil, err
		}
	}
}

// nap waits until the filling batch has changed or, if it has anything, is old
// enough.
func (f *Fold) nap(ctx context.Context, some bool, rest time.Duration) error {
	var old <-chan time.Time
	if some {
		t := time.NewTimer(rest)
		defer t.Stop()
		old = t.C
	}
	select {
	case <-f.wake:
		return nil
	case <-old:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// apply commits a batch, tells the watcher and moves the state.
func (f *Fold) apply(ctx context.Context, b *batch) error {
	begin := time.Now()
	watched := b.touches != nil
	var change Change
	if watched {
		change = Change{AsOf: hall.InstantOf(b.last.Time), Touches: b.touches.sorted()}
		f.watch("before", func(v *store.View) error { return f.o.Watch.Before(v, change) })
	}
	written := b.ended(f.o.Source.Created())
	if err := f.commit(ctx, written); err != nil {
		return err
	}
	f.metrics.committed(b, time.Since(begin))
	if b.live && b.tally.aheadEvent != "" {
		f.log.Warn("an event was made after the log took it: look at the clock of its source", "event", b.tally.aheadEvent)
	}
	f.update(func() { f.applied = written.Applied })
	if watched {
		f.watch("after", func(v *store.View) error { return f.o.Watch.After(v, change) })
	}
	return nil
}

// commit applies b, and again and again while the disk is full.
func (f *Fold) commit(ctx context.Context, b *store.Batch) error {
	err := f.o.Store.Apply(b)
	if !errors.Is(err, store.ErrNoSpace) {
		return err
	}
	full := &Halted{
		What: "the disk of the store is full",
		Do:   "Make space on it; the fold goes on by itself, and nothing is lost.",
		Disk: true,
		err:  err,
	}
	f.halt(full)
	for errors.Is(err, store.ErrNoSpace) {
		if err := pause(ctx, f.o.Retry); err != nil {
			return err
		}
		err = f.o.Store.Apply(b)
	}
	if err == nil {
		f.resume(full)
	}
	return err
}

// watch calls the watcher with a snapshot. What it cannot do is logged: it is
// told best effort, and the fold is not held up by it.
func (f *Fold) watch(when string, tell func(*store.View) error) {
	if err := f.o.Store.View(tell); err != nil {
		f.log.Warn("the watcher missed a batch", "when", when, "err", err)
	}
}
