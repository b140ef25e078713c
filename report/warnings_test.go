package report_test

import (
	"slices"
	"strings"
	"testing"

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
