package rules

// What is planned on a day: sessions, planned punches and their bands.

import (
	"slices"

	"rollcall/hall"
)

// plan is a day of a timetable, whoever it is for.
type plan struct {
	policy    *hall.PolicyEvent // nil = none governs the day
	timetable *hall.Timetable
	sessions  []hall.Session
	slots     []Slot // as they are unless a night reaches into the day or out of it
	works     bool   // a workday of the timetable
	unknown   bool   // the statutory table of the year is missing
	known     bool   // filled
}

// Slot is a planned punch, whoever it is for. It is shared and never changed.
type Slot struct {
	Session string
	Edge    string     // in or out
	At      hall.Clock // by the timetable
	Band    hall.Band
	Given   bool // the band is the policy's, not a midpoint
	Grace   int  // minutes
	// Closes is when the band ends.
	Closes  hall.Instant
	session *hall.Session
}

// group is the plans of those who have the same timetables.
type group struct {
	name  string
	plans byDate[plan]
}

func (b *Book) groupOf(name string) *group {
	if b.group != nil && b.group.name == name {
		return b.group
	}
	b.group = b.groups[name]
	if b.group == nil {
		b.group = &group{name: name}
		b.groups[name] = b.group
	}
	return b.group
}

// planOf returns the plan of a group's date.
func (b *Book) planOf(name string, d hall.Date) *plan {
	p := b.groupOf(name).plans.at(d)
	if !p.known {
		b.fillPlan(p, name, d)
	}
	return p
}

func (b *Book) fillPlan(p *plan, group string, d hall.Date) {
	*p = plan{known: true, policy: b.PolicyOn(d)}
	if p.policy == nil {
		return
	}
	policy := p.policy.Policy
	if p.timetable = policy.Timetable(group, d); p.timetable != nil {
		p.sessions = p.timetable.On(d.Weekday())
	}
	p.works, p.unknown = policy.Works(p.timetable, d, b.statutory)
	p.slots = slotsOf(policy, p.sessions)
	b.setBands(p.slots, d, 0, hall.DayEnd)
}

func slotsOf(policy *hall.Policy, sessions []hall.Session) []Slot {
	slots := make([]Slot, 0, 2*len(sessions))
	for i := range sessions {
		s := &sessions[i]
		grace := policy.Punctuality.Grace
		if s.Grace != nil {
			grace = *s.Grace
		}
		add := func(edge string, at hall.Clock, given *hall.Band) {
			slot := Slot{Session: s.Name, Edge: edge, At: at, Grace: grace, session: s}
			if given != nil {
				slot.Band, slot.Given = *given, true
			}
			slots = append(slots, slot)
		}
		if s.PunchIn {
			add(hall.EdgeIn, s.Start, s.In)
		}
		if s.PunchOut {
			add(hall.EdgeOut, s.End, s.Out)
		}
	}
	return slots
}

// setBands sets the bands of a day's slots, the first computed one from a time and
// the last until another. A given band stays, and others are computed as if it were
// not there.
func (b *Book) setBands(slots []Slot, d hall.Date, from, end hall.Clock) {
	for i := range slots {
		s, until := &slots[i], end
		if i+1 < len(slots) {
			until = middle(s.At, slots[i+1].At)
		}
		if !s.Given {
			s.Band = hall.Band{From: from, Until: until}
		}
		s.Closes = d.At(s.Band.Until, b.zone)
		from = until
	}
}

// middle may be a half minute.
func middle(a, b hall.Clock) hall.Clock { return (a + b) / 2 }

// shape is what a person has to do on a date, before anything happens.
type shape struct {
	*plan   // nil = not filled
	row     *hall.Roster
	own     []Slot // with bands of the person's own; nil unless a night made some
	punches bool   // the class of the row does
}

// shapeOf returns the shape of a person's date.
func (b *Book) shapeOf(p *page, d hall.Date) *shape {
	s := p.shapes.at(d)
	if s.plan == nil {
		b.fillShape(s, p, d)
	}
	return s
}

func (b *Book) fillShape(s *shape, p *page, d hall.Date) {
	s.row = p.rowOn(d)
	group := ""
	if s.row != nil {
		group = s.row.Group
	}
	s.plan = b.planOf(group, d)
	s.punches = s.policy != nil && s.row != nil && punches(s.policy.Policy, s.row.Class)
}

