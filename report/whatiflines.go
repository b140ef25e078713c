package report

// The lines of a month that another policy would change, and by which rules.

import (
	"cmp"
	"fmt"
	"slices"

	"rollcall/hall"
)

// facets are what a report says of each line that is compared, in a word.
type facets map[string]string

func facetsOf(r *hall.Report) facets {
	f := facets{}
	for i := range r.FullAttendance {
		f["full/"+string(r.FullAttendance[i].Person)] = "full"
	}
	for i := range r.Violations {
		v := &r.Violations[i]
		f["violation/"+v.ID] = costOf(v)
	}
	for i := range r.Staff {
		s := &r.Staff[i]
		f["score/"+string(s.Person)] = s.Score.String()
		f["rank/"+string(s.Person)] = number(s.Rank) + string(s.LeftOut)
	}
	for i := range r.Windows {
		w := &r.Windows[i]
		f["score/@"+string(w.Window)] = w.Score.String()
		f["rank/@"+string(w.Window)] = fmt.Sprint(w.Rank)
		f["award/@"+string(w.Window)] = fmt.Sprint(w.Award)
	}
	return f
}

// costOf is what of a violation a policy decides.
func costOf(v *hall.Violation) string {
	return fmt.Sprint(v.Kind, " ", number(v.Minutes), " ", v.Points, " ", v.Marks)
}

// variant is the month under one rule by itself, and under all but that rule;
// facets are nil where no policy came of it.
type variant struct {
	rule           string
	alone, without facets
}

// attribution tells which rules make a difference.
type attribution struct {
	is, would facets
	variants  []variant
}

func (a attribution) differs(line string) bool { return a.is[line] != a.would[line] }

// made names the rules that by themselves make a line what it would be; where none
// does, those without which it would not be so; and where each can be missed, all.
func (a attribution) made(lines ...string) Made {
	m := Made{Rules: []string{}}
	for _, line := range lines {
		if !a.differs(line) {
			continue
		}
		rules := a.rules(func(v *variant) bool { return v.alone != nil && v.alone[line] == a.would[line] })
		if len(rules) == 0 {
			m.Joint = true
			rules = a.rules(func(v *variant) bool { return v.without != nil && v.without[line] != a.would[line] })
		}
		if len(rules) == 0 {
			rules = a.rules(func(*variant) bool { return true })
		}
		m.Rules = append(m.Rules, rules...)
	}
	slices.Sort(m.Rules)
	m.Rules = slices.Compact(m.Rules)
	m.Joint = m.Joint && len(m.Rules) > 1
	return m
}

func (a attribution) rules(makes func(*variant) bool) []string {
	var names []string
	for i := range a.variants {
		if makes(&a.variants[i]) {
			names = append(names, a.variants[i].rule)
		}
	}
	return names
}

// madeScore names what makes a score and an award, or where both stay a rank.
func (a attribution) madeScore(of string) Made {
	if m := a.made("score/"+of, "award/"+of); len(m.Rules) > 0 {
		return m
	}
	return a.made("rank/" + of)
}

func (a attribution) scoreDiffers(of string) bool {
	return a.differs("score/"+of) || a.differs("rank/"+of) || a.differs("award/"+of)
}

// compareMonths lists what differs, in the order of the lists: what is before
// what would be.
func compareMonths(w *WhatIf, is, would *hall.Report, a attribution) {
	w.Full = compareFull(is, would, a)
	w.Violations = compareViolations(is, would, a)
	w.Staff = compareStaff(is, would, a)
	w.Windows = compareWindowScores(is, would, a)
}

func compareFull(is, would *hall.Report, a attribution) []WhatIfFull {
	list := []WhatIfFull{}
	add := func(in, notIn []hall.FullAttendance, gains bool) {
		for _, f := range in {
			if !slices.ContainsFunc(notIn, func(o hall.FullAttendance) bool { return o.Person == f.Person }) {
				list = append(list, WhatIfFull{Person: f.Person, Name: f.Name, Window: f.Window, Gains: gains, Made: a.made("full/" + string(f.Person))})
			}
		}
	}
	add(would.FullAttendance, is.FullAttendance, true)
	add(is.FullAttendance, would.FullAttendance, false)
	return list
}

