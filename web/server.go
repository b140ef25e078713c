package web

// The server: its routes and what it needs.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
)

// State is the folded state. A rebuild swaps the store under it, so nothing may
// keep a view.
type State interface {
	// View runs fn on a snapshot.
	View(fn func(*store.View) error) error
	// Snapshot runs fn on a copy of the state, for whoever reads long.
	Snapshot(ctx context.Context, fn func(*store.View) error) error
	// Wait returns as soon as the sequence is folded.
	Wait(ctx context.Context, sequence uint64) error
	// Status says how the fold is doing; it never blocks on the bus.
	Status() Status
}

// Log is the stream as the API needs it; *bus.Bus is one.
type Log interface {
	Created() time.Time
	Lost() uint64
	First(ctx context.Context) (uint64, error)
	Last(ctx context.Context) (uint64, error)
	Read(ctx context.Context, sequence uint64) (bus.Message, error)
	LastOf(ctx context.Context, subject string) (bus.Message, error)
	PublishOnce(ctx context.Context, subject string, uid hall.UID, body []byte) (bus.Ack, error)
	PublishRaw(ctx context.Context, subject string, body []byte) (bus.Ack, error)
	PublishAll(ctx context.Context, events iter.Seq2[bus.Outgoing, error], progress func(int)) (published, duplicates int, err error)
	PublishTogether(ctx context.Context, events []bus.Outgoing, want bus.Expected) (bus.Ack, error)
	Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error
}

// Keeper compares the store with the log, makes it anew (discarding what the log has
// not, if that is wanted), and publishes again what the log has lost. All take long:
// progress is called now and then with how many events are done of how many.
type Keeper interface {
	Verify(ctx context.Context, progress func(done, total uint64)) (Verification, error)
	Rebuild(ctx context.Context, discard bool, progress func(done, total uint64)) error
	Heal(ctx context.Context, trial bool, progress func(done, total uint64)) (Healing, error)
}

// Options are what a Server stands on. All but Halls, Gaps, Hosts, Loopback
// and Now are required.
type Options struct {
	Log        *slog.Logger
	Registerer prometheus.Registerer
	Gatherer   prometheus.Gatherer
	State      State
	Stream     Log
	Keeper     Keeper
	Statutory  hall.Calendar
	Halls      []hall.ID    // that are kept; empty: all
	Gaps       []report.Gap // of the log, accepted by people; every list warns of them
	Version    string       // of the program; part of every ETag

	Loopback bool     // answer only requests whose Host is a loopback name
	Hosts    []string // further names that are answered then
	Now      func() time.Time
}

