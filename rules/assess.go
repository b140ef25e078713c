package rules

// Scores, ranks and awards of a settled month.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// Assess scores and ranks the people and windows of a month. Vetoes of earlier
// months are carried into it as far as their term reaches.
func Assess(m *Month, carried []hall.Veto) *Assessment {
	bonus := m.bonuses()
	a := &Assessment{Bonus: bonus.lines(m), Cases: m.cases()}
	shares := m.shares()
	full := map[hall.PersonID]bool{}
	for _, person := range m.Full {
		full[person] = true
	}
	for _, p := range m.Book.roster {
		if m.Place(p.person) != nil {
			a.Staff = append(a.Staff, m.staff(p.person, bonus, shares[p.person], full[p.person]))
		}
	}
	m.rankStaff(a.Staff)
	m.assessWindows(a, bonus)
	m.awardWindows(a, carried)
	return a
}

// staff scores a person: base - deductions + min(cap, bonus) + full attendance.
func (m *Month) staff(person hall.PersonID, bonus bonuses, shares []Part, full bool) Staff {
	row, rules := m.Place(person), &m.Policy.Policy.Assessment.Staff
	s := Staff{Full: full, StaffScore: hall.StaffScore{Person: person, Name: row.Name, Window: row.Window, Class: row.Class}}
	s.Parts = append(s.Parts, Part{Kind: PartBase, Points: rules.Base})
	s.Parts = append(s.Parts, m.deductions(person, shares)...)
	for _, p := range s.Parts[1:] {
		s.Deductions -= p.Points
	}
	parts := capped(bonus.of(m, subject{person: person}), rules.BonusCap)
	if full && rules.FullAttendanceBonus != 0 {
		parts = append(parts, Part{Kind: PartFull, Points: rules.FullAttendanceBonus})
	}
	for _, p := range parts {
		s.Bonus += p.Points
	}
	s.Parts = append(s.Parts, parts...)
	s.Score = rules.Base - s.Deductions + s.Bonus
	if rules.Floor != nil && s.Score < *rules.Floor {
		s.Parts = append(s.Parts, Part{Kind: PartFloor, Points: *rules.Floor - s.Score})
		s.Score = *rules.Floor
	}
	m.countDays(&s)
	m.leaveOut(&s)
	return s
}

// deductions are a person's own violations and shares in those of others, with
// what a full category gives back.
func (m *Month) deductions(person hall.PersonID, shares []Part) []Part {
	var parts []Part
	spent := map[string]hall.Points{}
	add := func(p Part, category string) {
		parts = append(parts, p)
		spent[category] -= p.Points
	}
	for _, l := range m.own[person] {
		add(Part{Kind: PartLine, Of: l.ID, Points: -l.Points, Proofs: l.Proofs}, l.category())
	}
	for _, p := range shares {
		add(p, m.lineNamed(p.Of).category())
	}
	for _, c := range m.Policy.Policy.Assessment.Staff.Categories {
		if over := spent[c.Name] - c.Max; over > 0 {
			parts = append(parts, Part{Kind: PartCategory, Of: c.Name, Points: over})
		}
	}
	return parts
}

func (l *Line) category() string {
	if k := l.Policy.Policy.DisciplineKind(l.Kind); k != nil {
		return k.Category
	}
	return ""
}

func (m *Month) lineNamed(id string) *Line {
	i := slices.IndexFunc(m.Lines, func(l Line) bool { return l.ID == id })
	return &m.Lines[i]
}

// shares are what chief representatives pay of the violations in the window that
// was theirs that day, nobody for their own.
func (m *Month) shares() map[hall.PersonID][]Part {
	shares := map[hall.PersonID][]Part{}
	for i := range m.Lines {
		l := &m.Lines[i]
		kind := l.Policy.Policy.DisciplineKind(l.Kind)
		if kind == nil || kind.ChiefRepShare == 0 {
			continue
		}
		for _, p := range m.Book.roster {
			row := p.rowOn(l.Date)
			if row == nil || row.Window != l.Window || !row.Has(hall.RoleChiefRep) || l.Person != nil && *l.Person == p.person {
				continue
			}
			shares[p.person] = append(shares[p.person], Part{Kind: PartShare, Of: l.ID, Points: -l.Points.Times(kind.ChiefRepShare), Proofs: l.Proofs})
		}
	}
	return shares
}

// countDays counts due days, and those attended: with a planned punch that has a
// punch or correction, or a session of which leave that does not break full
// attendance takes at least a minute.
func (m *Month) countDays(s *Staff) {
	for _, d := range m.days[s.Person] {
		if d == nil || !d.Due {
			continue
		}
		s.DueDays++
		if attended(d) {
			s.AttendedDays++
		}
	}
}

