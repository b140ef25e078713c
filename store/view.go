package store

// Reading: a snapshot and what can be asked of it.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"

	"go.etcd.io/bbolt"

	"rollcall/hall"
)

// View is a snapshot of the store: it does not change while batches are applied.
// It is valid inside the function that Store.View calls, for one goroutine.
// Everything it returns is a copy, but for what policies and calendars point to:
// they are shared and never changed (Of).
type View struct {
	applied Applied
	shared  *shared

	punches, facts, dates, conflicts, dead, meta *bbolt.Bucket

	tx *bbolt.Tx
}

// View calls fn with a snapshot and returns its error. Keep it short, a file
// cannot reuse pages that a snapshot still sees, and never nest it.
func (s *Store) View(fn func(*View) error) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		v := &View{
			tx: tx, shared: &s.shared,
			punches: tx.Bucket(bucketPunches), facts: tx.Bucket(bucketFacts), dates: tx.Bucket(bucketDates),
			conflicts: tx.Bucket(bucketConflicts), dead: tx.Bucket(bucketDead), meta: tx.Bucket(bucketMeta),
		}
		var err error
		if v.applied, err = readApplied(v.meta); err != nil {
			return err
		}
		return fn(v)
	})
}

// Applied returns the point of the log that the store has reached.
func (s *Store) Applied() (Applied, error) {
	var a Applied
	err := s.View(func(v *View) error {
		a = v.Applied()
		return nil
	})
	return a, err
}

// Applied returns the point of the log that the snapshot shows.
func (v *View) Applied() Applied { return v.applied }

// Schema returns the version of keys and records. Digests compare within one only.
func (v *View) Schema() int { return schemaVersion }

// Halls returns the halls of which the store has anything, sorted.
func (v *View) Halls() []hall.ID {
	var halls []hall.ID
	for _, bucket := range []*bbolt.Bucket{v.facts, v.punches} {
		c := bucket.Cursor()
		for key, _ := c.First(); key != nil; {
			name, _, _ := cutText(key)
			h := hall.ID(name)
			halls = append(halls, h)
			key, _ = c.Seek(afterHall(h))
		}
	}
	slices.Sort(halls)
	return slices.Compact(halls)
}

// Months returns the months, in UTC, in which the hall has a punch, a patrol
// note, or a fact of the month (bonus, cases, figure, text, award, seal), sorted.
func (v *View) Months(h hall.ID) []hall.Month {
	months := daysByMonth(v.punches.Cursor(), hallPrefix(h))
	for _, kind := range append([]hall.Kind{hall.KindPatrol, hall.KindSeal}, monthKinds...) {
		months = append(months, daysByMonth(v.dates.Cursor(), kindPrefix(h, kind))...)
	}
	slices.Sort(months)
	return slices.Compact(months)
}

// daysByMonth returns the months of the days behind prefix with one seek each.
func daysByMonth(c *bbolt.Cursor, prefix []byte) []hall.Month {
	var months []hall.Month
	key, _ := c.Seek(prefix)
	for bytes.HasPrefix(key, prefix) {
		day, _, ok := cutDay(key[len(prefix):])
		if !ok {
			break
		}
		m := day.Month()
		months = append(months, m)
		key, _ = c.Seek(appendDay(slices.Clone(prefix), m.Last()+1))
	}
	return months
}

// Stats counts what a store holds.
type Stats struct {
	Events map[hall.Kind]uint64 // distinct events by kind
	Dead   uint64
	Bytes  int64 // pages in use and free ones between them
}

// Stats returns the counters; it reads no fact.
func (v *View) Stats() Stats {
	s := Stats{Events: map[hall.Kind]uint64{}, Bytes: v.tx.Size()}
	prefix := []byte(prefixCount)
	c := v.meta.Cursor()
	for key, value := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, value = c.Next() {
		kind := hall.Kind(key[len(prefix):])
		if kind == kindDead {
			s.Dead = readCount(value)
			continue
		}
		s.Events[kind] = readCount(value)
	}
	return s
}

// Unknown returns the first names of unknown fields that were met, by kind and
// sorted, at most 64 a kind.
func (v *View) Unknown() map[hall.Kind][]string {
	names := map[hall.Kind][]string{}
	prefix := []byte(prefixUnknown)
	c := v.meta.Cursor()
	for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
		kind, name, _ := cutText(key[len(prefix):])
		names[hall.Kind(kind)] = append(names[hall.Kind(kind)], string(name))
	}
	return names
}

// Dead yields the dead letters behind a sequence, in its order: those of a hall and
// those whose subject names no hall, or with h empty all of them.
func (v *View) Dead(h hall.ID, after uint64) iter.Seq2[Dead, error] {
	return func(yield func(Dead, error) bool) {
		c := v.dead.Cursor()
		for key, value := c.Seek(deadKey(after)); key != nil; key, value = c.Next() {
			d, err := readDead(key, value)
			if err == nil && (d.Sequence <= after || h != "" && !speaksOf(d.Subject, h)) {
				continue
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// speaksOf reports whether a subject is the hall's or nobody's: one that no event
// of any hall can have.
func speaksOf(subject string, h hall.ID) bool {
	speaker, ok := hall.HallOf(subject)
	return !ok || speaker == h
}

// DeadAt returns the dead letter of a sequence.
func (v *View) DeadAt(sequence uint64) (d Dead, found bool, err error) {
	key := deadKey(sequence)
	value := v.dead.Get(key)
	if value == nil {
		return Dead{}, false, nil
	}
	d, err = readDead(key, value)
	return d, err == nil, err
}

func readDead(key, value []byte) (Dead, error) {
	sequence, err := parseDeadKey(key)
	if err != nil {
		return Dead{}, err
	}
	var record deadRecord
	if err := json.Unmarshal(value, &record); err != nil {
		return Dead{}, fmt.Errorf("%w: dead letter %d: %w", ErrCorrupt, sequence, err)
	}
	return Dead{Sequence: sequence, Subject: record.Subject, Field: record.Field, Reason: record.Reason}, nil
}

// Backup writes a whole copy of the file as the snapshot shows it. The copy
// opens as a store at the snapshot's sequence.
func (v *View) Backup(w io.Writer) error {
	if _, err := v.tx.WriteTo(w); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	return nil
}
