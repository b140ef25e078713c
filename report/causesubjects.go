package report

// Whom lines and events are about: the events of one cannot change what is another's
// own.

import (
	"slices"
	"strings"

	"rollcall/hall"
)

// madeOf is when each event was made.
func (c *compiler) madeOf() map[hall.UID]hall.Instant {
	made := map[hall.UID]hall.Instant{}
	note := func(h hall.Head) { made[h.UID] = h.Time }
	f := c.all
	each(f.Punches, func(e *hall.Punch) { note(e.Head) })
	each(f.Patrols, func(e *hall.Patrol) { note(e.Head) })
	each(f.Leaves, func(e *hall.Leave) { note(e.Head) })
	each(f.StandIns, func(e *hall.StandIn) { note(e.Head) })
	each(f.Corrections, func(e *hall.Correction) { note(e.Head) })
	each(f.Excuses, func(e *hall.Excuse) { note(e.Head) })
	each(f.Rulings, func(e *hall.Ruling) { note(e.Head) })
	each(f.Bonuses, func(e *hall.Bonus) { note(e.Head) })
	each(f.Cases, func(e *hall.Cases) { note(e.Head) })
	each(f.Figures, func(e *hall.Figure) { note(e.Head) })
	each(f.Texts, func(e *hall.Text) { note(e.Head) })
	each(f.Awards, func(e *hall.Award) { note(e.Head) })
	each(f.Roster, func(e *hall.Roster) { note(e.Head) })
	each(f.Policies, func(e *hall.PolicyEvent) { note(e.Head) })
	each(f.Calendars, func(e *hall.CalendarYear) { note(e.Head) })
	each(f.Terminals, func(e *hall.Terminal) { note(e.Head) })
	each(f.Seals, func(e *hall.Seal) { note(e.Head) })
	return made
}

// subjectOfLine says whom a line is about: a person, `@window`, or "" for nobody
// alone.
func (s *search) subjectOfLine(c *hall.Change) string {
	switch c.List {
	case "full_attendance", "staff", "sheet":
		return c.Line
	case "days":
		_, person, _ := strings.Cut(c.Line, " ")
		return person
	case "violations", "contested", "accounts", "appeals", "pending":
		return subjectOfID(c.Line)
	case "rejected":
		if hall.IsViolationID(c.Line) {
			return subjectOfID(c.Line)
		}
		return s.subjects[hall.UID(c.Line)]
	case "punches", "patrol", "unresolved":
		return s.subjects[hall.UID(aboutOf(c))]
	}
	return ""
}

// aboutOf is what a changed line is about, for the second one about it as for the
// first.
func aboutOf(c *hall.Change) string {
	about, _, _ := strings.Cut(c.Line, "#")
	return about
}

// isShared reports whether a line is the score of somebody who pays, as chief
// representative, with others for what they do.
func (s *search) isShared(c *hall.Change) bool {
	if c.List != "staff" && c.List != "sheet" {
		return false
	}
	return slices.ContainsFunc(s.all.Roster, func(r hall.Roster) bool { return string(r.Person) == c.Line && r.Has(hall.RoleChiefRep) })
}

// subjectOfID is the last part of a violation's id, of a window without what it is
// to it.
func subjectOfID(id string) string {
	subject := id[strings.LastIndexByte(id, '/')+1:]
	if !strings.HasPrefix(subject, "@") {
		return subject
	}
	return strings.TrimRight(subject, "+*")
}

// subjectsOfEvents says whom each event is about, as far as it is about one.
func (c *compiler) subjectsOfEvents() map[hall.UID]string {
	f := c.all
	of := map[hall.UID]string{}
	for i := range f.Punches {
		person, _ := c.book.Resolve(&f.Punches[i])
		of[f.Punches[i].UID] = string(person)
	}
	each(f.Leaves, func(e *hall.Leave) { of[e.UID] = string(e.Person) })
	each(f.Corrections, func(e *hall.Correction) { of[e.UID] = string(e.Person) })
	each(f.StandIns, func(e *hall.StandIn) { of[e.UID] = "@" + string(e.Window) })
	several := severalNames(f)
	each(f.Roster, func(e *hall.Roster) {
		if !several[e.Person] {
			of[e.UID] = string(e.Person)
		}
	})
	each(f.Patrols, func(e *hall.Patrol) {
		of[e.UID] = string(e.Person)
		if id := c.month.Patrols[e.UID]; id != "" {
			of[e.UID] = subjectOfID(id)
		} else if e.Person == "" && e.Window != "" {
			of[e.UID] = "@" + string(e.Window)
		}
	})
	each(f.Excuses, func(e *hall.Excuse) {
		if len(e.Persons) == 1 && len(e.Windows) == 0 {
			of[e.UID] = string(e.Persons[0])
		}
	})
	each(f.Rulings, func(e *hall.Ruling) {
		if e.OnViolation() {
			of[e.UID] = subjectOfID(e.On)
		} else {
			of[e.UID] = of[hall.UID(e.On)]
		}
	})
	return of
}

// severalNames are the people who go by another's number, or another by theirs: whose
// rows may give punches to one and take them from another.
func severalNames(f *hall.Facts) map[hall.PersonID]bool {
	several := map[hall.PersonID]bool{}
	each(f.Roster, func(e *hall.Roster) {
		if len(e.Aliases) == 0 {
			return
		}
		for _, name := range e.Names() {
			several[name] = true
		}
	})
	return several
}
