package rules

// Case volumes of a month.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// topCases is how many windows with the most cases are named.
const topCases = 3

// volume is a case figure.
type volume struct{ accepted, completed, onTime int64 }

func (v volume) plus(o volume) volume {
	return volume{v.accepted + o.accepted, v.completed + o.completed, v.onTime + o.onTime}
}

// cases sums the month: per window its figure without category, else the sum of
// its categories; for the hall its figure without window, else the sum of the
// windows. A month's figure beats those of its dates.
func (m *Month) cases() hall.CasesSummary {
	summary := hall.CasesSummary{Top: []hall.WindowID{}, Windows: []hall.WindowCases{}}
	windows, total := m.volumes(m.Month)
	for id, v := range windows {
		summary.Windows = append(summary.Windows, hall.WindowCases{Window: id, Accepted: v.accepted, Completed: v.completed, OnTime: v.onTime})
	}
	slices.SortFunc(summary.Windows, func(x, y hall.WindowCases) int { return m.compareWindows(x.Window, y.Window) })
	most := slices.SortedStableFunc(slices.Values(summary.Windows), func(x, y hall.WindowCases) int {
		return cmp.Compare(y.Accepted, x.Accepted)
	})
	for _, w := range most[:min(topCases, len(most))] {
		summary.Top = append(summary.Top, w.Window)
	}
	summary.Reported = total != nil
	if !summary.Reported {
		total = new(volume)
	}
	summary.Total = &total.accepted
	if total.completed > 0 {
		summary.OnTimePercent = new(percent(total.onTime, total.completed))
	}
	if _, previous := m.volumes(m.Month - 1); previous != nil {
		summary.Previous = &previous.accepted
		if previous.accepted > 0 {
			summary.GrowthPercent = new(percent(total.accepted-previous.accepted, previous.accepted))
		}
	}
	return summary
}

// percent is part/whole in percent, half up to two decimals.
func percent(part, whole int64) hall.Points {
	return hall.DivHalfUp(part*100*100, whole) * (hall.Point / 100)
}

// volumes returns the figures of a month by window, and the hall's total, nil
// where there is no figure at all. Windows that the policy does not name are unresolved.
func (m *Month) volumes(month hall.Month) (map[hall.WindowID]volume, *volume) {
	version := m.Policy
	if own := m.Book.PolicyFor(month); own != nil {
		version = own
	}
	figures := map[hall.WindowID][]hall.Cases{}
	for _, c := range m.Book.facts.CasesFigures() {
		if c.Month == month && (c.Window == "" || version.Policy.Window(c.Window) != nil) {
			figures[c.Window] = append(figures[c.Window], c)
		}
	}
	windows := map[hall.WindowID]volume{}
	var total *volume
	for id, list := range figures {
		v := windowVolume(list)
		if id == "" {
			total = &v
			continue
		}
		windows[id] = v
	}
	if total == nil && len(windows) > 0 {
		total = new(volume)
		for _, v := range windows {
			*total = total.plus(v)
		}
	}
	return windows, total
}

// windowVolume is the figure without category, else the sum of the categories.
func windowVolume(list []hall.Cases) volume {
	categories := map[string]volume{}
	monthly := map[string]bool{}
	for _, c := range list {
		v := volume{c.Accepted, c.Completed, c.OnTime}
		switch {
		case c.Date == 0:
			categories[c.Category], monthly[c.Category] = v, true
		case !monthly[c.Category]:
			categories[c.Category] = categories[c.Category].plus(v)
		}
	}
	if v, ok := categories[""]; ok {
		return v
	}
	var sum volume
	for _, v := range categories {
		sum = sum.plus(v)
	}
	return sum
}
