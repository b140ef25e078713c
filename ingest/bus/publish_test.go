package bus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

func TestPublishOnce(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx := t.Context()
	p := punch(1)
	for i, tt := range []struct {
		body []byte
		want bus.Ack
		err  error
	}{
		{p.Body, bus.Ack{Sequence: 1}, nil},
		{p.Body, bus.Ack{Sequence: 1, Duplicate: true}, nil},
		{[]byte(` {"method":"face", "time":"2020-11-04T08:30:00+08:00", "person":"P1", "id":"p1"}`), bus.Ack{Sequence: 1, Duplicate: true}, nil},
		{[]byte(`{"id":"p1","person":"P2"}`), bus.Ack{Sequence: 1, Duplicate: true}, hall.ErrConflict},
	} {
		ack, err := b.PublishOnce(ctx, p.Subject, p.UID, tt.body)
		if ack != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("PublishOnce %d = %+v, %v, want %+v, %v", i, ack, err, tt.want, tt.err)
		}
	}
	if ack, err := b.PublishRaw(ctx, p.Subject, p.Body); err != nil || ack != (bus.Ack{Sequence: 2}) {
		t.Errorf("PublishRaw = %+v, %v, want a new message", ack, err)
	}
}

// TestDeadLetterOccupiesNoUID: what cannot be read, and what somebody else published
// under the message id of an event, keeps that event out neither singly nor in an import.
func TestDeadLetterOccupiesNoUID(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx := t.Context()
	dead, squatted := punch(1), punch(2)
	if _, err := b.Publish(ctx, dead.Subject, dead.UID, []byte(`{"id":"p1","person":1}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Publish(ctx, "rollcall.H1.punch.T02", squatted.UID, squatted.Body); err != nil {
		t.Fatal(err)
	}
	for i, p := range []bus.Outgoing{dead, squatted} {
		want := bus.Ack{Sequence: uint64(3 + i)}
		if ack, err := b.PublishOnce(ctx, p.Subject, p.UID, p.Body); ack != want || err != nil {
			t.Errorf("PublishOnce(%s) = %+v, %v, want %+v", p.UID, ack, err, want)
		}
	}
	if n, dup, err := b.PublishAll(ctx, punches(1, 3), nil); n != 3 || dup != 0 || err != nil {
		t.Errorf("PublishAll = %d, %d, %v, want 3 stored", n, dup, err)
	}
}

func TestPublishRefuses(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	p := punch(1)
	for name, out := range map[string]bus.Outgoing{
		"too large":        {Subject: p.Subject, UID: p.UID, Body: bytes.Repeat([]byte("x"), bus.MaxMessage)},
		"much too large":   {Subject: p.Subject, UID: p.UID, Body: bytes.Repeat([]byte("x"), 1<<20)},
		"other subject":    {Subject: "other.H1.punch.T01", UID: p.UID},
		"space in subject": {Subject: "rollcall.H1.punch.T 1", UID: p.UID},
		"two lines":        {Subject: p.Subject, UID: "a\r\nb"},
	} {
		if _, err := b.Publish(t.Context(), out.Subject, out.UID, out.Body); !errors.Is(err, hall.ErrInvalid) {
			t.Errorf("%s: Publish = %v, want invalid", name, err)
		}
		one := func(yield func(bus.Outgoing, error) bool) { _ = yield(punch(2), nil) && yield(out, nil) }
		if _, _, err := b.PublishAll(t.Context(), one, nil); !errors.Is(err, hall.ErrInvalid) {
			t.Errorf("%s: PublishAll = %v, want invalid", name, err)
		}
	}
	if last, err := b.Last(t.Context()); last != 1 || err != nil {
		t.Errorf("Last = %d, %v, want 1: the good event before", last, err)
	}
}

func TestPublishWithoutAnswerIsUnknown(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	p := punch(1)
	_, err := b.Publish(ctx, p.Subject, p.UID, p.Body)
	if !errors.Is(err, bus.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Publish = %v, want unknown", err)
	}
}

func concat(seqs ...iter.Seq2[bus.Outgoing, error]) iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		for _, seq := range seqs {
			for out, err := range seq {
				if !yield(out, err) {
					return
				}
			}
		}
	}
}

// bodies reads the whole log and counts each body.
func bodies(t *testing.T, b *bus.Bus, until uint64) map[string]int {
	t.Helper()
	seen := map[string]int{}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := b.Consume(ctx, bus.Position{}, func(m bus.Message) error {
		seen[string(m.Body)]++
		if m.Sequence == until {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatalf("Consume = %v", err)
	}
	return seen
}

func TestPublishAll(t *testing.T) {
	errBad := errors.New("bad line")
	for name, tt := range map[string]struct {
		seq             iter.Seq2[bus.Outgoing, error]
		published, dups int
		err             error
	}{
		"nothing":                {punches(1, 0), 0, 0, nil},
		"one":                    {punches(11, 11), 1, 0, nil},
		"several batches":        {punches(11, 3510), 3500, 0, nil},
		"one duplicate of many":  {concat(punches(11, 500), punches(7, 7), punches(501, 1700)), 1690, 1, nil},
		"the same twice in file": {concat(punches(11, 20), punches(15, 16)), 10, 2, nil},
		"all there":              {punches(1, 10), 0, 10, nil},
		"an error at the end":    {concat(punches(11, 1510), func(y func(bus.Outgoing, error) bool) { y(bus.Outgoing{}, errBad) }), 1500, 0, errBad},
	} {
		for _, atomic := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				opts := anywhere(t.TempDir())
				if !atomic {
					out := bustest.Started(t)
					c := lossy()
					c.AllowAtomicPublish = false
					makeStream(t, out, c)
					opts = bus.Options{URL: out.URL()}
				}
				b := open(t, opts)
				fill(t, b, 1, 10)
				steps := []int{0}
				n, dups, err := b.PublishAll(t.Context(), tt.seq, func(n int) { steps = append(steps, n) })
				if n != tt.published || dups != tt.dups || !errors.Is(err, tt.err) {
					t.Fatalf("PublishAll = %d, %d, %v, want %d, %d, %v", n, dups, err, tt.published, tt.dups, tt.err)
				}
				if last := steps[len(steps)-1]; last != n+dups {
					t.Errorf("progress ended at %d, want %d", last, n+dups)
				}
				for body, times := range bodies(t, b, uint64(10+n)) {
					if times != 1 {
						t.Errorf("%d times in the log: %s", times, body)
					}
				}
			})
		}
	}
}

// A conflict is stored beside what it conflicts with, and named.
func TestPublishAllConflict(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	fill(t, b, 1, 50)
	other := func(yield func(bus.Outgoing, error) bool) {
		for i := 1; i <= 30; i++ {
			p := punch(i)
			p.Body = []byte(`{"id":"another content"}`)
			if !yield(p, nil) {
				return
			}
		}
	}
	n, dups, err := b.PublishAll(t.Context(), concat(punches(41, 60), other, punches(61, 70)), nil)
	if n != 20 || dups != 10 || !errors.Is(err, hall.ErrConflict) {
		t.Fatalf("PublishAll = %d, %d, %v, want 20, 10 and a conflict", n, dups, err)
	}
	if last, err := b.Last(t.Context()); err != nil || last != 50+20+30 {
		t.Errorf("Last = %d, %v, want 100: the 30 conflicts are in the log", last, err)
	}
	for _, want := range []string{"H1/punch/T01/p1:", "and 10 more"} {
		if !bytes.Contains([]byte(err.Error()), []byte(want)) {
			t.Errorf("PublishAll = %q, want %q in it", err, want)
		}
	}
}

// With its uid a punch is its person and time, however they are written; any other
// event is its whole body.
func TestPublishOnceComparesPunches(t *testing.T) {
	const punchAt = "rollcall.H1.punch.T01"
	b := open(t, anywhere(t.TempDir()))
	for _, tt := range []struct {
		name, subject, first, then string
		conflict                   bool
	}{
		{"as the store exports it", punchAt,
			`{"id":"a","person":"17","time":"2026-01-05T08:21:07+08:00","note":"x"}`, `{"id":"a","person":"17","time":"2026-01-05T00:21:07Z"}`, false},
		{"another person", punchAt,
			`{"id":"b","person":"17","time":"2026-01-05T08:21:07+08:00"}`, `{"id":"b","person":"18","time":"2026-01-05T08:21:07+08:00"}`, true},
		{"another time", punchAt,
			`{"id":"c","person":"17","time":"2026-01-05T08:21:07+08:00"}`, `{"id":"c","person":"17","time":"2026-01-05T08:21:08+08:00"}`, true},
		{"no punch", "rollcall.H1.terminal.T01",
			`{"id":"d","state":"alive","terminal":"T01","time":"2026-01-05T08:21:07+08:00"}`, `{"id":"d","state":"alive","terminal":"T01","time":"2026-01-05T00:21:07Z"}`, true},
	} {
		event, err := hall.Decode(tt.subject, []byte(tt.first))
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if _, err := b.PublishOnce(t.Context(), tt.subject, event.UID, []byte(tt.first)); err != nil {
			t.Fatalf("%s: PublishOnce = %v", tt.name, err)
		}
		ack, err := b.PublishOnce(t.Context(), tt.subject, event.UID, []byte(tt.then))
		if !ack.Duplicate || errors.Is(err, hall.ErrConflict) != tt.conflict {
			t.Errorf("%s: PublishOnce = %+v, %v, want a duplicate, in conflict: %t", tt.name, ack, err, tt.conflict)
		}
	}
}

func TestPublishAllKeepsOrder(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	fill(t, b, 1, 5000)
	for _, i := range []int{1, 2, 999, 1000, 1001, 4999, 5000} {
		m, err := b.Read(t.Context(), uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(punch(i).Body), string(m.Body)); diff != "" {
			t.Errorf("message %d (-want +got):\n%s", i, diff)
		}
	}
}

// The server goes away in the middle of an import and comes back.
func TestPublishAllSurvivesRestart(t *testing.T) {
	out := bustest.Started(t)
	b := open(t, bus.Options{URL: out.URL()})
	restart := func(yield func(bus.Outgoing, error) bool) { out.Stop(); out.Start() }
	n, dups, err := b.PublishAll(t.Context(), concat(punches(1, 4500), restart, punches(4501, 9000)), nil)
	if n+dups != 9000 || err != nil {
		t.Fatalf("PublishAll = %d, %d, %v, want 9000 in all", n, dups, err)
	}
	last, err := b.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if seen := bodies(t, b, last); len(seen) != 9000 {
		t.Errorf("%d different events in the log, want 9000", len(seen))
	}
}

// What may pass is tried again; what the server says for good is not.
func TestTemporary(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"no answer":                  {nats.ErrTimeout, true},
		"connection lost":            {nats.ErrDisconnected, true},
		"no stream yet":              {jetstream.ErrNoStreamResponse, true},
		"broken while it is written": {fmt.Errorf("publish: %w", &net.OpError{Op: "write", Err: syscall.EPIPE}), true},
		"server is busy":             {&jetstream.APIError{Code: 503}, true},
		"refused":                    {&jetstream.APIError{Code: 400}, false},
		"stopped":                    {nats.ErrConnectionClosed, false},
		"asked to end":               {context.Canceled, false},
	} {
		if got := bus.Temporary(tt.err); got != tt.want {
			t.Errorf("%s: %v is temporary: %t, want %t", name, tt.err, got, tt.want)
		}
	}
}

func TestPublishAllHeedsContext(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx, cancel := context.WithCancel(t.Context())
	endless := func(yield func(bus.Outgoing, error) bool) {
		for i := 1; yield(punch(i), nil); i++ {
		}
	}
	_, _, err := b.PublishAll(ctx, endless, func(n int) {
		if n > 2000 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("PublishAll = %v, want context canceled", err)
	}
}
