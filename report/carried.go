package report

// Vetoes that outlast their month.

import (
	"errors"
	"fmt"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// carried returns the vetoes of earlier months whose term may reach the month, by
// month and in the order of the violations: those that stand today, each month
// settled as its own report is. Nothing more is read where no policy has a term
// beyond the month.
func carried(v *store.View, statutory hall.Calendar, q Question, policies []hall.PolicyEvent) ([]hall.Veto, error) {
	var vetoes []hall.Veto
	for month := firstCarried(q.Month, policies); month < q.Month; month++ {
		f, err := facts(v, q.Hall, month, q.AsOf)
		if err != nil {
			return nil, fmt.Errorf("read %s of %s, whose vetoes may hold in %s: %w", month, q.Hall, q.Month, err)
		}
		m, err := rules.Settle(rules.Open(f, statutory), month, q.AsOf)
		if errors.Is(err, hall.ErrNotFound) {
			continue // no policy governed the month: nothing of it was judged
		}
		if err != nil {
			return nil, err
		}
		vetoes = append(vetoes, m.Vetoes()...)
	}
	return vetoes, nil
}

// firstCarried is the first month whose vetoes may hold in a month.
func firstCarried(month hall.Month, policies []hall.PolicyEvent) hall.Month {
	first := month
	for i := range policies {
		p := policies[i].Policy
		if p.Effective >= month.First() {
			continue // it governs no earlier month
		}
		for k := range p.Discipline {
			if d := &p.Discipline[k]; d.Veto {
				first = min(first, d.VetoFor.From(month).First)
			}
		}
	}
	return first
}
