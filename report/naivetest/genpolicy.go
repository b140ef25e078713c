package naivetest

// Drawn policies: every key of hall-full.yaml, with versions that say otherwise within a month.

import (
	"fmt"
	"maps"
	"time"
)

// kinds are what a version says of windows, classes and the kinds of leave, findings and bonus.
type kinds struct {
	windows, classes, leave, bonus []any
	discipline                     []map[string]any
}

func (g *generator) drawWindows() {
	for i := range g.between(2, 4, "windows") {
		g.windows = append(g.windows, fmt.Sprintf("w%02d", i+1))
	}
	g.kinds = g.kindsOf()
}

// kindsOf draws what the versions of a policy may say otherwise; the names of windows, classes and kinds are the same in all.
func (g *generator) kindsOf() kinds {
	return kinds{
		windows: g.windowsOf(),
		classes: []any{
			map[string]any{"name": "resident", "punches": true, "ranked": true},
			map[string]any{"name": "general", "punches": true, "ranked": true, "apart": true},
			map[string]any{"name": "enterprise", "punches": g.chance(90, "enterprise punches"), "ranked": false},
			map[string]any{"name": "stand_in", "punches": g.chance(20, "stand-ins punch"), "ranked": g.chance(20, "stand-ins ranked"), "stand_in": true},
			map[string]any{"name": "manager", "punches": false, "ranked": g.chance(20, "managers ranked")},
		},
		leave: []any{
			map[string]any{"kind": "annual", "name": "公休假"},
			map[string]any{"kind": "personal", "name": "事假", "breaks_full_attendance": true},
			map[string]any{"kind": "trip", "name": "出差", "breaks_full_attendance": g.chance(10, "trip breaks")},
			map[string]any{"kind": "outing", "name": "外出", "breaks_full_attendance": false, "covers": !g.chance(10, "outing covers not")},
			map[string]any{"kind": "training", "name": "培训", "breaks_full_attendance": g.chance(30, "training breaks"), "covers": false},
		},
		discipline: []map[string]any{
			{"kind": "phone_use", "name": "玩手机", "subject": pick(g, "phone subject", "person", "person", "person", "window")},
			{"kind": "empty_post", "name": "空岗", "subject": "window"},
			{"kind": "left_post", "name": "脱岗", "subject": "person", "breaks_full_attendance": g.chance(90, "left post breaks")},
			g.quarrel(),
			{"kind": "badge", "name": "工牌", "subject": "person", "category": "conduct"},
			{"kind": "manner", "name": "态度", "subject": "person", "category": pick(g, "manner category", "conduct", "conduct", "other")},
			{"kind": "tidiness", "name": "卫生", "subject": "window"},
			g.lateNoted(),
		},
		bonus: []any{
			map[string]any{"kind": "home_visit", "name": "上门", "points": 0.5, "needs_verification": g.chance(80, "verify")},
			map[string]any{"kind": "appointment", "name": "预约", "points": 0.5},
			map[string]any{"kind": "time_cut", "name": "压缩", "points": 0.1, "cap": pick(g, "bonus cap", 1, 0.35, 3)},
		},
	}
}

func (g *generator) windowsOf() []any {
	var list []any
	for i, id := range g.windows {
		w := map[string]any{"id": id, "number": 40 - i*7, "name": "窗口" + id}
		if i == 2 {
			w["number"] = 3
		}
		if g.chance(10, "not assessed") {
			w["assessed"] = false
		}
		if i > 0 && g.chance(15, "window from") {
			w["from"] = g.wideDay("window from day").String()
		} else if i > 0 && g.chance(15, "window until") {
			w["until"] = g.wideDay("window until day").String()
		}
		list = append(list, w)
	}
	return list
}

func (g *generator) quarrel() map[string]any {
	d := map[string]any{"kind": "quarrel", "name": "争吵", "subject": "person"}
	if g.chance(80, "quarrel veto") {
		d["veto"], d["veto_for"] = true, pick(g, "veto term", "month", "quarter", "year")
	}
	return d
}

// lateNoted is a kind that punctuality has as well: its points are those of punctuality, all else is said here.
func (g *generator) lateNoted() map[string]any {
	d := map[string]any{"kind": "late", "name": "迟到", "subject": pick(g, "late subject", "person", "person", "person", "window")}
	if g.chance(20, "late category") {
		d["category"] = "conduct"
	}
	if g.chance(10, "late veto") {
		d["veto"] = true
	}
	return d
}

