package report_test

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// cellsOf writes a workbook as text: of each sheet the page, then a line for each
// cell with its type, its value as stored, and its look.
func cellsOf(t *testing.T, book []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out strings.Builder
	for _, name := range f.GetSheetList() {
		dumpPage(t, &out, f, name)
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, value := range row {
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				if value != "" {
					fmt.Fprintf(&out, "%s %s %s\n", at, typed(t, f, name, at, value), look(t, f, name, at))
				}
			}
		}
	}
	return []byte(out.String())
}

func dumpPage(t *testing.T, out *strings.Builder, f *excelize.File, name string) {
	t.Helper()
	layout, err := f.GetPageLayout(name)
	if err != nil {
		t.Fatal(err)
	}
	margin, err := f.GetHeaderFooter(name)
	if err != nil {
		t.Fatal(err)
	}
	panes, err := f.GetPanes(name)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(out, "sheet %s: paper %d %s, %d wide %d high, frozen at %s\n", name, *layout.Size, *layout.Orientation, *layout.FitToWidth,
		*layout.FitToHeight, panes.TopLeftCell)
	fmt.Fprintf(out, "above %s\nbelow %s\n", margin.OddHeader, margin.OddFooter)
	for _, n := range f.GetDefinedName() {
		if n.Scope == name {
			fmt.Fprintf(out, "%s %s\n", strings.TrimPrefix(n.Name, "_xlnm."), n.RefersTo)
		}
	}
	merged, err := f.GetMergeCells(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range merged {
		if !strings.HasPrefix(m.GetStartAxis(), "A") {
			continue // headings of two rows
		}
		fmt.Fprintf(out, "merged %s:%s\n", m.GetStartAxis(), m.GetEndAxis())
	}
}

func typed(t *testing.T, f *excelize.File, sheet, at, value string) string {
	t.Helper()
	formula, err := f.GetCellFormula(sheet, at)
	if err != nil || formula != "" {
		t.Errorf("%s!%s is the formula %q, %v", sheet, at, formula, err)
	}
	kind, err := f.GetCellType(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	switch kind {
	case excelize.CellTypeSharedString, excelize.CellTypeInlineString:
		return fmt.Sprintf("text %q", value)
	case excelize.CellTypeNumber, excelize.CellTypeUnset:
		return "number " + value
	}
	return fmt.Sprintf("type %d %q", kind, value)
}

func look(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	id, err := f.GetCellStyle(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{s.Alignment.Horizontal, fmt.Sprintf("%s%v", s.Font.Family, s.Font.Size)}
	if s.Font.Bold {
		parts = append(parts, "bold")
	}
	if s.CustomNumFmt != nil {
		parts = append(parts, *s.CustomNumFmt)
	}
	if len(s.Fill.Color) > 0 {
		parts = append(parts, "#"+cmp.Or(s.Fill.Color[0], "none"))
	}
	return "| " + strings.Join(parts, " ")
}
