package naivetest_test

// The naive judge against the samples that come with the contract. ROLLCALL_SAMPLES names their folder.

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"rollcall/report/naivetest"
)

func samples(t *testing.T, name string) (policy map[string]any, lines []string, want map[string]any) {
	t.Helper()
	root := os.Getenv("ROLLCALL_SAMPLES")
	if root == "" {
		t.Skip("ROLLCALL_SAMPLES does not name the folder of the samples")
	}
	read := func(file string) []byte {
		text, err := os.ReadFile(filepath.Join(root, name, file))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if err := yaml.Unmarshal(read("hall.yaml"), &policy); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(read("expected.json"), &want); err != nil {
		t.Fatal(err)
	}
	return policy, strings.Split(strings.TrimSuffix(string(read("events.jsonl")), "\n"), "\n"), want
}

func TestSampleRules(t *testing.T) {
	policy, lines, want := samples(t, "rules")
	got, err := naivetest.Judge([]map[string]any{policy}, lines, "2024-09", "2024-09-30T20:00:00+08:00", naivetest.China())
	if err != nil {
		t.Fatal(err)
	}
	got["days"] = onlyListed(got["days"].([]any), want["days"].([]any))
	if diff := naivetest.Diff(got, want); diff != "" { // keys that are expected; more are said
		t.Error(diff)
	}
}

// onlyListed keeps the days that want lists, in want's order.
func onlyListed(days, want []any) []any {
	key := func(e any) string { m := e.(map[string]any); return m["person"].(string) + m["date"].(string) }
	var out []any
	for _, w := range want {
		if i := slices.IndexFunc(days, func(d any) bool { return key(d) == key(w) }); i >= 0 {
			out = append(out, days[i])
		}
	}
	return out
}

func TestSampleMonth(t *testing.T) {
	policy, lines, want := samples(t, "month")
	got, err := naivetest.Judge([]map[string]any{policy}, lines, "2020-11", "2020-12-05T00:00:00+08:00", naivetest.China())
	if err != nil {
		t.Fatal(err)
	}
	extract := extractOf(got)
	violationsAlike(extract["violations"].([]any), want["violations"].([]any))
	for _, list := range []map[string]any{extract, want} {
		slices.SortFunc(list["bonus"].([]any), func(a, b any) int { return strings.Compare(text(a), text(b)) })
	}
	if diff := naivetest.Diff(extract, want); diff != "" {
		t.Error(diff)
	}
}

// extractOf brings a document into the shape of the month's extract.
func extractOf(doc map[string]any) map[string]any {
	pick := func(list, key, value string) map[string]any {
		out := map[string]any{}
		for _, e := range doc[list].([]any) {
			m := e.(map[string]any)
			out[m[key].(string)] = m[value]
		}
		return out
	}
	full := []any{}
	for _, e := range doc["full_attendance"].([]any) {
		full = append(full, e.(map[string]any)["person"])
	}
	slices.SortFunc(full, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	bonus := []any{}
	for _, e := range doc["bonus"].([]any) {
		m := e.(map[string]any)
		delete(m, "person")
		bonus = append(bonus, m)
	}
	cases := doc["cases"].(map[string]any)
	return map[string]any{"month": doc["month"], "workdays": doc["workdays"], "full_attendance": full,
		"violations": doc["violations"], "staff_scores": pick("staff", "person", "score"),
		"window_scores": pick("windows", "window", "score"), "cases_total": cases["total"],
		"cases_growth_percent": cases["growth_percent"], "cases_top": cases["top"], "bonus": bonus}
}

// violationsAlike drops the ids, which the extract does not have, so that both are matched in order.
func violationsAlike(got, want []any) {
	for i := range got {
		got[i].(map[string]any)["id"] = ""
		if i < len(want) {
			want[i].(map[string]any)["id"] = ""
		}
	}
}

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
