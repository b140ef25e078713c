package sheet

// A CSV or XLSX file as events, row by row.

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"rollcall/hall"
)

// maxFile is the size of a file that is read, in bytes.
const maxFile = 256 << 20

// Options say what the rows of a file mean.
type Options struct {
	Hall   hall.ID
	Source string    // the last token of the subject
	Kind   hall.Kind // "" = the kind that the headings tell
	Sheet  string    // of a workbook, "" = the first visible one
	// Columns maps headings to fields, beside the known headings.
	Columns map[string]string
	// Values gives every row a field that the file has no column for.
	Values map[string]string
	Month  hall.Month     // of every row of a kind that has one, 0 = as the rows say
	Zone   *time.Location // the hall's, nil = Asia/Shanghai
	Policy *hall.Policy   // to find windows and kinds by their names, nil = none
	Made   time.Time      // the time of rows that do not say when they were made
}

func (o *Options) zone() *time.Location {
	if o.Zone == nil {
		return time.FixedZone("UTC+8", 8*3600)
	}
	return o.Zone
}

// Table is a file whose headings are understood.
type Table struct {
	Kind    *Kind
	Ignored []string // headings that mean nothing here and should be looked at

	name    string
	options Options
	columns []column
	counts  []countColumn
	heads   int // number of the row of headings
	width   int // how many cells the row of headings has
	lines   iter.Seq[line]
	book    *workbook
}

// column is a column of the file that gives a field.
type column struct {
	*Field
	index   int // -1: the same in every row
	heading string
	value   string // of a field that is the same in every row
}

// countColumn is a column whose heading is a kind of bonus and whose cells are its
// counts: each of them is an event of its own.
type countColumn struct {
	kind    string
	index   int
	heading string
}

// RowError is a row that gives no event, or a file that cannot be read (Row 0).
type RowError struct {
	File    string
	Row     int    // as a spreadsheet counts, from 1 on
	Column  string // letter and heading, "" = the row as a whole
	Value   string
	Problem string
	Want    string
}

func (e *RowError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Row > 0 {
		fmt.Fprintf(&b, ": row %d", e.Row)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %s", e.Column)
	}
	b.WriteString(": ")
	if e.Value != "" {
		fmt.Fprintf(&b, "%q ", clipped(e.Value))
	}
	b.WriteString(e.Problem)
	if e.Want != "" {
		b.WriteString("; want " + e.Want)
	}
	return b.String()
}

// Is makes every RowError an hall.ErrInvalid.
func (e *RowError) Is(target error) bool { return target == hall.ErrInvalid }

