package app

// One daemon: opening, starting and stopping its parts in order.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
	"rollcall/web"
)

// Options say what to run.
type Options struct {
	Config  configs.Config
	Log     *slog.Logger // required
	Command string       // what the lock's holder is called, for example "rollcall serve"
}

// App is one daemon. Make it with New, and Stop it in the end, also if Start was
// never called.
type App struct {
	config   configs.Config
	log      *slog.Logger
	registry *prometheus.Registry
	started  time.Time

	lock   *store.DirLock
	bus    *bus.Bus
	gate   *gate
	engine *engine
	disks  *disks
	web    *http.Server
	listen net.Listener
	pprof  *http.Server
	debug  net.Listener

	ctx     context.Context // ends the goroutines
	cancel  context.CancelFunc
	running sync.WaitGroup
	failed  chan error // at most one; see Failed

	teardown []teardown // LIFO
	launched bool       // by Start: only then the end is worth a word
	stopping sync.Once
	stopErr  error
}

type teardown struct {
	name string
	stop func(ctx context.Context) error
}

// onStop adds what undoes a step; the last one added runs first.
func (a *App) onStop(name string, stop func(context.Context) error) {
	a.teardown = append(a.teardown, teardown{name, stop})
}

// The folders of a data directory, beside the store's file.
const logFolder = "log"

