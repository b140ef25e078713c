package rules_test

import (
	"fmt"
	"testing"

	"rollcall/hall"
	"rollcall/rules"
)

// fullMonth is a hall of people who punch four times on every workday of
// November 2020; every tenth is late once a week.
func fullMonth(b *testing.B, people int) *hall.Facts {
	b.Helper()
	doc, err := hall.DecodePolicy([]byte(ordinary))
	if err != nil {
		b.Fatal(err)
	}
	f := &hall.Facts{Policies: []hall.PolicyEvent{{Head: hall.Head{UID: "demo/policy/office/1", Time: 1}, Policy: doc}}}
	first := hall.NewDate(2020, 11, 1)
	for i := range people {
		person := hall.PersonID(fmt.Sprintf("%04d", 1000+i))
		f.Roster = append(f.Roster, hall.Roster{Head: hall.Head{UID: hall.UID("demo/roster/office/" + string(person)), Time: 2},
			Person: person, Name: string(person), Window: []hall.WindowID{"w01", "w02"}[i%2], Class: "resident", From: hall.NewDate(2020, 1, 1)})
		for d := first; d.Month() == first.Month(); d++ {
			for n, clock := range []hall.Clock{8*3600 + 50*60, 12*3600 + 60, 13*3600 + 50*60, 17*3600 + 31*60} {
				if n == 0 && i%10 == 0 && int(d)%7 == 0 {
					clock += 15 * 60
				}
				f.Punches = append(f.Punches, hall.Punch{Head: hall.Head{UID: hall.UID(fmt.Sprintf("demo/punch/T01/%s-%d-%d", person, d, n)),
					Time: d.At(clock+hall.Clock(i%60), doc.Zone)}, Person: person, Terminal: "T01"})
			}
		}
	}
	return f
}

// BenchmarkMonth judges, settles and assesses the month of a hall of a hundred.
func BenchmarkMonth(b *testing.B) {
	f := fullMonth(b, 100)
	b.ReportAllocs()
	for b.Loop() {
		m, err := rules.Settle(rules.Open(f, hall.Calendar{}), hall.NewMonth(2020, 11), hall.NewDate(2020, 12, 3).At(0, f.Policies[0].Policy.Zone))
		if err != nil {
			b.Fatal(err)
		}
		rules.Assess(m, nil)
	}
	b.ReportMetric(float64(100*30), "person-days/op")
}
