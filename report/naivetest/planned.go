package naivetest

// The planned punches of a person's day and their bands (contract 5.2, 5.4).

import (
	"cmp"
	"slices"
)

// planned is one edge of a session at which a punch is due.
type planned struct {
	date    date
	session session
	edge    string // in, out
	time    int64  // as planned
	band    band
	given   bool // the policy gives the band

	due     int64 // where leave has put it
	moved   bool
	removed bool
	covered string // uid of the leave or excuse that removed or moved it
}

const afterNight = 6 * 60 * 60 // a night's last band ends at the most so long after its session

// plannedOn gives the planned punches of a person's day in order of time, with their bands.
func (h *hall) plannedOn(person string, d date) []planned {
	list := h.edgesOn(person, d)
	for i := range list {
		if given := list[i].givenBand(); given != nil {
			list[i].band, list[i].given = *given, true
			continue
		}
		list[i].band = band{h.bandFrom(person, list, i), h.bandUntil(person, list, i)}
	}
	return list
}

// edgesOn gives the planned punches without bands; none on a day that is not due.
func (h *hall) edgesOn(person string, d date) []planned {
	if !h.due(person, d) {
		return nil
	}
	var list []planned
	for _, s := range h.sessionsOn(h.groupOn(person, d), d) {
		if s.plansIn {
			list = append(list, planned{date: d, session: s, edge: "in", time: s.start, due: s.start})
		}
		if s.plansOut {
			list = append(list, planned{date: d, session: s, edge: "out", time: s.end, due: s.end})
		}
	}
	slices.SortStableFunc(list, func(a, b planned) int { return cmp.Compare(a.time, b.time) })
	return list
}

func (p planned) givenBand() *band {
	if p.edge == "in" {
		return p.session.in
	}
	return p.session.out
}

// bandFrom: the midpoint from the planned punch before; the first begins at 00:00, or where the
// night of the day before ends.
func (h *hall) bandFrom(person string, list []planned, i int) int64 {
	if i > 0 {
		return (list[i-1].time + list[i].time) / 2
	}
	d := list[i].date
	if before := h.edgesOn(person, d-1); len(before) > 0 && crossesMidnight(before[len(before)-1]) {
		return h.bandUntil(person, before, len(before)-1)
	}
	return d.start()
}

// bandUntil: the midpoint to the next planned punch; the last ends at 24:00, but after a session that
// crosses midnight at the midpoint to the next day's first, at the most 6 hours after its end.
func (h *hall) bandUntil(person string, list []planned, i int) int64 {
	if i < len(list)-1 {
		return (list[i].time + list[i+1].time) / 2
	}
	last := list[i]
	if !crossesMidnight(last) {
		return (last.date + 1).start()
	}
	until := last.session.end + afterNight
	for d := last.date + 1; d <= last.date+3; d++ {
		if next := h.edgesOn(person, d); len(next) > 0 {
			return min(until, (last.time+next[0].time)/2)
		}
	}
	return until
}

// crossesMidnight: one that ends on the stroke of midnight has its end on the next day as well.
func crossesMidnight(p planned) bool { return p.session.end >= (p.date + 1).start() }

// planOf finds the planned punch of a person in whose band a time falls: a given band goes before a
// computed one. ok is false when the time falls in none.
func (h *hall) planOf(person string, wall int64) (d date, session, edge string, ok bool) {
	minute := cutMinute(wall)
	today := dateOf(minute)
	for _, given := range []bool{true, false} {
		for _, d := range []date{today - 1, today} {
			for _, p := range h.plannedOn(person, d) {
				if p.given == given && p.band.from <= minute && minute < p.band.until {
					return d, p.session.name, p.edge, true
				}
			}
		}
	}
	return 0, "", "", false
}
