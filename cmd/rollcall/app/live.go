package app

// Live announcements and their clock.

import (
	"context"
	"sync"
	"time"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

// announcer is the live hook of the fold, and of the clock, which asks what has
// changed only because time went on. Both run on goroutines of their own.
type announcer struct {
	mu   sync.Mutex
	live *ingest.Live // guarded by mu
}

// Before implements ingest.Watcher.
func (a *announcer) Before(v *store.View, c ingest.Change) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.live.Before(v, c)
}

// After implements ingest.Watcher.
func (a *announcer) After(v *store.View, c ingest.Change) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.live.After(v, c)
}

func (a *announcer) sweep(v *store.View, from, until hall.Instant) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.live.Sweep(v, from, until)
}

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
			err := e.View(func(v *store.View) error { return e.announcer.sweep(v, from, until) })
			if err != nil {
				e.log.Warn("closed bands not announced", "err", err)
				continue
			}
			from = until
		}
	}
}