func clipped(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// IsSheet reports whether a file is a spreadsheet and no JSON lines: by its
// name, and where that says nothing by its beginning.
func IsSheet(name string, raw []byte) bool {
	lower := strings.ToLower(name)
	for _, ext := range []string{".csv", ".tsv", ".xlsx", ".xlsm", ".xls"} {
		if strings.HasSuffix(lower, ext) {
			return true
		}
	}
	if bytes.HasPrefix(raw, magicZip) || bytes.HasPrefix(raw, magicOLE) {
		return true
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF")), " \t\r\n")
	return len(text) > 0 && text[0] != '{' && !strings.HasSuffix(lower, ".jsonl") && !strings.HasSuffix(lower, ".ndjson")
}

// Open reads the headings of a file; name is for messages. The caller closes
// the table.
func Open(name string, raw []byte, o Options) (*Table, error) {
	t := &Table{name: name, options: o}
	if len(raw) > maxFile {
		return nil, t.fail(fmt.Sprintf("is larger than %d MB: cut it into several files", maxFile>>20))
	}
	if err := t.open(raw); err != nil {
		return nil, t.fail(err.Error())
	}
	if err := t.readHeadings(); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Table) open(raw []byte) (err error) {
	switch {
	case bytes.HasPrefix(raw, magicOLE):
		return refuseOLE(raw)
	case bytes.HasPrefix(raw, magicZip):
		if t.book, err = openWorkbook(raw, t.options.Sheet); err != nil {
			return err
		}
		t.lines = t.book.lines
		return nil
	}
	text, err := decodeText(raw)
	if err != nil {
		return err
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return errors.New("is no text: want CSV or .xlsx")
	}
	t.lines = csvLines(text)
	return nil
}

// Close frees what Open holds.
func (t *Table) Close() error {
	if t.book == nil {
		return nil
	}
	return t.book.close()
}

func (t *Table) fail(problem string) *RowError { return &RowError{File: t.name, Problem: problem} }

// readHeadings takes the first row that is not empty. A title above the
// headings or headings in two rows are refused: guessing would misread dates.
func (t *Table) readHeadings() error {
	var first []line
	for l := range t.lines {
		if l.bad != "" && len(first) == 0 {
			return &RowError{File: t.name, Row: l.number, Column: t.columnName(l.column, ""), Problem: l.bad}
		}
		if l.bad == "" {
			first = append(first, l)
		}
		if l.bad != "" || len(first) == 6 {
			break
		}
	}
	if len(first) == 0 {
		return t.fail("is empty: want a row of headings and rows below it")
	}
	err := t.match(first[0])
	if err == nil {
		return t.addValues()
	}
	for _, l := range first[1:] {
		below := *t
		if below.match(l) != nil {
			continue
		}
		return &RowError{File: t.name, Row: first[0].number, Problem: fmt.Sprintf(
			"is not the row of headings, which is row %d%s: delete the rows above it and try again", l.number, t.mergedNote(l.number))}
	}
	if note := t.mergedNote(first[0].number + 1); note != "" {
		err.Want += note + ": unmerge them (取消合并单元格) so that each column has its heading in one row"
	}
	return err
}

func (t *Table) mergedNote(last int) string {
	if t.book == nil {
		return ""
	}
	if cells := t.book.merged(last); cells != "" {
		return " (cells " + cells + " are merged)"
	}
	return ""
}

// match reads l as headings.
func (t *Table) match(l line) *RowError {
	kinds := Kinds
	if t.options.Kind != "" {
		k := kindOf(t.options.Kind)
		if k == nil {
			return &RowError{File: t.name, Problem: fmt.Sprintf("cannot be read as %s", t.options.Kind), Want: strings.Join(KindNames(), ", ")}
		}
		kinds = []Kind{*k}
	}
	for _, text := range slices.Sorted(maps.Keys(t.options.Columns)) {
		name := t.options.Columns[text]
		if !slices.ContainsFunc(kinds, func(k Kind) bool { return k.field(name) != nil }) {
			return t.fail(fmt.Sprintf("--map %s=%s: there is no such field; docs/import.md lists them", text, name))
		}
	}
	var best *Table
	var nearest *RowError
	known, tie := -1, ""
	for i := range kinds {
		as := &Table{Kind: &kinds[i], name: t.name, options: t.options, book: t.book}
		if err := as.matchKind(l); err != nil {
			if len(as.columns) > known {
				nearest, known = err, len(as.columns)
			}
			continue
		}
		switch {
		case best == nil || as.understood() > best.understood():
			best, tie = as, ""
		case as.understood() == best.understood():
			tie = string(as.Kind.Kind)
		}
	}
	switch {
	case best == nil && known < 2 && len(kinds) > 1:
		return &RowError{File: t.name, Row: l.number, Value: strings.Join(l.cells, ","),
			Problem: "are the headings of no kind of sheet that is known (docs/import.md)",
			Want:    "--kind, and --map heading=field for headings of your own"}
	case best == nil:
		return nearest
	case tie != "":
		return &RowError{File: t.name, Row: l.number, Problem: fmt.Sprintf("may be headings of %s or %s", best.Kind.Kind, tie), Want: "--kind"}
	}
	t.Kind, t.columns, t.counts, t.Ignored, t.heads, t.width = best.Kind, best.columns, best.counts, best.Ignored, l.number, len(l.cells)
	return nil
}

// understood is how many columns of the file mean something.
func (t *Table) understood() int { return len(t.columns) + len(t.counts) }

// bonusNamed returns the kind of bonus that a heading names, "" if it names none or
// several, or the rows have a column for the kind.
func (t *Table) bonusNamed(text string) string {
	if t.Kind.Kind != hall.KindBonus || t.options.Policy == nil || slices.ContainsFunc(t.columns, func(c column) bool { return c.Name == "kind" || c.Name == "count" }) {
		return ""
	}
	id, _ := meant(heading(text), t.options.Policy.Bonus, func(k *hall.BonusKind) (string, []string) {
		return k.Kind, []string{heading(k.Name), heading(k.Kind)}
	})
	return id
}

func (t *Table) matchKind(l line) *RowError {
	fail := func(index int, problem, want string) *RowError {
		return &RowError{File: t.name, Row: l.number, Column: t.columnName(index, ""), Value: clean(l.cells[index]), Problem: problem, Want: want}
	}
	for i, text := range l.cells {
		text = clean(text)
		if text == "" {
			continue
		}
		f := t.Kind.named(text)
		if name, ok := t.mapped(text); ok {
			if f = t.Kind.field(name); f == nil {
				return fail(i, fmt.Sprintf("is mapped to %q, which is no field of %s", name, t.Kind.Kind), t.Kind.fieldNames())
			}
		}
		if kind := t.bonusNamed(text); f == nil && kind != "" {
			t.counts = append(t.counts, countColumn{kind, i, text})
			continue
		}
		if f == nil {
			if !slices.Contains(unneeded, heading(text)) {
				t.Ignored = append(t.Ignored, text)
			}
			continue
		}
		if j := slices.IndexFunc(t.columns, func(c column) bool { return c.Name == f.Name }); j >= 0 {
			if _, chosen := t.mapped(text); !chosen {
				if _, before := t.mapped(t.columns[j].heading); before {
					t.Ignored = append(t.Ignored, text)
					continue
				}
				return fail(i, fmt.Sprintf("means the same (%s) as the column %s", f.Name, t.columns[j].heading), "--map heading="+f.Name+" for the one that counts")
			}
			t.Ignored = append(t.Ignored, t.columns[j].heading)
			t.columns = slices.Delete(t.columns, j, j+1)
		}
		t.columns = append(t.columns, column{Field: f, index: i, heading: text})
	}
	for text := range t.options.Columns {
		if !slices.ContainsFunc(l.cells, func(c string) bool { return heading(c) == heading(text) }) {
			return &RowError{File: t.name, Row: l.number, Value: text, Problem: "is mapped and no heading of the file", Want: strings.Join(l.cells, ", ")}
		}
	}
	for _, group := range t.Kind.Needs {
		if slices.ContainsFunc(group, t.has) {
			continue
		}
		f := t.Kind.field(group[0])
		always := "--set " + f.Name + "=VALUE"
		if f.Name == month.Name {
			always = "--month MONTH"
		}
		return &RowError{File: t.name, Row: l.number, Problem: fmt.Sprintf("has no column for %s (%s)", strings.Join(group, " or "), f.Headings[0]),
			Want: fmt.Sprintf("a heading %s, --map heading=%s, or %s", f.Headings[0], f.Name, always)}
	}
	return nil
}

// unneeded are headings that are for people and named by no message.
var unneeded = []string{"序号", "姓名", "部门"}

// mapped returns the field to which the user maps a heading.
func (t *Table) mapped(text string) (string, bool) {
	for h, name := range t.options.Columns {
		if heading(h) == heading(text) {
			return name, true
		}
	}
	return "", false
}

// has reports whether a field comes from a column or is the same in every row.
func (t *Table) has(field string) bool {
	_, given := t.options.Values[field]
	return given || field == "month" && t.options.Month != 0 || len(t.counts) > 0 && (field == "kind" || field == "count") || slices.ContainsFunc(t.columns, func(c column) bool { return c.Name == field })
}

func (t *Table) addValues() error {
	for name, value := range t.options.Values {
		f := t.Kind.field(name)
		if f == nil {
			return t.fail(fmt.Sprintf("--set %s: %s has no such field; there are: %s", name, t.Kind.Kind, t.Kind.fieldNames()))
		}
		t.columns = slices.DeleteFunc(t.columns, func(c column) bool { return c.Name == name })
		t.columns = append(t.columns, column{Field: f, index: -1, heading: "--set " + name, value: value})
	}
	slices.SortStableFunc(t.columns, func(a, b column) int { return a.index - b.index })
	return nil
}

// columnName says where a cell stands: `C 打卡时间`.
func (t *Table) columnName(index int, heading string) string {
	if index < 0 {
		return heading
	}
	letter, err := excelize.ColumnNumberToName(index + 1)
	if err != nil {
		letter = fmt.Sprint(index + 1) // unreachable: columns are limited
	}
	return strings.TrimSpace(letter + " " + heading)
}
