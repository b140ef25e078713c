package report

// The monthly sheet (月度汇总): a line for everybody on the roster.

import (
	"cmp"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
)

// sheet has a line for everybody on the roster, in the order of windows and
// people.
func (c *compiler) sheet() []hall.SheetRow {
	list := make([]hall.SheetRow, len(c.assessed().Staff))
	for i := range c.assessed().Staff {
		s := &c.assessed().Staff[i]
		list[i] = hall.SheetRow{Person: s.Person, Name: s.Name, Window: s.Window, Class: s.Class, DueDays: s.DueDays, AttendedDays: s.AttendedDays,
			Leave: map[string]int{}, Leaves: []hall.LeaveTaken{}, FullAttendance: s.Full, Deductions: s.Deductions, Bonus: s.Bonus, Score: s.Score,
			Rank: s.Rank, LeftOut: s.LeftOut, Places: c.places(s.Person), Signs: make([]string, c.month.Month.Last()-c.month.Month.First()+1)}
	}
	slices.SortFunc(list, func(a, b hall.SheetRow) int { return c.comparePlaces(a.Person, b.Person) })
	t := c.newTally(list)
	for i := range c.month.Lines {
		t.countLine(&c.month.Lines[i])
	}
	for i := range c.book.Facts().StandIns {
		t.countStandIn(&c.book.Facts().StandIns[i])
	}
	for _, day := range c.month.Days {
		t.countDay(day)
	}
	for _, r := range t.rows {
		r.finish()
	}
	return list
}

// tally fills in the lines of the sheet.
type tally struct {
	*compiler
	rows map[hall.PersonID]*tallied
}

// tallied is a line of the sheet with what is still to be counted together.
type tallied struct {
	row    *hall.SheetRow
	lines  map[hall.Date][]*rules.Line
	stands map[hall.Date]bool // days on which they stood in for somebody
	leaves map[string]*leaveCount
}

// leaveCount sums the leave of a kind.
type leaveCount struct {
	halves, minutes int
	slips           map[hall.UID]bool
}

func (c *compiler) newTally(list []hall.SheetRow) *tally {
	t := &tally{compiler: c, rows: map[hall.PersonID]*tallied{}}
	for i := range list {
		t.rows[list[i].Person] = &tallied{row: &list[i], lines: map[hall.Date][]*rules.Line{}, stands: map[hall.Date]bool{}, leaves: map[string]*leaveCount{}}
	}
	return t
}

