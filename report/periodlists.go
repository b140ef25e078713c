package report

// People, windows and cases of a period.

import (
	"cmp"
	"math"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
)

// staff gathers the months of everybody who is listed in one, and ranks them as in
// a month.
func (p *periodical) staff() []hall.PeriodStaff {
	byPerson := map[hall.PersonID]*hall.PeriodStaff{}
	for _, r := range p.reports {
		for i := range r.Staff {
			s := &r.Staff[i]
			sum := byPerson[s.Person]
			if sum == nil {
				sum = &hall.PeriodStaff{Person: s.Person, FullMonths: []hall.Month{}}
				byPerson[s.Person] = sum
			}
			addMonth(sum, r, s)
		}
	}
	list := make([]hall.PeriodStaff, 0, len(byPerson))
	for _, s := range byPerson {
		if s.Score, s.Ranked = mean(s.Scores); s.Ranked > 0 {
			s.LeftOut = ""
		}
		list = append(list, *s)
	}
	p.rankStaff(list)
	return list
}

// addMonth adds a person's month. Name, window, class and the reason to be left
// out are those of the last one.
func addMonth(sum *hall.PeriodStaff, r *hall.Report, s *hall.StaffScore) {
	sum.Name, sum.Window, sum.Class, sum.LeftOut = s.Name, s.Window, s.Class, s.LeftOut
	sum.Deductions += s.Deductions
	sum.Bonus += s.Bonus
	sum.Scores = append(sum.Scores, hall.MonthScore{Month: r.Month, Score: s.Score, Rank: s.Rank, LeftOut: s.LeftOut})
	if slices.ContainsFunc(r.FullAttendance, func(f hall.FullAttendance) bool { return f.Person == s.Person }) {
		sum.FullMonths = append(sum.FullMonths, r.Month)
	}
	for i := range r.Violations {
		if v := &r.Violations[i]; v.Person != nil && *v.Person == s.Person {
			sum.Violations++
		}
	}
}

// mean is that of the months in which nobody was left out, nil where there is none.
func mean(scores []hall.MonthScore) (score *hall.Points, months int) {
	var sum int64
	for i := range scores {
		if scores[i].LeftOut == "" {
			sum, months = sum+int64(scores[i].Score), months+1
		}
	}
	if months == 0 {
		return nil, 0
	}
	return new(hall.DivHalfUp(sum, int64(months))), months
}

// rankStaff ranks those with a mean, classes apart by themselves, and puts
// everybody in the order of rank, window number, person.
func (p *periodical) rankStaff(list []hall.PeriodStaff) {
	pools := map[string][]*hall.PeriodStaff{}
	for i := range list {
		if s := &list[i]; s.Score != nil {
			pools[p.pool(s.Class)] = append(pools[p.pool(s.Class)], s)
		}
	}
	for _, pool := range pools {
		rules.Rank(pool, p.compareStaff, func(s *hall.PeriodStaff, rank, tied int) { s.Rank, s.Tied = &rank, &tied })
	}
	slices.SortFunc(list, func(a, b hall.PeriodStaff) int {
		return cmp.Or(cmp.Compare(orLast(a.Rank), orLast(b.Rank)), p.compareNumbers(a.Window, b.Window), cmp.Compare(a.Person, b.Person))
	})
}

// pool names the class of those who are ranked by themselves.
func (p *periodical) pool(class string) string {
	if c := p.policy.Policy.Class(class); c != nil && c.Apart {
		return class
	}
	return ""
}

func orLast(rank *int) int {
	if rank == nil {
		return math.MaxInt
	}
	return *rank
}

func (p *periodical) compareStaff(a, b *hall.PeriodStaff) int {
	better := cmp.Compare(*b.Score, *a.Score)
	for _, by := range p.policy.Policy.Assessment.TieBreakers {
		switch by {
		case hall.TieFewerDeductions:
			better = cmp.Or(better, cmp.Compare(a.Deductions, b.Deductions))
		case hall.TieFullAttendance:
			better = cmp.Or(better, cmp.Compare(len(b.FullMonths), len(a.FullMonths)))
		case hall.TieMoreBonus:
			better = cmp.Or(better, cmp.Compare(b.Bonus, a.Bonus))
		}
	}
	return better
}

