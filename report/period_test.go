package report_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/naivetest"
	"rollcall/store"
)

// TestPeriodOfOneMonth has the scores, ranks, awards and cases of that month.
func TestPeriodOfOneMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		st, id, remove := folded(t, s, s.Lines)
		defer remove()
		month, asOf := parseScenario(t, s)
		var m *hall.Report
		var p *hall.PeriodReport
		err := st.View(func(v *store.View) (err error) {
			q := report.Question{Hall: id, Month: month, AsOf: asOf}
			if m, err = report.Month(v, configs.Statutory(), q); err != nil {
				return err
			}
			p, err = report.Period(v, configs.Statutory(), q, hall.Period{First: month, Last: month})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !p.Months[0].Counts() {
			return // nobody punched: nothing is scored
		}
		if diff := cmp.Diff(monthAsPeriod(m), p, cmp.FilterPath(unlike, cmp.Ignore())); diff != "" {
			t.Fatalf("period (-want +got):\n%s", diff)
		}
	})
}

// unlike are the fields that a month does not have in this form.
func unlike(path cmp.Path) bool {
	switch path.Last().String() {
	case ".Months", ".Warnings", ".Draft", ".Previous", ".LastYear", ".Names":
		return true
	}
	return false
}

// monthAsPeriod says of a month what its period must say.
func monthAsPeriod(m *hall.Report) *hall.PeriodReport {
	p := &hall.PeriodReport{Hall: m.Hall, Name: m.Name, Period: hall.Period{First: m.Month, Last: m.Month}, AsOf: m.AsOf, Sequence: m.Sequence,
		Staff: []hall.PeriodStaff{}, Ranking: m.Ranking, Windows: []hall.PeriodWindow{}, Awards: []hall.PeriodAward{}, Vetoes: m.Vetoes}
	for _, s := range m.Staff {
		line := hall.PeriodStaff{Person: s.Person, Name: s.Name, Window: s.Window, Class: s.Class, FullMonths: []hall.Month{}, Deductions: s.Deductions,
			Bonus: s.Bonus, Rank: s.Rank, Tied: s.Tied, LeftOut: s.LeftOut, Scores: []hall.MonthScore{{Month: m.Month, Score: s.Score, Rank: s.Rank, LeftOut: s.LeftOut}}}
		if s.LeftOut == "" {
			line.Score, line.Ranked = &s.Score, 1
		}
		for _, f := range m.FullAttendance {
			if f.Person == s.Person {
				line.FullMonths = []hall.Month{m.Month}
			}
		}
		for _, v := range m.Violations {
			if v.Person != nil && *v.Person == s.Person {
				line.Violations++
			}
		}
		p.Staff = append(p.Staff, line)
	}
	for _, w := range m.Windows {
		line := hall.PeriodWindow{Window: w.Window, Name: w.Name, Score: w.Score, Ranked: 1, Deductions: w.Deductions, Bonus: w.Bonus, Awards: []hall.Month{},
			Rank: w.Rank, Tied: w.Tied, Scores: []hall.MonthScore{{Month: m.Month, Score: w.Score, Rank: &w.Rank}}}
		if w.Award {
			line.Awards = []hall.Month{m.Month}
		}
		for _, f := range m.FullAttendance {
			if f.Window == w.Window {
				line.Full++
			}
		}
		for _, v := range m.Violations {
			if v.Window == w.Window {
				line.Violations++
			}
		}
		for _, c := range m.Cases.Windows {
			if c.Window == w.Window {
				line.Cases = &c.Accepted
			}
		}
		p.Windows = append(p.Windows, line)
	}
	for _, a := range m.Awards {
		p.Awards = append(p.Awards, hall.PeriodAward{Month: m.Month, Awarded: a})
	}
	p.Cases = hall.PeriodCases{Reported: []hall.Month{}, Windows: []hall.PeriodWindowCases{}}
	if m.Cases.Reported {
		p.Cases.Total, p.Cases.Reported, p.Cases.OnTimePercent = m.Cases.Total, []hall.Month{m.Month}, m.Cases.OnTimePercent
	}
	for _, c := range m.Cases.Windows {
		p.Cases.Windows = append(p.Cases.Windows, hall.PeriodWindowCases{Window: c.Window, Accepted: c.Accepted, Completed: c.Completed, OnTime: c.OnTime,
			SharePercent: c.SharePercent, OnTimePercent: c.OnTimePercent, Reported: []hall.Month{m.Month}})
	}
	return p
}

// cove returns the policy and the events of testdata/cove.txtar.
func cove(t *testing.T) (policy, lines []byte) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/cove.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return section(t, archive, "hall.yaml"), section(t, archive, "events.jsonl")
}

