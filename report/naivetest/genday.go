package naivetest

// Drawn days: punches about the planned ones, leave and excuses over their edges, corrections.

import "strings"

func (g *generator) drawPunches() {
	for _, p := range g.people {
		sloppy := g.chance(25, "always late")
		for d := g.first - 1; d <= g.last+1; d++ {
			wild := g.chance(30, "wild day")
			trip := g.chance(12, "on a trip")
			for _, edge := range g.edgesOf(p.id, d) {
				switch {
				case trip:
					g.trip(p, edge)
				case wild:
					g.wildPunch(p, edge)
				case sloppy:
					g.punch(p, g.away(edge, pick(g, "late by", 0, 1, 4, 6, 7, 10, 11)))
				default:
					g.punch(p, g.near(edge))
				}
			}
			if g.chance(4, "stray") {
				g.punch(p, d.start()+60*int64(g.between(0, 24*60-1, "stray minute")))
			}
		}
	}
}

// trip: leave over one edge of a session, with the punches of somebody who goes after the start's band has
// begun, or comes back late.
func (g *generator) trip(p person, edge planned) {
	s := edge.session
	if !s.plansIn || !s.plansOut {
		g.punch(p, g.near(edge))
		return
	}
	if edge.edge == "in" {
		g.punch(p, g.near(edge)) // the trip is drawn with the end
		return
	}
	leave := s.start + 60*int64(pick(g, "leaves after", 20, 45, 60, 120))
	g.send("leave", "console", map[string]any{"time": g.stamp(s.start), "person": p.id, "kind": pick(g, "trip kind", "trip", "outing", "annual"),
		"from": g.stamp(leave), "until": g.stamp(s.end + 60*int64(pick(g, "trip ends", 0, 30, -30)))})
	if g.chance(80, "punch on leaving") {
		g.punch(p, leave+60*int64(pick(g, "on leaving", 0, 3, -1, -6, -20))+int64(pick(g, "leaving second", 0, 59)))
	}
}

// away is so many minutes on the wrong side of a planned time.
func (g *generator) away(edge planned, minutes int) int64 {
	if edge.edge == "in" {
		return edge.time + int64(minutes)*60
	}
	return edge.time - int64(minutes)*60
}

// near is a time that is in order.
func (g *generator) near(edge planned) int64 {
	off := int64(g.between(0, 9, "near")) * 60
	if edge.edge == "in" {
		return edge.time - off
	}
	return edge.time + off
}

// wildPunch: none, one at an edge of the rules, two, or one in the next band.
func (g *generator) wildPunch(p person, edge planned) {
	switch g.between(0, 9, "wild") {
	case 0, 1, 2:
		g.skipped = append(g.skipped, skipped{p.id, edge})
	case 3:
		at := g.aim(edge)
		g.punch(p, at)
		g.punch(p, cutMinute(at)+int64(g.between(0, 59, "same minute")))
	case 4:
		g.punch(p, g.aim(edge))
		g.punch(p, g.aim(edge))
	case 5:
		g.punch(p, g.near(edge))
	default:
		g.punch(p, g.aim(edge))
	}
}

// aim draws a time at an edge: of the planned time, the grace, half a day, the band.
func (g *generator) aim(edge planned) int64 {
	switch g.between(0, 4, "aim") {
	case 0:
		return edge.band.from + int64(pick(g, "about from", 0, -1, 30, 1, 59, 60))
	case 1:
		return edge.band.until + int64(pick(g, "about until", 0, -1, -30, -60, 1))
	}
	return g.away(edge, pick(g, "minutes", 0, 1, 5, 6, 10, 11, 14, 15, 29, 30, 59, 60, 61, 100)) + int64(pick(g, "seconds", 0, 0, 59, 30, -1))
}

func (g *generator) punch(p person, wall int64) {
	terminal, id := pick(g, "terminal", "T01", "T01", "T02", "T09"), p.id
	if len(p.aliases) > 0 && g.chance(30, "by alias") {
		alias := pick(g, "alias used", p.aliases...)
		if before, after, bound := strings.Cut(alias, ":"); bound {
			terminal, alias = before, after
		}
		id = alias
	}
	body := map[string]any{"person": id, "time": g.stamp(wall)}
	source := terminal
	switch g.between(0, 19, "punch extras") {
	case 15:
		body["method"], body["direction"] = "face", "out"
	case 16:
		body["method"] = pick(g, "method", "manual", "phone")
	case 17:
		source, body["terminal"] = "gateway", terminal
	case 18:
		body["seq"], body["received_at"] = "x7", g.stamp(wall+3600)
	case 19:
		body["method"], body["terminal"] = "iris", ""
	}
	g.send("punch", source, body)
}

