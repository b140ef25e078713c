package rules

// What inspectors noted: of which day and session, who pays, and whether
// something speaks against it.

import (
	"rollcall/hall"
)

// note is a patrol note as it is read.
type note struct {
	patrol  *hall.Patrol
	date    hall.Date
	session string     // "" on a day without sessions
	order   hall.Clock // start of its session, of early_leave its end
	policy  *hall.PolicyEvent
	kind    *hall.Discipline

	person  hall.PersonID // who pays, "" = the window
	window  hall.WindowID
	standIn bool
	unnamed int

	// reason and value say what is unknown, "" = nothing.
	reason, value string
	// against are the events that speak against it; contested, they keep it from
	// counting until it is confirmed.
	against   []hall.UID
	marked    bool // contradicted
	contested bool
}

// id is that of the violation that the note accuses.
func (n *note) id() string {
	return hall.ViolationID(n.date, n.session, n.what(), n.subject())
}

func (n *note) what() string {
	switch {
	case hall.Severity(n.patrol.Kind) == 0:
		return n.patrol.Kind
	case n.patrol.Kind == hall.EarlyLeave:
		return hall.EdgeOut
	}
	return hall.EdgeIn
}

func (n *note) subject() string {
	if n.person != "" {
		return string(n.person)
	}
	switch {
	case n.standIn:
		return "@" + string(n.window) + "+"
	case n.unnamed > 0:
		return "@" + string(n.window) + "*"
	}
	return "@" + string(n.window)
}

// read tells of which day and session a note is and who pays. It is nil for a
// note that is no finding, or of a day that no policy governs.
func (b *Book) read(p *hall.Patrol) *note {
	if p.Kind == hall.PatrolClear || p.Kind == hall.PatrolPraise {
		return nil
	}
	n := &note{patrol: p}
	session := b.placeNote(n)
	if n.policy == nil {
		return nil
	}
	n.order = sessionOrder(session, p.Kind)
	n.kind = noted(n.policy.Policy, p.Kind)
	if n.kind == nil {
		n.reason, n.value = hall.UnresolvedKind, p.Kind
		return n
	}
	b.findPayer(n)
	return n
}

// noted returns what a policy says of a kind of note, nil where it does not name
// it. A punctuality kind that it prices but does not list is a person's.
func noted(policy *hall.Policy, kind string) *hall.Discipline {
	if k := policy.DisciplineKind(kind); k != nil {
		return k
	}
	if policy.Punctuality.Offence(kind) != nil {
		return &hall.Discipline{Kind: kind}
	}
	return nil
}

// sessionOrder is the place of a finding in its day: the start of its session,
// of early_leave its end; last where the session is unknown.
func sessionOrder(session *hall.Session, kind string) hall.Clock {
	switch {
	case session == nil:
		return 2 * hall.DayEnd
	case kind == hall.EarlyLeave:
		return session.End
	}
	return session.Start
}

// placeNote finds the date and the session: before the end of yesterday's
// session that crosses midnight it is that one; else the one that is given; else
// the last that starts at or before the note, else the first. The timetable is
// that of the person's group, else the hall's.
func (b *Book) placeNote(n *note) *hall.Session {
	date, clock := n.patrol.Time.In(b.zone)
	clock = clock.Minute()
	given := n.patrol.Session
	person := b.pageOf(n.patrol.Person)
	yesterday := b.shapeOf(person, date-1)
	for i := range yesterday.sessions {
		s := &yesterday.sessions[i]
		if s.CrossesMidnight() && clock+hall.DayEnd < s.End && (given == "" || given == s.Name) {
			n.date, n.session, n.policy = date-1, s.Name, yesterday.policy
			return s
		}
	}
	today := b.shapeOf(person, date)
	n.date, n.session, n.policy = date, given, today.policy
	if given != "" {
		return sessionNamed(today.sessions, given)
	}
	var session *hall.Session
	for i := range today.sessions {
		if s := &today.sessions[i]; session == nil || s.Start <= clock {
			session = s
		}
	}
	if session != nil {
		n.session = session.Name
	}
	return session
}

func sessionNamed(sessions []hall.Session, name string) *hall.Session {
	for i := range sessions {
		if sessions[i].Name == name {
			return &sessions[i]
		}
	}
	return nil
}

// findPayer tells who pays: the person, or the window for itself, for its
// stand-in or for unnamed people.
func (b *Book) findPayer(n *note) {
	p, policy := n.patrol, n.policy.Policy
	row := b.RowOn(p.Person, n.date)
	n.standIn = p.StandIn || row != nil && isStandIn(policy, row.Class)
	if p.Person != "" && !n.standIn && !n.kind.WindowPays {
		if row == nil {
			n.reason, n.value = hall.UnresolvedPerson, string(p.Person)
			return
		}
		n.person, n.window = p.Person, row.Window
		return
	}
	n.unnamed, n.window = p.Unnamed, p.Window
	if n.window == "" && row != nil {
		n.window = row.Window
	}
	if n.window == "" {
		n.reason, n.value = hall.UnresolvedPerson, string(p.Person)
		return
	}
	if w := policy.Window(n.window); w == nil || !w.On(n.date) {
		n.reason, n.value = hall.UnresolvedWindow, string(n.window)
	}
}

func isStandIn(policy *hall.Policy, class string) bool {
	c := policy.Class(class)
	return c != nil && c.StandIn
}

// contest looks for what speaks against a finding about a person: leave, a trip,
// duty or an outing at that time, a punctuality kind on a day off, or a punch or
// correction in time. day is the person's day as it was judged.
func (b *Book) contest(n *note, day *Day) {
	if n.person == "" {
		return
	}
	person := b.pageOf(n.person)
	n.against = b.onLeave(person, n.date, n.policy.Policy, n.patrol.Time.Minute())
	n.contested = len(n.against) > 0
	s := b.shapeOf(person, n.date)
	if hall.Severity(n.patrol.Kind) > 0 && (!s.works || len(s.sessions) == 0) {
		n.contested = true
	}
	n.marked = n.contested
	if p := day.planned(n.session, n.what()); p != nil && inTime(n.patrol.Kind, p) {
		n.against, n.marked = append(n.against, p.Punch.UID()), true
	}
}

// inTime reports whether a punch speaks against a noted late or early_leave.
func inTime(kind string, p *Planned) bool {
	return (kind == hall.Late || kind == hall.EarlyLeave) && p.Punch != nil && offMinutes(p) == 0
}

// planned returns the planned punch of an edge, nil if there is none.
func (d *Day) planned(session, edge string) *Planned {
	if d == nil {
		return nil
	}
	for i := range d.Planned {
		if p := &d.Planned[i]; p.Session == session && p.Edge == edge {
			return p
		}
	}
	return nil
}
