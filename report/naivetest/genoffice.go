package naivetest

// Drawn notes of inspectors, rulings, and what the office sends: bonus, cases, figures, texts, awards, seals.

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

func (g *generator) drawNotes() {
	for range g.between(4, 14, "notes") {
		d := g.day("note day")
		body := map[string]any{"time": g.stamp(g.noteTime(d)), "inspector": "I01",
			"kind": pick(g, "note kind", "late", "phone_use", "badge", "manner", "empty_post", "early_leave", "left_post", "quarrel", "tidiness", "absence", "clear", "praise", "missing_punch", "half_day_absence")}
		switch g.between(0, 7, "subject") {
		case 0:
			body["window"] = pick(g, "noted window", g.windows...)
		case 1:
			body["window"], body["unnamed"] = pick(g, "noted window", g.windows...), g.between(0, 3, "unnamed")
		case 2:
			body["window"], body["stand_in"] = pick(g, "noted window", g.windows...), true
			if g.chance(50, "for whom") {
				body["person"] = g.someone("stood in for")
			}
		case 3:
			body["person"], body["stand_in"] = g.someone("stood in for"), true
		case 4:
			body["person"], body["window"] = g.someone("noted"), pick(g, "noted window", g.windows...)
		default:
			body["person"] = g.someone("noted")
		}
		if g.chance(10, "by number too") {
			body["unnamed"] = 2
		}
		if g.chance(15, "session given") {
			body["session"] = pick(g, "given session", "morning", "afternoon", "day", "night", "other")
		}
		if g.chance(20, "note extras") {
			body["channel"], body["evidence"], body["note"] = "video", []any{"ref-1"}, ""
		}
		source := pick(g, "inspector", "I01", "I02")
		g.send("patrol", source, body)
		if g.chance(20, "seen twice") {
			again := map[string]any{}
			maps.Copy(again, body)
			delete(again, "id")
			if g.chance(50, "on another day") {
				again["time"] = g.stamp(g.noteTime(g.day("again on")))
			}
			g.send("patrol", "V01", again)
		}
	}
}

func (g *generator) noteTime(d date) int64 {
	if g.chance(15, "at night") {
		return d.start() + 60*int64(pick(g, "night minute", 0, 2*60, 5*60+59, 6*60, 6*60+1, 23*60))
	}
	return g.spanEnd(d) + int64(pick(g, "note second", 0, 0, 59))
}

// drawRulings rules on events of every kind and on violation ids built of plausible parts.
func (g *generator) drawRulings() {
	for range g.between(3, 12, "rulings") {
		body := map[string]any{"time": g.stamp(g.last.start() + 3600*int64(g.between(0, 40, "ruled at"))), "by": "m01", "reason": "核实",
			"state": pick(g, "state", "confirmed", "rejected", "appealed", "upheld", "cancelled")}
		if g.chance(50, "on a violation") {
			body["on"] = g.violationID()
		} else {
			g.ruleOnEvent(body)
		}
		g.send("ruling", "console", body)
		if g.chance(40, "ruled again") {
			second := map[string]any{"time": g.stamp(g.last.start() + 3600*int64(g.between(0, 60, "ruled again at"))), "by": "m01", "reason": "复核",
				"state": pick(g, "second state", "appealed", "confirmed", "rejected", "upheld"), "on": body["on"]}
			if body["person"] != nil {
				second["person"], second["date"] = body["person"], body["date"]
			}
			g.send("ruling", "console", second)
		}
	}
}

func (g *generator) ruleOnEvent(body map[string]any) {
	var of []sent
	wanted := pick(g, "ruled kind", "patrol", "patrol", "patrol", "punch", "leave", "correction", "excuse", "any")
	for _, s := range g.sent {
		if s.kind == wanted || (wanted == "any" && s.kind != "punch") {
			of = append(of, s)
		}
	}
	if len(of) == 0 {
		of = g.sent
	}
	s := pick(g, "ruled on", of...)
	body["on"] = s.uid
	if s.kind == "punch" {
		body["person"], body["date"] = s.body["person"], g.first.String()
	}
}

func (g *generator) violationID() string {
	if id := g.notedID(); id != "" && g.chance(50, "of a note") {
		return id
	}
	if len(g.skipped) > 0 && g.chance(40, "of a missing punch") {
		s := pick(g, "ruled skipped", g.skipped...)
		return fmt.Sprintf("%s/%s/%s/%s", s.edge.date, s.edge.session.name, s.edge.edge, s.person)
	}
	who := g.someone("ruled person")
	if g.chance(25, "ruled window") {
		who = "@" + pick(g, "window ruled", g.windows...) + pick(g, "mark", "", "+", "*")
	}
	return fmt.Sprintf("%s/%s/%s/%s", g.day("ruled day"), pick(g, "ruled session", "morning", "afternoon", "day", "night"),
		pick(g, "ruled what", "in", "in", "out", "phone_use", "badge", "empty_post"), who)
}

// notedID is the violation id of some note; "" when it has none.
func (g *generator) notedID() string {
	var notes []sent
	for _, s := range g.sent {
		if s.kind == "patrol" {
			notes = append(notes, s)
		}
	}
	s := pick(g, "note ruled on", notes...)
	e, _ := readLine(encodeLine("rollcall."+hallID+".patrol."+s.source, s.body), 1, hallID)
	if f, _, _ := g.plan.readFinding(e); f != nil {
		return fromFinding(f).id()
	}
	return ""
}