// drawPolicies: a file from the first day on; further versions as files or as events; a version of the same day
// that was sent later; one that is older than the month.
func (g *generator) drawPolicies() {
	g.files = []map[string]any{g.policyOf(g.first)}
	if g.chance(40, "second version") {
		d := g.day("second version from")
		p := g.policyOf(d)
		if d > g.first && g.chance(50, "as a file") {
			g.files = append(g.files, p)
		} else {
			g.send("policy", "console", map[string]any{"time": g.stamp(g.wideDay("made").start()), "policy": p})
		}
	}
	if g.chance(15, "third version") {
		p := g.policyOf(g.day("third version from") - date(pick(g, "even earlier", 0, 0, 2)))
		g.send("policy", "console", map[string]any{"time": g.stamp(g.wideDay("made").start()), "policy": p})
	}
}

func (g *generator) policyOf(effective date) map[string]any {
	kinds := g.kinds
	if g.chance(25, "other kinds") {
		kinds = g.kindsOf()
	}
	return map[string]any{
		"hall": hallID, "name": pick(g, "name", "生成大厅", "生成大厅二"), "timezone": g.zone.String(), "effective": effective.String(),
		"calendar": g.calendarOf(), "timetables": g.timetablesOf(), "classes": kinds.classes,
		"units": []any{map[string]any{"id": "bureau", "name": "局"}}, "windows": kinds.windows,
		"punctuality": g.punctualityOf(), "leave": kinds.leave, "discipline": g.disciplineOf(kinds), "bonus": kinds.bonus,
		"assessment": g.assessmentOf(), "terminals": map[string]any{"wait": pick(g, "wait", "24h", "2h", "48h", "30m", "0h")},
		"bulletin": map[string]any{"issuer": "局", "parts": []any{"focus", "cases"}},
	}
}

func (g *generator) calendarOf() map[string]any {
	c := map[string]any{"statutory": pick(g, "statutory", "CN", "CN", "CN", "none"), "weekend": []any{"saturday", "sunday"}, "closed": []any{}, "open": []any{}}
	if g.chance(15, "closed") {
		c["closed"] = []any{g.day("closed day").String()}
	}
	if g.chance(20, "open") {
		c["open"] = []any{g.day("open day").String()}
	}
	return c
}

func sessionOf(name, start, end, punch string, more ...any) map[string]any {
	s := map[string]any{"name": name, "start": start, "end": end, "punch": punch}
	for i := 0; i+1 < len(more); i += 2 {
		s[more[i].(string)] = more[i+1]
	}
	return s
}

// hallSessions draws one to six planned punches.
func (g *generator) hallSessions() []any {
	switch g.between(0, 8, "sessions") {
	case 0:
		return []any{sessionOf("morning", "08:30", "12:00", "both", "in", []any{"07:00", "10:15"}, "out", []any{"10:15", "13:00"}),
			sessionOf("afternoon", "14:00", "17:30", "both")}
	case 1:
		return []any{sessionOf("first", "08:30", "11:30", "both"), sessionOf("second", "13:00", "15:01", "both", "grace", "0m"),
			sessionOf("third", "15:20", "17:35", "both")}
	case 2:
		return []any{sessionOf("morning", "08:31", "12:00", "both", "grace", pick(g, "session grace", "10m", "0m", "60m")),
			sessionOf("afternoon", "14:30", "18:00", "both")}
	case 3:
		return []any{sessionOf("day", "09:00", "17:00", pick(g, "edges", "start", "end"))}
	case 4:
		return guideSessions()
	case 5: // to midnight
		return []any{sessionOf("morning", "08:30", "12:00", "both"), sessionOf("evening", "18:00", pick(g, "midnight", "00:00", "24:00"), "both")}
	case 6: // a night with a day before it
		return []any{sessionOf("day", "09:00", "11:01", pick(g, "edges", "both", "start")), sessionOf("night", "20:00", "03:00", pick(g, "night edges", "both", "end", "start"))}
	}
	return []any{sessionOf("morning", "08:30", "12:00", "both"), sessionOf("afternoon", "14:30", "18:00", pick(g, "edges", "both", "both", "end", "none"))}
}

