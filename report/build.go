package report

// The lists of a month, out of what rules say.

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"rollcall/hall"
	"rollcall/rules"
)

// Build answers a question from facts at hand, as Month does from the store.
// The facts must reach as far around the month as judgement looks: nine days
// before it and three after it.
func Build(f *hall.Facts, statutory hall.Calendar, q Question, log Log) (*hall.Report, error) {
	c, err := compile(f, statutory, q, log)
	if err != nil {
		return nil, err
	}
	return c.report()
}

// compile opens the facts and settles the month.
func compile(f *hall.Facts, statutory hall.Calendar, q Question, log Log) (*compiler, error) {
	return compileHearing(nil, f, statutory, q, log)
}

// compileHearing compiles a month in which terminals have said what they said to
// another book; nil = what the facts say.
func compileHearing(heard *rules.Book, f *hall.Facts, statutory hall.Calendar, q Question, log Log) (*compiler, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	b := rules.Open(f, statutory)
	if heard != nil {
		b.HearFrom(heard)
	}
	m, err := rules.Settle(b, q.Month, q.AsOf)
	if err != nil {
		return nil, err
	}
	return newCompiler(f, q, log, m), nil
}

// compileFor compiles what is asked about one person alone.
func compileFor(f *hall.Facts, statutory hall.Calendar, q Question, log Log, person hall.PersonID) (*compiler, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	m, err := rules.SettleFor(rules.Open(f, statutory), q.Month, q.AsOf, person)
	if err != nil {
		return nil, err
	}
	return newCompiler(f, q, log, m), nil
}

func newCompiler(f *hall.Facts, q Question, log Log, m *rules.Month) *compiler {
	return &compiler{question: q, log: log, all: f, book: m.Book, month: m, policy: m.Policy.Policy}
}

// compiler makes the lists of one month.
type compiler struct {
	question Question
	log      Log
	all      *hall.Facts // with what rulings struck
	book     *rules.Book
	month    *rules.Month
	scored   *rules.Assessment // nil until somebody asks
	policy   *hall.Policy      // of the month's last day
}

// assessed is the assessment of the month; of a day nobody asks for it.
func (c *compiler) assessed() *rules.Assessment {
	if c.scored == nil {
		c.scored = rules.Assess(c.month, c.question.Carried)
	}
	return c.scored
}

// report makes the lists, warnings, and what changed since the last issue.
func (c *compiler) report() (*hall.Report, error) { return c.reportSince(c.sealing()) }

func (c *compiler) reportSince(seal sealing) (*hall.Report, error) {
	r := c.lists()
	r.Warnings = c.warnings(seal)
	return r, seal.compare(r)
}

// lists makes the lists that were asked for but the warnings.
func (c *compiler) lists() *hall.Report {
	r := &hall.Report{
		Hall: c.question.Hall, Name: c.policy.Name, Month: c.month.Month, AsOf: c.rfc3339(c.month.AsOf),
		Sequence: c.log.Sequence, Workdays: len(c.month.Workdays),
		FullAttendance: c.fullAttendance(), Violations: violations(c.month.Lines), Pending: c.pending(),
		Contested: violations(c.month.Contested), Unresolved: filled(c.month.Unresolved), Conflicts: c.conflicts(),
		Dead: filled(c.log.Dead), Staff: c.staff(), Windows: c.windows(), Bonus: filled(c.assessed().Bonus), Cases: c.assessed().Cases,
		Ranking: c.ranking(), Awards: c.awards(), Vetoes: c.vetoes(), Figures: c.figures(), Texts: c.texts(), Appeals: c.appeals(),
		Rejected: c.rejected(), Names: c.names(), CalendarMissing: filled(c.month.CalendarMissing), OffDays: c.offDays(),
		Accounts: c.accounts(),
	}
	openAppeals(r)
	c.longLists(r)
	return r
}

func (c *compiler) longLists(r *hall.Report) {
	if c.wants("sheet") {
		r.Sheet = c.sheet()
	}
	if c.wants("days") {
		r.Days = c.days()
	}
	if c.wants("punches") {
		r.Punches = c.punches()
	}
	if c.wants("patrol") {
		r.Patrol = c.patrol()
	}
}

func (c *compiler) wants(list string) bool {
	return len(c.question.Lists) == 0 || slices.Contains(c.question.Lists, list)
}

func (c *compiler) rfc3339(i hall.Instant) string { return rfc3339(i, c.book.Zone()) }

// rfc3339 writes a moment in a zone, nothing for none.
func rfc3339(i hall.Instant, zone *time.Location) string {
	if i == 0 {
		return ""
	}
	return i.Time().In(zone).Format(time.RFC3339)
}

