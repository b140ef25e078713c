package bus

// Publishing many events: in atomic batches, several under way at a time.

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"rollcall/hall"
)

const (
	// batchMessages is the server's limit.
	batchMessages = 1000
	batchBytes    = 1 << 20
	// batchesUnderWay times batchBytes is what waits in memory. The server allows
	// 50 for a stream, all publishers together.
	batchesUnderWay = 8
	// retryFor is how long one event is tried again before an import gives up.
	retryFor = time.Minute
	// lastAckWait is for the answers to what was sent before an import was broken
	// off.
	lastAckWait = 2 * time.Second
	// conflictsNamed is how many conflicts the error of an import spells out.
	conflictsNamed = 20
)

// PublishAll stores the events of seq, in their order unless something fails on
// the way, and returns how many were stored and how many were there before. It
// takes the next event only when there is room, so memory stays bounded by a few
// MiB whatever seq holds. progress, if given, is called with the number of
// events done so far, by the calling goroutine.
//
// An error of seq, an event that the stream cannot take, or a server that is
// away for longer than a minute ends it; what was sent before is stored, and it
// is safe to publish everything again. An event whose uid holds another content
// is stored too, without a message id, so that both reach the log whatever their
// distance in time: the fold lists them as a conflict. They are named by the
// error, hall.ErrConflict, that comes in the end.
func (b *Bus) PublishAll(ctx context.Context, seq iter.Seq2[Outgoing, error], progress func(n int)) (published, duplicates int, err error) {
	a, err := newAcks(b)
	if err != nil {
		return 0, 0, b.stopped(err)
	}
	defer a.close()
	im := &importer{bus: b, acks: a, progress: progress}
	writable, done := b.whileWritable(ctx)
	defer done()
	err = im.run(writable, seq)
	if halt, ok := errors.AsType[*Halt](context.Cause(writable)); ok && err != nil {
		err = fmt.Errorf("%w: %w", ErrUnknown, halt)
	}
	im.lastAcks(ctx)
	return im.published, im.duplicates, errors.Join(err, im.conflictError())
}

// importer is the work of one PublishAll.
type importer struct {
	bus      *Bus
	acks     *acks
	progress func(n int)
	underWay []*batch // oldest first

	published  int
	duplicates int
	conflicts  int
	named      []error // the first conflicts
}

// batch is what is sent and waited for together.
type batch struct {
	events []Outgoing
	bytes  int
	id     string       // of an atomic batch; then one answer for all
	acks   []pendingAck // else one an event
	done   int          // how many single answers were waited for
}

func (im *importer) run(ctx context.Context, seq iter.Seq2[Outgoing, error]) error {
	next := &batch{}
	for out, err := range seq {
		if err == nil {
			err = fits(out)
		}
		if err != nil {
			return errors.Join(err, im.flush(ctx, next))
		}
		next.events = append(next.events, out)
		next.bytes += len(out.Subject) + len(out.UID) + len(out.Body)
		if len(next.events) < batchMessages && next.bytes < batchBytes {
			continue
		}
		if err := im.start(ctx, next); err != nil {
			return err
		}
		next = &batch{}
	}
	return im.flush(ctx, next)
}

