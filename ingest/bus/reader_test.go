package bus_test

// Reading through a connection that loses, repeats and reorders, from a log that
// has holes.

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"pgregory.net/rapid"

	"rollcall/ingest/bus"
)

// received is a message as a consumer sends it.
type received struct {
	jetstream.Msg // nil: only what follows is asked for
	stream        uint64
	consumer      uint64
}

func (m received) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{Sequence: jetstream.SequencePair{Stream: m.stream, Consumer: m.consumer}}, nil
}
func (m received) Subject() string { return "rollcall.demo.punch.T1" }
func (m received) Data() []byte    { return fmt.Appendf(nil, "%d", m.stream) }

// TestReadingKeepsTheOrder: whatever the way does, each message is delivered once
// and in order; at a hole of the log that nobody has accepted reading stops.
func TestReadingKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		created := time.Unix(1, 0)
		last := uint64(rapid.IntRange(1, 40).Draw(t, "last"))
		holes := rapid.SliceOfNDistinct(rapid.Uint64Range(1, last), 0, 3, rapid.ID[uint64]).Draw(t, "holes")
		var gaps []bus.Gap
		stop := last + 1 // the first hole that is not accepted
		for _, h := range slices.Sorted(slices.Values(holes)) {
			if rapid.Bool().Draw(t, "accepted") {
				gaps = append(gaps, bus.Gap{Created: created, From: h, To: h, Reason: "lost"})
			} else {
				stop = min(stop, h)
			}
		}
		var log, want []uint64
		for n := uint64(1); n <= last; n++ {
			if !slices.Contains(holes, n) {
				log = append(log, n)
				if n < stop {
					want = append(want, n)
				}
			}
		}
		var got []uint64
		r := bus.NewReading(created, gaps, func(m bus.Message) error {
			got = append(got, m.Sequence)
			return nil
		})
		for session := 0; ; session++ {
			messages := sentFrom(log, r.Next())
			if session < 20 { // then the way is sound, so that it ends
				messages = disturbed(t, messages)
			}
			again, err := r.Session(messages)
			if halt, ok := errors.AsType[*bus.Halt](err); ok {
				if halt.Fault != bus.FaultGap || halt.From > stop || halt.To < stop {
					t.Fatalf("halted: %v, want the hole at %d", halt, stop)
				}
				break
			}
			if !again {
				t.Fatalf("session: %v", err)
			}
			if session >= 20 && err == nil {
				break
			}
		}
		// A gap that is partly accepted stops before its first message.
		if len(got) > len(want) || !slices.Equal(got, want[:len(got)]) || stop > last && len(got) < len(want) {
			t.Fatalf("delivered %v, want %v (holes %v, stop at %d)", got, want, holes, stop)
		}
	})
}

// sentFrom is what a consumer sends.
func sentFrom(log []uint64, start uint64) []jetstream.Msg {
	var messages []jetstream.Msg
	for _, n := range log {
		if n >= start {
			messages = append(messages, received{stream: n, consumer: uint64(len(messages) + 1)})
		}
	}
	return messages
}

// disturbed loses, repeats and reorders messages on the way.
func disturbed(t *rapid.T, messages []jetstream.Msg) []jetstream.Msg {
	out := slices.Clone(messages)
	for range rapid.IntRange(0, 3).Draw(t, "disturbances") {
		if len(out) < 2 {
			return out
		}
		i := rapid.IntRange(0, len(out)-2).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			out = slices.Delete(out, i, i+1)
		case 1:
			out = slices.Insert(out, i+1, out[i])
		case 2:
			out[i], out[i+1] = out[i+1], out[i]
		case 3:
			out = out[:i+1] // the connection is lost
		}
	}
	return out
}
