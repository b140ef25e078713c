package report_test

// A small fold: a policy and lines of events into a real store.

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

// folder is a store that was filled from lines.
type folder struct {
	store *store.Store
	hall  hall.ID
}

// fold makes a store of a policy, which counts as made before every event, and
// of lines, the first of which is message 1.
func fold(t testing.TB, policy, lines []byte) *folder {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	p, doc, err := configs.ReadPolicy("hall.yaml", policy)
	if err != nil {
		t.Fatal(err)
	}
	body := append([]byte(`{"id":"file","time":"2000-01-01T00:00:00Z","policy":`), doc...)
	e, err := hall.Decode(hall.Subject(p.Hall, hall.KindPolicy, "file"), append(body, '}'))
	if err != nil {
		t.Fatal(err)
	}
	f := &folder{store: s, hall: p.Hall}
	b := store.BatchOf(store.Applied{}, e)
	in := bufio.NewScanner(bytes.NewReader(lines))
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		b.Applied.Sequence++
		take(t, b, bytes.Clone(in.Bytes()))
	}
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
	return f
}

func take(t testing.TB, b *store.Batch, line []byte) {
	t.Helper()
	subject, body, err := hall.DecodeLine(line)
	var e hall.Event
	if err == nil {
		e, err = hall.Decode(subject, body)
	}
	if err == nil {
		b.Add(&e)
		return
	}
	rejection, ok := errors.AsType[*hall.Rejection](err)
	if !ok {
		t.Fatalf("Decode(%s) = %v, want a rejection", line, err)
	}
	b.AddDead(store.Dead{Sequence: b.Applied.Sequence, Subject: subject, Field: rejection.Field, Reason: rejection.Reason})
}

// month asks for a month of the hall.
func (f *folder) month(t testing.TB, month, asOf string) *hall.Report {
	t.Helper()
	return f.ask(t, report.Question{Hall: f.hall, Month: parse(t, hall.ParseMonth, month), AsOf: parse(t, hall.ParseInstant, asOf), FromFile: true})
}

func (f *folder) ask(t testing.TB, q report.Question) *hall.Report {
	t.Helper()
	var r *hall.Report
	err := f.store.View(func(v *store.View) (err error) {
		r, err = report.Month(v, statutory(t), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parse[T any](t testing.TB, read func(string) (T, error), text string) T {
	t.Helper()
	v, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// statutory are the days of the tables that the tests touch.
func statutory(t testing.TB) hall.Calendar {
	t.Helper()
	days := func(year int, off, made []string) hall.CalendarYear {
		y := hall.CalendarYear{Year: year}
		for _, d := range off {
			y.Days = append(y.Days, hall.CalendarDay{Date: parse(t, hall.ParseDate, d), Name: "假日", Off: true})
		}
		for _, d := range made {
			y.Days = append(y.Days, hall.CalendarDay{Date: parse(t, hall.ParseDate, d), Name: "补班"})
		}
		return y
	}
	return hall.NewCalendar(
		days(2020, nil, nil),
		days(2024, []string{"2024-10-01", "2024-10-02", "2024-10-03", "2024-10-04", "2024-10-05", "2024-10-06", "2024-10-07"}, []string{"2024-09-29", "2024-10-12"}),
	)
}

func read(t testing.TB, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
