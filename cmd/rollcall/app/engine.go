package app

// The store and the fold that fills it, as one thing that a rebuild can swap.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
	"rollcall/web"
)

// engine holds the current store and its fold.
type engine struct {
	log       *slog.Logger
	dir       string
	bus       *bus.Bus
	source    ingest.Source // the bus
	gate      *gate
	halls     []hall.ID
	lost      []report.Gap // of the log, accepted by people
	writer    string       // of new files
	announcer *ingest.Live // nil: nothing is announced
	fatal     func(error)
	registry  prometheus.Registerer

	mark configs.DiskMark // what must stay free on the disk

	keeping sync.Mutex // one verify, rebuild or heal at a time
	copies  copies

	// fold is outside mu, since who looks at the store asks for the status too,
	// and a read lock must not be taken twice.
	fold atomic.Pointer[ingest.Fold]

	mu      sync.RWMutex
	store   *store.Store       // guarded by mu
	metrics *scope             // guarded by mu; of the fold
	cancel  context.CancelFunc // guarded by mu; ends the fold
	closing bool               // guarded by mu; the store is closed for good

	running sync.WaitGroup // the fold

	state  sync.Mutex
	caught bool      // guarded by state; the fold has once caught up
	haltAt time.Time // guarded by state
}

// open opens the store and makes the fold. A damaged file, or one of an older
// program, is moved aside: the log is the truth and the fold makes it again.
func (e *engine) open() error {
	if err := e.openCopies(); err != nil {
		return err
	}
	s, err := store.Open(e.dir, store.Options{Log: e.log, Writer: e.writer})
	switch {
	case errors.Is(err, store.ErrCorrupt):
		s, err = e.openAnew("damaged", "the store is damaged; it was moved aside and is folded anew from the log", err)
	case errors.Is(err, store.ErrOlder):
		s, err = e.openAnew("older", "an older program made the store; it was moved aside and is folded anew from the log", err)
	}
	if err != nil {
		return err
	}
	if err := e.adopt(s); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// openAnew moves the file aside, marked with what it is, and opens a new one.
func (e *engine) openAnew(mark, message string, why error) (*store.Store, error) {
	path := filepath.Join(e.dir, store.FileName)
	aside := path + "." + mark + time.Now().UTC().Format("-20060102T150405Z")
	if err := os.Rename(path, aside); err != nil {
		return nil, errors.Join(why, err)
	}
	e.log.Warn(message, "path", aside, "err", why)
	return store.Open(e.dir, store.Options{Log: e.log, Writer: e.writer})
}

// adopt makes s the current store with a fold that does not run yet.
func (e *engine) adopt(s *store.Store) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.metrics != nil {
		e.metrics.end()
	}
	e.metrics = &scope{Registerer: e.registry}
	o := ingest.Options{Store: s, Source: e.source, Log: e.log, Registerer: e.metrics, Halls: e.halls}
	if e.announcer != nil {
		o.Watch = e.announcer
	}
	f, err := ingest.New(o)
	if err != nil {
		return err
	}
	e.store = s
	e.fold.Store(f)
	return nil
}

// lookTimeout is how long a start waits for the fold's first look at the log. It
// may take longer, and nothing is taken before.
const lookTimeout = 5 * time.Second

// start runs the fold of the current store, and waits until it has looked at the
// log. The channel is closed when it has, whatever it found.
func (e *engine) start() <-chan struct{} {
	looked := e.launch()
	patience := time.NewTimer(lookTimeout)
	defer patience.Stop()
	select {
	case <-looked:
	case <-patience.C:
		e.log.Warn("the log has not answered yet: nothing is taken before it has")
	}
	return looked
}

func (e *engine) launch() <-chan struct{} {
	ctx, cancel := context.WithCancel(context.Background())
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cancel = cancel
	fold := e.fold.Load()
	looked := make(chan struct{})
	e.running.Go(func() { e.guardBus(ctx, fold, looked) })
	e.running.Go(func() {
		if err := fold.Run(ctx); err != nil {
			e.fatal(fmt.Errorf("fold: %w", err))
		}
	})
	return looked
}

// halt ends the fold and waits for it.
func (e *engine) halt() {
	e.mu.RLock()
	cancel := e.cancel
	e.mu.RUnlock()
	if cancel != nil {
		cancel()
	}
	e.running.Wait()
}

func (e *engine) close() error {
	e.halt()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closing = true
	return e.store.Close()
}

var errStopping = fmt.Errorf("the daemon is stopping: %w", context.Canceled)

// View runs fn on a snapshot of the current store.
func (e *engine) View(fn func(*store.View) error) error {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closing {
		return errStopping
	}
	return e.store.View(fn)
}

// Wait returns as soon as the sequence is folded, also across a rebuild.
func (e *engine) Wait(ctx context.Context, sequence uint64) error {
	for {
		fold := e.fold.Load()
		err := fold.Wait(ctx, sequence)
		if err == nil || ctx.Err() != nil || e.fold.Load() == fold {
			return err
		}
	}
}

// guardBus lets the embedded bus take events as long as the log is the one that the
// fold folds: what came into another would be acknowledged and lost when the right
// one is brought back. A full disk is left to the log, which refuses by itself.
func (e *engine) guardBus(ctx context.Context, fold *ingest.Fold, looked chan<- struct{}) {
	if fold.Begun(ctx) == nil {
		e.gate.letFold(true)
	}
	close(looked)
	for ctx.Err() == nil {
		err := fold.Wait(ctx, math.MaxUint64)
		halted, ok := errors.AsType[*ingest.Halted](err)
		if !ok {
			return // the fold has ended
		}
		if !halted.Disk {
			e.gate.letFold(false)
			return // until a rebuild or a restart
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// status says where the fold stands.
func (e *engine) status() web.Status {
	at := e.fold.Load().Status()
	st := web.Status{Applied: at.Applied.Sequence, Last: at.Seen + at.Pending}
	e.state.Lock()
	defer e.state.Unlock()
	e.caught = e.caught || at.CaughtUp || at.Start > 0 && at.Applied.Sequence >= at.Start
	st.Last = max(st.Last, at.Start, st.Applied)
	if at.Halted == nil {
		e.haltAt = time.Time{}
		st.Ready = e.caught
		return st
	}
	if e.haltAt.IsZero() {
		e.haltAt = time.Now().Truncate(time.Second)
	}
	st.Halted = &web.Halt{What: at.Halted.What, Do: at.Halted.Do, DiskFull: at.Halted.Disk, Since: e.haltAt}
	if fault, ok := errors.AsType[*bus.Halt](at.Halted); ok && !at.Halted.Disk {
		st.Halted.Fault = string(fault.Fault)
	}
	return st
}

// scope registers the metrics of one fold, and takes them away when a rebuild
// makes another one.
type scope struct {
	prometheus.Registerer
	own []prometheus.Collector
}

// Register implements prometheus.Registerer.
func (s *scope) Register(c prometheus.Collector) error {
	err := s.Registerer.Register(c)
	if err == nil {
		s.own = append(s.own, c)
	}
	return err
}

// MustRegister implements prometheus.Registerer.
func (s *scope) MustRegister(collectors ...prometheus.Collector) {
	for _, c := range collectors {
		if err := s.Register(c); err != nil {
			panic("two metrics of one name: " + err.Error())
		}
	}
}

func (s *scope) end() {
	for _, c := range s.own {
		s.Registerer.Unregister(c)
	}
}
