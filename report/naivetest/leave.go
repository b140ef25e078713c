package naivetest

// Leave and excuses: what they remove and move (contract 5.6).

import (
	"cmp"
	"slices"
)

// span is the from..until of an event: both ends included, a date alone means the sessions that start on it.
type span struct {
	fromDate, untilDate bool
	fromDay, untilDay   date
	from, until         int64 // wall, where the end is a time
}

func (h *hall) spanOf(e *event) span {
	var s span
	s.fromDay, s.fromDate = parseDate(text(e.body, "from"))
	s.untilDay, s.untilDate = parseDate(text(e.body, "until"))
	if !s.fromDate {
		at, _ := parseInstant(text(e.body, "from"))
		s.from = wallOf(at, h.zone)
		s.fromDay = dateOf(s.from)
	}
	if !s.untilDate {
		at, _ := parseInstant(text(e.body, "until"))
		s.until = wallOf(at, h.zone)
		s.untilDay = dateOf(s.until)
	}
	return s
}

// of gives the part of a span that bears on what starts on day d: a date's end is open.
func (s span) of(d date) (from, until int64, ok bool) {
	from, until = s.from, s.until
	if s.fromDate {
		if d < s.fromDay {
			return 0, 0, false
		}
		from = longAgo
	}
	if s.untilDate {
		if d > s.untilDay {
			return 0, 0, false
		}
		until = farAhead
	}
	return from, until, from <= until
}

// leaveOf is one leave of a person as it bears on a day.
type leaveOf struct {
	uid         string
	from, until int64
	leaveKind
}

// leavesOn gives a person's leaves of kinds that the day's policy names.
func (h *hall) leavesOn(person string, d date) []leaveOf {
	var out []leaveOf
	for _, e := range h.facts.live("leave") {
		kind, named := h.policyOn(d).leave[text(e.body, "kind")]
		from, until, bears := h.spanOf(e).of(d)
		if text(e.body, "person") == person && named && bears {
			out = append(out, leaveOf{e.uid, from, until, kind})
		}
	}
	return out
}

// cover moves and removes the planned punches of a day.
func (h *hall) cover(person string, d date, list []planned) {
	var leaves []leaveOf
	for _, l := range h.leavesOn(person, d) {
		if l.covers {
			leaves = append(leaves, l)
		}
	}
	for i := range list {
		list[i].coverByLeave(leaves)
		h.coverByExcuse(person, &list[i])
	}
}

// coverByLeave: over the whole session nothing is due; over one edge that planned punch moves to the
// other end of the leave; strictly inside nothing moves.
func (p *planned) coverByLeave(leaves []leaveOf) {
	s := p.session
	for _, l := range joined(leaves) {
		overStart, overEnd := l.from <= s.start && s.start <= l.until, l.from <= s.end && s.end <= l.until
		switch {
		case overStart && overEnd:
			p.removed = true
		case overStart && p.edge == "in":
			p.due = cutMinute(l.until)
		case overEnd && p.edge == "out":
			p.due = cutMinute(l.from)
		}
	}
	p.moved = p.due != p.time
	if !p.moved && !p.removed {
		return
	}
	for _, l := range leaves {
		if l.from <= p.time && p.time <= l.until && (p.covered == "" || l.uid < p.covered) {
			p.covered = l.uid
		}
	}
}

// joined: leaves that overlap or touch are one.
func joined(leaves []leaveOf) []leaveOf {
	list := slices.Clone(leaves)
	slices.SortFunc(list, func(a, b leaveOf) int { return cmp.Compare(a.from, b.from) })
	var out []leaveOf
	for _, l := range list {
		if len(out) > 0 && l.from <= out[len(out)-1].until {
			out[len(out)-1].until = max(out[len(out)-1].until, l.until)
			continue
		}
		out = append(out, l)
	}
	return out
}

// coverByExcuse removes a planned punch that lies inside, where leave has put it, and moves none.
func (h *hall) coverByExcuse(person string, p *planned) {
	byExcuse := ""
	for _, e := range h.facts.live("excuse") {
		from, until, bears := h.spanOf(e).of(p.date)
		if bears && from <= p.due && p.due <= until && h.excuses(e, person, p.date) {
			p.removed = true
			if byExcuse == "" || e.uid < byExcuse {
				byExcuse = e.uid
			}
		}
	}
	if p.covered == "" {
		p.covered = byExcuse
	}
}

// excuses says whether an excuse is for a person; nobody named means everybody.
func (h *hall) excuses(e *event, person string, d date) bool {
	windows, persons := texts(e.body, "windows"), texts(e.body, "persons")
	if len(windows) == 0 && len(persons) == 0 {
		return true
	}
	return slices.Contains(persons, person) || slices.Contains(windows, h.rowOn(person, d).window)
}

// takes says whether a span takes at least a minute of a session.
func (l leaveOf) takes(s session) bool {
	return min(l.until, s.end)-max(l.from, s.start) >= 60
}
