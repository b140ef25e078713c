package naivetest

// Drawn people: classes, groups, chief representatives, aliases that collide, moves, arrivals and departures.

import "fmt"

// person of the roster, as drawn.
type person struct {
	id      string
	aliases []string
}

func (g *generator) drawPeople() {
	for i := range g.between(3, 8, "people") {
		p := person{id: fmt.Sprint(1001 + i)}
		body := g.rosterRow(&p, i)
		g.send("roster", "console", body)
		if g.chance(25, "moves") {
			next := g.rosterRow(&p, i)
			next["from"] = g.day("moves on").String()
			g.send("roster", "console", next)
		}
		if g.chance(10, "row again") {
			again := g.rosterRow(&p, i)
			again["from"] = body["from"]
			g.send("roster", "console", again)
		}
		g.people = append(g.people, p)
	}
}

func (g *generator) rosterRow(p *person, i int) map[string]any {
	row := map[string]any{"time": g.stamp(g.first.start() - int64(g.between(0, 3, "row made"))*daySeconds), "person": p.id, "name": "人" + p.id,
		"window": pick(g, "row window", g.windows...), "class": "resident", "from": "2020-01-01", "sort_key": i}
	if g.chance(35, "class") {
		row["class"] = pick(g, "class of", "general", "enterprise", "stand_in", "manager")
	}
	if g.chance(40, "group") {
		row["group"] = pick(g, "group of", "through", "night", "saturday", "guide")
	}
	if g.chance(25, "chief") {
		row["roles"] = []any{"chief_rep"}
	}
	if g.chance(20, "alias") {
		alias := pick(g, "alias of", "17", "T09:17", "77", "T01:77", "1001", "1002")
		row["aliases"] = []any{alias}
		p.aliases = append(p.aliases, alias)
	}
	switch {
	case g.chance(10, "arrives"):
		row["from"] = g.day("arrives on").String()
	case g.chance(10, "leaves"):
		row["until"] = g.wideDay("leaves on").String()
	}
	return row
}

func (g *generator) someone(label string) string { return pick(g, label, g.people...).id }