// drawAbsences draws leave and excuses: touching, overlapping, whole days, the edges of sessions.
func (g *generator) drawAbsences() {
	for range g.between(1, 6, "leaves") {
		from, until := g.span()
		body := map[string]any{"time": g.stamp(g.wideDay("leave made").start()), "person": g.someone("on leave"),
			"kind": pick(g, "leave kind", "annual", "personal", "trip", "outing", "training"), "from": from, "until": until}
		if g.chance(30, "approved") {
			body["approved_by"] = "m01"
		}
		g.send("leave", "console", body)
	}
	for range g.between(0, 2, "excuses") {
		from, until := g.span()
		body := map[string]any{"time": g.stamp(g.wideDay("excuse made").start()), "from": from, "until": until, "reason": "停电"}
		switch g.between(0, 3, "excused") {
		case 1:
			body["windows"] = []any{pick(g, "excused window", g.windows...)}
		case 2:
			body["persons"] = []any{g.someone("excused person")}
		case 3:
			body["windows"], body["persons"] = []any{}, nil
		}
		g.send("excuse", "console", body)
	}
	if g.chance(30, "standin") {
		from, until := g.span()
		g.send("standin", "console", map[string]any{"time": g.stamp(g.first.start()), "window": pick(g, "post", g.windows...), "from": from, "until": until, "for": g.someone("for")})
	}
}

// span draws both ends: dates, or times about the planned punches of a day.
func (g *generator) span() (from, until string) {
	d := g.day("span day")
	if g.chance(25, "dates") {
		return d.String(), (d + date(pick(g, "span days", 0, 0, 1, 2))).String()
	}
	a, b := g.spanEnd(d), g.spanEnd(d)
	if a > b {
		a, b = b, a
	}
	if g.chance(10, "longer") {
		b += daySeconds
	}
	if g.chance(6, "mixed") {
		return d.String(), g.stamp(b)
	}
	return g.stamp(a), g.stamp(b + int64(pick(g, "span second", 0, 0, 0, 0, 30)))
}

func (g *generator) spanEnd(d date) int64 {
	edges := g.edgesOf(g.someone("span person"), d)
	if len(edges) == 0 || g.chance(25, "any minute") {
		return d.start() + 60*int64(pick(g, "minute", 0, 8*60, 8*60+30, 9*60, 10*60, 12*60, 13*60, 15*60, 17*60+30, 18*60, 23*60+59))
	}
	return pick(g, "span edge", edges...).time + 60*int64(pick(g, "span off", 0, 0, 1, -1, 30, -30))
}

// drawCorrections: in time and late, approved and not, own and official, of the month before the seal and after.
func (g *generator) drawCorrections() {
	for range g.between(2, 8, "corrections") {
		who, d := g.someone("corrected"), g.day("corrected day")
		edges := g.edgesOf(who, d)
		if len(g.skipped) > 0 && g.chance(75, "a missing one") {
			s := pick(g, "skipped", g.skipped...)
			who, d, edges = s.person, s.edge.date, []planned{s.edge}
		}
		at := d.start() + 12*3600
		if len(edges) > 0 {
			edge := pick(g, "corrected edge", edges...)
			at = pick(g, "corrected time", edge.time, edge.time, edge.time, edge.time-60, edge.time+7*60, edge.time+40*60, edge.band.until)
		}
		body := map[string]any{"time": g.stamp(d.start() + pick(g, "form made", 20*3600, 21*3600, 22*3600, daySeconds, 2*daySeconds-1, 2*daySeconds, 5*daySeconds, -3600)),
			"person": who, "at": g.stamp(at), "reason": pick(g, "reason", "own", "own", "official"), "approved_by": "m01"}
		if g.chance(12, "unapproved") {
			body["approved_by"] = nil
		}
		g.send("correction", "console", body)
	}
}
