package bus_test

// The log is broken in every way that the guard must notice.

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

const often = 50 * time.Millisecond

// running is a reader that has delivered the whole log and waits for more.
type running struct {
	got   chan uint64
	ended chan error
}

func read(t *testing.T, b *bus.Bus, until uint64) running {
	t.Helper()
	r := running{got: make(chan uint64, 1000), ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.ended <- b.Consume(ctx, bus.Position{}, func(m bus.Message) error { r.got <- m.Sequence; return nil })
	}()
	t.Cleanup(func() { cancel(); <-done })
	r.wait(t, until)
	return r
}

func (r running) wait(t *testing.T, until uint64) {
	t.Helper()
	for {
		select {
		case seq := <-r.got:
			if seq >= until {
				return
			}
		case err := <-r.ended:
			t.Fatalf("Consume = %v before message %d", err, until)
		case <-time.After(patience):
			t.Fatalf("message %d does not come", until)
		}
	}
}

func (r running) halt(t *testing.T, fault bus.Fault) *bus.Halt {
	t.Helper()
	select {
	case err := <-r.ended:
		return isHalt(t, err, fault)
	case <-time.After(patience):
		t.Fatal("the reader was not halted")
		return nil
	}
}

// breakable is a bus on a stream without locks.
func breakable(t *testing.T, gaps ...bus.Gap) (*bus.Bus, *bustest.Server, jetstream.Stream) {
	t.Helper()
	out := bustest.Started(t)
	s := makeStream(t, out, lossy())
	for i := range gaps {
		gaps[i].Created = s.CachedInfo().Created
	}
	b := open(t, bus.Options{URL: out.URL(), GuardEvery: often, Gaps: gaps})
	return b, out, s
}

func TestGuardStreamRecreated(t *testing.T) {
	b, out, _ := breakable(t)
	fill(t, b, 1, 10)
	pos := consume(t, b, bus.Position{}, 10)
	r := read(t, b, 10)
	if err := out.Admin().DeleteStream(t.Context(), bus.StreamName); err != nil {
		t.Fatal(err)
	}
	r.halt(t, bus.FaultGone)
	wantHalt(t, b, pos, bus.FaultGone)

	makeStream(t, out, lossy())
	again := open(t, bus.Options{URL: out.URL()})
	h := wantHalt(t, again, pos, bus.FaultStream)
	if !strings.Contains(h.Do, "rollcall rebuild") {
		t.Errorf("Do = %q", h.Do)
	}
	wantHalt(t, b, bus.Position{}, bus.FaultStream) // the daemon that still thinks of the old one
}

