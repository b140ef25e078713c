package bus

// What tests see of the inside.

import (
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Temporary reports whether an import sends an event again after an error.
var Temporary = temporary

// Reading is the inside of Consume: one reader after another on one cursor, fed by
// a test.
type Reading struct {
	bus     *Bus
	cursor  *cursor
	deliver func(Message) error
}

// NewReading reads a stream from its beginning.
func NewReading(created time.Time, gaps []Gap, deliver func(Message) error) *Reading {
	b := &Bus{log: slog.New(slog.DiscardHandler), gaps: gaps}
	return &Reading{bus: b, cursor: &cursor{may: b.accepted, pos: Position{Created: created}}, deliver: deliver}
}

// Next is the sequence that the next consumer would start at.
func (r *Reading) Next() uint64 { return r.cursor.sequence() + 1 }

// Session takes what one consumer sends, until something is wrong with it. again
// tells that a new consumer is needed.
func (r *Reading) Session(messages []jetstream.Msg) (again bool, err error) {
	one := &reader{bus: r.bus, cursor: r.cursor, deliver: r.deliver, ended: make(chan struct{})}
	for _, m := range messages {
		one.handle(m)
	}
	if refused := one.close(); refused != nil {
		return false, refused
	}
	select {
	case <-one.ended:
		_, again = one.err.(*reset)
		return again, one.err
	default:
		return true, nil
	}
}
