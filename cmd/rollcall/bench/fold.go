package bench

// The heart of it: the raw read of the stream, the fold and its rivals, in turns.

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/configs"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
)

var errEnough = errors.New("read enough")

// publishLoad fills the stream, in atomic batches as an import does.
func (r *runner) publishLoad(ctx context.Context) error {
	begin := time.Now()
	published, _, err := r.log.PublishAll(ctx, r.Load.Events(), nil)
	if err != nil {
		return err
	}
	seconds := time.Since(begin).Seconds()
	if r.last, err = r.log.Last(ctx); err != nil {
		return err
	}
	if r.last != uint64(published) {
		return fmt.Errorf("%d events were published and the stream has %d: somebody else uses it", published, r.last)
	}
	r.result.Events = published
	r.addOne("publish", "atomic batches of 1000", "events/s", float64(published)/seconds, atLeast(50_000), "durable, makes the events too")
	stream, err := r.js.Stream(ctx, bus.StreamName)
	if err != nil {
		return err
	}
	r.addOne("publish", "stream on disk", "B/event", float64(stream.CachedInfo().State.Bytes)/float64(published), nil, "")
	return nil
}

// turn is what one round took, in seconds.
type turn struct {
	raw, fold, judged, naive, sql float64
	rawCPU, foldCPU               float64
	memory                        *peak
	storeBytes                    int64
}

// fold takes turns.
func (r *runner) fold(ctx context.Context) (err error) {
	var pg *postgres
	if r.Postgres {
		if pg, err = startPostgres(ctx, r.Dir); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, pg.stop()) }()
	}
	turns := make([]turn, r.Size.Rounds)
	for i := range turns {
		if err := r.turn(ctx, &turns[i], pg); err != nil {
			return err
		}
	}
	r.reportTurns(turns)
	return nil
}

func (r *runner) turn(ctx context.Context, t *turn, pg *postgres) (err error) {
	if t.raw, t.rawCPU, err = clocked(func() error { return r.readRaw(ctx) }); err != nil {
		return fmt.Errorf("raw read: %w", err)
	}
	if r.kept, err = r.folder("store"); err != nil {
		return err
	}
	t.memory = watchMemory()
	t.fold, t.foldCPU, err = clocked(func() error { return r.foldInto(ctx, r.kept, store.Options{}) })
	t.memory.stop()
	if err != nil {
		return fmt.Errorf("fold: %w", err)
	}
	err = r.withStore(r.kept, func(s *store.Store) error {
		judging, _, err := clocked(func() error { return r.everyMonth(s, shortLists) })
		t.judged = t.fold + judging
		return err
	})
	if err != nil {
		return fmt.Errorf("judge: %w", err)
	}
	if t.storeBytes, err = r.sizeOf(r.kept); err != nil {
		return err
	}
	dir, err := r.folder("naive")
	if err != nil {
		return err
	}
	if t.naive, _, err = clocked(func() error { return naiveFold(ctx, r.js, dir, int(r.last)) }); err != nil {
		return fmt.Errorf("naive: %w", err)
	}
	if pg == nil {
		return nil
	}
	t.sql, _, err = clocked(func() error { return pg.ingest(ctx, r.log, int(r.last)) })
	return err
}

// clocked returns how long fn took, and how much of the cores.
func clocked(fn func() error) (seconds, cpu float64, err error) {
	begin, used := time.Now(), cpuTime()
	err = fn()
	return time.Since(begin).Seconds(), (cpuTime() - used).Seconds(), err
}

