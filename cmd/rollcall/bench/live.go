package bench

// News: how fast events are taken, and how soon after its acknowledgement a punch
// is in the answers of the real daemon, which judges and announces as it goes.

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus"
)

const (
	// inFlight is how many wait for their acknowledgement at a time.
	inFlight = 1024
	// visibleRate is in events a second; peakPeople come within peakTime.
	visibleRate = 2000
	peakPeople  = 2_000_000
	peakTime    = 15 * time.Minute
	// recentDays is how many days before today everybody was there.
	recentDays = 3
)

// publishRates publishes single events, one after the other and many at a time.
func (r *runner) publishRates(ctx context.Context) error {
	var next atomic.Int64
	for _, way := range []struct {
		name    string
		workers int
		goal    *Goal
	}{
		{"single events, one after the other", 1, nil},
		{"single events, 1024 in flight", inFlight, atLeast(5000)},
	} {
		ending, cancel := context.WithTimeout(ctx, r.Size.Publish)
		count, err := publishFor(ctx, ending, r.log, way.workers, func() bus.Outgoing {
			return newsPunch(r.Load, int(next.Add(1)), time.Now(), "r")
		})
		cancel()
		if err != nil {
			return err
		}
		r.addOne("publish", way.name, "events/s", float64(count)/r.Size.Publish.Seconds(), way.goal, "durable")
	}
	return nil
}

// publishFor publishes with so many workers until ending ends.
func publishFor(ctx, ending context.Context, log *bus.Bus, workers int, make func() bus.Outgoing) (int64, error) {
	var count atomic.Int64
	var working sync.WaitGroup
	failed := onceError{}
	for range workers {
		working.Go(func() {
			for ending.Err() == nil && failed.get() == nil {
				e := make()
				if _, err := log.Publish(ctx, e.Subject, e.UID, e.Body); err != nil {
					failed.set(err)
					return
				}
				count.Add(1)
			}
		})
	}
	working.Wait()
	return count.Load(), failed.get()
}

// onceError keeps the first error.
type onceError struct {
	mu  sync.Mutex
	err error // guarded by mu
}

func (o *onceError) set(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err = err
	}
}

func (o *onceError) get() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// newsPunch is a punch of now of somebody of the load.
func newsPunch(l Load, n int, at time.Time, series string) bus.Outgoing {
	random := rand.New(rand.NewPCG(uint64(n), 5))
	p := random.IntN(l.People)
	h := hallID(p % l.Halls)
	source := terminals[p/l.Halls%len(terminals)]
	id := source + series + strconv.FormatInt(int64(n), 36)
	body := fmt.Appendf(nil, `{"id":"%s","time":"%s","person":"%d","method":"face"}`, id, at.UTC().Format(time.RFC3339), 1001+p/l.Halls)
	return bus.Outgoing{Subject: hall.Subject(h, hall.KindPunch, source), UID: hall.NewUID(h, hall.KindPunch, source, id), Body: body}
}

// visible runs the daemon on the stream and measures the way of a punch.
func (r *runner) visible(ctx context.Context) error {
	memory := watchMemory()
	defer memory.stop()
	err := r.withDaemon(ctx, func(a *app.App) error {
		seen, err := visibleAt(ctx, a, r.Load, visibleRate, r.Size.Visible)
		if err != nil {
			return err
		}
		r.addVisible(visibleRate, seen, 20)
		if r.Size.Peak == 0 {
			return nil
		}
		rate := int(peakPeople / peakTime.Seconds())
		if seen, err = visibleAt(ctx, a, r.Load, rate, r.Size.Peak); err != nil {
			return err
		}
		r.addVisible(rate, seen, 1000)
		return nil
	})
	if memory.stop(); err == nil && memory.own > 0 {
		r.addOne("visible", "memory of the daemon, peak", "MiB", float64(memory.own>>20), atMost(512), "with the bus where it is embedded")
	}
	return err
}

func (r *runner) addVisible(rate int, seen visibility, goal float64) {
	part := fmt.Sprintf("from ack to lists, %d events/s", rate)
	r.addOne(part, "reached", "events/s", seen.rate, atLeast(0.95*float64(rate)), "")
	r.addOne(part, "p50", "ms", quantile(seen.delays, 0.5), nil, fmt.Sprintf("%d punches in %d halls, judged and announced live", len(seen.delays), r.Load.Halls))
	r.addOne(part, "p99", "ms", quantile(seen.delays, 0.99), atMost(goal), "")
}

// withDaemon runs the real daemon on the stream until use returns. It folds the
// load first, as history.
func (r *runner) withDaemon(ctx context.Context, use func(*app.App) error) (err error) {
	if _, _, err := r.log.PublishAll(ctx, r.Load.recent(time.Now(), recentDays), nil); err != nil {
		return err
	}
	config := configs.Default()
	config.Data, config.HTTP, config.Live, config.Bus = r.Dir, "127.0.0.1:0", new(true), r.Bus
	if config.Embedded() {
		config.Bus.Listen = "127.0.0.1:0"
		if err := r.stopLog(ctx); err != nil { // the daemon opens it
			return err
		}
	}
	a, err := app.New(ctx, app.Options{Config: config, Log: r.Log, Command: "rollcall bench"})
	if err != nil {
		return err
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = errors.Join(err, a.Stop(ending))
	}()
	a.Start()
	last, err := a.Bus().Last(ctx)
	if err != nil {
		return err
	}
	if err := a.Wait(ctx, last); err != nil {
		return err
	}
	return use(a)
}

// visibility is how long each punch took, sorted, and how many came a second: fewer
// than asked for where the machine cannot keep up.
type visibility struct {
	delays []time.Duration
	rate   float64
}

// visibleAt publishes at a rate and returns how long after its acknowledgement
// each punch was in the store that answers questions, sorted. The events come one
// by one from many publishers, as from terminals.
func visibleAt(ctx context.Context, a *app.App, l Load, rate int, length time.Duration) (visibility, error) {
	const workers = 256
	var next atomic.Int64
	var mu sync.Mutex
	var delays []time.Duration
	failed := onceError{}
	begin := time.Now()
	series := strconv.FormatInt(begin.UnixNano()%1296, 36)
	total := int64(length.Seconds() * float64(rate))
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for failed.get() == nil {
				n := next.Add(1)
				if n > total {
					return
				}
				due := begin.Add(time.Duration(n) * time.Second / time.Duration(rate))
				if err := sleepUntil(ctx, due); err != nil {
					failed.set(err)
					return
				}
				took, err := publishAndSee(ctx, a, newsPunch(l, int(n), time.Now(), series))
				if err != nil {
					failed.set(err)
					return
				}
				mu.Lock()
				delays = append(delays, took)
				mu.Unlock()
			}
		})
	}
	working.Wait()
	if err := failed.get(); err != nil {
		return visibility{}, err
	}
	slices.Sort(delays)
	return visibility{delays, float64(total) / time.Since(begin).Seconds()}, nil
}

func sleepUntil(ctx context.Context, at time.Time) error {
	select {
	case <-time.After(time.Until(at)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// publishAndSee publishes one event, waits until the store has it and returns how
// long that took after the acknowledgement.
func publishAndSee(ctx context.Context, a *app.App, e bus.Outgoing) (time.Duration, error) {
	ack, err := a.Bus().Publish(ctx, e.Subject, e.UID, e.Body)
	if err != nil {
		return 0, err
	}
	acked := time.Now()
	if err := a.Wait(ctx, ack.Sequence); err != nil {
		return 0, err
	}
	return time.Since(acked), nil
}

func people(n int) string { return fmt.Sprintf("%d people", n) }
