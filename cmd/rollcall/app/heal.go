package app

// Heal: what the log has lost and the store still has is published again.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
	"rollcall/web"
)

// Heal folds what is left of the log into a store of its own and publishes what the
// kept store has beside that, under the ids of before, also while the fold is halted and
// nobody else is let in. Doing it again publishes nothing: the log has it then. With
// trial it only says what it would publish.
func (e *engine) Heal(ctx context.Context, trial bool, progress func(done, total uint64)) (h web.Healing, err error) {
	if !e.keeping.TryLock() {
		return h, errBusy
	}
	defer e.keeping.Unlock()
	if err := e.room(copyAndStore); err != nil {
		return h, err
	}
	h = web.Healing{Trial: trial, Lost: []web.Loss{}}
	err = e.Snapshot(ctx, func(kept *store.View) (err error) {
		remains := e.bus.Remains()
		last, err := remains.Last(ctx)
		if err != nil {
			return err
		}
		beside, dir, err := e.refold(ctx, "heal", remains, last, progress)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, beside.Close(), os.RemoveAll(dir)) }()
		return beside.View(func(left *store.View) error { return e.heal(ctx, kept, left, &h, progress) })
	})
	if err != nil || trial || h.Published == 0 {
		return h, err
	}
	h.Last, err = e.bus.Last(ctx)
	return h, err
}

func (e *engine) heal(ctx context.Context, kept, left *store.View, h *web.Healing, progress func(done, total uint64)) error {
	total, err := e.losses(ctx, kept, left, h)
	if err != nil || h.Trial || total == 0 {
		return err
	}
	h.Published, h.Duplicates, err = e.bus.Mend(ctx, e.outgoing(ctx, kept, left), func(n int) { progress(uint64(n), uint64(total)) })
	if errors.Is(err, hall.ErrConflict) {
		err = nil // two bodies of one uid: both are in the log now, and the lists name them
		h.Published = total - h.Duplicates
	}
	return err
}

// losses counts what is missing by hall, kind and month.
func (e *engine) losses(ctx context.Context, kept, left *store.View, h *web.Healing) (total int, err error) {
	counts := map[web.Loss]int{}
	for line, err := range e.missing(ctx, kept, left) {
		if err != nil {
			return 0, err
		}
		event, err := hall.Decode(line.Subject, line.Body)
		if err != nil {
			return 0, fmt.Errorf("%w: %s cannot be read as an event: %w", store.ErrCorrupt, line.UID, err)
		}
		month := event.Fact.GetHead().Time.UTCDate().Month()
		counts[web.Loss{Hall: string(line.UID.Hall()), Kind: string(line.UID.Kind()), Month: month.String()}]++
		total++
	}
	for loss, n := range counts {
		loss.Events = n
		h.Lost = append(h.Lost, loss)
	}
	slices.SortFunc(h.Lost, web.Loss.Compare)
	return total, nil
}

func (e *engine) outgoing(ctx context.Context, kept, left *store.View) iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		for line, err := range e.missing(ctx, kept, left) {
			if !yield(bus.Outgoing{Subject: line.Subject, UID: line.UID, Body: line.Body}, err) {
				return
			}
		}
	}
}