// TestSealedMonthOfPeriod counts a month as it was sealed: what is cancelled
// behind the seal changes the month as it stands, and not its period.
func TestSealedMonthOfPeriod(t *testing.T) {
	const asOf = "2021-04-05T09:00:00+08:00"
	policy, lines := cove(t)
	seal := sealOf(t, fold(t, policy, lines), "2021-01")
	cancelled := `{"subject":"rollcall.cove.ruling.office","data":{"id":"u1","time":"2021-03-05T09:00:00+08:00","on":"cove/patrol/I1/n1","state":"cancelled","by":"主任","reason":"误记"}}`
	f := fold(t, policy, []byte(string(lines)+seal+"\n"+cancelled+"\n"))
	if m := f.month(t, "2021-01", asOf); len(m.ChangedSince) == 0 {
		t.Fatal("the month did not change since its issue")
	}
	p := f.period(t, "2021-Q1", asOf)
	if m := &p.Months[0]; m.State != hall.MonthSealed || m.Sealed.Number != 1 {
		t.Errorf("January = %+v, want sealed", m)
	}
	for _, s := range p.Staff {
		if s.Person == "303" && (s.Scores[0].Score != 97*hall.Point || s.Violations != 2) {
			t.Errorf("303 = %+v, want the score and the quarrel of the issue", s)
		}
	}
	for _, a := range p.Awards {
		if a.Month == hall.NewMonth(2021, 2) && a.Title == "红旗窗口" && a.Windows[0] != "c2" {
			t.Errorf("February's award = %v, want c2: the quarrel was cancelled and vetoes nothing any more", a.Windows)
		}
	}
}

// sealOf makes the first issue of a month, as a line.
func sealOf(t *testing.T, f *folder, month string) string {
	t.Helper()
	var line string
	err := f.store.View(func(v *store.View) error {
		d, err := report.Prepare(v, statutory(t), report.Question{Hall: f.hall, Month: parse(t, hall.ParseMonth, month), AsOf: parse(t, hall.ParseInstant, "2021-02-05T09:00:00+08:00")})
		if err != nil {
			return err
		}
		parts, _, err := d.Parts(report.Form{By: "督查科", Made: parse(t, hall.ParseInstant, "2021-02-05T10:00:00+08:00"), Source: "office"})
		if err != nil || len(parts) != 1 {
			t.Fatalf("Parts = %d, %v, want one", len(parts), err)
		}
		line = string(hall.EncodeLine(parts[0].Subject, parts[0].Body))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestNoPeriod(t *testing.T) {
	policy, lines := cove(t)
	f := fold(t, policy, lines)
	asOf := parse(t, hall.ParseInstant, "2021-04-05T09:00:00+08:00")
	for _, c := range []struct {
		name   string
		q      report.Question
		period string
		want   error
	}{
		{"before the first policy", report.Question{Hall: f.hall, AsOf: asOf}, "2020-Q4", hall.ErrNotFound},
		{"no hall", report.Question{AsOf: asOf}, "2021", hall.ErrInvalid},
		{"no as_of", report.Question{Hall: f.hall}, "2021", hall.ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := f.store.View(func(v *store.View) error {
				_, err := report.Period(v, nil, c.q, parse(t, hall.ParsePeriod, c.period))
				return err
			})
			if !errors.Is(err, c.want) {
				t.Errorf("Period(%s) = %v, want %v", c.period, err, c.want)
			}
		})
	}
}

// TestPeriodLists holds that no list of a period is null, and that an issue that
// cannot be read does not count.
func TestPeriodLists(t *testing.T) {
	policy, lines := cove(t)
	broken := `{"subject":"rollcall.cove.seal.office","data":{"id":"2021-01-1-1","time":"2021-02-05T10:00:00+08:00","month":"2021-01","number":1,"by":"督查科","as_of":"2021-02-05T09:00:00+08:00","sequence":9,"digest":"` +
		strings.Repeat("a", 64) + `","part":1,"parts":1,"result":"AAAA"}}`
	for name, more := range map[string]string{"nothing else": "", "a broken issue": broken} {
		p := fold(t, policy, []byte(string(lines)+more)).period(t, "2021", "2020-12-31T00:00:00+08:00")
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"months", "staff", "ranking", "windows", "awards", "vetoes", "warnings", "reported"} {
			if strings.Contains(string(text), `"`+key+`":null`) {
				t.Errorf("%s: %s is null: %s", name, key, text)
			}
		}
		if (more != "") != (len(p.Warnings) == 1 && p.Warnings[0].Code == report.WarnSealUnreadable) || p.Months[0].Counts() {
			t.Errorf("%s: months %+v, warnings %v", name, p.Months[0], p.Warnings)
		}
	}
}
