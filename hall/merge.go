package hall

import (
	"cmp"
	"maps"
	"slices"
)

// What replaces what (contract 2): events with the same key speak of the same
// thing, and of those the one made later holds, then the one with the greater
// uid. Kinds that are not in the table add up by uid.
//
//	roster    person, from
//	policy    effective
//	calendar  year
//	cases     window, category, month or date   (a month beats its dates: rules)
//	figure    month, name, window
//	text      month, section
//	award     month, title
//	terminal  terminal                          (complete_until is the latest of all: rules)
//	ruling    on                                (an appeal decides nothing: rules)
//
// What a ruling rejected or cancelled replaces nothing: it is taken out first,
// by Without.

// RosterRows returns the rows that hold, by person and From; each ends at the
// latest on the day before the person's next one.
func (f *Facts) RosterRows() []Roster {
	type place struct {
		person PersonID
		from   Date
	}
	rows := latest(f.Roster, func(r *Roster) place { return place{r.Person, r.From} })
	slices.SortFunc(rows, func(a, b Roster) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.From, b.From))
	})
	for i := 1; i < len(rows); i++ {
		row, next := &rows[i-1], rows[i]
		if row.Person == next.Person && (row.Until == 0 || row.Until >= next.From) {
			row.Until = next.From - 1
		}
	}
	return rows
}

// PolicyVersions returns the policies that hold, by their effective date.
func (f *Facts) PolicyVersions() []PolicyEvent {
	versions := latest(f.Policies, func(p *PolicyEvent) Date { return p.Policy.Effective })
	slices.SortFunc(versions, func(a, b PolicyEvent) int {
		return cmp.Compare(a.Policy.Effective, b.Policy.Effective)
	})
	return versions
}

// CalendarYears returns the tables that hold, by year.
func (f *Facts) CalendarYears() []CalendarYear {
	years := latest(f.Calendars, func(c *CalendarYear) int { return c.Year })
	slices.SortFunc(years, func(a, b CalendarYear) int { return cmp.Compare(a.Year, b.Year) })
	return years
}

// CasesFigures returns the case volumes that hold, by uid.
func (f *Facts) CasesFigures() []Cases {
	return latest(f.Cases, func(c *Cases) [3]string {
		when := c.Date.String()
		if c.Date == 0 {
			when = c.Month.String()
		}
		return [3]string{string(c.Window), c.Category, when}
	})
}

// MonthFigures returns the other figures that hold, by uid.
func (f *Facts) MonthFigures() []Figure {
	return latest(f.Figures, func(g *Figure) [3]string {
		return [3]string{g.Month.String(), string(g.Window), g.Name}
	})
}

// Sections returns the texts that hold, by uid.
func (f *Facts) Sections() []Text {
	return latest(f.Texts, func(t *Text) [2]string { return [2]string{t.Month.String(), t.Section} })
}

// Choices returns the awards of meetings that hold, by uid.
func (f *Facts) Choices() []Award {
	return latest(f.Awards, func(a *Award) [2]string { return [2]string{a.Month.String(), a.Title} })
}

// TerminalStates returns the last state of each terminal, by uid.
func (f *Facts) TerminalStates() []Terminal {
	return latest(f.Terminals, func(t *Terminal) string { return t.Terminal })
}

// latest keeps, of the events with the same key, the one that holds, by uid.
// Events come from the store by uid already, and are large: they are mostly left
// where they stand, and told apart by their places.
func latest[E any, P interface {
	*E
	GetHead() Head
}, K comparable](events []E, key func(P) K) []E {
	holds := make(map[K]int, len(events))
	for i := range events {
		k := key(&events[i])
		if j, ok := holds[k]; !ok || P(&events[j]).GetHead().Before(P(&events[i]).GetHead()) {
			holds[k] = i
		}
	}
	places := slices.Sorted(maps.Values(holds))
	uid := func(i int) UID { return P(&events[i]).GetHead().UID }
	slices.SortFunc(places, func(i, j int) int { return cmp.Compare(uid(i), uid(j)) })
	kept := make([]E, len(places))
	for i, place := range places {
		kept[i] = events[place]
	}
	return kept
}

// Without returns the facts that are left when those that struck names are
// taken away. Rulings and seals cannot be ruled on and always stay.
func (f *Facts) Without(struck func(UID) bool) *Facts {
	g := *f
	g.Punches = without(f.Punches, struck)
	g.Patrols = without(f.Patrols, struck)
	g.Leaves = without(f.Leaves, struck)
	g.StandIns = without(f.StandIns, struck)
	g.Corrections = without(f.Corrections, struck)
	g.Excuses = without(f.Excuses, struck)
	g.Bonuses = without(f.Bonuses, struck)
	g.Cases = without(f.Cases, struck)
	g.Figures = without(f.Figures, struck)
	g.Texts = without(f.Texts, struck)
	g.Awards = without(f.Awards, struck)
	g.Roster = without(f.Roster, struck)
	g.Terminals = without(f.Terminals, struck)
	g.Policies = without(f.Policies, struck)
	g.Calendars = without(f.Calendars, struck)
	return &g
}

func without[E any, P interface {
	*E
	GetHead() Head
}](events []E, struck func(UID) bool) []E {
	for i := range events {
		if !struck(P(&events[i]).GetHead().UID) {
			continue
		}
		kept := slices.Clone(events[:i])
		for j := i + 1; j < len(events); j++ {
			if !struck(P(&events[j]).GetHead().UID) {
				kept = append(kept, events[j])
			}
		}
		return kept
	}
	return events
}