func guideSessions() []any {
	return []any{sessionOf("morning", "09:00", "12:00", "start"), sessionOf("noon", "12:00", "13:00", "start", "in", []any{"12:00", "13:00"}, "grace", "60m"),
		sessionOf("afternoon", "13:00", "17:00", "end")}
}

func (g *generator) timetablesOf() []any {
	hall := map[string]any{"name": "hall", "from": pick(g, "hall from", "01-01", "05-01", "10-01"), "sessions": g.hallSessions()}
	if g.chance(30, "friday") {
		hall["weekdays"] = map[string]any{"friday": []any{sessionOf("morning", "08:30", "12:00", "both"), sessionOf("afternoon", "14:00", "17:00", "both")}}
	}
	list := []any{hall}
	if g.chance(30, "second timetable") {
		list = append(list, map[string]any{"name": "season", "from": max(g.first, g.day("season from")).monthDay(), "sessions": g.hallSessions()})
	}
	return append(list, g.groupTimetables()...)
}

func (g *generator) groupTimetables() []any {
	through := map[string]any{"name": "through", "from": "01-01", "group": "through", "sessions": []any{sessionOf("day", "09:00", "17:00", "both")}}
	if g.chance(30, "through on wednesday") {
		through["weekdays"] = map[string]any{"wednesday": []any{sessionOf("day", "09:30", "16:01", "both")}, "monday": []any{}}
	}
	list := []any{through}
	if g.chance(30, "through season") {
		list = append(list, map[string]any{"name": "through2", "from": max(g.first, g.day("through season from")).monthDay(), "group": "through",
			"sessions": []any{sessionOf("day", "10:00", "18:00", "both")}})
	}
	return append(list,
		map[string]any{"name": "guide", "from": "01-01", "group": "guide", "sessions": guideSessions()},
		map[string]any{"name": "night", "from": "01-01", "group": "night", "sessions": []any{g.nightSession()}},
		map[string]any{"name": "saturday", "from": "01-01", "group": "saturday", "works": pick(g, "works", []any{"saturday"}, []any{"friday", "saturday", "monday"}),
			"sessions": []any{sessionOf("morning", "09:00", "12:00", "both")}})
}

func (g *generator) nightSession() map[string]any {
	night := pick(g, "night", [3]string{"22:00", "06:00", "both"}, [3]string{"22:00", "06:00", "both"}, [3]string{"20:00", "02:01", "both"},
		[3]string{"23:30", "07:30", "end"}, [3]string{"22:00", "06:00", "start"}, [3]string{"16:00", "00:00", "both"})
	s := sessionOf("night", night[0], night[1], night[2])
	if night[0] == "22:00" && g.chance(40, "night bands") {
		s["in"] = []any{pick(g, "night in", "20:00", "21:30"), pick(g, "night in until", "23:30", "00:30", "01:00")}
		s["out"] = []any{pick(g, "night out", "04:00", "05:30"), pick(g, "night out until", "08:00", "13:00")}
	}
	return s
}

func (g *generator) punctualityOf() map[string]any {
	p := map[string]any{
		"grace":            pick(g, "grace", "0m", "5m", "1m"),
		"late":             map[string]any{"points": pick(g, "late points", 1, 0.5)},
		"early_leave":      map[string]any{"points": pick(g, "early points", 1, 0.3)},
		"half_day_absence": map[string]any{"from": pick(g, "half from", "30m", "15m", "60m"), "points": pick(g, "half points", 5, 3)},
		"absence":          map[string]any{"points": pick(g, "absence points", 5, 4)},
		"missing_punch":    map[string]any{"points": 2},
		"correction": map[string]any{"within_workdays": pick(g, "within", 1, 0, 2), "own_per_month": pick(g, "quota", 2, 1, 3, 0),
			"breaks_full_attendance": g.chance(30, "correction breaks")},
	}
	if g.chance(50, "steps") {
		p["late"] = map[string]any{"steps": []any{map[string]any{"from": "1m", "points": 0.5}, map[string]any{"from": "10m", "points": 1}}}
	}
	if g.chance(20, "early steps") {
		p["early_leave"] = map[string]any{"steps": []any{map[string]any{"from": "1m", "points": 0.2}, map[string]any{"from": "6m", "points": 1.5}}}
	}
	if g.chance(50, "tolerance") {
		p["tolerance"] = map[string]any{"kinds": pick(g, "tolerated", []any{"late", "early_leave"}, []any{"late"}),
			"per_month": pick(g, "tolerated number", 1, 2), "up_to": pick(g, "up to", "10m", "6m")}
	}
	if g.chance(50, "repeat") {
		p["repeat"] = map[string]any{"kinds": pick(g, "repeated", []any{"late"}, []any{"late", "early_leave"}, []any{"missing_punch"}),
			"after": pick(g, "after", 1, 2), "factor": pick(g, "factor", 2, 1.5)}
	}
	for _, key := range []string{"late", "early_leave", "half_day_absence", "absence", "missing_punch", "correction"} {
		if g.chance(6, "without "+key) {
			delete(p, key)
		}
	}
	return p
}

