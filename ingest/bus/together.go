package bus

// Atomic batches: all of the events are stored, one behind the other, or none.

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"rollcall/hall"
)

// The headers of an atomic batch. The last message has the commit header and
// gets the answer for all.
const (
	headerBatch  = "Nats-Batch-Id"
	headerPlace  = "Nats-Batch-Sequence"
	headerCommit = "Nats-Batch-Commit"
)

// codeDuplicate is the server's word for a batch with a duplicate in it.
const codeDuplicate = 10201

// Expected is a condition: Last is the sequence of the last message of Subject,
// which may have wildcards; 0 if there is none. Without a Subject it is the last
// sequence of the stream, whether its message is still there or not.
type Expected struct {
	Subject string
	Last    uint64
}

// PublishTogether stores up to 1000 events in one piece, if the condition holds
// when the stream takes them: hall.ErrConflict says that somebody was faster, or
// that one of the uids is taken. The Ack names the last of them.
//
// Other errors are those of Publish; after ErrUnknown ask LastOf what happened.
func (b *Bus) PublishTogether(ctx context.Context, events []Outgoing, want Expected) (Ack, error) {
	switch {
	case len(events) == 0 || len(events) > batchMessages:
		return Ack{}, fmt.Errorf("publish together: %w: %d events, want 1 to %d", hall.ErrInvalid, len(events), batchMessages)
	case !b.atomic:
		return Ack{}, fmt.Errorf("publish %s together: the stream %s takes no atomic batches: it needs nats-server 2.12 and `nats stream edit %s --allow-batch`",
			events[0].UID, StreamName, StreamName)
	}
	for _, out := range events {
		if err := fits(out); err != nil {
			return Ack{}, err
		}
	}
	return b.sendTogether(ctx, events, want)
}

// sendTogether sends events that fit.
func (b *Bus) sendTogether(ctx context.Context, events []Outgoing, want Expected) (Ack, error) {
	a, err := newAcks(b)
	if err != nil {
		return Ack{}, b.stopped(err)
	}
	defer a.close()
	id := nuid.Next()
	answer, err := a.waitTogether(ctx, a.sendTogether(id, events, &want), id, len(events))
	if err == nil {
		b.metrics.published.WithLabelValues(outcomeStored).Add(float64(len(events)))
		return Ack{Sequence: answer.Sequence}, nil
	}
	outcome, err := explainTogether(err)
	b.metrics.published.WithLabelValues(outcome).Add(float64(len(events)))
	return Ack{}, fmt.Errorf("publish %s and %d more together: %w", events[0].UID, len(events)-1, err)
}

func explainTogether(err error) (outcome string, _ error) {
	if answer, ok := errors.AsType[*jetstream.APIError](err); ok {
		switch answer.ErrorCode {
		case codeDuplicate, jetstream.JSErrCodeStreamWrongLastSequence, jetstream.JSErrCodeStreamWrongLastSequenceConstant:
			return outcomeConflict, fmt.Errorf("%w: %w", hall.ErrConflict, err)
		}
	}
	return explainPublish(err)
}

// sendTogether sends events as the atomic batch id; want may be nil.
func (a *acks) sendTogether(id string, events []Outgoing, want *Expected) pendingAck {
	last := len(events) - 1
	for i, out := range events {
		m := outgoingMessage(out)
		m.Header[headerBatch] = []string{id}
		m.Header[headerPlace] = []string{strconv.Itoa(i + 1)}
		if i == 0 && want != nil {
			want.header(m.Header)
		}
		if i == last {
			m.Header[headerCommit] = []string{"1"}
			return a.send(m)
		}
		if err := a.bus.nc.PublishMsg(m); err != nil {
			return pendingAck{err: err}
		}
	}
	return pendingAck{err: nats.ErrInvalidArg} // unreachable: there are events
}

func (w *Expected) header(h nats.Header) {
	last := []string{strconv.FormatUint(w.Last, 10)}
	if w.Subject == "" {
		h[jetstream.ExpectedLastSeqHeader] = last
		return
	}
	h[jetstream.ExpectedLastSubjSeqHeader] = last
	h[jetstream.ExpectedLastSubjSeqSubjHeader] = []string{w.Subject}
}

func (a *acks) waitTogether(ctx context.Context, p pendingAck, id string, count int) (streamAck, error) {
	ack, err := a.wait(ctx, p)
	if err == nil && (ack.Batch != id || ack.Count != count) {
		return streamAck{}, fmt.Errorf("%w: for %d events of batch %q", jetstream.ErrInvalidJSAck, ack.Count, ack.Batch)
	}
	return ack, err
}
