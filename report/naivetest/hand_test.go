package naivetest_test

// Rules that the samples do not show, each worked out by hand: a hall of one window with a policy of its own.

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"rollcall/report/naivetest"
)

// handPolicy opens on Thursday 2024-09-26; workdays 26, 27, 29, 30. patches replace keys of its sections.
func handPolicy(t *testing.T, patches map[string]string) map[string]any {
	t.Helper()
	sections := map[string]string{
		"timetables": `[{"name": "hall", "from": "01-01", "sessions": [{"name": "day", "start": "09:00", "end": "17:00", "punch": "both"}]},
			{"name": "night", "from": "01-01", "group": "night", "sessions": [{"name": "night", "start": "22:00", "end": "06:00", "punch": "both"}]},
			{"name": "saturday", "from": "01-01", "group": "saturday", "works": ["saturday"], "sessions": [{"name": "day", "start": "09:00", "end": "12:00", "punch": "both"}]}]`,
		"classes": `[{"name": "resident", "punches": true, "ranked": true}, {"name": "general", "punches": true, "ranked": true, "apart": true}]`,
		"windows": `[{"id": "w1", "number": 1, "name": "一"}, {"id": "w2", "number": 2, "name": "二"}]`,
		"punctuality": `{"grace": "0m", "late": {"points": 1}, "early_leave": {"points": 1}, "half_day_absence": {"from": "30m", "points": 5},
			"absence": {"points": 5}, "missing_punch": {"points": 2}, "correction": {"within_workdays": 1, "own_per_month": 1, "breaks_full_attendance": false}}`,
		"leave":      `[{"kind": "trip", "breaks_full_attendance": false}, {"kind": "annual"}]`,
		"discipline": `[{"kind": "badge", "subject": "person", "points": 3, "category": "conduct"}, {"kind": "manner", "subject": "person", "points": 3, "category": "conduct"}]`,
		"bonus":      `[{"kind": "visit", "points": 0.5}]`,
		"assessment": `{"staff": {"base": 100, "bonus_cap": 5}, "windows": {"bonus_cap": 10, "awards": 1, "title": "T"}}`,
	}
	maps.Copy(sections, patches)
	doc := map[string]any{"hall": "h", "name": "h", "timezone": "Asia/Shanghai", "effective": "2024-09-26",
		"calendar": map[string]any{"statutory": "CN", "weekend": []any{"saturday", "sunday"}}}
	for key, text := range sections {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		doc[key] = v
	}
	return doc
}

func line(kind, body string) string {
	return fmt.Sprintf(`{"subject": "rollcall.h.%s.c", "data": {%s}}`, kind, body)
}

func roster(person, more string) string {
	return line("roster", fmt.Sprintf(`"time": "2024-09-01T00:00:00Z", "person": %q, "name": "n", "window": "w1", "class": "resident", "from": "2024-01-01"%s`, person, more))
}

// punches writes "26 08:55" as punches of a person; a note after @ is the kind of a finding.
func punches(person string, times ...string) []string {
	var out []string
	for _, at := range times {
		at, kind, noted := strings.Cut(at, "@")
		stamp := "2024-09-" + strings.Replace(at, " ", "T", 1) + ":00+08:00"
		if noted {
			out = append(out, line("patrol", fmt.Sprintf(`"time": %q, "inspector": "I", "person": %q, "kind": %q`, stamp, person, kind)))
			continue
		}
		out = append(out, line("punch", fmt.Sprintf(`"time": %q, "person": %q`, stamp, person)))
	}
	return out
}

const farLater = "2024-11-01T00:00:00+08:00"

// told prints a month as short words: points and marks of each violation, the score of each person.
func told(t *testing.T, policy map[string]any, asOf string, lines ...string) string {
	t.Helper()
	doc, err := naivetest.Judge([]map[string]any{policy}, lines, "2024-09", asOf, naivetest.China())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range doc["violations"].([]any) {
		v := e.(map[string]any)
		words := []any{strings.TrimPrefix(v["id"].(string), "2024-09-"), v["kind"], v["points"]}
		out = append(out, strings.TrimSpace(fmt.Sprintln(append(words, v["marks"].([]any)...)...)))
	}
	for _, e := range doc["pending"].([]any) {
		p := e.(map[string]any)
		out = append(out, fmt.Sprint("pending ", strings.TrimPrefix(p["date"].(string), "2024-09-"), p["edge"]))
	}
	for _, e := range doc["staff"].([]any) {
		s := e.(map[string]any)
		out = append(out, fmt.Sprintf("%v=%v rank %v left %v", s["person"], s["score"], s["rank"], s["left_out"]))
	}
	for _, e := range doc["full_attendance"].([]any) {
		out = append(out, fmt.Sprint("full ", e.(map[string]any)["person"]))
	}
	return strings.Join(out, "; ")
}