// flush sends what was collected last and waits for everything.
func (im *importer) flush(ctx context.Context, last *batch) error {
	if len(last.events) > 0 {
		if err := im.start(ctx, last); err != nil {
			return err
		}
	}
	for len(im.underWay) > 0 {
		if err := im.settleOldest(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) start(ctx context.Context, g *batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(im.underWay) >= batchesUnderWay {
		if err := im.settleOldest(ctx); err != nil {
			return err
		}
	}
	if im.bus.atomic && len(g.events) > 1 {
		im.sendTogether(g)
	} else {
		im.sendSingly(g)
	}
	im.underWay = append(im.underWay, g)
	return nil
}

func (im *importer) sendTogether(g *batch) {
	g.id = nuid.Next()
	g.acks = []pendingAck{im.acks.sendTogether(g.id, g.events, nil)}
}

func (im *importer) sendSingly(g *batch) {
	g.id = ""
	g.acks = make([]pendingAck, len(g.events))
	for i, out := range g.events {
		g.acks[i] = im.acks.send(outgoingMessage(out))
	}
}

func (im *importer) settleOldest(ctx context.Context) error {
	if err := im.settle(ctx, im.underWay[0]); err != nil {
		return err
	}
	im.underWay = im.underWay[1:]
	if im.progress != nil {
		im.progress(im.published + im.duplicates + im.conflicts)
	}
	return nil
}

// settle waits for a batch. An atomic one that was refused, for a duplicate in
// it or for anything else, goes again one by one, which either works or says
// which event is at fault.
func (im *importer) settle(ctx context.Context, g *batch) error {
	if g.id != "" {
		err := im.waitTogether(ctx, g)
		if err == nil {
			im.countBatch(g)
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		im.noteRefusal(err)
		im.sendSingly(g)
	}
	for i, out := range g.events {
		g.done++
		if err := im.settleOne(ctx, out, g.acks[i]); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) waitTogether(ctx context.Context, g *batch) error {
	_, err := im.acks.waitTogether(ctx, g.acks[0], g.id, len(g.events))
	return err
}

func (im *importer) countBatch(g *batch) {
	im.published += len(g.events)
	im.bus.metrics.published.WithLabelValues(outcomeStored).Add(float64(len(g.events)))
}

// lastAcks counts what is on its way after an import was broken off.
func (im *importer) lastAcks(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastAckWait)
	defer cancel()
	for _, g := range im.underWay {
		if g.id != "" {
			if im.waitTogether(ctx, g) == nil {
				im.countBatch(g)
			}
			continue
		}
		for _, p := range g.acks[g.done:] {
			ack, err := im.acks.wait(ctx, p)
			if err != nil {
				continue
			}
			im.bus.countStored(ack.Duplicate)
			if ack.Duplicate {
				im.duplicates++
			} else {
				im.published++
			}
		}
	}
}

func (im *importer) noteRefusal(err error) {
	if refused, ok := errors.AsType[*jetstream.APIError](err); ok && refused.ErrorCode == codeDuplicate {
		return // as expected when a file is imported again
	}
	im.bus.log.Debug("atomic batch goes again one by one", "err", err)
}

func (im *importer) settleOne(ctx context.Context, out Outgoing, p pendingAck) error {
	got, err := im.acks.wait(ctx, p)
	ack := Ack{Sequence: got.Sequence, Duplicate: got.Duplicate}
	if err == nil {
		im.bus.countStored(ack.Duplicate)
	} else if ack, err = im.retry(ctx, out, err); err != nil {
		return err
	}
	if !ack.Duplicate {
		im.published++
		return nil
	}
	err = im.bus.sameAs(ctx, ack.Sequence, out)
	switch {
	case err == nil:
		im.duplicates++
	case onlyItsID(err):
		if _, err := im.bus.publish(ctx, Outgoing{Subject: out.Subject, Body: out.Body, door: out.door}); err != nil {
			return err
		}
		im.published++
	case errors.Is(err, hall.ErrConflict):
		if _, err := im.bus.publish(ctx, Outgoing{Subject: out.Subject, Body: out.Body, door: out.door}); err != nil {
			return err
		}
		im.conflicts++
		if len(im.named) < conflictsNamed {
			im.named = append(im.named, err)
		}
	default:
		return err
	}
	return nil
}

// retry sends an event again until it is answered, refused for good, or nothing
// has come for too long.
func (im *importer) retry(ctx context.Context, out Outgoing, cause error) (Ack, error) {
	giveUp := time.Now().Add(retryFor)
	for attempt := 0; ; attempt++ {
		if !temporary(cause) || time.Now().After(giveUp) {
			outcome, err := explainPublish(cause)
			im.bus.metrics.published.WithLabelValues(outcome).Inc()
			return Ack{}, fmt.Errorf("publish %s on %s: %w", out.UID, out.Subject, err)
		}
		select {
		case <-ctx.Done():
			return Ack{}, ctx.Err()
		case <-time.After(backoff(attempt)):
		}
		got, err := im.acks.wait(ctx, im.acks.send(outgoingMessage(out)))
		if err == nil {
			im.bus.countStored(got.Duplicate)
			return Ack{Sequence: got.Sequence, Duplicate: got.Duplicate}, nil
		}
		cause = err
	}
}

// temporary reports whether the same event may be taken a little later.
func temporary(err error) bool {
	if answer, ok := errors.AsType[*jetstream.APIError](err); ok {
		return answer.Code >= 500 || answer.Code == 429
	}
	if _, broken := errors.AsType[*net.OpError](err); broken {
		return true // the connection broke while the event was written
	}
	return errors.Is(err, nats.ErrTimeout) || errors.Is(err, jetstream.ErrNoStreamResponse) ||
		errors.Is(err, nats.ErrReconnectBufExceeded) || errors.Is(err, nats.ErrDisconnected)
}

func (im *importer) conflictError() error {
	if im.conflicts > len(im.named) {
		im.named = append(im.named, fmt.Errorf("and %d more: %w", im.conflicts-len(im.named), hall.ErrConflict))
	}
	return errors.Join(im.named...)
}
