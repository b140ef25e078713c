package report

// The long lists: days, raw punches and the patrol log; the sheet is in sheet.go.

import (
	"cmp"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
)

// days lists the due days of everybody.
func (c *compiler) days() []hall.PersonDay {
	list := []hall.PersonDay{}
	for _, day := range c.sorted(c.month.Days) {
		if !day.Due {
			continue
		}
		d := hall.PersonDay{Person: day.Person, Date: day.Date, Window: day.Row.Window, Punches: make([]hall.PlannedPunch, len(day.Planned))}
		if day.Timetable != nil {
			d.Timetable = day.Timetable.Name
		}
		for i := range day.Planned {
			d.Punches[i] = plannedPunch(&day.Planned[i])
		}
		list = append(list, d)
	}
	return list
}

func plannedPunch(p *rules.Planned) hall.PlannedPunch {
	e := hall.PlannedPunch{Session: p.Session, Edge: p.Edge, Due: p.Due.String(), Verdict: p.Verdict, Minutes: p.Minutes(),
		CoveredBy: hall.Name(p.CoveredBy()), Proofs: []hall.UID{}}
	if p.Punch != nil {
		e.At, e.Corrected, e.Proofs = hall.Name(p.Punch.At.Seconds()), p.Punch.Corrects(), []hall.UID{p.Punch.UID()}
	}
	return e
}

// punches lists what terminals sent in the month, those that rulings struck
// among them, by window number, person and time; nobody's come last.
func (c *compiler) punches() []hall.PunchRecord {
	counts := c.counting()
	type entry struct {
		punch  *hall.Punch
		person hall.PersonID
		known  bool
	}
	var entries []entry
	var people []hall.PersonID
	for i := range c.all.Punches {
		p := &c.all.Punches[i]
		if !c.month.Month.Contains(c.dateOf(p.Time)) && !counts[p.UID] {
			continue
		}
		person, known := c.book.Resolve(p)
		entries = append(entries, entry{p, person, known})
		people = append(people, person)
	}
	ranks := c.ranks(people)
	byPlace := make([][]entry, len(ranks)) // each by time already, as punches come
	for _, e := range entries {
		rank := ranks[e.person]
		byPlace[rank] = append(byPlace[rank], e)
	}
	for _, of := range byPlace {
		slices.SortFunc(of, func(a, b entry) int {
			return cmp.Or(cmp.Compare(a.punch.Time, b.punch.Time), cmp.Compare(a.punch.UID, b.punch.UID))
		})
	}
	list := make([]hall.PunchRecord, 0, len(entries))
	for _, known := range [...]bool{true, false} {
		for _, of := range byPlace {
			for _, e := range of {
				if e.known == known {
					list = append(list, c.punchRecord(e.punch, e.person, known, counts[e.punch.UID]))
				}
			}
		}
	}
	return list
}

func (c *compiler) punchRecord(p *hall.Punch, person hall.PersonID, known, counts bool) hall.PunchRecord {
	r := hall.PunchRecord{UID: p.UID, Raw: p.Person, Time: c.rfc3339(p.Time), Terminal: p.Terminal, Method: hall.Name(p.Method), Counts: counts}
	if known {
		r.Person = hall.Name(person)
	}
	return r
}

// counting are the punches that stand for a planned punch of the month, or of
// the day before it, whose night may end in the month.
func (c *compiler) counting() map[hall.UID]bool {
	counts := make(map[hall.UID]bool, len(c.all.Punches))
	add := func(day *rules.Day) {
		for i := range day.Planned {
			if p := day.Planned[i].Punch; p != nil {
				counts[p.UID()] = true
			}
		}
	}
	for _, day := range c.month.Days {
		add(day)
	}
	eve := c.month.Month.First() - 1
	for _, person := range c.book.People() {
		add(rules.Judge(c.book, person, eve, nil, c.month.AsOf))
	}
	return counts
}

// patrol lists the notes of the month by (time, uid), those that rulings struck
// and those that note nothing among them.
func (c *compiler) patrol() []hall.PatrolEntry {
	list := []hall.PatrolEntry{}
	notes := slices.Clone(c.all.Patrols)
	slices.SortFunc(notes, func(a, b hall.Patrol) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.UID, b.UID)) })
	for i := range notes {
		n := &notes[i]
		date, ok := c.month.NoteDates[n.UID]
		if !ok {
			date = c.dateOf(n.Time)
		}
		if !c.month.Month.Contains(date) {
			continue
		}
		list = append(list, c.patrolEntry(n))
	}
	return list
}

func (c *compiler) patrolEntry(n *hall.Patrol) hall.PatrolEntry {
	e := hall.PatrolEntry{UID: n.UID, Time: c.rfc3339(n.Time), Inspector: n.Inspector, Kind: n.Kind, Window: hall.Name(n.Window),
		Person: hall.Name(n.Person), StandIn: n.StandIn, Unnamed: n.Unnamed, Channel: hall.Name(n.Channel), Note: hall.Name(n.Note),
		Violation: hall.Name(c.month.Patrols[n.UID]), State: hall.Reported, Evidence: filled(n.Evidence), Until: c.bound(n.Until)}
	if r := c.noteRuling(n.UID); r != nil {
		e.State, e.RuledBy, e.Reason = r.State, hall.Name(r.By), hall.Name(r.Reason)
	}
	e.RectifyBy, e.Rectified = c.rectification(string(n.UID), c.month.Patrols[n.UID])
	return e
}

// noteRuling is the last ruling on a note, else on the violation it proves, nil
// without one.
func (c *compiler) noteRuling(uid hall.UID) *hall.Ruling {
	for _, on := range []string{string(uid), c.month.Patrols[uid]} {
		if list := c.book.Decisions(on); len(list) > 0 {
			return &list[len(list)-1]
		}
	}
	return nil
}
