package store

// Writing: a batch of events in one transaction.

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"rollcall/hall"
)

// Applied is the point of the log that a store has reached; the zero value is
// the beginning.
type Applied struct {
	Sequence uint64
	Hash     [32]byte     // of the message at Sequence
	Time     hall.Instant // the stream's time of that message
	Created  time.Time    // when the stream was created
}

// Apply writes b in one transaction: when it returns nil, everything of b and
// b.Applied are durable, else nothing is. ErrNoSpace means that the same batch
// can be tried again later; after any other error the store is not to be
// trusted and the process should end.
func (s *Store) Apply(b *Batch) error {
	if b.err != nil {
		return fmt.Errorf("apply up to %d: %w", b.Applied.Sequence, b.err)
	}
	err := s.db.Update(func(tx *bbolt.Tx) error {
		s.scratch.reset()
		w := writer{
			scratch: &s.scratch,
			punches: tableOf(tx, bucketPunches), facts: tableOf(tx, bucketFacts), dates: tableOf(tx, bucketDates),
			conflicts: tableOf(tx, bucketConflicts), dead: tableOf(tx, bucketDead), meta: tableOf(tx, bucketMeta),
		}
		w.punches.FillPercent = punchFill
		return w.apply(b)
	})
	switch {
	case err == nil:
		return nil
	case noSpace(err):
		return fmt.Errorf("apply up to %d: %w (%w)", b.Applied.Sequence, ErrNoSpace, err)
	}
	return fmt.Errorf("apply up to %d: %w", b.Applied.Sequence, err)
}

// punchFill is how full pages of punches are made. Their records come in the order of
// the keys of each hall and soon grow no more; with bbolt's one half a punch of a hall
// of 50 people takes 61 bytes, so 28, in the same time.
const punchFill = 0.9

// noSpace reports whether err is a full disk or quota. bbolt keeps only the text
// of what went wrong while its file grew.
func noSpace(err error) bool {
	if err == nil {
		return false
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), syscall.ENOSPC.Error()) || strings.Contains(err.Error(), syscall.EDQUOT.Error())
}

// scratch is memory that transactions use one after the other. bbolt keeps
// values until the commit, keys it copies.
type scratch struct {
	arena  arena
	facts  []keyed
	fresh  []packed
	old    punchRecord
	merged []packed
	key    []byte
}

func (s *scratch) reset() {
	s.arena.reset()
	clear(s.facts)
	s.facts = s.facts[:0]
}

// keyed is another fact of a batch and where it goes.
type keyed struct {
	key   []byte
	event *hall.Event
}

// writer applies a batch inside a transaction.
type writer struct {
	*scratch
	punches, facts, dates, conflicts, dead, meta table

	sum    sum                  // of all records, as they are now
	counts map[hall.Kind]uint64 // what is new, by kind
}

// table is a bucket that knows its name. It is written through the writer's add,
// replace and remove alone, which keep the sum.
type table struct {
	name []byte
	*bbolt.Bucket
}

func tableOf(tx *bbolt.Tx, name []byte) table { return table{name, tx.Bucket(name)} }

// add writes a record under a new key.
func (w *writer) add(t table, key, value []byte) error {
	w.sum.add(t.name, key, value)
	return t.Put(key, value)
}

// replace writes a record in the place of old; nil: there is none.
func (w *writer) replace(t table, key, old, value []byte) error {
	if old != nil {
		w.sum.remove(t.name, key, old)
	}
	return w.add(t, key, value)
}

// remove takes a record away.
func (w *writer) remove(t table, key, old []byte) error {
	w.sum.remove(t.name, key, old)
	return t.Delete(key)
}

// kindDead counts dead letters beside the kinds of events.
const kindDead hall.Kind = "dead"

