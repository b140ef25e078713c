package store

// A record of punches taken apart, for whoever reads it.

import (
	"fmt"
	"slices"

	"rollcall/hall"
)

// punchRecord is the record of a quarter taken apart; all of it points into the
// record.
type punchRecord struct {
	sources [][]byte
	punches []packed
}

// read takes a record apart, of which it keeps the punches of those who are wanted.
// Where there is no record, nil, there is no punch.
func (r *punchRecord) read(record []byte, q quarter, only wanted) error {
	r.sources, r.punches = r.sources[:0], r.punches[:0]
	if record == nil {
		return nil
	}
	rest := reader{b: record}
	for n := rest.uvarint(); n > 0 && !rest.bad; n-- {
		r.sources = append(r.sources, rest.bytes())
	}
	second, end := uint64(q.begin()), uint64(q.begin())+quarterSeconds
	for len(rest.left()) > 0 {
		second += rest.uvarint()
		punch := reader{b: rest.bytes()}
		person := punch.bytes()
		if !only.has(person) {
			continue
		}
		at := uint64(0)
		if len(r.sources) > 1 {
			at = punch.uvarint()
		}
		id := punch.id()
		if punch.bad || at >= uint64(len(r.sources)) || second >= end || len(person) == 0 {
			rest.fail()
			break
		}
		r.punches = append(r.punches, packed{
			second: uint32(second), person: person, source: r.sources[at], id: id, details: punch.left(), from: int(at),
		})
	}
	if rest.bad {
		return fmt.Errorf("%w: punches of %d bytes cannot be read", ErrCorrupt, len(record))
	}
	return nil
}

// wanted are the raw persons that are asked for; nil: everybody.
type wanted []string

func wantedOf(raw []hall.PersonID) wanted {
	var w wanted
	for _, person := range raw {
		w = append(w, string(person))
	}
	slices.Sort(w)
	return slices.Compact(w)
}

// has looks at each of a few, which is mostly one person with an alias.
func (w wanted) has(person []byte) bool {
	switch {
	case w == nil:
		return true
	case len(w) <= 8:
		return slices.Contains(w, string(person))
	}
	_, found := slices.BinarySearch(w, string(person))
	return found
}

// countPunches is how many punches a record has, as far as it can be read.
func countPunches(record []byte) int {
	rest := reader{b: record}
	for n := rest.uvarint(); n > 0 && !rest.bad; n-- {
		rest.bytes()
	}
	count := 0
	for len(rest.left()) > 0 {
		rest.uvarint()
		rest.bytes()
		count++
	}
	return count
}
