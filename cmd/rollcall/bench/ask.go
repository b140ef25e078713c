package bench

// Questions: a hall's month, all months, a person's day.

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/report"
	"rollcall/store"
)

// shortLists leaves the long ones out: days, sheet, punches, patrol.
var shortLists = []string{"full_attendance"}

// asker asks random questions.
type asker struct {
	*runner
	store     *store.Store
	statutory hall.Calendar
	random    *rand.Rand
}

func (r *runner) asker(s *store.Store) *asker {
	return &asker{runner: r, store: s, statutory: configs.Statutory(), random: rand.New(rand.NewPCG(3, 4))}
}

// oneMonth asks for the lists of a hall.
func (a *asker) oneMonth() (time.Duration, error) {
	h := hallID(a.random.IntN(a.Load.Halls))
	begin := time.Now()
	err := a.store.View(func(v *store.View) error {
		_, err := report.Month(v, a.statutory, report.Question{Hall: h, Month: a.month(), AsOf: a.asOf(), Lists: shortLists})
		return err
	})
	return time.Since(begin), err
}

// oneDay asks for the story of a person's day.
func (a *asker) oneDay() (time.Duration, error) {
	h, person := hallID(a.random.IntN(a.Load.Halls)), personID(a.random.IntN(a.Load.People/a.Load.Halls))
	date := a.Load.day(a.random.IntN(min(a.Load.Days, 21)))
	begin := time.Now()
	err := a.store.View(func(v *store.View) error {
		_, err := report.Explain(v, a.statutory, h, person, date, a.asOf())
		return err
	})
	return time.Since(begin), err
}

// times asks n times and returns how long each took, sorted.
func times(ctx context.Context, n int, ask func() (time.Duration, error)) ([]time.Duration, error) {
	list := make([]time.Duration, n)
	for i := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		took, err := ask()
		if err != nil {
			return nil, err
		}
		list[i] = took
	}
	slices.Sort(list)
	return list, nil
}

// keep makes sure of a store that has the whole load.
func (r *runner) keep(ctx context.Context) (err error) {
	if r.kept != "" {
		return nil
	}
	if r.kept, err = r.folder("store"); err != nil {
		return err
	}
	return r.foldInto(ctx, r.kept, store.Options{})
}

func (r *runner) ask(ctx context.Context) error {
	if err := r.keep(ctx); err != nil {
		return err
	}
	return r.withStore(r.kept, func(s *store.Store) error {
		a := r.asker(s)
		months, err := times(ctx, r.Size.Asks, a.oneMonth)
		if err != nil {
			return err
		}
		r.addOne("ask", fmt.Sprintf("month of a hall of %d, p50", r.hallSize()), "ms", quantile(months, 0.5), nil, "")
		r.addOne("ask", "the same, p99", "ms", quantile(months, 0.99), r.inHall(atMost(10)), "")
		days, err := times(ctx, r.Size.Asks, a.oneDay)
		if err != nil {
			return err
		}
		r.addOne("ask", "explain a person's day, p50", "ms", quantile(days, 0.5), nil, "")
		r.addOne("ask", "the same, p99", "ms", quantile(days, 0.99), atMost(2), "")
		for _, all := range []struct {
			name  string
			lists []string
			goal  *Goal
		}{
			{"month of every hall, scaled to 50000 people", shortLists, atMost(1.5)},
			{"the same with every long list", nil, nil},
		} {
			var took []float64
			for range r.Size.Rounds {
				seconds, _, err := clocked(func() error { return r.everyMonth(s, all.lists) })
				if err != nil {
					return err
				}
				took = append(took, seconds*50_000/float64(r.Load.People))
			}
			r.add("ask", all.name, "s", took, all.goal, fmt.Sprintf("%d people, on all cores", r.Load.People))
		}
		return nil
	})
}

// hallSize is how many people a hall has.
func (r *runner) hallSize() int { return r.Load.People / r.Load.Halls }

// inHall returns a goal that is that of a hall of a hundred people.
func (r *runner) inHall(g *Goal) *Goal {
	if r.hallSize() > 100 {
		return nil
	}
	return g
}

// askWhileFolding asks for months of a store into which the load is folded at full
// speed, from the middle of it on.
func (r *runner) askWhileFolding(ctx context.Context) error {
	var list []time.Duration
	for range maxFolds {
		if len(list) >= r.Size.Asks {
			break
		}
		if err := r.askOneFold(ctx, &list); err != nil {
			return err
		}
	}
	slices.Sort(list)
	if len(list) == 0 {
		return nil // a small load is folded before anybody can ask
	}
	note := fmt.Sprintf("%d questions", len(list))
	r.addOne("ask", "month while folding, p50", "ms", quantile(list, 0.5), nil, note)
	r.addOne("ask", "the same, p99", "ms", quantile(list, 0.99), r.inHall(atMost(20)), "")
	return nil
}

// maxFolds bounds how often the load is folded for questions.
const maxFolds = 10

func (r *runner) askOneFold(ctx context.Context, list *[]time.Duration) (err error) {
	dir, err := r.folder("asked")
	if err != nil {
		return err
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	a := r.asker(s)
	return r.folding(ctx, s, func(f *ingest.Fold) error {
		if err := f.Wait(ctx, r.last/2); err != nil {
			return err
		}
		for len(*list) < 10*r.Size.Asks && f.Status().Applied.Sequence < r.last {
			took, err := a.oneMonth()
			if err != nil {
				return err
			}
			*list = append(*list, took)
		}
		return f.Wait(ctx, r.last)
	})
}

// rebuild folds into a file that is synced at the end only, as `rollcall rebuild`
// does.
func (r *runner) rebuild(ctx context.Context) error {
	dir, err := r.folder("rebuilt")
	if err != nil {
		return err
	}
	seconds, _, err := clocked(func() error { return r.foldInto(ctx, dir, store.Options{NoSync: true}) })
	if err != nil {
		return err
	}
	r.addOne("rebuild", "whole log", "s", seconds, nil, "")
	r.addOne("rebuild", "a city's year, 50 million events, scaled", "min", seconds/float64(r.last)*50e6/60, atMost(5), "")
	return nil
}