// New locks the data directory, opens bus and store and binds the addresses.
// Nothing is folded or answered before Start. On an error it undoes what it did.
func New(ctx context.Context, o Options) (_ *App, err error) {
	if o.Log == nil {
		return nil, fmt.Errorf("%w app options: no logger", hall.ErrInvalid)
	}
	a := &App{
		config: o.Config, log: o.Log, registry: prometheus.NewRegistry(),
		started: time.Now(), failed: make(chan error, 1),
	}
	a.ctx, a.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
			defer cancel()
			err = errors.Join(err, a.Stop(undo))
		}
	}()
	a.registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	for _, step := range []struct {
		what string
		open func(context.Context, Options) error
	}{
		{"lock the data directory", a.openLock},
		{"open the log", a.openBus},
		{"open the store", a.openEngine},
		{"look at the disks", a.openDisks},
		{"listen for HTTP", a.openWeb},
		{"listen for pprof", a.openPprof},
	} {
		if err := step.open(ctx, o); err != nil {
			return nil, fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return a, nil
}

func (a *App) openLock(_ context.Context, o Options) error {
	dir, err := filepath.Abs(a.config.Data)
	if err != nil {
		return err
	}
	a.config.Data = dir
	lock, err := store.Lock(dir, store.Holder{PID: os.Getpid(), Command: o.Command, Since: a.started.Truncate(time.Second)})
	if err != nil {
		return err
	}
	a.lock = lock
	a.onStop("data directory", func(context.Context) error { return lock.Unlock() })
	return nil
}

func (a *App) openBus(ctx context.Context, _ Options) error {
	c := a.config.Bus
	b, err := bus.Open(ctx, bus.Options{
		Dir:    filepath.Join(a.config.Data, logFolder),
		Listen: c.Listen, Closed: true, URL: c.URL, Creds: c.Creds, Context: c.Context,
		TLS:  bus.TLS{CA: c.TLS.CA, Cert: c.TLS.Cert, Key: c.TLS.Key},
		Gaps: gapsOf(a.config), Log: a.log, Registerer: a.registry,
	})
	if err != nil {
		return err
	}
	a.bus = b
	a.onStop("bus", b.Stop)
	return nil
}

func gapsOf(c configs.Config) []bus.Gap {
	var gaps []bus.Gap
	for _, g := range c.Gaps {
		gaps = append(gaps, bus.Gap{Created: g.Created, From: g.From, To: g.To, Reason: g.Reason})
	}
	return gaps
}

// lostOf returns the accepted gaps of one stream, for the lists to warn of.
func (a *App) lostOf(created time.Time) []report.Gap {
	var gaps []report.Gap
	for _, g := range a.config.Gaps {
		if g.Created.Equal(created) || g.Created.Equal(created.Truncate(time.Second)) {
			gaps = append(gaps, report.Gap{From: g.From, To: g.To, Reason: g.Reason})
		}
	}
	return gaps
}

func (a *App) openEngine(context.Context, Options) error {
	mark, err := diskMark(a.config)
	if err != nil {
		return err
	}
	a.gate = &gate{admit: a.bus.Admit, log: a.log}
	e := &engine{
		log: a.log, dir: a.config.Data, bus: a.bus, source: a.bus, halls: hallsOf(a.config), lost: a.lostOf(a.bus.Created()),
		writer: "rollcall " + Version(), fatal: a.fail, gate: a.gate, mark: mark, registry: a.registry,
	}
	if a.live() {
		e.announcer = ingest.NewLive(a.bus, configs.Statutory(), a.log, a.registry)
	}
	if err := e.open(); err != nil {
		return err
	}
	a.engine = e
	a.onStop("fold", func(context.Context) error { return e.close() })
	return nil
}

func hallsOf(c configs.Config) []hall.ID {
	var ids []hall.ID
	for _, h := range c.Halls {
		ids = append(ids, hall.ID(h))
	}
	return ids
}

// live: violations are announced by default where the bus is our own, since then
// no other daemon announces the same.
func (a *App) live() bool {
	if a.config.Live != nil {
		return *a.config.Live
	}
	return a.config.Embedded()
}

func (a *App) openWeb(context.Context, Options) error {
	listener, err := net.Listen("tcp", a.config.HTTP)
	if err != nil {
		return err
	}
	a.onStop("HTTP address", func(context.Context) error { return ignoreClosed(listener.Close()) })
	loopback := isLoopback(listener.Addr())
	if !loopback {
		a.log.Warn("HTTP is open to the network and asks nobody who they are: put a proxy that does before it", "addr", listener.Addr().String())
	}
	server, err := web.New(web.Options{
		Log: a.log, Registerer: a.registry, Gatherer: a.registry,
		State: a, Stream: a.bus, Keeper: a.engine,
		Statutory: configs.Statutory(), Halls: hallsOf(a.config), Gaps: a.lostOf(a.bus.Created()), Version: Version(), Loopback: loopback,
	})
	if err != nil {
		return err
	}
	a.listen, a.web = listener, server.HTTPServer(a.ctx)
	a.onStop("HTTP", func(ctx context.Context) error {
		defer a.cancel()
		return shutdown(ctx, a.web)
	})
	return a.lock.SetAddress(a.URL())
}

// answerTimeout is how long a stop lets answers end that have begun.
const answerTimeout = 5 * time.Second

// shutdown lets answers end and cuts those that take too long.
func shutdown(ctx context.Context, s *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	err := s.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// Start launches the fold and the servers. Call it once. HTTP is answered and events
// are taken as soon as the fold has found that the log is the store's; who asks
// earlier waits so long.
func (a *App) Start() {
	a.launched = true
	looked := a.engine.start()
	a.running.Go(func() {
		<-looked
		a.serve("HTTP", a.web, a.listen)
	})
	a.running.Go(func() { a.disks.watch(a.ctx) })
	if a.pprof != nil {
		a.running.Go(func() { a.serve("pprof", a.pprof, a.debug) })
	}
	if a.engine.announcer != nil {
		a.running.Go(func() { a.engine.announceClosings(a.ctx) })
	}
	a.log.Info("daemon started", "addr", a.URL(), "bus", a.bus.Addr(), "data", a.config.Data, "version", Version())
}

func (a *App) serve(what string, s *http.Server, l net.Listener) {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		a.fail(fmt.Errorf("%s server: %w", what, err))
	}
}

// fail reports what the process must not outlive.
func (a *App) fail(err error) {
	a.log.Error("fatal", "err", err)
	select {
	case a.failed <- err:
	default: // the first one is reported, the others are in the log
	}
}

// Failed yields the error after which the daemon must be stopped: a failed
// commit, a broken invariant, a server that died.
func (a *App) Failed() <-chan error { return a.failed }

// stopTimeout is how long Run lets a stop take.
const stopTimeout = 10 * time.Second

// Run starts the daemon, waits until ctx ends or something fatal happens, and
// stops it.
func (a *App) Run(ctx context.Context) error {
	a.Start()
	var fatal error
	select {
	case <-ctx.Done():
		a.log.Info("stopping", "cause", context.Cause(ctx))
	case fatal = <-a.failed:
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return errors.Join(fatal, a.Stop(stop))
}

// Stop ends HTTP, then the fold, the store, the bus and the lock, and joins what
// went wrong. It may be called again.
func (a *App) Stop(ctx context.Context) error {
	a.stopping.Do(func() {
		var errs []error
		for _, step := range slices.Backward(a.teardown) {
			if err := step.stop(ctx); err != nil {
				errs = append(errs, fmt.Errorf("stop %s: %w", step.name, err))
			}
		}
		a.cancel()
		a.running.Wait()
		a.stopErr = errors.Join(errs...)
		if a.launched {
			a.log.Info("daemon stopped")
		}
	})
	return a.stopErr
}

// URL is where HTTP is answered.
func (a *App) URL() string { return "http://" + reachable(a.listen.Addr().String()) }

// reachable puts loopback in the place of "every address".
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// Bus is the log, for whoever publishes from inside.
func (a *App) Bus() *bus.Bus { return a.bus }

// Data is the data directory.
func (a *App) Data() string { return a.config.Data }

// View runs fn on a snapshot of the store.
func (a *App) View(fn func(*store.View) error) error { return a.engine.View(fn) }

// Snapshot runs fn on a copy of the store, for as long as fn takes.
func (a *App) Snapshot(ctx context.Context, fn func(*store.View) error) error {
	return a.engine.Snapshot(ctx, fn)
}

// Wait returns as soon as the sequence is folded.
func (a *App) Wait(ctx context.Context, sequence uint64) error { return a.engine.Wait(ctx, sequence) }

// Status says how the daemon is doing.
func (a *App) Status() web.Status {
	st := a.engine.status()
	st.DiskLow = a.disks.lowNow()
	st.BusAway = !a.bus.Connected()
	st.Ready = st.Ready && st.DiskLow == nil && !st.BusAway
	st.Version, st.Started, st.Stream = Version(), a.started, a.bus.Created()
	st.Bus, st.HTTP, st.Data = strings.TrimPrefix(a.bus.Addr(), "nats://"), a.URL(), a.config.Data
	return st
}
