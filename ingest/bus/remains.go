package bus

// Remains: the log as it is, whatever it has lost.

import (
	"context"
	"errors"
	"time"

	"rollcall/hall"
)

// Remains reads a log that may have lost messages: no gap halts it, since who
// asks wants to know what is still there. Everything else is guarded as ever.
type Remains struct{ *Bus }

// Remains returns the log for those who look at a loss or mend it.
func (b *Bus) Remains() Remains { return Remains{b} }

// Last returns the sequence of the last message that can still be read, 0 if
// there is none.
func (r Remains) Last(ctx context.Context) (uint64, error) {
	m, err := r.LastOf(ctx, Subjects)
	if errors.Is(err, hall.ErrNotFound) {
		return 0, nil
	}
	return m.Sequence, err
}

// Check is Bus.Check that takes every gap for accepted.
func (r Remains) Check(ctx context.Context, p Position) error {
	if p.Created.IsZero() {
		p.Created = r.created
	}
	_, err := r.guard(ctx, p, anyLoss)
	return err
}

// Consume is Bus.Consume that passes over gaps: the sequences tell.
func (r Remains) Consume(ctx context.Context, from Position, deliver func(Message) error) error {
	return r.consume(ctx, from, anyLoss, deliver)
}

func anyLoss(time.Time, uint64, uint64) bool { return true }
