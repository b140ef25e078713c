package store

// Two stores of the same log: what one has and the other has not.

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"

	"go.etcd.io/bbolt"

	"rollcall/hall"
)

// Difference is an event of which two stores do not hold the same.
type Difference struct {
	UID    hall.UID
	Person hall.PersonID // of a punch: raw
	Day    hall.Date     // of a punch: UTC
	A, B   bool          // who has it; both: other bodies, or a punch with other details
}

// Compare yields the events that differ, facts by uid, then punches by hall and
// time. Indexes are not compared: View.Check holds them against the
// events.
func Compare(a, b *View) iter.Seq2[Difference, error] {
	return func(yield func(Difference, error) bool) {
		for p := range pairs(a.facts, b.facts) {
			if bytes.Equal(p.a, p.b) {
				continue
			}
			uid, err := parseFactKey(p.key)
			if !yield(Difference{UID: uid, A: p.a != nil, B: p.b != nil}, err) || err != nil {
				return
			}
		}
		for p := range pairs(a.punches, b.punches) {
			if bytes.Equal(p.a, p.b) {
				continue
			}
			differences, err := comparePunches(p)
			if err != nil {
				yield(Difference{}, err)
				return
			}
			for _, d := range differences {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

// punchPair are the punches of a quarter in two stores.
type punchPair struct {
	hall hall.ID
	day  hall.Date
	a, b punchRecord
}

func readPair(p pair) (*punchPair, error) {
	h, day, q, err := parsePunchKey(p.key)
	if err != nil {
		return nil, err
	}
	both := &punchPair{hall: h, day: day}
	return both, errors.Join(both.a.read(p.a, q, nil), both.b.read(p.b, q, nil))
}

// samePunch reports whether both have a punch, with the same details.
func samePunch(inA, inB *packed) bool {
	return inA != nil && inB != nil && bytes.Equal(inA.details, inB.details)
}

// comparePunches finds the punches in which two records of a quarter differ.
func comparePunches(p pair) ([]Difference, error) {
	both, err := readPair(p)
	if err != nil {
		return nil, err
	}
	var differences []Difference
	for _, punch := range merge(nil, both.a.punches, both.b.punches) {
		inA, inB := both.a.find(&punch), both.b.find(&punch)
		if samePunch(inA, inB) {
			continue
		}
		uid := hall.NewUID(both.hall, hall.KindPunch, string(punch.source), string(punch.id))
		differences = append(differences, Difference{
			UID: uid, Person: hall.PersonID(punch.person), Day: both.day, A: inA != nil, B: inB != nil,
		})
	}
	return differences, nil
}

// find returns the punch with the uid, person and time of another one, nil where there
// is none.
func (r *punchRecord) find(p *packed) *packed {
	i, found := slices.BinarySearchFunc(r.punches, p, func(a packed, b *packed) int { return a.compare(b) })
	if !found {
		return nil
	}
	return &r.punches[i]
}

// Missing yields the events of a that b has not, as they would be published: facts by
// uid, seals of a hall in the order of a's log, then punches by hall and time.
// Published into the log of b they give b what it misses.
func Missing(a, b *View) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		fail := func(err error) { yield(Line{}, err) }
		for p := range pairs(a.facts, b.facts) {
			if p.a == nil || bytes.Equal(p.a, p.b) {
				continue
			}
			lines, err := missingBodies(p)
			if err != nil {
				fail(err)
				return
			}
			for _, line := range lines {
				if line.UID.Kind() != hall.KindSeal && !yield(line, nil) {
					return
				}
			}
		}
		for _, h := range a.Halls() {
			if !missingSeals(a, b, h, yield) {
				return
			}
		}
		for p := range pairs(a.punches, b.punches) {
			if p.a == nil || bytes.Equal(p.a, p.b) {
				continue
			}
			lines, err := missingPunches(p)
			if err != nil {
				fail(err)
				return
			}
			for _, line := range lines {
				if !yield(line, nil) {
					return
				}
			}
		}
	}
}

// missingBodies are the bodies of a fact that only a has.
func missingBodies(p pair) ([]Line, error) {
	uid, err := parseFactKey(p.key)
	if err != nil {
		return nil, err
	}
	inA, err := readBodies(p.a)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", uid, err)
	}
	var inB [][]byte
	if p.b != nil {
		if inB, err = readBodies(p.b); err != nil {
			return nil, fmt.Errorf("read %s: %w", uid, err)
		}
	}
	var lines []Line
	for _, body := range inA {
		if !slices.ContainsFunc(inB, func(other []byte) bool { return bytes.Equal(body, other) }) {
			lines = append(lines, Line{uid, subject(uid), bytes.Clone(body)})
		}
	}
	return lines, nil
}

// missingSeals yields the seals of a hall that only a has; it returns false when it
// should go no further.
func missingSeals(a, b *View, h hall.ID, yield func(Line, error) bool) bool {
	return a.exportSeals(h, func(line Line, err error) bool {
		if err == nil {
			var bodies [][]byte
			if record := b.facts.Get(factKey(line.UID)); record != nil {
				bodies, err = readBodies(record)
			}
			if slices.ContainsFunc(bodies, func(other []byte) bool { return bytes.Equal(line.Body, other) }) {
				return true
			}
		}
		return yield(line, err)
	})
}

// missingPunches are the punches of a quarter that only a has, or that b has with
// other details.
func missingPunches(p pair) ([]Line, error) {
	both, err := readPair(p)
	if err != nil {
		return nil, err
	}
	u := newUnpacker(both.hall)
	u.open(&both.a)
	var lines []Line
	for i := range both.a.punches {
		inA := &both.a.punches[i]
		if samePunch(inA, both.b.find(inA)) {
			continue
		}
		punch, err := u.punch(inA, both.day)
		if err != nil {
			return nil, err
		}
		lines = append(lines, Line{punch.UID, subject(punch.UID), punch.Body()})
	}
	return lines, nil
}

// pair is a key of two buckets and its values, nil where there is none.
type pair struct{ key, a, b []byte }

// pairs walks two buckets side by side.
func pairs(a, b *bbolt.Bucket) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		ca, cb := a.Cursor(), b.Cursor()
		ka, va := ca.First()
		kb, vb := cb.First()
		for ka != nil || kb != nil {
			order := bytes.Compare(ka, kb)
			var p pair
			switch {
			case kb == nil || ka != nil && order < 0:
				p = pair{ka, va, nil}
				ka, va = ca.Next()
			case ka == nil || order > 0:
				p = pair{kb, nil, vb}
				kb, vb = cb.Next()
			default:
				p = pair{ka, va, vb}
				ka, va = ca.Next()
				kb, vb = cb.Next()
			}
			if !yield(p) {
				return
			}
		}
	}
}