func attended(d *Day) bool {
	for i := range d.Planned {
		if d.Planned[i].Punch != nil {
			return true
		}
	}
	return slices.ContainsFunc(d.Leaves, func(l hall.Leave) bool {
		return !d.Policy.Policy.LeaveKind(l.Kind).BreaksFullAttendance
	})
}

// leaveOut says why a person is not ranked, if so.
func (m *Month) leaveOut(s *Staff) {
	class := m.Policy.Policy.Class(s.Class)
	switch {
	case class == nil || !class.Ranked:
		s.LeftOut = hall.LeftOutClass
	case class.Punches && s.DueDays == 0:
		s.LeftOut = hall.LeftOutNotDue
	case s.AttendedDays < m.Policy.Policy.Assessment.Staff.MinDays:
		s.LeftOut = hall.LeftOutMinDays
	}
	s.Apart = class != nil && class.Apart
}

// rankStaff ranks those who are not left out, classes that are ranked apart by
// themselves, and puts everybody in the order of the list.
func (m *Month) rankStaff(staff []Staff) {
	groups := map[string][]*Staff{}
	for i := range staff {
		s := &staff[i]
		if s.LeftOut != "" {
			continue
		}
		group := ""
		if s.Apart {
			group = s.Class
		}
		groups[group] = append(groups[group], s)
	}
	for _, group := range groups {
		Rank(group, orderOf(m.CompareStaff), func(s *Staff, rank, tied int) { s.Rank, s.Tied = &rank, &tied })
	}
	slices.SortFunc(staff, func(x, y Staff) int {
		if order := compareRanks(x.Rank, y.Rank); order != 0 {
			return order // what follows looks further
		}
		return cmp.Or(m.compareWindows(x.Window, y.Window), cmp.Compare(x.Person, y.Person))
	})
}