func TestByHand(t *testing.T) {
	good := []string{"26 08:55", "26 17:05", "27 08:55", "27 17:05", "29 08:55", "29 17:05", "30 08:55", "30 17:05"}
	lateness := []string{"26 09:03", "26 17:05", "27 09:12", "27 17:05", "29 09:04", "29 17:05", "30 09:05", "30 17:05"}
	punctuality := func(more string) map[string]string {
		return map[string]string{"punctuality": `{"late": {"steps": [{"from": "1m", "points": 0.5}, {"from": "10m", "points": 1}]}, "early_leave": {"points": 1},
			"half_day_absence": {"from": "30m", "points": 5}, "absence": {"points": 5}, "missing_punch": {"points": 2}, ` + more +
			`"correction": {"within_workdays": 1, "own_per_month": 1}}`}
	}
	correction := func(id, at, made, reason string) string {
		return line("correction", fmt.Sprintf(`"id": %q, "person": "a", "at": "2024-09-%s:00+08:00", "time": "%s:00+08:00", "reason": %q, "approved_by": "m"`, id, at, made, reason))
	}
	for _, c := range []struct {
		name    string
		patches map[string]string
		lines   []string
		want    string
	}{
		{"steps, then tolerance, then repeat", punctuality(`"tolerance": {"kinds": ["late"], "per_month": 1, "up_to": "5m"}, "repeat": {"kinds": ["late"], "after": 1, "factor": 2}, `),
			append(punches("a", lateness...), roster("a", "")),
			"26/day/in/a late 0 tolerated; 27/day/in/a late 1; 29/day/in/a late 1 repeated; 30/day/in/a late 1 repeated; a=97 rank 1 left <nil>"},
		{"a note of a session that the night does not know comes behind the night",
			map[string]string{"punctuality": `{"late": {"points": 1}, "early_leave": {"points": 1}, "missing_punch": {"points": 2}, "absence": {"points": 5},
				"repeat": {"kinds": ["late", "early_leave"], "after": 1, "factor": 2}, "correction": {"within_workdays": 1, "own_per_month": 1}}`},
			append(punches("a", "30 22:00"),
				line("punch", `"time": "2024-10-01T05:50:00+08:00", "person": "a"`),
				line("patrol", `"time": "2024-09-30T10:00:00+08:00", "inspector": "I", "person": "a", "kind": "late", "session": "day"`),
				line("roster", `"time": "2024-09-01T00:00:00Z", "person": "a", "name": "n", "window": "w1", "class": "resident", "from": "2024-09-30", "group": "night"`)),
			"30/night/out/a early_leave 1; 30/day/in/a late 2 repeated; a=97 rank 1 left <nil>"},
		{"a category stops at its max, a floor holds",
			map[string]string{"assessment": `{"staff": {"base": 10, "bonus_cap": 5, "floor": 7, "full_attendance_bonus": 0.5, "categories": [{"name": "conduct", "max": 4}]}, "windows": {}}`},
			append(punches("a", append(good, "26 10:00@badge", "27 10:00@manner")...), roster("a", "")),
			"26/day/badge/a badge 3; 27/day/manner/a manner 3; a=7 rank 1 left <nil>; full a"},
		{"min_days, and a class apart",
			map[string]string{"assessment": `{"staff": {"base": 100, "bonus_cap": 5, "min_days": 3}, "windows": {}}`},
			append(append(append(punches("a", good...), punches("b", good[:2]...)...), punches("g", append(good, "26 10:00@badge")...)...),
				roster("a", ""), roster("b", `, "until": "2024-09-26"`), strings.Replace(roster("g", ""), "resident", "general", 1)),
			"26/day/badge/g badge 3; a=100 rank 1 left <nil>; g=97 rank 1 left <nil>; b=100 rank <nil> left min_days; full a; full g"},
		{"a group that works on Saturday", nil,
			append(punches("a", "28 09:01", "28 12:00", "26 10:00@late"), roster("a", `, "group": "saturday"`)),
			"28/day/in/a late 1; a=99 rank 1 left <nil>"},
		{"a night's band ends 6 hours after it, or midway to the next", nil,
			append(punches("a", "26 21:59", "27 11:59", "27 12:00", "28 11:59", "29 21:00", "30 06:00", "30 22:00"), roster("a", `, "group": "night"`)),
			"30/night/out/a missing_punch 2; a=98 rank 1 left <nil>"},
		{"leave by dates takes the night that starts on them", nil,
			append(punches("a", "26 22:00", "27 06:00", "29 22:00", "30 06:00", "30 22:10"), roster("a", `, "group": "night"`),
				line("leave", `"time": "2024-09-01T00:00:00Z", "person": "a", "kind": "annual", "from": "2024-09-27", "until": "2024-09-27"`)),
			"30/night/in/a late 1; 30/night/out/a missing_punch 2; a=97 rank 1 left <nil>"},
		{"given bands: the noon punch within the hour, no punch outside of its band",
			map[string]string{"timetables": `[{"name": "three", "from": "01-01", "sessions": [{"name": "morning", "start": "09:00", "end": "12:00", "punch": "start", "in": ["07:00", "09:30"]},
				{"name": "noon", "start": "12:00", "end": "13:00", "punch": "start", "in": ["12:00", "13:00"], "grace": "60m"}, {"name": "afternoon", "start": "13:00", "end": "17:00", "punch": "end"}]}]`},
			append(punches("a", "26 09:00", "26 12:59", "26 17:00", "27 09:30", "27 11:59", "27 17:00", "29 08:00", "29 13:00", "29 14:30", "30 06:59", "30 12:00", "30 17:00"), roster("a", "")),
			"27/morning/in/a missing_punch 2; 27/noon/in/a missing_punch 2; 29/noon/in/a missing_punch 2; 29/afternoon/out/a half_day_absence 5; 30/morning/in/a missing_punch 2; a=87 rank 1 left <nil>"},
		{"a seal cuts corrections off, a correction that makes it worse has no effect", nil,
			append(punches("a", "26 17:00", "27 17:00", "29 08:55", "29 17:00", "30 08:55", "30 17:00"), roster("a", ""),
				correction("c1", "26T11:00", "2024-09-26T18:00", "own"), correction("c2", "27T08:50", "2024-09-29T18:00", "own"), correction("c3", "26T08:50", "2024-09-27T18:00", "official"),
				line("seal", `"time": "2024-09-29T12:00:00+08:00", "month": "2024-09", "number": 1, "by": "m", "as_of": "2024-09-29T12:00:00+08:00", "sequence": 1, "digest": "d", "result": "r"`)),
			"27/day/in/a missing_punch 2; a=98 rank 1 left <nil>"},
		{"the first own form mends, the quota is used", nil,
			append(punches("a", "26 17:00", "27 17:00", "29 08:55", "29 17:00", "30 08:55", "30 17:00"), roster("a", ""),
				correction("c1", "26T11:00", "2024-09-26T18:00", "own"), correction("c2", "27T08:50", "2024-09-27T18:00", "own"), correction("c3", "26T08:50", "2024-09-27T19:00", "own")),
			"26/day/in/a missing_punch 2; a=98 rank 1 left <nil>"},
		{"an absence of a session and an early leave noted in it: one price", nil,
			append(punches("a", append(good[2:], "26 16:00@early_leave")...), roster("a", "")),
			"26/day/in/a absence 5; 26/day/out/a early_leave 0; a=95 rank 1 left <nil>"},
		{"leave at the end lends the start's latest punch", nil,
			append(punches("a", append(good[2:], "26 08:50", "26 10:02")...), roster("a", ""),
				line("leave", `"time": "2024-09-01T00:00:00Z", "person": "a", "kind": "trip", "from": "2024-09-26T10:05:00+08:00", "until": "2024-09-26T18:00:00+08:00"`)),
			"26/day/out/a early_leave 1; a=99 rank 1 left <nil>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(t, handPolicy(t, c.patches), farLater, c.lines...); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
