package report_test

// Properties of a line: its basis suffices, and what has nothing to do with it
// changes nothing.

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/report/naivetest"
	"rollcall/rules"
	"rollcall/store"
)

// factsOf folds a scenario and returns all that the store holds of its hall.
func factsOf(t *rapid.T, s naivetest.Scenario) *hall.Facts {
	t.Helper()
	st, remove := temporary(t)
	defer remove()
	id, policies := policyEvents(t, s.Policies)
	in := strings.NewReader(strings.Join(s.Lines, "\n") + "\n")
	if _, err := ingest.Replay(t.Context(), in, ingest.ReplayOptions{Store: st, Halls: []hall.ID{id}}); err != nil {
		t.Fatal(err)
	}
	if err := st.Apply(store.BatchOf(store.Applied{Sequence: uint64(len(s.Lines)) + 1}, policies...)); err != nil {
		t.Fatal(err)
	}
	var f *hall.Facts
	err := st.View(func(v *store.View) (err error) {
		f, err = v.Facts(id, hall.NewDate(2000, 1, 1), hall.NewDate(2099, 12, 31))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestBasisSuffices judges each line again from the events of its basis alone.
func TestBasisSuffices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		f := factsOf(t, s)
		month, asOf := parseScenario(t, s)
		m, err := rules.Settle(rules.Open(f, configs.Statutory()), month, asOf)
		if err != nil {
			t.Skip(err)
		}
		for i := range m.Lines {
			line := &m.Lines[i]
			basis := f.Without(func(uid hall.UID) bool { return !slices.Contains(line.Basis, uid) })
			basis.Rulings = slices.DeleteFunc(slices.Clone(f.Rulings), func(r hall.Ruling) bool { return !slices.Contains(line.Basis, r.UID) })
			basis.Seals = nil
			again, err := rules.Settle(rules.Open(basis, configs.Statutory()), month, asOf)
			if err != nil {
				t.Fatalf("settle the basis of %s: %v", line.ID, err)
			}
			at := slices.IndexFunc(again.Lines, func(l rules.Line) bool { return l.ID == line.ID })
			if at < 0 {
				t.Fatalf("%s does not stand on its basis %v", line.ID, line.Basis)
			}
			if diff := cmp.Diff(line.Violation, again.Lines[at].Violation); diff != "" {
				t.Fatalf("%s on its basis %v:\n%s", line.ID, line.Basis, diff)
			}
		}
	})
}

// TestUnrelatedEventsChangeNothing takes away what one person did and had, and
// finds every line of the others as it was.
func TestUnrelatedEventsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		f := factsOf(t, s)
		month, _ := parseScenario(t, s)
		asOf := hall.InstantOf(month.Last().Midnight().AddDate(1, 0, 0)) // no terminal is waited for
		m, err := rules.Settle(rules.Open(f, configs.Statutory()), month, asOf)
		if err != nil {
			t.Skip(err)
		}
		people := m.Book.People()
		if len(people) == 0 {
			t.Skip("nobody is there")
		}
		gone := rapid.SampledFrom(people).Draw(t, "gone")
		others := *f
		others.Punches = slices.DeleteFunc(slices.Clone(f.Punches), func(p hall.Punch) bool {
			person, _ := m.Book.Resolve(&p)
			return person == gone
		})
		others.Leaves = slices.DeleteFunc(slices.Clone(f.Leaves), func(l hall.Leave) bool { return l.Person == gone })
		others.Corrections = slices.DeleteFunc(slices.Clone(f.Corrections), func(c hall.Correction) bool { return c.Person == gone })
		again, err := rules.Settle(rules.Open(&others, configs.Statutory()), month, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(linesWithout(m.Lines, gone), linesWithout(again.Lines, gone)); diff != "" {
			t.Fatalf("lines of others changed with %s:\n%s", gone, diff)
		}
	})
}

func linesWithout(lines []rules.Line, person hall.PersonID) []hall.Violation {
	var others []hall.Violation
	for i := range lines {
		if p := lines[i].Person; p == nil || *p != person {
			others = append(others, lines[i].Violation)
		}
	}
	return others
}