func (g *generator) drawOffice() {
	g.drawBonus()
	g.drawCases()
	made := g.stamp(g.last.start())
	g.send("figure", "console", map[string]any{"time": made, "month": g.month, "name": "好差评", "value": 99.5, "unit": "%"})
	for range g.between(0, 2, "window figures") {
		g.send("figure", "console", map[string]any{"time": g.stamp(g.last.start() + int64(g.between(0, 1, "figure made"))), "month": g.month,
			"name": "好差评", "value": 98, "window": pick(g, "figure of", g.windows...)})
	}
	g.send("text", "console", map[string]any{"time": made, "month": g.month, "section": "focus", "items": []any{"一", "二"}})
	if g.chance(25, "award") {
		g.send("award", "console", map[string]any{"time": made, "month": g.month, "title": "优秀服务窗口", "windows": []any{pick(g, "awarded", g.windows...)}, "by": "m01", "reason": "会议"})
	}
	if g.chance(25, "other award") {
		g.send("award", "console", map[string]any{"time": made, "month": g.month, "title": "服务之星", "persons": []any{g.someone("star")}, "by": "m01", "reason": "会议"})
	}
}

func (g *generator) drawBonus() {
	for range g.between(0, 5, "bonus") {
		body := map[string]any{"time": g.stamp(g.last.start()), "month": g.month, "kind": pick(g, "bonus kind", "home_visit", "appointment", "time_cut"), "count": g.between(0, 14, "count")}
		if g.chance(30, "bonus date") {
			delete(body, "month")
			body["date"] = g.wideDay("bonus day").String()
		}
		switch g.between(0, 3, "bonus for") {
		case 0:
			body["person"] = g.someone("bonus person")
		case 1:
			body["person"], body["windows"] = g.someone("bonus person"), []any{g.windows[0]}
		case 2:
			body["windows"] = []any{g.windows[1], g.windows[0]}
		default:
			body["windows"] = []any{pick(g, "bonus window", g.windows...)}
		}
		if g.chance(60, "status") {
			body["status"] = pick(g, "status of", "verified", "claimed")
		}
		g.send("bonus", "console", body)
	}
}

func (g *generator) drawCases() {
	for range g.between(1, 6, "cases") {
		body := map[string]any{"time": g.stamp(g.last.start() + int64(g.between(0, 5, "cases made"))), "month": g.month,
			"accepted": g.between(1, 900, "accepted"), "completed": g.between(1, 900, "completed"), "on_time": g.between(0, 900, "on time")}
		if g.chance(85, "of a window") {
			body["window"] = pick(g, "cases window", g.windows...)
		}
		if g.chance(25, "category") {
			body["category"] = pick(g, "category of", "a", "b")
		}
		if g.chance(40, "cases date") {
			delete(body, "month")
			body["date"] = g.day("cases day").String()
		}
		g.send("cases", "console", body)
	}
	if g.chance(60, "month before") {
		g.casesBefore((g.first - 40).month())
		g.casesBefore(g.monthBefore())
	}
}

// casesBefore draws figures of an earlier month: the hall's, or those of windows, also of one that nobody knows.
func (g *generator) casesBefore(month string) {
	windows := []string{""}
	if g.chance(50, "windows before") {
		windows = append(slices.Clone(g.windows), "w79")
	}
	for _, w := range windows {
		n := g.between(1, 900, "before")
		body := map[string]any{"time": g.stamp(g.first.start()), "month": month, "accepted": n, "completed": n, "on_time": n}
		if w != "" {
			body["window"] = w
		}
		g.send("cases", "console", body)
	}
}

func (g *generator) monthBefore() string {
	first, _, _ := parseMonth(g.month)
	return (first - 1).month()
}

// drawTerminals: heartbeats, completeness, a retired terminal, one that falls silent.
func (g *generator) drawTerminals() {
	for range g.between(0, 4, "terminals") {
		at := g.wideDay("heard on").start() + 60*int64(g.between(0, 24*60-1, "heard at"))
		body := map[string]any{"time": g.stamp(at), "terminal": pick(g, "heard", "T01", "T02", "T09", "T77"), "state": pick(g, "terminal state", "alive", "alive", "retired")}
		if g.chance(60, "complete") {
			d := g.day("complete day")
			until := d.start() + 12*3600
			if edges := g.edgesOf(g.someone("complete person"), d); len(edges) > 0 {
				until = pick(g, "complete edge", edges...).band.until + int64(pick(g, "complete off", 0, -1, 1))
			}
			body["complete_until"] = g.stamp(until)
		}
		g.send("terminal", "gateway", body)
	}
}

// drawSeals: one issue of the month, or two, each in one part.
func (g *generator) drawSeals() {
	if !g.chance(25, "seal") {
		return
	}
	for n := range g.between(1, 2, "issues") {
		result := fmt.Appendf(nil, `{"month":%q,"number":%d}`, g.month, n+1)
		digest := sha256.Sum256(result)
		made := g.last.start() + daySeconds*int64(n) + 3600*int64(g.between(0, 20, "sealed at"))
		g.send("seal", "console", map[string]any{"id": fmt.Sprintf("%s-%d-1", g.month, n+1), "time": g.stamp(made), "month": g.month, "number": n + 1,
			"by": "m01", "as_of": g.stamp(made), "sequence": 100 + n, "digest": hex.EncodeToString(digest[:]), "part": 1, "parts": 1,
			"stream": "2024-01-01T00:00:00Z", "forced": "生成", "result": gzipped(result)})
	}
}

func gzipped(text []byte) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text) // a bytes.Buffer takes everything
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
