package rules

// Leave moves or removes planned punches; excuses remove them.

import (
	"cmp"
	"math"
	"slices"

	"rollcall/hall"
)

// stay is the stretch of a leave as a session of a date meets it: a date alone
// means the sessions that start on it, from their first to their last minute.
type stay struct {
	from, until hall.Instant
	leave       *hall.Leave
	kind        *hall.LeaveKind
}

// stayOf returns how a span meets the sessions of d; ok is false where it names
// other dates only.
func stayOf(from, until hall.Bound, d hall.Date) (s stay, ok bool) {
	s = stay{from: from.At, until: until.At}
	if from.Date != 0 {
		if d < from.Date {
			return s, false
		}
		s.from = math.MinInt64 / 4
	}
	if until.Date != 0 {
		if d > until.Date {
			return s, false
		}
		s.until = math.MaxInt64 / 4
	}
	return s, s.from <= s.until
}

func (s stay) contains(at hall.Instant) bool { return s.from <= at && at <= s.until }

// stays returns a person's leaves of the kinds that a policy names, as the
// sessions of d meet them, by beginning.
func (b *Book) stays(p *page, d hall.Date, policy *hall.Policy) []stay {
	var list []stay
	for i := range p.leaves {
		s, ok := stayOf(p.leaves[i].From, p.leaves[i].Until, d)
		if !ok {
			continue
		}
		s.leave = &p.leaves[i]
		if s.kind = policy.LeaveKind(s.leave.Kind); s.kind != nil {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y stay) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.leave.UID, y.leave.UID))
	})
	return list
}

// cover applies the leave that covers: over the whole session nothing is due;
// over one edge that planned punch moves to the other end of the leave; strictly
// inside nothing moves. Leaves that overlap or touch are one.
func (b *Book) cover(day *Day, s *stretch, stays []stay) {
	if len(s.edges) == 0 || len(stays) == 0 {
		return
	}
	var list []stay
	for _, stay := range stays {
		if stay.kind.Covers {
			list = append(list, stay)
		}
	}
	start, end := day.Date.At(s.session.Start, b.zone), day.Date.At(s.session.End, b.zone)
	for len(list) > 0 {
		n, until := 1, list[0].until
		for n < len(list) && list[n].from <= until {
			until = max(until, list[n].until)
			n++
		}
		from, joined := list[0].from, list[:n]
		list = list[n:]
		switch {
		case from <= start && end <= until:
			b.leaveEdge(day, s.in, joined, func(p *Planned) { p.Removed = true })
			b.leaveEdge(day, s.out, joined, func(p *Planned) { p.Removed = true })
		case from <= start && start <= until:
			b.leaveEdge(day, s.in, joined, func(p *Planned) { p.Due = b.clockOn(day.Date, until) })
		case from <= end && end <= until:
			b.leaveEdge(day, s.out, joined, func(p *Planned) { p.Due = b.clockOn(day.Date, from) })
		}
	}
}

// leaveEdge lets joined leaves remove or move a planned punch and notes them.
func (b *Book) leaveEdge(day *Day, p *Planned, joined []stay, act func(*Planned)) {
	if p == nil {
		return
	}
	act(p)
	if !p.Removed && p.Due == p.At {
		return
	}
	at, few := day.Date.At(p.At, b.zone), p.special()
	for _, s := range joined {
		few.covers = append(few.covers, s.leave.UID)
		if s.contains(at) && (few.coveredBy == "" || s.leave.UID < few.coveredBy) {
			few.coveredBy = s.leave.UID
		}
	}
	slices.Sort(few.covers)
}

// clockOn reads a moment as the minute that a clock shows, counted from the
// midnight of d.
func (b *Book) clockOn(d hall.Date, at hall.Instant) hall.Clock {
	date, clock := at.In(b.zone)
	return clock.Minute() + hall.Clock(date-d)*hall.DayEnd
}

// excuse removes the planned punches inside the excuses that hold for the
// person, where leave has put them.
func (b *Book) excuse(day *Day, s *stretch) {
	for i := range b.facts.Excuses {
		e := &b.facts.Excuses[i]
		if !excuses(e, day) {
			continue
		}
		span, ok := stayOf(e.From, e.Until, day.Date)
		if !ok {
			continue
		}
		for i := range s.edges {
			p := &s.edges[i]
			if !span.contains(day.Date.At(p.Due, b.zone)) {
				continue
			}
			few := p.special()
			if few.coveredBy == "" || few.coveredBy.Kind() == hall.KindExcuse && e.UID < few.coveredBy {
				few.coveredBy = e.UID
			}
			p.Removed = true
			few.covers = append(few.covers, e.UID)
			slices.Sort(few.covers)
		}
	}
}

// excuses reports whether an excuse is for the person of a day; where nobody is
// named it is for everybody.
func excuses(e *hall.Excuse, day *Day) bool {
	if len(e.Windows) == 0 && len(e.Persons) == 0 {
		return true
	}
	return slices.Contains(e.Persons, day.Person) || slices.Contains(e.Windows, day.Row.Window)
}

// takeLeave notes the leaves that take at least a minute of a session of the
// day, whether they cover or not.
func (b *Book) takeLeave(day *Day, stays []stay) {
	for _, s := range stays {
		if slices.ContainsFunc(b.taken(day, s), func(minutes int) bool { return minutes > 0 }) {
			day.Leaves = append(day.Leaves, *s.leave)
		}
	}
	slices.SortFunc(day.Leaves, func(x, y hall.Leave) int { return cmp.Compare(x.UID, y.UID) })
}

// Taken returns how many whole minutes a leave takes of each session of a day.
func (b *Book) Taken(day *Day, l *hall.Leave) []int {
	s, ok := stayOf(l.From, l.Until, day.Date)
	if !ok {
		return make([]int, len(day.Sessions))
	}
	return b.taken(day, s)
}

func (b *Book) taken(day *Day, s stay) []int {
	minutes := make([]int, len(day.Sessions))
	for i := range day.Sessions {
		start, end := day.Date.At(day.Sessions[i].Start, b.zone), day.Date.At(day.Sessions[i].End, b.zone)
		minutes[i] = max(0, int(min(end, s.until)-max(start, s.from))/60)
	}
	return minutes
}

// onLeave returns the leaves during which a moment of a date falls, whatever
// they cover.
func (b *Book) onLeave(p *page, d hall.Date, policy *hall.Policy, at hall.Instant) []hall.UID {
	var uids []hall.UID
	for _, s := range b.stays(p, d, policy) {
		if s.contains(at) {
			uids = append(uids, s.leave.UID)
		}
	}
	return uids
}