func (g *generator) disciplineOf(kinds kinds) []any {
	var out []any
	for _, kind := range kinds.discipline {
		d := map[string]any{"points": pick(g, "discipline points", 1, 2, 0.5, 0.1, 3, 0.0001, 0)}
		maps.Copy(d, kind)
		if g.chance(30, "shared") {
			d["shared"] = map[string]any{"chief_rep": pick(g, "share", 0.5, 1, 0.2, 0.3333)}
		}
		if g.chance(30, "discipline repeat") {
			d["repeat"] = map[string]any{"after": pick(g, "discipline after", 1, 2, 0), "factor": pick(g, "discipline factor", 2, 1.5, 0.3333)}
		}
		out = append(out, d)
	}
	if g.chance(50, "early leave too") {
		out = append(out, map[string]any{"kind": "early_leave", "name": "早退", "subject": "person", "points": 1})
	}
	return out
}

func (g *generator) assessmentOf() map[string]any {
	staff := map[string]any{"base": pick(g, "base", 100, 10), "bonus_cap": pick(g, "staff cap", 5, 1), "top": pick(g, "top", 3, 1, 0, 2), "bottom": pick(g, "bottom", 3, 2, 0)}
	if g.chance(30, "floor") {
		staff["floor"] = pick(g, "floor at", 0, 95)
	}
	if g.chance(40, "min days") {
		staff["min_days"] = pick(g, "min days of", 1, 2, 3)
	}
	if g.chance(40, "full bonus") {
		staff["full_attendance_bonus"] = pick(g, "full bonus of", 0, 2, 10)
	}
	if g.chance(50, "categories") {
		staff["categories"] = []any{map[string]any{"name": "conduct", "max": pick(g, "category max", 1, 2, 4)}}
	}
	a := map[string]any{"staff": staff, "ties": "same_rank", "seal_day": 5, "appeal_workdays": 3,
		"windows": map[string]any{"bonus_cap": pick(g, "window cap", 10, 2), "awards": pick(g, "awards", 1, 2, 3), "title": "优秀服务窗口"}}
	if g.chance(60, "tie breakers") {
		a["tie_breakers"] = pick(g, "breakers", []any{"fewer_deductions", "full_attendance", "more_bonus", "more_cases"},
			[]any{"full_attendance"}, []any{"more_cases"}, []any{"more_bonus", "fewer_deductions"})
	}
	return a
}

// drawCalendar: a statutory table newer than the built-in one.
func (g *generator) drawCalendar() {
	if !g.chance(20, "calendar") {
		return
	}
	year := g.first.time().Year() + pick(g, "calendar year", 0, 1)
	days := []any{}
	for range g.between(1, 3, "calendar days") {
		days = append(days, map[string]any{"date": g.day("calendar day").String(), "name": "节", "off": g.chance(60, "calendar off")})
	}
	days = distinctDays(days)
	g.send("calendar", "console", map[string]any{"time": g.stamp(g.first.start() + int64(time.Hour/time.Second)), "year": year, "days": days})
}

func distinctDays(days []any) []any {
	seen := map[any]bool{}
	out := []any{}
	for _, day := range days {
		if d := day.(map[string]any)["date"]; !seen[d] {
			seen[d] = true
			out = append(out, day)
		}
	}
	return out
}
