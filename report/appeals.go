package report

// What may still be appealed until when, and what became of it.

import (
	"cmp"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
)

// appealed is a violation with everything that rulings may be on.
type appealed struct {
	line *rules.Line
	on   []string // its id, and its proofs
}

// appeals lists every violation of the month that counts, is contested or fell,
// by date, window number, person and id. Where the policy allows no workdays for
// an appeal those are listed that somebody appealed all the same.
func (c *compiler) appeals() []hall.Appeal {
	list := []hall.Appeal{}
	all := c.appealable()
	var proofs []hall.UID
	for _, a := range all {
		if !c.provedThatDay(a.line) {
			proofs = append(proofs, a.line.Proofs...)
		}
	}
	made := c.madeAt(proofs)
	for _, a := range all {
		entry := hall.Appeal{Violation: a.line.ID, Window: a.line.Window, Person: a.line.Person, Until: c.lastToAppeal(a.line, made)}
		entry.Steps = c.appealSteps(a, entry.Until)
		if c.policy.Assessment.AppealWorkdays > 0 || hasAppeal(entry.Steps) {
			list = append(list, entry)
		}
	}
	return list
}

func hasAppeal(steps []hall.AppealStep) bool {
	return slices.ContainsFunc(steps, func(s hall.AppealStep) bool { return s.State == hall.Appealed })
}

// openAppeals says what may still be appealed at as_of: what counts or is
// contested, has its last day not behind it and nobody appealed yet.
func openAppeals(r *hall.Report) {
	today := r.AsOf[:min(len(r.AsOf), len("2020-11-30"))]
	stands := map[string]bool{}
	for _, list := range [][]hall.Violation{r.Violations, r.Contested} {
		for i := range list {
			stands[list[i].ID] = true
		}
	}
	for i := range r.Appeals {
		a := &r.Appeals[i]
		a.Open = stands[a.Violation] && a.Until != nil && today <= a.Until.String() && !hasAppeal(a.Steps)
	}
}

// appealable gathers the violations of the month, each once.
func (c *compiler) appealable() []*appealed {
	byID := map[string]*appealed{}
	var all []*appealed
	add := func(l *rules.Line, on ...string) {
		a := byID[l.ID]
		if a == nil {
			a = &appealed{line: l, on: []string{l.ID}}
			byID[l.ID] = a
			all = append(all, a)
		}
		for _, proof := range l.Proofs {
			on = append(on, string(proof))
		}
		for _, o := range on {
			if !slices.Contains(a.on, o) {
				a.on = append(a.on, o)
			}
		}
	}
	for i := range c.month.Lines {
		add(&c.month.Lines[i])
	}
	for i := range c.month.Contested {
		add(&c.month.Contested[i])
	}
	for i := range c.month.Fell {
		if f := &c.month.Fell[i]; f.Line != nil {
			add(f.Line, f.On)
		}
	}
	slices.SortStableFunc(all, func(a, b *appealed) int {
		return cmp.Or(cmp.Compare(a.line.Date, b.line.Date), c.compareWindows(a.line.Window, b.line.Window),
			compareSubjects(a.line.Person, b.line.Person), cmp.Compare(a.line.ID, b.line.ID))
	})
	return all
}

// compareSubjects orders people by id, a window's violation last.
func compareSubjects(a, b *hall.PersonID) int {
	switch {
	case a == nil || b == nil:
		return cmp.Compare(trueFirst(a != nil), trueFirst(b != nil))
	}
	return cmp.Compare(*a, *b)
}

// trueFirst orders true before false.
func trueFirst(is bool) int {
	if is {
		return 0
	}
	return 1
}

// provedThatDay reports whether a punch of the line's own date is among its proofs.
// Then the time to appeal runs from that date, whenever the other proofs were made,
// and none of the month's thousands of punches need be looked for.
func (c *compiler) provedThatDay(l *rules.Line) bool {
	if l.Person == nil {
		return false
	}
	day := c.month.Day(*l.Person, l.Date)
	return day != nil && slices.ContainsFunc(day.Planned, func(p rules.Planned) bool {
		return p.Punch != nil && !p.Punch.Corrects() && p.Punch.At < hall.DayEnd && slices.Contains(l.Proofs, p.Punch.UID())
	})
}