// readRaw is the limit: the client library's ordered consumer, and nothing done
// with the messages.
func (r *runner) readRaw(ctx context.Context) error {
	consumer, err := r.js.OrderedConsumer(ctx, bus.StreamName, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	done := make(chan struct{})
	read := uint64(0)
	reading, err := consumer.Consume(func(jetstream.Msg) {
		if read++; read == r.last {
			close(done)
		}
	}, jetstream.PullMaxMessages(5000))
	if err != nil {
		return err
	}
	defer reading.Stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// foldInto folds the load into a new store with the daemon's own fold.
func (r *runner) foldInto(ctx context.Context, dir string, o store.Options) (err error) {
	s, err := store.Open(dir, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Sync(), s.Close()) }()
	return r.folding(ctx, s, func(f *ingest.Fold) error { return f.Wait(ctx, r.last) })
}

// folding runs a fold of the stream into s until during returns.
func (r *runner) folding(ctx context.Context, s *store.Store, during func(*ingest.Fold) error) error {
	f, err := ingest.New(ingest.Options{Store: s, Source: r.log, Log: r.Log})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	var ended error
	running.Go(func() { ended = f.Run(ctx) })
	err = during(f)
	cancel()
	running.Wait()
	return errors.Join(err, ended)
}

// sizeOf is how many bytes of a store's file are in use; it grows by 16 MiB.
func (r *runner) sizeOf(dir string) (size int64, err error) {
	err = r.withStore(dir, func(s *store.Store) error {
		return s.View(func(v *store.View) error {
			size = v.Stats().Bytes
			return nil
		})
	})
	return size, err
}

func (r *runner) withStore(dir string, use func(*store.Store) error) (err error) {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return use(s)
}

// everyMonth makes the lists of the month of every hall, on all cores; nil means
// the long ones too.
func (r *runner) everyMonth(s *store.Store, lists []string) error {
	statutory := configs.Statutory()
	var next atomic.Int64
	failed := onceError{}
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for failed.get() == nil {
				h := int(next.Add(1)) - 1
				if h >= r.Load.Halls {
					return
				}
				failed.set(s.View(func(v *store.View) error {
					_, err := report.Month(v, statutory, report.Question{Hall: hallID(h), Month: r.month(), AsOf: r.asOf(), Lists: lists})
					return err
				}))
			}
		})
	}
	working.Wait()
	return failed.get()
}

func (r *runner) reportTurns(turns []turn) {
	n := float64(r.last)
	take := func(of func(*turn) float64) []float64 {
		list := make([]float64, len(turns))
		for i := range turns {
			list[i] = of(&turns[i])
		}
		return list
	}
	rate := func(seconds func(*turn) float64) []float64 {
		return take(func(t *turn) float64 { return n / seconds(t) })
	}
	raw, fold := rate(func(t *turn) float64 { return t.raw }), rate(func(t *turn) float64 { return t.fold })
	judged, naive := rate(func(t *turn) float64 { return t.judged }), rate(func(t *turn) float64 { return t.naive })
	const part = "fold, in turns"
	r.add(part, "raw ordered read, the limit", "events/s", raw, nil, "")
	r.add(part, "fold", "events/s", fold, nil, "every commit synced")
	r.add(part, "fold, then the month of every hall", "events/s", judged, nil, "each person-day judged once")
	r.add(part, "naive consumer", "events/s", naive, nil, "judges nothing")
	r.add(part, "fold / raw", "x", ratios(fold, raw), atLeast(0.6), "")
	r.add(part, "fold with months / raw", "x", ratios(judged, raw), nil, "")
	r.add(part, "fold / naive", "x", ratios(fold, naive), atLeast(4), "")
	if r.Postgres {
		sql := rate(func(t *turn) float64 { return t.sql })
		r.add(part, "PostgreSQL, COPY of 5000", "events/s", sql, nil, "duplicates refused, judges nothing")
		r.add(part, "fold / PostgreSQL", "x", ratios(fold, sql), atLeast(4), "")
	}
	if turns[0].rawCPU > 0 {
		perEvent := func(cpu func(*turn) float64) []float64 {
			return take(func(t *turn) float64 { return cpu(t) / n * 1e6 })
		}
		r.add(part, "cores used by the raw read", "us/event", perEvent(func(t *turn) float64 { return t.rawCPU }), nil, "server included where it is embedded")
		r.add(part, "cores used by the fold", "us/event", perEvent(func(t *turn) float64 { return t.foldCPU }), nil, "")
	}
	r.add(part, "store", "B/event", take(func(t *turn) float64 { return float64(t.storeBytes) / n }), nil, "policies and roster included")
	if turns[0].memory.own > 0 {
		r.add(part, "memory while folding, peak", "MiB", take(func(t *turn) float64 { return float64(t.memory.own >> 20) }), atMost(512), "with the bus where it is embedded")
		r.add(part, "the same with mapped files", "MiB", take(func(t *turn) float64 { return float64(t.memory.all >> 20) }), nil, "")
	}
}
