package store

// The index of facts by the days they speak of.

import (
	"encoding/binary"
	"fmt"
	"math"

	"rollcall/hall"
)

// date is a fact's place in the index: the last UTC day it speaks of, and what
// the index says of it.
type date struct {
	day   hall.Date
	value []byte
}

// dateOf returns where a fact stands in the index; ok is false for kinds that
// are always read whole: ruling, roster, policy and calendar.
func dateOf(fact hall.Fact) (d date, ok bool) {
	switch e := fact.(type) {
	case *hall.Patrol:
		return date{day: e.Time.UTCDate()}, true
	case *hall.Correction:
		return date{day: e.At.UTCDate()}, true
	case *hall.Terminal:
		return date{e.Time.UTCDate(), appendTerminal(nil, e)}, true
	case *hall.Leave:
		return span(e.From, e.Until), true
	case *hall.StandIn:
		return span(e.From, e.Until), true
	case *hall.Excuse:
		return span(e.From, e.Until), true
	case *hall.Bonus:
		return date{day: e.Month.First()}, true
	case *hall.Cases:
		return date{day: e.Month.First()}, true
	case *hall.Figure:
		return date{day: e.Month.First()}, true
	case *hall.Text:
		return date{day: e.Month.First()}, true
	case *hall.Award:
		return date{day: e.Month.First()}, true
	case *hall.Seal:
		return date{day: e.Month.First()}, true
	}
	return date{}, false
}

// maxDay is the day of a span without end.
const maxDay hall.Date = math.MaxInt32

func span(from, until hall.Bound) date {
	last := boundDay(until)
	if until.IsZero() {
		last = maxDay
	}
	return date{last, binary.BigEndian.AppendUint32(nil, uint32(boundDay(from)))}
}

// boundDay is exact for a moment. A date is the hall's, which may lie a day
// beside that of UTC: who asks for spans leaves a margin.
func boundDay(b hall.Bound) hall.Date {
	if b.Date != 0 {
		return b.Date
	}
	if b.At == 0 {
		return 0
	}
	return b.At.UTCDate()
}

// spanMargin is how many days around a range spans are looked for.
const spanMargin = 2

func readSpan(value []byte) (first hall.Date, err error) {
	if len(value) != 4 {
		return 0, fmt.Errorf("%w: a span of %x", ErrCorrupt, value)
	}
	return hall.Date(binary.BigEndian.Uint32(value)), nil
}

// decodeFact reads a body, of which it keeps nothing: it may be the file's own.
func decodeFact(uid hall.UID, body []byte) (hall.Fact, error) {
	fact, err := hall.DecodeFact(uid, body)
	if err != nil {
		return nil, fmt.Errorf("%w: read %s: %w", ErrCorrupt, uid, err)
	}
	return fact, nil
}
