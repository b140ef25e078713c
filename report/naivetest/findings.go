package naivetest

// What inspectors noted: session, date, payer, contradiction (contract 6).

import "slices"

// finding is a note that a policy knows, with who pays for it.
type finding struct {
	event   *event
	policy  *policy
	date    date
	session string // "" when the timetable has none
	when    int64  // order of the day: the start of its session, for early_leave its end

	kind     string
	person   string // the payer; "" where a window pays
	window   string // the window that pays, or under which the person stands
	standIn  bool
	unnamed  int64 // people; 0 = not by number
	subject  string
	refuted  bool // contradicted
	contests bool // contradicted so that it does not count until confirmed
}

// unresolved is one line of that list; value nil when nothing was named.
type unresolved struct {
	uid, reason string
	value       any
}

// readFinding places a note. Exactly one of the results is not nil, or none: clear, praise, and what lies
// before the first policy.
func (h *hall) readFinding(e *event) (*finding, *unresolved, date) {
	f := &finding{event: e, kind: text(e.body, "kind")}
	h.placeFinding(f)
	f.policy = h.policyOn(f.date)
	if f.policy == nil || f.kind == "clear" || f.kind == "praise" {
		return nil, nil, f.date
	}
	if !f.policy.names(f.kind) {
		return nil, &unresolved{e.uid, "kind", f.kind}, f.date
	}
	if missing := h.findPayer(f); missing != nil {
		return nil, missing, f.date
	}
	return f, nil, f.date
}

// placeFinding finds session and date: given, else the last session that starts at or before its time, else
// the first. Before the end of yesterday's session that crosses midnight it belongs to that one.
func (h *hall) placeFinding(f *finding) {
	wall := wallOf(f.event.time, h.zone)
	given, person := text(f.event.body, "session"), text(f.event.body, "person")
	f.date = dateOf(wall)
	yesterday := f.date - 1
	for _, s := range h.sessionsOn(h.groupOn(person, yesterday), yesterday) {
		if s.end > f.date.start() && wall < s.end && (given == "" || given == s.name) {
			f.date, f.session = yesterday, s.name
			f.when = f.sessionTime(s)
			return
		}
	}
	f.when = (f.date + 2).start() // of an unknown session: after the known ones, also one that ends the next day
	f.session = given
	sessions := h.sessionsOn(h.groupOn(person, f.date), f.date)
	if given == "" && len(sessions) > 0 {
		f.session = sessions[0].name
		for _, s := range sessions {
			if s.start <= wall {
				f.session = s.name
			}
		}
	}
	for _, s := range sessions {
		if s.name == f.session {
			f.when = f.sessionTime(s)
		}
	}
}

func (f *finding) sessionTime(s session) int64 {
	if f.kind == "early_leave" {
		return s.end
	}
	return s.start
}

// findPayer settles the subject: person; the window; the window's stand-in; unnamed people.
func (h *hall) findPayer(f *finding) *unresolved {
	body := f.event.body
	person, window := text(body, "person"), text(body, "window")
	row := h.rowOn(person, f.date)
	f.standIn, _ = body["stand_in"].(bool)
	if row != nil && f.policy.classes[row.class].standIn {
		f.standIn = true
	}
	windowKind := f.policy.discipline[f.kind].subject == "window"
	if person != "" && !f.standIn && !windowKind {
		if row == nil {
			return &unresolved{f.event.uid, "person", person}
		}
		f.person, f.window, f.subject = person, row.window, person
		return nil
	}
	switch {
	case window != "":
		f.window = window
	case row != nil:
		f.window = row.window
	case person != "":
		return &unresolved{f.event.uid, "person", person}
	default:
		return &unresolved{f.event.uid, "person", nil}
	}
	w, named := f.policy.windows[f.window]
	if !named || f.date < w.from || f.date > w.until {
		return &unresolved{f.event.uid, "window", f.window}
	}
	f.unnamed = count(body, "unnamed")
	f.subject = "@" + f.window
	if f.standIn {
		f.subject += "+"
	} else if f.unnamed > 0 {
		f.subject += "*"
	}
	return nil
}

// edge is what stands in the violation id: in or out for punctuality, else the kind.
func (f *finding) edge() string { return edgeOf(f.kind) }

func edgeOf(kind string) string {
	switch {
	case kind == "early_leave":
		return "out"
	case severity(kind) > 0:
		return "in"
	}
	return kind
}

// contradict looks at leave, at the timetable, and at the punch of that edge. Only a person can be contradicted.
func (h *hall) contradict(f *finding, day []verdict) {
	if f.person == "" {
		return
	}
	punctual := severity(f.kind) > 0
	group := h.groupOn(f.person, f.date)
	off := !h.works(group, f.date) || len(h.sessionsOn(group, f.date)) == 0
	if h.onLeave(f) || (punctual && off) {
		f.refuted, f.contests = true, true
	}
	for _, v := range day {
		if (f.kind == "late" || f.kind == "early_leave") && v.session.name == f.session && v.edge == f.edge() && v.inTime() {
			f.refuted = true
		}
	}
}

// onLeave: the person was away at that time, seconds cut off, whatever `covers` says.
func (h *hall) onLeave(f *finding) bool {
	minute := cutMinute(wallOf(f.event.time, h.zone))
	return slices.ContainsFunc(h.leavesOn(f.person, f.date), func(l leaveOf) bool {
		return l.from <= minute && minute <= l.until
	})
}
