package report

// How a person's day came to its verdict.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// Explain tells the story of a person's day from a snapshot of the store. The
// error wraps hall.ErrNotFound where no policy governs a day of the month or
// nobody has the id.
func Explain(v *store.View, statutory hall.Calendar, h hall.ID, person hall.PersonID, date hall.Date, asOf hall.Instant) (*Story, error) {
	q := Question{Hall: h, Month: date.Month(), AsOf: asOf}
	if err := q.validate(); err != nil {
		return nil, err
	}
	log := Log{Sequence: v.Applied().Sequence}
	f, err := factsOf(v, h, q.Month, person)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s in %s: %w", person, h, q.Month, err)
	}
	c, err := compileFor(f, statutory, q, log, person)
	if err != nil {
		return nil, err
	}
	if !c.book.AskedTerminals() {
		return c.tell(person, date)
	}
	// Whether a punch is pending rests on what terminals have shown, by the punches
	// of everybody.
	if f, err = facts(v, h, q.Month, asOf); err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", q.Month, h, err)
	}
	return Tell(f, statutory, q, person, date, log)
}

// Tell tells the story of a person's day from facts at hand, as Explain does
// from the store. The day lies in the month that is asked for.
func Tell(f *hall.Facts, statutory hall.Calendar, q Question, person hall.PersonID, date hall.Date, log Log) (*Story, error) {
	c, err := compileFor(f, statutory, q, log, person)
	if err != nil {
		return nil, err
	}
	return c.tell(person, date)
}

func (c *compiler) tell(person hall.PersonID, date hall.Date) (*Story, error) {
	if len(c.book.Rows(person)) == 0 {
		return nil, c.nobody(person)
	}
	day := c.month.Day(person, date)
	if day == nil {
		day = rules.Judge(c.book, person, date, nil, c.question.AsOf)
	}
	t := &teller{compiler: c, day: day, lines: linesOf(c.month.Lines, person, date), contested: linesOf(c.month.Contested, person, date)}
	return t.story(), nil
}

// nobody is the error of an id that no roster row has; where it is a name the
// error says whose.
func (c *compiler) nobody(person hall.PersonID) error {
	var ids []string
	for _, id := range c.book.People() {
		rows := c.book.Rows(id)
		if slices.ContainsFunc(rows, func(r hall.Roster) bool {
			return r.Name == string(person) || slices.Contains(r.Aliases, string(person))
		}) {
			ids = append(ids, string(id))
		}
	}
	if len(ids) > 0 {
		return fmt.Errorf("person %q: %w: ask by id: %s", person, hall.ErrNotFound, strings.Join(ids, ", "))
	}
	return fmt.Errorf("person %q: %w: no roster row has this id; --list staff shows who is there", person, hall.ErrNotFound)
}

func linesOf(lines []rules.Line, person hall.PersonID, date hall.Date) []*rules.Line {
	var list []*rules.Line
	for i := range lines {
		if l := &lines[i]; l.Date == date && l.Person != nil && *l.Person == person {
			list = append(list, l)
		}
	}
	return list
}

// teller tells one day.
type teller struct {
	*compiler
	day              *rules.Day
	lines, contested []*rules.Line
}

func (t *teller) story() *Story {
	names := t.namesBut()
	s := &Story{
		Hall: t.question.Hall, HallName: t.policy.Name, AsOf: t.rfc3339(t.month.AsOf), Sequence: t.log.Sequence,
		Person: t.day.Person, Name: t.nameOf(t.day.Person), Date: t.day.Date,
		Due: t.day.Due, Why: hall.Name(t.day.Why), WhyText: t.whyText(), Sessions: []StorySpan{},
		Planned: []StoryPunch{}, Strays: []StorySeen{}, Covers: t.covers(), Corrections: t.corrections(), Findings: t.findings(),
		Violations: t.tellLines(t.lines), Contested: t.tellLines(t.contested),
		FullAttendance: slices.Contains(t.month.Full, t.day.Person), WhyNot: t.whyNot(), WouldChange: t.wouldChange(),
		Kinds: names.Kinds, SessionNames: names.Sessions,
	}
	t.tellPlace(s, &names)
	for i := range t.day.Sessions {
		span := &t.day.Sessions[i]
		s.Sessions = append(s.Sessions, StorySpan{Session: span.Name, Start: span.Start.String(), End: span.End.String()})
	}
	for i := range t.day.Planned {
		s.Planned = append(s.Planned, t.tellPlanned(&t.day.Planned[i]))
	}
	for _, seen := range t.day.Strays {
		s.Strays = append(s.Strays, tellSeen(seen, false, "不在任何打卡有效时段内"))
	}
	s.Rulings = t.rulings(s)
	s.Basis = t.basis(s)
	return s
}

