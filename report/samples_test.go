package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/report/paper"
)

// samples returns the directory of the samples, which are not part of the
// repository.
func samples(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("ROLLCALL_SAMPLES")
	if dir == "" {
		t.Skip("ROLLCALL_SAMPLES names no directory")
	}
	return filepath.Join(dir, name)
}

// TestSampleRules holds the month in four days against what is expected of it:
// every key that is there, but the wording of the reasons of dead letters; of
// the days those that are listed.
func TestSampleRules(t *testing.T) {
	dir := samples(t, "rules")
	f := fold(t, read(t, dir, "hall.yaml"), read(t, dir, "events.jsonl"))
	r := f.month(t, "2024-09", "2024-09-30T20:00:00+08:00")
	want := object(t, read(t, dir, "expected.json"))
	all, days := written(t, r, "all"), written(t, r, "days")
	for key, value := range want {
		got := all[key]
		if key == "days" {
			got = listedDays(days[key], value)
		}
		if diff := cmp.Diff(value, subset(value, got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

// TestSampleMonth holds a hall's month against the figures that are known of it.
func TestSampleMonth(t *testing.T) {
	dir := samples(t, "month")
	f := fold(t, read(t, dir, "hall.yaml"), read(t, dir, "events.jsonl"))
	r := f.month(t, "2020-11", "2020-12-07T12:00:00+08:00")
	want := object(t, read(t, dir, "expected.json"))
	got := map[string]any{"month": r.Month, "workdays": r.Workdays, "cases_total": r.Cases.Total,
		"cases_growth_percent": r.Cases.GrowthPercent, "cases_top": r.Cases.Top, "bonus": r.Bonus}
	people := []hall.PersonID{}
	for _, p := range r.FullAttendance {
		people = append(people, p.Person)
	}
	got["full_attendance"] = sorted(people)
	scores, windows := map[hall.PersonID]hall.Points{}, map[hall.WindowID]hall.Points{}
	for _, s := range r.Staff {
		if s.LeftOut == "" {
			scores[s.Person] = s.Score
		}
	}
	for _, w := range r.Windows {
		windows[w.Window] = w.Score
	}
	got["staff_scores"], got["window_scores"], got["violations"] = scores, windows, r.Violations
	have := object(t, encoded(t, got))
	unordered(want)
	unordered(have)
	for key, value := range want {
		if diff := cmp.Diff(value, subset(value, have[key])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

// unordered sorts the bonus, which the figures list in no order, and the full
// list by person.
func unordered(o map[string]any) {
	if list, ok := o["bonus"].([]any); ok {
		slices.SortFunc(list, func(a, b any) int { return bytes.Compare(bonusKey(a), bonusKey(b)) })
	}
	if list, ok := o["full_attendance"].([]any); ok {
		slices.SortFunc(list, func(a, b any) int { return bytes.Compare([]byte(a.(string)), []byte(b.(string))) })
	}
}

func bonusKey(v any) []byte {
	b := v.(map[string]any)
	text, _ := json.Marshal([]any{b["windows"], b["kind"]}) // decoded from JSON
	return text
}

func sorted[T ~string](list []T) []T {
	slices.Sort(list)
	return list
}

// subset drops from got what want does not speak of: keys may be added.
func subset(want, got any) any {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return got
		}
		kept := map[string]any{}
		for key := range w {
			if value, ok := g[key]; ok {
				kept[key] = subset(w[key], value)
			}
			if _, dead := w["field"]; dead && key == "reason" {
				kept[key] = w[key]
			}
		}
		return kept
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return got
		}
		kept := make([]any, len(w))
		for i := range w {
			kept[i] = subset(w[i], g[i])
		}
		return kept
	}
	return got
}

// listedDays keeps those days that want lists.
func listedDays(got, want any) any {
	listed := map[any]bool{}
	key := func(v any) any {
		d := v.(map[string]any)
		return [2]any{d["person"], d["date"]}
	}
	for _, d := range want.([]any) {
		listed[key(d)] = true
	}
	return slices.DeleteFunc(got.([]any), func(d any) bool { return !listed[key(d)] })
}

func written(t *testing.T, r *hall.Report, list string) map[string]any {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, r, list, "json", paper.Options{}); err != nil {
		t.Fatal(err)
	}
	return object(t, out.Bytes())
}

func object(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
