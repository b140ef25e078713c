package rules_test

// What comes of a story, in words. Always printed: lines, contested ones, what
// fell, corrections, what is pending, what is unresolved. The section `show`
// asks for more, one word a line:
//
//	days P1 [2020-11-30]  planned punches with band, due time, punch and verdict
//	full                  full attendance
//	why                   who has none, and why
//	staff, windows        scores and ranks
//	vetoes                what keeps windows from the award
//	parts                 what the scores are made of
//	bonus, cases          the lists
//	basis                 what bears on each line
//	workdays              of the hall, and years without a calendar

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/rules"
)

// teller writes the outcome of a settled month.
type teller struct {
	*rules.Month
	assessed *rules.Assessment
	out      strings.Builder
}

func outcome(t *testing.T, s story) string {
	t.Helper()
	m, err := rules.Settle(rules.Open(s.facts, hall.Calendar{}), s.month, s.asOf)
	if err != nil {
		t.Fatal(err)
	}
	told := &teller{Month: m, assessed: rules.Assess(m, s.carried(t))}
	told.always()
	if len(s.show) == 0 {
		s.show = []string{"full", "staff", "windows"}
	}
	for _, line := range s.show {
		word, of, _ := strings.Cut(line, " ")
		show := told.shows()[word]
		if show == nil {
			t.Fatalf("show: unknown line %q", line)
		}
		show(of)
	}
	return told.out.String()
}

// carried are the vetoes of the earlier months of the year.
func (s *story) carried(t *testing.T) []hall.Veto {
	t.Helper()
	var vetoes []hall.Veto
	for month := s.month.Year().First; month < s.month; month++ {
		m, err := rules.Settle(rules.Open(s.facts, hall.Calendar{}), month, s.asOf)
		if errors.Is(err, hall.ErrNotFound) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		vetoes = append(vetoes, m.Vetoes()...)
	}
	return vetoes
}

func (w *teller) shows() map[string]func(string) {
	return map[string]func(string){
		"days":    w.days,
		"full":    func(string) { w.say("full", w.Full) },
		"why":     func(string) { w.why() },
		"staff":   func(string) { w.staff() },
		"windows": func(string) { w.windows() },
		"parts":   func(string) { w.parts() },
		"bonus":   func(string) { w.bonus() },
		"vetoes":  func(string) { w.vetoes() },
		"cases":   func(string) { w.cases() },
		"basis":   func(string) { w.basis() },
		"workdays": func(string) {
			w.say("workdays", w.Workdays, "calendar missing", w.CalendarMissing)
		},
	}
}

func (w *teller) say(words ...any) { fmt.Fprintln(&w.out, words...) }

func (w *teller) always() {
	for i := range w.Lines {
		w.say(describe(&w.Lines[i]))
	}
	for i := range w.Contested {
		w.say("contested", describe(&w.Contested[i]))
	}
	for _, f := range w.Fell {
		w.say("fell", f.On, f.Ruling.State)
	}
	for _, c := range w.Corrections {
		w.say("correction", short(c.UID), "for", c.Date, c.Fate)
	}
	for _, d := range w.Days {
		for _, p := range d.Planned {
			if p.Verdict == hall.Pending {
				w.say(strings.TrimSpace(fmt.Sprint("pending ", d.Person, " ", d.Date, " ", p.Session, " ", p.Edge, " due ", p.Due, " ", strings.Join(p.WaitsFor(), ","))))
			}
		}
	}
	for _, u := range w.Unresolved {
		w.say("unresolved", short(u.UID), u.Reason, u.Value)
	}
}

func describe(l *rules.Line) string {
	text := fmt.Sprintf("%s %s", l.ID, l.Kind)
	if l.Minutes != nil {
		text += fmt.Sprintf(" %dm", *l.Minutes)
	}
	text += fmt.Sprintf(" %v %s", l.Points, l.State)
	if len(l.Marks) > 0 {
		text += " [" + strings.Join(l.Marks, " ") + "]"
	}
	if l.Person != nil {
		text += " in " + string(l.Window)
	}
	return text + shorts(l.Proofs)
}

// short leaves out the hall of a uid.
func short(uid hall.UID) string { return strings.TrimPrefix(string(uid), "demo/") }

func shorts(uids []hall.UID) string {
	var text strings.Builder
	for _, uid := range uids {
		text.WriteString(" " + short(uid))
	}
	return text.String()
}

