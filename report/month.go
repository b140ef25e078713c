package report

// The month of a hall, from the store.

import (
	"fmt"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/store"
)

// Question asks for a month of a hall.
type Question struct {
	Hall  hall.ID
	Month hall.Month
	// AsOf closes bands; it hides no event. It must be given: report has no clock.
	AsOf hall.Instant
	// Lists are those that are wanted, by their JSON keys; none means all. Only
	// the long ones (sheet, days, punches, patrol) are left out for it.
	Lists []string
	// Gaps are holes of the log that people accepted; every report warns of them.
	Gaps []Gap
	// Carried are the vetoes of earlier months, in their order; Month finds those of
	// the store by itself.
	Carried []hall.Veto
	// FromFile says that sequences are line numbers of a file.
	FromFile bool
}

// Gap is a stretch of the log that is lost and was accepted as lost.
type Gap struct {
	From, To uint64
	Reason   string
}

// Log is what a report says of the log: how far it was read and what of it
// could not be read.
type Log struct {
	Sequence uint64
	Dead     []hall.DeadLetter // the first ones, at most mostDead
}

// Month answers a question from a snapshot of the store. The statutory tables
// are the shipped ones. The error wraps hall.ErrNotFound where no policy governs
// a day of the month, and hall.ErrInvalid where the question is incomplete.
func Month(v *store.View, statutory hall.Calendar, q Question) (*hall.Report, error) {
	c, err := open(v, statutory, q)
	if err != nil {
		return nil, err
	}
	return c.report()
}

// open reads what a question is about and settles it.
func open(v *store.View, statutory hall.Calendar, q Question) (*compiler, error) {
	return openAfter(newCarrier(v, statutory, q.Hall, q.AsOf), q)
}

// openAfter opens a month to which vetoes of earlier ones are carried.
func openAfter(k *carrier, q Question) (*compiler, error) {
	v := k.view
	if err := q.validate(); err != nil {
		return nil, err
	}
	f, err := k.facts(q.Month)
	if err != nil {
		return nil, err
	}
	log, err := q.log(v)
	if err != nil {
		return nil, fmt.Errorf("read dead letters of %s: %w", q.Hall, err)
	}
	if q.Carried, err = k.into(q.Month, f.Policies); err != nil {
		return nil, err
	}
	return compile(f, k.statutory, q, log)
}

func (q *Question) validate() error {
	switch {
	case q.Hall == "":
		return fmt.Errorf("%w question: no hall is named", hall.ErrInvalid)
	case q.Month == 0:
		return fmt.Errorf("%w question: no month is named, for example 2020-11", hall.ErrInvalid)
	case q.AsOf == 0:
		return fmt.Errorf("%w question: no as_of is given, for example 2020-12-01T00:00:00+08:00", hall.ErrInvalid)
	}
	return nil
}

// mostDead is how many dead letters a month lists: anybody who may publish can make any
// number of them, and neither a question nor an issue must grow with it.
const mostDead = 10_000

func (q *Question) log(v *store.View) (Log, error) {
	log := Log{Sequence: v.Applied().Sequence}
	speaker := q.Hall
	if q.FromFile {
		speaker = "" // lines of other halls are not in the store of a file
	}
	for d, err := range v.Dead(speaker, 0) {
		if err != nil {
			return Log{}, err
		}
		letter := hall.DeadLetter{Sequence: &d.Sequence, Subject: d.Subject, Field: hall.Name(d.Field), Reason: d.Reason}
		if q.FromFile {
			letter.Sequence, letter.Line = nil, new(int(d.Sequence))
		}
		if log.Dead = append(log.Dead, letter); len(log.Dead) == mostDead {
			break
		}
	}
	return log, nil
}

// How far around a month its facts lie, in UTC days: a terminal speaks for seven
// days, a night shift and the zones reach over the ends.
const (
	daysBefore = 9
	daysAfter  = 3
	endOfTime  = hall.Date(1 << 20) // beyond 2099-12-31
)

// around are the days of which a month needs the facts.
func around(m hall.Month) (from, until hall.Date) {
	return m.First() - daysBefore, m.Last() + daysAfter
}

// facts reads what a month needs. While bands of the month can still be pending
// it also reads what terminals said later and earlier.
func facts(v *store.View, h hall.ID, m hall.Month, asOf hall.Instant) (*hall.Facts, error) {
	return factsUntil(v, h, m, asOf, 0)
}

