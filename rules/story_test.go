package rules_test

// Scenarios are stories in testdata/*/*.txt that a clerk can read: some prose,
// what differs from the ordinary policy, who is there, what happens, and what
// comes of it.
//
//	Five minutes of grace: 09:05 is in time, 09:06 is late by six.
//	-- policy --
//	punctuality.grace: "5m"
//	-- people --
//	P1 w01 resident
//	-- events --
//	2020-11-04 09:05 punch person=P1
//	2020-11-05 09:06 punch person=P1
//	-- want --
//	...
//
// A policy line is a dotted path and JSON. An event is a date, a time, a kind
// and its fields; `source=` is the last token of the subject and `id=` its id
// (default: its number in the story). Lists are joined with commas. A month and
// an as_of other than those of the last event are given in the section `ask`.
// `go test ./rules -update` rewrites the wanted part: read the difference.

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"rollcall/hall"
	"rollcall/rules"
)

var update = flag.Bool("update", false, "rewrite the wanted part of the stories")

// ordinary is the policy of a story: two sessions a day, punched at both ends,
// from 9 to 12 and from 14 to 17:30 every Monday to Friday.
const ordinary = `{
	"hall": "demo", "name": "示例大厅", "timezone": "Asia/Shanghai", "effective": "2020-01-01",
	"calendar": {"statutory": "none", "weekend": ["saturday", "sunday"]},
	"timetables": [{"name": "all", "from": "01-01", "sessions": [
		{"name": "morning", "start": "09:00", "end": "12:00", "punch": "both"},
		{"name": "afternoon", "start": "14:00", "end": "17:30", "punch": "both"}]}],
	"classes": [
		{"name": "resident", "punches": true, "ranked": true},
		{"name": "stand_in", "punches": false, "ranked": false, "stand_in": true},
		{"name": "manager", "punches": false, "ranked": false}],
	"windows": [{"id": "w01", "number": 1, "name": "综合窗口"}, {"id": "w02", "number": 2, "name": "住建窗口"}],
	"punctuality": {"grace": "0m", "late": {"points": 1}, "early_leave": {"points": 1},
		"half_day_absence": {"from": "30m", "points": 5}, "absence": {"points": 5}, "missing_punch": {"points": 2},
		"correction": {"within_workdays": 1, "own_per_month": 3}},
	"leave": [{"kind": "personal", "name": "事假"}, {"kind": "trip", "name": "出差", "breaks_full_attendance": false}],
	"discipline": [
		{"kind": "phone_use", "name": "玩手机", "subject": "person", "points": 2},
		{"kind": "empty_post", "name": "空岗", "subject": "window", "points": 2},
		{"kind": "late", "name": "上班迟到", "subject": "person", "points": 1},
		{"kind": "early_leave", "name": "早退", "subject": "person", "points": 1}],
	"bonus": [{"kind": "home_visit", "name": "上门服务", "points": 0.5}],
	"assessment": {"staff": {"base": 100, "bonus_cap": 5}, "windows": {"bonus_cap": 10, "awards": 1, "title": "优秀服务窗口"}},
	"terminals": {"wait": "24h"}
}`

func TestStories(t *testing.T) {
	paths, err := filepath.Glob("testdata/*/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no stories in testdata: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(path, "testdata/"), ".txt"), func(t *testing.T) {
			t.Parallel()
			tell(t, path)
		})
	}
}

// tell plays a story and compares what comes of it.
func tell(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := outcome(t, readStory(t, archive))
	want := section(archive, "want")
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("%s\ngot:\n%s\nwant:\n%s", archive.Comment, got, want)
	}
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// story is what a scenario is made of.
type story struct {
	facts *hall.Facts
	month hall.Month
	asOf  hall.Instant
}