func compareViolations(is, would *hall.Report, a attribution) []WhatIfViolation {
	list := []WhatIfViolation{}
	find := func(r *hall.Report, id string) *hall.Violation {
		if i := slices.IndexFunc(r.Violations, func(v hall.Violation) bool { return v.ID == id }); i >= 0 {
			return &r.Violations[i]
		}
		return nil
	}
	for i := range is.Violations {
		v := &is.Violations[i]
		other := find(would, v.ID)
		if other != nil && costOf(v) == costOf(other) {
			continue
		}
		line := WhatIfViolation{ID: v.ID, Is: v, Would: other, Difference: -v.Points, Made: a.made("violation/" + v.ID)}
		if other != nil {
			line.Difference += other.Points
		}
		list = append(list, line)
	}
	for i := range would.Violations {
		if v := &would.Violations[i]; find(is, v.ID) == nil {
			list = append(list, WhatIfViolation{ID: v.ID, Would: v, Difference: v.Points, Made: a.made("violation/" + v.ID)})
		}
	}
	slices.SortStableFunc(list, func(x, y WhatIfViolation) int { return cmp.Compare(dateOfEither(&x), dateOfEither(&y)) })
	return list
}

func dateOfEither(v *WhatIfViolation) hall.Date {
	if v.Is != nil {
		return v.Is.Date
	}
	return v.Would.Date
}

// byScore puts those who lose the most first, then those who gain the least.
func byScore(list []WhatIfScore) {
	slices.SortStableFunc(list, func(a, b WhatIfScore) int { return cmp.Compare(differenceOf(&a), differenceOf(&b)) })
}

func differenceOf(s *WhatIfScore) hall.Points {
	if s.Difference == nil {
		return 0
	}
	return *s.Difference
}

func compareStaff(is, would *hall.Report, a attribution) []WhatIfScore {
	list := []WhatIfScore{}
	lines := map[hall.PersonID]*WhatIfScore{}
	var order []hall.PersonID
	at := func(s *hall.StaffScore) *WhatIfScore {
		if lines[s.Person] == nil {
			lines[s.Person] = &WhatIfScore{Person: new(s.Person), Window: s.Window, Name: s.Name}
			order = append(order, s.Person)
		}
		return lines[s.Person]
	}
	for i := range is.Staff {
		s := &is.Staff[i]
		line := at(s)
		line.Is, line.IsRank, line.IsLeftOut = &s.Score, s.Rank, s.LeftOut
	}
	for i := range would.Staff {
		s := &would.Staff[i]
		line := at(s)
		line.Would, line.WouldRank, line.WouldLeft = &s.Score, s.Rank, s.LeftOut
	}
	for _, person := range order {
		if of := string(person); a.scoreDiffers(of) {
			list = append(list, lines[person].finished(a.madeScore(of)))
		}
	}
	byScore(list)
	return list
}

func compareWindowScores(is, would *hall.Report, a attribution) []WhatIfScore {
	list := []WhatIfScore{}
	lines := map[hall.WindowID]*WhatIfScore{}
	var order []hall.WindowID
	at := func(w *hall.WindowScore) *WhatIfScore {
		if lines[w.Window] == nil {
			lines[w.Window] = &WhatIfScore{Window: w.Window, Name: w.Name}
			order = append(order, w.Window)
		}
		return lines[w.Window]
	}
	for i := range is.Windows {
		w := &is.Windows[i]
		line := at(w)
		line.Is, line.IsRank, line.IsAward = &w.Score, &w.Rank, w.Award
	}
	for i := range would.Windows {
		w := &would.Windows[i]
		line := at(w)
		line.Would, line.WouldRank, line.WouldAward = &w.Score, &w.Rank, w.Award
	}
	for _, window := range order {
		if of := "@" + string(window); a.scoreDiffers(of) {
			list = append(list, lines[window].finished(a.madeScore(of)))
		}
	}
	byScore(list)
	return list
}

// finished adds the difference of the scores and what makes it.
func (s *WhatIfScore) finished(m Made) WhatIfScore {
	if s.Is != nil && s.Would != nil {
		s.Difference = new(*s.Would - *s.Is)
	}
	s.Made = m
	return *s
}
