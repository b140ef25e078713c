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
//	2020-11-26,27 usual punch person=P1
//	2020-11-30 09:06,12:00 punch person=P1
//	-- want --
//	...
//
// A policy line is a dotted path and JSON; a number in the path is a place in a
// list, `+` adds to it. A section `policy from <date>` is a later version, with
// what differs from the one before. An event is dates, times, a kind and its
// fields; several dates (days of the same month) or times make several events,
// and `usual` stands for an ordinary day. `source=` is the last token of the
// subject, `id=` the id (default: the number of its line, and behind a point its
// place in the line where it makes several). Lists are joined with commas.
//
// The section `ask` gives another month or as_of than those of the last event.
// The section `show` says what to print besides lines, corrections, pending and
// unresolved (default: full, staff and windows): outcome_test.go has the words.
// `go test ./rules -update` rewrites the wanted part: read the difference.

import (
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"rollcall/hall"
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
	show  []string
}

func readStory(t *testing.T, archive *txtar.Archive) story {
	t.Helper()
	s := story{facts: &hall.Facts{}, show: lines(section(archive, "show"))}
	known := map[hall.UID]bool{}
	s.facts.Policies = storyPolicies(t, archive)
	zone := s.facts.Policies[0].Policy.Zone
	for i := range s.facts.Policies {
		known[s.facts.Policies[i].UID] = true
	}
	for i, line := range lines(section(archive, "people")) {
		row := person(t, i, line)
		known[row.UID] = true
		s.facts.Add(row.Fact)
	}
	for _, e := range events(t, zone, section(archive, "events")) {
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

// storyPolicies makes the versions of a story, each of the one before.
func storyPolicies(t *testing.T, archive *txtar.Archive) []hall.PolicyEvent {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(ordinary), &doc); err != nil {
		t.Fatal(err)
	}
	doc = differ(t, doc, section(archive, "policy"))
	versions := []hall.PolicyEvent{storyPolicy(t, 1, doc)}
	for _, f := range archive.Files {
		if from, ok := strings.CutPrefix(f.Name, "policy from "); ok {
			doc = differ(t, doc, "effective: \""+from+"\"\n"+string(f.Data))
			versions = append(versions, storyPolicy(t, len(versions)+1, doc))
		}
	}
	return versions
}

func storyPolicy(t *testing.T, number int, doc any) hall.PolicyEvent {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := hall.DecodePolicy(text)
	if err != nil {
		t.Fatalf("policy of the story: %v", err)
	}
	return hall.PolicyEvent{Head: hall.Head{UID: hall.UID("demo/policy/file/" + strconv.Itoa(number)), Time: hall.Instant(number)}, Policy: policy}
}

// differ sets what the lines of a policy section say.
func differ(t *testing.T, doc any, overrides string) any {
	t.Helper()
	for _, line := range lines(overrides) {
		path, value, ok := strings.Cut(line, ": ")
		var parsed any
		if err := json.Unmarshal([]byte(value), &parsed); err != nil || !ok {
			t.Fatalf("policy line %q: want a dotted path, a colon and JSON: %v", line, err)
		}
		doc = set(t, doc, strings.Split(path, "."), parsed)
	}
	return doc
}

// set puts a value at a path and returns the changed node.
func set(t *testing.T, node any, path []string, value any) any {
	t.Helper()
	if len(path) == 0 {
		return value
	}
	if list, ok := node.([]any); ok {
		if path[0] == "+" {
			return append(list, set(t, nil, path[1:], value))
		}
		place := must(strconv.Atoi(path[0]))(t)
		list[place] = set(t, list[place], path[1:], value)
		return list
	}
	members, ok := node.(map[string]any)
	if !ok {
		members = map[string]any{}
	}
	members[path[0]] = set(t, members[path[0]], path[1:], value)
	return members
}

// person reads `P1 w01 resident [from=] [until=] [group=] [roles=] [aliases=]`.
func person(t *testing.T, i int, line string) hall.Event {
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
	return decode(t, "roster", "office", "r"+strconv.Itoa(i), body)
}

// usualDay are the punches of an ordinary day.
const usualDay = "08:55,12:00,13:55,17:30"

// events reads lines such as `2020-11-04 09:06 punch person=P1`.
func events(t *testing.T, zone *time.Location, text string) []hall.Event {
	t.Helper()
	var list []hall.Event
	for i, line := range lines(text) {
		words := strings.Fields(line)
		if len(words) < 3 {
			t.Fatalf("event %q: want a date, a time, a kind and fields", line)
		}
		dates, times := strings.Split(words[0], ","), strings.Split(strings.Replace(words[1], "usual", usualDay, 1), ",")
		month := dates[0][:len("2020-11-")]
		for d, date := range dates {
			for n, clock := range times {
				at := month + strings.TrimPrefix(date, month) + "T" + clock
				id := strconv.Itoa(i + 1)
				if len(dates)*len(times) > 1 {
					id += "." + strconv.Itoa(d*len(times)+n+1)
				}
				list = append(list, event(t, zone, at, id, words[2], fields(words[3:])))
			}
		}
	}
	return list
}

func event(t *testing.T, zone *time.Location, at, id, kind string, body map[string]any) hall.Event {
	t.Helper()
	body["time"] = moment(t, zone, at)
	source, _ := body["source"].(string)
	delete(body, "source")
	if source == "" {
		source = cmp.Or(map[string]string{"punch": "T1", "patrol": "I1"}[kind], "office")
	}
	if kind == "patrol" && body["inspector"] == nil {
		body["inspector"] = source
	}
	if kind == "ruling" && body["by"] == nil {
		body["by"], body["reason"] = "M1", "核实"
	}
	if given, ok := body["id"].(string); ok {
		id = given
	}
	for _, key := range []string{"from", "until", "at", "complete_until", "as_of"} {
		if text, ok := body[key].(string); ok && len(text) > len("2020-11-04") {
			body[key] = moment(t, zone, text)
		}
	}
	return decode(t, kind, source, id, body)
}

// moment reads `2020-11-04T09:06`, with or without seconds, in the hall's zone.
func moment(t *testing.T, zone *time.Location, text string) string {
	t.Helper()
	layout := "2006-01-02T15:04:05"
	return must(time.ParseInLocation(layout[:len(text)], text, zone))(t).Format(time.RFC3339)
}

// fields reads key=value pairs; what is a number, true, false or a list of
// objects stays so.
func fields(words []string) map[string]any {
	body := map[string]any{}
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "windows", "persons", "roles", "aliases", "items":
			body[key] = strings.Split(value, ",")
		case "unnamed", "count", "accepted", "completed", "on_time", "stand_in", "number", "part", "parts", "sequence", "year", "days":
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
