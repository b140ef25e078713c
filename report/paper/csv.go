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
	table := lists[0].table(newPage(r, o))
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	header := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		header[i] = safe(c.Title)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, row := range table.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			if cells[i] = cell; !table.Columns[i].Number || !isNumber(cell) {
				cells[i] = safe(cell)
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write %s as csv: %w", lists[0].Name, err)
	}
	return nil
}

// safe puts an apostrophe before what a spreadsheet takes for a formula, in
// both widths of the signs. A lone dash, as the sheet has it, is none.
func safe(cell string) string {
	if cell == "-" {
		return cell
	}
	for _, sign := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, sign) {
			return "'" + cell
		}
	}
	return cell
}

func isNumber(cell string) bool {
	_, err := hall.ParsePoints(cell)
	return err == nil
}
