package naivetest

// Drawn troubles: unresolved references, two bodies of one uid, dead letters, lines of another hall.

import (
	"fmt"
	"maps"
	"strings"
)

// drawUnresolved: unknown people, windows, kinds and events; each name is used once.
func (g *generator) drawUnresolved() {
	noon := g.day("unresolved day").start() + 12*3600
	for i := range g.between(0, 4, "unresolved") {
		made, nobody := g.stamp(noon), fmt.Sprintf("nobody%d", i)
		switch g.between(0, 11, "what is unknown") {
		case 0:
			g.send("punch", "T02", map[string]any{"time": made, "person": nobody})
		case 1:
			g.send("leave", "console", map[string]any{"time": made, "person": nobody, "kind": "trip", "from": g.first.String(), "until": g.last.String()})
		case 2:
			g.send("correction", "console", map[string]any{"time": made, "person": nobody, "at": made, "reason": "own", "approved_by": "m01"})
		case 3:
			g.send("patrol", "I01", map[string]any{"time": made, "inspector": "I01", "kind": "phone_use", "person": nobody, "window": g.windows[0]})
		case 4:
			g.send("patrol", "I01", map[string]any{"time": made, "inspector": "I01", "kind": "empty_post", "window": "w77", "person": g.someone("person beside")})
		case 5:
			g.send("patrol", "I01", map[string]any{"time": made, "inspector": "I01", "kind": "juggling", "person": g.someone("juggler")})
		case 6:
			g.send("patrol", "I01", map[string]any{"time": made, "inspector": "I01", "kind": "phone_use", "unnamed": 2})
		case 7:
			g.send("bonus", "console", map[string]any{"time": made, "month": g.month, "kind": "appointment", "count": 2, "windows": []any{g.windows[0], "w78"}})
		case 8:
			g.send("cases", "console", map[string]any{"time": made, "month": g.month, "window": fmt.Sprintf("w8%d", i), "accepted": 9, "completed": 9, "on_time": 9})
		case 9:
			for range g.between(1, 2, "rulings on nothing") {
				g.ruleOnNothing(fmt.Sprintf("%s/patrol/I01/none%d", hallID, i), made)
			}
		case 10:
			g.send("leave", "console", map[string]any{"time": made, "person": g.someone("odd leave"), "kind": "sabbatical", "from": g.first.String(), "until": g.last.String()})
		case 11:
			g.send("bonus", "console", map[string]any{"time": made, "month": g.month, "kind": "applause", "count": 2, "windows": []any{g.windows[0]}})
		}
	}
}

// ruleOnNothing rules on an event that is not there, with a date or without.
func (g *generator) ruleOnNothing(on, made string) {
	body := map[string]any{"time": made, "on": on, "state": pick(g, "ruled on nothing", "rejected", "appealed"), "by": "m01", "reason": "核实"}
	if g.chance(50, "dated") {
		body["date"] = pick(g, "ruling date", g.first.String(), "2021-01-05")
	}
	g.send("ruling", "console", body)
}

// drawConflicts sends a second body of a uid; of a punch one with another time, which counts too.
func (g *generator) drawConflicts() {
	for range g.between(0, 3, "conflicts") {
		s := pick(g, "conflict of", g.sent...)
		if s.kind == "policy" || s.kind == "seal" || text(s.body, "id") == "" {
			continue
		}
		body := map[string]any{}
		maps.Copy(body, s.body)
		if s.kind == "punch" || s.kind == "correction" {
			body["time"] = g.stamp(g.day("conflict day").start() + 60*int64(g.between(0, 24*60-1, "conflict minute")))
		} else {
			body["remark"] = fmt.Sprint("second body ", g.between(0, 9, "second body"))
			if s.kind == "leave" {
				body["kind"] = pick(g, "second kind", "annual", "trip")
			}
		}
		g.lines = append(g.lines, encodeLine("rollcall."+hallID+"."+s.kind+"."+s.source, body))
	}
}