func readStory(t *testing.T, archive *txtar.Archive) story {
	t.Helper()
	s := story{facts: &hall.Facts{}}
	s.facts.Policies = append(s.facts.Policies, storyPolicy(t, section(archive, "policy")))
	zone := s.facts.Policies[0].Policy.Zone
	for i, line := range lines(section(archive, "people")) {
		s.facts.Add(person(t, i, line))
	}
	known := map[hall.UID]bool{}
	for i, line := range lines(section(archive, "events")) {
		e := event(t, zone, i+1, line)
		if known[e.UID] {
			continue
		}
		known[e.UID] = true
		s.facts.Add(e.Fact)
		at := e.Fact.GetHead().Time
		s.asOf = max(s.asOf, at)
		if date, _ := at.In(zone); e.UID.Kind() == hall.KindPunch || s.month == 0 {
			s.month = max(s.month, date.Month())
		}
	}
	for _, line := range lines(section(archive, "ask")) {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "month":
			s.month = must(hall.ParseMonth(value))(t)
		case "as_of":
			s.asOf = hall.InstantOf(must(time.ParseInLocation("2006-01-02 15:04", value, zone))(t))
		default:
			t.Fatalf("ask: unknown line %q: want month or as_of", line)
		}
	}
	for _, r := range s.facts.Rulings {
		if !r.OnViolation() && !known[hall.UID(r.On)] {
			s.facts.Missing = append(s.facts.Missing, hall.UID(r.On))
		}
	}
	return s
}

func storyPolicy(t *testing.T, overrides string) hall.PolicyEvent {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(ordinary), &doc); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines(overrides) {
		path, value, ok := strings.Cut(line, ": ")
		var parsed any
		if err := json.Unmarshal([]byte(value), &parsed); err != nil || !ok {
			t.Fatalf("policy line %q: want a dotted path, a colon and JSON: %v", line, err)
		}
		node := doc
		keys := strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			if node[key] == nil {
				node[key] = map[string]any{}
			}
			node = node[key].(map[string]any)
		}
		node[keys[len(keys)-1]] = parsed
	}
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := hall.DecodePolicy(text)
	if err != nil {
		t.Fatalf("policy of the story: %v", err)
	}
	return hall.PolicyEvent{Head: hall.Head{UID: "demo/policy/file/1", Time: 1}, Policy: policy}
}

// person reads `P1 w01 resident [from=] [until=] [group=] [roles=] [aliases=]`.
func person(t *testing.T, i int, line string) hall.Fact {
	t.Helper()
	words := strings.Fields(line)
	if len(words) < 3 {
		t.Fatalf("person %q: want id, window and class", line)
	}
	body := fields(words[3:])
	body["person"], body["name"], body["window"], body["class"] = words[0], words[0], words[1], words[2]
	if body["from"] == nil {
		body["from"] = "2020-01-01"
	}
	body["time"] = "2020-01-01T08:00:00+08:00"
	return decode(t, "roster", "office", "r"+strconv.Itoa(i), body).Fact
}

// event reads `2020-11-04 09:06 punch person=P1`.
func event(t *testing.T, zone *time.Location, number int, line string) hall.Event {
	t.Helper()
	words := strings.Fields(line)
	if len(words) < 3 {
		t.Fatalf("event %q: want a date, a time, a kind and fields", line)
	}
	layout := "2006-01-02 15:04"
	if len(words[1]) == 8 {
		layout += ":05"
	}
	at := must(time.ParseInLocation(layout, words[0]+" "+words[1], zone))(t)
	body := fields(words[3:])
	body["time"] = at.Format(time.RFC3339)
	source, _ := body["source"].(string)
	delete(body, "source")
	if source == "" {
		source = map[string]string{"punch": "T1", "patrol": "I1"}[words[2]]
	}
	if source == "" {
		source = "office"
	}
	if words[2] == "patrol" && body["inspector"] == nil {
		body["inspector"] = source
	}
	if words[2] == "ruling" && body["by"] == nil {
		body["by"], body["reason"] = "M1", "核实"
	}
	id := strconv.Itoa(number)
	if given, ok := body["id"].(string); ok {
		id = given
	}
	for _, key := range []string{"from", "until", "at", "complete_until"} {
		if text, ok := body[key].(string); ok && len(text) > len("2020-11-04") {
			body[key] = must(time.ParseInLocation("2006-01-02T15:04", text, zone))(t).Format(time.RFC3339)
		}
	}
	return decode(t, words[2], source, id, body)
}

