package store

// The facts of a hall, as far as a question needs them.

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"

	"go.etcd.io/bbolt"

	"rollcall/hall"
)

// How the kinds are read for a range of days (Facts).
var (
	wholeKinds = []hall.Kind{hall.KindRoster, hall.KindPolicy, hall.KindCalendar, hall.KindRuling}
	dayKinds   = []hall.Kind{hall.KindPatrol, hall.KindCorrection}
	spanKinds  = []hall.Kind{hall.KindLeave, hall.KindStandIn, hall.KindExcuse}
	monthKinds = []hall.Kind{hall.KindBonus, hall.KindCases, hall.KindFigure, hall.KindText, hall.KindAward}
)

// Facts returns what the hall knows about the UTC days from..until, both
// included:
//
//   - punches and patrol notes by time, corrections by At, heartbeats by time;
//   - leave, stand-ins and excuses that overlap the range, or come within two
//     days of it, since their dates are the hall's and not those of UTC;
//   - bonus, cases, figures, texts and awards of the months that touch the range
//     and of the month before it;
//   - roster, policies, calendars, rulings and conflicts: all;
//   - no seals, which are large: see Seals.
//
// Of a uid with several bodies the one that counts is there. Nothing is taken
// out: rejected facts and replaced ones are among them.
func (v *View) Facts(h hall.ID, from, until hall.Date) (*hall.Facts, error) {
	f := &hall.Facts{}
	var err error
	if f.Punches, err = v.allPunches(h, from, until); err != nil {
		return nil, err
	}
	if err := v.addWhole(f, h); err != nil {
		return nil, err
	}
	if err := v.addDated(f, h, from, until); err != nil {
		return nil, err
	}
	for c, err := range v.Conflicts(h) {
		if err != nil {
			return nil, err
		}
		f.Conflicts = append(f.Conflicts, c)
	}
	return f, nil
}

// Standing returns what of the hall's facts has no day: roster, policies,
// calendars and rulings.
func (v *View) Standing(h hall.ID) (*hall.Facts, error) {
	f := &hall.Facts{}
	return f, v.addWhole(f, h)
}

// FactsOf returns what bears on some people in the UTC days from..until, beside
// what is Standing and what AddMonthly adds: the punches of these raw persons,
// patrol notes, corrections, leave, stand-ins and excuses as Facts has them. It
// does not tell what terminals have shown.
func (v *View) FactsOf(h hall.ID, from, until hall.Date, raw []hall.PersonID) (*hall.Facts, error) {
	return v.factsOf(h, from, until, raw, nil)
}

// FactsNaming is FactsOf for one person alone: of patrol notes, corrections and
// leave it has those that name the person. The others, of which a large hall has
// hundreds a month, are not decoded.
func (v *View) FactsNaming(h hall.ID, from, until hall.Date, person hall.PersonID, raw []hall.PersonID) (*hall.Facts, error) {
	return v.factsOf(h, from, until, raw, hall.NamesPerson(person))
}

func (v *View) factsOf(h hall.ID, from, until hall.Date, raw []hall.PersonID, naming []byte) (*hall.Facts, error) {
	f := &hall.Facts{}
	if len(raw) > 0 {
		for p, err := range v.Punches(h, from, until, raw...) {
			if err != nil {
				return nil, err
			}
			f.Punches = append(f.Punches, p)
		}
	}
	return f, v.addEvents(f, h, from, until, naming)
}

func (v *View) addWhole(f *hall.Facts, h hall.ID) error {
	for _, kind := range wholeKinds {
		for fact, err := range v.Of(h, kind) {
			if err != nil {
				return err
			}
			f.Add(fact)
		}
	}
	return nil
}

