package bench

// What an event costs when the store has grown: decoding and applying batches as
// large as a fold that is far behind takes them, without the bus, so that nothing
// else dilutes the comparison.

import (
	"context"
	"errors"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

const (
	// growthBatch is what a fold takes that is far behind.
	growthBatch = 400_000
	// growthStep is how many events are made while the clock stands.
	growthStep = 1000
)

func (r *runner) growth(ctx context.Context) error {
	const part = "growth, without the bus"
	year := Load{Halls: min(50, r.Size.Months), People: r.Size.Months, Days: 12 * 21}
	months, size, err := r.applyLoad(ctx, year, 21)
	if err != nil {
		return err
	}
	r.addOne(part, "store", "B/punch", size, atMost(60), "a year of punches with ids of ten characters")
	r.addOne(part, "first month", "us/event", months[0], nil, "")
	r.addOne(part, "twelfth month", "us/event", months[11], nil, "")
	r.addOne(part, "twelfth / first", "x", months[11]/months[0], atMost(1.2), "")
	city, _, err := r.applyLoad(ctx, Load{Halls: 200, People: min(50_000, r.Size.Spread), Days: 1}, 1)
	if err != nil {
		return err
	}
	province, _, err := r.applyLoad(ctx, Load{Halls: 8000, People: r.Size.Spread, Days: 1}, 1)
	if err != nil {
		return err
	}
	r.addOne(part, "a day of a city in 200 halls", "us/event", city[0], nil, "")
	r.addOne(part, "a day of a province in 8000 halls", "us/event", province[0], nil, people(r.Size.Spread))
	r.addOne(part, "province / city", "x", province[0]/city[0], atMost(2), "")
	return nil
}

// applyLoad applies the punches of a load to a new store and returns what an event
// costs, in microseconds, in each stretch of so many days, and how many bytes it
// takes in the end.
func (r *runner) applyLoad(ctx context.Context, l Load, days int) (costs []float64, size float64, err error) {
	dir, err := r.folder("growth")
	if err != nil {
		return nil, 0, err
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	a := applier{store: s}
	g := newGenerator(l)
	for first := 0; first < l.Days; first += days {
		a.took, a.events = 0, 0
		for d := first; d < min(l.Days, first+days) && a.err == nil; d++ {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			g.workday(l.day(d), a.take)
		}
		if a.flush(); a.err != nil {
			return nil, 0, a.err
		}
		costs = append(costs, a.took.Seconds()*1e6/float64(a.events))
	}
	err = s.View(func(v *store.View) error {
		size = float64(v.Stats().Bytes) / float64(a.sequence)
		return nil
	})
	return costs, size, err
}

// applier decodes and applies what it is given, batch by batch. Its clock stands
// while events are made.
type applier struct {
	store    *store.Store
	made     []bus.Outgoing
	batch    store.Batch
	count    int // events of the batch
	events   int
	took     time.Duration
	sequence uint64
	err      error
}

func (a *applier) take(e bus.Outgoing) bool {
	if a.made = append(a.made, e); len(a.made) == growthStep {
		a.decode()
		if a.count >= growthBatch {
			a.flush()
		}
	}
	return a.err == nil
}

func (a *applier) decode() {
	begin := time.Now()
	for _, m := range a.made {
		event, err := hall.Decode(m.Subject, m.Body)
		if err != nil {
			a.err = err
			return
		}
		a.batch.Add(&event)
	}
	a.took += time.Since(begin)
	a.count += len(a.made)
	a.made = a.made[:0]
}

func (a *applier) flush() {
	a.decode()
	if a.count == 0 || a.err != nil {
		return
	}
	begin := time.Now()
	a.sequence += uint64(a.count)
	a.batch.Applied = store.Applied{Sequence: a.sequence}
	a.err = a.store.Apply(&a.batch)
	a.batch.Reset()
	a.took += time.Since(begin)
	a.events += a.count
	a.count = 0
}