// factsUntil does so for a punch that may be waited for longer than the policies
// of the hall say.
func factsUntil(v *store.View, h hall.ID, m hall.Month, asOf hall.Instant, wait time.Duration) (*hall.Facts, error) {
	from, until := around(m)
	f, err := v.Facts(h, from, until)
	if err != nil {
		return nil, err
	}
	if f.Seals, err = v.Seals(h, m); err != nil {
		return nil, err
	}
	settled := m.Last() + 1 + daysAfter + hall.Date(max(wait, longestWait(f))/(24*time.Hour))
	if asOf.UTCDate() <= settled {
		if err := addTerminals(v, h, f, from, until); err != nil {
			return nil, err
		}
	}
	return f, addMissing(v, h, m, f)
}

// factsOf reads what a month needs to be told of one person, unless terminals must
// be asked what they have shown.
func factsOf(v *store.View, h hall.ID, m hall.Month, person hall.PersonID) (*hall.Facts, error) {
	standing, err := v.Standing(h)
	if err != nil {
		return nil, err
	}
	raw := []hall.PersonID{person}
	for i := range standing.Roster {
		if row := &standing.Roster[i]; row.Person == person {
			raw = append(raw, row.Names()...)
		}
	}
	from, until := around(m)
	read := func() (*hall.Facts, error) { return v.FactsNaming(h, from, until, person, raw) }
	if strings.HasPrefix(string(person), "@") { // what is noted of a window may be this person's too
		read = func() (*hall.Facts, error) { return v.FactsOf(h, from, until, raw) }
	}
	f, err := read()
	if err != nil {
		return nil, err
	}
	f.Roster, f.Policies, f.Calendars, f.Rulings = standing.Roster, standing.Policies, standing.Calendars, standing.Rulings
	if err := v.AddMonthly(f, h, from, until); err != nil {
		return nil, err
	}
	if f.Seals, err = v.Seals(h, m); err != nil {
		return nil, err
	}
	return f, addMissing(v, h, m, f)
}

func longestWait(f *hall.Facts) time.Duration {
	var longest time.Duration
	for i := range f.Policies {
		longest = max(longest, f.Policies[i].Policy.Wait)
	}
	return longest
}

// addTerminals adds what shows, outside the range, that a terminal spoke later,
// or was retired. Of each terminal the last event is enough.
func addTerminals(v *store.View, h hall.ID, f *hall.Facts, from, until hall.Date) error {
	ruled := map[hall.UID]bool{}
	for i := range f.Rulings {
		ruled[hall.UID(f.Rulings[i].On)] = true
	}
	last := map[string]hall.Punch{}
	for p, err := range v.Punches(h, until+1, endOfTime) {
		if err != nil {
			return err
		}
		if ruled[p.UID] {
			f.Punches = append(f.Punches, p)
		} else if held, ok := last[p.Terminal]; p.SpeaksForTerminal() && (!ok || held.Before(p.Head)) {
			last[p.Terminal] = p
		}
	}
	for _, p := range last {
		f.Punches = append(f.Punches, p)
	}
	for t, err := range v.Heartbeats(h, until+1, endOfTime) {
		if err != nil {
			return err
		}
		f.Terminals = append(f.Terminals, t)
	}
	return addStates(v, h, f, from)
}

// addStates looks further back for the state of those terminals that punched in
// the range without any event of their own.
func addStates(v *store.View, h hall.ID, f *hall.Facts, from hall.Date) error {
	unknown := map[string]bool{}
	for i := range f.Punches {
		unknown[f.Punches[i].Terminal] = true
	}
	for i := range f.Terminals {
		delete(unknown, f.Terminals[i].Terminal)
	}
	if len(unknown) == 0 {
		return nil
	}
	for t, err := range v.Heartbeats(h, 0, from-1) {
		if err != nil {
			return err
		}
		if unknown[t.Terminal] {
			f.Terminals = append(f.Terminals, t)
		}
	}
	return nil
}

// addMissing names the events that rulings of the month speak of and that the
// hall does not have.
func addMissing(v *store.View, h hall.ID, m hall.Month, f *hall.Facts) error {
	for i := range f.Rulings {
		r := &f.Rulings[i]
		if r.OnViolation() || r.Date != 0 && !m.Contains(r.Date) {
			continue
		}
		found, err := has(v, h, r)
		if err != nil {
			return fmt.Errorf("look for %s: %w", r.On, err)
		}
		if !found {
			f.Missing = append(f.Missing, hall.UID(r.On))
		}
	}
	return nil
}

func has(v *store.View, h hall.ID, r *hall.Ruling) (bool, error) {
	uid := hall.UID(r.On)
	if uid.Hall() != h {
		return false, nil
	}
	return v.Has(uid, r.Person, r.Date)
}
