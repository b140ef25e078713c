package bus_test

// Logs that are made anew, and logs that are read in spite of what they lost.

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

// messages are punches under given sequences.
func messages(sequences ...uint64) []bus.Message {
	var list []bus.Message
	for _, seq := range sequences {
		list = append(list, under(seq, punch(int(seq))))
	}
	return list
}

func under(seq uint64, p bus.Outgoing) bus.Message {
	return bus.Message{Sequence: seq, Subject: p.Subject, Body: p.Body}
}

func stretch(from, to uint64) (sequences []uint64) {
	for seq := from; seq <= to; seq++ {
		sequences = append(sequences, seq)
	}
	return sequences
}

// remains returns what is left of a log.
func remains(t *testing.T, b *bus.Bus) []bus.Message {
	t.Helper()
	last, err := b.Remains().Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list []bus.Message
	if last == 0 {
		return nil
	}
	err = b.Remains().Consume(t.Context(), bus.Position{}, func(m bus.Message) error {
		list = append(list, m)
		if m.Sequence >= last {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatalf("Consume = %v, want to reach %d", err, last)
	}
	return list
}

// TestRestore: each message comes back under its own sequence, holes too, and what
// comes out is a log like every other.
func TestRestore(t *testing.T) {
	for name, want := range map[string][]bus.Message{
		"whole":        messages(stretch(1, 2500)...),
		"without head": messages(stretch(1201, 1300)...),
		"with a hole":  append(messages(1, 2), messages(stretch(7, 1500)...)...),
		"same twice":   {under(1, punch(5)), under(2, punch(5))},
		"large":        {{Sequence: 1, Subject: "rollcall.H1.punch.T01", Body: []byte(strings.Repeat("x", 1<<20))}},
		"nothing":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := anywhere(dir)
			o.Restoring = true
			b := open(t, o)
			for rest := want; len(rest) > 0; {
				n := min(len(rest), 700)
				if err := b.Restore(t.Context(), rest[:n]); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := b.Restored(t.Context()); err != nil {
				t.Fatal(err)
			}
			stop(t, b)
			b = open(t, anywhere(dir))
			got := remains(t, b)
			if len(got) != len(want) {
				t.Fatalf("%d messages came back, want %d", len(got), len(want))
			}
			for i := range got {
				if got[i].Sequence != want[i].Sequence || got[i].Hash() != want[i].Hash() {
					t.Fatalf("message %d came back as %d %s", want[i].Sequence, got[i].Sequence, got[i].Subject)
				}
			}
			if last, err := b.Last(t.Context()); err != nil || len(want) > 0 && last != want[len(want)-1].Sequence {
				t.Errorf("Last = %d, %v", last, err)
			}
			if name == "with a hole" {
				h := wantHalt(t, b, bus.Position{}, bus.FaultGap)
				if h.From != 3 || h.To != 6 {
					t.Errorf("the gap is %d to %d, want 3 to 6", h.From, h.To)
				}
			}
			fill(t, b, 5000, 5001)
		})
	}
}

// TestRestoringIsPrivate: while a log is made anew nobody else may come near it.
func TestRestoringIsPrivate(t *testing.T) {
	o := anywhere(t.TempDir())
	o.Restoring = true
	b := open(t, o)
	nc, err := nats.Connect(b.Addr())
	if err == nil {
		nc.Close()
		t.Error("a stranger was let in")
	}
	if err := b.Restore(t.Context(), messages(2, 1)); !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("Restore of sequences that go back = %v", err)
	}
}

// TestMend: who mends the log publishes while nobody is admitted, and nobody else
// does meanwhile.
func TestMend(t *testing.T) {
	o := anywhere(t.TempDir())
	o.Closed = true
	b := open(t, o)
	nc := bustest.Connect(t, b.Addr())
	refused := func() {
		t.Helper()
		p := punch(77)
		if answer, err := nc.Request(p.Subject, p.Body, time.Second); !errors.Is(err, nats.ErrNoResponders) {
			t.Errorf("a stranger published: %v %v", answer, err)
		}
	}
	refused()
	n, dup, err := b.Mend(t.Context(), func(yield func(bus.Outgoing, error) bool) {
		for i := range 1500 {
			if i == 1200 {
				refused()
			}
			if !yield(punch(i), nil) {
				return
			}
		}
	}, nil)
	if n != 1500 || dup != 0 || err != nil {
		t.Errorf("Mend = %d, %d, %v, want 1500 published", n, dup, err)
	}
	refused()
	if _, err := b.Publish(t.Context(), punch(3).Subject, punch(3).UID, punch(3).Body); err == nil {
		t.Error("our own publications are let in through a door that should be shut")
	}
	got := remains(t, b)
	if len(got) != 1500 || got[0].Subject != punch(0).Subject {
		t.Errorf("%d messages, the first on %s", len(got), got[0].Subject)
	}
	n, dup, err = b.Mend(t.Context(), punches(0, 1499), nil)
	if n != 0 || dup != 1500 || err != nil {
		t.Errorf("Mend again = %d, %d, %v, want 1500 duplicates", n, dup, err)
	}
}

// TestMendOutside: a server outside takes what we send.
func TestMendOutside(t *testing.T) {
	o := bustest.Started(t)
	b := open(t, bus.Options{URL: o.URL()})
	if n, _, err := b.Mend(context.Background(), punches(1, 10), nil); n != 10 || err != nil {
		t.Errorf("Mend = %d, %v", n, err)
	}
}

// TestRemains reads a log that has lost its head, its middle and its end.
func TestRemains(t *testing.T) {
	o := bustest.Started(t)
	s := makeStream(t, o, lossy())
	b := open(t, bus.Options{URL: o.URL()})
	if last, err := b.Remains().Last(t.Context()); last != 0 || err != nil {
		t.Errorf("Last of an empty log = %d, %v", last, err)
	}
	fill(t, b, 1, 20)
	for _, seq := range []uint64{1, 2, 9, 10, 19, 20} {
		if err := s.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	got := remains(t, b)
	if len(got) != 14 || got[0].Sequence != 3 || got[13].Sequence != 18 {
		t.Errorf("%d messages remain, from %d to %d", len(got), got[0].Sequence, got[len(got)-1].Sequence)
	}
	if err := b.Remains().Check(t.Context(), bus.Position{}); err != nil {
		t.Errorf("Check = %v", err)
	}
}

// TestMendForgotten: the stream remembers the id of a message that it has lost, and
// takes the event all the same.
func TestMendForgotten(t *testing.T) {
	o := bustest.Started(t)
	s := makeStream(t, o, lossy())
	b := open(t, bus.Options{URL: o.URL()})
	fill(t, b, 1, 10)
	if err := s.DeleteMsg(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	n, dup, err := b.Mend(t.Context(), punches(3, 4), nil)
	if n != 1 || dup != 1 || err != nil {
		t.Errorf("Mend = %d, %d, %v, want 1 published and 1 duplicate", n, dup, err)
	}
	if got := remains(t, b); len(got) != 10 || string(got[9].Body) != string(punch(4).Body) {
		t.Errorf("the log has %d messages and ends with %s", len(got), got[9].Body)
	}
}