// madeAt is when the events were made that prove violations, those that rulings
// struck among them.
func (c *compiler) madeAt(proofs []hall.UID) map[hall.UID]hall.Instant {
	made := make(map[hall.UID]hall.Instant, len(proofs))
	for _, uid := range proofs {
		made[uid] = 0 // no event has this time
	}
	note := func(h hall.Head) {
		if at, ok := made[h.UID]; ok && (at == 0 || h.Time < at) {
			made[h.UID] = h.Time
		}
	}
	if slices.ContainsFunc(proofs, func(uid hall.UID) bool { return uid.Kind() == hall.KindPunch }) {
		each(c.all.Punches, func(e *hall.Punch) { note(e.Head) })
	}
	each(c.all.Patrols, func(e *hall.Patrol) { note(e.Head) })
	each(c.all.Corrections, func(e *hall.Correction) { note(e.Head) })
	return made
}

// lastToAppeal is the last day to appeal: the policy's workdays of the hall after
// the later of the violation's date and that of its earliest proof. It is nil
// where a year on the way has no calendar, or the policy allows none.
func (c *compiler) lastToAppeal(l *rules.Line, made map[hall.UID]hall.Instant) *hall.Date {
	days := c.policy.Assessment.AppealWorkdays
	if days == 0 {
		return nil
	}
	from := l.Date
	if !c.provedThatDay(l) {
		from = max(from, c.firstProof(l, made))
	}
	last := c.book.AddWorkdays(from, days)
	for d := from + 1; d <= last; d++ {
		if _, unknown := c.book.Workday(d); unknown {
			return nil
		}
	}
	return new(last)
}

// firstProof is the date of the earliest proof of a line, 0 where none is known.
func (c *compiler) firstProof(l *rules.Line, made map[hall.UID]hall.Instant) hall.Date {
	var first hall.Instant
	for _, proof := range l.Proofs {
		if at := made[proof]; at != 0 && (first == 0 || at < first) {
			first = at
		}
	}
	if first == 0 {
		return 0
	}
	return c.dateOf(first)
}

// appealSteps are the rulings on a violation and on its proofs, by (time, uid).
func (c *compiler) appealSteps(a *appealed, until *hall.Date) []hall.AppealStep {
	var rulings []hall.Ruling
	for _, on := range a.on {
		rulings = append(rulings, c.book.Decisions(on)...)
	}
	slices.SortFunc(rulings, func(a, b hall.Ruling) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.UID, b.UID)) })
	steps := make([]hall.AppealStep, len(rulings))
	for i := range rulings {
		r := &rulings[i]
		late := r.State == hall.Appealed && until != nil && c.dateOf(r.Time) > *until
		steps[i] = hall.AppealStep{On: r.On, State: r.State, By: r.By, Reason: r.Reason, At: c.rfc3339(r.Time), Late: late, Ruling: r.UID}
	}
	return steps
}

// fateOfAppeal says until when what a ruling appeals may be appealed.
func (c *compiler) fateOfAppeal(r *hall.Ruling) Fate {
	for _, a := range c.appeals() {
		i := slices.IndexFunc(a.Steps, func(s hall.AppealStep) bool { return s.Ruling == r.UID })
		switch {
		case i < 0:
			continue
		case a.Until == nil:
			return Fate{BecameCounts, "an appeal against " + a.Violation + "; it decides nothing until somebody rules on it"}
		case a.Steps[i].Late:
			return Fate{BecameLate, "the last day to appeal against " + a.Violation + " was " + a.Until.String() + ": it is shown as late and decides nothing"}
		}
		return Fate{BecameCounts, "an appeal against " + a.Violation + ", in time (until " + a.Until.String() + "); it decides nothing until somebody rules on it"}
	}
	return Fate{BecameNothing, "no violation of the month is " + r.On}
}
