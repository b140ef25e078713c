package bus_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
	}
	// A server that is stopped in the middle of an atomic batch leaves the batch's
	// staging file behind with its goroutines; they are not ours.
	const server = "github.com/nats-io/nats-server/v2/server"
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction(server+".(*fileStore).flushStreamStateLoop"),
		goleak.IgnoreAnyFunction(server+".(*msgBlock).flushLoop"),
		goleak.IgnoreAnyFunction(server+"/ats.Register.func1"),
	)
}

// patience bounds every wait; a wait that ends for want of time is no verdict.
const patience = time.Minute

// anywhere is an embedded bus on a free port.
func anywhere(dir string) bus.Options {
	return bus.Options{Dir: dir, Listen: "127.0.0.1:0"}
}

func open(t testing.TB, o bus.Options) *bus.Bus {
	t.Helper()
	b, err := tryOpen(t, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { stop(t, b) })
	return b
}

func tryOpen(t testing.TB, o bus.Options) (*bus.Bus, error) {
	t.Helper()
	o.Log = slog.New(slog.DiscardHandler)
	if os.Getenv("BUS_LOG") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	o.Registerer = prometheus.NewRegistry()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return bus.Open(ctx, o)
}

func stop(t testing.TB, b *bus.Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := b.Stop(ctx); err != nil {
		t.Errorf("Stop: %v", err)
	}
}

// punch is the i-th event of an invented terminal.
func punch(i int) bus.Outgoing {
	id := "p" + strconv.Itoa(i)
	return bus.Outgoing{
		Subject: "rollcall.H1.punch.T01",
		UID:     hall.NewUID("H1", hall.KindPunch, "T01", id),
		Body:    fmt.Appendf(nil, `{"id":"%s","person":"P%d","time":"2020-11-04T08:30:00+08:00","method":"face"}`, id, i%100),
	}
}

func punches(from, to int) iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		for i := from; i <= to; i++ {
			if !yield(punch(i), nil) {
				return
			}
		}
	}
}

func fill(t testing.TB, b *bus.Bus, from, to int) {
	t.Helper()
	n, dup, err := b.PublishAll(context.Background(), punches(from, to), nil)
	if err != nil || n != to-from+1 || dup != 0 {
		t.Fatalf("PublishAll(%d to %d) = %d, %d, %v", from, to, n, dup, err)
	}
}

// errEnough ends a Consume that has seen what the test wanted.
var errEnough = errors.New("enough")

// consume reads until the message `until`, and returns the position reached.
func consume(t testing.TB, b *bus.Bus, from bus.Position, until uint64) bus.Position {
	t.Helper()
	pos, err := tryConsume(t, b, from, until)
	if !errors.Is(err, errEnough) {
		t.Fatalf("Consume = %v, want to reach message %d; at %d", err, until, pos.Sequence)
	}
	return pos
}

func tryConsume(t testing.TB, b *bus.Bus, from bus.Position, until uint64) (bus.Position, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pos := from
	err := b.Consume(ctx, from, func(m bus.Message) error {
		pos = bus.Position{Created: b.Created(), Sequence: m.Sequence, Hash: m.Hash()}
		if m.Sequence >= until {
			return errEnough
		}
		return nil
	})
	return pos, err
}

// wantHalt checks that a read from pos is stopped by the guard.
func wantHalt(t *testing.T, b *bus.Bus, pos bus.Position, fault bus.Fault) *bus.Halt {
	t.Helper()
	_, err := tryConsume(t, b, pos, 1<<62)
	return isHalt(t, err, fault)
}

func isHalt(t *testing.T, err error, fault bus.Fault) *bus.Halt {
	t.Helper()
	h, ok := errors.AsType[*bus.Halt](err)
	if !ok {
		t.Fatalf("Consume = %v, want a Halt", err)
	}
	if h.Fault != fault || h.What == "" || h.Do == "" {
		t.Fatalf("Halt = %q %q, want fault %s and what to do", h.Fault, h.Error(), fault)
	}
	return h
}

// lossy is the log's stream without its locks, so that a test can break it.
func lossy() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: bus.StreamName, Subjects: []string{bus.Subjects}, MaxMsgSize: bus.MaxMessage,
		Duplicates: 20 * time.Second, AllowAtomicPublish: true,
	}
}

func makeStream(t testing.TB, out *bustest.Server, c jetstream.StreamConfig) jetstream.Stream {
	t.Helper()
	s, err := bustest.MakeStream(t.Context(), out.Admin(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
