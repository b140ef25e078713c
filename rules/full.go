package rules

// Full attendance (满勤): no late arrival or early leave, no leave, no missing
// punch.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// The reasons for which somebody in a punching class has no full attendance.
// They are followed by a colon and what they rest on, where there is something.
const (
	NotFullRoster    = "roster"    // not on the roster in a punching class on a workday
	NotFullNeverDue  = "never_due" // due on no day
	NotFullPending   = "pending"
	NotFullViolation = "violation"
	NotFullLeave     = "leave"
	NotFullCorrected = "corrected"
)

// findFull lists who has full attendance and says of the others why not.
func (m *Month) findFull() {
	broken := map[hall.PersonID][]string{}
	for i := range m.Lines {
		if l := &m.Lines[i]; l.Person != nil && l.breaks {
			broken[*l.Person] = append(broken[*l.Person], NotFullViolation+":"+l.ID)
		}
	}
	for from := 0; from < len(m.Days); {
		until := from
		for until < len(m.Days) && m.Days[until].Person == m.Days[from].Person {
			until++
		}
		m.findFullOf(m.Days[from:until], broken)
		from = until
	}
	slices.SortFunc(m.Full, func(x, y hall.PersonID) int {
		return cmp.Or(m.compareWindows(m.Place(x).Window, m.Place(y).Window), cmp.Compare(x, y))
	})
}

func (m *Month) findFullOf(days []*Day, broken map[hall.PersonID][]string) {
	person := days[0].Person
	if !slices.ContainsFunc(days, func(d *Day) bool { return d.punches }) {
		return
	}
	var why []string
	if d := m.missedWorkday(m.days[person]); d != 0 {
		why = append(why, NotFullRoster+":"+d.String())
	}
	if !slices.ContainsFunc(days, func(d *Day) bool { return d.Due }) {
		why = append(why, NotFullNeverDue)
	}
	for _, d := range days {
		why = append(why, m.brokenBy(d)...)
	}
	why = append(why, broken[person]...)
	if len(why) > 0 {
		m.WhyNotFull[person] = why
		return
	}
	m.Full = append(m.Full, person)
}

// missedWorkday returns the first workday of the hall on which the person of these
// days is not on the roster in a punching class, 0 if there is none.
func (m *Month) missedWorkday(days []*Day) hall.Date {
	for _, date := range m.Workdays {
		if d := days[date-m.Month.First()]; d == nil || !d.punches {
			return date
		}
	}
	return 0
}

// brokenBy tells what of a day, violations aside, breaks full attendance.
func (m *Month) brokenBy(d *Day) []string {
	if !d.Due {
		return nil
	}
	var why []string
	for i := range d.Planned {
		p := &d.Planned[i]
		if p.Verdict == hall.Pending {
			why = append(why, NotFullPending+":"+d.Date.String()+"/"+p.Session+"/"+p.Edge)
		}
		if p.Corrected() && m.Policy.Policy.Punctuality.Correction.BreaksFullAttendance {
			why = append(why, NotFullCorrected+":"+string(p.Punch.UID()))
		}
	}
	for i := range d.Leaves {
		if d.Policy.Policy.LeaveKind(d.Leaves[i].Kind).BreaksFullAttendance {
			why = append(why, NotFullLeave+":"+string(d.Leaves[i].UID))
		}
	}
	return why
}

// Corrected reports whether a correction stands for the punch.
func (p *Planned) Corrected() bool { return p.Punch != nil && p.Punch.Corrects() }

// Place is where a person counts: on their last due day, else on their last day
// on the roster. It is nil for somebody who was on no day of the month.
func (m *Month) Place(person hall.PersonID) *hall.Roster {
	if row, ok := m.places[person]; ok {
		return row
	}
	p := m.Book.pageOf(person)
	var place *hall.Roster
	for date := m.Month.Last(); date >= m.Month.First(); date-- {
		s := m.Book.shapeOf(p, date)
		if s.row == nil || s.policy == nil {
			continue
		}
		if s.why() == "" {
			place = s.row
			break
		}
		place = cmp.Or(place, s.row)
	}
	m.places[person] = place
	return place
}
