package app

// Live announcements and their clock.

import (
	"context"
	"time"

	"rollcall/hall"
	"rollcall/store"
)

// sweepEvery is how soon after its end a closed band is announced.
const sweepEvery = time.Minute

// announceClosings asks each minute for the bands that have closed since, so
// that missing punches are announced too.
func (e *engine) announceClosings(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	from := hall.InstantOf(time.Now())
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if !e.status().Ready {
				continue // the stretch grows until the fold knows what came
			}
			until := hall.InstantOf(now)
			if err := e.sweep(ctx, from, until); err != nil {
				e.log.Warn("closed bands not announced", "err", err)
				continue
			}
			from = until
		}
	}
}

// sweep looks at each hall in a snapshot of its own: a long one would keep the
// store from using pages again.
func (e *engine) sweep(ctx context.Context, from, until hall.Instant) error {
	var halls []hall.ID
	err := e.View(func(v *store.View) error {
		halls = v.Halls()
		return nil
	})
	if err != nil {
		return err
	}
	for _, h := range halls {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := e.View(func(v *store.View) error { return e.announcer.Sweep(v, h, from, until) }); err != nil {
			return err
		}
	}
	return nil
}