// compareNumbers orders by window number, windows without one last.
func (p *periodical) compareNumbers(a, b hall.WindowID) int {
	number := func(id hall.WindowID) int {
		if w := p.policy.Policy.Window(id); w != nil {
			return w.Number
		}
		for _, w := range p.names.Windows {
			if w.Window == id {
				return w.Number
			}
		}
		return math.MaxInt
	}
	return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
}

// ranking is the head and the tail, as in a month.
func (p *periodical) ranking(staff []hall.PeriodStaff) []hall.Ranking {
	people := map[string][]hall.RankedPerson{}
	for i := range staff {
		if s := &staff[i]; s.Rank != nil {
			pool := p.pool(s.Class)
			people[pool] = append(people[pool], hall.RankedPerson{Person: s.Person, Name: s.Name, Window: s.Window, Score: *s.Score, Rank: *s.Rank, Tied: *s.Tied})
		}
	}
	lists := []hall.Ranking{}
	for _, pool := range p.pools() {
		if list := people[pool]; len(list) > 0 {
			lists = append(lists, headAndTail(p.policy.Policy, hall.Name(pool), list))
		}
	}
	return lists
}

// pools are the hall's own and those of the classes apart, in the order of the
// policy.
func (p *periodical) pools() []string {
	pools := []string{""}
	for i := range p.policy.Policy.Classes {
		if c := &p.policy.Policy.Classes[i]; c.Apart {
			pools = append(pools, c.Name)
		}
	}
	return pools
}

// windows gathers the months of every window that is listed in one.
func (p *periodical) windows(cases []hall.PeriodWindowCases) []hall.PeriodWindow {
	byWindow := map[hall.WindowID]*hall.PeriodWindow{}
	for _, r := range p.reports {
		for i := range r.Windows {
			w := &r.Windows[i]
			sum := byWindow[w.Window]
			if sum == nil {
				sum = &hall.PeriodWindow{Window: w.Window, Awards: []hall.Month{}}
				byWindow[w.Window] = sum
			}
			addWindowMonth(sum, r, w)
		}
	}
	list := make([]hall.PeriodWindow, 0, len(byWindow))
	for _, w := range byWindow {
		score, months := mean(w.Scores)
		w.Score, w.Ranked = *score, months
		if i := slices.IndexFunc(cases, func(c hall.PeriodWindowCases) bool { return c.Window == w.Window }); i >= 0 {
			w.Cases = new(cases[i].Accepted)
		}
		list = append(list, *w)
	}
	ranked := make([]*hall.PeriodWindow, len(list))
	for i := range list {
		ranked[i] = &list[i]
	}
	rules.Rank(ranked, p.compareWindows, func(w *hall.PeriodWindow, rank, tied int) { w.Rank, w.Tied = rank, tied })
	slices.SortFunc(list, func(a, b hall.PeriodWindow) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), p.compareNumbers(a.Window, b.Window))
	})
	return list
}

func addWindowMonth(sum *hall.PeriodWindow, r *hall.Report, w *hall.WindowScore) {
	sum.Name = w.Name
	sum.Deductions += w.Deductions
	sum.Bonus += w.Bonus
	sum.Scores = append(sum.Scores, hall.MonthScore{Month: r.Month, Score: w.Score, Rank: new(w.Rank)})
	if w.Award {
		sum.Awards = append(sum.Awards, r.Month)
	}
	for i := range r.FullAttendance {
		if r.FullAttendance[i].Window == w.Window {
			sum.Full++
		}
	}
	for i := range r.Violations {
		if r.Violations[i].Window == w.Window {
			sum.Violations++
		}
	}
}