func TestGuardRewound(t *testing.T) {
	dir := t.TempDir()
	b := open(t, anywhere(dir))
	fill(t, b, 1, 100)
	stop(t, b)
	old := t.TempDir()
	if err := os.CopyFS(old, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	b = open(t, anywhere(dir))
	fill(t, b, 101, 200)
	pos := consume(t, b, bus.Position{}, 200)

	b = open(t, anywhere(old))
	h := wantHalt(t, b, pos, bus.FaultRewound)
	if !strings.Contains(h.What, "ends at message 100") || !strings.Contains(h.What, "message 200") {
		t.Errorf("What = %q", h.What)
	}
	// It grows beyond the old end, with other events under the old numbers.
	fill(t, b, 1101, 1300)
	wantHalt(t, b, pos, bus.FaultAltered)
	// A store that was at the common part goes on.
	consume(t, b, bus.Position{Created: pos.Created, Sequence: 100}, 300)
}

func TestGuardPurged(t *testing.T) {
	b, _, s := breakable(t)
	fill(t, b, 1, 20)
	pos := consume(t, b, bus.Position{}, 20)
	early := consume(t, b, bus.Position{}, 5)
	r := read(t, b, 20)
	if err := s.Purge(t.Context(), jetstream.WithPurgeSequence(11)); err != nil {
		t.Fatal(err)
	}
	h := wantHalt(t, b, early, bus.FaultGap)
	if h.From != 6 || h.To != 10 || !strings.Contains(h.Do, "from: 6, to: 10") {
		t.Errorf("Halt = %+v", h)
	}
	fill(t, b, 21, 21)
	r.wait(t, 21) // what was purged had been applied
	if err := s.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-r.ended; !errors.As(err, new(*bus.Halt)) { // a gap, if 21 was still being delivered
		t.Errorf("Consume = %v, want a Halt", err)
	}
	wantHalt(t, b, pos, bus.FaultGap)
	wantHalt(t, b, bus.Position{}, bus.FaultGap)
}

func TestGuardAnchorMissing(t *testing.T) {
	b, _, s := breakable(t)
	fill(t, b, 1, 10)
	pos := consume(t, b, bus.Position{}, 5)
	if err := s.DeleteMsg(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	h := wantHalt(t, b, pos, bus.FaultAltered)
	if !strings.Contains(h.What, "message 5") || !strings.Contains(h.What, "missing") {
		t.Errorf("What = %q", h.What)
	}
}

func TestGuardDeletedMessages(t *testing.T) {
	for name, tt := range map[string]struct {
		deleted  []uint64
		from, to uint64
	}{
		"in the middle":  {[]uint64{5, 6}, 5, 6},
		"at the end":     {[]uint64{9, 10}, 9, 10},
		"at the start":   {[]uint64{1}, 1, 1},
		"alone at place": {[]uint64{8}, 8, 8},
	} {
		t.Run(name, func(t *testing.T) {
			b, _, s := breakable(t)
			fill(t, b, 1, 10)
			for _, seq := range tt.deleted {
				if err := s.DeleteMsg(t.Context(), seq); err != nil {
					t.Fatal(err)
				}
			}
			h := wantHalt(t, b, bus.Position{}, bus.FaultGap)
			if h.From != tt.from || h.To != tt.to {
				t.Errorf("gap %d to %d, want %d to %d", h.From, h.To, tt.from, tt.to)
			}
		})
	}
}

// TestGuardSaysWhatWasLostBehindIt: messages that were read already are deleted. Reading
// goes on, and the metric and the log say how many are gone, accepted ones aside.
func TestGuardSaysWhatWasLostBehindIt(t *testing.T) {
	out := bustest.Started(t)
	s := makeStream(t, out, lossy())
	reg, told := prometheus.NewRegistry(), &listener{Handler: slog.DiscardHandler, to: "messages are gone from the log"}
	b, err := bus.Open(t.Context(), bus.Options{
		URL: out.URL(), GuardEvery: often, Log: slog.New(told), Registerer: reg,
		Gaps: []bus.Gap{{Created: s.CachedInfo().Created, From: 2, To: 3, Reason: "disk"}, {Created: s.CachedInfo().Created, From: 3, To: 3, Reason: "disk"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, b) })
	fill(t, b, 1, 10)
	pos := consume(t, b, bus.Position{}, 10)
	for _, step := range []struct {
		seq  uint64
		want float64
	}{{2, 0}, {3, 0}, {5, 1}, {1, 2}} {
		if err := s.DeleteMsg(t.Context(), step.seq); err != nil {
			t.Fatal(err)
		}
		if err := b.Check(t.Context(), pos); err != nil {
			t.Fatalf("without %d: %v, want to go on", step.seq, err)
		}
		if got := gauge(t, reg, "rollcall_bus_missing_messages"); got != step.want {
			t.Errorf("without %d: %v missing, want %v", step.seq, got, step.want)
		}
		if n := told.times.Load(); n != int64(step.want) {
			t.Errorf("without %d: told %d times, want %v", step.seq, n, step.want)
		}
	}
	fill(t, b, 11, 12)
	consume(t, b, pos, 12)
}

// listener counts what a log says.
type listener struct {
	slog.Handler
	to    string // how the message begins
	times atomic.Int64
}

func (l *listener) Enabled(context.Context, slog.Level) bool { return true }
func (l *listener) WithAttrs([]slog.Attr) slog.Handler       { return l }

func (l *listener) Handle(_ context.Context, r slog.Record) error {
	if strings.HasPrefix(r.Message, l.to) {
		l.times.Add(1)
	}
	return nil
}

func gauge(t *testing.T, reg *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

func TestGuardAcceptedGap(t *testing.T) {
	b, _, s := breakable(t, bus.Gap{From: 5, To: 5, Reason: "disk"}, bus.Gap{From: 6, To: 7, Reason: "disk"})
	fill(t, b, 1, 10)
	for _, seq := range []uint64{5, 6, 7} {
		if err := s.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	consume(t, b, bus.Position{}, 10)
	if err := s.DeleteMsg(t.Context(), 8); err != nil {
		t.Fatal(err)
	}
	if h := wantHalt(t, b, bus.Position{}, bus.FaultGap); h.From != 5 || h.To != 8 {
		t.Errorf("gap %d to %d, want 5 to 8", h.From, h.To)
	}
}

// A loss at the end of the log, which a consumer alone never sees.
func TestGuardAcceptedGapAtTheEnd(t *testing.T) {
	b, _, s := breakable(t, bus.Gap{From: 9, To: 10, Reason: "disk"})
	fill(t, b, 1, 10)
	for _, seq := range []uint64{9, 10} {
		if err := s.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	r := read(t, b, 8)
	fill(t, b, 11, 11)
	r.wait(t, 11)
}

func TestGuardGapOfAnotherStream(t *testing.T) {
	out := bustest.Started(t)
	s := makeStream(t, out, lossy())
	b := open(t, bus.Options{URL: out.URL(), Gaps: []bus.Gap{
		{Created: s.CachedInfo().Created.Add(-time.Hour), From: 1, To: 10, Reason: "of a former stream"},
	}})
	fill(t, b, 1, 10)
	if err := s.DeleteMsg(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	wantHalt(t, b, bus.Position{}, bus.FaultGap)
}

// The log is exchanged while the daemon is connected: the server stops and
// comes back with an older copy of its directory.
func TestGuardRewoundWhileRunning(t *testing.T) {
	out := bustest.Started(t)
	b := open(t, bus.Options{URL: out.URL()}) // the guard at the reconnect, not the timer
	fill(t, b, 1, 10)
	out.Stop()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(out.Options.StoreDir)); err != nil {
		t.Fatal(err)
	}
	out.Start()
	fill(t, b, 11, 20)
	r := read(t, b, 20)
	out.Stop()
	out.Options.StoreDir = copied
	out.Start()
	r.halt(t, bus.FaultRewound)
}
