package hall_test

import (
	"errors"
	"strings"
	"testing"

	"rollcall/hall"
)

func TestParsePeriod(t *testing.T) {
	for text, want := range map[string]hall.Period{
		"2020-11": {First: hall.NewMonth(2020, 11), Last: hall.NewMonth(2020, 11)},
		"2020-Q4": {First: hall.NewMonth(2020, 10), Last: hall.NewMonth(2020, 12)},
		"2020-Q1": {First: hall.NewMonth(2020, 1), Last: hall.NewMonth(2020, 3)},
		"2020":    {First: hall.NewMonth(2020, 1), Last: hall.NewMonth(2020, 12)},
	} {
		got, err := hall.ParsePeriod(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("ParsePeriod(%q) = %v, %v, want %v", text, got, err, want)
		}
		if n := len(got.Months()); n != int(want.Last-want.First)+1 || !got.Contains(got.Months()[n-1]) || got.Contains(want.First-1) {
			t.Errorf("Months of %q = %v", text, got.Months())
		}
	}
	if p, err := hall.ParsePeriod("2020-q2"); err != nil || p.String() != "2020-Q2" {
		t.Errorf("ParsePeriod(2020-q2) = %v, %v, want 2020-Q2", p, err)
	}
	for _, text := range []string{"", "20", "2020-", "2020-13", "2020-Q5", "2020-Q0", "2020-Q", "2020-Q11", "Q4", "2020-Q+1", "2020-11-03", "１２３４"} {
		if p, err := hall.ParsePeriod(text); !errors.Is(err, hall.ErrInvalid) || !strings.Contains(err.Error(), "2020-Q4") {
			t.Errorf("ParsePeriod(%q) = %v, %v, want what is allowed", text, p, err)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, text := range []string{"2020", "2020-Q4", "2020-11", "2020-q1", "-Q1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := hall.ParsePeriod(text)
		if err != nil {
			return
		}
		again, err := hall.ParsePeriod(p.String())
		if err != nil || again != p || p.Last < p.First {
			t.Errorf("ParsePeriod(%q) = %v, written and read again %v, %v", text, p, again, err)
		}
	})
}

func TestTerm(t *testing.T) {
	november := hall.NewMonth(2020, 11)
	for term, want := range map[hall.Term]string{"": "2020-11", hall.TermMonth: "2020-11", hall.TermQuarter: "2020-Q4", hall.TermYear: "2020"} {
		if got := term.From(november).String(); got != want {
			t.Errorf("Term(%q).From(2020-11) = %s, want %s", term, got, want)
		}
	}
}
