package bench

// One run: its options, its parts in their order, its bed.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus"
)

// Options say what to measure.
type Options struct {
	// Dir is an empty folder for everything; the caller removes it.
	Dir  string
	Bus  configs.Bus // an outside server, or the embedded one
	Load Load
	Size Size
	// Only names the parts to measure, of Parts; none: all.
	Only []string
	// Postgres measures an ingest into PostgreSQL too.
	Postgres bool
	Version  string
	Log      *slog.Logger
	// Progress is told which part begins, how many are done and how many there are;
	// nil: nobody is.
	Progress func(part string, done, total int)
}

// Size is how long and how large the parts beside the load are.
type Size struct {
	Rounds  int           // of what takes turns
	Visible time.Duration // at a rate of visibleRate
	Publish time.Duration // of each way to publish
	Asks    int           // questions of a kind
	// Months and Spread are the sizes of the growth: people in fifty halls for
	// twelve months, and people in 8000 halls who punch once.
	Months, Spread int
	// Peak is how long a province's morning is played, 0 = not at all.
	Peak time.Duration
}

// The sizes: in seconds, in a minute or two, and at the size of the goals.
var (
	Quick = Size{Rounds: 1, Visible: time.Second, Publish: 300 * time.Millisecond, Asks: 20, Months: 200, Spread: 16_000}
	Usual = Size{Rounds: 3, Visible: 8 * time.Second, Publish: 2 * time.Second, Asks: 300, Months: 2000, Spread: 400_000}
	Full  = Size{Rounds: 5, Visible: 20 * time.Second, Publish: 5 * time.Second, Asks: 1000, Months: 20_000, Spread: 2_000_000, Peak: 3 * time.Minute}
)

// QuickLoad and UsualLoad are loads to go with the sizes.
var (
	QuickLoad = Load{Halls: 10, People: 1000, Days: 5, Mix: UsualMix}
	UsualLoad = Load{Halls: 40, People: 4000, Days: 21, Mix: UsualMix}
	FullLoad  = Load{Halls: 200, People: 50_000, Days: 21, Mix: UsualMix}
)

// limit ends a run that hangs.
const limit = time.Hour

// Run measures everything. With the first thing that goes wrong it returns what was
// measured before, if anything was.
func Run(ctx context.Context, o Options) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r := &runner{Options: o, result: &Result{Version: o.Version, At: time.Now().UTC().Truncate(time.Second), Load: o.Load, Rounds: o.Size.Rounds}}
	if err := r.fill(); err != nil {
		return nil, err
	}
	begin := time.Now()
	err := r.run(ctx)
	r.result.Seconds = time.Since(begin).Seconds()
	if len(r.result.Measures) == 0 {
		return nil, err
	}
	return r.result, err
}

// runner is a run under way.
type runner struct {
	Options
	result *Result

	log    *bus.Bus
	second *nats.Conn // for the yardsticks
	js     jetstream.JetStream
	last   uint64 // of the load
	kept   string // folder of a store that has the whole load
}

// fill checks the load and fills in what may be left out.
func (r *runner) fill() error {
	if r.Log == nil {
		r.Log = slog.New(slog.DiscardHandler)
	}
	return r.Load.validate()
}

// part is a step of the run.
type part struct {
	name    string
	measure func(*runner, context.Context) error
}

// The parts, in their order; the load is published before them.
var parts = []part{
	{"fold", (*runner).fold},
	{"ask", (*runner).ask},
	{"busy", (*runner).askWhileFolding},
	{"rebuild", (*runner).rebuild},
	{"growth", (*runner).growth},
	{"publish", (*runner).publishRates},
	{"visible", (*runner).visible},
}

// Parts are the names of the parts.
func Parts() []string {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	return names
}

func (r *runner) run(ctx context.Context) (err error) {
	if err := r.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.publishLoad(ctx); err != nil {
		return fmt.Errorf("publish the load: %w", err)
	}
	for i, p := range parts {
		if r.Progress != nil {
			r.Progress(p.name, i+1, len(parts)+1)
		}
		if len(r.Only) > 0 && !slices.Contains(r.Only, p.name) {
			continue
		}
		if err := p.measure(r, ctx); err != nil {
			return fmt.Errorf("measure %s: %w", p.name, err)
		}
	}
	return nil
}

// open starts the log, which must be a new one, and a second connection to it.
func (r *runner) open(ctx context.Context) (err error) {
	c := r.Bus
	r.log, err = bus.Open(ctx, bus.Options{
		Dir: filepath.Join(r.Dir, "log"), Listen: "127.0.0.1:0", Fresh: true,
		URL: c.URL, Creds: c.Creds, Context: c.Context, TLS: bus.TLS{CA: c.TLS.CA, Cert: c.TLS.Cert, Key: c.TLS.Key},
		Log: r.Log,
	})
	if err != nil {
		return err
	}
	address := "embedded"
	if r.outside() {
		address = r.log.Addr()
	}
	r.result.Machine = thisMachine(address)
	r.second, err = r.log.Dial()
	if err == nil {
		r.js, err = jetstream.New(r.second)
	}
	if err != nil {
		return errors.Join(err, r.close())
	}
	return nil
}

// close removes the stream from a server outside, and ends the log.
func (r *runner) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var removed error
	if r.js != nil && r.outside() {
		removed = r.js.DeleteStream(ctx, bus.StreamName)
	}
	return errors.Join(removed, r.stopLog(ctx))
}

// stopLog ends the log; it may be called again.
func (r *runner) stopLog(ctx context.Context) error {
	if r.second != nil {
		r.second.Close()
	}
	return r.log.Stop(ctx)
}

func (r *runner) outside() bool { return r.Bus.URL != "" || r.Bus.Context != "" }

// folder makes an empty folder of a part.
func (r *runner) folder(name string) (string, error) {
	dir := filepath.Join(r.Dir, name)
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
}

func (r *runner) add(part, name, unit string, values []float64, goal *Goal, note string) {
	r.result.Measures = append(r.result.Measures, newMeasure(part, name, unit, values, goal, note))
}

func (r *runner) addOne(part, name, unit string, value float64, goal *Goal, note string) {
	r.add(part, name, unit, []float64{value}, goal, note)
}

// asOf is a moment after which nothing of the load is pending any more.
func (r *runner) asOf() hall.Instant {
	return (r.Load.day(r.Load.Days-1) + 40).At(0, zone)
}

// month is that of the first day of the load.
func (r *runner) month() hall.Month { return firstDay.Month() }
