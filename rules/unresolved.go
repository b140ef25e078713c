package rules

// Facts that name something unknown. They count as soon as the missing part
// arrives.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// unresolved lists those of a month, by uid.
func (b *Book) unresolved(m *Month) []hall.Unresolved {
	list := []hall.Unresolved{}
	add := func(uid hall.UID, reason, value string) {
		list = append(list, hall.Unresolved{UID: uid, Reason: reason, Value: hall.Name(value)})
	}
	for _, p := range b.strangers {
		if date, _ := p.Time.In(b.zone); m.Month.Contains(date) {
			add(p.UID, hall.UnresolvedPerson, string(p.Person))
		}
	}
	for i := range b.facts.Patrols {
		p := &b.facts.Patrols[i]
		if n := b.read(p); n != nil && n.reason != "" && m.Month.Contains(n.date) {
			add(p.UID, n.reason, n.value)
		}
	}
	b.unresolvedForms(m, add)
	b.unresolvedFigures(m, add)
	b.unresolvedRulings(m, add)
	slices.SortFunc(list, func(x, y hall.Unresolved) int {
		return cmp.Or(cmp.Compare(x.UID, y.UID), cmp.Compare(x.Reason, y.Reason))
	})
	return list
}

// unresolvedForms are leave and corrections.
func (b *Book) unresolvedForms(m *Month, add func(hall.UID, string, string)) {
	for i := range b.facts.Leaves {
		l := &b.facts.Leaves[i]
		first, last := max(b.boundDate(l.From), m.Month.First()), min(b.boundDate(l.Until), m.Month.Last())
		switch {
		case first > last:
		case b.unnamed(l.Kind, first, last):
			add(l.UID, hall.UnresolvedKind, l.Kind)
		case len(b.Rows(l.Person)) == 0:
			add(l.UID, hall.UnresolvedPerson, string(l.Person))
		}
	}
	for i := range b.facts.Corrections {
		c := &b.facts.Corrections[i]
		date, _ := c.At.In(b.zone)
		if m.Month.Contains(date) && len(b.Rows(c.Person)) == 0 {
			add(c.UID, hall.UnresolvedPerson, string(c.Person))
		}
	}
}

// unnamed reports whether the policy of some date does not name a kind of leave.
func (b *Book) unnamed(kind string, first, last hall.Date) bool {
	for d := first; d <= last; d++ {
		if v := b.PolicyOn(d); v != nil && v.Policy.LeaveKind(kind) == nil {
			return true
		}
	}
	return false
}

// boundDate is the hall's date of a bound.
func (b *Book) boundDate(at hall.Bound) hall.Date {
	if at.Date != 0 {
		return at.Date
	}
	date, _ := at.At.In(b.zone)
	return date
}

// unresolvedFigures are bonus and cases, by the policy of the month.
func (b *Book) unresolvedFigures(m *Month, add func(hall.UID, string, string)) {
	policy := m.Policy.Policy
	for i := range b.facts.Bonuses {
		e := &b.facts.Bonuses[i]
		if e.Month != m.Month {
			continue
		}
		if reason, value := b.unresolvedBonus(policy, e); reason != "" {
			add(e.UID, reason, value)
		}
	}
	for _, e := range b.facts.CasesFigures() {
		if e.Month == m.Month && e.Window != "" && policy.Window(e.Window) == nil {
			add(e.UID, hall.UnresolvedWindow, string(e.Window))
		}
	}
}

// unresolvedBonus says what of a bonus is unknown, "" for nothing. With a person
// its windows say nothing.
func (b *Book) unresolvedBonus(policy *hall.Policy, e *hall.Bonus) (reason, value string) {
	if policy.BonusKind(e.Kind) == nil {
		return hall.UnresolvedKind, e.Kind
	}
	if e.Person != "" {
		if len(b.Rows(e.Person)) == 0 {
			return hall.UnresolvedPerson, string(e.Person)
		}
		return "", ""
	}
	for _, id := range e.Windows {
		if policy.Window(id) == nil {
			return hall.UnresolvedWindow, string(id)
		}
	}
	return "", ""
}

// unresolvedRulings name an event that is not there; a ruling without a date is
// listed in each month. Of several on one event the latest holds, so that a date can
// be given, or taken back, by ruling again.
func (b *Book) unresolvedRulings(m *Month, add func(hall.UID, string, string)) {
	for i := range b.facts.Rulings {
		r := &b.facts.Rulings[i]
		if r.OnViolation() || !slices.Contains(b.facts.Missing, hall.UID(r.On)) || b.replaced(r) {
			continue
		}
		if r.Date == 0 || m.Month.Contains(r.Date) {
			add(r.UID, hall.UnresolvedEvent, r.On)
		}
	}
}
