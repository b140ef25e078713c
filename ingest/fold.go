package ingest

// The fold: its options, its life and what can be asked of it.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// Source is the log; bus.Bus is one.
type Source interface {
	// Created is when the stream was created.
	Created() time.Time
	// Last returns the stream's last sequence, 0 when it is empty.
	Last(ctx context.Context) (uint64, error)
	// Check returns a *bus.Halt when the log is not the one that was folded up to
	// from; any other error means that there was no answer.
	Check(ctx context.Context, from bus.Position) error
	// Consume calls deliver for every message behind from, in order and on one
	// goroutine, and waits while deliver does. It outlives lost connections. It
	// returns a *bus.Halt when the log is not the one that was folded, what
	// deliver returned, or the error of ctx.
	Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error
}

// Options say what to fold into what.
type Options struct {
	Store      *store.Store          // required
	Source     Source                // required
	Log        *slog.Logger          // required
	Registerer prometheus.Registerer // nil: metrics are counted and shown to nobody
	// Halls are the ones to keep; events of others are read and dropped. Empty:
	// all.
	Halls []hall.ID
	// Watch is told what new events touch; nil: nobody is.
	Watch Watcher

	// BatchSize is the number of messages for which the writer does not wait
	// longer, 0 = 20000.
	BatchSize int
	// BatchAge is how long a message waits for others to come, 0 = 100 ms.
	BatchAge time.Duration
	// Retry is the pause between attempts to write to a full disk, 0 = 5 s.
	Retry time.Duration
}

func (o *Options) validate() error {
	switch {
	case o.Store == nil:
		return fmt.Errorf("%w fold options: Store is missing", hall.ErrInvalid)
	case o.Source == nil:
		return fmt.Errorf("%w fold options: Source is missing", hall.ErrInvalid)
	case o.Log == nil:
		return fmt.Errorf("%w fold options: Log is missing", hall.ErrInvalid)
	}
	return nil
}

// Fold applies a log to a store. Run does the work; the other methods may be
// called from any goroutine.
type Fold struct {
	o       Options
	log     *slog.Logger
	decoder decoder
	metrics *metrics
	wake    chan struct{} // to the writer: the filling batch has changed
	room    chan struct{} // to deliver: the filling batch was taken

	mu      sync.Mutex
	filling *batch        // guarded by mu
	waiting bool          // guarded by mu; deliver cannot go on before the batch is taken
	applied store.Applied // guarded by mu
	seen    uint64        // guarded by mu; last sequence delivered
	pending uint64        // guarded by mu; messages behind seen
	start   uint64        // guarded by mu; last sequence of the log when Run began
	started bool          // guarded by mu; start is known, and the log is the one that was folded
	halted  *Halted       // guarded by mu
	ended   error         // guarded by mu; why Run has returned
	changed chan struct{} // guarded by mu; closed when any of these changes
	_       [0]func()     // not comparable, not to be copied
}

// New returns a fold that stands where the store does.
func New(o Options) (*Fold, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	o.BatchSize = defaulted(o.BatchSize, 20_000)
	o.BatchAge = defaulted(o.BatchAge, 100*time.Millisecond)
	o.Retry = defaulted(o.Retry, 5*time.Second)
	applied, err := o.Store.Applied()
	if err != nil {
		return nil, fmt.Errorf("read where the store stands: %w", err)
	}
	f := &Fold{
		o:       o,
		log:     o.Log.With("component", "ingest"),
		decoder: newDecoder(o.Halls),
		wake:    make(chan struct{}, 1),
		room:    make(chan struct{}, 1),
		filling: newBatch(),
		applied: applied,
		changed: make(chan struct{}),
	}
	f.metrics = newMetrics(o.Registerer, f)
	return f, nil
}