func (c *compiler) dateOf(i hall.Instant) hall.Date {
	date, _ := i.In(c.book.Zone())
	return date
}

// place returns where a person counts, the zero Roster for somebody who was on
// no day of the month.
func (c *compiler) place(person hall.PersonID) hall.Roster {
	if row := c.month.Place(person); row != nil {
		return *row
	}
	return hall.Roster{Person: person}
}

// compareWindows orders by window number, windows that the policy does not name
// last.
func (c *compiler) compareWindows(a, b hall.WindowID) int {
	return cmp.Or(cmp.Compare(c.number(a), c.number(b)), cmp.Compare(a, b))
}

func (c *compiler) number(id hall.WindowID) int {
	if w := c.policy.Window(id); w != nil {
		return w.Number
	}
	return math.MaxInt
}

// comparePlaces orders people by the number of the window where they count.
func (c *compiler) comparePlaces(a, b hall.PersonID) int {
	return cmp.Or(c.compareWindows(c.place(a).Window, c.place(b).Window), cmp.Compare(a, b))
}

func (c *compiler) fullAttendance() []hall.FullAttendance {
	list := []hall.FullAttendance{}
	for _, person := range c.month.Full {
		row := c.place(person)
		list = append(list, hall.FullAttendance{Person: person, Name: row.Name, Window: row.Window})
	}
	return list
}

func violations(lines []rules.Line) []hall.Violation {
	list := make([]hall.Violation, len(lines))
	for i := range lines {
		list[i] = lines[i].Violation
	}
	return list
}

func (c *compiler) pending() []hall.PendingPunch {
	list := []hall.PendingPunch{}
	waiting := slices.DeleteFunc(slices.Clone(c.month.Days), func(d *rules.Day) bool {
		return !slices.ContainsFunc(d.Planned, func(p rules.Planned) bool { return p.Verdict == hall.Pending })
	})
	for _, day := range c.sorted(waiting) {
		for i := range day.Planned {
			if p := &day.Planned[i]; p.Verdict == hall.Pending {
				list = append(list, hall.PendingPunch{Person: day.Person, Date: day.Date, Session: p.Session, Edge: p.Edge, Due: p.Due.String()})
			}
		}
	}
	return list
}

// sorted orders days by the number of the window where the person counts, person
// and date.
func (c *compiler) sorted(days []*rules.Day) []*rules.Day {
	people := make([]hall.PersonID, len(days))
	for i, day := range days {
		people[i] = day.Person
	}
	ranks := c.ranks(people)
	byPlace := make([][]*rules.Day, len(ranks))
	for _, day := range days {
		rank := ranks[day.Person]
		byPlace[rank] = append(byPlace[rank], day)
	}
	for _, list := range byPlace {
		slices.SortStableFunc(list, func(a, b *rules.Day) int { return cmp.Compare(a.Date, b.Date) })
	}
	return slices.Concat(byPlace...)
}

// ranks numbers people in the order of comparePlaces, from 0 on: thousands of days
// and punches are ordered by these numbers.
func (c *compiler) ranks(people []hall.PersonID) map[hall.PersonID]int {
	ranks := make(map[hall.PersonID]int)
	for _, person := range people {
		ranks[person] = 0
	}
	for i, person := range slices.SortedFunc(maps.Keys(ranks), c.comparePlaces) {
		ranks[person] = i
	}
	return ranks
}

// offDays are the days of the month on which the hall does not work.
func (c *compiler) offDays() []hall.Date {
	list := []hall.Date{}
	for d := c.month.Month.First(); d <= c.month.Month.Last(); d++ {
		if works, _ := c.book.Workday(d); !works {
			list = append(list, d)
		}
	}
	return list
}

func (c *compiler) conflicts() []hall.Conflict {
	list := filled(slices.Clone(c.all.Conflicts))
	slices.SortFunc(list, func(a, b hall.Conflict) int { return cmp.Compare(a.UID, b.UID) })
	return list
}

func (c *compiler) staff() []hall.StaffScore {
	list := make([]hall.StaffScore, len(c.assessed().Staff))
	for i := range c.assessed().Staff {
		list[i] = c.assessed().Staff[i].StaffScore
	}
	return list
}

func (c *compiler) windows() []hall.WindowScore {
	list := make([]hall.WindowScore, len(c.assessed().Windows))
	for i := range c.assessed().Windows {
		list[i] = c.assessed().Windows[i].WindowScore
	}
	return list
}

// filled makes an empty list of a nil one, which JSON would call null.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
