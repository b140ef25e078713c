package rules

// One day of one person: the day's facts and the policy in, verdicts out.

import (
	"cmp"
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
	return b.judgeDay(b.pageOf(person), date, corrections, asOf)
}

func (b *Book) judgeDay(p *page, date hall.Date, corrections []hall.Correction, asOf hall.Instant) *Day {
	s, day := b.shapeOf(p, date), &b.days.take(1)[0]
	why := s.why()
	// Field by field: while garbage is collected a copy of a whole day costs more.
	day.Person, day.Date, day.Row, day.Policy = p.person, date, s.row, s.policy
	day.Due, day.Why, day.CalendarMissing = why == "", why, s.unknown
	day.Timetable, day.Sessions, day.punches = s.timetable, s.sessions, s.punches
	if s.policy == nil || s.row == nil {
		return day
	}
	stays := b.stays(p, date, s.policy.Policy)
	b.takeLeave(day, stays)
	if !day.Due {
		return day
	}
	b.planPunches(p, day)
	b.collect(p, day, corrections)
	for i := range day.Sessions {
		st := b.stretchOf(day, &day.Sessions[i])
		b.cover(day, st, stays)
		b.excuse(day, st)
		choose(st)
		b.judge(st, asOf)
	}
	return day
}

// planPunches lays out the planned punches of a due day with their bands.
func (b *Book) planPunches(p *page, day *Day) {
	slots := b.slotsOn(p, day.Date)
	day.Planned = b.planned.take(len(slots))
	seen := b.seen.take(len(slots)) // room for one punch a band, which is what mostly comes
	for i := range slots {
		planned := &day.Planned[i]
		planned.Slot, planned.Due, planned.Seen = &slots[i], slots[i].At, seen[i:i:i+1]
	}
}

// collect puts every punch and correction into the band it falls in.
func (b *Book) collect(p *page, day *Day, corrections []hall.Correction) {
	until := day.Date + 1
	if b.shapeOf(p, day.Date).crosses() {
		until += 2
	}
	for _, punch := range p.punchesBetween(day.Date, until) {
		b.see(p, day, Seen{punch: punch.Punch}, punch.date, punch.clock)
	}
	for i := range corrections {
		c := &corrections[i]
		date, clock := c.At.In(b.zone)
		b.see(p, day, Seen{correction: c}, date, clock)
	}
	for i := range day.Planned {
		if seen := day.Planned[i].Seen; len(seen) > 1 {
			slices.SortFunc(seen, compareSeen)
		}
	}
}

// punchesBetween returns a person's punches from a date to the day before another.
// A day owns those of its own date, and only where a session crosses midnight
// those of the two that follow. The search begins where the last one ended, since
// days are mostly judged one after the other.
func (p *page) punchesBetween(first, end hall.Date) []dated {
	i := p.searched
	if i > 0 && p.punches[i-1].date >= first {
		i, _ = slices.BinarySearchFunc(p.punches, first, func(p dated, d hall.Date) int { return cmp.Compare(p.date, d) })
	}
	for i < len(p.punches) && p.punches[i].date < first {
		i++
	}
	j := i
	for j < len(p.punches) && p.punches[j].date < end {
		j++
	}
	p.searched = j
	return p.punches[i:j]
}

// see puts what a clock of the hall showed on a date into the band it falls in.
func (b *Book) see(p *page, day *Day, seen Seen, date hall.Date, clock hall.Clock) {
	owner, place, ok := b.ownerOn(p, date, clock)
	seen.At = clock + hall.Clock(date-day.Date)*hall.DayEnd
	if ok && owner == day.Date {
		day.Planned[place].Seen = append(day.Planned[place].Seen, seen)
	}
	if !ok && date == day.Date {
		day.Strays = append(day.Strays, seen)
	}
}

func compareSeen(a, b Seen) int {
	return cmp.Or(cmp.Compare(a.Instant(), b.Instant()), cmp.Compare(a.UID(), b.UID()))
}

// stretchOf gathers the planned punches of a session of the day, which stand next to
// each other. It is overwritten by the next one; what stays the same is not written
// again, since while garbage is collected each pointer that is written costs.
func (b *Book) stretchOf(d *Day, session *hall.Session) *stretch {
	st := &b.stretch
	if policy := d.Policy.Policy; st.policy != policy {
		st.policy, st.halfDayMinutes = policy, 0
		if half := policy.Punctuality.HalfDayAbsence; half != nil {
			st.halfDayMinutes = half.From
		}
	}
	st.session, st.edges, st.in, st.out = session, d.plannedIn(session.Name), nil, nil
	for i := range st.edges {
		if p := &st.edges[i]; p.Edge == hall.EdgeIn {
			st.in = p
		} else {
			st.out = p
		}
	}
	return st
}

// plannedIn are the planned punches of a session.
func (d *Day) plannedIn(session string) []Planned {
	from := 0
	for from < len(d.Planned) && d.Planned[from].Session != session {
		from++
	}
	until := from
	for until < len(d.Planned) && d.Planned[until].Session == session {
		until++
	}
	return d.Planned[from:until]
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

// judge asks the rules about each edge of a session.
func (b *Book) judge(s *stretch, asOf hall.Instant) {
	for i := range s.edges {
		switch e := &s.edges[i]; {
		case e.Removed:
			e.Verdict = hall.Excused
		case b.pending(e, s.policy.Wait, asOf):
			e.Verdict = hall.Pending
		}
	}
	for i := range s.edges {
		e := &s.edges[i]
		if e.Verdict != "" {
			continue
		}
		e.Verdict = hall.OK
		for j := range ofEdges {
			if rule := &ofEdges[j]; rule.find(s, e) {
				e.Verdict = rule.ID
				break
			}
		}
	}
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
	if !e.waits(wait, asOf) {
		return false
	}
	waitsFor, witnesses := b.terminals().silent(e.Closes)
	if len(waitsFor) == 0 {
		witnesses = b.terminals().witnesses(e.Closes)
	}
	s := e.special()
	s.waitsFor, s.witnesses = waitsFor, witnesses
	return len(waitsFor) > 0
}

// waits reports whether the band has closed so recently that a punch of it may still
// lie in a terminal.
func (p *Planned) waits(wait time.Duration, asOf hall.Instant) bool {
	return asOf >= p.Closes && asOf < p.Closes+hall.Instant(wait/time.Second)
}
