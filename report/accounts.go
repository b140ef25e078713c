package report

// What a circular says of each violation beside the line itself.

import (
	"cmp"
	"slices"
	"time"

	"rollcall/hall"
	"rollcall/rules"
)

// accounts opens the violations that count, in their order.
func (c *compiler) accounts() []hall.Account {
	notes := map[hall.UID]*hall.Patrol{}
	for i := range c.all.Patrols {
		notes[c.all.Patrols[i].UID] = &c.all.Patrols[i]
	}
	shares := c.shares()
	list := make([]hall.Account, len(c.month.Lines))
	for i := range c.month.Lines {
		list[i] = c.account(&c.month.Lines[i], notes)
		list[i].Shares = filled(shares[list[i].Violation])
	}
	return list
}

func (c *compiler) account(l *rules.Line, notes map[hall.UID]*hall.Patrol) hall.Account {
	a := hall.Account{Violation: l.ID, Clause: clause(l), Sources: []string{}, Noted: []string{}, Inspectors: []string{}, Notes: []string{}, Evidence: []string{}}
	for _, proof := range l.Proofs {
		n := notes[proof]
		if n == nil {
			a.Sources = once(a.Sources, string(proof.Kind()))
			continue
		}
		a.Sources = once(a.Sources, cmp.Or(n.Channel, string(hall.KindPatrol)))
		a.Noted = once(a.Noted, c.rfc3339(n.Time))
		a.Inspectors = once(a.Inspectors, n.Inspector)
		a.Notes = once(a.Notes, n.Note)
		for _, e := range n.Evidence {
			a.Evidence = once(a.Evidence, e)
		}
	}
	if p := c.accused(l); p != nil {
		a.Due = hall.Name(p.Due.String())
		a.Sources = once(a.Sources, string(hall.KindPunch)) // also where it is the punch that is not there
		if p.Punch != nil {
			a.At = hall.Name(p.Punch.At.Seconds())
		}
	}
	on := []string{l.ID}
	for _, proof := range l.Proofs {
		on = append(on, string(proof))
	}
	a.RectifyBy, a.Rectified = c.rectification(on...)
	return a
}

// once appends a text that is there and not yet in the list.
func once(list []string, text string) []string {
	if text == "" || slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// clause is the policy's for a kind of finding, else what the rules of halls
// call it.
func clause(l *rules.Line) hall.Name {
	if k := l.Policy.Policy.DisciplineKind(l.Kind); k != nil && k.Clause != "" {
		return hall.Name(k.Clause)
	}
	for _, r := range rules.All {
		if r.ID == l.Rule {
			return hall.Name(r.Clause)
		}
	}
	return ""
}

// accused is the planned punch that a line is about and that a terminal itself
// accuses, nil if there is none.
func (c *compiler) accused(l *rules.Line) *rules.Planned {
	if l.Person == nil || hall.Severity(l.Kind) == 0 {
		return nil
	}
	day := c.month.Day(*l.Person, l.Date)
	if day == nil {
		return nil
	}
	for i := range day.Planned {
		p := &day.Planned[i]
		if p.Session == string(l.Session) && p.Edge == l.What() && hall.Severity(p.Verdict) > 0 {
			return p
		}
	}
	return nil
}

// shares are what chief representatives pay, by violation and person.
func (c *compiler) shares() map[string][]hall.Share {
	shares := map[string][]hall.Share{}
	for i := range c.assessed().Staff {
		s := &c.assessed().Staff[i]
		for _, p := range s.Parts {
			if p.Kind == rules.PartShare {
				shares[p.Of] = append(shares[p.Of], hall.Share{Person: s.Person, Points: -p.Points})
			}
		}
	}
	for _, list := range shares {
		slices.SortFunc(list, func(a, b hall.Share) int { return cmp.Compare(a.Person, b.Person) })
	}
	return shares
}

// rectification is what the latest ruling on one of these says of putting it
// right: until when, and whether it was.
func (c *compiler) rectification(on ...string) (by, done hall.Name) {
	var until, rectified hall.Head
	for _, o := range on {
		for _, r := range c.book.Decisions(o) {
			if !r.RectifyBy.IsZero() && (by == "" || until.Before(r.Head)) {
				by, until = c.bound(r.RectifyBy), r.Head
			}
			if r.Rectified != "" && (done == "" || rectified.Before(r.Head)) {
				done, rectified = c.given(r.Rectified), r.Head
			}
		}
	}
	return by, done
}

// given writes a time in the hall's zone, anything else as it is.
func (c *compiler) given(text string) hall.Name {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return hall.Name(t.In(c.book.Zone()).Format(time.RFC3339))
	}
	return hall.Name(text)
}

// bound writes a date, or a moment in the hall's zone.
func (c *compiler) bound(b hall.Bound) hall.Name {
	if b.Date != 0 {
		return hall.Name(b.Date.String())
	}
	return hall.Name(c.rfc3339(b.At))
}