// drawDeadLetters draws lines that are set aside, and some of another hall, which are not.
func (g *generator) drawDeadLetters() {
	made := g.stamp(g.first.start() + 9*3600)
	all := []string{
		"", "{", "[1]", "nothing", `{"data":{"time":"2024-09-26T08:20:00Z"}}`,
		encodeLine("rollcall."+hallID+".nap.T01", map[string]any{"time": made}),
		encodeLine("rollcall."+hallID+".punch", map[string]any{"time": made, "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T 1", map[string]any{"time": made, "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", []any{1}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "a b", "time": made, "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "", "time": made, "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d1", "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d2", "time": "2024-09-26T08:20:00", "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d3", "time": "1999-12-31T23:59:59Z", "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d4", "time": "2024-09-26t08:20:00z", "person": "1001"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d5", "time": made}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d6", "time": made, "person": "10/01"}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d7", "time": made, "person": 1001}),
		encodeLine("rollcall."+hallID+".punch.T01", map[string]any{"id": "d8", "time": made, "person": "1001", "photo": "data:image/png;base64,AAAA"}),
		encodeLine("rollcall."+hallID+".patrol.I01", map[string]any{"id": "d28", "time": made, "inspector": "I01", "kind": "badge", "evidence": []any{"data:image/jpeg;base64,AAAA"}}),
		encodeLine("rollcall."+hallID+".nap.I01", map[string]any{"more": map[string]any{"face": "data:image/jpeg;base64,AAAA"}}),
		encodeLine("rollcall."+hallID+".patrol.I01", map[string]any{"id": "d29", "time": made, "inspector": "I01", "kind": "badge", "evidence": []any{5}}),
		encodeLine("rollcall."+hallID+".patrol.I01", map[string]any{"id": "d9", "time": made, "inspector": "I01", "kind": "badge", "note": strings.Repeat("长", 1366)}),
		encodeLine("rollcall."+hallID+".patrol.I01", map[string]any{"id": "d10", "time": made, "inspector": "I01", "kind": "badge", "stand_in": "yes"}),
		encodeLine("rollcall."+hallID+".patrol.I01", map[string]any{"id": "d11", "time": made, "inspector": "I01", "kind": "badge", "window": "w 1", "unnamed": "two"}),
		encodeLine("rollcall."+hallID+".patrol.I01", map[string]any{"id": "d12", "time": made, "kind": "badge"}),
		encodeLine("rollcall."+hallID+".leave.console", map[string]any{"id": "d13", "time": made, "person": "1001", "kind": "trip", "from": "2024-09-27", "until": "2024-09-26"}),
		encodeLine("rollcall."+hallID+".leave.console", map[string]any{"id": "d14", "time": made, "person": "1001", "kind": "trip", "from": "2024-09-31", "until": "2024-10-02"}),
		encodeLine("rollcall."+hallID+".bonus.console", map[string]any{"id": "d15", "time": made, "month": g.month, "kind": "time_cut", "count": 2}),
		encodeLine("rollcall."+hallID+".bonus.console", map[string]any{"id": "d16", "time": made, "windows": []any{"w01"}, "kind": "time_cut", "count": 2}),
		encodeLine("rollcall."+hallID+".cases.console", map[string]any{"id": "d17", "time": made, "month": "2024-13", "accepted": 1, "completed": 1, "on_time": 1}),
		encodeLine("rollcall."+hallID+".cases.console", map[string]any{"id": "d18", "time": made, "month": g.month, "accepted": "1", "completed": 1, "on_time": 1}),
		encodeLine("rollcall."+hallID+".ruling.console", map[string]any{"id": "d19", "time": made, "on": hallID + "/punch/T01/pu1", "state": "rejected", "by": "m01", "reason": "x"}),
		encodeLine("rollcall."+hallID+".ruling.console", map[string]any{"id": "d20", "time": made, "on": hallID + "/patrol/I01/pa1", "state": "maybe", "by": "m01", "reason": "x"}),
		encodeLine("rollcall."+hallID+".correction.console", map[string]any{"id": "d21", "time": made, "person": "1001", "at": g.first.String(), "reason": "own"}),
		encodeLine("rollcall."+hallID+".excuse.console", map[string]any{"id": "d22", "time": made, "from": g.first.String(), "until": g.last.String(), "windows": "w01", "reason": "x"}),
		encodeLine("rollcall."+hallID+".policy.console", map[string]any{"id": "d23", "time": made, "policy": "none"}),
		encodeLine("rollcall."+hallID+".roster.console", map[string]any{"id": "d24", "time": made, "person": "1001", "name": "", "window": "w01", "class": "resident", "from": "2020-01-01"}),
		encodeLine("rollcall."+hallID+".terminal.gateway", map[string]any{"id": "d25", "time": made, "terminal": "T01", "state": "asleep"}),
		encodeLine("rollcall.other.punch.T01", map[string]any{"id": "d26", "time": made}),
		encodeLine("rollcall.other.nap.T01", map[string]any{"id": "d27"}),
	}
	for range g.between(0, 6, "dead letters") {
		g.lines = append(g.lines, pick(g, "dead letter", all...))
	}
}
