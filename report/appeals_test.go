package report_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

const lateOn30 = "2021-03-30/morning/in/102"

// appealLine is a ruling on what 102 did on 30 March.
func appealLine(id, at, on string, state hall.State) string {
	return fmt.Sprintf(`{"subject":"rollcall.lake.ruling.office","data":{"id":%q,"time":%q,"on":%q,"state":%q,"by":"乙火","reason":"电梯故障"}}`, id, at, on, state)
}

// TestAppeals: three workdays from 30 March, a Tuesday, end on Friday 2 April.
func TestAppeals(t *testing.T) {
	policy, lines := lake(t)
	inTime := appealLine("a1", "2021-04-02T17:00:00+08:00", lateOn30, hall.Appealed)
	onProof := appealLine("a2", "2021-04-01T17:00:00+08:00", "lake/punch/T1/p17", hall.Appealed)
	onProof = strings.Replace(onProof, `"reason"`, `"person":"102","date":"2021-03-30","reason"`, 1)
	late := appealLine("a3", "2021-04-03T00:00:00+08:00", lateOn30, hall.Appealed)
	upheld := appealLine("a4", "2021-04-06T09:00:00+08:00", lateOn30, hall.Upheld)
	cancelled := appealLine("a5", "2021-04-07T09:00:00+08:00", lateOn30, hall.Cancelled)
	for name, tt := range map[string]struct {
		asOf   string
		events []string
		open   bool
		steps  string
		counts bool
		marked bool
	}{
		"on the last day":       {asOf: "2021-04-02T23:59:00+08:00", open: true, counts: true},
		"a day later":           {asOf: "2021-04-03T00:00:00+08:00", counts: true},
		"appealed in time":      {asOf: "2021-04-02T18:00:00+08:00", events: []string{inTime}, steps: "appealed", counts: true, marked: true},
		"appealed on its proof": {asOf: "2021-04-02T18:00:00+08:00", events: []string{onProof}, steps: "appealed", counts: true, marked: true},
		"appealed too late":     {asOf: "2021-04-05T18:00:00+08:00", events: []string{late}, steps: "appealed late", counts: true, marked: true},
		"upheld":                {asOf: "2021-04-10T18:00:00+08:00", events: []string{upheld, inTime}, steps: "appealed, upheld", counts: true},
		"cancelled":             {asOf: "2021-04-10T18:00:00+08:00", events: []string{cancelled, upheld, inTime}, steps: "appealed, upheld, cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			r := fold(t, policy, append(slices.Clone(lines), strings.Join(tt.events, "\n")...)).month(t, "2021-03", tt.asOf)
			i := slices.IndexFunc(r.Appeals, func(a hall.Appeal) bool { return a.Violation == lateOn30 })
			if i < 0 {
				t.Fatalf("Appeals = %+v", r.Appeals)
			}
			a := r.Appeals[i]
			var steps []string
			for _, s := range a.Steps {
				text := string(s.State)
				if s.Late {
					text += " late"
				}
				steps = append(steps, text)
			}
			if a.Until == nil || a.Until.String() != "2021-04-02" || a.Open != tt.open || strings.Join(steps, ", ") != tt.steps {
				t.Errorf("appeal until %v, open: %t, steps %v, want until 2021-04-02, open: %t, steps %s", a.Until, a.Open, steps, tt.open, tt.steps)
			}
			v := slices.IndexFunc(r.Violations, func(v hall.Violation) bool { return v.ID == lateOn30 })
			if (v >= 0) != tt.counts || v >= 0 && r.Violations[v].Marked(hall.MarkAppealed) != tt.marked {
				t.Errorf("violation %d of %+v, want counts: %t, marked: %t", v, r.Violations, tt.counts, tt.marked)
			}
		})
	}
}

// TestAppealsWithoutCalendar: where a year has no table nobody can say which day
// is the last.
func TestAppealsWithoutCalendar(t *testing.T) {
	policy, lines := lake(t)
	policy = bytes.Replace(policy, []byte("statutory: none, "), nil, 1)
	for _, a := range fold(t, policy, lines).month(t, "2021-03", "2021-04-01T18:00:00+08:00").Appeals {
		if a.Until != nil || a.Open {
			t.Errorf("appeal %s until %s, open: %t, want null", a.Violation, a.Until, a.Open)
		}
	}
}

// TestNoAppeals: a policy may allow none; who appealed all the same is listed.
func TestNoAppeals(t *testing.T) {
	policy, lines := lake(t)
	policy = bytes.Replace(policy, []byte("appeal_workdays: 3"), []byte("appeal_workdays: 0"), 1)
	if r := fold(t, policy, lines).month(t, "2021-03", afterMonth); len(r.Appeals) != 1 || r.Appeals[0].Violation != "2021-03-31/afternoon/empty_post/@b2" {
		t.Errorf("Appeals = %+v", r.Appeals)
	}
	appeal := appealLine("a1", "2021-04-02T17:00:00+08:00", lateOn30, hall.Appealed)
	if r := fold(t, policy, append(lines, appeal...)).month(t, "2021-03", afterMonth); len(r.Appeals) != 2 || r.Appeals[0].Violation != lateOn30 || r.Appeals[0].Open {
		t.Errorf("Appeals = %+v", r.Appeals)
	}
}

// TestAppealsBecame: whoever appeals is told until when it was possible.
func TestAppealsBecame(t *testing.T) {
	policy, lines := lake(t)
	for name, tt := range map[string]struct{ line, became, why string }{
		"in time":    {appealLine("a1", "2021-04-02T17:00:00+08:00", lateOn30, hall.Appealed), report.BecameCounts, "in time (until 2021-04-02)"},
		"late":       {appealLine("a1", "2021-04-04T17:00:00+08:00", lateOn30, hall.Appealed), report.BecameLate, "was 2021-04-02"},
		"on nothing": {appealLine("a1", "2021-04-04T17:00:00+08:00", "2021-03-30/noon/in/102", hall.Appealed), report.BecameNothing, "no violation"},
	} {
		f := fold(t, policy, append(slices.Clone(lines), tt.line...))
		var got report.Fate
		err := f.store.View(func(v *store.View) (err error) {
			got, err = report.Became(v, statutory(t), "lake/ruling/office/a1")
			return err
		})
		if err != nil || got.Became != tt.became || !strings.Contains(got.Why, tt.why) {
			t.Errorf("%s: Became = %+v, %v, want %s ... %s", name, got, err, tt.became, tt.why)
		}
	}
}