func compareRanks(a, b *int) int {
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

// CompareStaff puts the better one first, by score and the tie-breakers of the
// policy, and says by which: ByScore, a tie-breaker, or "" for a tie.
func (m *Month) CompareStaff(x, y *Staff) (better int, by string) {
	return m.decide(cmp.Compare(y.Score, x.Score), func(breaker string) int {
		switch breaker {
		case hall.TieFewerDeductions:
			return cmp.Compare(x.Deductions, y.Deductions)
		case hall.TieFullAttendance:
			return compareBools(y.Full, x.Full)
		case hall.TieMoreBonus:
			return cmp.Compare(y.Bonus, x.Bonus)
		}
		return 0 // more_cases is of windows
	})
}

// CompareWindows does for windows what CompareStaff does for people.
func (m *Month) CompareWindows(x, y *Window) (better int, by string) {
	return m.decide(cmp.Compare(y.Score, x.Score), func(breaker string) int {
		switch breaker {
		case hall.TieFewerDeductions:
			return cmp.Compare(x.Deductions, y.Deductions)
		case hall.TieFullAttendance:
			return cmp.Compare(y.Full, x.Full)
		case hall.TieMoreBonus:
			return cmp.Compare(y.Bonus, x.Bonus)
		case hall.TieMoreCases:
			return cmp.Compare(y.Cases, x.Cases)
		}
		return 0
	})
}

// ByScore says that the score decided.
const ByScore = "score"

// decide takes the first of the score and the tie-breakers that tells two apart.
func (m *Month) decide(byScore int, broken func(breaker string) int) (better int, by string) {
	if byScore != 0 {
		return byScore, ByScore
	}
	for _, breaker := range m.Policy.Policy.Assessment.TieBreakers {
		if better := broken(breaker); better != 0 {
			return better, breaker
		}
	}
	return 0, ""
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// orderOf leaves out by what a comparison was decided.
func orderOf[T any](decide func(a, b *T) (int, string)) func(a, b *T) int {
	return func(a, b *T) int {
		order, _ := decide(a, b)
		return order
	}
}

// Rank gives ranks 1, 1, 3 to a list that it sorts, the better ones first.
func Rank[T any](list []*T, compare func(a, b *T) int, set func(t *T, rank, tied int)) {
	slices.SortStableFunc(list, compare)
	for from := 0; from < len(list); {
		until := from + 1
		for until < len(list) && compare(list[from], list[until]) == 0 {
			until++
		}
		for _, t := range list[from:until] {
			set(t, from+1, until-from)
		}
		from = until
	}
}

// assessWindows scores the windows that are assessed and valid on a day of the
// month: mean of their ranked staff + min(cap, bonus) - own deductions.
func (m *Month) assessWindows(a *Assessment, bonus bonuses) {
	policy := m.Policy.Policy
	for i := range policy.Windows {
		if w := &policy.Windows[i]; w.Assessed && validIn(w, m.Month) {
			a.Windows = append(a.Windows, m.window(w, a.Staff, bonus))
		}
	}
	ranked := make([]*Window, len(a.Windows))
	for i := range a.Windows {
		ranked[i] = &a.Windows[i]
	}
	for _, c := range a.Cases.Windows {
		if i := slices.IndexFunc(a.Windows, func(w Window) bool { return w.Window == c.Window }); i >= 0 {
			a.Windows[i].Cases = c.Accepted
		}
	}
	Rank(ranked, orderOf(m.CompareWindows), func(w *Window, rank, tied int) { w.Rank, w.Tied = rank, tied })
	slices.SortFunc(a.Windows, func(x, y Window) int {
		return cmp.Or(cmp.Compare(x.Rank, y.Rank), m.compareWindows(x.Window, y.Window))
	})
}

func validIn(w *hall.Window, m hall.Month) bool {
	return (w.From == 0 || w.From <= m.Last()) && (w.Until == 0 || w.Until >= m.First())
}

func (m *Month) window(w *hall.Window, staff []Staff, bonus bonuses) Window {
	rules := &m.Policy.Policy.Assessment
	score := Window{WindowScore: hall.WindowScore{Window: w.ID, Name: w.Name}}
	var sum, n int64
	for i := range staff {
		s := &staff[i]
		if s.Window != w.ID {
			continue
		}
		if s.Full {
			score.Full++
		}
		if s.LeftOut == "" {
			sum, n = sum+int64(s.Score), n+1
			score.Staff = append(score.Staff, s.Person)
		}
	}
	score.StaffMean = rules.Staff.Base
	if n > 0 {
		score.StaffMean = hall.DivHalfUp(sum, n)
	}
	score.Parts = append(score.Parts, Part{Kind: PartMean, Points: score.StaffMean})
	m.chargeWindow(&score)
	parts := capped(bonus.of(m, subject{window: w.ID}), rules.Windows.BonusCap)
	for _, p := range parts {
		score.Bonus += p.Points
	}
	score.Parts = append(score.Parts, parts...)
	score.Score = score.StaffMean + score.Bonus - score.Deductions
	return score
}

// Vetoes are the violations of the month that keep their window from an award, in
// the order of the violations. Their term may be longer than the month.
func (m *Month) Vetoes() []hall.Veto {
	var list []hall.Veto
	for i := range m.Lines {
		if l := &m.Lines[i]; l.veto != "" {
			list = append(list, hall.Veto{Window: l.Window, Violation: l.ID, Kind: l.Kind, Date: l.Date, Until: l.veto.From(m.Month).Last.Last()})
		}
	}
	return list
}

// chargeWindow takes off the window's own violations.
func (m *Month) chargeWindow(w *Window) {
	for i := range m.Lines {
		l := &m.Lines[i]
		if l.Window == w.Window && l.Person == nil {
			w.Deductions += l.Points
			w.Parts = append(w.Parts, Part{Kind: PartLine, Of: l.ID, Points: -l.Points, Proofs: l.Proofs})
		}
	}
}

// chosen returns the award that a meeting gave under the windows' title.
func (m *Month) chosen() *hall.Award {
	for _, c := range m.Book.facts.Choices() {
		if c.Month == m.Month && c.Title == m.Policy.Policy.Assessment.Windows.Title {
			return &c
		}
	}
	return nil
}

// awardWindows gives the windows' award: to those that a meeting chose, else to
// the first n in the order of the list, of whom a vetoed one loses it to the next.
func (m *Month) awardWindows(a *Assessment, carried []hall.Veto) {
	a.Chosen = m.chosen()
	vetoes := slices.DeleteFunc(slices.Concat(carried, m.Vetoes()), func(v hall.Veto) bool { return v.Until < m.Month.First() })
	n := m.Policy.Policy.Assessment.Windows.Awards
	for i := range a.Windows {
		w := &a.Windows[i]
		for _, v := range vetoes {
			if v.Window == w.Window {
				w.Vetoes = append(w.Vetoes, v)
			}
		}
		switch {
		case a.Chosen != nil:
			w.Award = slices.Contains(a.Chosen.Windows, w.Window)
		case n > 0 && len(w.Vetoes) == 0:
			w.Award = true
			n--
		}
	}
}
