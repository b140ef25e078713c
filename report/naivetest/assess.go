package naivetest

// Scores, ranks and awards (contract 8).

import (
	"cmp"
	"math/big"
	"slices"
)

// score is the line of a person or a window in its table.
type score struct {
	id         string
	number     int64 // of the window
	points     *big.Rat
	deductions *big.Rat
	bonus      *big.Rat
	full       int64 // 1 for a person with full attendance, the number of people of a window
	cases      int64
	rank, tied int64
	leftOut    string
	pool       string // who is ranked together

	mean  *big.Rat // of a window
	award bool
}

// assessStaff scores and ranks everybody; the ranked classes that stand apart have pools of their own.
func (m *monthOf) assessStaff() {
	p := m.policy
	var all []*score
	for _, one := range m.people {
		s := &score{id: one.person, number: m.number(one.row.window), deductions: m.staffDeductions(one.person)}
		earned := m.bonusPoints(func(b *bonusSum) bool { return b.person == one.person })
		if p.staffCap != nil {
			earned = smallest(p.staffCap, earned)
		}
		s.bonus = earned
		if one.full {
			s.bonus, s.full = add(earned, p.fullBonus), 1
		}
		s.points = add(minus(p.base, s.deductions), s.bonus)
		if p.floor != nil && s.points.Cmp(p.floor) < 0 {
			s.points = p.floor
		}
		s.points = halfUp(s.points, 4)
		m.leaveOut(one, s)
		one.score = s
		all = append(all, s)
	}
	m.rank(all, false)
}

// leaveOut gives the reason why somebody is not ranked, or the pool.
func (m *monthOf) leaveOut(one *member, s *score) {
	c := m.policy.classes[one.row.class]
	switch {
	case !c.ranked:
		s.leftOut = "class"
	case c.punches && one.due == 0:
		s.leftOut = "not_due"
	case int64(one.attended) < m.policy.minDays:
		s.leftOut = "min_days"
	case c.apart:
		s.pool = "apart " + one.row.class
	}
}

// staffDeductions: own violations and the shares of a chief representative; of a category at most its max.
func (m *monthOf) staffDeductions(person string) *big.Rat {
	sum, byCategory := zero(), map[string]*big.Rat{}
	for _, v := range m.violations {
		points := zero()
		if v.person == person {
			points = v.points
		} else if row := m.hall.rowOn(person, v.date); row != nil && row.chief && row.window == v.window {
			points = halfUp(times(v.points, m.shareOf(v)), 4)
		}
		category := m.hall.policyOn(v.date).discipline[v.kind].category
		if _, limited := m.policy.categories[category]; limited {
			if byCategory[category] == nil {
				byCategory[category] = zero()
			}
			byCategory[category] = add(byCategory[category], points)
			continue
		}
		sum = add(sum, points)
	}
	for category, points := range byCategory {
		sum = add(sum, smallest(points, m.policy.categories[category]))
	}
	return sum
}

// shareOf is the chief representative's part of a kind, as discipline has it.
func (m *monthOf) shareOf(v *violation) *big.Rat {
	if share := m.hall.policyOn(v.date).discipline[v.kind].share; share != nil {
		return share
	}
	return zero()
}

// assessWindows scores, ranks and awards the windows assessed and valid on a day of the month.
func (m *monthOf) assessWindows() []*score {
	p := m.policy
	var all []*score
	for _, id := range sortedKeys(p.windows) {
		w := p.windows[id]
		if !w.assessed || w.until < m.first || w.from > m.last {
			continue
		}
		s := &score{id: id, number: w.number, deductions: zero()}
		for _, v := range m.violations {
			if v.person == "" && v.window == id {
				s.deductions = add(s.deductions, v.points)
			}
		}
		s.bonus = m.bonusPoints(func(b *bonusSum) bool { return slices.Contains(b.windows, id) })
		if p.windowCap != nil {
			s.bonus = smallest(p.windowCap, s.bonus)
		}
		s.mean = m.staffMean(id)
		s.points = halfUp(minus(add(s.mean, s.bonus), s.deductions), 4)
		for _, one := range m.people {
			if one.full && one.row.window == id {
				s.full++
			}
		}
		if v := m.hall.windowCases(m.name, id); v != nil {
			s.cases = v.accepted
		}
		all = append(all, s)
	}
	m.rank(all, true)
	inOrderOfRank(all)
	m.awardWindows(all)
	return all
}

// staffMean of a window's ranked staff; the base where nobody is ranked.
func (m *monthOf) staffMean(window string) *big.Rat {
	sum, n := zero(), int64(0)
	for _, one := range m.people {
		if one.row.window == window && one.score.leftOut == "" {
			sum = add(sum, one.score.points)
			n++
		}
	}
	if n == 0 {
		return m.policy.base
	}
	return times(sum, big.NewRat(1, n))
}

// rank counts who is better in the same pool: 1, 1, 3.
func (m *monthOf) rank(all []*score, windows bool) {
	for _, s := range all {
		if s.leftOut != "" {
			continue
		}
		s.rank, s.tied = 1, 0
		for _, other := range all {
			if other.leftOut != "" || other.pool != s.pool {
				continue
			}
			switch m.better(other, s, windows) {
			case +1:
				s.rank++
			case 0:
				s.tied++
			}
		}
	}
}

// better compares by score, then by the tie-breakers of the policy; 0 is the same rank.
func (m *monthOf) better(a, b *score, windows bool) int {
	result := a.points.Cmp(b.points)
	for _, breaker := range m.policy.tieBreakers {
		if result != 0 {
			return result
		}
		switch breaker {
		case "fewer_deductions":
			result = b.deductions.Cmp(a.deductions)
		case "full_attendance":
			result = cmp.Compare(a.full, b.full)
		case "more_bonus":
			result = a.bonus.Cmp(b.bonus)
		case "more_cases":
			if windows {
				result = cmp.Compare(a.cases, b.cases)
			}
		}
	}
	return result
}

// inOrderOfRank: rank, window number, person; who is left out comes last.
func inOrderOfRank(all []*score) {
	last := func(s *score) bool { return s.leftOut != "" }
	slices.SortStableFunc(all, func(a, b *score) int {
		if last(a) != last(b) {
			return map[bool]int{true: 1, false: -1}[last(a)]
		}
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.number, b.number), cmp.Compare(a.id, b.id))
	})
}

// awardWindows: an award event with the windows' title takes the place of all; else exactly n in order, and a
// veto loses the award to the next.
func (m *monthOf) awardWindows(inOrder []*score) {
	chosen := winners(m.hall.facts.live("award"), func(e *event) string { return text(e.body, "month") + "/" + text(e.body, "title") })
	if e := chosen[m.name+"/"+m.policy.title]; e != nil {
		for _, s := range inOrder {
			s.award = slices.Contains(texts(e.body, "windows"), s.id)
		}
		return
	}
	left := m.policy.awards
	for _, s := range inOrder {
		if left > 0 && !m.vetoed(s.id) {
			s.award = true
			left--
		}
	}
}

// vetoed: a violation under the window has a veto.
func (m *monthOf) vetoed(window string) bool {
	return slices.ContainsFunc(m.violations, func(v *violation) bool {
		return v.window == window && m.hall.policyOn(v.date).discipline[v.kind].veto
	})
}
