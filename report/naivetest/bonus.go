package naivetest

// Bonus items that count and what they are worth (contract 2, 8, 10).

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
)

// bonusSum is one line of the list: what counts, summed by (windows, person, kind).
type bonusSum struct {
	windows []string
	person  string
	kind    string
	count   int64
}

// bonusSums sums the month's bonus events that resolve and, where it is needed, are verified.
func (m *monthOf) bonusSums() []*bonusSum {
	byKey := map[string]*bonusSum{}
	for _, e := range m.hall.facts.live("bonus") {
		if monthOfEvent(e) != m.name || m.bonusMissing(e) != nil {
			continue
		}
		b := &bonusSum{windows: []string{}, person: text(e.body, "person"), kind: text(e.body, "kind")}
		if m.policy.bonus[b.kind].verify && text(e.body, "status") != "verified" {
			continue
		}
		if b.person == "" {
			b.windows = m.byNumber(texts(e.body, "windows"))
		}
		key := strings.Join(b.windows, ",") + "/" + b.person + "/" + b.kind
		if byKey[key] == nil {
			byKey[key] = b
		}
		byKey[key].count += count(e.body, "count")
	}
	var out []*bonusSum
	for _, key := range sortedKeys(byKey) {
		out = append(out, byKey[key])
	}
	slices.SortStableFunc(out, func(a, b *bonusSum) int {
		return cmp.Or(cmp.Compare(m.bonusNumber(a), m.bonusNumber(b)), cmp.Compare(m.policy.bonus[a.kind].order, m.policy.bonus[b.kind].order),
			cmp.Compare(a.person, b.person),
			slices.CompareFunc(a.windows, b.windows, func(x, y string) int { return cmp.Compare(m.number(x), m.number(y)) }))
	})
	return out
}

// byNumber sorts window ids by their number and drops repetitions.
func (m *monthOf) byNumber(ids []string) []string {
	out := slices.Clone(ids)
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(m.number(a), m.number(b)), cmp.Compare(a, b)) })
	return slices.Compact(out)
}

// number of a window; the unknown ones last.
func (m *monthOf) number(id string) int64 {
	if w, ok := m.policy.windows[id]; ok {
		return w.number
	}
	return farAhead
}

// bonusNumber: the number of the first window, or of the person's.
func (m *monthOf) bonusNumber(b *bonusSum) int64 {
	if len(b.windows) > 0 {
		return m.number(b.windows[0])
	}
	if one := m.member(b.person); one != nil {
		return m.number(one.row.window)
	}
	return farAhead
}

// bonusPoints adds what a subject earned: by kind up to its cap. Joint bonus counts in full for every window named.
func (m *monthOf) bonusPoints(belongs func(*bonusSum) bool) *big.Rat {
	counts := map[string]int64{}
	for _, b := range m.bonusSums() {
		if belongs(b) {
			counts[b.kind] += b.count
		}
	}
	sum := zero()
	for kind, n := range counts {
		points := times(m.policy.bonus[kind].points, whole(n))
		if limit := m.policy.bonus[kind].cap; limit != nil {
			points = smallest(points, limit)
		}
		sum = add(sum, points)
	}
	return sum
}