func (p *periodical) compareWindows(a, b *hall.PeriodWindow) int {
	better := cmp.Compare(b.Score, a.Score)
	for _, by := range p.policy.Policy.Assessment.TieBreakers {
		switch by {
		case hall.TieFewerDeductions:
			better = cmp.Or(better, cmp.Compare(a.Deductions, b.Deductions))
		case hall.TieFullAttendance:
			better = cmp.Or(better, cmp.Compare(b.Full, a.Full))
		case hall.TieMoreBonus:
			better = cmp.Or(better, cmp.Compare(b.Bonus, a.Bonus))
		case hall.TieMoreCases:
			better = cmp.Or(better, cmp.Compare(orZero(b.Cases), orZero(a.Cases)))
		}
	}
	return better
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// casesOf are those of a month as it was sealed, else as they stand. Cases count
// in every month, whether or not its scores do.
func (p *periodical) casesOf(month hall.Month) (hall.CasesSummary, error) {
	i := slices.IndexFunc(p.reports, func(r *hall.Report) bool { return r.Month == month })
	if i >= 0 {
		return p.reports[i].Cases, nil
	}
	r, err := p.sealed(month)
	if err != nil {
		return hall.CasesSummary{}, err
	}
	if r != nil {
		return r.Cases, nil
	}
	return rules.Cases(p.book, month, p.policy), nil
}

// cases sums the months and compares with the periods before.
func (p *periodical) cases() (hall.PeriodCases, error) {
	now, err := p.sumCases(p.period)
	if err != nil {
		return hall.PeriodCases{}, err
	}
	list := hall.PeriodCases{Total: now.total, Reported: filled(now.reported), OnTimePercent: now.onTimePercent(), Windows: p.windowCases(now)}
	if list.Previous, err = p.growth(now, p.period.Before()); err != nil {
		return list, err
	}
	list.LastYear, err = p.growth(now, p.period.YearBefore())
	return list, err
}

// caseSum are the cases of several months.
type caseSum struct {
	total, completed, onTime *int64 // nil where nothing is known
	reported                 []hall.Month
	windows                  map[hall.WindowID]hall.PeriodWindowCases
}

func (p *periodical) sumCases(period hall.Period) (caseSum, error) {
	sum := caseSum{windows: map[hall.WindowID]hall.PeriodWindowCases{}}
	for _, month := range period.Months() {
		c, err := p.casesOf(month)
		if err != nil {
			return sum, err
		}
		if !c.Reported {
			continue
		}
		first := len(sum.reported) == 0
		sum.reported = append(sum.reported, month)
		sum.total = added(first, sum.total, c.Total)
		sum.completed = added(first, sum.completed, c.Completed)
		sum.onTime = added(first, sum.onTime, c.OnTime)
		for _, w := range c.Windows {
			of := sum.windows[w.Window]
			of.Window, of.Accepted, of.Completed, of.OnTime = w.Window, of.Accepted+w.Accepted, of.Completed+w.Completed, of.OnTime+w.OnTime
			of.Reported = append(of.Reported, month)
			sum.windows[w.Window] = of
		}
	}
	return sum, nil
}

// added sums what is known of every month; once it is unknown it stays so.
func added(first bool, sum, n *int64) *int64 {
	switch {
	case n == nil || sum == nil && !first:
		return nil
	case first:
		return new(*n)
	}
	return new(*sum + *n)
}

func (s *caseSum) onTimePercent() *hall.Points {
	if s.completed == nil || s.onTime == nil {
		return nil
	}
	return rules.Percent(*s.onTime, *s.completed)
}

// windowCases lists the windows by number.
func (p *periodical) windowCases(sum caseSum) []hall.PeriodWindowCases {
	list := []hall.PeriodWindowCases{}
	for _, w := range sum.windows {
		w.SharePercent, w.OnTimePercent = rules.Percent(w.Accepted, orZero(sum.total)), rules.Percent(w.OnTime, w.Completed)
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b hall.PeriodWindowCases) int { return p.compareNumbers(a.Window, b.Window) })
	return list
}

// growth compares with another period, if as many of its months were reported.
func (p *periodical) growth(now caseSum, before hall.Period) (hall.PeriodGrowth, error) {
	g := hall.PeriodGrowth{Period: before}
	sum, err := p.sumCases(before)
	if err != nil {
		return g, err
	}
	g.Total, g.Reported = sum.total, len(sum.reported)
	if sum.total != nil && now.total != nil && len(sum.reported) == len(now.reported) {
		g.GrowthPercent = rules.Percent(*now.total-*sum.total, *sum.total)
	}
	return g, nil
}
