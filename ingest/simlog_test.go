package ingest_test

// The log of a simulation: one order of messages, behind a connection that is
// slow, breaks and says nothing, and with the faults that logs have.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"rollcall/ingest/bus"
)

// fault is what is wrong with the log during a life of the fold.
type fault string

const (
	sound    fault = "sound"
	another  fault = "another stream"
	rewound  fault = "an older copy"
	altered  fault = "cut and grown again"
	gap      fault = "messages missing"
	silent   fault = "no answer for a long time" // heals by itself
	flapping fault = "a connection that breaks all the time"
)

var faults = []fault{sound, sound, sound, silent, flapping, another, rewound, altered, gap}

// halts reports whether the fold must stand still before it reads anything.
func (f fault) halts() bool { return f == another || f == rewound || f == altered }

// simLog is an ingest.Source.
type simLog struct {
	mu       sync.Mutex
	messages []bus.Message // guarded by mu
	grown    chan struct{} // guarded by mu; closed when there is more

	// What follows is set between two lives.

	fault fault
	at    uint64     // where the fault is: first missing message, or the end of an older copy
	r     *rand.Rand // owned by the reading goroutine; nil: a log without pauses
	mute  int        // questions that get no answer yet; owned by the reading goroutine
	// committing is called by the writer right before each transaction.
	committing func()
}

func newSimLog() *simLog {
	return &simLog{fault: sound, grown: make(chan struct{}), committing: func() {}}
}

// add appends messages and wakes the reader.
func (l *simLog) add(lines ...[2]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range lines {
		n := uint64(len(l.messages) + 1)
		l.messages = append(l.messages, bus.Message{
			Sequence: n, Subject: line[0], Body: []byte(line[1]), Time: clock(n),
		})
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

// clock is the server's, which was set now and then, by years.
func clock(n uint64) time.Time {
	return created.Add(time.Duration(n)*time.Second).AddDate(int(n/17%5)-2, 0, 0)
}

// begin prepares the log for another life.
func (l *simLog) begin(f fault, at uint64, r *rand.Rand) {
	l.fault, l.at, l.r, l.mute = f, at, r, 0
	switch {
	case f == silent:
		l.mute = 5 + r.IntN(60)
	case r != nil && r.IntN(3) == 0:
		l.mute = r.IntN(4)
	}
}

func (l *simLog) len() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return uint64(len(l.messages))
}

// Created is what the fold writes with a batch; it is asked right before.
func (l *simLog) Created() time.Time {
	l.committing()
	return created
}

var errNoAnswer = errors.New("no answer")

func (l *simLog) Last(ctx context.Context) (uint64, error) {
	if err := l.answer(ctx); err != nil {
		return 0, err
	}
	return l.len(), nil
}

// answer takes its time, and may not come.
func (l *simLog) answer(ctx context.Context) error {
	if l.mute > 0 {
		l.mute--
		return errNoAnswer
	}
	return l.pause(ctx, 10, 30*time.Millisecond)
}

// pause waits for up to d, once in n times.
func (l *simLog) pause(ctx context.Context, n int, d time.Duration) error {
	if l.r == nil || l.r.IntN(n) > 0 {
		return ctx.Err()
	}
	select {
	case <-time.After(time.Duration(l.r.Int64N(int64(d)))):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Check is the guard: it tells a log from one that it was not folded from.
func (l *simLog) Check(ctx context.Context, from bus.Position) error {
	if err := l.answer(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	is, last := created, uint64(len(l.messages))
	switch l.fault {
	case another:
		is = is.Add(time.Hour)
	case rewound:
		last = l.at
	}
	switch {
	case !from.Created.IsZero() && !from.Created.Equal(is):
		return &bus.Halt{Fault: bus.FaultStream, What: string(another)}
	case last < from.Sequence:
		return &bus.Halt{Fault: bus.FaultRewound, What: string(rewound)}
	case from.Sequence > 0 && l.hash(from.Sequence) != from.Hash:
		return &bus.Halt{Fault: bus.FaultAltered, What: string(altered)}
	}
	return nil
}

// hash is that of a message as the log has it now. Under mu.
func (l *simLog) hash(sequence uint64) [32]byte {
	m := l.messages[sequence-1]
	if l.fault == altered && sequence >= l.at {
		m.Body = append(bytes.Clone(m.Body), ' ')
	}
	return m.Hash()
}

// Consume reads with one connection after another. The guard looks before each.
func (l *simLog) Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error {
	for ctx.Err() == nil {
		err := l.session(ctx, &from, deliver)
		if err != nil && !errors.Is(err, errNoAnswer) {
			return err
		}
		if err := l.pause(ctx, 1, 5*time.Second); err != nil { // until it is back
			return err
		}
	}
	return ctx.Err()
}

func (l *simLog) session(ctx context.Context, from *bus.Position, deliver func(bus.Message) error) error {
	if err := l.Check(ctx, *from); err != nil {
		return err
	}
	for range l.lasts() {
		m, err := l.next(ctx, from.Sequence+1)
		if err != nil {
			return err
		}
		if err := l.pause(ctx, 12, 200*time.Millisecond); err != nil {
			return err
		}
		if err := deliver(m); err != nil {
			return err
		}
		*from = bus.Position{Created: created, Sequence: m.Sequence, Hash: m.Hash()}
	}
	return nil
}

// lasts is how many messages a connection lasts for.
func (l *simLog) lasts() int {
	switch {
	case l.r == nil:
		return 1 << 30
	case l.fault == flapping:
		return l.r.IntN(3)
	}
	return 1 + l.r.IntN(80)
}

// next waits for a message.
func (l *simLog) next(ctx context.Context, sequence uint64) (bus.Message, error) {
	for {
		l.mu.Lock()
		last, grown := uint64(len(l.messages)), l.grown
		if l.fault == gap && sequence >= l.at {
			l.mu.Unlock()
			return bus.Message{}, &bus.Halt{Fault: bus.FaultGap, What: fmt.Sprintf("%s from %d on", gap, l.at)}
		}
		if sequence <= last {
			m := l.messages[sequence-1]
			m.Pending = last - sequence
			l.mu.Unlock()
			return m, nil
		}
		l.mu.Unlock()
		select {
		case <-grown:
		case <-ctx.Done():
			return bus.Message{}, ctx.Err()
		}
	}
}
