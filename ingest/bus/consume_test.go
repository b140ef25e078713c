package bus_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

func TestConsumeInOrder(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	fill(t, b, 1, 10_000)
	next := uint64(1)
	err := b.Consume(t.Context(), bus.Position{}, func(m bus.Message) error {
		p := punch(int(next))
		if m.Sequence != next || m.Subject != p.Subject || !bytes.Equal(m.Body, p.Body) || m.Time.IsZero() || m.Pending != 10_000-next {
			t.Fatalf("message %d = %+v", next, m)
		}
		if next++; next > 10_000 {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatalf("Consume = %v", err)
	}
	if pos := consume(t, b, bus.Position{Sequence: 5000}, 5001); pos.Sequence != 5001 {
		t.Errorf("first message after 5000 is %d", pos.Sequence)
	}
}

func TestConsumeWaitsForMore(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan uint64)
	ended := make(chan error, 1)
	go func() {
		ended <- b.Consume(ctx, bus.Position{}, func(m bus.Message) error { got <- m.Sequence; return nil })
	}()
	for i := 1; i <= 3; i++ {
		fill(t, b, i, i)
		if seq := <-got; seq != uint64(i) {
			t.Errorf("delivered %d, want %d", seq, i)
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Consume = %v, want context canceled", err)
	}
}

// Two readers, such as the fold and a verify beside it, do not disturb each
// other.
func TestTwoReaders(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	fill(t, b, 1, 3000)
	var reading sync.WaitGroup
	for range 2 {
		reading.Go(func() {
			if pos, err := tryConsume(t, b, bus.Position{}, 3000); !errors.Is(err, errEnough) {
				t.Errorf("Consume = %v at %d, want to reach 3000", err, pos.Sequence)
			}
		})
	}
	reading.Wait()
}

// Whatever happens to the server, each message comes once and in order.
func TestConsumeSurvivesRestarts(t *testing.T) {
	out := bustest.Started(t)
	b := open(t, bus.Options{URL: out.URL()})
	writer := open(t, bus.Options{URL: out.URL()})
	const perRound, rounds = 3000, 3
	want := uint64(perRound * rounds)
	var reached atomic.Uint64
	ended := make(chan error, 1)
	mid := make(chan struct{}, 1)
	go func() {
		ended <- b.Consume(t.Context(), bus.Position{}, func(m bus.Message) error {
			if m.Sequence != reached.Load()+1 {
				t.Errorf("message %d after %d", m.Sequence, reached.Load())
			}
			reached.Store(m.Sequence)
			if m.Sequence%perRound == perRound/2 {
				mid <- struct{}{}
			}
			if m.Sequence == want {
				return errEnough
			}
			return nil
		})
	}()
	for i := range rounds {
		// What was stored just before the server went away may be sent again.
		n, dup, err := writer.PublishAll(t.Context(), punches(i*perRound+1, (i+1)*perRound), nil)
		if err != nil || n+dup != perRound {
			t.Fatalf("PublishAll = %d, %d, %v, want %d in all", n, dup, err, perRound)
		}
		<-mid
		out.Stop()
		out.Start()
	}
	select {
	case err := <-ended:
		if !errors.Is(err, errEnough) {
			t.Fatalf("Consume = %v", err)
		}
	case <-time.After(patience):
		t.Fatalf("reading stopped at %d of %d", reached.Load(), want)
	}
}

// What deliver returns ends the reading, also when the connection is lost and
// comes back while it works: it is not asked again.
func TestConsumeHeedsDeliverWhenDisconnected(t *testing.T) {
	out := bustest.Started(t)
	b := open(t, bus.Options{URL: out.URL()})
	fill(t, b, 1, 3)
	calls := 0
	err := b.Consume(t.Context(), bus.Position{}, func(m bus.Message) error {
		if calls++; m.Sequence < 3 {
			return nil
		}
		out.Stop()
		out.Start()
		for {
			if _, err := b.Last(t.Context()); err == nil {
				break
			}
		}
		time.Sleep(100 * time.Millisecond) // let the reader hear of it: nothing says that it has
		return errEnough
	})
	if !errors.Is(err, errEnough) || calls != 3 {
		t.Errorf("Consume = %v after %d deliveries, want the error of the third", err, calls)
	}
}

// A server that keeps the stream but forgets the consumer.
func TestConsumeSurvivesLostConsumer(t *testing.T) {
	out := bustest.Started(t)
	b := open(t, bus.Options{URL: out.URL()})
	fill(t, b, 1, 10)
	got := make(chan uint64, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- b.Consume(ctx, bus.Position{}, func(m bus.Message) error { got <- m.Sequence; return nil })
	}()
	for i := range uint64(10) {
		if seq := <-got; seq != i+1 {
			t.Fatalf("message %d, want %d", seq, i+1)
		}
	}
	js := out.Admin()
	s, err := js.Stream(ctx, bus.StreamName)
	if err != nil {
		t.Fatal(err)
	}
	for name := range s.ConsumerNames(ctx).Name() {
		if err := s.DeleteConsumer(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, b, 11, 20)
	for i := range uint64(10) {
		if seq := <-got; seq != i+11 {
			t.Fatalf("message %d, want %d", seq, i+11)
		}
	}
	cancel()
	<-ended
}

func TestConsumeLeavesNoConsumerBehind(t *testing.T) {
	out := bustest.Started(t)
	b := open(t, bus.Options{URL: out.URL()})
	fill(t, b, 1, 10)
	consume(t, b, bus.Position{}, 10)
	js := out.Admin()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) { // the reader does not wait until it is removed
		s, err := js.Stream(t.Context(), bus.StreamName)
		if err != nil {
			t.Fatal(err)
		}
		n := s.CachedInfo().State.Consumers
		if n == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d consumers left on the server", n)
		}
	}
}

// A reader that stands still must not fill the memory: it and the server beside
// it hold a part of the backlog only.
func TestSlowReaderBoundsMemory(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	const n, size = 4000, 60 << 10 // 234 MiB
	big := func(yield func(bus.Outgoing, error) bool) {
		for i := range n {
			p := punch(i)
			p.Body = bytes.Repeat([]byte("x"), size)
			if !yield(p, nil) {
				return
			}
		}
	}
	if got, _, err := b.PublishAll(t.Context(), big, nil); got != n || err != nil {
		t.Fatalf("PublishAll = %d, %v", got, err)
	}
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	count := 0
	err := b.Consume(t.Context(), bus.Position{}, func(bus.Message) error {
		if count++; count == 1 {
			time.Sleep(300 * time.Millisecond) // the slowness itself is what is tested
			runtime.GC()
			runtime.ReadMemStats(&during)
		}
		if count == n {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatalf("Consume = %v", err)
	}
	grown := int64(during.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("a reader that stands still holds %d MiB", grown>>20)
	if grown > 117<<20 {
		t.Error("too much: more than half of the backlog")
	}
}

func BenchmarkRead(b *testing.B) {
	const n = 200_000
	log := open(b, anywhere(b.TempDir()))
	fill(b, log, 1, n)
	b.ReportAllocs()
	for b.Loop() {
		err := log.Consume(context.Background(), bus.Position{}, func(m bus.Message) error {
			if m.Sequence == n {
				return errEnough
			}
			return nil
		})
		if !errors.Is(err, errEnough) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

func BenchmarkPublishAll(b *testing.B) {
	const n = 50_000
	log := open(b, anywhere(b.TempDir()))
	b.ReportAllocs()
	from := 1
	for b.Loop() {
		fill(b, log, from, from+n-1)
		from += n
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

func BenchmarkPublish(b *testing.B) {
	log := open(b, anywhere(b.TempDir()))
	i := 0
	for b.Loop() {
		i++
		p := punch(i)
		if _, err := log.Publish(context.Background(), p.Subject, p.UID, p.Body); err != nil {
			b.Fatal(err)
		}
	}
}
