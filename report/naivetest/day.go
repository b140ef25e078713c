package naivetest

// A person's day: which punch stands for which planned punch, and the verdicts (contract 5.3 to 5.7).

import (
	"cmp"
	"slices"
)

// verdict is what a planned punch came to.
type verdict struct {
	planned
	at      *mark
	kind    string // ok, late, early_leave, missing_punch, half_day_absence, absence, excused, pending
	minutes *int64
}

// closed asks judgeDay to take every band as closed and to wait for no terminal.
const closed = farAhead

// judgeDay judges a person's day with the corrections that count, at as_of (wall).
func (h *hall) judgeDay(person string, d date, corrections []mark, asOf int64) []verdict {
	list := h.plannedOn(person, d)
	if len(list) == 0 {
		return nil
	}
	h.cover(person, d, list)
	marks := h.marksOf(person, d, corrections)
	chosen := choose(list, marks)
	out := []verdict{}
	for i, p := range list {
		out = append(out, h.judge(p, chosen[i], asOf))
	}
	absences(out)
	return out
}

// marksOf sorts the day's punches and corrections into bands, each list in the order (time, uid).
func (h *hall) marksOf(person string, d date, corrections []mark) map[string][]mark {
	out := map[string][]mark{}
	for _, m := range slices.Concat(h.marks[person], corrections) {
		if near := dateOf(m.wall); near != d && near != d+1 {
			continue
		}
		if day, session, edge, ok := h.planOf(person, m.wall); ok && day == d {
			out[session+"/"+edge] = append(out[session+"/"+edge], m)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b mark) int { return cmp.Or(cmp.Compare(a.wall, b.wall), cmp.Compare(a.uid, b.uid)) })
	}
	return out
}

// choose gives each planned punch its punch: the earliest of a start's band, the latest of an end's, and
// the two loans between the bands of one session; no loan for an edge that is removed (contract 5.4).
func choose(list []planned, marks map[string][]mark) []*mark {
	out := make([]*mark, len(list))
	for i, p := range list {
		starts, ends := marks[p.session.name+"/in"], marks[p.session.name+"/out"]
		switch {
		case p.edge == "in" && len(starts) > 0:
			out[i] = &starts[0]
		case p.edge == "in" && several(ends) && !p.removed:
			out[i] = &ends[0]
		case p.edge == "out" && len(ends) > 0:
			out[i] = &ends[len(ends)-1]
		case p.edge == "out" && several(starts) && !p.removed && p.moved:
			out[i] = &starts[len(starts)-1]
		}
	}
	return out
}

// several: of different minutes.
func several(list []mark) bool {
	return len(list) > 1 && cutMinute(list[0].wall) != cutMinute(list[len(list)-1].wall)
}

// judge gives the verdict of one planned punch by itself; absences looks at the session.
func (h *hall) judge(p planned, at *mark, asOf int64) verdict {
	v := verdict{planned: p, at: at}
	switch {
	case p.removed:
		v.kind = "excused"
	case at == nil && h.pending(p, asOf):
		v.kind = "pending"
	case at == nil:
		v.kind = "missing_punch"
	default:
		h.measure(&v, asOf)
	}
	return v
}

// measure: late by (minute - start) minutes when that is more than the grace, early likewise; from
// half_day_absence.from minutes on it is half_day_absence; an early end may be pending (contract 5.5, 5.9).
func (h *hall) measure(v *verdict, asOf int64) {
	off, kind := cutMinute(v.at.wall)-v.due, "late"
	if v.edge == "out" {
		off, kind = v.due-cutMinute(v.at.wall), "early_leave"
	}
	if off <= v.session.grace {
		v.kind, v.minutes = "ok", new(int64)
		return
	}
	if v.edge == "out" && h.pending(v.planned, asOf) {
		v.kind = "pending"
		return
	}
	minutes := off / 60
	v.kind, v.minutes = kind, &minutes
	if half, ok := h.policyOn(v.date).punctuality["half_day_absence"]; ok && off >= half.from {
		v.kind = "half_day_absence"
	}
}

// absences: no punch, correction or removed planned punch in a session with both edges planned (contract 5.7).
func absences(list []verdict) {
	for i := range list {
		for j := range list {
			in, out := &list[i], &list[j]
			if in.session.name == out.session.name && in.edge == "in" && out.edge == "out" &&
				in.kind == "missing_punch" && out.kind == "missing_punch" {
				in.kind, out.kind = "absence", "absence"
			}
		}
	}
}

// inTime says whether the punch of an edge is in time, removed or not (contract 6).
func (v verdict) inTime() bool {
	if v.at == nil {
		return false
	}
	if v.edge == "in" {
		return cutMinute(v.at.wall)-v.due <= v.session.grace
	}
	return v.due-cutMinute(v.at.wall) <= v.session.grace
}
