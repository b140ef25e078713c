package report_test

// The store decodes a policy or a calendar once, and all questions share it.

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/naivetest"
	"rollcall/store"
)

func TestQuestionsChangeNoPolicy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		st, id, remove := folded(t, s, s.Lines)
		defer remove()
		month, asOf := parseScenario(t, s)
		err := st.View(func(v *store.View) error {
			q := report.Question{Hall: id, Month: month, AsOf: asOf}
			if err := askEverything(v, q); err != nil {
				return err
			}
			supposed, err := json.Marshal(s.Policies[0])
			if err != nil {
				return err
			}
			if _, err := report.Suppose(t.Context(), v, configs.Statutory(), q, supposed); err != nil {
				return err
			}
			for _, kind := range []hall.Kind{hall.KindPolicy, hall.KindCalendar} {
				for fact, err := range v.Of(id, kind) {
					if err != nil {
						return err
					}
					found, _, err := v.Find(fact.GetHead().UID)
					if err != nil {
						return err
					}
					if diff := cmp.Diff(found.Fact, fact, sameZone); diff != "" {
						t.Fatalf("%s after all questions (-its body says +shared):\n%s", found.UID, diff)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

// askEverything asks for a month in every way, of a person and a window too.
func askEverything(v *store.View, q report.Question) error {
	statutory := configs.Statutory()
	r, err := report.Month(v, statutory, q)
	if err != nil {
		return err
	}
	_, err = report.Prepare(v, statutory, q)
	_, errPeriod := report.Period(v, statutory, q, q.Month.Quarter())
	err = errors.Join(err, errPeriod)
	if len(r.Staff) > 0 {
		_, errDay := report.Explain(v, statutory, q.Hall, r.Staff[0].Person, q.Month.First()+9, q.AsOf)
		_, errPerson := report.ExplainPerson(v, statutory, q, r.Staff[0].Person)
		err = errors.Join(err, errDay, errPerson)
	}
	if len(r.Windows) > 0 {
		_, errWindow := report.ExplainWindow(v, statutory, q, r.Windows[0].Window)
		err = errors.Join(err, errWindow)
	}
	return err
}