// addEvents adds what happened in the range; of kinds that are of one person, where
// naming is given, what has these bytes in its body.
func (v *View) addEvents(f *hall.Facts, h hall.ID, from, until hall.Date, naming []byte) error {
	for _, kind := range dayKinds {
		if err := v.scanDates(h, kind, from, until, v.addFact(f, naming)); err != nil {
			return err
		}
	}
	for _, kind := range spanKinds {
		add := v.addFact(f, nil)
		if kind == hall.KindLeave {
			add = v.addFact(f, naming)
		}
		if err := v.scanDates(h, kind, from-spanMargin, maxDay, spanning(until+spanMargin, add)); err != nil {
			return err
		}
	}
	return nil
}

func (v *View) addDated(f *hall.Facts, h hall.ID, from, until hall.Date) error {
	if err := v.addEvents(f, h, from, until, nil); err != nil {
		return err
	}
	if err := v.AddMonthly(f, h, from, until); err != nil {
		return err
	}
	return v.scanDates(h, hall.KindTerminal, from, until, func(d dated) error {
		t, err := readTerminal(d.value, d.uid, d.day)
		f.Terminals = append(f.Terminals, t)
		return err
	})
}

// AddMonthly adds what speaks of the months of the range and of the one before it:
// bonus, cases, figures, texts and awards.
func (v *View) AddMonthly(f *hall.Facts, h hall.ID, from, until hall.Date) error {
	for _, kind := range monthKinds {
		first, last := (from.Month() - 1).First(), until.Month().First()
		if err := v.scanDates(h, kind, first, last, v.addFact(f, nil)); err != nil {
			return err
		}
	}
	return nil
}

// Heartbeats yields the terminal events of the UTC days from..until, by day and
// uid. It reads no JSON.
func (v *View) Heartbeats(h hall.ID, from, until hall.Date) iter.Seq2[hall.Terminal, error] {
	return func(yield func(hall.Terminal, error) bool) {
		err := v.scanDates(h, hall.KindTerminal, from, until, func(d dated) error {
			t, err := readTerminal(d.value, d.uid, d.day)
			if err == nil && !yield(t, nil) {
				return errStop
			}
			return err
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(hall.Terminal{}, err)
		}
	}
}

// dated is an entry of the index of dates.
type dated struct {
	key   []byte // of the fact
	uid   hall.UID
	day   hall.Date
	value []byte
}

// errStop ends a scan whose reader has seen enough.
var errStop = errors.New("stop")

// scanDates calls fn for the entries of a kind of the days from..until.
func (v *View) scanDates(h hall.ID, kind hall.Kind, from, until hall.Date, fn func(dated) error) error {
	prefix := kindPrefix(h, kind)
	c := v.dates.Cursor()
	key, value := c.Seek(appendDay(slices.Clone(prefix), max(from, 0)))
	for ; bytes.HasPrefix(key, prefix); key, value = c.Next() {
		day, fact, err := parseDateKey(key)
		if err != nil {
			return err
		}
		if day > until {
			return nil
		}
		uid, err := parseFactKey(fact)
		if err != nil {
			return err
		}
		if err := fn(dated{fact, uid, day, value}); err != nil {
			return err
		}
	}
	return nil
}

// addFact adds the facts of entries of the index, of whose bodies, where naming is
// given, only those that have these bytes.
func (v *View) addFact(f *hall.Facts, naming []byte) func(dated) error {
	return func(d dated) error {
		record := v.facts.Get(d.key)
		if record == nil {
			return fmt.Errorf("%w: %s is in the index alone", ErrCorrupt, d.uid)
		}
		if !bytes.Contains(record, naming) {
			return nil
		}
		fact, err := readFact(d.uid, record)
		if err != nil {
			return err
		}
		f.Add(fact)
		return nil
	}
}

// spanning hands on the entries of spans that begin until a day.
func spanning(until hall.Date, add func(dated) error) func(dated) error {
	return func(d dated) error {
		first, err := readSpan(d.value)
		if err != nil || first > until {
			return err
		}
		return add(d)
	}
}

// readFact decodes the body that counts.
func readFact(uid hall.UID, record []byte) (hall.Fact, error) {
	bodies, err := readBodies(record)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", uid, err)
	}
	return decodeFact(uid, bodies[0])
}