// countLine counts a violation that stands, whoever saw it.
func (t *tally) countLine(l *rules.Line) {
	if l.Person == nil || t.rows[*l.Person] == nil {
		return
	}
	r := t.rows[*l.Person]
	r.lines[l.Date] = append(r.lines[l.Date], l)
	row := r.row
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

// countStandIn counts for whoever stood in, on the days of the month.
func (t *tally) countStandIn(s *hall.StandIn) {
	r := t.rows[s.By]
	m := t.month.Month
	from, until := max(t.boundDate(s.From), m.First()), min(t.boundDate(s.Until), m.Last())
	if r == nil || from > until {
		return
	}
	r.row.StandIns++
	for d := from; d <= until; d++ {
		if works, _ := t.book.Workday(d); works || from == until {
			r.stands[d] = true
		}
	}
}

func (t *tally) countDay(day *rules.Day) {
	r := t.rows[day.Person]
	if r == nil {
		return
	}
	r.row.Signs[day.Date-t.month.Month.First()] = r.signs(day)
	r.row.AbsentDays += absentDay(day, r.lines[day.Date])
	for i := range day.Planned {
		if day.Planned[i].Corrected() {
			r.row.Corrected++
		}
	}
	if day.Due {
		t.countLeaves(r, day)
	}
}

// absentDay is how much of a day was missed without leave: half a day for each
// session that was, the whole day where that was every one.
func absentDay(day *rules.Day, lines []*rules.Line) hall.Points {
	var sessions []string
	for i := range day.Planned {
		if s := day.Planned[i].Session; !slices.Contains(sessions, s) {
			sessions = append(sessions, s)
		}
	}
	missed, half := 0, 0
	for _, l := range lines {
		switch l.Kind {
		case hall.Absence:
			missed++
		case hall.HalfDayAbsence:
			half++
		}
	}
	if missed > 0 && missed >= len(sessions) {
		return hall.Point
	}
	return min(hall.Point, hall.Points(missed+half)*hall.Point/2)
}

// countLeaves counts the leave of a due day: of each kind the day once, as a
// half where some session was left, and the minutes of its sessions.
func (t *tally) countLeaves(r *tallied, day *rules.Day) {
	taken := map[string][]int{}
	for i := range day.Leaves {
		l := &day.Leaves[i]
		minutes := t.book.Taken(day, l)
		if taken[l.Kind] == nil {
			taken[l.Kind] = make([]int, len(minutes))
			r.row.Leave[l.Kind]++
		}
		if r.leaves[l.Kind] == nil {
			r.leaves[l.Kind] = &leaveCount{slips: map[hall.UID]bool{}}
		}
		r.leaves[l.Kind].slips[l.UID] = true
		for s, n := range minutes {
			longest := int(day.Sessions[s].End-day.Sessions[s].Start) / 60
			taken[l.Kind][s] = min(longest, taken[l.Kind][s]+n)
		}
	}
	for kind, minutes := range taken {
		count := r.leaves[kind]
		count.halves += halves(day.Sessions, minutes)
		for _, n := range minutes {
			count.minutes += n
		}
	}
}

// halves is 2 where leave takes part of every session of a day, else 1; of a day
// with one session the whole where it takes more than half of it.
func halves(sessions []hall.Session, taken []int) int {
	if len(sessions) == 1 {
		if 2*60*taken[0] > int(sessions[0].End-sessions[0].Start) {
			return 2
		}
		return 1
	}
	if slices.Contains(taken, 0) {
		return 1
	}
	return 2
}

func (r *tallied) finish() {
	for kind, count := range r.leaves {
		r.row.Leaves = append(r.row.Leaves, hall.LeaveTaken{Kind: kind, Days: hall.Points(count.halves) * hall.Point / 2,
			Times: len(count.slips), Minutes: count.minutes})
	}
	slices.SortFunc(r.row.Leaves, func(a, b hall.LeaveTaken) int { return cmp.Compare(a.Kind, b.Kind) })
}

// signs writes what a day was: each offence that stands once, then leave,
// corrections, what is pending and stand-in; √ where there was nothing, - where
// nothing was due.
func (r *tallied) signs(day *rules.Day) string {
	text := ""
	add := func(sign string) {
		if !strings.Contains(text, sign) {
			text += sign
		}
	}
	for _, l := range r.lines[day.Date] {
		add(offenceSign(l.Kind))
	}
	if day.Due {
		for i := range day.Leaves {
			add(leaveSign(day.Policy.Policy.LeaveKind(day.Leaves[i].Kind)))
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
	}
	if r.stands[day.Date] {
		add("替")
	}
	if day.Due {
		return cmp.Or(text, "√")
	}
	return cmp.Or(text, "-")
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

// places are where the roster had a person in the month, empty where that was
// one window on all its days.
func (c *compiler) places(person hall.PersonID) []hall.Placed {
	m := c.month.Month
	list := []hall.Placed{}
	for _, row := range c.book.Rows(person) {
		from, until := max(row.From, m.First()), m.Last()
		if row.Until != 0 {
			until = min(row.Until, until)
		}
		if from > until {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Window == row.Window && list[n-1].Until == from-1 {
			list[n-1].Until = until
			continue
		}
		list = append(list, hall.Placed{Window: row.Window, From: from, Until: until})
	}
	if len(list) == 1 && list[0].From == m.First() && list[0].Until == m.Last() {
		return []hall.Placed{}
	}
	return list
}
