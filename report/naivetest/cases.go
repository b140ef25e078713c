package naivetest

// Case volume of a month (contract 2, 10).

import (
	"cmp"
	"math/big"
	"slices"
)

// volume is a case figure; nil where there is none.
type volume struct{ accepted, completed, onTime int64 }

func (v *volume) plus(w *volume) *volume {
	if v == nil {
		return w
	}
	if w == nil {
		return v
	}
	return &volume{v.accepted + w.accepted, v.completed + w.completed, v.onTime + w.onTime}
}

// caseFigures: cases (window, category, month or date), the later made wins.
func caseFigures(f *facts) []*event {
	byKey := winners(f.live("cases"), func(e *event) string {
		return text(e.body, "window") + "/" + text(e.body, "category") + "/" + text(e.body, "month") + "/" + text(e.body, "date")
	})
	var out []*event
	for _, key := range sortedKeys(byKey) {
		out = append(out, byKey[key])
	}
	return out
}

// windowCases is a window's volume in a month ("" asks for figures of the hall itself): the figure without
// category is the total; without one the total is the sum of the categories.
func (h *hall) windowCases(month, window string) *volume {
	byCategory := map[string]*volume{}
	for _, e := range caseFigures(h.facts) {
		if category := text(e.body, "category"); monthOfEvent(e) == month && text(e.body, "window") == window {
			byCategory[category] = h.categoryCases(month, window, category)
		}
	}
	if total := byCategory[""]; total != nil {
		return total
	}
	var sum *volume
	for _, v := range byCategory {
		sum = sum.plus(v)
	}
	return sum
}

// categoryCases: a month's figure beats its dates, which add up.
func (h *hall) categoryCases(month, window, category string) *volume {
	var ofMonth, ofDates *volume
	for _, e := range caseFigures(h.facts) {
		if text(e.body, "window") != window || text(e.body, "category") != category || monthOfEvent(e) != month {
			continue
		}
		v := &volume{count(e.body, "accepted"), count(e.body, "completed"), count(e.body, "on_time")}
		if text(e.body, "month") != "" {
			ofMonth = v
		} else {
			ofDates = ofDates.plus(v)
		}
	}
	if ofMonth != nil {
		return ofMonth
	}
	return ofDates
}

// caseWindows gives the windows with a figure that the month's policy names, by number; a month before the first
// policy is read by that one.
func (h *hall) caseWindows(month string) []string {
	_, last, _ := parseMonth(month)
	p := h.policyOn(last)
	if p == nil {
		p = h.policies[0]
	}
	var out []string
	for _, e := range caseFigures(h.facts) {
		w := text(e.body, "window")
		if w == "" || monthOfEvent(e) != month || slices.Contains(out, w) {
			continue
		}
		if _, named := p.windows[w]; named {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(p.windows[a].number, p.windows[b].number) })
	return out
}

// hallCases: a figure without window is the total; without one the total is the sum of the windows.
func (h *hall) hallCases(month string) *volume {
	if total := h.windowCases(month, ""); total != nil {
		return total
	}
	var sum *volume
	for _, w := range h.caseWindows(month) {
		sum = sum.plus(h.windowCases(month, w))
	}
	return sum
}

func (m *monthOf) casesDocument() map[string]any {
	total, previous := m.hall.hallCases(m.name), m.hall.hallCases((m.first - 1).month())
	windows, ids := []any{}, m.hall.caseWindows(m.name)
	for _, id := range ids {
		v := m.hall.windowCases(m.name, id)
		line := map[string]any{"window": id, "accepted": v.accepted, "completed": v.completed, "on_time": v.onTime,
			"share_percent": percent(v.accepted, total.accepted), "on_time_percent": percent(v.onTime, v.completed), "previous": nil, "growth_percent": nil}
		before := (m.first - 1).month()
		if p := m.hall.windowCases(before, id); p != nil && slices.Contains(m.hall.caseWindows(before), id) {
			line["previous"], line["growth_percent"] = p.accepted, percent(v.accepted-p.accepted, p.accepted)
		}
		windows = append(windows, line)
	}
	top := slices.Clone(ids)
	slices.SortStableFunc(top, func(a, b string) int {
		return cmp.Compare(m.hall.windowCases(m.name, b).accepted, m.hall.windowCases(m.name, a).accepted)
	})
	if len(top) > 3 {
		top = top[:3]
	}
	if total == nil {
		total = &volume{}
	}
	doc := map[string]any{"total": total.accepted, "previous": nil, "growth_percent": nil, "on_time_percent": nil,
		"top": append([]string{}, top...), "windows": windows}
	if previous != nil {
		doc["previous"] = previous.accepted
		doc["growth_percent"] = percent(total.accepted-previous.accepted, previous.accepted)
	}
	doc["on_time_percent"] = percent(total.onTime, total.completed)
	doc["missing"], doc["categories"] = m.silentWindows(ids), m.caseCategories(ids)
	return doc
}

// silentWindows: assessed windows of the month, by number, that are not among those with a figure.
func (m *monthOf) silentWindows(reported []string) []any {
	out := []any{}
	ids := sortedKeys(m.policy.windows)
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(m.number(a), m.number(b)) })
	for _, id := range ids {
		if w := m.policy.windows[id]; w.assessed && w.from <= m.last && w.until >= m.first && !slices.Contains(reported, id) {
			out = append(out, id)
		}
	}
	return out
}

// caseCategories: of each category the hall's figure, else the sum of the windows.
func (m *monthOf) caseCategories(windows []string) []any {
	names := map[string]bool{}
	for _, e := range caseFigures(m.hall.facts) {
		w := text(e.body, "window")
		if c := text(e.body, "category"); c != "" && monthOfEvent(e) == m.name && (w == "" || slices.Contains(windows, w)) {
			names[c] = true
		}
	}
	out := []any{}
	for _, name := range sortedKeys(names) {
		v := m.hall.categoryCases(m.name, "", name)
		if v == nil {
			for _, w := range windows {
				v = v.plus(m.hall.categoryCases(m.name, w, name))
			}
		}
		out = append(out, map[string]any{"category": name, "accepted": v.accepted, "completed": v.completed, "on_time": v.onTime,
			"on_time_percent": percent(v.onTime, v.completed)})
	}
	return out
}

// percent with 2 decimals, half up; null of nothing.
func percent(part, all int64) any {
	if all == 0 {
		return nil
	}
	return number(halfUp(big.NewRat(part*100, all), 2))
}
