package bus

// Reading the log: one consumer after another, each from where the last one
// came to, so that neither a lost connection nor a restarted server is seen by
// whoever reads.

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

const (
	// pullMessages and pullBytes bound what one request brings; two may be under
	// way, so at most 48 MiB wait in memory.
	pullMessages = 5000
	pullBytes    = 24 << 20
	heartbeat    = 5 * time.Second
	// inactive is when the server forgets a consumer whose reader is gone.
	inactive = 5 * time.Minute
)

// The reasons for which a consumer is given up and made anew.
const (
	resetConnection = "connection" // it was lost and came back
	resetConsumer   = "consumer"   // heartbeats missed, consumer gone, server stopping
	resetLost       = "lost"       // messages were lost on the way
	resetStalled    = "stalled"    // the log has more, and nothing comes
	resetAnswer     = "answer"     // the server does not answer
)

// reset is the error of a consumer that must be made anew.
type reset struct {
	reason string
	err    error
}

func (r *reset) Error() string { return r.reason + ": " + r.err.Error() }

// Consume delivers every message behind from in the order of the stream, each
// once, and goes on for ever: it returns ctx's error, the error of deliver, a
// *Halt or ErrStopped.
//
// deliver is never called twice at the same time and may block, which slows the
// reading down; a few thousand messages wait in memory meanwhile. Consume
// returns only after it has returned, so it must heed ctx too.
//
// The guard looks at the log before the first message, before each new
// consumer, and every few seconds.
func (b *Bus) Consume(ctx context.Context, from Position, deliver func(Message) error) error {
	return b.consume(ctx, from, b.accepted, deliver)
}

func (b *Bus) consume(ctx context.Context, from Position, may allowance, deliver func(Message) error) error {
	if from.Created.IsZero() {
		from.Created = b.created
	}
	c := &cursor{may: may, pos: from}
	for failures := 0; ; failures++ {
		before := c.sequence()
		err := b.session(ctx, c, deliver)
		again, ok := errors.AsType[*reset](err)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case b.nc.IsClosed():
			return ErrStopped
		case !ok:
			return err
		}
		b.metrics.resets.WithLabelValues(again.reason).Inc()
		b.log.Warn("consumer starts anew", "reason", again.reason, "seq", c.sequence(), "err", again.err)
		if c.sequence() > before {
			failures = 0
		}
		if failures == 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-b.change():
		case <-time.After(backoff(failures)):
		}
	}
}

// session reads with one consumer, until ctx ends or something happens.
func (b *Bus) session(ctx context.Context, c *cursor, deliver func(Message) error) (err error) {
	ctx, cancel := b.whileConnected(ctx)
	defer cancel()
	if _, err := b.guard(ctx, c.position(), c.may); err != nil {
		return answerOrHalt(err)
	}
	consumer, err := b.newConsumer(ctx, c.sequence()+1)
	if err != nil {
		return err
	}
	defer b.forget(consumer)
	r := &reader{bus: b, cursor: c, deliver: deliver, ended: make(chan struct{})}
	defer func() {
		if refused := r.close(); refused != nil {
			err = refused
		}
	}()
	pull, err := consumer.Consume(r.handle,
		jetstream.PullMaxMessagesWithBytesLimit(pullMessages, pullBytes),
		jetstream.PullHeartbeat(heartbeat),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
			b.metrics.errors.Inc()
			r.end(&reset{resetConsumer, err})
		}))
	if err != nil {
		return &reset{resetAnswer, err}
	}
	defer pull.Stop()

	tick := time.NewTicker(b.every)
	defer tick.Stop()
	w := watch{bus: b, reader: r, seen: c.sequence()}
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-r.ended:
			return r.err
		case <-b.writable().Done():
			return context.Cause(b.writable())
		case <-tick.C:
			if err := w.look(ctx); err != nil {
				return err
			}
		}
	}
}

// whileConnected returns a context that also ends when the connection was lost
// and came back: questions that were under way are never answered.
func (b *Bus) whileConnected(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	changed := b.change()
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-changed:
			cancel(&reset{resetConnection, errors.New("the connection was lost")})
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel(nil)
		wg.Wait()
	}
}

func (b *Bus) newConsumer(ctx context.Context, start uint64) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	consumer, err := b.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		Name:              "rollcall-" + nuid.Next(),
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       start,
		AckPolicy:         jetstream.AckNonePolicy,
		InactiveThreshold: inactive,
		MemoryStorage:     true,
		Replicas:          1,
	})
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, haltGone()
	}
	if err != nil {
		return nil, &reset{resetAnswer, fmt.Errorf("make a consumer: %w", err)}
	}
	return consumer, nil
}

// forget removes a consumer from the server; if that fails the server does it
// itself in time.
func (b *Bus) forget(consumer jetstream.Consumer) {
	if !b.nc.IsConnected() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = b.stream.DeleteConsumer(ctx, consumer.CachedInfo().Name) // it may be gone already
}

// answerOrHalt leaves a *Halt as it is; without an answer the reader tries
// again.
func answerOrHalt(err error) error {
	if _, halted := errors.AsType[*Halt](err); halted {
		return err
	}
	return &reset{resetAnswer, err}
}

// watch is the guard while a reader runs.
type watch struct {
	bus    *Bus
	reader *reader
	seen   uint64 // where the reader was at the last look
	stalls int    // how often it had not moved although the log has more
}

func (w *watch) look(ctx context.Context) error {
	pos := w.reader.cursor.position()
	last, err := w.bus.guard(ctx, pos, w.reader.cursor.may)
	if _, halted := errors.AsType[*Halt](err); halted {
		return err
	}
	if err != nil {
		w.bus.log.Warn("guard has no answer", "err", err) // the heartbeat decides whether the connection is lost
		return nil
	}
	idle := pos.Sequence == w.seen && last > pos.Sequence && !w.reader.delivering()
	w.seen = pos.Sequence
	if !idle {
		w.stalls = 0
		return nil
	}
	return w.stalled(ctx, pos, last)
}

// stalled finds out why nothing comes: the log has lost its end, or the
// consumer is stuck.
func (w *watch) stalled(ctx context.Context, pos Position, last uint64) error {
	_, err := w.bus.Read(ctx, pos.Sequence+1)
	switch {
	case err == nil:
		if w.stalls++; w.stalls > 1 {
			return &reset{resetStalled, fmt.Errorf("the log has %d messages more", last-pos.Sequence)}
		}
	case isMissing(err) && !w.reader.cursor.may(pos.Created, pos.Sequence+1, last):
		return haltGap(pos.Created, pos.Sequence+1, last)
	}
	return nil
}
