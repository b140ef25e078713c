package ingest

// Reading messages into batches.

import (
	"errors"
	"slices"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// The bounds of a batch.
const (
	largeBatch = 400_000  // messages, when far behind
	maxBytes   = 48 << 20 // what the batch of the store uses
)

// batch collects what one transaction writes, and what is told of it.
type batch struct {
	store.Batch
	count   int // messages, foreign ones too
	last    bus.Message
	first   time.Time // when the first message came, by this machine's clock
	live    bool      // its events are news
	touches touches   // what the events touch; nil: nobody asks
	tally   tally
}

// tally counts for the metrics, which move after the commit only.
type tally struct {
	outcomes map[outcome]int
	unknown  map[hall.Kind]int
	newest   map[hall.Kind]time.Time // by the stream's clock
	ahead    map[hall.Kind]int
	// aheadEvent is one of those that are ahead.
	aheadEvent hall.UID

	run run
}

// run is a stretch of events with the same outcome, of which mostly thousands
// follow each other: they are counted before they are put into a map.
type run struct {
	outcome
	count  int
	newest time.Time
}

// count adds an event that the log took at a time.
func (t *tally) count(o outcome, at time.Time) {
	if t.run.outcome != o {
		t.endRun()
		t.run.outcome = o
	}
	t.run.count++
	t.run.newest = at
}

// endRun puts what was counted where it is read.
func (t *tally) endRun() {
	if t.run.count > 0 {
		t.outcomes[t.run.outcome] += t.run.count
		if t.run.what == folded {
			t.newest[t.run.kind] = t.run.newest
		}
	}
	t.run = run{}
}

// clockTolerance is how much later an event may be made than the log takes it: more is a
// wrong clock. The edges refuse such events, a terminal on the bus is believed.
const clockTolerance = 10 * time.Minute

// countAhead counts an event that was made after the log took it at a time.
func (t *tally) countAhead(d *decoded, at time.Time) {
	if at.IsZero() {
		return // a file has no such times
	}
	if made := d.event.Fact.GetHead().Time; made > hall.InstantOf(at.Add(clockTolerance)) {
		t.ahead[d.kind]++
		t.aheadEvent = d.event.UID
	}
}

// outcome is what became of an event.
type outcome struct {
	kind hall.Kind
	what string
}

// The outcomes.
const (
	folded  = "folded"
	dead    = "dead"
	foreign = "foreign" // of a hall that is not kept
)

func newBatch() *batch {
	return &batch{tally: tally{outcomes: map[outcome]int{}, unknown: map[hall.Kind]int{}, newest: map[hall.Kind]time.Time{}, ahead: map[hall.Kind]int{}}}
}

func (b *batch) reset() {
	b.Reset()
	b.count, b.last, b.first, b.live, b.touches = 0, bus.Message{}, time.Time{}, false, nil
	clear(b.tally.outcomes)
	clear(b.tally.unknown)
	clear(b.tally.newest)
	clear(b.tally.ahead)
	b.tally.aheadEvent = ""
	b.tally.run = run{}
}

// begin says what an empty batch is for: whether what comes is news, and whether
// what it touches is told to somebody.
func (b *batch) begin(live, watched bool) {
	b.first, b.live = time.Now(), live
	if watched {
		b.touches = touches{}
	}
}

func (b *batch) full() bool { return b.count >= largeBatch || b.Size() >= maxBytes }

// add takes a message and what it was decoded to.
func (b *batch) add(m *bus.Message, d *decoded) {
	b.count++
	b.last = *m
	b.tally.count(outcome{d.kind, d.what}, m.Time)
	switch d.what {
	case folded:
		b.Add(&d.event)
		b.tally.countAhead(d, m.Time)
		if b.touches != nil {
			b.touches.add(&d.event)
		}
		if n := len(d.event.Unknown); n > 0 {
			b.tally.unknown[d.kind] += n
		}
	case dead:
		b.AddDead(d.dead)
	}
}

// ended returns the batch in the form of the store, when its last message is there.
func (b *batch) ended(created time.Time) *store.Batch {
	b.tally.endRun()
	b.Applied = store.Applied{
		Sequence: b.last.Sequence,
		Hash:     b.last.Hash(),
		Time:     hall.InstantOf(b.last.Time),
		Created:  created,
	}
	return &b.Batch
}

// decoded is a message that was read.
type decoded struct {
	kind  hall.Kind // "unknown" where the subject names none
	what  string
	event hall.Event // folded
	dead  store.Dead // dead
}

// kindUnknown is the label of what has no kind.
const kindUnknown hall.Kind = "unknown"

// decoder reads messages of the halls that are kept.
type decoder struct{ halls map[hall.ID]bool }

func newDecoder(halls []hall.ID) decoder {
	if len(halls) == 0 {
		return decoder{}
	}
	d := decoder{map[hall.ID]bool{}}
	for _, h := range halls {
		d.halls[h] = true
	}
	return d
}

func (d decoder) decode(sequence uint64, subject string, body []byte) decoded {
	if d.foreign(subject) {
		return decoded{kind: kindOf(subject), what: foreign}
	}
	event, err := hall.Decode(subject, body)
	if err != nil {
		return deadLetter(sequence, subject, err)
	}
	return decoded{kind: event.UID.Kind(), what: folded, event: event}
}

// foreign reports whether a subject has the four parts and names a hall that is
// not kept. What is wrong with such an event is none of our business.
func (d decoder) foreign(subject string) bool {
	if d.halls == nil {
		return false
	}
	speaker, ok := hall.HallOf(subject)
	return ok && !d.halls[speaker]
}

// kindOf returns the kind that a subject names, if it is one.
func kindOf(subject string) hall.Kind {
	parts := strings.Split(subject, ".")
	if len(parts) == 4 && isKind(hall.Kind(parts[2])) {
		return hall.Kind(parts[2])
	}
	return kindUnknown
}

func isKind(k hall.Kind) bool {
	return slices.ContainsFunc(hall.Kinds, func(i hall.KindInfo) bool { return i.Kind == k })
}

func deadLetter(sequence uint64, subject string, err error) decoded {
	letter := store.Dead{Sequence: sequence, Subject: subject, Reason: err.Error()}
	if r, ok := errors.AsType[*hall.Rejection](err); ok {
		letter.Field, letter.Reason = r.Field, r.Reason
	}
	return decoded{kind: kindOf(subject), what: dead, dead: letter}
}
