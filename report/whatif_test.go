package report_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/naivetest"
	"rollcall/store"
)

// TestWhatIf supposes, for generated months with one version of the policy, the
// same policy, which changes no line, and another one: what it says of each line
// is what the month under that policy says.
func TestWhatIf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		if len(s.Policies) != 1 || slices.ContainsFunc(s.Lines, func(l string) bool { return strings.Contains(l, ".policy.") }) {
			return // several versions, of which one document is not the same
		}
		st, id, remove := folded(t, s, s.Lines)
		defer remove()
		month, asOf := parseScenario(t, s)
		q := report.Question{Hall: id, Month: month, AsOf: asOf}
		same := suppose(t, st, q, s.Policies[0])
		if len(same.Changes) > 0 || len(same.Rules) > 0 || len(same.Full)+len(same.Violations)+len(same.Staff)+len(same.Windows) > 0 {
			t.Fatalf("the same policy makes a difference: %+v", same)
		}
		other := changed(t, s.Policies[0])
		want := s
		want.Policies = []map[string]any{other}
		compareSupposed(t, monthOf(t, st, q), monthUnder(t, want, q), suppose(t, st, q, other))
	})
}

// changed makes another policy.
func changed(t *rapid.T, policy map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	var other map[string]any
	if err := json.Unmarshal(text, &other); err != nil {
		t.Fatal(err)
	}
	punctuality := other["punctuality"].(map[string]any)
	punctuality["grace"] = rapid.SampledFrom([]string{"0m", "3m", "20m"}).Draw(t, "other grace")
	if rapid.Bool().Draw(t, "no factor") {
		delete(punctuality, "repeat")
	}
	assessment := other["assessment"].(map[string]any)
	assessment["windows"].(map[string]any)["awards"] = rapid.IntRange(0, 3).Draw(t, "other awards")
	kinds := other["discipline"].([]any)
	kinds[0].(map[string]any)["points"] = rapid.IntRange(0, 4).Draw(t, "other points")
	return other
}

func suppose(t *rapid.T, st *store.Store, q report.Question, policy map[string]any) *report.WhatIf {
	t.Helper()
	doc, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	var w *report.WhatIf
	err = st.View(func(v *store.View) (err error) {
		w, err = report.Suppose(t.Context(), v, configs.Statutory(), q, doc)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func monthOf(t *rapid.T, st *store.Store, q report.Question) *hall.Report {
	t.Helper()
	var r *hall.Report
	err := st.View(func(v *store.View) (err error) {
		r, err = report.Month(v, configs.Statutory(), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func monthUnder(t *rapid.T, s naivetest.Scenario, q report.Question) *hall.Report {
	t.Helper()
	st, _, remove := folded(t, s, s.Lines)
	defer remove()
	return monthOf(t, st, q)
}

// compareSupposed holds what is said against the month before and under the other
// policy.
func compareSupposed(t *rapid.T, is, would *hall.Report, w *report.WhatIf) {
	t.Helper()
	full := map[hall.PersonID]bool{}
	for _, f := range is.FullAttendance {
		full[f.Person] = true
	}
	for _, f := range w.Full {
		if full[f.Person] == f.Gains {
			t.Fatalf("%s gains full attendance: %v, has it: %v", f.Person, f.Gains, full[f.Person])
		}
		if full[f.Person] = f.Gains; !f.Gains {
			delete(full, f.Person)
		}
	}
	wouldFull := map[hall.PersonID]bool{}
	for _, f := range would.FullAttendance {
		wouldFull[f.Person] = true
	}
	if !maps.Equal(full, wouldFull) {
		t.Fatalf("full attendance with the difference = %v, want %v", full, wouldFull)
	}
	costs := map[string]hall.Points{}
	for _, v := range is.Violations {
		costs[v.ID] = v.Points
	}
	for _, v := range w.Violations {
		if costs[v.ID] += v.Difference; v.Would == nil {
			delete(costs, v.ID)
		}
		if len(v.Rules) == 0 {
			t.Fatalf("no rule makes %+v", v)
		}
	}
	wouldCost := map[string]hall.Points{}
	for _, v := range would.Violations {
		wouldCost[v.ID] = v.Points
	}
	if diff := cmp.Diff(wouldCost, costs); diff != "" {
		t.Fatalf("violations with the difference (-want +got):\n%s", diff)
	}
	scores := map[hall.PersonID]hall.Points{}
	for _, s := range is.Staff {
		scores[s.Person] = s.Score
	}
	for _, s := range w.Staff {
		scores[*s.Person] = *s.Would
	}
	for _, s := range would.Staff {
		if scores[s.Person] != s.Score {
			t.Fatalf("score of %s with the difference = %s, want %s", s.Person, scores[s.Person], s.Score)
		}
	}
}

func TestNoWhatIf(t *testing.T) {
	policy, lines := cove(t)
	f := fold(t, policy, lines)
	_, doc, err := configs.ReadPolicy("hall.yaml", policy)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to, want string }{
		{"another hall", `"cove"`, `"bay"`, `it is of hall "bay"`},
		{"behind the month", `"2021-01-04"`, `"2021-04-01"`, "comes into force on 2021-04-01, behind 2021-01"},
		{"no policy", `"Asia/Shanghai"`, `"Atlantis"`, "timezone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			other := strings.Replace(string(doc), c.from, c.to, 1)
			if other == string(doc) {
				t.Fatalf("the policy has no %s:\n%s", c.from, doc)
			}
			err := f.store.View(func(v *store.View) error {
				_, err := report.Suppose(t.Context(), v, nil, report.Question{Hall: f.hall, Month: hall.NewMonth(2021, 1), AsOf: parse(t, hall.ParseInstant, "2021-04-05T09:00:00+08:00")}, []byte(other))
				return err
			})
			if !errors.Is(err, hall.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Suppose = %v, want %q", err, c.want)
			}
		})
	}
}