// fields reads key=value pairs; what is a number, true or false stays so.
func fields(words []string) map[string]any {
	body := map[string]any{}
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "windows", "persons", "roles", "aliases", "items":
			body[key] = strings.Split(value, ",")
		case "unnamed", "count", "accepted", "completed", "on_time", "stand_in":
			body[key] = json.RawMessage(value)
		default:
			body[key] = value
		}
	}
	return body
}

func decode(t *testing.T, kind, source, id string, body map[string]any) hall.Event {
	t.Helper()
	body["id"] = id
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	e, err := hall.Decode("rollcall.demo."+kind+"."+source, text)
	if err != nil {
		t.Fatalf("event %s: %v", text, err)
	}
	return e
}

// outcome writes what came of a story: lines, contested, pending, full
// attendance, scores, ranks and what is unresolved.
func outcome(t *testing.T, s story) string {
	t.Helper()
	m, err := rules.Settle(rules.Open(s.facts, hall.Calendar{}), s.month, s.asOf)
	if err != nil {
		t.Fatal(err)
	}
	a := rules.Assess(m)
	var out strings.Builder
	for _, l := range m.Lines {
		fmt.Fprintln(&out, describe(&l))
	}
	for _, l := range m.Contested {
		fmt.Fprintln(&out, "contested", describe(&l))
	}
	for _, f := range m.Fell {
		fmt.Fprintln(&out, "fell", f.On, f.Ruling.State)
	}
	for _, c := range m.Corrections {
		fmt.Fprintln(&out, "correction", c.UID, c.Fate)
	}
	for _, d := range m.Days {
		for _, p := range d.Planned {
			if p.Verdict == hall.Pending {
				fmt.Fprintln(&out, "pending", d.Person, d.Date, p.Session, p.Edge, "due", p.Due, strings.Join(p.WaitsFor, ","))
			}
		}
	}
	for _, u := range m.Unresolved {
		fmt.Fprintln(&out, "unresolved", u.UID, u.Reason, u.Value)
	}
	fmt.Fprintln(&out, "full", m.Full)
	for _, p := range a.Staff {
		rank := "left out: " + string(p.LeftOut)
		if p.Rank != nil {
			rank = fmt.Sprintf("rank %d of %d tied", *p.Rank, *p.Tied)
		}
		fmt.Fprintf(&out, "staff %s %s score %v deductions %v bonus %v %s\n", p.Person, p.Window, p.Score, p.Deductions, p.Bonus, rank)
	}
	for _, w := range a.Windows {
		award := ""
		if w.Award {
			award = " award"
		}
		fmt.Fprintf(&out, "window %s score %v mean %v deductions %v bonus %v rank %d%s\n", w.Window, w.Score, w.StaffMean, w.Deductions, w.Bonus, w.Rank, award)
	}
	return out.String()
}

func describe(l *rules.Line) string {
	minutes := ""
	if l.Minutes != nil {
		minutes = fmt.Sprintf(" %dm", *l.Minutes)
	}
	text := fmt.Sprintf("%s %s%s %v %s", l.ID, l.Kind, minutes, l.Points, l.State)
	if len(l.Marks) > 0 {
		text += " [" + strings.Join(l.Marks, " ") + "]"
	}
	for _, p := range l.Proofs {
		text += " " + strings.TrimPrefix(string(p), "demo/")
	}
	return text
}

func section(archive *txtar.Archive, name string) string {
	for _, f := range archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// lines returns the lines of a section without blank ones and comments.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			list = append(list, line)
		}
	}
	return list
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