func defaulted[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// Run folds until ctx ends, and then returns nil; what is not committed by then
// is folded again next time. A log fault or a full disk halts the fold and not
// the process: Run goes on, Status and Wait say so. A full disk heals by itself,
// a log fault does not. Any other error is fatal: the caller should end the
// process. Call it once.
func (f *Fold) Run(ctx context.Context) error {
	err := f.run(ctx)
	f.update(func() {
		f.ended = err
		if err == nil {
			f.ended = errEnded
		}
	})
	return err
}

var errEnded = errors.New("the fold has ended")

func (f *Fold) run(outer context.Context) error {
	ctx, cancel := context.WithCancelCause(outer)
	defer cancel(nil)

	from := f.Status().Applied
	f.log.Info("fold started", "seq", from.Sequence)
	var writer sync.WaitGroup
	writer.Go(func() {
		if err := f.write(ctx); err != nil {
			cancel(err)
		}
	})
	err := f.consume(ctx, bus.Position{Created: from.Created, Sequence: from.Sequence, Hash: from.Hash})
	if fault, ok := errors.AsType[*bus.Halt](err); ok {
		f.halt(&Halted{What: fault.What, Do: fault.Do, Disk: fault.Fault == bus.FaultUnwritable, err: fault})
		<-ctx.Done() // the process stays, and the writer commits what came before
	}
	cancel(err)
	writer.Wait()
	if outer.Err() != nil {
		f.log.Info("fold stopped", "seq", f.Status().Applied.Sequence)
		return nil
	}
	return context.Cause(ctx)
}

// consume learns where the log ends now, so that news are told from history, and
// whether it is the one that was folded, and reads it.
func (f *Fold) consume(ctx context.Context, from bus.Position) error {
	var last uint64
	err := f.ask(ctx, func() (err error) {
		if err = f.o.Source.Check(ctx, from); err != nil {
			return err
		}
		last, err = f.o.Source.Last(ctx)
		return err
	})
	if err != nil {
		return err
	}
	f.update(func() { f.start, f.started = last, true })
	err = f.o.Source.Consume(ctx, from, func(m bus.Message) error { return f.deliver(ctx, m) })
	if err == nil {
		return errors.New("the log ended, which it never should")
	}
	return err
}

// ask asks the log until it has an answer: a connection may come and go.
func (f *Fold) ask(ctx context.Context, question func() error) error {
	for {
		err := question()
		_, fault := errors.AsType[*bus.Halt](err)
		if err == nil || fault || ctx.Err() != nil {
			return err
		}
		f.log.Warn("the log does not answer, trying again", "err", err)
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Halted says why the fold stands still and what a person can do. It is an error
// and wraps the *bus.Halt or store.ErrNoSpace that it comes from.
type Halted struct {
	What string
	Do   string
	// Disk: a disk is full or broken and what was folded is sound: that of the
	// store, and the fold goes on by itself once there is space, or that of the log,
	// as Do says. False: the log is not the one that was folded.
	Disk bool

	err error
}

func (h *Halted) Error() string { return "the fold is halted: " + h.What + ". " + h.Do }

func (h *Halted) Unwrap() error { return h.err }

// Status is where a fold stands.
type Status struct {
	Applied store.Applied // durable
	Seen    uint64        // last sequence read; what lies between is in memory
	Pending uint64        // messages of the stream behind Seen
	Start   uint64        // last sequence of the stream when Run began: later ones are news
	// CaughtUp: everything that the stream had when it was last heard is durable.
	CaughtUp bool
	Halted   *Halted // nil: running
}

// Status returns where the fold stands now.
func (f *Fold) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return Status{
		Applied: f.applied, Seen: max(f.seen, f.applied.Sequence), Pending: f.pending, Start: f.start, Halted: f.halted,
		CaughtUp: f.started && f.halted == nil && f.pending == 0 &&
			f.applied.Sequence >= f.start && f.applied.Sequence >= f.seen,
	}
}

// Begun returns nil once the log was found to be the one that was folded. Before
// that nobody should be told that an event is stored. It returns the *Halted if it
// is another one, or why the fold has ended.
func (f *Fold) Begun(ctx context.Context) error {
	return f.await(ctx, func() bool { return f.started })
}

// Wait returns nil once the store has applied sequence, durably. While the fold
// is halted, or after it has ended, it does not wait: it returns the *Halted or
// why it ended.
func (f *Fold) Wait(ctx context.Context, sequence uint64) error {
	return f.await(ctx, func() bool { return f.applied.Sequence >= sequence })
}

// await waits until reached, which is asked under mu, is true.
func (f *Fold) await(ctx context.Context, reached func() bool) error {
	for {
		f.mu.Lock()
		done, halted, ended, changed := reached(), f.halted, f.ended, f.changed
		f.mu.Unlock()
		switch {
		case done:
			return nil
		case halted != nil:
			return halted
		case ended != nil:
			return ended
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// update changes the state and wakes who waits for it.
func (f *Fold) update(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	close(f.changed)
	f.changed = make(chan struct{})
}

// halt stays until resume is called with the same h. A fault of the log takes the
// place of a full disk of the store, never the other way round: it does not heal.
func (f *Fold) halt(h *Halted) {
	f.log.Error("fold halted", "err", h)
	_, fault := errors.AsType[*bus.Halt](h)
	f.update(func() {
		if f.halted == nil || fault {
			f.halted = h
		}
	})
}

func (f *Fold) resume(h *Halted) {
	f.log.Info("the store can be written again")
	f.update(func() {
		if f.halted == h {
			f.halted = nil
		}
	})
}