// Of yields all facts of a kind by uid; not for punches. Policies and calendars
// are decoded once and shared by all who ask: nobody changes what they point to.
func (v *View) Of(h hall.ID, kind hall.Kind) iter.Seq2[hall.Fact, error] {
	return func(yield func(hall.Fact, error) bool) {
		read := readFact
		if isShared(kind) {
			read = v.shared.read
		}
		for key, value := range within(v.facts, kindPrefix(h, kind)) {
			uid, err := parseFactKey(key)
			if err != nil {
				yield(nil, err)
				return
			}
			fact, err := read(uid, value)
			if !yield(fact, err) || err != nil {
				return
			}
		}
	}
}

// within yields the keys and values behind a prefix; they are the file's own.
func within(b *bbolt.Bucket, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		c := b.Cursor()
		for key, value := c.Seek(prefix); key != nil && bytes.HasPrefix(key, prefix); key, value = c.Next() {
			if !yield(key, value) {
				return
			}
		}
	}
}

// Conflicts yields the uids of a hall of which several bodies are known.
func (v *View) Conflicts(h hall.ID) iter.Seq2[hall.Conflict, error] {
	return func(yield func(hall.Conflict, error) bool) {
		for key := range within(v.conflicts, hallPrefix(h)) {
			uid, err := parseFactKey(key)
			if err != nil {
				yield(hall.Conflict{}, err)
				return
			}
			bodies, err := v.ranked(uid, key)
			if !yield(conflict(uid, bodies), err) || err != nil {
				return
			}
		}
	}
}

// Punches yields the punches of the UTC days from..until, both included, by time,
// uid and raw person. With persons it yields only theirs, by name as the terminals
// sent it.
func (v *View) Punches(h hall.ID, from, until hall.Date, raw ...hall.PersonID) iter.Seq2[hall.Punch, error] {
	return func(yield func(hall.Punch, error) bool) {
		u := newUnpacker(h)
		for r, err := range v.punchRecords(h, from, until, wantedOf(raw)) {
			if err != nil {
				yield(hall.Punch{}, err)
				return
			}
			u.open(&r.punchRecord)
			for i := range r.punches {
				p, err := u.punch(&r.punches[i], r.day)
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// allPunches is Punches in one list. Thousands of them need the room at once, so they
// are counted first.
func (v *View) allPunches(h hall.ID, from, until hall.Date) ([]hall.Punch, error) {
	count := 0
	for _, value := range v.punchValues(h, from, until) {
		count += countPunches(value)
	}
	if count == 0 {
		return nil, nil
	}
	list := make([]hall.Punch, 0, count)
	u := newUnpacker(h)
	for r, err := range v.punchRecords(h, from, until, nil) {
		if err != nil {
			return nil, err
		}
		if list, err = u.appendTo(list, &r.punchRecord, r.day); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// punchRecords takes the records of a hall's UTC days apart, one after the other: each
// is valid until the next one.
func (v *View) punchRecords(h hall.ID, from, until hall.Date, only wanted) iter.Seq2[*dayRecord, error] {
	return func(yield func(*dayRecord, error) bool) {
		var r dayRecord
		prefix := len(hallPrefix(h))
		for key, value := range v.punchValues(h, from, until) {
			day, q, err := cutQuarter(key, key[prefix:])
			if err == nil {
				err = r.read(value, q, only)
			}
			r.day = day
			if !yield(&r, err) || err != nil {
				return
			}
		}
	}
}

// dayRecord is a record and its UTC day.
type dayRecord struct {
	punchRecord
	day hall.Date
}

// punchValues yields the keys and records of a hall's UTC days; they are the file's
// own.
func (v *View) punchValues(h hall.ID, from, until hall.Date) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		prefix, end := hallPrefix(h), dayPrefix(h, min(until, maxDay-1)+1)
		c := v.punches.Cursor()
		key, value := c.Seek(dayPrefix(h, max(from, 0)))
		for ; bytes.HasPrefix(key, prefix) && bytes.Compare(key, end) < 0; key, value = c.Next() {
			if !yield(key, value) {
				return
			}
		}
	}
}