// days prints the planned punches of `P1`, or of `P1 2020-11-30` alone.
func (w *teller) days(of string) {
	person, date, _ := strings.Cut(of, " ")
	for _, d := range w.Days {
		if string(d.Person) != person || date != "" && d.Date.String() != date {
			continue
		}
		if !d.Due && date != "" {
			w.say("day", d.Person, d.Date, "not due:", d.Why)
		}
		for i := range d.Planned {
			w.say("day", d.Person, d.Date, planned(&d.Planned[i]))
		}
		for _, s := range d.Strays {
			w.say("day", d.Person, d.Date, "stray", s.At)
		}
	}
}

func planned(p *rules.Planned) string {
	at := "-"
	if p.Punch != nil {
		at = p.Punch.At.Seconds()
		if p.Punch.At%60 == 0 {
			at = p.Punch.At.String()
		}
	}
	text := fmt.Sprintf("%s %s due %s until %s at %s %s", p.Session, p.Edge, p.Due, bandEnd(p.Band), at, p.Verdict)
	if minutes := p.Minutes(); minutes != nil && *minutes > 0 {
		text += fmt.Sprintf(" %dm", *minutes)
	}
	if p.Corrected() {
		text += " corrected"
	}
	if uid := p.CoveredBy(); uid != "" {
		text += " covered by " + short(uid)
	}
	return text
}

func bandEnd(b hall.Band) string {
	switch {
	case b.Until == hall.DayEnd:
		return "24:00"
	case b.Until%60 != 0:
		return b.Until.Seconds()
	}
	return b.Until.String()
}

func (w *teller) why() {
	for _, person := range slices.Sorted(maps.Keys(w.WhyNotFull)) {
		w.say("not full", person, strings.Join(w.WhyNotFull[person], " "))
	}
}

func (w *teller) staff() {
	for i := range w.assessed.Staff {
		p := &w.assessed.Staff[i]
		rank := "left out: " + string(p.LeftOut)
		if p.Rank != nil {
			rank = fmt.Sprintf("rank %d of %d tied", *p.Rank, *p.Tied)
		}
		w.say("staff", p.Person, p.Window, "score", p.Score, "deductions", p.Deductions, "bonus", p.Bonus, rank)
	}
}

func (w *teller) windows() {
	for i := range w.assessed.Windows {
		x := &w.assessed.Windows[i]
		text := fmt.Sprintf("rank %d", x.Rank)
		if x.Tied > 1 {
			text += fmt.Sprintf(" of %d tied", x.Tied)
		}
		if x.Award {
			text += " award"
		}
		w.say("window", x.Window, "score", x.Score, "mean", x.StaffMean, "deductions", x.Deductions, "bonus", x.Bonus, text)
	}
}

func (w *teller) vetoes() {
	for i := range w.assessed.Windows {
		for _, v := range w.assessed.Windows[i].Vetoes {
			w.say("veto", v.Window, v.Violation, "of", v.Date, "until", v.Until)
		}
	}
}

func (w *teller) parts() {
	for i := range w.assessed.Staff {
		p := &w.assessed.Staff[i]
		w.say("parts", p.Person, describeParts(p.Parts), "days", p.AttendedDays, "of", p.DueDays)
	}
	for i := range w.assessed.Windows {
		w.say("parts", w.assessed.Windows[i].Window, describeParts(w.assessed.Windows[i].Parts))
	}
}

func describeParts(parts []rules.Part) string {
	var list []string
	for _, p := range parts {
		text := fmt.Sprint(p.Kind, " ", p.Points)
		if p.Of != "" {
			text += " for " + p.Of
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func (w *teller) bonus() {
	for _, l := range w.assessed.Bonus {
		if l.Person != nil {
			w.say("bonus", *l.Person, l.Kind, l.Count)
			continue
		}
		w.say("bonus", l.Windows, l.Kind, l.Count)
	}
}

func (w *teller) cases() {
	c := w.assessed.Cases
	w.say("cases total", known(c.Total), "previous", known(c.Previous), "growth", known(c.GrowthPercent), "on time", known(c.OnTimePercent), "top", c.Top)
	for _, x := range c.Windows {
		w.say("cases", x.Window, "accepted", x.Accepted, "completed", x.Completed, "on time", x.OnTime)
	}
}

func known[T any](value *T) string {
	if value == nil {
		return "unknown"
	}
	return fmt.Sprint(*value)
}

func (w *teller) basis() {
	for i := range w.Lines {
		w.say("basis " + w.Lines[i].ID + shorts(w.Lines[i].Basis))
	}
}
