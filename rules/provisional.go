package rules

// What stands on single days before the month is settled: for announcements.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// Provisional returns the lines of some dates for the people that are asked for,
// and those of windows, by id: without corrections and before the session's cap,
// tolerance and factors. Contested and fallen ones are not among them.
func Provisional(b *Book, dates []hall.Date, asked func(hall.PersonID) bool, asOf hall.Instant) []Line {
	days := map[dayKey]*Day{}
	counts := charges{}
	for _, p := range b.roster {
		if !asked(p.person) {
			continue
		}
		for _, date := range dates {
			day := b.judgeDay(p, date, nil, asOf)
			days[dayKey{p.person, date}] = day
			counts.addDay(day)
		}
	}
	for i := range b.facts.Patrols {
		n := b.read(&b.facts.Patrols[i])
		if n == nil || n.reason != "" || !slices.Contains(dates, n.date) || n.person != "" && !asked(n.person) {
			continue
		}
		day := days[dayKey{n.person, n.date}]
		b.contest(n, day)
		if !n.contested || b.confirmed(n) {
			counts.addNote(n, day)
		}
	}
	var lines []Line
	for _, c := range counts {
		if line := b.line(c); !b.decided(line.ID).Strikes() {
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(x, y Line) int { return cmp.Compare(x.ID, y.ID) })
	return lines
}
