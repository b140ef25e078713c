package rules

// What depends on the whole month.

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"rollcall/hall"
)

// Settle judges a month as of a moment. The error wraps hall.ErrNotFound where
// no policy governs a day of the month.
func Settle(b *Book, month hall.Month, asOf hall.Instant) (*Month, error) {
	return settle(b, month, asOf, "")
}

// SettleFor is Settle for one person alone: what it says of the person and of
// windows is the same, and of others it says nothing. Of punches the book needs
// those of the person, unless AskedTerminals is true afterwards.
func SettleFor(b *Book, month hall.Month, asOf hall.Instant, person hall.PersonID) (*Month, error) {
	return settle(b, month, asOf, person)
}

func settle(b *Book, month hall.Month, asOf hall.Instant, only hall.PersonID) (*Month, error) {
	m := &Month{only: only, Book: b, Month: month, AsOf: asOf, Policy: b.PolicyFor(month),
		Patrols: map[hall.UID]string{}, NoteDates: map[hall.UID]hall.Date{}, WhyNotFull: map[hall.PersonID][]string{},
		days: map[hall.PersonID][]*Day{}, places: map[hall.PersonID]*hall.Roster{}}
	if m.Policy == nil {
		return nil, b.NoPolicy(month.String(), month.Last())
	}
	m.numberWindows()
	m.findWorkdays()
	d := b.newDesk(month, m.Policy.Policy.Punctuality.Correction)
	m.Corrections = d.decide(month, m.people())
	m.judgeDays(d)
	m.charge()
	m.settleLines()
	m.Lines, m.Contested = m.sorted(m.Lines), m.sorted(m.Contested)
	m.own = ownLines(m.Lines)
	m.findFull()
	m.Unresolved = b.unresolved(m)
	return m, nil
}

// numberWindows keeps the numbers of windows by id, which lists are ordered by.
func (m *Month) numberWindows() {
	windows := m.Policy.Policy.Windows
	m.numbers = make(map[hall.WindowID]int, len(windows))
	for i := range windows {
		m.numbers[windows[i].ID] = windows[i].Number
	}
}

func (m *Month) findWorkdays() {
	for d := m.Month.First(); d <= m.Month.Last(); d++ {
		works, unknown := m.Book.Workday(d)
		if works {
			m.Workdays = append(m.Workdays, d)
		}
		if works && unknown && !slices.Contains(m.CalendarMissing, d.Year()) {
			m.CalendarMissing = append(m.CalendarMissing, d.Year())
		}
	}
}

// judgeDays judges every governed day of everybody on the roster, with the
// corrections that count.
func (m *Month) judgeDays(d *desk) {
	first, last := m.Month.First(), m.Month.Last()
	people := m.people()
	m.Days = make([]*Day, 0, len(people)*int(last-first+1))
	for _, p := range people {
		days := make([]*Day, last-first+1)
		for date := first; date <= last; date++ {
			s := m.Book.shapeOf(p, date)
			if s.row == nil || s.policy == nil {
				continue
			}
			var accepted []hall.Correction
			if len(p.corrections) > 0 {
				accepted = d.accepted[dayKey{p.person, date}]
			}
			day := m.Book.judgeDay(p, date, accepted, m.AsOf)
			m.Days = append(m.Days, day)
			days[date-first] = day
		}
		m.days[p.person] = days
	}
}

// people are those who are judged.
func (m *Month) people() []*page {
	if m.only == "" {
		return m.Book.roster
	}
	if p := m.Book.pages[m.only]; p != nil && len(p.rows) > 0 {
		return []*page{p}
	}
	return nil
}

// asks reports whether a note is of somebody who is judged, or of a window.
func (m *Month) asks(payer hall.PersonID) bool {
	return payer == "" || m.only == "" || payer == m.only
}

// Day returns a person's day of the month, nil where they are not on the roster.
func (m *Month) Day(person hall.PersonID, date hall.Date) *Day {
	days := m.days[person]
	if i := date - m.Month.First(); i >= 0 && int(i) < len(days) {
		return days[i]
	}
	return nil
}

// charge joins what terminals and inspectors saw, and tells apart what counts,
// what is contested and what fell.
func (m *Month) charge() {
	counts, contested := charges{}, charges{}
	for _, day := range m.Days {
		counts.addDay(day)
	}
	for _, n := range m.notes(m.Book.facts.Patrols) {
		if !m.asks(n.person) {
			continue
		}
		day := m.Day(n.person, n.date)
		m.Book.contest(n, day)
		if n.contested && !m.Book.confirmed(n) && !m.Book.decided(n.id()).Strikes() {
			contested.addNote(n, day)
			continue
		}
		counts.addNote(n, day)
	}
	m.Lines = m.collect(counts)
	m.Contested = m.collect(contested)
	m.fallNotes()
}

