package naivetest

// Which corrections count: order, workdays, quota, seal, and whether they mend (contract 7).

import "slices"

// acceptCorrections goes through a month's corrections in the order they were made and returns, by
// person, those that have an effect. What depends on the month is read in its last version.
func (h *hall) acceptCorrections(first, last date) map[string][]mark {
	rule := h.policyOn(last).correction
	accepted, used := map[string][]mark{}, map[string]int64{}
	list := h.facts.live("correction")
	slices.SortFunc(list, inOrder)
	for _, e := range list {
		person := text(e.body, "person")
		at, _ := parseInstant(text(e.body, "at"))
		m := mark{uid: e.uid, wall: wallOf(at, h.zone), corrected: true}
		d, _, _, falls := h.planOf(person, m.wall)
		if !falls || d < first || d > last || text(e.body, "approved_by") == "" {
			continue
		}
		own := text(e.body, "reason") == "own"
		if h.tooLate(e, d, rule.within) || (own && rule.own != noLimit && used[person] >= rule.own) {
			continue
		}
		if !h.mends(person, d, accepted[person], m) {
			continue
		}
		accepted[person] = append(accepted[person], m)
		if own {
			used[person]++
		}
	}
	return accepted
}

// tooLate: made after so many workdays of the hall behind the planned date, or after the month's first seal.
func (h *hall) tooLate(e *event, planned date, within int64) bool {
	if seal := h.firstSeal(planned.month()); seal != nil && e.time > seal.time {
		return true
	}
	if within == noLimit {
		return false
	}
	end := planned
	for range within {
		for end++; !h.works("", end); end++ {
			if end > planned+1000 {
				return false // a hall that never works again
			}
		}
	}
	return dateOf(wallOf(e.time, h.zone)) > end
}

// mends: with every band taken as closed, some planned punch of the day is better and none worse.
func (h *hall) mends(person string, d date, before []mark, m mark) bool {
	old := h.judgeDay(person, d, before, closed)
	now := h.judgeDay(person, d, append(slices.Clone(before), m), closed)
	better := false
	for i := range old {
		switch compareVerdicts(now[i], old[i]) {
		case +1:
			return false
		case -1:
			better = true
		}
	}
	return better
}

// compareVerdicts is -1 when a is milder than b: by the order of 5.8, then by minutes.
func compareVerdicts(a, b verdict) int {
	if x, y := severity(a.kind), severity(b.kind); x != y {
		return sign(int64(x - y))
	}
	if a.minutes != nil && b.minutes != nil {
		return sign(*a.minutes - *b.minutes)
	}
	return 0
}

func sign(n int64) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// firstSeal is the earliest complete issue of a month; nil when it was never sealed.
func (h *hall) firstSeal(month string) *event {
	var first *event
	for _, e := range h.completeSeals(month) {
		if first == nil || later(first, e) {
			first = e
		}
	}
	return first
}

// completeSeals gives part 1 of every issue of which all parts are there.
func (h *hall) completeSeals(month string) []*event {
	parts := map[int64]map[int64]*event{}
	for _, e := range h.facts.live("seal") {
		if text(e.body, "month") == month {
			number := count(e.body, "number")
			if parts[number] == nil {
				parts[number] = map[int64]*event{}
			}
			parts[number][max(1, count(e.body, "part"))] = e
		}
	}
	var out []*event
	for _, issue := range parts {
		if one := issue[1]; one != nil && int64(len(issue)) >= max(1, count(one.body, "parts")) {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b *event) int { return sign(count(a.body, "number") - count(b.body, "number")) })
	return out
}
