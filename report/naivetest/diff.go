package naivetest

// Diff of two documents, list by list, for people who look for the rule that broke.

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

const maxDifferences = 12 // of one list

// Diff compares two documents of contract 10 and returns the first differences of each list, "" when there is
// none. What got has and want has not is no difference, as keys may be added; dead.reason is free. ignore
// names keys that are not compared: of the document ("sequence", "days", "sealed"), and "line", which also
// compares dead letters as a set, for shuffled and repeated files.
func Diff(got, want map[string]any, ignore ...string) string {
	got, want = normal(got), normal(want)
	d := &differ{ignore: append([]string{"reason"}, ignore...)}
	for _, key := range sortedKeys(want) {
		if slices.Contains(ignore, key) {
			continue
		}
		d.list = key
		d.count = 0
		switch {
		case key == "dead":
			d.dead(got[key], want[key])
		case isList(want[key]) && isList(got[key]):
			d.lines(key, got[key].([]any), want[key].([]any))
		default:
			d.value(key, got[key], want[key])
		}
	}
	return d.out.String()
}

type differ struct {
	out    strings.Builder
	ignore []string
	list   string
	count  int
}

func (d *differ) say(format string, args ...any) {
	if d.count++; d.count == maxDifferences+1 {
		fmt.Fprintf(&d.out, "%s: more differences left out\n", d.list)
	}
	if d.count <= maxDifferences {
		fmt.Fprintf(&d.out, format+"\n", args...)
	}
}

// lines matches the lines of a list by their key and then looks at the order.
func (d *differ) lines(list string, got, want []any) {
	gotByKey, wantByKey := byKey(list, got), byKey(list, want)
	same := true
	for _, key := range sortedKeys(wantByKey) {
		if line, ok := gotByKey[key]; ok {
			d.value(list+"["+key+"]", line, wantByKey[key])
			continue
		}
		same = false
		d.say("%s[%s]: missing, want %s", list, key, compact(wantByKey[key]))
	}
	for _, key := range sortedKeys(gotByKey) {
		if _, ok := wantByKey[key]; !ok {
			same = false
			d.say("%s[%s]: not wanted: %s", list, key, compact(gotByKey[key]))
		}
	}
	if gotOrder, wantOrder := keysOf(list, got), keysOf(list, want); same && !slices.Equal(gotOrder, wantOrder) {
		d.say("%s: order\n   got  %s\n   want %s", list, strings.Join(gotOrder, " "), strings.Join(wantOrder, " "))
	}
}

// value compares what want holds; extra keys of got pass.
func (d *differ) value(path string, got, want any) {
	switch want := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			d.say("%s: got %s, want %s", path, compact(got), compact(want))
			return
		}
		for _, key := range sortedKeys(want) {
			if _, there := g[key]; !there {
				d.say("%s.%s: left out, want %s", path, key, compact(want[key]))
				continue
			}
			d.value(path+"."+key, g[key], want[key])
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			d.say("%s: got %s, want %s", path, compact(got), compact(want))
			return
		}
		for i := range want {
			d.value(fmt.Sprintf("%s[%d]", path, i), g[i], want[i])
		}
	default:
		if !reflect.DeepEqual(got, want) {
			d.say("%s: got %s, want %s", path, compact(got), compact(want))
		}
	}
}

// dead compares line, subject and field; without lines as a set.
func (d *differ) dead(got, want any) {
	g, w := d.deadKeys(got), d.deadKeys(want)
	for _, key := range w {
		if !slices.Contains(g, key) {
			d.say("dead: missing %s", key)
		}
	}
	for _, key := range g {
		if !slices.Contains(w, key) {
			d.say("dead: not wanted %s", key)
		}
	}
	if d.count == 0 && !slices.Contains(d.ignore, "line") && !slices.Equal(g, w) {
		d.say("dead: order or number\n   got  %s\n   want %s", strings.Join(g, " "), strings.Join(w, " "))
	}
}

func (d *differ) deadKeys(list any) []string {
	lines, _ := list.([]any)
	var out []string
	for _, e := range lines {
		m, _ := e.(map[string]any)
		key := compact([]any{m["subject"], m["field"]})
		if !slices.Contains(d.ignore, "line") {
			key = compact(m["line"]) + " " + key
		}
		out = append(out, key)
	}
	return out
}

// byKey names the lines of a list; equal keys are numbered.
func byKey(list string, lines []any) map[string]any {
	out := map[string]any{}
	for i, key := range keysOf(list, lines) {
		out[key] = lines[i]
	}
	return out
}

func keysOf(list string, lines []any) []string {
	fields := map[string][]string{
		"full_attendance": {"person"}, "violations": {"id"}, "contested": {"id"}, "pending": {"person", "date", "session", "edge"},
		"unresolved": {"uid"}, "conflicts": {"uid"}, "staff": {"person"}, "windows": {"window"},
		"bonus": {"windows", "person", "kind"}, "days": {"person", "date"},
		"ranking": {"class"}, "awards": {"title"}, "vetoes": {"violation"}, "figures": {"name", "window"}, "texts": {"section"},
	}[list]
	seen := map[string]int{}
	var out []string
	for _, line := range lines {
		m, _ := line.(map[string]any)
		var parts []string
		for _, f := range fields {
			parts = append(parts, strings.Trim(compact(m[f]), `"`))
		}
		key := strings.Join(parts, " ")
		if seen[key]++; seen[key] > 1 {
			key = fmt.Sprintf("%s #%d", key, seen[key])
		}
		out = append(out, key)
	}
	return out
}

func isList(v any) bool { _, ok := v.([]any); return ok }

func compact(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// normal makes documents from Go values and from JSON comparable.
func normal(doc map[string]any) map[string]any {
	out, err := asJSON(doc)
	if err != nil {
		return map[string]any{"unreadable": err.Error()}
	}
	return out
}