func (o *Options) validate() error {
	switch {
	case o.Log == nil:
		return fmt.Errorf("%w web options: no logger", hall.ErrInvalid)
	case o.Registerer == nil || o.Gatherer == nil:
		return fmt.Errorf("%w web options: no registry of metrics", hall.ErrInvalid)
	case o.State == nil || o.Stream == nil || o.Keeper == nil:
		return fmt.Errorf("%w web options: state, stream and keeper are needed", hall.ErrInvalid)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}

// Server answers HTTP. It is safe for concurrent use and owns no goroutine.
type Server struct {
	log       *slog.Logger
	metrics   *metrics
	gatherer  prometheus.Gatherer
	state     State
	stream    Log
	keeper    Keeper
	statutory hall.Calendar
	kept      []hall.ID
	gaps      []report.Gap
	version   string
	loopback  bool
	hosts     []string
	now       func() time.Time
	origin    *http.CrossOriginProtection
	mux       *http.ServeMux
	pages     *pages
	slots     chan struct{} // of what computes at a time; see compute
	flying    atomic.Int64  // requests being answered
	uncharted sync.Map      // halls and years without a calendar that the log names
}

// route is a line of the table: what it answers and which parameters it knows.
type route struct {
	pattern string
	params  []string
	handle  func(*Server, http.ResponseWriter, *request) error
}

// request is a request whose parameters have been checked by name.
type request struct {
	*http.Request
	params params
}

var routes = []route{
	{"GET /api/v1/halls", nil, (*Server).halls},
	{"GET /api/v1/halls/{hall}/months", nil, (*Server).months},
	{"GET /api/v1/halls/{hall}/months/{month}", []string{"as_of", "changes", "min_seq", "stream"}, (*Server).month},
	{"GET /api/v1/halls/{hall}/months/{month}/issues", []string{"min_seq", "stream"}, (*Server).issues},
	{"POST /api/v1/halls/{hall}/months/{month}/issues", nil, (*Server).seal},
	{"GET /api/v1/halls/{hall}/months/{month}/issues/{number}", []string{"changes", "min_seq", "stream"}, (*Server).issue},
	{"POST /api/v1/halls/{hall}/months/{month}/what-if", []string{"as_of", "min_seq", "stream"}, (*Server).whatIf},
	{"GET /api/v1/halls/{hall}/periods/{period}", []string{"as_of", "min_seq", "stream"}, (*Server).periodOf},
	{"GET /api/v1/halls/{hall}/people/{person}/days/{date}", []string{"as_of", "min_seq", "stream"}, (*Server).day},
	{"GET /api/v1/halls/{hall}/people/{person}/months/{month}", []string{"as_of", "min_seq", "stream"}, (*Server).personMonth},
	{"GET /api/v1/halls/{hall}/windows/{window}/months/{month}", []string{"as_of", "min_seq", "stream"}, (*Server).windowMonth},

	{"POST /api/v1/events", []string{"wait", "force"}, (*Server).postEvent},
	{"GET /api/v1/events/{hall}/{kind}/{source}/{id}", []string{"min_seq", "stream"}, (*Server).event},
	{"POST /api/v1/import", []string{"force"}, (*Server).importLines},
	{"GET /api/v1/export", []string{"hall", "from"}, (*Server).export},
	{"GET /api/v1/backup", nil, (*Server).backup},

	{"GET /api/v1/deadletters", []string{"hall", "after", "limit"}, (*Server).deadLetters},
	{"GET /api/v1/deadletters/{sequence}", nil, (*Server).deadLetter},
	{"POST /api/v1/deadletters/{sequence}/resend", nil, (*Server).resend},

	{"POST /api/v1/verify", nil, (*Server).verify},
	{"POST /api/v1/rebuild", []string{"discard"}, (*Server).rebuild},
	{"POST /api/v1/heal", []string{"trial"}, (*Server).heal},
	{"GET /api/v1/status", nil, (*Server).status},

	{"GET /healthz", nil, (*Server).healthy},
	{"GET /readyz", nil, (*Server).ready},

	{"GET /{$}", nil, (*Server).indexPage},
	{"GET /halls/{hall}/{month}", []string{"as_of"}, (*Server).monthPage},
	{"GET /halls/{hall}/{month}/bulletin", []string{"as_of", "issue"}, (*Server).bulletinPage},
	{"GET /halls/{hall}/{month}/bulletin.docx", []string{"as_of", "issue"}, (*Server).bulletinDOCX},
	{"GET /style.css", nil, (*Server).styleSheet},
}

// New makes a server of its table of routes.
func New(o Options) (*Server, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		log:     o.Log.With("component", "web"),
		metrics: newMetrics(o.Registerer), gatherer: o.Gatherer,
		state: o.State, stream: o.Stream, keeper: o.Keeper,
		statutory: o.Statutory, kept: o.Halls, gaps: o.Gaps, version: o.Version,
		loopback: o.Loopback, hosts: o.Hosts, now: o.Now,
		origin: http.NewCrossOriginProtection(),
		mux:    http.NewServeMux(),
		slots:  make(chan struct{}, max(4, 2*runtime.GOMAXPROCS(0))),
		pages:  newPages(),
	}
	newStateMetrics(o.Registerer, s)
	for _, rt := range routes {
		s.mux.HandleFunc(rt.pattern, s.serve(rt))
	}
	s.mux.Handle("GET /metrics", promhttp.HandlerFor(o.Gatherer, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		EnableOpenMetrics:   true,
		MaxRequestsInFlight: 4,
	}))
	return s, nil
}

// serve checks the parameters and turns an error into a problem. Once an answer
// has begun nothing can be taken back: the connection is cut instead, so that
// half a list is never taken for a whole one.
func (s *Server) serve(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		values, err := query(r, rt.params)
		if err == nil {
			err = rt.handle(s, w, &request{Request: r, params: params{values}})
		}
		if err == nil {
			return
		}
		if rec, ok := w.(*recorder); ok && rec.status != 0 {
			if !clientGone(r, err) {
				s.log.Warn("answer broken off", "route", rt.pattern, "err", err)
			}
			panic(http.ErrAbortHandler)
		}
		s.refuse(w, r, err)
	}
}

// clientGone reports whether an answer broke off because nobody reads it any more: some
// clients have what they wanted before the end.
func clientGone(r *http.Request, err error) bool {
	return r.Context().Err() != nil || errors.Is(err, context.Canceled) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// The limits of a connection. Routes that stream set their own, line by line.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10
	lineTimeout   = 30 * time.Second
)

// HTTPServer returns a server whose limits hold for any client: slow headers
// and slow bodies are cut.
func (s *Server) HTTPServer(base context.Context) *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:       baseContext(base),
	}
}
