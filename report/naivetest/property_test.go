package naivetest_test

// Properties of the naive judge itself: it judges whatever is drawn, and neither order nor repetition matters.

import (
	"testing"

	"pgregory.net/rapid"

	"rollcall/report/naivetest"
)

func judged(t *rapid.T, s naivetest.Scenario, lines []string) map[string]any {
	t.Helper()
	doc, err := naivetest.Judge(s.Policies, lines, s.Month, s.AsOf, naivetest.China())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestOrderAndRepetitionChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		want := judged(t, s, s.Lines)
		if diff := naivetest.Diff(judged(t, s, naivetest.Shuffle(t, s.Lines)), want, "line"); diff != "" {
			t.Fatalf("in another order:\n%s", diff)
		}
		again := judged(t, s, naivetest.Shuffle(t, naivetest.Repeat(t, s.Lines)))
		if diff := naivetest.Diff(again, want, "line", "sequence"); diff != "" {
			t.Fatalf("with repetitions:\n%s", diff)
		}
	})
}
