package paper

// CSV for spreadsheets: UTF-8 with a byte order mark, and no cell that a
// spreadsheet would run as a formula.

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"rollcall/hall"
)

const byteOrderMark = "\ufeff"

func writeCSV(w io.Writer, r *hall.Report, lists []List, o Options) error {
	if err := writeRows(w, newPage(r, o).rows(&lists[0])); err != nil {
		return fmt.Errorf("write %s as csv: %w", lists[0].Name, err)
	}
	return nil
}

// writeRows writes a table under its headings.
func writeRows(w io.Writer, table Table) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	header := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		if header[i] = safe(c.Title); c.Under != "" {
			header[i] += "(" + c.Under + ")"
		}
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range table.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			if cells[i] = cell; table.Columns[i].Type != Number || !isNumber(cell) {
				cells[i] = safe(cell)
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// formulas are what a spreadsheet takes for the beginning of a formula, in both
// widths.
const formulas = "=+-@＝＋－＠"

// safe takes control codes out of a cell and puts an apostrophe before what a
// spreadsheet takes for a formula, also behind spaces, which some drop. A lone
// dash, as the sheet has it, is none.
func safe(cell string) string {
	cell = printable(cell)
	begins := strings.TrimLeft(cell, " ")
	if begins == "-" || begins == "" || !strings.ContainsRune(formulas, []rune(begins)[0]) {
		return cell
	}
	return "'" + cell
}

func isNumber(cell string) bool {
	_, err := hall.ParsePoints(cell)
	return err == nil
}