func punches(policy *hall.Policy, class string) bool {
	c := policy.Class(class)
	return c != nil && c.Punches
}

// why says in a word why the day is not due, "" = it is due.
func (s *shape) why() string {
	switch {
	case s.policy == nil:
		return NotDuePolicy
	case s.row == nil:
		return NotDueRoster
	case !s.punches:
		return NotDueClass
	case !s.works:
		return NotDueCalendar
	}
	return ""
}

// due are the planned punches of the day, with the bands of somebody whom no night
// concerns; none where the day is not due.
func (s *shape) due() []Slot {
	if s.punches && s.works {
		return s.slots
	}
	return nil
}

// crosses reports whether the last planned punch is of a session that crosses
// midnight.
func (s *shape) crosses() bool {
	slots := s.due()
	return len(slots) > 0 && slots[len(slots)-1].session.CrossesMidnight()
}

// afterNight is how long after its end a session that crosses midnight still
// takes punches.
const afterNight = 6 * 3600

// dayEnd is where the last computed band of a person's day ends: at midnight,
// or after a session that crosses it at the midpoint to the next planned punch,
// at the most six hours after its end. There the next day's first band begins.
func (b *Book) dayEnd(p *page, d hall.Date) hall.Clock {
	s := b.shapeOf(p, d)
	if !s.crosses() {
		return hall.DayEnd
	}
	last := &s.slots[len(s.slots)-1]
	end := last.session.End + afterNight
	for ahead := hall.Date(1); ahead <= 2; ahead++ {
		if next := b.shapeOf(p, d+ahead).due(); len(next) > 0 {
			return min(end, middle(last.At, next[0].At+hall.Clock(ahead)*hall.DayEnd))
		}
	}
	return end
}

// slotsOn returns the planned punches of a person's date, with the bands that the
// nights of the person leave them.
func (b *Book) slotsOn(p *page, d hall.Date) []Slot {
	s := b.shapeOf(p, d)
	if s.own != nil || len(s.due()) == 0 {
		return s.own
	}
	from, end := b.dayEnd(p, d-1)-hall.DayEnd, b.dayEnd(p, d)
	if from == 0 && end == hall.DayEnd {
		return s.slots
	}
	s.own = slices.Clone(s.slots)
	b.setBands(s.own, d, from, end)
	return s.own
}

// owner finds the planned punch in whose band a moment falls, read as the minute
// that a terminal shows: its day and its place among the planned punches of that
// day. A given band goes before a computed one.
func (b *Book) owner(p *page, at hall.Instant) (day hall.Date, place int, ok bool) {
	date, clock := at.In(b.zone)
	return b.ownerOn(p, date, clock)
}

// ownerOn is owner for the date and the time that a clock of the hall shows.
func (b *Book) ownerOn(p *page, date hall.Date, clock hall.Clock) (day hall.Date, place int, ok bool) {
	clock = clock.Minute()
	slots := b.reachOf(p, date)
	for _, given := range [...]bool{true, false} {
		for back := len(slots) - 1; back >= 0; back-- {
			if place := placeOf(slots[back], clock+hall.Clock(back)*hall.DayEnd, given); place >= 0 {
				return date - hall.Date(back), place, true
			}
		}
	}
	return 0, 0, false
}

// reach are the planned punches whose bands may hold a moment of a date of a person:
// those of the date, and of the two before it where a night reaches over.
type reach struct {
	person *page
	date   hall.Date
	slots  [3][]Slot // by how many days before the date
}

// reachOf returns the reach of a person's date. The last one is kept, since the
// punches of a day come one after the other.
func (b *Book) reachOf(p *page, date hall.Date) *[3][]Slot {
	r := &b.reach
	if r.person == p && r.date == date {
		return &r.slots
	}
	r.person, r.date = p, date
	for back := range r.slots {
		r.slots[back] = nil
		if d := date - hall.Date(back); back == 0 || b.shapeOf(p, d).crosses() {
			r.slots[back] = b.slotsOn(p, d)
		}
	}
	return &r.slots
}

// placeOf returns the planned punch whose given or computed band has a time, else -1.
func placeOf(slots []Slot, at hall.Clock, given bool) int {
	for i := range slots {
		if s := &slots[i]; s.Given == given && s.Band.Contains(at) {
			return i
		}
	}
	return -1
}
