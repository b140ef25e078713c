package sheet_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/ingest/sheet"
)

// FuzzCSV demands that what encoding/csv writes is read as it was, and that no
// text makes the reader stop or panic.
func FuzzCSV(f *testing.F) {
	f.Add("a", "b,\"c\"\n", "d")
	f.Add("", "\r\n", "\"")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		sheet.CSVCells([]byte(a + "," + b + "\n" + c))
		cells := []string{"x" + a, b, c}
		if slices.ContainsFunc(cells, func(s string) bool { return len(s) > 4000 || strings.Contains(s, "\r") }) {
			return
		}
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		if err := w.WriteAll([][]string{{",,", ",", ","}, cells}); err != nil {
			t.Fatal(err)
		}
		rows, bad := sheet.CSVCells(out.Bytes())
		if bad > 0 || len(rows) != 2 || !cmp.Equal(rows[1], cells) {
			t.Fatalf("%q: %q, %d bad", out.String(), rows, bad)
		}
	})
}
