package ingest_test

// The fold against its limit: a raw ordered read of the same stream, side by
// side in one run.

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// limitEvents is how long the stream is.
const limitEvents = 200_000

// BenchmarkAgainstRawRead reads a stream raw and folds it, in turns, and reports
// both rates and what part of the limit the fold reaches.
func BenchmarkAgainstRawRead(b *testing.B) {
	log := openBus(b)
	l := newLoad(200)
	events := iter.Seq2[bus.Outgoing, error](func(yield func(bus.Outgoing, error) bool) {
		for range limitEvents {
			subject, body := l.message()
			event, err := hall.Decode(subject, body)
			if !yield(bus.Outgoing{Subject: subject, UID: event.UID, Body: body}, err) {
				return
			}
		}
	})
	published, _, err := log.PublishAll(b.Context(), events, func(int) {})
	if err != nil {
		b.Fatal(err)
	}
	var raw, fold time.Duration
	for b.Loop() {
		raw += timed(b, func() { readRaw(b, log, published) })
		fold += timed(b, func() { foldAll(b, log, published) })
	}
	n := float64(published) * float64(b.N)
	b.ReportMetric(n/raw.Seconds(), "raw-events/s")
	b.ReportMetric(n/fold.Seconds(), "fold-events/s")
	b.ReportMetric(raw.Seconds()/fold.Seconds(), "fold/raw")
}

func openBus(tb testing.TB) *bus.Bus {
	tb.Helper()
	log, err := bus.Open(tb.Context(), bus.Options{Dir: tb.TempDir(), Listen: "127.0.0.1:0",
		Log: slog.New(slog.DiscardHandler), Registerer: prometheus.NewRegistry()})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ending, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := log.Stop(ending); err != nil {
			tb.Error(err)
		}
	})
	return log
}

func timed(b *testing.B, act func()) time.Duration {
	b.Helper()
	start := time.Now()
	act()
	return time.Since(start)
}

var errEnough = errors.New("read enough")

func readRaw(b *testing.B, log *bus.Bus, n int) {
	b.Helper()
	read := 0
	err := log.Consume(b.Context(), bus.Position{}, func(bus.Message) error {
		if read++; read == n {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		b.Fatal(err)
	}
}

func foldAll(b *testing.B, log *bus.Bus, n int) {
	b.Helper()
	s, err := store.Open(b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	r := run(b, ingest.Options{Store: s, Source: log})
	if err := r.Wait(b.Context(), uint64(n)); err != nil {
		b.Fatal(err)
	}
	if err := r.stop(); err != nil {
		b.Fatal(err)
	}
}
