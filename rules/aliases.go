package rules

// Numbers that more than one person goes by.

import (
	"maps"
	"slices"

	"rollcall/hall"
)

// Clash is a number that several people go by on the same days of a month, so that
// the punches of all of them are one person's.
type Clash struct {
	Alias       string
	From, Until hall.Date
	Holder      hall.Roster   // whose the punches are
	Others      []hall.Roster // by person
}

// Clashes returns the clashes of a month by alias and date. A number of a single
// terminal is no clash with the same number of all others: it goes before by
// intent.
func (b *Book) Clashes(m hall.Month) []Clash {
	var list []Clash
	for _, alias := range slices.Sorted(maps.Keys(b.aliases)) {
		var last *Clash
		for d := m.First(); d <= m.Last(); d++ {
			c := b.clash(alias, d)
			switch {
			case c == nil:
				last = nil
			case last != nil && last.same(c):
				last.Until = d
			default:
				list = append(list, *c)
				last = &list[len(list)-1]
			}
		}
	}
	return list
}

// clash returns who goes by an alias on a day, nil unless they are several.
func (b *Book) clash(alias string, d hall.Date) *Clash {
	rows := map[hall.PersonID]hall.Roster{}
	for _, c := range b.aliases[alias] {
		if c.row.On(d) {
			rows[c.person] = *c.row
		}
	}
	holder, _ := b.claimed(alias, d)
	if row := b.RowOn(hall.PersonID(alias), d); row != nil {
		holder = row.Person // an id goes before a number of any terminal
		rows[holder] = *row
	}
	if len(rows) < 2 {
		return nil
	}
	c := &Clash{Alias: alias, From: d, Until: d, Holder: rows[holder]}
	for _, person := range slices.Sorted(maps.Keys(rows)) {
		if person != holder {
			c.Others = append(c.Others, rows[person])
		}
	}
	return c
}

// same reports whether o is the same clash of another day.
func (c *Clash) same(o *Clash) bool {
	return c.Holder.UID == o.Holder.UID && slices.EqualFunc(c.Others, o.Others, func(x, y hall.Roster) bool { return x.UID == y.UID })
}
