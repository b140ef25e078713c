package rules

// One day of one person: the day's facts and the policy in, verdicts out.

import (
	"math"
	"slices"
	"time"

	"rollcall/hall"
)

// never is an as_of at which every band has closed.
const never hall.Instant = math.MaxInt64 / 4

// Judge judges a person's date by the version that governs it. Of the
// corrections those that are handed in count, as far as they fall in the bands
// of the day; which ones those are is settled over the month. Bands that are
// open at asOf are pending.
func Judge(b *Book, person hall.PersonID, date hall.Date, corrections []hall.Correction, asOf hall.Instant) *Day {
	s := b.shapeOf(person, date)
	day := &Day{Person: person, Date: date, Row: s.row, Policy: s.policy, Due: s.why == "", Why: s.why,
		CalendarMissing: s.unknown, Timetable: s.timetable, Sessions: s.sessions}
	if s.policy == nil || s.row == nil {
		return day
	}
	b.takeLeave(day)
	if !day.Due {
		return day
	}
	b.planPunches(day, s)
	b.collect(day, corrections)
	minutes := make([]int, 0, len(day.Planned))
	for i := range day.Sessions {
		st := b.stretchOf(day, &day.Sessions[i])
		b.cover(day, st)
		b.excuse(day, st)
		choose(st)
		minutes = b.judge(st, asOf, minutes)
	}
	return day
}

// planPunches lays out the planned punches of a due day with their bands.
func (b *Book) planPunches(day *Day, s *shape) {
	bands := b.bandsOf(day.Person, day.Date)
	day.Planned = make([]Planned, len(s.slots))
	seen := make([]Seen, len(s.slots)) // room for one punch a band, which is what mostly comes
	for i := range s.slots {
		slot, p := &s.slots[i], &day.Planned[i]
		*p = Planned{Session: slot.session.Name, Edge: slot.edge, At: slot.at, Due: slot.at, Band: bands[i], Grace: slot.grace, Seen: seen[i : i : i+1]}
		if slot.given != nil {
			p.Band, p.Given = *slot.given, true
		}
		p.Closes = day.Date.At(p.Band.Until, b.zone)
	}
}

// collect puts every punch and correction into the band it falls in.
func (b *Book) collect(day *Day, corrections []hall.Correction) {
	until := day.Date + 1
	if b.shapeOf(day.Person, day.Date).crosses() {
		until += 2
	}
	for _, p := range b.punchesBetween(day.Person, day.Date, until) {
		b.see(day, Seen{UID: p.UID, Instant: p.Time, Terminal: p.Terminal})
	}
	for i := range corrections {
		b.see(day, Seen{UID: corrections[i].UID, Instant: corrections[i].At, Correction: true})
	}
	for i := range day.Planned {
		slices.SortFunc(day.Planned[i].Seen, compareSeen)
	}
}

// punchesBetween returns a person's punches from the midnight of a date to that of
// another. A day owns those of its own date, and only where a session crosses
// midnight those of the two that follow.
func (b *Book) punchesBetween(person hall.PersonID, first, end hall.Date) []*hall.Punch {
	list := b.punches[person]
	byTime := func(p *hall.Punch, at hall.Instant) int { return int(p.Time - at) }
	i, _ := slices.BinarySearchFunc(list, first.At(0, b.zone), byTime)
	j, _ := slices.BinarySearchFunc(list, end.At(0, b.zone), byTime)
	return list[i:j]
}

func (b *Book) see(day *Day, seen Seen) {
	date, clock := seen.Instant.In(b.zone)
	owner, place, ok := b.ownerOn(day.Person, date, clock)
	seen.At = clock + hall.Clock(date-day.Date)*hall.DayEnd
	if ok && owner == day.Date {
		day.Planned[place].Seen = append(day.Planned[place].Seen, seen)
	}
	if !ok && date == day.Date {
		day.Strays = append(day.Strays, seen)
	}
}

func compareSeen(a, b Seen) int {
	return compareHeads(hall.Head{UID: a.UID, Time: a.Instant}, hall.Head{UID: b.UID, Time: b.Instant})
}

// stretchOf gathers the planned punches of a session of the day. It is overwritten
// by the next one.
func (b *Book) stretchOf(d *Day, session *hall.Session) *stretch {
	st := &b.stretch
	*st = stretch{session: session, policy: d.Policy.Policy, edges: st.edges[:0]}
	if half := st.policy.Punctuality.HalfDayAbsence; half != nil {
		st.halfDayMinutes = half.From
	}
	for i := range d.Planned {
		p := &d.Planned[i]
		if p.Session != session.Name {
			continue
		}
		st.edges = append(st.edges, p)
		if p.Edge == hall.EdgeIn {
			st.in = p
		} else {
			st.out = p
		}
	}
	return st
}

// choose picks the punch that counts: the earliest for a start, the latest for
// an end. One punch in the wrong half of a session helps the other edge out
// where several lie there.
func choose(s *stretch) {
	if s.in != nil && len(s.in.Seen) > 0 {
		s.in.Punch = &s.in.Seen[0]
	}
	if s.out != nil && len(s.out.Seen) > 0 {
		s.out.Punch = &s.out.Seen[len(s.out.Seen)-1]
	}
	if s.in == nil || s.out == nil {
		return
	}
	if s.in.Punch == nil && !s.in.Removed && several(s.out.Seen) {
		s.in.Punch = &s.out.Seen[0]
	}
	if s.out.Punch == nil && !s.out.Removed && s.out.Due != s.out.At && several(s.in.Seen) {
		s.out.Punch = &s.in.Seen[len(s.in.Seen)-1]
	}
}

// several reports whether there are punches of different minutes.
func several(seen []Seen) bool {
	return len(seen) > 1 && seen[0].At.Minute() != seen[len(seen)-1].At.Minute()
}

// judge asks the rules about each edge of a session. The minutes of all edges of a
// day stand in one list, which has room for them.
func (b *Book) judge(s *stretch, asOf hall.Instant, minutes []int) []int {
	for _, e := range s.edges {
		switch {
		case e.Removed:
			e.Verdict = hall.Excused
		case b.pending(e, s.policy.Wait, asOf):
			e.Verdict = hall.Pending
		}
	}
	for _, e := range s.edges {
		if e.Verdict != "" {
			continue
		}
		e.Verdict = hall.OK
		for i := range All {
			if rule := &All[i]; rule.find != nil && rule.find(s, e) {
				e.Verdict, e.rule = rule.ID, rule
				break
			}
		}
		if e.Punch != nil {
			minutes = append(minutes, offMinutes(e))
			e.Minutes = &minutes[len(minutes)-1]
		}
	}
	return minutes
}

// pending reports whether a punch may still come: a missing one, or a later one
// than an early one at an end.
func (b *Book) pending(e *Planned, wait time.Duration, asOf hall.Instant) bool {
	if e.Punch != nil && (e.Edge == hall.EdgeIn || offMinutes(e) == 0) {
		return false
	}
	if asOf < e.Closes {
		return true
	}
	if asOf >= e.Closes+hall.Instant(wait/time.Second) {
		return false
	}
	e.WaitsFor, e.Witnesses = b.terminals().silent(e.Closes)
	if len(e.WaitsFor) > 0 {
		return true
	}
	e.Witnesses = b.terminals().witnesses(e.Closes)
	return false
}
