package report_test

// Sealing, late events, sealing again: over generated months.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/report"
	"rollcall/report/naivetest"
	"rollcall/report/paper"
	"rollcall/store"
)

// generated is a store that is filled from the lines of a generated month.
type generated struct {
	t        *rapid.T
	store    *store.Store
	question report.Question
	made     hall.Instant
}

func generate(t *rapid.T, s naivetest.Scenario) (g *generated, remove func()) {
	t.Helper()
	st, remove := temporary(t)
	id, policies := policyEvents(t, s.Policies)
	if err := st.Apply(store.BatchOf(store.Applied{Sequence: 1}, policies...)); err != nil {
		t.Fatal(err)
	}
	month, asOf := parseScenario(t, s)
	return &generated{t, st, report.Question{Hall: id, Month: month, AsOf: asOf}, asOf}, remove
}

// cutMonth draws a month without seals, of which the first lines have come and the
// others have not.
func cutMonth(t *rapid.T) (g *generated, come, late []string, remove func()) {
	t.Helper()
	s := naivetest.Month(t)
	lines := slices.DeleteFunc(naivetest.Shuffle(t, s.Lines), func(l string) bool { return strings.Contains(l, ".seal.") })
	cut := rapid.IntRange(0, len(lines)).Draw(t, "cut")
	g, remove = generate(t, s)
	return g, lines[:cut], lines[cut:], remove
}

func (g *generated) fold(lines ...string) {
	g.t.Helper()
	in := strings.NewReader(strings.Join(lines, "\n") + "\n")
	if _, err := ingest.Replay(g.t.Context(), in, ingest.ReplayOptions{Store: g.store, Halls: []hall.ID{g.question.Hall}}); err != nil {
		g.t.Fatal(err)
	}
}

// seal makes the next issue, whatever stands in the way.
func (g *generated) seal() {
	g.t.Helper()
	var d *report.Draft
	err := g.store.View(func(v *store.View) (err error) {
		d, err = report.Prepare(v, configs.Statutory(), g.question)
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	g.made += 3600
	parts, _, err := d.Parts(report.Form{By: "督查科", Forced: "试验", Made: g.made, Source: "desk"})
	if err != nil {
		g.t.Fatal(err)
	}
	var lines []string
	for _, p := range parts {
		lines = append(lines, string(hall.EncodeLine(p.Subject, p.Body)))
	}
	g.fold(lines...)
}

func (g *generated) issue(number int) *hall.Report {
	g.t.Helper()
	var r *hall.Report
	err := g.store.View(func(v *store.View) (err error) {
		r, err = report.Issue(v, g.question.Hall, g.question.Month, number)
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return r
}

// prints are a list of a report, and all lists together, in a format.
func prints(t *rapid.T, r *hall.Report, list, format string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, list := range []string{list, paper.All} {
		if paper.Check(list, format, paper.Options{}) != nil {
			continue // the format has no such list
		}
		var b bytes.Buffer
		if err := paper.Write(&b, r, list, format, paper.Options{}); err != nil {
			t.Fatalf("write %s as %s: %v", list, format, err)
		}
		texts[list] = b.String()
	}
	return texts
}

// TestReissue seals a month of which some events have not come, lets them come,
// and seals it again: the first issue prints the same bytes, and the difference
// list makes of it the second one, exactly.
func TestReissue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, come, late, remove := cutMonth(t)
		defer remove()
		g.fold(come...)
		g.seal()
		format := rapid.SampledFrom(paper.Formats).Draw(t, "format").Name
		list := rapid.SampledFrom(paper.Lists).Draw(t, "list").Name
		first := prints(t, g.issue(1), list, format)
		g.fold(late...)
		g.question.AsOf += hall.Instant(rapid.IntRange(0, 40).Draw(t, "days later")) * 86400
		g.seal()
		for what, text := range prints(t, g.issue(1), list, format) {
			if text != first[what] {
				t.Fatalf("issue 1 prints another %s:\n%s\nwas:\n%s", what, text, first[what])
			}
		}
		if diff := reissueDiff(g.issue(1), g.issue(2)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// reissueDiff applies the difference list of the second issue to the first.
func reissueDiff(first, second *hall.Report) string {
	made, err := report.Apply(first, second.ChangedSince, second.AsOf)
	if err != nil {
		return err.Error()
	}
	made.Sequence, made.Sealed, made.ChangedSince = second.Sequence, second.Sealed, second.ChangedSince
	a, errA := json.Marshal(made)
	b, errB := json.Marshal(second)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		return fmt.Sprintf("the difference list makes of issue 1\n%s\nand issue 2 is\n%s", a, b)
	}
	return ""
}

// TestIssueStandsOnItsEvents: whatever comes later, the events that an issue names
// give the issue again.
func TestIssueStandsOnItsEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, come, late, remove := cutMonth(t)
		defer remove()
		g.question.AsOf -= hall.Instant(rapid.IntRange(0, 40).Draw(t, "days earlier")) * 86400
		g.fold(come...)
		g.seal()
		g.fold(late...)
		err := g.store.View(func(v *store.View) error {
			issues, err := report.AllIssues(v)
			if err != nil {
				return err
			}
			now, err := report.Month(v, configs.Statutory(), g.question)
			if err != nil {
				return err
			}
			if !cmp.Equal(now.Conflicts, g.issue(1).Conflicts) {
				return nil // another body of a uid may count now
			}
			checked, err := issues[0].Recheck(v, v, configs.Statutory(), nil, true)
			for _, difference := range checked.Differences {
				t.Error(difference)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestSameChanges: of a difference list the words alone may become others.
func TestSameChanges(t *testing.T) {
	issued := hall.Change{List: "staff", Line: "1001", Was: "尤禾岚 98分", Is: "尤禾岚 96分", From: new(1), To: new(3), Value: json.RawMessage(`{"score":"96"}`)}
	for name, change := range map[string]func(*hall.Change){
		"":      func(c *hall.Change) { c.Was, c.Is = "尤禾岚：98分", "尤禾岚：96分" },
		"list":  func(c *hall.Change) { c.List = "windows" },
		"line":  func(c *hall.Change) { c.Line = "1002" },
		"new":   func(c *hall.Change) { c.Was = "" },
		"gone":  func(c *hall.Change) { c.Is = "" },
		"from":  func(c *hall.Change) { c.From = new(2) },
		"to":    func(c *hall.Change) { c.To = nil },
		"value": func(c *hall.Change) { c.Value = json.RawMessage(`{"score":"95"}`) },
	} {
		computed := issued
		change(&computed)
		if got := report.SameChanges([]hall.Change{issued}, []hall.Change{computed}); got != (name == "") {
			t.Errorf("with another %s: the same %t", name, got)
		}
	}
}
