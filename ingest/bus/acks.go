package bus

// The answers of the stream to what was published without waiting.

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ackWait is shorter than the duplicate window: what is sent again after it
// still meets itself there.
const (
	ackWait = duplicates / 2
	// lateWait is for answers that come after the connection did: one to an event
	// that waited in the client meanwhile. All others are lost.
	lateWait = 500 * time.Millisecond
)

// acks is one inbox for many answers.
type acks struct {
	bus    *Bus
	prefix string
	sub    *nats.Subscription

	mu      sync.Mutex
	next    uint64                   // guarded by mu
	waiting map[string]chan<- []byte // guarded by mu; by the last token of the reply subject
}

// pendingAck is one answer to come.
type pendingAck struct {
	token   string
	reply   <-chan []byte
	sent    time.Time
	changed <-chan struct{} // closed when the connection was lost and came back since
	err     error           // it could not be sent
}

func newAcks(b *Bus) (*acks, error) {
	a := &acks{bus: b, prefix: b.nc.NewInbox() + ".", waiting: map[string]chan<- []byte{}}
	sub, err := b.nc.Subscribe(a.prefix+"*", a.receive)
	if err != nil {
		return nil, fmt.Errorf("listen for acks: %w", err)
	}
	a.sub = sub
	return a, nil
}

func (a *acks) close() {
	_ = a.sub.Unsubscribe() // the connection may be closed
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bus.metrics.unanswered.Sub(float64(len(a.waiting)))
	clear(a.waiting)
}

func (a *acks) receive(m *nats.Msg) {
	token := strings.TrimPrefix(m.Subject, a.prefix)
	if reply, ok := a.take(token); ok {
		reply <- m.Data
	}
}

// take ends the wait for an answer.
func (a *acks) take(token string) (reply chan<- []byte, waited bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if reply, waited = a.waiting[token]; waited {
		delete(a.waiting, token)
		a.bus.metrics.unanswered.Dec()
	}
	return reply, waited
}

// send publishes m so that its answer can be waited for.
func (a *acks) send(m *nats.Msg) pendingAck {
	reply := make(chan []byte, 1)
	a.mu.Lock()
	a.next++
	token := strconv.FormatUint(a.next, 36)
	a.waiting[token] = reply
	a.bus.metrics.unanswered.Inc()
	a.mu.Unlock()
	m.Reply = a.prefix + token
	p := pendingAck{token: token, reply: reply, sent: time.Now(), changed: a.bus.change()}
	if p.err = a.bus.nc.PublishMsg(m); p.err != nil {
		a.take(token)
	}
	return p
}

// streamAck is the stream's answer.
type streamAck struct {
	Error     *jetstream.APIError `json:"error"`
	Stream    string              `json:"stream"`
	Sequence  uint64              `json:"seq"`
	Duplicate bool                `json:"duplicate"`
	Batch     string              `json:"batch"`
	Count     int                 `json:"count"`
}

// wait returns the answer to p. Its errors are those of jetstream's Publish.
func (a *acks) wait(ctx context.Context, p pendingAck) (streamAck, error) {
	if p.err != nil {
		return streamAck{}, p.err
	}
	answer, err := a.receiveOne(ctx, p)
	if err != nil {
		a.take(p.token)
		return streamAck{}, err
	}
	if len(answer) == 0 { // "no responders" has no body
		return streamAck{}, jetstream.ErrNoStreamResponse
	}
	var ack streamAck
	if err := json.Unmarshal(answer, &ack); err != nil {
		return streamAck{}, fmt.Errorf("%w: %w", jetstream.ErrInvalidJSAck, err)
	}
	if ack.Error != nil {
		return streamAck{}, ack.Error
	}
	if ack.Stream == "" {
		return streamAck{}, jetstream.ErrInvalidJSAck
	}
	return ack, nil
}

func (a *acks) receiveOne(ctx context.Context, p pendingAck) ([]byte, error) {
	timer := time.NewTimer(ackWait - time.Since(p.sent))
	defer timer.Stop()
	select {
	case answer := <-p.reply:
		return answer, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, nats.ErrTimeout
	case <-p.changed:
	}
	timer.Reset(lateWait)
	select {
	case answer := <-p.reply:
		return answer, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, nats.ErrDisconnected
	}
}
