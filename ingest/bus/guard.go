package bus

// The guard: is the log still the one that the store was folded from?

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
)

// Check looks at the log as Consume does before the first message: the error is
// a *Halt when it is not the log that was folded up to p. Any other one means
// that there was no answer.
func (b *Bus) Check(ctx context.Context, p Position) error {
	if p.Created.IsZero() {
		p.Created = b.created
	}
	_, err := b.guard(ctx, p, b.accepted)
	return err
}

// guard looks at the log from p. The error is a *Halt for a log fault; any other
// one means that there was no answer. It returns the last sequence of the log.
func (b *Bus) guard(ctx context.Context, p Position, may allowance) (uint64, error) {
	last, err := b.look(ctx, p, may)
	outcome := guardOK
	if err != nil {
		outcome = guardFailed
		if _, halted := errors.AsType[*Halt](err); halted {
			outcome = guardHalted
		}
	}
	b.metrics.guardChecks.WithLabelValues(outcome).Inc()
	return last, err
}

func (b *Bus) look(ctx context.Context, p Position, may allowance) (uint64, error) {
	if err := context.Cause(b.writable()); err != nil {
		return 0, err
	}
	info, err := b.info(ctx)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return 0, haltGone()
	}
	if err != nil {
		return 0, err
	}
	created, s := info.Created, info.State
	b.noteLost(created, s)
	if !p.Created.IsZero() && !p.Created.Equal(created) {
		return 0, haltStream(created, p.Created)
	}
	if s.LastSeq < p.Sequence {
		return 0, haltRewound(created, s.LastSeq, p.Sequence)
	}
	if s.FirstSeq > p.Sequence+1 && !may(created, p.Sequence+1, s.FirstSeq-1) {
		return 0, haltGap(created, p.Sequence+1, s.FirstSeq-1)
	}
	return s.LastSeq, b.anchor(ctx, p, may)
}

// noteLost says aloud when the log loses messages that the fold need not read any more:
// it misses nothing, but who folds the log anew does.
func (b *Bus) noteLost(created time.Time, s jetstream.StreamState) {
	lost := max(1, s.FirstSeq) - 1 + uint64(s.NumDeleted)
	lost -= min(lost, acceptedUpTo(b.gaps, created, s.LastSeq))
	b.metrics.missing.Set(float64(lost))
	b.mu.Lock()
	before := b.lost
	b.lost = lost
	b.mu.Unlock()
	if lost > before {
		b.log.Error("messages are gone from the log: rollcall verify names them; bring the log back from a copy, or publish again what the store has (rollcall heal)",
			"missing", lost)
	}
}

// anchor compares the last applied message with the one that the log has under
// its number: a log that was cut and grew again has another.
func (b *Bus) anchor(ctx context.Context, p Position, may allowance) error {
	if p.Sequence == 0 || p.Hash == [32]byte{} {
		return nil
	}
	m, err := b.Read(ctx, p.Sequence)
	if errors.Is(err, hall.ErrNotFound) {
		if may(p.Created, p.Sequence, p.Sequence) {
			return nil
		}
		return haltAltered(p.Created, p.Sequence, true)
	}
	if err != nil {
		return fmt.Errorf("compare the last applied message: %w", err)
	}
	if m.Hash() != p.Hash {
		return haltAltered(p.Created, p.Sequence, false)
	}
	return nil
}