func (t *teller) tellPlace(s *Story, names *hall.Names) {
	if row := t.day.Row; row != nil {
		s.Name = row.Name
		s.Place = &StoryPlace{Window: row.Window, WindowName: string(row.Window), Class: row.Class, ClassName: cmp.Or(names.Classes[row.Class], row.Class),
			Group: hall.Name(row.Group), Roles: filled(slices.Clone(row.Roles)), Roster: row.UID}
		for _, w := range names.Windows {
			if w.Window == row.Window {
				s.Place.WindowName = w.Name
			}
		}
	}
	if p := t.day.Policy; p != nil {
		s.Policy = &StoryPolicy{UID: p.UID, Effective: p.Policy.Effective}
		if t.day.Timetable != nil {
			s.Policy.Timetable = hall.Name(t.day.Timetable.Name)
		}
	}
}

// whyText says why the day is due or not.
func (t *teller) whyText() string {
	switch t.day.Why {
	case rules.NotDuePolicy:
		return "当日没有生效的考勤办法，不作评判。"
	case rules.NotDueRoster:
		return "当日不在册，不作评判。"
	case rules.NotDueClass:
		if class := t.day.Row.Class; t.day.Policy.Policy.Class(class) == nil {
			return fmt.Sprintf("考勤办法中没有人员类别“%s”，不作评判；请更正花名册或办法。", class)
		}
		return "该类人员不要求打卡。"
	case rules.NotDueCalendar:
		return "当日不是应出勤日（" + t.calendarText() + "）。"
	}
	return "当日应出勤（" + t.calendarText() + "）。"
}

// calendarText says by what the day is a workday or not.
func (t *teller) calendarText() string {
	d, rulesOf := t.day.Date, t.day.Policy.Policy.Calendar
	statutory, ruled := t.book.Calendar().Day(d)
	text := "周" + string([]rune("日一二三四五六")[d.Weekday()])
	switch {
	case slices.Contains(rulesOf.Open, d):
		text += "，本大厅开放日"
	case slices.Contains(rulesOf.Closed, d):
		text += "，本大厅闭厅日"
	case ruled && rulesOf.Statutory && statutory.Off:
		text += "，" + cmp.Or(statutory.Name, "法定节假日") + "放假"
	case t.day.Timetable != nil && t.day.Timetable.HasWorks:
		text += "，按本考勤组的工作日"
	case ruled && rulesOf.Statutory:
		text += "，" + cmp.Or(statutory.Name, "调休") + "上班日"
	case slices.Contains(rulesOf.Weekend, d.Weekday()):
		text += "，周末"
	}
	if t.day.CalendarMissing {
		text += "，缺少该年的法定节假日安排"
	}
	return text
}

func (t *teller) tellPlanned(p *rules.Planned) StoryPunch {
	e := StoryPunch{PlannedPunch: plannedPunch(p), Planned: p.At.String(), From: bandClock(p.Band.From), Until: bandClock(p.Band.Until),
		Given: p.Given, Grace: p.Grace, Seen: []StorySeen{}, Closes: t.rfc3339(p.Closes), WaitsFor: filled(p.WaitsFor())}
	if rule := p.Rule(); rule != nil {
		e.Rule = hall.Name(rule.ID)
	}
	for _, seen := range p.Seen {
		counts, why := t.counted(seen.UID(), p)
		e.Seen = append(e.Seen, tellSeen(seen, counts, why))
	}
	return e
}

// bandClock writes where a band begins or ends: the minute, with seconds where a
// midpoint has them, and midnight as 24:00.
func bandClock(c hall.Clock) string {
	switch {
	case c == hall.DayEnd:
		return "24:00"
	case c != c.Minute():
		return c.Seconds()
	}
	return c.String()
}

// counted says for what a punch of a band stands, or why for nothing.
func (t *teller) counted(uid hall.UID, band *rules.Planned) (counts bool, why string) {
	for i := range t.day.Planned {
		p := &t.day.Planned[i]
		if p.Punch == nil || p.Punch.UID() != uid {
			continue
		}
		if p.Session == band.Session && p.Edge == band.Edge {
			return true, "计入"
		}
		return true, "计入同一时段的另一端"
	}
	switch {
	case band.Removed:
		return false, "该次打卡已免"
	case band.Edge == hall.EdgeIn:
		return false, "上班取最早一次"
	}
	return false, "下班取最晚一次"
}

func tellSeen(seen rules.Seen, counts bool, why string) StorySeen {
	return StorySeen{UID: seen.UID(), At: seen.At.Seconds(), Terminal: hall.Name(seen.Terminal()), Method: hall.Name(seen.Method()), Correction: seen.Corrects(), Counts: counts, Why: why}
}

