package report_test

import (
	"errors"
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

// TestScoresAreSums opens every score of generated months: its parts sum to it,
// and those ahead, level and behind make up the rank.
func TestScoresAreSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		st, id, remove := folded(t, s, s.Lines)
		defer remove()
		month, asOf := parseScenario(t, s)
		q := report.Question{Hall: id, Month: month, AsOf: asOf}
		err := st.View(func(v *store.View) error {
			r, err := report.Month(v, configs.Statutory(), q)
			if err != nil {
				return err
			}
			for _, p := range r.Staff {
				e, err := report.ExplainPerson(v, configs.Statutory(), q, p.Person)
				if err != nil {
					return err
				}
				holds(t, e, p.Score, p.Rank, p.Tied)
			}
			for _, w := range r.Windows {
				e, err := report.ExplainWindow(v, configs.Statutory(), q, w.Window)
				if err != nil {
					return err
				}
				holds(t, e, w.Score, &w.Rank, &w.Tied)
				if e.Award.Got != w.Award || e.Award.Text == "" {
					t.Errorf("award of %s = %+v, the list says %v", w.Window, e.Award, w.Award)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func holds(t *rapid.T, e *report.Standing, score hall.Points, rank, tied *int) {
	t.Helper()
	var sum hall.Points
	for _, p := range e.Parts {
		sum += p.Points
		if p.Text == "" {
			t.Errorf("part %+v of %s says nothing", p, e.Name)
		}
	}
	if *e.Score != score || sum != score {
		t.Errorf("score of %s = %s, its parts sum to %s, want %s", e.Name, *e.Score, sum, score)
	}
	if diff := cmp.Diff(rank, e.Rank); diff != "" {
		t.Errorf("rank of %s (-want +got):\n%s", e.Name, diff)
	}
	if rank != nil && (*rank != len(e.Ahead)+1 || *tied != len(e.Peers)+1 || len(e.Ahead)+len(e.Peers)+len(e.Behind)+1 > e.Ranked) {
		t.Errorf("%s: rank %d with %d ahead, %d tied with %d peers, of %d", e.Name, *rank, len(e.Ahead), *tied, len(e.Peers), e.Ranked)
	}
	if (rank == nil) != (e.LeftOut != "") || (e.LeftOut != "") != (e.LeftOutText != "") {
		t.Errorf("%s: rank %v, left out %q: %q", e.Name, rank, e.LeftOut, e.LeftOutText)
	}
}

func TestNoStanding(t *testing.T) {
	policy, lines := lake(t)
	f := fold(t, policy, lines)
	q := report.Question{Hall: f.hall, Month: hall.NewMonth(2021, 3), AsOf: parse(t, hall.ParseInstant, afterMonth)}
	for _, c := range []struct {
		name string
		ask  func(v *store.View) (*report.Standing, error)
		want string
	}{
		{"a name", func(v *store.View) (*report.Standing, error) { return report.ExplainPerson(v, nil, q, "甲木") }, "ask by id: 101"},
		{"nobody", func(v *store.View) (*report.Standing, error) { return report.ExplainPerson(v, nil, q, "9999") }, "no roster row"},
		{"a window's name", func(v *store.View) (*report.Standing, error) { return report.ExplainWindow(v, nil, q, "综合窗口") }, "ask by id: g1"},
		{"a former name", func(v *store.View) (*report.Standing, error) { return report.ExplainWindow(v, nil, q, "码头窗口") }, "ask by id: b2"},
		{"no window", func(v *store.View) (*report.Standing, error) { return report.ExplainWindow(v, nil, q, "x") }, "names g1, b2, b3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := f.store.View(func(v *store.View) error {
				_, err := c.ask(v)
				return err
			})
			if !errors.Is(err, hall.ErrNotFound) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}
