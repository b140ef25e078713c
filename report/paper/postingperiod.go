package paper

// Posting of a quarter or a year, as posting.go has it of a month.

import "rollcall/hall"

// postedPeriod returns what may be posted of a period.
func postedPeriod(r *hall.PeriodReport) *hall.PeriodReport {
	people := &hall.Report{Names: r.Names}
	for _, s := range r.Staff {
		people.Staff = append(people.Staff, hall.StaffScore{Person: s.Person, Name: s.Name, Window: s.Window})
	}
	m := newMask(people)
	p := &hall.PeriodReport{Hall: r.Hall, Name: r.Name, Period: r.Period, AsOf: r.AsOf, Sequence: r.Sequence, Draft: r.Draft, Windows: r.Windows, Cases: r.Cases}
	for _, month := range r.Months {
		month.Sealed = postedSeal(month.Sealed)
		p.Months = append(p.Months, month)
	}
	for _, s := range r.Staff {
		s.Name, s.Person = m.name(s.Person), m.id(s.Person)
		p.Staff = append(p.Staff, s)
	}
	for _, k := range r.Ranking {
		p.Ranking = append(p.Ranking, m.ranking(k))
	}
	for _, a := range r.Awards {
		p.Awards = append(p.Awards, hall.PeriodAward{Month: a.Month, Awarded: m.award(a.Awarded)})
	}
	for _, v := range r.Vetoes {
		v.Violation = ""
		p.Vetoes = append(p.Vetoes, v)
	}
	p.Names = m.names(&r.Names)
	return p
}