// covers are the leaves that take a minute of the day, and all that moved or
// removed a planned punch of it.
func (t *teller) covers() []StoryCover {
	list := []StoryCover{}
	bound := func(b hall.Bound) string {
		if b.Date != 0 {
			return b.Date.String()
		}
		return t.rfc3339(b.At)
	}
	effect := func(uid hall.UID) string {
		var done []string
		for i := range t.day.Planned {
			p := &t.day.Planned[i]
			switch {
			case !slices.Contains(p.Covers(), uid):
			case p.Removed:
				done = append(done, p.At.String()+"的打卡免")
			case p.Due != p.At:
				done = append(done, p.At.String()+"的打卡移至"+p.Due.String())
			}
		}
		return cmp.Or(strings.Join(done, "，"), "不影响应打卡时间")
	}
	f := t.book.Facts()
	taken := func(uid hall.UID) bool {
		return slices.ContainsFunc(t.day.Leaves, func(l hall.Leave) bool { return l.UID == uid }) ||
			slices.ContainsFunc(t.day.Planned, func(p rules.Planned) bool { return slices.Contains(p.Covers(), uid) })
	}
	for i := range f.Leaves {
		if l := &f.Leaves[i]; taken(l.UID) {
			list = append(list, StoryCover{UID: l.UID, Kind: l.Kind, From: bound(l.From), Until: bound(l.Until), Text: effect(l.UID)})
		}
	}
	for i := range f.Excuses {
		if e := &f.Excuses[i]; taken(e.UID) {
			list = append(list, StoryCover{UID: e.UID, Kind: string(hall.KindExcuse), From: bound(e.From), Until: bound(e.Until), Text: e.Reason + "：" + effect(e.UID)})
		}
	}
	slices.SortFunc(list, func(a, b StoryCover) int { return cmp.Compare(a.UID, b.UID) })
	return list
}

func (t *teller) corrections() []StoryCorrection {
	list := []StoryCorrection{}
	for i := range t.month.Corrections {
		f := &t.month.Corrections[i]
		if f.Person == t.day.Person && f.Date == t.day.Date {
			list = append(list, StoryCorrection{UID: f.UID, At: t.rfc3339(f.At), Made: t.rfc3339(f.Time), Own: f.Own,
				ApprovedBy: hall.Name(f.ApprovedBy), Fate: f.Fate, Text: fateText(f.Fate)})
		}
	}
	return list
}

// rulings are those on the day's violations, findings and forms.
func (t *teller) rulings(s *Story) []StoryRuling {
	list := []StoryRuling{}
	for _, on := range t.ruledOn(s) {
		for _, r := range t.book.Decisions(on) {
			list = append(list, StoryRuling{UID: r.UID, On: r.On, State: r.State, By: r.By, Reason: r.Reason, At: t.rfc3339(r.Time)})
		}
	}
	return list
}

func (t *teller) ruledOn(s *Story) []string {
	var on []string
	for _, l := range slices.Concat(t.lines, t.contested) {
		on = append(on, l.ID)
		for _, uid := range l.Proofs {
			on = append(on, string(uid))
		}
	}
	for i := range s.Findings {
		on = append(on, string(s.Findings[i].UID), string(s.Findings[i].Violation))
	}
	for i := range t.month.Fell {
		if l := t.month.Fell[i].Line; l != nil && l.Date == t.day.Date && l.Person != nil && *l.Person == t.day.Person {
			on = append(on, t.month.Fell[i].On)
		}
	}
	for i := range t.all.Punches {
		p := &t.all.Punches[i]
		if person, _ := t.book.Resolve(p); person == t.day.Person && t.dateOf(p.Time) == t.day.Date {
			on = append(on, string(p.UID))
		}
	}
	for i := range t.all.Corrections {
		if e := &t.all.Corrections[i]; e.Person == t.day.Person && t.dateOf(e.At) == t.day.Date {
			on = append(on, string(e.UID))
		}
	}
	for i := range t.all.Leaves {
		e := &t.all.Leaves[i]
		if e.Person == t.day.Person && t.boundDate(e.From) <= t.day.Date && t.boundDate(e.Until) >= t.day.Date {
			on = append(on, string(e.UID))
		}
	}
	slices.Sort(on)
	return slices.Compact(on)
}

// basis is everything that bears on the day.
func (t *teller) basis(s *Story) []hall.UID {
	uids := []hall.UID{}
	for _, l := range slices.Concat(t.lines, t.contested) {
		uids = append(uids, l.Basis...)
	}
	if s.Place != nil {
		uids = append(uids, s.Place.Roster)
	}
	if s.Policy != nil {
		uids = append(uids, s.Policy.UID)
	}
	for i := range s.Planned {
		for _, seen := range s.Planned[i].Seen {
			uids = append(uids, seen.UID)
		}
	}
	for i := range s.Covers {
		uids = append(uids, s.Covers[i].UID)
	}
	for i := range s.Corrections {
		uids = append(uids, s.Corrections[i].UID)
	}
	for i := range s.Findings {
		uids = append(uids, s.Findings[i].UID)
	}
	for i := range s.Rulings {
		uids = append(uids, s.Rulings[i].UID)
	}
	slices.Sort(uids)
	return slices.Compact(uids)
}
