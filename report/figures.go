package report

// What people reported and wrote for the month.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// figures are those of the month that stand, by name, the hall's before those of
// the windows by number.
func (c *compiler) figures() []hall.MonthFigure {
	list := []hall.MonthFigure{}
	for _, f := range c.book.Facts().MonthFigures() {
		if f.Month == c.month.Month {
			list = append(list, hall.MonthFigure{Name: f.Name, Window: hall.Name(f.Window), Value: f.Value,
				Unit: hall.Name(f.Unit), Of: hall.Name(f.Of), UID: f.UID})
		}
	}
	slices.SortFunc(list, func(a, b hall.MonthFigure) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), compareBools(a.Window != "", b.Window != ""),
			c.compareWindows(hall.WindowID(a.Window), hall.WindowID(b.Window)))
	})
	return list
}

// texts are the sections of the bulletin that people wrote, by name.
func (c *compiler) texts() []hall.Section {
	list := []hall.Section{}
	for _, t := range c.book.Facts().Sections() {
		if t.Month == c.month.Month {
			list = append(list, hall.Section{Section: t.Section, Items: filled(t.Items), UID: t.UID})
		}
	}
	slices.SortFunc(list, func(a, b hall.Section) int { return cmp.Compare(a.Section, b.Section) })
	return list
}
