package report

// A quarter or a year, made of its months.

import (
	"errors"
	"fmt"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// Period answers a question about several months from a snapshot of the store; the
// month of q is not looked at. A month that was sealed counts as its last issue
// has it, any other one as it stands. The error wraps hall.ErrNotFound where no
// policy governs a day of the period, and hall.ErrInvalid where the question is
// incomplete.
func Period(v *store.View, statutory hall.Calendar, q Question, period hall.Period) (*hall.PeriodReport, error) {
	q.Month = period.Last
	if err := q.validate(); err != nil {
		return nil, err
	}
	q.Lists = []string{"violations"} // none of the long ones
	p := &periodical{carrier: newCarrier(v, statutory, q.Hall, q.AsOf), question: q, period: period}
	if err := p.read(); err != nil {
		return nil, err
	}
	return p.report()
}

// periodical gathers the months of a period.
type periodical struct {
	*carrier
	question Question
	period   hall.Period
	book     *rules.Book        // policies, rulings and cases of all times
	policy   *hall.PolicyEvent  // the version at the period's last day
	months   []hall.PeriodMonth // all
	reports  []*hall.Report     // of the months that count
	names    hall.Names         // those of the last month that has any
	warnings []hall.Warning
}

// read opens what spans the months, then each month in its order.
func (p *periodical) read() error {
	f := &hall.Facts{}
	for _, kind := range []hall.Kind{hall.KindPolicy, hall.KindRuling, hall.KindCases} {
		for fact, err := range p.view.Of(p.hall, kind) {
			if err != nil {
				return fmt.Errorf("read the %s events of %s: %w", kind, p.hall, err)
			}
			f.Add(fact)
		}
	}
	p.book = rules.Open(f, p.statutory)
	if p.policy = p.book.PolicyFor(p.period.Last); p.policy == nil {
		return p.book.NoPolicy("a day of "+p.period.String(), p.period.Last.Last())
	}
	p.names = wordsOf(p.policy.Policy)
	for _, month := range p.period.Months() {
		if err := p.readMonth(month); err != nil {
			return err
		}
	}
	return nil
}

// wordsOf are the names of a policy alone, for a period of which no month is there.
func wordsOf(policy *hall.Policy) hall.Names {
	n := hall.Names{Windows: []hall.WindowName{}, People: map[hall.PersonID]string{}, Kinds: punctualityNames(), Classes: map[string]string{},
		Sessions: sessionNames(), Apart: []string{}}
	for i := range policy.Windows {
		w := &policy.Windows[i]
		n.Windows = append(n.Windows, hall.WindowName{Window: w.ID, Number: w.Number, Name: w.Name})
	}
	return n
}

// readMonth takes a month as it was sealed, else as it stands.
func (p *periodical) readMonth(month hall.Month) error {
	line := hall.PeriodMonth{Month: month, State: hall.MonthDraft}
	asOf, _ := p.question.AsOf.In(p.book.Zone())
	switch {
	case p.book.PolicyFor(month) == nil:
		line.State = hall.MonthNoPolicy
	case month.First() > asOf:
		line.State = hall.MonthAhead
	}
	r, err := p.sealed(month)
	if err != nil {
		return err
	}
	if r != nil {
		line.State, line.Sealed = hall.MonthSealed, r.Sealed
	}
	if line.State == hall.MonthDraft {
		if r, err = p.draft(month, &line); err != nil {
			return err
		}
	}
	if r != nil {
		line.Workdays, p.names = r.Workdays, r.Names
		p.warnings = append(p.warnings, hallWide(r.Warnings)...)
	}
	if line.Counts() {
		p.reports = append(p.reports, r)
	}
	p.months = append(p.months, line)
	return nil
}

// sealed returns the last issue of a month, nil where there is none that can be
// read.
func (p *periodical) sealed(month hall.Month) (*hall.Report, error) {
	issues, _, err := headers(p.view, p.hall, month)
	if errors.Is(err, hall.ErrNotFound) || err == nil && len(issues) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	last := &issues[len(issues)-1]
	r, err := last.Report()
	if err != nil {
		p.warnings = append(p.warnings, hall.Warning{Code: WarnSealUnreadable, UID: hall.Name(last.UID),
			Text: fmt.Sprintf("%s第%d号封账的内容无法读取，该月按目前的事件计算；请用 rollcall verify 核对。", month, last.Number)})
		return nil, nil
	}
	return r, nil
}

// draft computes a month as it stands. A month in which nobody punched and nobody
// noted anything was not recorded: its people are not absent.
func (p *periodical) draft(month hall.Month, line *hall.PeriodMonth) (*hall.Report, error) {
	q := p.question
	q.Month = month
	c, err := openAfter(p.carrier, q)
	if err != nil {
		return nil, err
	}
	p.known[month] = c.month.Vetoes()
	r, err := c.report()
	if err != nil {
		return nil, err
	}
	line.Open = len(r.Pending) + len(r.Contested) + len(r.Unresolved)
	if !c.recorded() {
		line.State, line.Open = hall.MonthNoData, 0
	}
	return r, nil
}

// recorded reports whether anybody punched or noted anything in the month.
func (c *compiler) recorded() bool {
	in := func(at hall.Instant) bool { return c.month.Month.Contains(c.dateOf(at)) }
	return slices.ContainsFunc(c.all.Punches, func(e hall.Punch) bool { return in(e.Time) }) ||
		slices.ContainsFunc(c.all.Patrols, func(e hall.Patrol) bool { return in(e.Time) })
}

// hallWide are the warnings that a reader of a period needs: of the log, of
// incomplete issues and of missing calendars. Those that cannot be read were named
// already.
func hallWide(list []hall.Warning) []hall.Warning {
	return slices.DeleteFunc(slices.Clone(list), func(w hall.Warning) bool {
		return !slices.Contains([]string{WarnGap, WarnSealIncomplete, WarnCalendar}, w.Code)
	})
}

func (p *periodical) report() (*hall.PeriodReport, error) {
	cases, err := p.cases()
	if err != nil {
		return nil, err
	}
	staff, windows := p.staff(), p.windows(cases.Windows)
	r := &hall.PeriodReport{
		Hall: p.hall, Name: p.policy.Policy.Name, Period: p.period, AsOf: rfc3339(p.question.AsOf, p.book.Zone()),
		Sequence: p.view.Applied().Sequence, Draft: slices.ContainsFunc(p.months, func(m hall.PeriodMonth) bool { return m.State != hall.MonthSealed && m.State != hall.MonthNoPolicy }),
		Months: p.months, Staff: filled(staff), Ranking: p.ranking(staff), Windows: filled(windows), Awards: p.awards(), Vetoes: p.vetoes(),
		Cases: cases, Warnings: distinct(append([]hall.Warning{}, p.warnings...)), Names: p.names,
	}
	r.Warnings = filled(r.Warnings)
	return r, nil
}

// awards are those of the months, in their order.
func (p *periodical) awards() []hall.PeriodAward {
	list := []hall.PeriodAward{}
	for _, r := range p.reports {
		for _, a := range r.Awards {
			list = append(list, hall.PeriodAward{Month: r.Month, Awarded: a})
		}
	}
	return list
}

// vetoes are those that held in a month of the period, each once.
func (p *periodical) vetoes() []hall.Veto {
	list := []hall.Veto{}
	for _, r := range p.reports {
		for _, v := range r.Vetoes {
			if !slices.ContainsFunc(list, func(o hall.Veto) bool { return o.Violation == v.Violation }) {
				list = append(list, v)
			}
		}
	}
	return list
}