func (w *writer) apply(b *Batch) error {
	w.counts = map[hall.Kind]uint64{}
	w.sum = readSum(w.meta.Get(keySum))
	if err := w.advance(b.Applied); err != nil {
		return err
	}
	if err := w.putPunches(b); err != nil {
		return err
	}
	if err := w.putFacts(b); err != nil {
		return err
	}
	if err := w.putUnknown(b.unknown); err != nil {
		return fmt.Errorf("put unknown field names: %w", err)
	}
	for _, d := range b.dead {
		if err := w.putDead(d); err != nil {
			return fmt.Errorf("put dead letter %d: %w", d.Sequence, err)
		}
	}
	if err := w.putCounts(); err != nil {
		return err
	}
	return w.meta.Put(keySum, w.sum.encode())
}

// advance moves the point of the log, which never goes back.
func (w *writer) advance(a Applied) error {
	before, err := readApplied(w.meta.Bucket)
	if err != nil {
		return err
	}
	if a.Sequence <= before.Sequence {
		return fmt.Errorf("broken invariant: the fold goes from sequence %d to %d", before.Sequence, a.Sequence)
	}
	value, err := encodeApplied(a)
	if err != nil {
		return err
	}
	return w.replace(w.meta, keyApplied, w.meta.Get(keyApplied), value)
}

// putPunches writes the record of each hall's quarter of an hour once, however many
// punches of it the batch has. They are sorted: that shortens the longest transaction.
func (w *writer) putPunches(b *Batch) error {
	b.sort()
	for punches := range b.records {
		h := b.hallOf(&punches[0])
		day, q := placeOf(punches[0].time)
		w.fresh = w.fresh[:0]
		size := 0
		for i := range punches {
			w.fresh = append(w.fresh, b.packedOf(&punches[i]))
			size += int(punches[i].ends[3]) + punchOverhead
		}
		if err := w.putRecord(punchKey(w.key[:0], h, day, q), q, size); err != nil {
			return fmt.Errorf("put punches of %s %s: %w", h, day, err)
		}
	}
	return nil
}

// punchOverhead is at most what a punch has in a record beside its texts.
const punchOverhead = 16

// putRecord merges the sorted fresh punches of a quarter, of so many bytes, into its
// record.
func (w *writer) putRecord(key []byte, q quarter, size int) error {
	w.key = key
	record := w.punches.Get(key)
	if err := w.old.read(record, q, nil); err != nil {
		return err
	}
	w.merged = merge(w.merged[:0], w.old.punches, w.fresh)
	value := w.arena.take(len(record)+size, func(b []byte) []byte { return appendPunches(b, w.merged, q) })
	if bytes.Equal(value, record) {
		return nil
	}
	w.counts[hall.KindPunch] += uint64(len(w.merged) - len(w.old.punches))
	return w.replace(w.punches, key, record, value)
}

// putFacts writes the other facts in the order of their keys: bbolt keeps what a
// transaction adds to a page in one sorted list, and a roster of a city that comes
// in any order would be moved about in it again and again.
func (w *writer) putFacts(b *Batch) error {
	for i := range b.events {
		e := &b.events[i]
		if _, ok := e.Fact.(*hall.Seal); ok {
			if err := w.putPlace(e, place{b.Applied.Sequence, uint32(i)}); err != nil {
				return fmt.Errorf("put %s: %w", e.UID, err)
			}
		}
		w.scratch.facts = append(w.scratch.facts, keyed{factKey(e.UID), e})
	}
	facts := w.scratch.facts
	slices.SortStableFunc(facts, func(a, b keyed) int { return bytes.Compare(a.key, b.key) })
	for i := range facts {
		if err := w.putFact(facts[i].key, facts[i].event); err != nil {
			return fmt.Errorf("put %s: %w", facts[i].event.UID, err)
		}
	}
	return nil
}

