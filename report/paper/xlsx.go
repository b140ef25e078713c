package paper

// Workbooks: a sheet a list, as an office prints and files it. Numbers are
// numbers and dates are dates; every other cell is a string, never a formula.

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/xuri/excelize/v2"

	"rollcall/hall"
)

func writeXLSX(w io.Writer, r *hall.Report, lists []List, o Options) error {
	p := newPage(r, o)
	b, err := newBook(p)
	if err != nil {
		return fmt.Errorf("make a workbook: %w", err)
	}
	defer b.file.Close() // holds no temporary file: nothing is streamed
	for i := range lists {
		if err := b.add(&lists[i], i == 0); err != nil {
			return fmt.Errorf("write %s into a workbook: %w", lists[i].Name, err)
		}
	}
	if _, err := b.file.WriteTo(w); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// book is a workbook in the making.
type book struct {
	*page
	file   *excelize.File
	styles styles
}

// newBook makes a workbook whose properties depend on the report alone.
func newBook(p *page) (*book, error) {
	narrow()
	b := &book{page: p, file: excelize.NewFile()}
	made := "1970-01-01T00:00:00Z"
	if t, err := time.Parse(time.RFC3339, p.AsOf); err == nil {
		made = t.UTC().Format(time.RFC3339)
	}
	if err := b.file.SetDocProps(&excelize.DocProperties{Title: printable(p.hallName() + monthTitle(p.Month)), Creator: "rollcall", LastModifiedBy: "rollcall",
		Created: made, Modified: made}); err != nil {
		return nil, err
	}
	if err := b.file.SetDefaultFont(bodyFont); err != nil {
		return nil, err
	}
	var err error
	b.styles, err = newStyles(b.file)
	return b, err
}

// add writes a list onto a sheet of its own.
func (b *book) add(l *List, first bool) error {
	name := l.paperTitle()
	var err error
	if first {
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return err
	}
	s := &worksheet{book: b, list: l, name: name, table: b.rows(l)}
	s.measure()
	for _, step := range []func() error{s.head, s.headings, s.body, s.foot, s.layout} {
		if err := step(); err != nil {
			return err
		}
	}
	return b.styles.err
}

// paperTitle is what a list is called on paper.
func (l *List) paperTitle() string {
	if l.Paper != "" {
		return l.Paper
	}
	return l.Title
}

// worksheet is a sheet in the making.
type worksheet struct {
	*book
	list    *List
	name    string
	table   Table
	printed int       // how many columns are on the page
	width   []float64 // of the columns, in characters
	wide    float64   // of those on the page
	top     int       // row of the headings
	row     int       // that was written last
}

// head writes what this is, and what it is not yet, across the sheet.
func (s *worksheet) head() error {
	lines := s.page.head()
	lines[0] = s.title(s.list)
	for i, line := range lines {
		style := s.styles.remark
		if i == 0 {
			style = s.styles.title
		}
		if err := s.line(line, style); err != nil {
			return err
		}
	}
	return s.height(1, 26*float64(linesIn(lines[0], s.wide*titleShare)))
}

// title names hall, month and list.
func (p *page) title(l *List) string { return p.hallName() + monthTitle(p.Month) + l.paperTitle() }

// line writes a text across the next row.
func (s *worksheet) line(words string, style int) error {
	s.row++
	from, to := s.cell(0, s.row), s.cell(s.printed-1, s.row)
	if err := s.file.SetCellStr(s.name, from, printable(words)); err != nil {
		return err
	}
	if err := s.file.SetCellStyle(s.name, from, to, style); err != nil {
		return err
	}
	if err := s.height(s.row, lineHeight*float64(linesIn(words, s.wide))); err != nil {
		return err
	}
	return s.file.MergeCell(s.name, from, to)
}

// headings writes the titles of the columns, in two rows where days have their
// weekdays below them.
func (s *worksheet) headings() error {
	s.top = s.row + 1
	s.row = s.top
	if s.table.twoRows() {
		s.row++
	}
	for i := range s.table.Columns {
		c := &s.table.Columns[i]
		if err := s.file.SetCellStr(s.name, s.cell(i, s.top), s.table.broken(printable(c.Title))); err != nil {
			return err
		}
		if err := s.file.SetCellStyle(s.name, s.cell(i, s.top), s.cell(i, s.row), s.styles.heading(c.Off)); err != nil {
			return err
		}
		if c.Under != "" {
			if err := s.file.SetCellStr(s.name, s.cell(i, s.row), printable(c.Under)); err != nil {
				return err
			}
		} else if s.row > s.top {
			if err := s.file.MergeCell(s.name, s.cell(i, s.top), s.cell(i, s.row)); err != nil {
				return err
			}
		}
	}
	return s.headingHeights()
}

// headingHeights makes room for the longest title in its narrow column.
func (s *worksheet) headingHeights() error {
	lines := 1
	for i := range s.table.Columns {
		lines = max(lines, s.headingLines(i))
	}
	rows := s.row - s.top + 1
	for row := s.top; row <= s.row; row++ {
		if err := s.height(row, max(18, lineHeight*float64(lines)/float64(rows))); err != nil {
			return err
		}
	}
	return nil
}

func (s *worksheet) headingLines(i int) int {
	lines := 0
	for part := range strings.SplitSeq(s.table.broken(s.table.Columns[i].Title), "\n") {
		lines += linesIn(part, s.width[i]-1)
	}
	return lines
}

func (s *worksheet) body() error {
	if len(s.table.Rows) == 0 {
		return s.line(s.list.Nil, s.styles.remark)
	}
	first := s.row + 1
	for _, row := range s.table.Rows {
		if err := s.cells(row); err != nil {
			return err
		}
	}
	last := s.row
	if s.table.Totals != nil {
		if err := s.cells(s.table.Totals); err != nil {
			return err
		}
	}
	for i := range s.table.Columns {
		c := &s.table.Columns[i]
		if err := s.file.SetCellStyle(s.name, s.cell(i, first), s.cell(i, last), s.styles.cell(c, s.written(i), s.table.twoRows())); err != nil {
			return err
		}
		if s.table.Totals == nil {
			continue
		}
		if err := s.file.SetCellStyle(s.name, s.cell(i, s.row), s.cell(i, s.row), s.styles.total(c, s.written(i), s.table.twoRows())); err != nil {
			return err
		}
	}
	return nil
}

// cells writes the next row.
func (s *worksheet) cells(row []string) error {
	s.row++
	for i, content := range row {
		if content == "" {
			continue
		}
		at := s.cell(i, s.row)
		n, ok := value(s.table.Columns[i].Type, content)
		var err error
		if ok {
			err = s.file.SetCellFloat(s.name, at, n, -1, 64)
		} else {
			err = s.file.SetCellStr(s.name, at, printable(content))
		}
		if err != nil {
			return err
		}
	}
	return s.fitRow(row)
}

// fitRow makes a row as high as its longest cell needs; programs that open the
// file do not all do so themselves.
func (s *worksheet) fitRow(row []string) error {
	lines := 1
	for i, content := range row[:s.printed] {
		lines = max(lines, linesIn(content, s.width[i]-1))
	}
	return s.height(s.row, max(minHeight, lineHeight*float64(lines)))
}

// height sets the height of a row, up to what a spreadsheet allows.
func (s *worksheet) height(row int, points float64) error {
	return s.file.SetRowHeight(s.name, row, min(points, highest))
}

// foot writes the notes below the table.
func (s *worksheet) foot() error {
	for _, note := range s.table.Notes {
		if err := s.line(note, s.styles.remark); err != nil {
			return err
		}
	}
	return nil
}

// cell names a cell by column, counted from 0, and row.
func (s *worksheet) cell(column, row int) string { return s.columnName(column) + strconv.Itoa(row) }

func (s *worksheet) columnName(column int) string {
	name, err := excelize.ColumnNumberToName(max(column, 0) + 1)
	if err != nil {
		panic(fmt.Sprintf("a list with %d columns: %v", column, err)) // a month has 31 days
	}
	return name
}

// value is the number that a cell of a type holds as spreadsheets store it; ok is
// false where it is to be written as text.
func value(t CellType, text string) (n float64, ok bool) {
	switch t {
	case Number:
		points, err := hall.ParsePoints(text)
		return float64(points) / float64(hall.Point), err == nil
	case Date:
		d, err := hall.ParseDate(text)
		return dayNumber(d), err == nil
	case Moment:
		date, at, _ := strings.Cut(text, " ")
		d, err := hall.ParseDate(date)
		clock, ok := clockNumber(at)
		return dayNumber(d) + clock, err == nil && ok
	case Clock:
		return clockNumber(text)
	}
	return 0, false
}

// dayNumber counts days as spreadsheets do; before March 1900 they are off by
// one, and such dates are written as text.
func dayNumber(d hall.Date) float64 { return float64(d - hall.NewDate(1899, time.December, 30)) }

// clockNumber reads `08:21` or `08:21:07` as a part of a day; `+1` is none.
func clockNumber(text string) (float64, bool) {
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.Hour()*3600+t.Minute()*60+t.Second()) / 86400, true
		}
	}
	return 0, false
}

// written is how the values of a column are written, so that they stand in line.
type written struct {
	decimals int
	seconds  bool
}

func (s *worksheet) written(column int) written {
	var w written
	for _, row := range s.table.Rows {
		if _, frac, ok := strings.Cut(row[column], "."); ok {
			w.decimals = min(max(w.decimals, len(frac)), 4)
		}
		w.seconds = w.seconds || len(row[column]) == len("08:21:07")
	}
	return w
}

// wideAs is how many Latin characters a text is wide.
func wideAs(s string) int { return text.StringWidthWithoutEscSequences(printable(s)) }

// linesIn is how many lines a text takes in a column.
func linesIn(s string, width float64) int {
	if s == "" || width < 1 {
		return 1
	}
	columns := int(width)
	if wideAs(s) <= columns {
		return 1
	}
	if utf8.RuneCountInString(s) < wideAs(s) {
		columns -= columns % 2 // a Chinese character is not cut in half
	}
	return max(1, (wideAs(s)+max(columns, 2)-1)/max(columns, 2))
}
