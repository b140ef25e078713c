package report

// The long lists: days, the monthly sheet, raw punches and the patrol log.

import (
	"cmp"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
)

// days lists the due days of everybody.
func (c *compiler) days() []hall.PersonDay {
	list := []hall.PersonDay{}
	for _, day := range c.sortedDays() {
		if !day.Due {
			continue
		}
		d := hall.PersonDay{Person: day.Person, Date: day.Date, Punches: make([]hall.PlannedPunch, len(day.Planned))}
		for i := range day.Planned {
			d.Punches[i] = plannedPunch(&day.Planned[i])
		}
		list = append(list, d)
	}
	return list
}

func plannedPunch(p *rules.Planned) hall.PlannedPunch {
	e := hall.PlannedPunch{Session: p.Session, Edge: p.Edge, Due: p.Due.String(), Verdict: p.Verdict, Minutes: p.Minutes,
		CoveredBy: hall.Name(p.CoveredBy), Proofs: []hall.UID{}}
	if p.Punch != nil {
		e.At, e.Corrected, e.Proofs = hall.Name(p.Punch.At.Seconds()), p.Punch.Correction, []hall.UID{p.Punch.UID}
	}
	return e
}

// sheet has a line for everybody on the roster, in the order of windows and
// people.
func (c *compiler) sheet() []hall.SheetRow {
	rows := map[hall.PersonID]*hall.SheetRow{}
	list := make([]hall.SheetRow, len(c.assessed.Staff))
	for i := range c.assessed.Staff {
		s := &c.assessed.Staff[i]
		list[i] = hall.SheetRow{Person: s.Person, Name: s.Name, Window: s.Window, Class: s.Class, DueDays: s.DueDays, AttendedDays: s.AttendedDays,
			Leave: map[string]int{}, FullAttendance: s.Full, Deductions: s.Deductions, Bonus: s.Bonus, Score: s.Score, Rank: s.Rank,
			Signs: make([]string, c.month.Month.Last()-c.month.Month.First()+1)}
	}
	slices.SortFunc(list, func(a, b hall.SheetRow) int { return c.comparePlaces(a.Person, b.Person) })
	for i := range list {
		rows[list[i].Person] = &list[i]
	}
	for i := range c.month.Lines {
		if l := &c.month.Lines[i]; l.Person != nil && rows[*l.Person] != nil {
			countLine(rows[*l.Person], l)
		}
	}
	for _, day := range c.month.Days {
		if row := rows[day.Person]; row != nil {
			c.countDay(row, day)
		}
	}
	return list
}

// countLine counts a violation that stands, whoever saw it.
func countLine(row *hall.SheetRow, l *rules.Line) {
	row.Violations++
	minutes := 0
	if l.Minutes != nil {
		minutes = *l.Minutes
	}
	switch l.Kind {
	case hall.Late:
		row.Late++
		row.LateMinutes += minutes
	case hall.EarlyLeave:
		row.EarlyLeave++
		row.EarlyMinutes += minutes
	case hall.HalfDayAbsence:
		row.HalfDayAbsence++
	case hall.Absence:
		row.Absence++
	case hall.MissingPunch:
		if l.What() == hall.EdgeOut {
			row.MissingOut++
		} else {
			row.MissingIn++
		}
	}
}

func (c *compiler) countDay(row *hall.SheetRow, day *rules.Day) {
	row.Signs[day.Date-c.month.Month.First()] = c.signs(day)
	for i := range day.Planned {
		if day.Planned[i].Corrected() {
			row.Corrected++
		}
	}
	if !day.Due {
		return
	}
	var kinds []string
	for i := range day.Leaves {
		if kind := day.Leaves[i].Kind; !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
			row.Leave[kind]++
		}
	}
}

// signs writes what a day was: each offence that stands once, then leave,
// corrections and what is pending; √ where there was nothing, - where nothing
// was due.
func (c *compiler) signs(day *rules.Day) string {
	text := ""
	add := func(sign string) {
		if !slices.Contains([]rune(text), []rune(sign)[0]) {
			text += sign
		}
	}
	for i := range c.month.Lines {
		l := &c.month.Lines[i]
		if l.Person != nil && *l.Person == day.Person && l.Date == day.Date && offenceSign(l.Kind) != "" {
			add(offenceSign(l.Kind))
		}
	}
	if !day.Due {
		return cmp.Or(text, "-")
	}
	for i := range day.Leaves {
		if kind := day.Policy.Policy.LeaveKind(day.Leaves[i].Kind); kind != nil && kind.BreaksFullAttendance {
			add("假")
		} else {
			add("外")
		}
	}
	for i := range day.Planned {
		p := &day.Planned[i]
		if p.Corrected() {
			add("补")
		}
		if p.Verdict == hall.Pending {
			add("待")
		}
	}
	return cmp.Or(text, "√")
}

func offenceSign(kind string) string {
	switch kind {
	case hall.Late:
		return "迟"
	case hall.EarlyLeave:
		return "退"
	case hall.MissingPunch:
		return "缺"
	case hall.HalfDayAbsence:
		return "半"
	case hall.Absence:
		return "旷"
	}
	return ""
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
	for i := range c.all.Punches {
		p := &c.all.Punches[i]
		if !c.month.Month.Contains(c.dateOf(p.Time)) && !counts[p.UID] {
			continue
		}
		person, known := c.book.Resolve(p)
		entries = append(entries, entry{p, person, known})
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if a.known != b.known {
			return cmp.Compare(compareBool(a.known), compareBool(b.known))
		}
		return cmp.Or(c.comparePlaces(a.person, b.person), cmp.Compare(a.punch.Time, b.punch.Time), cmp.Compare(a.punch.UID, b.punch.UID))
	})
	list := make([]hall.PunchRecord, len(entries))
	for i, e := range entries {
		list[i] = hall.PunchRecord{UID: e.punch.UID, Raw: e.punch.Person, Time: c.rfc3339(e.punch.Time), Terminal: e.punch.Terminal,
			Method: hall.Name(e.punch.Method), Counts: counts[e.punch.UID]}
		if e.known {
			list[i].Person = hall.Name(e.person)
		}
	}
	return list
}

// compareBool puts true first.
func compareBool(is bool) int {
	if is {
		return 0
	}
	return 1
}

// counting are the punches that stand for a planned punch of the month, or of
// the day before it, whose night may end in the month.
func (c *compiler) counting() map[hall.UID]bool {
	counts := map[hall.UID]bool{}
	add := func(day *rules.Day) {
		for i := range day.Planned {
			if p := day.Planned[i].Punch; p != nil {
				counts[p.UID] = true
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
		list = append(list, hall.PatrolEntry{UID: n.UID, Time: c.rfc3339(n.Time), Inspector: n.Inspector, Kind: n.Kind, Window: hall.Name(n.Window),
			Person: hall.Name(n.Person), StandIn: n.StandIn, Unnamed: n.Unnamed, Channel: hall.Name(n.Channel), Note: hall.Name(n.Note),
			Violation: hall.Name(c.month.Patrols[n.UID]), State: c.noteState(n.UID), Evidence: filled(n.Evidence)})
	}
	return list
}

// noteState is the state of the last ruling on a note, else of that on the
// violation it proves, reported without one.
func (c *compiler) noteState(uid hall.UID) hall.State {
	for _, on := range []string{string(uid), c.month.Patrols[uid]} {
		if list := c.book.Decisions(on); len(list) > 0 {
			return list[len(list)-1].State
		}
	}
	return hall.Reported
}
