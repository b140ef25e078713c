package naivetest

// A month of a hall: everything that is asked of it, in the order in which it depends on each other (contract 7).

import "slices"

type monthOf struct {
	hall        *hall
	name        string
	first, last date
	asOf        int64 // wall
	instant     int64 // the same as an instant
	policy      *policy

	people     []*member
	violations []*violation
	contested  []*violation
	unresolved []unresolved
}

// member is somebody who is on the roster on a judged day of the month.
type member struct {
	person   string
	row      *row // where they count: of their last due day, else of their last day
	days     map[date][]verdict
	due      int
	attended int
	full     bool
	score    *score
}

// judged gives the days of the month that a policy governs.
func (m *monthOf) judged() []date {
	var out []date
	for d := m.first; d <= m.last; d++ {
		if m.hall.policyOn(d) != nil {
			out = append(out, d)
		}
	}
	return out
}

func (m *monthOf) workdays() []date {
	var out []date
	for _, d := range m.judged() {
		if m.hall.works("", d) {
			out = append(out, d)
		}
	}
	return out
}

func (m *monthOf) judge() {
	corrections := m.hall.acceptCorrections(m.first, m.last)
	for _, person := range m.hall.people() {
		m.judgePerson(person, corrections[person])
	}
	m.findViolations()
	m.hall.settle(m.violations, m.policy)
	for _, one := range m.people {
		one.attended = m.attended(one)
		one.full = m.isFull(one)
	}
	m.findUnresolved()
}

func (m *monthOf) judgePerson(person string, corrections []mark) {
	one := &member{person: person, days: map[date][]verdict{}}
	for _, d := range m.judged() {
		row := m.hall.rowOn(person, d)
		if row == nil {
			continue
		}
		if m.hall.due(person, d) {
			one.row = row
			one.due++
			one.days[d] = m.hall.judgeDay(person, d, corrections, m.asOf)
		} else if one.due == 0 {
			one.row = row
		}
	}
	if one.row != nil {
		m.people = append(m.people, one)
	}
}

func (m *monthOf) member(person string) *member {
	for _, one := range m.people {
		if one.person == person {
			return one
		}
	}
	return nil
}

// findViolations merges what terminals and inspectors say. A contested note counts once it, or the
// violation's id, is confirmed; until then it stands in contested.
func (m *monthOf) findViolations() {
	var counting, contested []offenceAt
	for _, one := range m.people {
		for _, d := range m.judged() {
			counting = append(counting, m.hall.fromTerminal(one.person, one.days[d])...)
		}
	}
	for _, e := range m.hall.facts.live("patrol") {
		f, _, d := m.hall.readFinding(e)
		if f == nil || d < m.first || d > m.last {
			continue
		}
		if one := m.member(f.person); one != nil {
			m.hall.contradict(f, one.days[d])
		}
		o := fromFinding(f)
		if f.contests && !m.hall.facts.confirmed(e.uid) && !m.hall.facts.confirmed(o.id()) {
			contested = append(contested, o)
			continue
		}
		counting = append(counting, o)
	}
	m.violations, m.contested = m.hall.merge(counting), m.hall.merge(contested)
}

// attended: due days with a planned punch that has a punch or correction, or with a session of which leave
// of a kind that does not break full attendance takes at least a minute (contract 8).
func (m *monthOf) attended(one *member) int {
	n := 0
	for d, day := range one.days {
		punched := slices.ContainsFunc(day, func(v verdict) bool { return v.at != nil })
		if punched || m.leaveTakes(one.person, d, false) {
			n++
		}
	}
	return n
}

// leaveTakes says whether leave that breaks full attendance (or leave that does not) takes at least a
// minute of a session of the day.
func (m *monthOf) leaveTakes(person string, d date, breaks bool) bool {
	sessions := m.hall.sessionsOn(m.hall.groupOn(person, d), d)
	return slices.ContainsFunc(m.hall.leavesOn(person, d), func(l leaveOf) bool {
		return l.breaks == breaks && slices.ContainsFunc(sessions, l.takes)
	})
}

// isFull: full attendance (contract 7).
func (m *monthOf) isFull(one *member) bool {
	if one.due == 0 {
		return false
	}
	for _, d := range m.workdays() {
		row := m.hall.rowOn(one.person, d)
		if row == nil || !m.hall.policyOn(d).classes[row.class].punches {
			return false
		}
	}
	for d, day := range one.days {
		for _, v := range day {
			if v.kind == "pending" || (v.at != nil && v.at.corrected && m.policy.correction.breaks) {
				return false
			}
		}
		if m.leaveTakes(one.person, d, true) {
			return false
		}
	}
	return !slices.ContainsFunc(m.violations, func(v *violation) bool {
		return v.person == one.person && (severity(v.kind) > 0 || m.hall.policyOn(v.date).discipline[v.kind].breaks)
	})
}
