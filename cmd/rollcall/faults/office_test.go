package faults_test

// An invented hall, its events, and its lists.

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/configs"
	"rollcall/hall"
)

// What is asked of the invented hall.
const (
	theMonth = "2020-11"
	theAsOf  = "2020-12-07T09:00:00+08:00"
	people   = 24
)

// outgoing is an event on its way.
type outgoing struct {
	subject string
	uid     hall.UID
	body    []byte
}

func (o outgoing) line() string { return string(hall.EncodeLine(o.subject, o.body)) }

func event(kind hall.Kind, source, id string, fields map[string]any) outgoing {
	fields["id"] = id
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err) // unreachable: fields are texts and numbers
	}
	return outgoing{hall.Subject("demo", kind, source), hall.NewUID("demo", kind, source, id), body}
}

// founding is the policy of the hall and its people.
func founding(t testing.TB) []outgoing {
	t.Helper()
	policy, document, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	made := "2020-01-01T09:00:00+08:00"
	events := []outgoing{event(hall.KindPolicy, "desk", "p1", map[string]any{"time": made, "policy": json.RawMessage(document)})}
	for i := range people {
		events = append(events, event(hall.KindRoster, "desk", fmt.Sprintf("r%d", i), map[string]any{
			"time": made, "person": personID(i), "name": "人" + personID(i), "class": "resident", "from": "2020-01-01",
			"window": policy.Windows[i%len(policy.Windows)].ID,
		}))
	}
	return events
}

func personID(i int) string { return fmt.Sprint(1001 + i) }

// drawn is a punch or a note of the month, often at the edge of a session.
func drawn(r *rand.Rand, source, id string) outgoing {
	person := personID(r.IntN(people))
	at := fmt.Sprintf("%s-%02dT%02d:%02d:%02d+08:00", theMonth, 2+r.IntN(5), []int{8, 11, 12, 13, 14, 17, 18}[r.IntN(7)], r.IntN(60), r.IntN(60))
	if r.IntN(4) > 0 {
		return event(hall.KindPunch, source, id, map[string]any{"time": at, "person": person, "method": "face"})
	}
	return event(hall.KindPatrol, source, id, map[string]any{
		"time": at, "person": person, "inspector": "I01", "note": strings.Repeat("巡", r.IntN(200)),
		"kind": []string{"phone_use", "badge", "late", "left_post", "clear"}[r.IntN(5)],
	})
}

// someMonth draws the founding and n events of the month, always the same.
func someMonth(t testing.TB, n int) []outgoing {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	events := founding(t)
	for i := range n {
		events = append(events, drawn(r, fmt.Sprintf("T%02d", 1+i%3), fmt.Sprintf("e%d", i)))
	}
	return events
}

func linesOf(events []outgoing) []string {
	lines := make([]string, len(events))
	for i, e := range events {
		lines[i] = e.line()
	}
	return lines
}

// written puts lines into a new file.
func written(t testing.TB, lines []string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.jsonl")
	text := ""
	if len(lines) > 0 {
		text = strings.Join(lines, "\n") + "\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func policyFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hall.yaml")
	if err := os.WriteFile(path, configs.ExamplePolicy(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// load imports events into a daemon.
func (d *daemon) load(events []outgoing) {
	d.t.Helper()
	succeeds(d.t, "import", written(d.t, linesOf(events)), "--force", "--server", d.url)
}

// lists are a month's lists by their keys, as the program wrote them.
type lists map[string]json.RawMessage

func parsed(t testing.TB, texts ...string) lists {
	t.Helper()
	all := lists{}
	for _, text := range texts {
		var some lists
		if err := json.Unmarshal([]byte(text), &some); err != nil {
			t.Fatalf("no lists: %v\n%s", err, text)
		}
		maps.Copy(all, some)
	}
	return all
}

// lists asks a daemon for the lists of the invented hall.
func (d *daemon) lists() lists {
	d.t.Helper()
	return d.listsOf("demo", theMonth, theAsOf)
}

func (d *daemon) listsOf(id, month, asOf string) lists {
	d.t.Helper()
	var texts []string
	for _, list := range []string{"days", "all"} {
		texts = append(texts, succeeds(d.t, "report", month, "--server", d.url, "--hall", id, "--as-of", asOf, "--format", "json", "--list", list))
	}
	return parsed(d.t, texts...)
}

// evaluated returns the lists that files give without a daemon.
func evaluated(t testing.TB, policies []string, events, month, asOf string, flags ...string) lists {
	t.Helper()
	args := append([]string{"evaluate", "--events", events, "--month", month, "--as-of", asOf, "--format", "json"}, flags...)
	for _, p := range policies {
		args = append(args, "--policy", p)
	}
	return parsed(t, succeeds(t, append(args, "--list", "days")...), succeeds(t, append(args, "--list", "all")...))
}

// same reports where two sets of lists differ. The sequence is never compared,
// dead letters are without their numbers and as a set, and but is left out.
func same(t testing.TB, what string, got, want lists, but ...string) {
	t.Helper()
	keys := slices.Concat(keysOf(got), keysOf(want))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if key == "sequence" || slices.Contains(but, key) {
			continue
		}
		g, w := string(got[key]), string(want[key])
		if key == "dead" {
			g, w = deadLetters(t, got), deadLetters(t, want)
		}
		if g != w {
			t.Errorf("%s: %s differs (-want +got):\n%s", what, key, cmp.Diff(value(t, w), value(t, g)))
		}
	}
}

func keysOf(l lists) []string {
	var keys []string
	for key := range l {
		keys = append(keys, key)
	}
	return keys
}

func value(t testing.TB, text string) any {
	t.Helper()
	if text == "" {
		return "left out"
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// deadLetters are those of a list without line and sequence, sorted, each once.
func deadLetters(t testing.TB, l lists) string {
	t.Helper()
	var dead []map[string]any
	if err := json.Unmarshal(l["dead"], &dead); err != nil {
		t.Fatalf("dead letters: %v", err)
	}
	texts := []string{}
	for _, d := range dead {
		delete(d, "line")
		delete(d, "sequence")
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	slices.Sort(texts)
	return "[" + strings.Join(slices.Compact(texts), ",") + "]"
}
