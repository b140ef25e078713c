package report

// Vetoes that outlast their month.

import (
	"errors"
	"fmt"
	"time"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// carrier finds the vetoes of earlier months that reach a month.
type carrier struct {
	view      *store.View
	statutory hall.Calendar
	hall      hall.ID
	asOf      hall.Instant
	known     map[hall.Month][]hall.Veto // of the months that were settled
	// instead puts other policies in the place of those that were read; nil = none.
	instead func([]hall.PolicyEvent) []hall.PolicyEvent
	wait    time.Duration // the longest of those
}

func newCarrier(v *store.View, statutory hall.Calendar, h hall.ID, asOf hall.Instant) *carrier {
	return &carrier{view: v, statutory: statutory, hall: h, asOf: asOf, known: map[hall.Month][]hall.Veto{}}
}

// facts reads what a month needs.
func (k *carrier) facts(month hall.Month) (*hall.Facts, error) {
	f, err := factsUntil(k.view, k.hall, month, k.asOf, k.wait)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", month, k.hall, err)
	}
	if k.instead != nil {
		f.Policies = k.instead(f.Policies)
	}
	return f, nil
}

// into returns the vetoes of earlier months whose term may reach the month, by
// month and in the order of the violations: those that stand today, each month
// settled as its own report is. Nothing more is read where no policy has a term
// beyond the month.
func (k *carrier) into(month hall.Month, policies []hall.PolicyEvent) ([]hall.Veto, error) {
	var vetoes []hall.Veto
	for m := firstCarried(month, policies); m < month; m++ {
		if _, known := k.known[m]; !known {
			if err := k.settle(m); err != nil {
				return nil, err
			}
		}
		vetoes = append(vetoes, k.known[m]...)
	}
	return vetoes, nil
}

func (k *carrier) settle(month hall.Month) error {
	f, err := k.facts(month)
	if err != nil {
		return err
	}
	m, err := rules.Settle(rules.Open(f, k.statutory), month, k.asOf)
	switch {
	case errors.Is(err, hall.ErrNotFound):
		k.known[month] = nil // no policy governed the month: nothing of it was judged
	case err != nil:
		return err
	default:
		k.known[month] = m.Vetoes()
	}
	return nil
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
