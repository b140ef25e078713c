package naivetest

// The assessment, opened: head and tail, awards, vetoes, figures and texts.

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// rankingList: of each pool those before whom fewer than `top` stand, and of the others those behind whom fewer
// than `bottom` do.
func (m *monthOf) rankingList() []any {
	pools := map[string][]*score{}
	for _, one := range m.people {
		if one.score.leftOut == "" {
			pools[one.score.pool] = append(pools[one.score.pool], one.score)
		}
	}
	out := []any{}
	for _, pool := range append([]string{""}, m.policy.apart()...) {
		if list := pools[pool]; len(list) > 0 {
			inOrderOfRank(list)
			out = append(out, m.rankingOf(pool, list))
		}
	}
	return out
}

func (m *monthOf) rankingOf(pool string, list []*score) map[string]any {
	top, bottom := []any{}, []any{}
	for before, s := range list {
		behind := len(list) - 1 - before
		line := map[string]any{"person": s.id, "name": m.member(s.id).row.name, "window": m.member(s.id).row.window,
			"score": number(s.points), "rank": s.rank, "tied": s.tied}
		switch {
		case int64(before) < m.policy.top:
			top = append(top, line)
		case int64(behind) < m.policy.bottom:
			bottom = append(bottom, line)
		}
	}
	return map[string]any{"class": orNull(strings.TrimPrefix(pool, "apart ")), "ranked": len(list), "top": top, "bottom": bottom}
}

// awardList: the windows' award first, then the others by title.
func (m *monthOf) awardList(inOrder []*score) []any {
	byTitle := map[string]map[string]any{}
	for _, e := range winners(m.hall.facts.live("award"), func(e *event) string { return text(e.body, "month") + "/" + text(e.body, "title") }) {
		if text(e.body, "month") == m.name {
			byTitle[text(e.body, "title")] = map[string]any{"title": text(e.body, "title"), "windows": texts(e.body, "windows"),
				"persons": texts(e.body, "persons"), "by": text(e.body, "by"), "reason": text(e.body, "reason"), "uid": e.uid, "tied": 0, "taken": 0}
		}
	}
	if byTitle[m.policy.title] == nil {
		if a := m.computedAward(inOrder); a != nil {
			byTitle[m.policy.title] = a
		}
	}
	titles := sortedKeys(byTitle)
	sort.SliceStable(titles, func(i, j int) bool { return titles[i] == m.policy.title && titles[j] != m.policy.title })
	out := []any{}
	for _, title := range titles {
		out = append(out, byTitle[title])
	}
	return out
}

func (m *monthOf) computedAward(inOrder []*score) map[string]any {
	var last *score
	windows := []string{}
	for _, s := range inOrder {
		if s.award {
			windows, last = append(windows, s.id), s
		}
	}
	if last == nil {
		return nil
	}
	taken := 0
	for _, s := range inOrder {
		if s.award && s.rank == last.rank {
			taken++
		}
	}
	return map[string]any{"title": m.policy.title, "windows": windows, "persons": []string{}, "by": nil, "reason": nil, "uid": nil,
		"tied": last.tied, "taken": taken}
}

// vetoList: of the assessed windows by number, their violations in the order of the list.
func (m *monthOf) vetoList(inOrder []*score) []any {
	windows := slices.Clone(inOrder)
	slices.SortFunc(windows, func(a, b *score) int { return int(a.number - b.number) })
	out := []any{}
	for _, w := range windows {
		for _, line := range m.violationList(m.violations) {
			v := line.(map[string]any)
			day, _ := parseDate(v["date"].(string))
			if kind := v["kind"].(string); v["window"] == w.id && m.hall.policyOn(day).discipline[kind].veto {
				out = append(out, map[string]any{"window": w.id, "violation": v["id"], "kind": kind, "date": v["date"], "until": m.endOf(m.hall.policyOn(day).discipline[kind].vetoFor)})
			}
		}
	}
	return out
}

// endOf is the last day of a term that began in the month.
func (m *monthOf) endOf(term string) string {
	year, month := m.name[:5], m.name[5:]
	switch {
	case term == "year":
		return year + "12-31"
	case term == "quarter":
		return year + map[string]string{"01": "03-31", "02": "03-31", "03": "03-31", "04": "06-30", "05": "06-30", "06": "06-30",
			"07": "09-30", "08": "09-30", "09": "09-30", "10": "12-31", "11": "12-31", "12": "12-31"}[month]
	}
	return m.last.String()
}

// figureList and textList: what was sent last of each name.
func (m *monthOf) figureList() []any {
	held := winners(m.hall.facts.live("figure"), func(e *event) string {
		return text(e.body, "month") + "\x00" + text(e.body, "name") + "\x00" + text(e.body, "window")
	})
	keys := sortedKeys(held) // by name, of a name the hall's first
	slices.SortStableFunc(keys, func(a, b string) int {
		x, y := held[a].body, held[b].body
		if text(x, "name") != text(y, "name") || text(x, "window") == "" || text(y, "window") == "" {
			return 0
		}
		return cmp.Compare(m.number(text(x, "window")), m.number(text(y, "window")))
	})
	out := []any{}
	for _, key := range keys {
		if e := held[key]; text(e.body, "month") == m.name {
			out = append(out, map[string]any{"name": text(e.body, "name"), "window": orNull(text(e.body, "window")), "unit": orNull(text(e.body, "unit")), "uid": e.uid})
		}
	}
	return out
}

func (m *monthOf) textList() []any {
	held := winners(m.hall.facts.live("text"), func(e *event) string { return text(e.body, "month") + "\x00" + text(e.body, "section") })
	out := []any{}
	for _, key := range sortedKeys(held) {
		if e := held[key]; text(e.body, "month") == m.name {
			out = append(out, map[string]any{"section": text(e.body, "section"), "items": texts(e.body, "items"), "uid": e.uid})
		}
	}
	return out
}
