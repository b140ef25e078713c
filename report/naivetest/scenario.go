package naivetest

// The generator's frame: what a scenario is, how its parts follow each other, how its lines are mixed.

import (
	"encoding/json"
	"fmt"
	"time"

	"pgregory.net/rapid"
)

// Scenario is a month of a small hall: policy files, lines of a file of events, and the question.
type Scenario struct {
	Policies []map[string]any // files; each can be written as JSON or YAML
	Lines    []string
	Month    string
	AsOf     string
}

// Month draws a dense month of 3 to 8 people in 2 to 4 windows that is judged on its last days only. It holds
// every kind of event with values at the edges of the rules, and lines that are set aside.
func Month(t *rapid.T) Scenario {
	g := &generator{t: t, ids: map[string]int{}}
	g.drawMonth()
	g.drawWindows()
	g.drawPolicies()
	g.drawPeople()
	g.drawCalendar()
	g.plan = g.readBack()
	g.drawPunches()
	g.drawAbsences()
	g.drawCorrections()
	g.drawNotes()
	g.drawOffice()
	g.drawTerminals()
	g.drawSeals()
	g.drawUnresolved()
	g.drawRulings()
	g.drawConflicts()
	g.drawDeadLetters()
	return Scenario{Policies: g.files, Lines: Shuffle(t, g.lines), Month: g.month, AsOf: g.drawAsOf()}
}

// Shuffle draws another order of the lines.
func Shuffle(t *rapid.T, lines []string) []string {
	return rapid.Permutation(lines).Draw(t, "order")
}

// Repeat draws a file in which some lines come again, anywhere.
func Repeat(t *rapid.T, lines []string) []string {
	out := append([]string{}, lines...)
	if len(lines) == 0 {
		return out
	}
	for range rapid.IntRange(1, 30).Draw(t, "repetitions") {
		line := rapid.SampledFrom(lines).Draw(t, "again")
		at := rapid.IntRange(0, len(out)).Draw(t, "at")
		out = append(out[:at], append([]string{line}, out[at:]...)...)
	}
	return out
}

const hallID = "gen"

// generator holds what is drawn so far.
type generator struct {
	t *rapid.T

	month       string
	first, last date // the days that are judged
	zone        *time.Location
	kinds       kinds
	files       []map[string]any
	windows     []string
	people      []person
	plan        *hall // policies and people as the judge reads them, to aim at edges

	lines   []string
	sent    []sent
	skipped []skipped
	ids     map[string]int
}

// skipped is a planned punch that was drawn without one, for corrections.
type skipped struct {
	person string
	edge   planned
}

// sent is an event that was drawn, for rulings and conflicts.
type sent struct {
	kind, source string
	body         map[string]any
	uid          string
}

func (g *generator) chance(percent int, label string) bool {
	return rapid.IntRange(0, 99).Draw(g.t, label) >= 100-percent
}

func (g *generator) between(low, high int, label string) int {
	return rapid.IntRange(low, high).Draw(g.t, label)
}

func pick[T any](g *generator, label string, of ...T) T {
	return rapid.SampledFrom(of).Draw(g.t, label)
}

func (g *generator) drawMonth() {
	of := pick(g, "month", [3]string{"2024-09", "2024-09-26", "2024-09-30"}, // make-up Sunday 29
		[3]string{"2024-10", "2024-10-28", "2024-10-31"},
		[3]string{"2022-12", "2022-12-28", "2022-12-31"}, // 31 is in the next year's table
		[3]string{"2024-02", "2024-02-26", "2024-02-29"},
		[3]string{"2025-01", "2025-01-24", "2025-01-31"}, // make-up Sunday 26, holidays from 28
		[3]string{"2023-09", "2023-09-24", "2023-09-30"},
		[3]string{"2027-05", "2027-05-27", "2027-05-31"}) // a year without a table
	g.month = of[0]
	g.first, _ = parseDate(of[1])
	g.last, _ = parseDate(of[2])
	name := pick(g, "zone", "Asia/Shanghai", "Asia/Shanghai", "Asia/Shanghai", "UTC", "Asia/Kathmandu")
	g.zone, _ = time.LoadLocation(name)
}

// day draws a judged day, or one next to them when wide.
func (g *generator) day(label string) date {
	return date(g.between(int(g.first), int(g.last), label))
}

func (g *generator) wideDay(label string) date {
	return date(g.between(int(g.first)-1, int(g.last)+1, label))
}

// stamp writes a wall time as RFC 3339 in some offset, now and then with a fraction.
func (g *generator) stamp(wall int64) string {
	_, offset := time.Unix(wall, 0).In(g.zone).Zone()
	t := time.Unix(wall-int64(offset), 0)
	switch g.between(0, 9, "offset") {
	case 7:
		return t.UTC().Format("2006-01-02T15:04:05Z")
	case 8:
		return t.In(time.FixedZone("", 9*3600)).Format("2006-01-02T15:04:05.750-07:00")
	case 9:
		return t.In(time.FixedZone("", -4*3600)).Format("2006-01-02T15:04:05-07:00")
	}
	return t.In(g.zone).Format("2006-01-02T15:04:05Z07:00")
}

// send draws the id and writes the line.
func (g *generator) send(kind, source string, body map[string]any) string {
	if _, given := body["id"]; !given && !g.chance(4, "no id") {
		g.ids[kind]++
		body["id"] = fmt.Sprintf("%s%d", kind[:2], g.ids[kind])
	}
	if g.chance(3, "unknown field") {
		body["remark"] = pick(g, "remark", "<&> 说明", "two\nlines", "\u2028", "\\\"")
	}
	uid := hallID + "/" + kind + "/" + source + "/"
	if id := text(body, "id"); id != "" {
		uid += id
	} else {
		m, _ := plain(body).(map[string]any)
		uid += "h-" + sum(m)[:32]
	}
	g.sent = append(g.sent, sent{kind, source, body, uid})
	g.lines = append(g.lines, encodeLine("rollcall."+hallID+"."+kind+"."+source, body))
	return uid
}

func encodeLine(subject string, data any) string {
	line, err := json.Marshal(map[string]any{"subject": subject, "data": data})
	if err != nil {
		panic("a drawn body is no JSON: " + err.Error())
	}
	return string(line)
}

// readBack builds a hall of the policies and the people drawn so far.
func (g *generator) readBack() *hall {
	var events []*event
	for i, line := range g.lines {
		if e, _ := readLine(line, i+1, hallID); e != nil {
			events = append(events, e)
		}
	}
	h, err := newHall(g.files, newFacts(events), China())
	if err != nil {
		panic("a drawn policy cannot be read: " + err.Error())
	}
	return h
}

// drawAsOf: after the month, at the edge of a band, or somewhere in the month.
func (g *generator) drawAsOf() string {
	switch g.between(0, 5, "as of") {
	case 0, 1:
		return g.stamp((g.last + 6).start())
	case 2:
		return g.stamp((g.last + 1).start() + int64(g.between(-1, 1, "about midnight"))*3600)
	case 3:
		return g.stamp(g.day("as of day").start() + 60*int64(g.between(0, 24*60-1, "as of minute")))
	}
	if edges := g.edgesOf(pick(g, "as of person", g.people...).id, g.day("as of day")); len(edges) > 0 {
		return g.stamp(pick(g, "as of edge", edges...).band.until + int64(pick(g, "as of off", 0, -1, 0, 3600, 23*3600, 25*3600)))
	}
	return g.stamp((g.last + 2).start())
}

func (g *generator) edgesOf(person string, d date) []planned { return g.plan.plannedOn(person, d) }
