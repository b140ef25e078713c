package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/rules"
)

// TestCasesOfAMonthAlone: windows stand by their numbers also where nothing else of the
// month was settled, as in a quarter.
func TestCasesOfAMonthAlone(t *testing.T) {
	doc, err := hall.DecodePolicy([]byte(ordinary))
	if err != nil {
		t.Fatal(err)
	}
	month := hall.NewMonth(2020, 11)
	doc.Windows = []hall.Window{{ID: "z", Number: 1}, {ID: "a", Number: 2}}
	f := &hall.Facts{Policies: []hall.PolicyEvent{{Head: hall.Head{UID: "demo/policy/office/1", Time: 1}, Policy: doc}}}
	for _, w := range doc.Windows {
		f.Cases = append(f.Cases, hall.Cases{Head: hall.Head{UID: hall.UID("demo/cases/office/" + w.ID), Time: 2}, Month: month, Window: w.ID, Accepted: 5})
	}
	summary := rules.Cases(rules.Open(f, hall.Calendar{}), month, nil)
	var order []hall.WindowID
	for _, w := range summary.Windows {
		order = append(order, w.Window)
	}
	want := []hall.WindowID{"z", "a"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("windows: %s", diff)
	}
	if diff := cmp.Diff(want, summary.Top); diff != "" {
		t.Errorf("the first of equals: %s", diff)
	}
}
