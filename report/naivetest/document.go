package naivetest

// The JSON document of contract 10 as plain maps.

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"
)

func (m *monthOf) document() map[string]any {
	m.assessStaff()
	windows := m.assessWindows()
	return map[string]any{
		"hall": m.hall.id, "name": m.policy.name, "month": m.name, "workdays": len(m.workdays()),
		"sealed": m.sealed(), "changed_since": nil,
		"full_attendance": m.fullAttendance(),
		"violations":      m.violationList(m.violations),
		"pending":         m.pendingList(),
		"contested":       m.violationList(m.contested),
		"unresolved":      m.unresolvedList(),
		"conflicts":       m.hall.facts.conflicts(),
		"staff":           m.staffList(),
		"windows":         m.windowList(windows),
		"bonus":           m.bonusList(),
		"cases":           m.casesDocument(),
		"days":            m.dayList(),
		"ranking":         m.rankingList(),
		"awards":          m.awardList(windows),
		"vetoes":          m.vetoList(windows),
		"figures":         m.figureList(),
		"texts":           m.textList(),
	}
}

// sealed shows the last complete issue.
func (m *monthOf) sealed() any {
	seals := m.hall.completeSeals(m.name)
	if len(seals) == 0 {
		return nil
	}
	e := seals[len(seals)-1]
	return map[string]any{"number": count(e.body, "number"), "by": text(e.body, "by"), "at": m.hall.timeText(e.time), "digest": text(e.body, "digest")}
}

func (h *hall) timeText(instant int64) string {
	return time.Unix(instant, 0).In(h.zone).Format(time.RFC3339)
}

// inPeopleOrder: by window number, person.
func (m *monthOf) inPeopleOrder() []*member {
	out := slices.Clone(m.people)
	slices.SortStableFunc(out, func(a, b *member) int {
		return cmp.Or(cmp.Compare(m.number(a.row.window), m.number(b.row.window)), cmp.Compare(a.person, b.person))
	})
	return out
}

func (m *monthOf) fullAttendance() []any {
	out := []any{}
	for _, one := range m.inPeopleOrder() {
		if one.full {
			out = append(out, map[string]any{"person": one.person, "name": one.row.name, "window": one.row.window})
		}
	}
	return out
}

// violationList: by date, window number, person (null last), session (by start, unknown last by name), kind, id.
func (m *monthOf) violationList(list []*violation) []any {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *violation) int {
		return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(m.number(a.window), m.number(b.window)), compareNullLast(a.person, b.person),
			cmp.Compare(m.sessionStart(a), m.sessionStart(b)), cmp.Compare(a.session, b.session), cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
	})
	out := []any{}
	for _, v := range list {
		out = append(out, map[string]any{"id": v.id, "date": v.date.String(), "window": v.window, "person": orNull(v.person),
			"stand_in": v.standIn, "unnamed": v.unnamed, "kind": v.kind, "session": orNull(v.session), "minutes": v.minutes,
			"points": number(v.points), "state": v.state, "marks": append([]string{}, v.marks...), "proofs": append([]string{}, v.proofs...)})
	}
	return out
}

func compareNullLast(a, b string) int {
	if (a == "") != (b == "") {
		return map[bool]int{true: 1, false: -1}[a == ""]
	}
	return cmp.Compare(a, b)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// sessionStart orders sessions by the timetable of the person's group, for a window by the hall's.
func (m *monthOf) sessionStart(v *violation) int64 {
	for _, s := range m.hall.sessionsOn(m.hall.groupOn(v.person, v.date), v.date) {
		if s.name == v.session {
			return s.start
		}
	}
	return math.MaxInt64
}

func (m *monthOf) pendingList() []any {
	out := []any{}
	for _, one := range m.inPeopleOrder() {
		for _, d := range m.judged() {
			for _, v := range one.days[d] {
				if v.kind == "pending" {
					out = append(out, map[string]any{"person": one.person, "date": d.String(), "session": v.session.name,
						"edge": v.edge, "due": clockText(v.due, d, "15:04")})
				}
			}
		}
	}
	return out
}

func (m *monthOf) unresolvedList() []any {
	out := []any{}
	for _, u := range m.unresolved {
		out = append(out, map[string]any{"uid": u.uid, "reason": u.reason, "value": u.value})
	}
	return out
}

func (m *monthOf) staffList() []any {
	var scores []*score
	for _, one := range m.people {
		scores = append(scores, one.score)
	}
	inOrderOfRank(scores)
	out := []any{}
	for _, s := range scores {
		one := m.member(s.id)
		line := map[string]any{"person": s.id, "name": one.row.name, "window": one.row.window, "class": one.row.class,
			"score": number(s.points), "deductions": number(s.deductions), "bonus": number(s.bonus),
			"rank": nil, "tied": nil, "left_out": orNull(s.leftOut)}
		if s.leftOut == "" {
			line["rank"], line["tied"] = s.rank, s.tied
		}
		out = append(out, line)
	}
	return out
}

func (m *monthOf) windowList(scores []*score) []any {
	out := []any{}
	for _, s := range scores {
		out = append(out, map[string]any{"window": s.id, "name": m.policy.windows[s.id].name, "score": number(s.points),
			"staff_mean": number(s.mean), "deductions": number(s.deductions), "bonus": number(s.bonus),
			"rank": s.rank, "tied": s.tied, "award": s.award})
	}
	return out
}

func (m *monthOf) bonusList() []any {
	out := []any{}
	for _, b := range m.bonusSums() {
		out = append(out, map[string]any{"windows": b.windows, "person": orNull(b.person), "kind": b.kind, "count": b.count})
	}
	return out
}

func (m *monthOf) dayList() []any {
	out := []any{}
	for _, one := range m.inPeopleOrder() {
		for _, d := range m.judged() {
			day, due := one.days[d]
			if !due {
				continue
			}
			punches := []any{}
			for _, v := range day {
				punches = append(punches, verdictLine(v))
			}
			out = append(out, map[string]any{"person": one.person, "date": d.String(), "punches": punches})
		}
	}
	return out
}

func verdictLine(v verdict) map[string]any {
	line := map[string]any{"session": v.session.name, "edge": v.edge, "due": clockText(v.due, v.date, "15:04"), "at": nil,
		"verdict": v.kind, "minutes": v.minutes, "corrected": false, "covered_by": orNull(v.covered), "proofs": []string{}}
	if v.at != nil {
		line["at"] = clockText(v.at.wall, v.date, "15:04:05")
		line["corrected"] = v.at.corrected
		line["proofs"] = []string{v.at.uid}
	}
	return line
}

// asJSON turns a document into what a reader of its JSON sees: maps, lists, strings, float64, nil.
func asJSON(doc map[string]any) (map[string]any, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	err = json.Unmarshal(text, &out)
	return out, err
}
