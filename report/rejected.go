package report

// What rulings took away: nothing is erased, it is listed with why and by whom.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// rejected lists the violations, notes and other events of the month that fell,
// by what the ruling is on.
func (c *compiler) rejected() []hall.Struck {
	list := []hall.Struck{}
	listed := map[string]bool{}
	for i := range c.month.Fell {
		f := &c.month.Fell[i]
		s := c.struck(f.On, &f.Ruling)
		if f.Line != nil {
			s.Line = &f.Line.Violation
		}
		list = append(list, s)
		listed[f.On] = true
	}
	for _, uid := range c.ruledEvents() {
		on := string(uid)
		if decision := c.book.Decisive(on); decision != nil && decision.State.Strikes() && !listed[on] {
			list = append(list, c.struck(on, decision))
			listed[on] = true
		}
	}
	slices.SortStableFunc(list, func(a, b hall.Struck) int { return cmp.Compare(a.On, b.On) })
	return list
}

func (c *compiler) struck(on string, r *hall.Ruling) hall.Struck {
	return hall.Struck{On: on, State: r.State, By: r.By, Reason: r.Reason, Ruling: r.UID, At: c.rfc3339(r.Time)}
}

// ruledEvents returns the events that speak of the month and that a ruling is on,
// those that rulings struck among them.
func (c *compiler) ruledEvents() []hall.UID {
	f, m := c.all, c.month.Month
	var uids []hall.UID
	add := func(uid hall.UID, ofMonth bool) {
		if ofMonth && len(c.book.Decisions(string(uid))) > 0 {
			uids = append(uids, uid)
		}
	}
	at := func(uid hall.UID, i hall.Instant) {
		if len(c.book.Decisions(string(uid))) > 0 { // first, since the date of thousands of punches costs more
			add(uid, m.Contains(c.dateOf(i)))
		}
	}
	span := func(uid hall.UID, from, until hall.Bound) {
		add(uid, c.boundDate(from) <= m.Last() && c.boundDate(until) >= m.First())
	}
	month := func(uid hall.UID, of hall.Month) { add(uid, of == m) }
	if slices.ContainsFunc(f.Rulings, func(r hall.Ruling) bool { return hall.UID(r.On).Kind() == hall.KindPunch }) {
		each(f.Punches, func(e *hall.Punch) { at(e.UID, e.Time) }) // thousands, and rulings on punches are few
	}
	each(f.Patrols, func(e *hall.Patrol) { at(e.UID, e.Time) })
	each(f.Corrections, func(e *hall.Correction) { at(e.UID, e.At) })
	each(f.Terminals, func(e *hall.Terminal) { at(e.UID, e.Time) })
	each(f.Leaves, func(e *hall.Leave) { span(e.UID, e.From, e.Until) })
	each(f.StandIns, func(e *hall.StandIn) { span(e.UID, e.From, e.Until) })
	each(f.Excuses, func(e *hall.Excuse) { span(e.UID, e.From, e.Until) })
	each(f.Bonuses, func(e *hall.Bonus) { month(e.UID, e.Month) })
	each(f.Cases, func(e *hall.Cases) { month(e.UID, e.Month) })
	each(f.Figures, func(e *hall.Figure) { month(e.UID, e.Month) })
	each(f.Texts, func(e *hall.Text) { month(e.UID, e.Month) })
	each(f.Awards, func(e *hall.Award) { month(e.UID, e.Month) })
	each(f.Roster, func(e *hall.Roster) {
		add(e.UID, e.From <= m.Last() && (e.Until == 0 || e.Until >= m.First()))
	})
	each(f.Policies, func(e *hall.PolicyEvent) {
		add(e.UID, e.Policy.Effective <= m.Last())
	})
	each(f.Calendars, func(e *hall.CalendarYear) {
		add(e.UID, e.Year == m.First().Year() || e.Year == m.First().Year()+1)
	})
	return uids
}

func each[E any](events []E, fn func(*E)) {
	for i := range events {
		fn(&events[i])
	}
}

// boundDate is the hall's date of a bound.
func (c *compiler) boundDate(b hall.Bound) hall.Date {
	if b.Date != 0 {
		return b.Date
	}
	return c.dateOf(b.At)
}