// putFact adds a body to a fact: nothing if it is there, else in its place by
// SHA-256. The index follows the body that counts.
func (w *writer) putFact(key []byte, e *hall.Event) error {
	if len(e.Body) == 0 {
		return fmt.Errorf("broken invariant: a fact without body")
	}
	record := w.facts.Get(key)
	if record == nil {
		w.counts[e.UID.Kind()]++
		if err := w.add(w.facts, key, w.arena.take(len(e.Body)+binary.MaxVarintLen64, func(b []byte) []byte { return appendString(b, e.Body) })); err != nil {
			return err
		}
		return w.putDate(key, e.Fact)
	}
	old, err := readBodies(record)
	if err != nil {
		return err
	}
	bodies, isNew := insertBody(old, e.Body)
	if !isNew {
		return nil
	}
	if len(old) == 1 {
		if err := w.add(w.conflicts, key, nil); err != nil {
			return err
		}
	}
	switch {
	case e.UID.Kind() == hall.KindSeal:
		err = w.putDate(key, e.Fact)
	case bytes.Equal(bodies[0], e.Body):
		err = w.moveDate(key, old[0], e)
	}
	if err != nil {
		return err
	}
	return w.replace(w.facts, key, record, w.arena.take(len(record)+len(e.Body)+binary.MaxVarintLen64, func(b []byte) []byte { return appendBodies(b, bodies) }))
}

// insertBody returns the bodies with body in its place by SHA-256, and whether
// it was not among them.
func insertBody(bodies [][]byte, body []byte) ([][]byte, bool) {
	at, found := bodyAt(bodies, sha256.Sum256(body))
	if found {
		return bodies, false
	}
	return slices.Insert(slices.Clone(bodies), at, body), true
}

// bodyAt returns where the body with a SHA-256 stands among bodies, or would.
func bodyAt(bodies [][]byte, sum [sha256.Size]byte) (at int, found bool) {
	return slices.BinarySearchFunc(bodies, sum[:], func(b, sum []byte) int {
		other := sha256.Sum256(b)
		return bytes.Compare(other[:], sum)
	})
}

func (w *writer) putDate(key []byte, fact hall.Fact) error {
	d, ok := dateOf(fact)
	if !ok {
		return nil
	}
	at := dateKey(key, d.day)
	if _, ok := fact.(*hall.Seal); ok {
		if there, _ := hasKey(w.dates.Cursor(), at); there {
			return nil // by another body of the same month
		}
	}
	return w.add(w.dates, at, d.value)
}

// moveDate takes away the date of the body that counted until now and puts that
// of e.
func (w *writer) moveDate(key, old []byte, e *hall.Event) error {
	fact, err := decodeFact(e.UID, old)
	if err != nil {
		return err
	}
	if d, ok := dateOf(fact); ok {
		if err := w.remove(w.dates, dateKey(key, d.day), d.value); err != nil {
			return err
		}
	}
	return w.putDate(key, e.Fact)
}

// The bounds of the names of unknown fields that are kept.
const (
	maxUnknown     = 64 // a kind
	maxUnknownName = 64 // bytes
)

func (w *writer) putUnknown(names []unknownName) error {
	for _, u := range names {
		key := unknownKey(u.kind, u.name)
		if w.meta.Get(key) != nil || w.countPrefix(unknownKey(u.kind, "")) >= maxUnknown {
			continue
		}
		if err := w.add(w.meta, key, []byte{}); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) countPrefix(prefix []byte) int {
	n := 0
	c := w.meta.Cursor()
	for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
		n++
	}
	return n
}

func (w *writer) putDead(d Dead) error {
	value, err := encode(deadRecord{Subject: d.Subject, Field: d.Field, Reason: d.Reason})
	if err != nil {
		return err
	}
	w.counts[kindDead]++
	return w.add(w.dead, deadKey(d.Sequence), value)
}

func (w *writer) putCounts() error {
	for kind, n := range w.counts {
		if n == 0 {
			continue
		}
		key := countKey(kind)
		old := w.meta.Get(key)
		if err := w.replace(w.meta, key, old, binary.BigEndian.AppendUint64(nil, readCount(old)+n)); err != nil {
			return fmt.Errorf("put count of %s: %w", kind, err)
		}
	}
	return nil
}

func readCount(value []byte) uint64 {
	if len(value) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}

func readApplied(meta *bbolt.Bucket) (Applied, error) {
	value := meta.Get(keyApplied)
	if value == nil {
		return Applied{}, nil
	}
	var record appliedRecord
	if err := json.Unmarshal(value, &record); err != nil {
		return Applied{}, fmt.Errorf("%w (applied: %w)", ErrCorrupt, err)
	}
	return record.applied()
}
