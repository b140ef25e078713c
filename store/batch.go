package store

// A batch: what one transaction writes, gathered event by event and put into the
// order of the keys.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/hall"
)

// Batch is what one transaction writes. Events may come in any order and be
// repeated; seals alone in that of the log. Of a punch it keeps what the record
// needs, and nothing that the garbage collector would have to look at; other events
// it keeps as they are, and they must not be changed before it was applied or
// reset. The zero Batch is empty. One goroutine uses it at a time.
type Batch struct {
	// Applied is the point of the log that the batch reaches.
	Applied Applied

	punches []entry
	texts   []byte // of the punches, one behind the other
	halls   []hall.ID
	numbers map[hall.ID]uint32 // indexes of halls
	sorted  []entry            // punches in the order of the keys, once sort was called

	events  []hall.Event // of the other kinds
	unknown []unknownName
	dead    []Dead
	size    int
	err     error // the first event that none of this fits; Apply returns it
}

// Dead is an event that could not be read. Its bytes stay in the log.
type Dead struct {
	Sequence uint64
	Subject  string
	Field    string // "" where there was no JSON to have one
	Reason   string
}

// unknownName is a field that a kind of events does not have.
type unknownName struct {
	kind hall.Kind
	name string
}

// entry is a punch and where it goes. Its texts follow each other in the batch: of
// the person, the source, the id, and the details as the record has them.
type entry struct {
	time  hall.Instant
	hall  uint32 // index into Batch.halls
	texts uint32 // where they begin
	ends  [4]uint32
}

// BatchOf returns a batch of events that reaches a point of the log.
func BatchOf(applied Applied, events ...hall.Event) *Batch {
	b := &Batch{Applied: applied}
	for i := range events {
		b.Add(&events[i])
	}
	return b
}

// Add puts an event into the batch.
func (b *Batch) Add(e *hall.Event) {
	for _, name := range e.Unknown {
		b.addUnknown(unknownName{e.UID.Kind(), name})
	}
	if p, ok := e.Fact.(*hall.Punch); ok {
		b.addPunch(p)
		return
	}
	b.events = append(b.events, *e)
	b.size += 2*len(e.Body) + eventSize
}

// AddDead puts a dead letter into the batch.
func (b *Batch) AddDead(d Dead) {
	b.dead = append(b.dead, d)
	b.size += len(d.Subject) + len(d.Field) + len(d.Reason) + eventSize
}

// What a batch uses, beside texts and bodies: a punch stands in it twice, and other
// events are estimated.
const (
	punchSize = 2 * 32
	eventSize = 512
)

// Size is about how many bytes of memory the batch uses.
func (b *Batch) Size() int { return b.size }

// Reset empties the batch and keeps memory for one that is about as large.
func (b *Batch) Reset() {
	clear(b.events)
	clear(b.dead)
	clear(b.halls)
	clear(b.numbers)
	clear(b.unknown)
	*b = Batch{
		punches: emptied(b.punches), texts: emptied(b.texts), halls: b.halls[:0], numbers: b.numbers, sorted: emptied(b.sorted),
		events: emptied(b.events), unknown: b.unknown[:0], dead: emptied(b.dead),
	}
}

// emptied keeps the memory of a list, unless it is large and most of it was not
// used: nobody needs that of the history with which a fold has caught up.
func emptied[T any](list []T) []T {
	const large = 1 << 16
	if cap(list) > large && len(list) < cap(list)/8 {
		return nil
	}
	return list[:0]
}

// addUnknown notes a name once. There are few, but for a sender gone wild.
func (b *Batch) addUnknown(u unknownName) {
	if len(u.name) <= maxUnknownName && len(b.unknown) < 4*maxUnknown && !slices.Contains(b.unknown, u) {
		b.unknown = append(b.unknown, u)
	}
}

func (b *Batch) addPunch(p *hall.Punch) {
	h, _, source, id, ok := p.UID.Split()
	if !ok {
		b.err = cmp.Or(b.err, fmt.Errorf("%w uid of a punch %q", hall.ErrInvalid, p.UID))
		return
	}
	e := entry{time: p.Time, hall: b.number(h), texts: uint32(len(b.texts))}
	end := func(i int) { e.ends[i] = uint32(len(b.texts)) - e.texts }
	b.texts = append(b.texts, p.Person...)
	end(0)
	b.texts = append(b.texts, source...)
	end(1)
	b.texts = append(b.texts, id...)
	end(2)
	b.texts = appendDetails(b.texts, p, source)
	end(3)
	if len(b.punches) == cap(b.punches) { // append alone would copy a large batch five times
		b.punches = slices.Grow(b.punches, max(1024, len(b.punches)))
	}
	b.punches = append(b.punches, e)
	b.size += punchSize + int(e.ends[3])
}

// number returns the index of a hall.
func (b *Batch) number(h hall.ID) uint32 {
	if n, ok := b.numbers[h]; ok {
		return n
	}
	if b.numbers == nil {
		b.numbers = map[hall.ID]uint32{}
	}
	n := uint32(len(b.halls))
	b.halls = append(b.halls, h)
	b.numbers[h] = n
	return n
}

func (b *Batch) hallOf(e *entry) hall.ID { return b.halls[e.hall] }

func (b *Batch) packedOf(e *entry) packed {
	t := b.texts[e.texts:][:e.ends[3]]
	return packed{
		second: secondOf(e.time),
		person: t[:e.ends[0]], source: t[e.ends[0]:e.ends[1]], id: t[e.ends[1]:e.ends[2]], details: t[e.ends[2]:],
	}
}

// sort puts the punches into the order of their keys, and those of a record into
// that of the record: first by hall, which needs no comparing, then in each.
func (b *Batch) sort() {
	starts := b.starts()
	b.sorted = slices.Grow(b.sorted[:0], len(b.punches))[:len(b.punches)]
	next := slices.Clone(starts)
	for i := range b.punches {
		h := b.punches[i].hall
		b.sorted[next[h]] = b.punches[i]
		next[h]++
	}
	for h := range starts {
		slices.SortFunc(b.sorted[starts[h]:next[h]], func(x, y entry) int { return b.compare(&x, &y) })
	}
}

// starts returns where the punches of each hall begin when halls are in the order
// of their names.
func (b *Batch) starts() []int {
	starts, order := make([]int, len(b.halls)), make([]int, len(b.halls))
	for i := range b.punches {
		starts[b.punches[i].hall]++
	}
	for h := range order {
		order[h] = h
	}
	slices.SortFunc(order, func(x, y int) int { return strings.Compare(string(b.halls[x]), string(b.halls[y])) })
	at := 0
	for _, h := range order {
		starts[h], at = at, at+starts[h]
	}
	return starts
}

// compare orders punches of one hall as their keys do, and then as the record does.
// Their times mostly decide, and need no look at memory elsewhere.
func (b *Batch) compare(x, y *entry) int {
	if x.time != y.time {
		return cmp.Compare(x.time, y.time)
	}
	p, q := b.packedOf(x), b.packedOf(y)
	return p.compare(&q)
}

// records yields the sorted punches, those of a hall's quarter of an hour together.
func (b *Batch) records(yield func([]entry) bool) {
	for rest := b.sorted; len(rest) > 0; {
		first, n := &rest[0], 1
		day, q := placeOf(first.time)
		end := midnight(day) + hall.Instant(q.begin()+quarterSeconds)
		for n < len(rest) && rest[n].hall == first.hall && rest[n].time < end {
			n++
		}
		if !yield(rest[:n]) {
			return
		}
		rest = rest[n:]
	}
}
