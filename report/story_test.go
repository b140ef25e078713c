package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

var update = flag.Bool("update", false, "rewrite the expected output of testdata")

// TestMonths reads testdata/*.txtar: a policy, events and a question, then what
// is to be printed. A section `want violations.text.date` is a list, a format
// and a way of grouping; `want story.text/103/2021-03-30` is a person's day,
// `want standing.text/103` a person's score and rank, `@b2` a window's,
// `want period.staff.csv/2021-Q1` a list of a quarter, `want what-if.text` what the
// policy other.yaml would change. Of a
// workbook the cells are listed.
func TestMonths(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(testdata/*.txtar) = %v, %v, want files", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { testMonth(t, file) })
	}
}

func testMonth(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f := fold(t, section(t, archive, "hall.yaml"), section(t, archive, "events.jsonl"))
	month, asOf, _ := strings.Cut(strings.TrimSpace(string(section(t, archive, "question"))), " ")
	r := f.month(t, month, asOf)
	for i := range archive.Files {
		want := &archive.Files[i]
		what, ok := strings.CutPrefix(want.Name, "want ")
		if !ok {
			continue
		}
		got := printed(t, f, r, what, asOf, otherPolicy(archive))
		if *update {
			want.Data = got
			continue
		}
		if diff := cmp.Diff(string(want.Data), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// printed writes what a section asks for; the byte order mark of csv, which a
// text file should not hold in its middle, is checked and taken off.
func printed(t *testing.T, f *folder, r *hall.Report, what, asOf string, other []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if day, ok := strings.CutPrefix(what, "story."); ok {
		parts := strings.Split(day, "/")
		s := f.story(t, parts[1], parts[2], asOf)
		if err := paper.WriteStory(&out, s, parts[0]); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if format, ok := strings.CutPrefix(what, "what-if."); ok {
		if err := paper.WriteWhatIf(&out, f.suppose(t, r.Month, asOf, other), format); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if whole, ok := strings.CutPrefix(what, "period."); ok {
		list, name, _ := strings.Cut(whole, "/")
		list, format, _ := strings.Cut(list, ".")
		p := f.period(t, name, asOf)
		if err := paper.WritePeriod(&out, p, list, format, paper.Options{}); err != nil {
			t.Fatal(err)
		}
		return bytes.TrimPrefix(out.Bytes(), []byte("\ufeff"))
	}
	if whose, ok := strings.CutPrefix(what, "standing."); ok {
		format, id, _ := strings.Cut(whose, "/")
		if err := paper.WriteStanding(&out, f.standing(t, id, r.Month, asOf), format); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	parts := append(strings.Split(what, "."), "")
	if err := paper.Write(&out, r, parts[0], parts[1], paper.Options{By: parts[2]}); err != nil {
		t.Fatal(err)
	}
	switch parts[1] {
	case "xlsx":
		return cellsOf(t, out.Bytes())
	case "csv":
	default:
		return out.Bytes()
	}
	text, ok := bytes.CutPrefix(out.Bytes(), []byte("\ufeff"))
	if !ok {
		t.Errorf("%s begins with %q, want a byte order mark", what, out.Bytes()[:3])
	}
	return text
}

func (f *folder) story(t testing.TB, person, date, asOf string) *report.Story {
	t.Helper()
	var s *report.Story
	err := f.store.View(func(v *store.View) (err error) {
		s, err = report.Explain(v, statutory(t), f.hall, hall.PersonID(person), parse(t, hall.ParseDate, date), parse(t, hall.ParseInstant, asOf))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// suppose asks what another policy would change.
func (f *folder) suppose(t testing.TB, month hall.Month, asOf string, policy []byte) *report.WhatIf {
	t.Helper()
	_, doc, err := configs.ReadPolicy("other.yaml", policy)
	if err != nil {
		t.Fatal(err)
	}
	var w *report.WhatIf
	err = f.store.View(func(v *store.View) (err error) {
		q := report.Question{Hall: f.hall, Month: month, AsOf: parse(t, hall.ParseInstant, asOf), FromFile: true}
		w, err = report.Suppose(t.Context(), v, statutory(t), q, doc)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// period asks for a quarter or a year.
func (f *folder) period(t testing.TB, name, asOf string) *hall.PeriodReport {
	t.Helper()
	q := report.Question{Hall: f.hall, AsOf: parse(t, hall.ParseInstant, asOf), FromFile: true}
	var p *hall.PeriodReport
	err := f.store.View(func(v *store.View) (err error) {
		p, err = report.Period(v, statutory(t), q, parse(t, hall.ParsePeriod, name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// standing explains the score of a person, or of a window behind an @.
func (f *folder) standing(t testing.TB, id string, month hall.Month, asOf string) *report.Standing {
	t.Helper()
	q := report.Question{Hall: f.hall, Month: month, AsOf: parse(t, hall.ParseInstant, asOf), FromFile: true}
	var s *report.Standing
	err := f.store.View(func(v *store.View) (err error) {
		if window, ok := strings.CutPrefix(id, "@"); ok {
			s, err = report.ExplainWindow(v, statutory(t), q, hall.WindowID(window))
			return err
		}
		s, err = report.ExplainPerson(v, statutory(t), q, hall.PersonID(id))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// otherPolicy is the section other.yaml, which what-if puts in the place of the
// hall's.
func otherPolicy(archive *txtar.Archive) []byte {
	for _, f := range archive.Files {
		if f.Name == "other.yaml" {
			return f.Data
		}
	}
	return nil
}

func section(t *testing.T, archive *txtar.Archive, name string) []byte {
	t.Helper()
	for _, f := range archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatalf("no section %s", name)
	return nil
}

// TestSharesByPerson: those who pay a share of a line stand by person, however the
// month ranks them: a day is explained from what bears on it, and that ranks nobody.
func TestSharesByPerson(t *testing.T) {
	policy, lines := lake(t)
	absent := `{"subject":"rollcall.lake.roster.office","data":{"id":"r100","time":"2021-03-20T09:00:00+08:00","person":"100","name":"庚山","window":"b2","class":"resident","from":"2021-03-29","roles":["chief_rep"]}}`
	found := `{"subject":"rollcall.lake.patrol.office","data":{"id":"n99","time":"2021-03-30T10:00:00+08:00","inspector":"I1","kind":"phone_use","person":"103"}}`
	f := fold(t, policy, append(slices.Clone(lines), absent+"\n"+found+"\n"...))
	want := []string{"首席代表庚山（100）连带扣1分", "首席代表乙火（102）连带扣1分"}
	for name, explain := range map[string]func(*store.View, hall.Calendar, hall.ID, hall.PersonID, hall.Date, hall.Instant) (*report.Story, error){
		"what bears on the day": report.Explain, "everything": report.ExplainWide,
	} {
		var got []string
		err := f.store.View(func(v *store.View) error {
			s, err := explain(v, statutory(t), f.hall, "103", hall.NewDate(2021, 3, 30), parse(t, hall.ParseInstant, afterMonth))
			if err != nil {
				return err
			}
			for _, l := range s.Violations {
				got = append(got, slices.DeleteFunc(l.Steps, func(step string) bool { return !strings.Contains(step, "连带") })...)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("shares, from %s (-want +got):\n%s", name, diff)
		}
	}
}
