package rules

// Case volumes of a month.

import (
	"cmp"
	"maps"
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

// volumes are the figures of a month, or of one category of it.
type volumes struct {
	windows map[hall.WindowID]volume
	total   *volume // nil where there is no figure at all
	summed  bool    // total is the sum of the windows
}

// Cases sums the volumes of a month. Its windows are listed by the policy that
// governs it, or by the given one where none does.
func Cases(b *Book, month hall.Month, otherwise *hall.PolicyEvent) hall.CasesSummary {
	m := &Month{Book: b, Month: month, Policy: otherwise}
	if own := b.PolicyFor(month); own != nil {
		m.Policy = own
	}
	m.numberWindows()
	return m.cases()
}

// cases sums the month: per window its figure without category, else the sum of
// its categories; for the hall its figure without window, else the sum of the
// windows. A month's figure beats those of its dates.
func (m *Month) cases() hall.CasesSummary {
	figures, before := m.caseFigures(m.Month), m.caseFigures(m.Month-1)
	now, previous := sum(figures, windowVolume), sum(before, windowVolume)
	summary := hall.CasesSummary{Top: []hall.WindowID{}, Missing: []hall.WindowID{}, PreviousMissing: m.newlyReported(now, previous), Windows: m.windowCases(now, previous)}
	most := slices.SortedStableFunc(slices.Values(summary.Windows), func(x, y hall.WindowCases) int {
		return cmp.Compare(y.Accepted, x.Accepted)
	})
	for _, w := range most[:min(topCases, len(most))] {
		summary.Top = append(summary.Top, w.Window)
	}
	summary.Reported = now.total != nil
	total := now.total
	if !summary.Reported {
		total = new(volume)
	}
	summary.Total = &total.accepted
	if summary.Reported {
		summary.Completed, summary.OnTime = &total.completed, &total.onTime
	}
	summary.OnTimePercent = Percent(total.onTime, total.completed)
	summary.Previous, summary.GrowthPercent = growth(total, previous.total)
	policy := m.Policy.Policy
	for i := range policy.Windows {
		w := &policy.Windows[i]
		if _, reported := now.windows[w.ID]; !reported && w.Assessed && validIn(w, m.Month) {
			summary.Missing = append(summary.Missing, w.ID)
		}
	}
	slices.SortFunc(summary.Missing, m.compareWindows)
	summary.Categories = m.categories(figures, before)
	return summary
}

// newlyReported are the windows that a total before lacks though they were there: it
// is the sum of others.
func (m *Month) newlyReported(now, before volumes) []hall.WindowID {
	list := []hall.WindowID{}
	for id := range now.windows {
		_, reported := before.windows[id]
		if w := m.Policy.Policy.Window(id); before.summed && !reported && validIn(w, m.Month-1) {
			list = append(list, id)
		}
	}
	slices.SortFunc(list, m.compareWindows)
	return list
}

// windowCases lists the windows by number.
func (m *Month) windowCases(now, before volumes) []hall.WindowCases {
	list := []hall.WindowCases{}
	for id, v := range now.windows {
		c := hall.WindowCases{Window: id, Accepted: v.accepted, Completed: v.completed, OnTime: v.onTime,
			SharePercent: Percent(v.accepted, now.total.accepted), OnTimePercent: Percent(v.onTime, v.completed)}
		if p, ok := before.windows[id]; ok {
			c.Previous, c.GrowthPercent = growth(&v, &p)
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y hall.WindowCases) int { return m.compareWindows(x.Window, y.Window) })
	return list
}

// categories lists what was reported by category, whether or not it is part of
// the totals.
func (m *Month) categories(figures, before map[hall.WindowID][]hall.Cases) []hall.CategoryCases {
	names := map[string]bool{}
	for _, list := range figures {
		for _, c := range list {
			if c.Category != "" {
				names[c.Category] = true
			}
		}
	}
	list := []hall.CategoryCases{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		of := func(list []hall.Cases) *volume { return categoryVolume(list, name) }
		now, previous := sum(figures, of), sum(before, of)
		c := hall.CategoryCases{Category: name, Accepted: now.total.accepted, Completed: now.total.completed, OnTime: now.total.onTime,
			OnTimePercent: Percent(now.total.onTime, now.total.completed), Windows: m.windowCases(now, previous)}
		c.Previous, c.GrowthPercent = growth(now.total, previous.total)
		list = append(list, c)
	}
	return list
}

// growth compares with the month before, nil where nothing was reported for it.
func growth(now, before *volume) (previous *int64, grown *hall.Points) {
	if before == nil {
		return nil, nil
	}
	return &before.accepted, Percent(now.accepted-before.accepted, before.accepted)
}

// Percent is part/whole in percent, half up to two decimals, nil of nothing.
func Percent(part, whole int64) *hall.Points {
	if whole <= 0 {
		return nil
	}
	return new(hall.DivHalfUp(part*100*100, whole) * (hall.Point / 100))
}

// caseFigures returns the figures of a month by window, "" being the hall.
// Windows that the policy does not name are unresolved; a month before the first
// version is read by that one, which may name a window that was closed since.
func (m *Month) caseFigures(month hall.Month) map[hall.WindowID][]hall.Cases {
	version := m.Book.PolicyFor(month)
	if version == nil {
		version = &m.Book.policies[0]
	}
	figures := map[hall.WindowID][]hall.Cases{}
	for _, c := range m.Book.facts.CasesFigures() {
		if c.Month == month && (c.Window == "" || version.Policy.Window(c.Window) != nil) {
			figures[c.Window] = append(figures[c.Window], c)
		}
	}
	return figures
}

// sum takes a volume of each window's figures. The total is that of the hall,
// without one the sum of the windows.
func sum(figures map[hall.WindowID][]hall.Cases, of func([]hall.Cases) *volume) volumes {
	v := volumes{windows: map[hall.WindowID]volume{}}
	var windows *volume
	for id, list := range figures {
		one := of(list)
		switch {
		case one == nil:
		case id == "":
			v.total = one
		default:
			v.windows[id] = *one
			if windows == nil {
				windows = new(volume)
			}
			*windows = windows.plus(*one)
		}
	}
	if v.total == nil {
		v.total, v.summed = windows, windows != nil
	}
	return v
}

// windowVolume is the figure without category, else the sum of the categories.
func windowVolume(list []hall.Cases) *volume {
	if v := categoryVolume(list, ""); v != nil {
		return v
	}
	var total volume
	var seen []string
	for _, c := range list {
		if !slices.Contains(seen, c.Category) {
			seen = append(seen, c.Category)
			total = total.plus(*categoryVolume(list, c.Category))
		}
	}
	return &total
}

// categoryVolume is a category's figure of the month, else the sum of its dates;
// nil where there is none.
func categoryVolume(list []hall.Cases, category string) *volume {
	var dates *volume
	for _, c := range list {
		if c.Category != category {
			continue
		}
		v := volume{c.Accepted, c.Completed, c.OnTime}
		if c.Date == 0 {
			return &v
		}
		if dates == nil {
			dates = new(volume)
		}
		*dates = dates.plus(v)
	}
	return dates
}
