package ingest_test

// What the tests share: a log from a script, stores, events.

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// script is a log: what it has, what is added while it is read, and a fault at
// its end.
type script struct {
	mu       sync.Mutex
	messages []bus.Message // guarded by mu
	fault    error         // guarded by mu; returned behind the last message
	checks   []error       // guarded by mu; what Check answers, one after the other, then nil
	grown    chan struct{} // guarded by mu; closed when there is more
}

var created = time.Date(2020, 11, 1, 0, 0, 0, 5, time.UTC)

func newScript(lines ...[2]string) *script {
	s := &script{grown: make(chan struct{})}
	s.add(lines...)
	return s
}

// add appends messages of subject and body.
func (s *script) add(lines ...[2]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, line := range lines {
		n := uint64(len(s.messages) + 1)
		s.messages = append(s.messages, bus.Message{
			Sequence: n, Subject: line[0], Body: []byte(line[1]), Time: created.Add(time.Duration(n) * time.Second),
		})
	}
	close(s.grown)
	s.grown = make(chan struct{})
}

func (s *script) Created() time.Time { return created }

func (s *script) Last(context.Context) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return uint64(len(s.messages)), nil
}

func (s *script) Check(context.Context, bus.Position) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.checks) == 0 {
		return nil
	}
	err := s.checks[0]
	s.checks = s.checks[1:]
	return err
}

func (s *script) Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error {
	for next := from.Sequence; ; {
		s.mu.Lock()
		messages, fault, grown := s.messages, s.fault, s.grown
		s.mu.Unlock()
		for ; next < uint64(len(messages)); next++ {
			m := messages[next]
			m.Pending = uint64(len(messages)) - m.Sequence
			if err := deliver(m); err != nil {
				return err
			}
		}
		if fault != nil {
			return fault
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func openStore(t testing.TB) *store.Store {
	t.Helper()
	return openIn(t, t.TempDir())
}

func openIn(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{NoSync: true})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() }) // some tests close it themselves
	return s
}

// running is a fold that works until stop, which returns what Run did.
type running struct {
	*ingest.Fold
	stop func() error
}

func run(t testing.TB, o ingest.Options) running {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	f, err := ingest.New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	var wg sync.WaitGroup
	wg.Go(func() { done <- f.Run(ctx) })
	stop := sync.OnceValue(func() error {
		cancel()
		wg.Wait()
		return <-done
	})
	t.Cleanup(func() { _ = stop() }) // tests that care have asked already
	return running{f, stop}
}

func (r running) wait(t testing.TB, sequence uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := r.Wait(ctx, sequence); err != nil {
		t.Fatalf("Wait(%d): %v", sequence, err)
	}
}

func view(t testing.TB, s *store.Store, fn func(*store.View)) {
	t.Helper()
	err := s.View(func(v *store.View) error {
		fn(v)
		return nil
	})
	if err != nil {
		t.Fatalf("View: %v", err)
	}
}

func check(t testing.TB, s *store.Store) {
	t.Helper()
	if err := ingest.Check(t.Context(), s); err != nil {
		t.Errorf("Check: %v", err)
	}
}

func digest(t testing.TB, s *store.Store) (sum [32]byte) {
	t.Helper()
	view(t, s, func(v *store.View) { sum = v.Digest() })
	return sum
}

func deadOf(t testing.TB, s *store.Store) (dead []store.Dead) {
	t.Helper()
	view(t, s, func(v *store.View) {
		for d, err := range v.Dead("", 0) {
			if err != nil {
				t.Fatal(err)
			}
			dead = append(dead, d)
		}
	})
	return dead
}

func punch(h hall.ID, id, person, at string) [2]string {
	return [2]string{
		hall.Subject(h, hall.KindPunch, "T1"),
		fmt.Sprintf(`{"id":%q,"person":%q,"time":"2020-11-03T%s:00+08:00"}`, id, person, at),
	}
}

func leave(id, person, from, until string) [2]string {
	return [2]string{
		hall.Subject("demo", hall.KindLeave, "c"),
		fmt.Sprintf(`{"id":%q,"time":"2020-11-01T00:00:00Z","person":%q,"kind":"sick","from":%q,"until":%q}`, id, person, from, until),
	}
}

// mixture makes n lines: punches and leave, some repeated, some in conflict,
// some dead, some of another hall.
func mixture(n int, seed uint64) [][2]string {
	r := rand.New(rand.NewPCG(seed, 3))
	lines := make([][2]string, 0, n)
	for range n {
		id := fmt.Sprint(r.IntN(n))
		switch r.IntN(8) {
		case 0:
			lines = append(lines, leave(id, "1", "2020-11-03", fmt.Sprintf("2020-11-0%d", 3+r.IntN(3))))
		case 1:
			lines = append(lines, [2]string{"rollcall.demo.punch.T1", `{"id":"` + id + `"}`})
		case 2:
			lines = append(lines, punch("other", id, "1", "08:30"))
		default:
			lines = append(lines, punch("demo", id, fmt.Sprint(r.IntN(5)), fmt.Sprintf("%02d:%02d", r.IntN(24), r.IntN(3))))
		}
	}
	return lines
}
