package report_test

// A person's day is told from what bears on the person alone, and the story is the
// one that everything tells.

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/naivetest"
	"rollcall/store"
)

func TestExplainNeedsOnePerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		st, id, remove := folded(t, s, s.Lines)
		defer remove()
		month, asOf := parseScenario(t, s)
		err := st.View(func(v *store.View) error {
			people := []hall.PersonID{"nobody"}
			for fact, err := range v.Of(id, hall.KindRoster) {
				if err != nil {
					return err
				}
				people = append(people, fact.(*hall.Roster).Person)
			}
			for range 5 {
				person := rapid.SampledFrom(people).Draw(t, "person")
				date := month.First() + hall.Date(rapid.IntRange(0, int(month.Last()-month.First())).Draw(t, "date"))
				want, wantErr := report.ExplainWide(v, configs.Statutory(), id, person, date, asOf)
				got, err := report.Explain(v, configs.Statutory(), id, person, date, asOf)
				if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
					t.Fatalf("Explain(%s, %s): %v, want %v", person, date, err, wantErr)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s on %s: from everything and from what bears on them (-want +got):\n%s", person, date, diff)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
