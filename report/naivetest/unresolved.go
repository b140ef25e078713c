package naivetest

// What is kept but does not count yet (contract 1): listed in its month.

import (
	"cmp"
	"slices"
	"strings"
)

func (m *monthOf) findUnresolved() {
	for _, e := range m.hall.facts.live("punch") {
		if d := dateOf(wallOf(e.time, m.hall.zone)); m.holds(d) {
			m.unknownPerson(e, m.hall.personOf(e))
		}
	}
	for _, e := range m.hall.facts.live("correction") {
		at, _ := parseInstant(text(e.body, "at"))
		if m.holds(dateOf(wallOf(at, m.hall.zone))) {
			m.unknownPerson(e, text(e.body, "person"))
		}
	}
	for _, e := range m.hall.facts.live("patrol") {
		if _, missing, d := m.hall.readFinding(e); missing != nil && m.holds(d) {
			m.unresolved = append(m.unresolved, *missing)
		}
	}
	m.unresolvedLeaves()
	m.unresolvedRulings()
	for _, e := range m.hall.facts.live("bonus") {
		if monthOfEvent(e) == m.name {
			m.note(m.bonusMissing(e))
		}
	}
	for _, e := range caseFigures(m.hall.facts) {
		if monthOfEvent(e) == m.name {
			m.note(m.caseMissing(e))
		}
	}
	slices.SortFunc(m.unresolved, func(a, b unresolved) int { return cmp.Compare(a.uid, b.uid) })
}

func (m *monthOf) holds(d date) bool { return m.first <= d && d <= m.last }

func (m *monthOf) note(u *unresolved) {
	if u != nil {
		m.unresolved = append(m.unresolved, *u)
	}
}

func (m *monthOf) unknownPerson(e *event, person string) {
	if !m.hall.hasRow(person) {
		m.note(&unresolved{e.uid, "person", person})
	}
}

// unresolvedLeaves: a kind that the policy of some day of the leave in this month does not name, or a
// person without any row.
func (m *monthOf) unresolvedLeaves() {
	for _, e := range m.hall.facts.live("leave") {
		s := m.hall.spanOf(e)
		if s.untilDay < m.first || s.fromDay > m.last {
			continue
		}
		kind, unknown := text(e.body, "kind"), false
		for d := max(s.fromDay, m.first); d <= min(s.untilDay, m.last); d++ {
			if p := m.hall.policyOn(d); p != nil {
				_, named := p.leave[kind]
				unknown = unknown || !named
			}
		}
		if unknown {
			m.note(&unresolved{e.uid, "kind", kind})
			continue
		}
		m.unknownPerson(e, text(e.body, "person"))
	}
}

// unresolvedRulings: on an unknown event, of several the latest; one without a date is listed in each month.
func (m *monthOf) unresolvedRulings() {
	for on, list := range m.hall.facts.rulings {
		e := list[len(list)-1]
		day := text(e.body, "date")
		if !m.hall.facts.known[on] && !isViolationID(on) && (day == "" || strings.HasPrefix(day, m.name)) {
			m.note(&unresolved{e.uid, "event", on})
		}
	}
}

// monthOfEvent reads `month`, else the month of `date`.
func monthOfEvent(e *event) string {
	if month := text(e.body, "month"); month != "" {
		return month
	}
	d, _ := parseDate(text(e.body, "date"))
	return d.month()
}

// bonusMissing: the first of kind, person, window that is unknown.
func (m *monthOf) bonusMissing(e *event) *unresolved {
	kind, person := text(e.body, "kind"), text(e.body, "person")
	if _, named := m.policy.bonus[kind]; !named {
		return &unresolved{e.uid, "kind", kind}
	}
	if person != "" {
		if !m.hall.hasRow(person) {
			return &unresolved{e.uid, "person", person}
		}
		return nil
	}
	for _, w := range texts(e.body, "windows") {
		if _, named := m.policy.windows[w]; !named {
			return &unresolved{e.uid, "window", w}
		}
	}
	return nil
}

func (m *monthOf) caseMissing(e *event) *unresolved {
	w := text(e.body, "window")
	if _, named := m.policy.windows[w]; w != "" && !named {
		return &unresolved{e.uid, "window", w}
	}
	return nil
}
