package rules

// Bonus: points for good service, of windows and people.

import (
	"cmp"
	"fmt"
	"slices"

	"rollcall/hall"
)

// subject is who gets a bonus: a window or a person.
type subject struct {
	window hall.WindowID
	person hall.PersonID
}

// bonuses are the counts that stand, by who gets them and the kind, and by those
// who earned them together.
type bonuses struct {
	counts map[subject]map[string]int64
	proofs map[subject]map[string][]hall.UID
	joint  map[earned]*hall.BonusLine
}

// earned is what a line of the bonus list is about.
type earned struct{ windows, person, kind string }

// bonuses reads the bonus of the month by the policy of its last day. Joint ones
// give every window the full count.
func (m *Month) bonuses() bonuses {
	b := bonuses{map[subject]map[string]int64{}, map[subject]map[string][]hall.UID{}, map[earned]*hall.BonusLine{}}
	policy := m.Policy.Policy
	for i := range m.Book.facts.Bonuses {
		e := &m.Book.facts.Bonuses[i]
		if e.Month != m.Month {
			continue
		}
		unknown, _ := m.Book.unresolvedBonus(policy, e)
		if unknown == "" && (e.Status == "verified" || !policy.BonusKind(e.Kind).NeedsVerification) {
			b.earn(m, e)
		}
	}
	return b
}

// earn counts a bonus: for its person, else for each of its windows.
func (b bonuses) earn(m *Month, e *hall.Bonus) {
	line := hall.BonusLine{Windows: []hall.WindowID{}, Kind: e.Kind}
	if e.Person != "" {
		line.Person = new(e.Person)
		b.add(subject{person: e.Person}, e)
	} else {
		line.Windows = m.jointly(e.Windows)
		for _, id := range line.Windows {
			b.add(subject{window: id}, e)
		}
	}
	key := earned{fmt.Sprint(line.Windows), string(e.Person), e.Kind}
	if b.joint[key] == nil {
		b.joint[key] = &line
	}
	b.joint[key].Count += e.Count
}

func (b bonuses) add(s subject, e *hall.Bonus) {
	if b.counts[s] == nil {
		b.counts[s], b.proofs[s] = map[string]int64{}, map[string][]hall.UID{}
	}
	b.counts[s][e.Kind] += e.Count
	b.proofs[s][e.Kind] = append(b.proofs[s][e.Kind], e.UID)
}

// jointly puts the windows of a bonus in order, each once.
func (m *Month) jointly(ids []hall.WindowID) []hall.WindowID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, m.compareWindows)
	return slices.Compact(ids)
}

// lines lists the bonus by window number, a person's by that of their window,
// then in the order of the policy.
func (b bonuses) lines(m *Month) []hall.BonusLine {
	window := func(l *hall.BonusLine) hall.WindowID {
		if l.Person == nil {
			return l.Windows[0]
		}
		if row := m.Place(*l.Person); row != nil {
			return row.Window
		}
		return ""
	}
	order := map[string]int{}
	for i, k := range m.Policy.Policy.Bonus {
		order[k.Kind] = i
	}
	lines := make([]hall.BonusLine, 0, len(b.joint))
	for _, line := range b.joint {
		lines = append(lines, *line)
	}
	slices.SortFunc(lines, func(x, y hall.BonusLine) int {
		return cmp.Or(m.compareWindows(window(&x), window(&y)), cmp.Compare(order[x.Kind], order[y.Kind]),
			cmp.Compare(who(x.Person), who(y.Person)), slices.CompareFunc(x.Windows, y.Windows, m.compareWindows))
	})
	return lines
}

// who names a person, nobody as "".
func who(person *hall.PersonID) hall.PersonID {
	if person == nil {
		return ""
	}
	return *person
}

// of gives the parts of a subject's bonus, each kind up to its cap.
func (b bonuses) of(m *Month, s subject) []Part {
	var parts []Part
	for i := range m.Policy.Policy.Bonus {
		kind := &m.Policy.Policy.Bonus[i]
		count := b.counts[s][kind.Kind]
		if count == 0 {
			continue
		}
		points := kind.Points.Each(count)
		if kind.Cap != nil {
			points = min(points, *kind.Cap)
		}
		parts = append(parts, Part{Kind: PartBonus, Of: kind.Kind, Points: points, Proofs: b.proofs[s][kind.Kind]})
	}
	return parts
}

// capped takes back what exceeds the cap of all bonus.
func capped(parts []Part, limit *hall.Points) []Part {
	var sum hall.Points
	for _, p := range parts {
		sum += p.Points
	}
	if limit == nil || sum <= *limit {
		return parts
	}
	return append(parts, Part{Kind: PartCap, Points: *limit - sum})
}
