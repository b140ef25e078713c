package bus

// Publishing one event: it is stored when the stream has said so.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
)

// Publish stores an event and waits for the stream's word that it is durable.
// The uid is the message id: the stream drops a repetition that comes within
// its duplicate window and says so in the Ack.
//
// The error wraps ErrUnknown when the event may be stored all the same, and
// hall.ErrInvalid when the stream can never take it.
func (b *Bus) Publish(ctx context.Context, subject string, uid hall.UID, body []byte) (Ack, error) {
	return b.publish(ctx, Outgoing{Subject: subject, UID: uid, Body: body})
}

// PublishRaw stores a body without a message id, whatever was stored before: a
// dead letter that is sent again.
func (b *Bus) PublishRaw(ctx context.Context, subject string, body []byte) (Ack, error) {
	return b.publish(ctx, Outgoing{Subject: subject, Body: body})
}

// PublishOnce is Publish for an edge that answers a person or a terminal: of a
// duplicate it compares the stored body, of a punch its person and time, and another
// one is hall.ErrConflict. The Ack then names the message that has the uid. What has
// only the message id keeps no event out.
func (b *Bus) PublishOnce(ctx context.Context, subject string, uid hall.UID, body []byte) (Ack, error) {
	ack, err := b.Publish(ctx, subject, uid, body)
	if err != nil || !ack.Duplicate {
		return ack, err
	}
	err = b.sameAs(ctx, ack.Sequence, Outgoing{Subject: subject, UID: uid, Body: body})
	if onlyItsID(err) {
		return b.PublishRaw(ctx, subject, body)
	}
	return ack, err
}

// errOnlyID says that a message has the message id of an event without being it: it
// is a dead letter, or somebody else's who gave it that id.
var errOnlyID = errors.New("another message has its id")

// onlyItsID reports whether sameAs found no event of the uid: nothing but its message
// id is taken, or the stream remembers the id of a message that it has lost.
func onlyItsID(err error) bool { return errors.Is(err, errOnlyID) || isMissing(err) }

// sameAs returns hall.ErrConflict if the message seq is another event of out's uid.
func (b *Bus) sameAs(ctx context.Context, seq uint64, out Outgoing) error {
	stored, err := b.Read(ctx, seq)
	if err != nil {
		return fmt.Errorf("compare %s with what has its uid: %w", out.UID, err)
	}
	if stored.Subject == out.Subject && (sameBody(stored.Body, out.Body) || samePunch(out.Subject, stored.Body, out.Body)) {
		return nil
	}
	if event, err := hall.Decode(stored.Subject, stored.Body); err != nil || event.UID != out.UID {
		return errOnlyID
	}
	b.metrics.published.WithLabelValues(outcomeConflict).Inc()
	return fmt.Errorf("publish %s: %w: message %d has the same uid and another content; nothing is edited: cancel it by a ruling and send anew under another id",
		out.UID, hall.ErrConflict, seq)
}

// sameBody compares what two bodies say; the canonical form leaves the order of
// keys and the spaces aside.
func sameBody(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	ca, errA := hall.Canonical(a)
	cb, errB := hall.Canonical(b)
	return errA == nil && errB == nil && bytes.Equal(ca, cb)
}

// samePunch reports whether two bodies are one punch: with its uid a punch is its person
// and time, so that what the store exports, its times in UTC, is what the terminal sent.
func samePunch(subject string, a, b []byte) bool {
	one, errA := hall.Decode(subject, a)
	other, errB := hall.Decode(subject, b)
	if errA != nil || errB != nil {
		return false
	}
	p, ok := one.Fact.(*hall.Punch)
	q, also := other.Fact.(*hall.Punch)
	return ok && also && p.UID == q.UID && p.Person == q.Person && p.Time == q.Time
}

func outgoingMessage(out Outgoing) *nats.Msg {
	m := &nats.Msg{Subject: out.door + out.Subject, Data: out.Body, Header: nats.Header{}}
	if out.UID != "" {
		m.Header[jetstream.MsgIDHeader] = []string{string(out.UID)}
	}
	return m
}

// fits refuses what the stream cannot take, before it is sent.
func fits(out Outgoing) error {
	switch {
	case !strings.HasPrefix(out.Subject, strings.TrimSuffix(Subjects, ">")):
		return fmt.Errorf("publish %s on %s: %w: not a subject of %s", out.UID, out.Subject, hall.ErrInvalid, Subjects)
	case strings.ContainsAny(string(out.UID), "\r\n"):
		return fmt.Errorf("publish %q: %w: a line break in the uid", out.UID, hall.ErrInvalid)
	case len(out.Body) > MaxMessage:
		return fmt.Errorf("publish %s: %w: %d bytes, the stream takes %d", out.UID, hall.ErrInvalid, len(out.Body), MaxMessage)
	}
	return nil
}

func (b *Bus) publish(ctx context.Context, out Outgoing) (Ack, error) {
	if err := fits(out); err != nil {
		b.metrics.published.WithLabelValues(outcomeRefused).Inc()
		return Ack{}, err
	}
	ctx, done := b.whileWritable(ctx)
	defer done()
	b.metrics.unanswered.Inc()
	ack, err := b.js.PublishMsg(ctx, outgoingMessage(out))
	b.metrics.unanswered.Dec()
	if err != nil {
		if halt, ok := errors.AsType[*Halt](context.Cause(ctx)); ok {
			err = halt
		}
		outcome, err := explainPublish(err)
		b.metrics.published.WithLabelValues(outcome).Inc()
		return Ack{}, fmt.Errorf("publish %s on %s: %w", out.UID, out.Subject, err)
	}
	b.countStored(ack.Duplicate)
	return Ack{Sequence: ack.Sequence, Duplicate: ack.Duplicate}, nil
}

func (b *Bus) countStored(duplicate bool) {
	outcome := outcomeStored
	if duplicate {
		outcome = outcomeDuplicate
	}
	b.metrics.published.WithLabelValues(outcome).Inc()
}

// explainPublish says whether an event that got no ack can be stored all the
// same.
func explainPublish(err error) (outcome string, _ error) {
	if errors.Is(err, nats.ErrConnectionClosed) {
		return outcomeRefused, ErrStopped
	}
	if errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrBadSubject) {
		return outcomeRefused, fmt.Errorf("%w: %w", hall.ErrInvalid, err)
	}
	if _, answered := errors.AsType[*jetstream.APIError](err); answered {
		return outcomeRefused, err
	}
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		return outcomeRefused, fmt.Errorf("%w: the server runs, but its stream %s does not answer; see the server's log", err, StreamName)
	}
	return outcomeUnknown, fmt.Errorf("%w: %w", ErrUnknown, err)
}
