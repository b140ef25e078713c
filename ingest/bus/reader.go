package bus

// One consumer's messages, checked one by one, and the place in the log that
// has been reached.

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
)

// cursor is how far has been delivered; it lives longer than a consumer.
type cursor struct {
	may allowance

	mu   sync.Mutex
	pos  Position // guarded by mu; its Hash is old while last is set
	last Message  // guarded by mu; the last delivered message while not yet hashed
}

func (c *cursor) sequence() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pos.Sequence
}

func (c *cursor) advance(m Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pos.Sequence = m.Sequence
	c.last = m
}

// position hashes the last message only now: the guard looks seldom.
func (c *cursor) position() Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last.Sequence != 0 {
		c.pos.Hash = c.last.Hash()
		c.last = Message{}
	}
	return c.pos
}

// reader hands the messages of one consumer on.
type reader struct {
	bus     *Bus
	cursor  *cursor
	deliver func(Message) error

	busy     sync.Mutex // held while a message is handled
	consumed uint64     // guarded by busy; the consumer's own count
	over     bool       // guarded by busy
	refused  error      // guarded by busy; what deliver returned
	inside   atomic.Bool

	once  sync.Once
	ended chan struct{}
	err   error // written once, before ended is closed
}

// end says why the consumer is over; the first reason stands.
func (r *reader) end(err error) {
	r.once.Do(func() {
		r.err = err
		close(r.ended)
	})
}

// close waits for the message that is being handled and takes no more. It returns
// the error of deliver, if there was one: that one counts, whatever else has ended
// the reader meanwhile.
func (r *reader) close() error {
	r.busy.Lock()
	defer r.busy.Unlock()
	r.over = true
	return r.refused
}

func (r *reader) delivering() bool { return r.inside.Load() }

func (r *reader) handle(m jetstream.Msg) {
	r.busy.Lock()
	defer r.busy.Unlock()
	if r.over {
		return
	}
	if err := r.take(m); err != nil {
		r.over = true
		r.end(err)
	}
}

func (r *reader) take(m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return &reset{resetLost, fmt.Errorf("read a message's position: %w", err)}
	}
	// The consumer counts what it sends. A hole in its count was lost on the way;
	// a hole in the stream's numbers with a full count is a hole in the stream.
	r.consumed++
	seq, last := meta.Sequence.Stream, r.cursor.sequence()
	if meta.Sequence.Consumer != r.consumed || seq <= last {
		return &reset{resetLost, fmt.Errorf("message %d after %d", seq, last)}
	}
	if seq != last+1 {
		if err := r.gap(last+1, seq-1); err != nil {
			return err
		}
	}
	msg := Message{Sequence: seq, Subject: m.Subject(), Body: m.Data(), Time: meta.Timestamp, Pending: meta.NumPending}
	r.inside.Store(true)
	err = r.deliver(msg)
	r.inside.Store(false)
	if err != nil {
		r.refused = err
		return err
	}
	r.cursor.advance(msg)
	return nil
}

func (r *reader) gap(from, to uint64) error {
	created := r.cursor.position().Created
	if !r.cursor.may(created, from, to) {
		return haltGap(created, from, to)
	}
	r.bus.log.Warn("gap of the log passed", "from", from, "to", to)
	return nil
}

func isMissing(err error) bool { return errors.Is(err, hall.ErrNotFound) }