// notes reads those patrol notes that belong to the month and are resolved.
func (m *Month) notes(patrols []hall.Patrol) []*note {
	var notes []*note
	for i := range patrols {
		n := m.Book.read(&patrols[i])
		if n == nil || !m.Month.Contains(n.date) {
			continue
		}
		m.NoteDates[n.patrol.UID] = n.date
		if n.reason == "" {
			m.Patrols[n.patrol.UID] = n.id()
			notes = append(notes, n)
		}
	}
	return notes
}

// confirmed reports whether a ruling made a contested note count, each by itself
// or with its whole violation.
func (b *Book) confirmed(n *note) bool {
	return b.decided(string(n.patrol.UID)).Affirms() || b.decided(n.id()).Affirms()
}

// collect makes the lines of charges, by id; those that a ruling struck fall.
func (m *Month) collect(c charges) []Line {
	lines := make([]Line, 0, len(c))
	for _, id := range slices.Sorted(maps.Keys(c)) {
		line := m.Book.line(c[id])
		if m.Book.decided(id).Strikes() {
			m.fall(id, &line)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

func (m *Month) fall(on string, line *Line) {
	m.Fell = append(m.Fell, Fallen{On: on, Ruling: *m.Book.Decisive(on), Line: line})
}

// fallNotes lists the notes of the month that rulings took away.
func (m *Month) fallNotes() {
	var struck []hall.Patrol
	for _, p := range m.Book.all.Patrols {
		if m.Book.decided(string(p.UID)).Strikes() {
			struck = append(struck, p)
		}
	}
	for _, n := range m.notes(struck) {
		if !m.asks(n.person) {
			continue
		}
		c := charges{}
		c.addNote(n, m.Day(n.person, n.date))
		line := m.Book.line(c[n.id()])
		m.fall(string(n.patrol.UID), &line)
	}
	slices.SortFunc(m.Fell, func(x, y Fallen) int { return cmp.Compare(x.On, y.On) })
}

// settleLines applies, to what stands and in the order of the month, the cap of
// a session, the tolerance and the repeat factors.
func (m *Month) settleLines() {
	order := make([]*Line, len(m.Lines))
	for i := range m.Lines {
		order[i] = &m.Lines[i]
	}
	slices.SortFunc(order, func(x, y *Line) int {
		if x.Date != y.Date {
			return cmp.Compare(x.Date, y.Date)
		}
		return cmp.Or(cmp.Compare(x.order, y.order), cmp.Compare(firstProof(x), firstProof(y)), cmp.Compare(x.ID, y.ID))
	})
	m.own = ownLines(m.Lines)
	inSession := map[string]*Line{}
	tolerated, seen := map[string][]*Line{}, map[string][]*Line{}
	for _, l := range order {
		capSession(l, inSession)
		if m.tolerate(l, tolerated) {
			continue
		}
		m.repeat(l, tolerated, seen)
	}
}

func firstProof(l *Line) hall.UID {
	if len(l.Proofs) == 0 {
		return ""
	}
	return l.Proofs[0]
}

// capSession lets a person's punctuality deductions of one session not exceed
// those of absence; the later one pays the rest and rests on the earlier.
func capSession(l *Line, earlier map[string]*Line) {
	absence := l.Policy.Policy.Punctuality.Absence
	if l.Person == nil || hall.Severity(l.Kind) == 0 || absence == nil {
		return
	}
	key := l.Date.String() + "/" + string(l.Session) + "/" + string(*l.Person)
	left := absence.Points
	if first := earlier[key]; first != nil {
		left -= first.paid
		l.restOn(first)
	}
	l.Points = min(l.Points, max(0, left))
	l.paid = l.Points
	earlier[key] = l
}

// restOn adds the basis of other lines.
func (l *Line) restOn(others ...*Line) {
	for _, o := range others {
		l.Basis = append(l.Basis, o.Basis...)
	}
	l.tidyBasis()
}

// tolerate lets the first short offences of a subject's month cost nothing.
func (m *Month) tolerate(l *Line, tolerated map[string][]*Line) bool {
	rule := m.Policy.Policy.Punctuality.Tolerance
	if rule == nil || l.Minutes == nil || *l.Minutes > rule.UpTo || !slices.Contains(rule.Kinds, l.Kind) {
		return false
	}
	earlier := tolerated[l.Subject()]
	if len(earlier) >= rule.PerMonth {
		l.restOn(earlier...)
		return false
	}
	tolerated[l.Subject()] = append(earlier, l)
	l.Points = 0
	l.mark(hall.MarkTolerated)
	return true
}

// repeat multiplies the points of what a subject does again, counted over what
// stands and is not tolerated.
func (m *Month) repeat(l *Line, tolerated, seen map[string][]*Line) {
	rule, counter := m.repeatRule(l.Kind)
	if rule == nil {
		return
	}
	m.restOnPunches(l, counter)
	m.restOnOthers(l, counter)
	counter += "\x00" + l.Subject()
	earlier := seen[counter]
	seen[counter] = append(earlier, l)
	if len(earlier) < rule.After {
		return
	}
	l.Points = l.Points.Times(rule.Factor)
	l.mark(hall.MarkRepeated)
	l.restOn(slices.Concat(earlier, tolerated[l.Subject()])...)
}

// restOnPunches adds to a line that is counted together with missing punches what
// shows that none was missing on the days before it.
func (m *Month) restOnPunches(l *Line, counter string) {
	if counter != countedTogether || l.Person == nil {
		return
	}
	kinds := m.Policy.Policy.Punctuality.Repeat.Kinds
	if !slices.Contains(kinds, hall.MissingPunch) && !slices.Contains(kinds, hall.Absence) {
		return
	}
	days := m.days[*l.Person]
	for _, d := range days[:min(len(days), int(l.Date-m.Month.First())+1)] {
		if d != nil {
			for i := range d.Sessions {
				l.addSession(m.Book, d, d.Sessions[i].Name)
			}
		}
	}
	l.tidyBasis()
}

// restOnOthers adds to a line that is counted together with others those of the person
// up to its day that are not: on their edges stands what an inspector saw, and without
// the note something that is counted could stand there.
func (m *Month) restOnOthers(l *Line, counter string) {
	if counter != countedTogether || l.Person == nil {
		return
	}
	var others []*Line
	for _, o := range m.own[*l.Person] {
		if o.Date > l.Date || hall.Severity(o.Kind) == 0 {
			continue
		}
		if _, by := m.repeatRule(o.Kind); by != countedTogether {
			others = append(others, o)
		}
	}
	l.restOn(others...)
}

// countedTogether is the counter of the punctuality kinds.
const countedTogether = "punctuality"

// repeatRule returns the factor of a kind and what its offences are counted
// under: the kinds of punctuality together, each kind of finding by itself.
func (m *Month) repeatRule(kind string) (*hall.Repeat, string) {
	policy := m.Policy.Policy
	if r := policy.Punctuality.Repeat; r != nil && slices.Contains(r.Kinds, kind) {
		return &r.Repeat, countedTogether
	}
	if k := policy.DisciplineKind(kind); k != nil && k.Repeat != nil {
		return k.Repeat, kind
	}
	return nil, ""
}

// ownLines are the lines of each person, in their order.
func ownLines(lines []Line) map[hall.PersonID][]*Line {
	own := map[hall.PersonID][]*Line{}
	for i := range lines {
		if l := &lines[i]; l.Person != nil {
			own[*l.Person] = append(own[*l.Person], l)
		}
	}
	return own
}

// sorted returns lines by date, window number, person (a window's last), session,
// kind and id. It orders pointers, since lines are large.
func (m *Month) sorted(lines []Line) []Line {
	order := make([]*Line, len(lines))
	for i := range lines {
		order[i] = &lines[i]
	}
	slices.SortFunc(order, func(x, y *Line) int {
		if x.Date != y.Date {
			return cmp.Compare(x.Date, y.Date) // what follows looks further
		}
		return cmp.Or(m.compareWindows(x.Window, y.Window),
			comparePersons(x.Person, y.Person), m.compareSessions(x, y),
			cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
	})
	list := make([]Line, len(lines))
	for i, l := range order {
		list[i] = *l
	}
	return list
}

// compareWindows orders by window number; windows that the month's policy does
// not name come last.
func (m *Month) compareWindows(a, b hall.WindowID) int {
	if a == b {
		return 0
	}
	return cmp.Or(cmp.Compare(m.windowNumber(a), m.windowNumber(b)), cmp.Compare(a, b))
}

func (m *Month) windowNumber(id hall.WindowID) int {
	if number, ok := m.numbers[id]; ok {
		return number
	}
	return math.MaxInt
}

func comparePersons(a, b *hall.PersonID) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// compareSessions orders by start in the timetable of the person's group, for a
// window the hall's; one unknown there comes last, by name.
func (m *Month) compareSessions(x, y *Line) int {
	return cmp.Or(cmp.Compare(m.sessionStart(x), m.sessionStart(y)), cmp.Compare(x.Session, y.Session))
}

func (m *Month) sessionStart(l *Line) hall.Clock {
	person := hall.PersonID("")
	if l.Person != nil {
		person = *l.Person
	}
	if s := sessionNamed(m.Book.shapeOf(m.Book.pageOf(person), l.Date).sessions, string(l.Session)); s != nil {
		return s.Start
	}
	return math.MaxInt32
}
