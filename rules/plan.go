package rules

// What is planned on a day: sessions, planned punches and their bands.

import "rollcall/hall"

// planKey names a plan: it is the same for everybody of a group on a date.
type planKey struct {
	group string
	date  hall.Date
}

// plan is a day of a timetable, whoever it is for.
type plan struct {
	policy    *hall.PolicyEvent
	timetable *hall.Timetable
	sessions  []hall.Session
	planned   []slot
	works     bool // a workday of the timetable
	unknown   bool // the statutory table of the year is missing
}

// slot is a planned punch without a person.
type slot struct {
	session *hall.Session
	edge    string
	at      hall.Clock
	given   *hall.Band
	grace   int
}

// planOf returns the plan of a group's date; its policy is nil before the first.
func (b *Book) planOf(group string, d hall.Date) *plan {
	key := planKey{group, d}
	if p, ok := b.plans[key]; ok {
		return p
	}
	p := &plan{policy: b.PolicyOn(d)}
	if p.policy != nil {
		policy := p.policy.Policy
		if p.timetable = policy.Timetable(group, d); p.timetable != nil {
			p.sessions = p.timetable.On(d.Weekday())
		}
		p.works, p.unknown = policy.Works(p.timetable, d, b.statutory)
		p.planned = slots(policy, p.sessions)
	}
	b.plans[key] = p
	return p
}

func slots(policy *hall.Policy, sessions []hall.Session) []slot {
	var list []slot
	for i := range sessions {
		s := &sessions[i]
		grace := policy.Punctuality.Grace
		if s.Grace != nil {
			grace = *s.Grace
		}
		if s.PunchIn {
			list = append(list, slot{s, hall.EdgeIn, s.Start, s.In, grace})
		}
		if s.PunchOut {
			list = append(list, slot{s, hall.EdgeOut, s.End, s.Out, grace})
		}
	}
	return list
}

// shape is what a person has to do on a date, before anything happens.
type shape struct {
	*plan
	row   *hall.Roster
	why   string // not due: in a word why; "" = due
	slots []slot // none where the day is not due
	bands []hall.Band
	ended bool       // end is known
	end   hall.Clock // where the last computed band ends
}

// dayKey names a person's date.
type dayKey struct {
	person hall.PersonID
	date   hall.Date
}

// A block is 32 consecutive dates of a person. Most questions are about dates next
// to each other, and a look at the block that was asked last costs a tenth of a
// look into a map.
const (
	blockBits = 5
	blockDays = 1 << blockBits
)

type blockKey struct {
	person hall.PersonID
	block  hall.Date // date >> blockBits
}

type block struct {
	key    blockKey
	shapes [blockDays]shape // without plan: not known yet
}

// shapeOf returns the shape of a person's date; its bands are filled by bandsOf.
func (b *Book) shapeOf(person hall.PersonID, d hall.Date) *shape {
	key := blockKey{person, d >> blockBits}
	if b.recent == nil || b.recent.key != key {
		if b.blocks[key] == nil {
			b.blocks[key] = &block{key: key}
		}
		b.recent = b.blocks[key]
	}
	s := &b.recent.shapes[d&(blockDays-1)]
	if s.plan == nil {
		b.fillShape(s, person, d)
	}
	return s
}

func (b *Book) fillShape(s *shape, person hall.PersonID, d hall.Date) {
	s.row = b.RowOn(person, d)
	group := ""
	if s.row != nil {
		group = s.row.Group
	}
	s.plan = b.planOf(group, d)
	switch {
	case s.policy == nil:
		s.why = NotDuePolicy
	case s.row == nil:
		s.why = NotDueRoster
	case !punches(s.policy.Policy, s.row.Class):
		s.why = NotDueClass
	case !s.works:
		s.why = NotDueCalendar
	default:
		s.slots = s.planned
	}
}

func punches(policy *hall.Policy, class string) bool {
	c := policy.Class(class)
	return c != nil && c.Punches
}

// afterNight is how long after its end a session that crosses midnight still
// takes punches.
const afterNight = 6 * 3600

// dayEnd is where the last computed band of a person's day ends: at midnight,
// or after a session that crosses it at the midpoint to the next planned punch,
// at the most six hours after its end. There the next day's first band begins.
func (b *Book) dayEnd(person hall.PersonID, d hall.Date) hall.Clock {
	s := b.shapeOf(person, d)
	if !s.ended {
		s.end, s.ended = b.findEnd(person, d, s), true
	}
	return s.end
}

func (b *Book) findEnd(person hall.PersonID, d hall.Date, s *shape) hall.Clock {
	if !s.crosses() {
		return hall.DayEnd
	}
	last := &s.slots[len(s.slots)-1]
	end := last.session.End + afterNight
	for ahead := hall.Date(1); ahead <= 2; ahead++ {
		if next := b.shapeOf(person, d+ahead).slots; len(next) > 0 {
			return min(end, middle(last.at, next[0].at+hall.Clock(ahead)*hall.DayEnd))
		}
	}
	return end
}

// crosses reports whether the last planned punch is of a session that crosses
// midnight.
func (s *shape) crosses() bool {
	return len(s.slots) > 0 && s.slots[len(s.slots)-1].session.CrossesMidnight()
}

// middle may be a half minute.
func middle(a, b hall.Clock) hall.Clock { return (a + b) / 2 }

// bandsOf returns the bands of a person's planned punches: the computed ones,
// given ones aside.
func (b *Book) bandsOf(person hall.PersonID, d hall.Date) []hall.Band {
	s := b.shapeOf(person, d)
	if len(s.slots) == 0 || s.bands != nil {
		return s.bands
	}
	s.bands = make([]hall.Band, len(s.slots))
	from, end := b.dayEnd(person, d-1)-hall.DayEnd, b.dayEnd(person, d)
	for i := range s.bands {
		until := end
		if i+1 < len(s.slots) {
			until = middle(s.slots[i].at, s.slots[i+1].at)
		}
		s.bands[i] = hall.Band{From: from, Until: until}
		from = until
	}
	return s.bands
}

// owner finds the planned punch in whose band a moment falls, read as the minute
// that a terminal shows: its day and its place among the planned punches of that
// day. A given band goes before a computed one.
func (b *Book) owner(person hall.PersonID, at hall.Instant) (day hall.Date, place int, ok bool) {
	date, clock := at.In(b.zone)
	return b.ownerOn(person, date, clock)
}

// ownerOn is owner for the date and the time that a clock of the hall shows.
func (b *Book) ownerOn(person hall.PersonID, date hall.Date, clock hall.Clock) (day hall.Date, place int, ok bool) {
	clock = clock.Minute()
	for _, given := range []bool{true, false} {
		for back := hall.Date(2); back >= 0; back-- {
			s := b.shapeOf(person, date-back)
			if len(s.slots) == 0 || back > 0 && !s.crosses() {
				continue
			}
			bands := b.bandsOf(person, date-back)
			if place := s.place(bands, clock+hall.Clock(back)*hall.DayEnd, given); place >= 0 {
				return date - back, place, true
			}
		}
	}
	return 0, 0, false
}

// place returns the planned punch whose given or computed band has a time, else -1.
func (s *shape) place(bands []hall.Band, at hall.Clock, given bool) int {
	for i := range s.slots {
		switch slot := &s.slots[i]; {
		case given != (slot.given != nil):
		case given && slot.given.Contains(at), !given && bands[i].Contains(at):
			return i
		}
	}
	return -1
}
