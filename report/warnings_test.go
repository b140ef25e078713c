package report_test

import (
	"slices"
	"strings"
	"testing"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
)

// TestConfusedID warns of a person whose violations have the ids of a window's: a
// finding about each of them is one line, and nobody can tell whose.
func TestConfusedID(t *testing.T) {
	policy, lines := lake(t)
	for _, c := range []struct {
		person string
		warned bool
	}{{"@b2", true}, {"@b2+", true}, {"@b2*", true}, {"@b7", false}, {"b2", false}, {"b2+", false}} {
		t.Run(c.person, func(t *testing.T) {
			row := `{"subject":"rollcall.lake.roster.office","data":{"id":"r9","time":"2021-03-20T09:00:00+08:00","person":"` + c.person + `","name":"庚","window":"b3","class":"resident","from":"2021-03-29"}}`
			noted := `{"subject":"rollcall.lake.patrol.office","data":{"id":"n8","time":"2021-03-30T09:10:00+08:00","inspector":"i1","kind":"chatting","person":"` + c.person + `"}}
{"subject":"rollcall.lake.patrol.office","data":{"id":"n9","time":"2021-03-30T09:20:00+08:00","inspector":"i1","kind":"chatting","window":"b2"}}`
			r := fold(t, policy, append(slices.Clone(lines), row+"\n"+noted...)).month(t, "2021-03", afterMonth)
			if warned(r, report.WarnRosterID) != c.warned {
				t.Errorf("Warnings = %v, want one of an id: %t", r.Warnings, c.warned)
			}
			both := slices.ContainsFunc(r.Violations, func(v hall.Violation) bool {
				return strings.HasSuffix(v.ID, "/chatting/"+c.person) && len(v.Proofs) == 2
			})
			if both != (c.person == "@b2") {
				t.Errorf("one line of both: %t, and this warning would have to say so", both)
			}
		})
	}
}

// TestManyDeadLetters: however many there are, a month lists the first ten thousand and
// says so.
func TestManyDeadLetters(t *testing.T) {
	policy, lines := lake(t)
	for _, c := range []struct {
		dead   int
		warned bool
	}{{9_999, false}, {10_002, true}} {
		before := fold(t, policy, lines).month(t, "2021-03", afterMonth)
		flood := strings.Repeat("\n"+`{"subject":"rollcall.lake.punch.T1","data":{}}`, c.dead-len(before.Dead))
		r := fold(t, policy, append(slices.Clone(lines), flood[1:]...)).month(t, "2021-03", afterMonth)
		if want := min(c.dead, 10_000); len(r.Dead) != want || warned(r, report.WarnDead) != c.warned {
			t.Errorf("of %d dead letters %d are listed, want %d; warned: %t", c.dead, len(r.Dead), want, !c.warned)
		}
	}
}

// TestUnnamedByTheVersion warns of a row whose window, class or group the policy does not
// name that governs a day of it, though another version does: from that day on nobody
// judges the person as the roster says.
func TestUnnamedByTheVersion(t *testing.T) {
	policy, lines := lake(t)
	for _, c := range []struct{ name, old, new, effective, code string }{
		{"class", "{name: resident, ", "{name: settled, ", "2021-03-30", report.WarnRosterClass},
		{"window", "{id: b3, ", "{id: b4, ", "2021-03-30", report.WarnRosterWindow},
		{"nothing", "渡船新区窗口", "渡船湖区窗口", "2021-03-30", ""},
		{"a later month", "{name: resident, ", "{name: settled, ", "2021-04-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(string(policy), c.old, c.new, 1)
			_, doc, err := configs.ReadPolicy("hall.yaml", []byte(strings.Replace(text, "2021-03-29", c.effective, 1)))
			if err != nil {
				t.Fatal(err)
			}
			version := `{"subject":"rollcall.lake.policy.office","data":{"id":"v2","time":"2021-03-20T09:00:00+08:00","policy":` + string(doc) + `}}`
			f := fold(t, policy, append(slices.Clone(lines), version...))
			r := f.month(t, "2021-03", afterMonth)
			if why := f.story(t, "104", "2021-03-31", afterMonth).WhyText; c.code == report.WarnRosterClass && !strings.Contains(why, "考勤办法中没有人员类别“resident”") {
				t.Errorf("explain says %q", why)
			}
			var told []string
			for _, w := range r.Warnings {
				if strings.Contains(w.Text, "2021-03-30起施行的考勤办法") {
					told = append(told, w.Code)
				}
			}
			if c.code == "" && told != nil || c.code != "" && !slices.Contains(told, c.code) {
				t.Errorf("warnings of the version: %v, want %q", told, c.code)
			}
		})
	}
}
