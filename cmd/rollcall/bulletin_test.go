package main

// The bulletin of the demo's month, which has the facts of a real one.

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
)

// builtDemo is the report of the demo's month, without bus and store.
func builtDemo(t testing.TB) *hall.Report {
	t.Helper()
	var facts hall.Facts
	var log report.Log
	for e, err := range demoEvents() {
		if err != nil {
			t.Fatal(err)
		}
		event, err := hall.Decode(e.Subject, e.Body)
		if err != nil {
			t.Fatal(err)
		}
		facts.Add(event.Fact)
		log.Sequence++
	}
	asOf, err := time.Parse(time.RFC3339, demoAsOf)
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Build(&facts, configs.Statutory(), report.Question{
		Hall: demoHall, Month: hall.NewMonth(2020, 11), AsOf: hall.InstantOf(asOf), Lists: []string{"bulletin"},
	}, log)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func demoBulletin(t testing.TB, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, builtDemo(t), "bulletin", format, paper.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBulletin compares the bulletin of the demo with its golden files.
func TestBulletin(t *testing.T) {
	golden(t, "bulletin.txt", demoBulletin(t, "text"))
	golden(t, "bulletin.json", demoBulletin(t, "json"))
	golden(t, "bulletin.html", demoBulletin(t, "html"))
	golden(t, "document.xml", documentXML(t, demoBulletin(t, "docx")))
}

// documentXML is the text of a docx to its first annex, with a paragraph a line.
func documentXML(t testing.TB, docx []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ = bytes.Cut(text, []byte("</w:tbl>")) // the other annexes are in the other formats
	return bytes.ReplaceAll(text, []byte("<w:p>"), []byte("\n<w:p>"))
}

// TestBulletinFacts counts what a real bulletin of such a month had.
func TestBulletinFacts(t *testing.T) {
	r := builtDemo(t)
	subjects, served, counted := map[string]bool{}, map[string]bool{}, 0
	for i := range r.Violations {
		v := &r.Violations[i]
		subjects[string(v.Window)+v.Subject()] = true
	}
	for _, b := range r.Bonus {
		served[fmt.Sprint(b.Windows)] = true
		counted++
	}
	b := paper.NewBulletin(r)
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"people with full attendance", len(r.FullAttendance), 8},
		{"violations", len(r.Violations), 9},
		{"subjects of violations", len(subjects), 6},
		{"first of the staff", len(r.Ranking[0].Top), 3},
		{"last of the staff", len(r.Ranking[0].Bottom), 3},
		{"counts of bonus", counted, 16},
		{"windows with bonus, one of them joint", len(served), 10},
		{"awarded windows", len(r.Awards[0].Windows), 4},
		{"windows", len(r.Windows), 20},
		{"cases", int(*r.Cases.Total), 3710},
		{"annexes", len(b.Annexes), 3},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.what, c.got, c.want)
		}
	}
	if got := r.Cases.GrowthPercent.Fixed(2); got != "21.96" {
		t.Errorf("growth = %s %%, want 21.96", got)
	}
}

// golden compares with a file of testdata/bulletin; -update rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "bulletin", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readText(t, path), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
	}
}
