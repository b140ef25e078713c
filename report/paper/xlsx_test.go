package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/report/paper"
)

const everything = "all,sheet,days,punches,patrol"

// parts unpacks a workbook or document.
func parts(t testing.TB, packed string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
	}
	return all
}

// hostile is a report whose texts would be formulas, control codes or markup.
func hostile() *hall.Report {
	const evil = "=cmd|'/c calc'!A1"
	return &hall.Report{Name: "示例&Pa&\"x\"大厅", Month: hall.NewMonth(2020, 11), AsOf: "2020-12-07T09:00:00+08:00",
		Staff:   []hall.StaffScore{{Person: "=1", Name: evil, Window: "w1"}, {Person: "@2", Name: "\x00\x1b[31m甲\u202e木\ufffe"}, {Person: "0042", Name: "</t><f>1+1</f>"}},
		Figures: []hall.MonthFigure{{Name: "+x", Value: "-1+2", Unit: "%"}},
		Patrol:  []hall.PatrolEntry{{UID: "demo/patrol/i/1", Time: "2020-11-03T09:00:00+08:00", Inspector: "-1", Note: hall.Name(strings.Repeat("长", 40000)), Evidence: []string{"=HYPERLINK(\"x\")"}}},
		Sheet:   []hall.SheetRow{{Person: "1", Name: "＝1", Signs: []string{"√", "-"}}},
		Names: hall.Names{Windows: []hall.WindowName{{Window: "w1", Number: 1, Name: "+窗口", Unit: "=单位"}},
			Kinds: map[string]string{}}}
}

// TestNoFormula opens a workbook of everything: no cell is a formula, no part
// holds what XML forbids, and what looks like a number but is an id stays text.
func TestNoFormula(t *testing.T) {
	book := write(t, hostile(), everything, "xlsx")
	for name, text := range parts(t, book) {
		if strings.Contains(text, "<f>") || strings.Contains(text, "<f ") {
			t.Errorf("%s holds a formula", name)
		}
		if strings.ContainsAny(text, "\x00\x1b\u202e\ufffe") {
			t.Errorf("%s holds a control code", name)
		}
	}
	f, err := excelize.OpenReader(strings.NewReader(book), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want := map[string]excelize.CellType{"=cmd|'/c calc'!A1": excelize.CellTypeSharedString, "0042": excelize.CellTypeSharedString, "0": excelize.CellTypeUnset}
	rows, err := f.GetRows("人员排名")
	if err != nil {
		t.Fatal(err)
	}
	for y, row := range rows {
		for x, value := range row {
			at, _ := excelize.CoordinatesToCellName(x+1, y+1)
			if kind, ok := want[value]; ok {
				if got, err := f.GetCellType("人员排名", at); err != nil || got != kind {
					t.Errorf("%s = %q is of type %v, %v, want %v", at, value, got, err, kind)
				}
			}
		}
	}
}

// TestSameWorkbook writes one twice: the bytes are those of the report alone.
func TestSameWorkbook(t *testing.T) {
	first := write(t, hostile(), everything, "xlsx")
	for range 3 {
		if write(t, hostile(), everything, "xlsx") != first {
			t.Fatal("a workbook of the same report has other bytes")
		}
	}
}

// TestWorkbookMargins has on each sheet whether the month is a draft or which
// issue it is, with the whole digest, and the number of the page.
func TestWorkbookMargins(t *testing.T) {
	r := hostile()
	digest := strings.Repeat("ab", 32)
	for _, c := range []struct {
		sealed *hall.SealInfo
		want   []string
	}{
		{nil, []string{"草稿，未封账"}},
		{&hall.SealInfo{Number: 2, By: "督查科", At: "2020-12-05T10:00:00+08:00", Digest: digest}, []string{"第2号", digest}},
	} {
		r.Sealed = c.sealed
		f, err := excelize.OpenReader(strings.NewReader(write(t, r, everything, "xlsx")))
		if err != nil {
			t.Fatal(err)
		}
		for _, sheet := range f.GetSheetList() {
			margin, err := f.GetHeaderFooter(sheet)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if text := fmt.Sprint(rows[:4]); !strings.Contains(text, want) {
					t.Errorf("the head of %s = %s, want %q", sheet, text, want)
				}
				if text := margin.OddHeader + margin.OddFooter; !strings.Contains(text, want) {
					t.Errorf("the margins of %s = %s, want %q", sheet, text, want)
				}
			}
			if !strings.Contains(margin.OddFooter, "第 &P 页，共 &N 页") || !strings.Contains(margin.OddHeader, "示例&&Pa&&") {
				t.Errorf("the margins of %s = %q, %q, want page numbers and no command of the hall's name", sheet, margin.OddHeader, margin.OddFooter)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSeveralLists puts those that are named into one workbook, in the order of
// the table.
func TestSeveralLists(t *testing.T) {
	f, err := excelize.OpenReader(strings.NewReader(write(t, hostile(), "sheet, violations,staff", "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, want := strings.Join(f.GetSheetList(), " "), "违规通报表 人员排名 月度汇总"; got != want {
		t.Errorf("sheets = %s, want %s", got, want)
	}
	var out bytes.Buffer
	if err := paper.Write(&out, hostile(), "staff,gossip", "xlsx", paper.Options{}); err == nil || !strings.Contains(err.Error(), `list "gossip"`) {
		t.Errorf("Write(staff,gossip) = %v, want the unknown list", err)
	}
}

// TestCellsHoldTexts reads back generated texts: a workbook holds each as it is
// but control codes, csv behind an apostrophe where it begins a formula, and
// neither anything else.
func TestCellsHoldTexts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ \t]*[=+\-@＝＋－＠_x0-9A-F\r\n"',;]{0,8}.{0,4}`)).Draw(rt, "name")
		r := &hall.Report{Staff: []hall.StaffScore{{Person: "1", Name: name}}}
		f, err := excelize.OpenReader(strings.NewReader(write(t, r, "staff", "xlsx")), excelize.Options{RawCellValue: true})
		if err != nil {
			rt.Fatal(err)
		}
		defer f.Close()
		row := slices.IndexFunc(must(f.GetRows("人员排名")), func(row []string) bool { return slices.Contains(row, "姓名") }) + 2
		got, err := f.GetCellValue("人员排名", fmt.Sprintf("C%d", row))
		if want := bare(name); err != nil || got != want {
			rt.Errorf("workbook holds %q, %v, want %q", got, err, want)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(write(t, r, "staff", "csv"), "\ufeff"))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		cell := rows[1][slices.Index(rows[0], "姓名")]
		if cell != bare(name) && cell != "'"+bare(name) {
			rt.Errorf("csv holds %q, want %q", cell, bare(name))
		}
		if first := strings.TrimLeft(cell, " "); first != "-" && first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
			rt.Errorf("csv cell %q begins a formula", cell)
		}
	})
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// bare is a text without what no paper shows: control codes, marks of direction
// and what XML cannot hold.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar, r == '\ufffe', r == '\uffff':
			return -1
		}
		return r
	}, s)
}
