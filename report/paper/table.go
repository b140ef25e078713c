package paper

// A list as rows and columns, for every format that has such.

import (
	"slices"
	"strings"

	"rollcall/hall"
)

// Table is a list as rows and columns.
type Table struct {
	Columns []Column
	Rows    [][]string // as many cells as columns; numbers have no unit
	Totals  []string   // the last line, nil = none
	Notes   []string   // sentences below it
}

// Column is a column of a table.
type Column struct {
	Title string // Chinese
	Under string // second line of the heading: the weekday of a day
	Type  CellType
	Wide  bool // left out of text, where it would be more than a terminal is wide
	Inner bool // left out of a posting
	Aside bool // for looking something up: behind the edge of a printed page
	Quiet bool // a zero says nothing
	Off   bool // a day off
	Sum   bool // has a total
}

// CellType is what the cells of a column hold, unless they are empty.
type CellType int

// The types of cells.
const (
	Word   CellType = iota
	Number          // 0.5, -1, 100
	Date            // 2020-11-04
	Moment          // 2020-11-04 08:21, with seconds or not
	Clock           // 08:21, with seconds or not; +1 behind it is the next day
)

// words, numbers, dates, moments and clocks make columns.
func words(titles ...string) []Column   { return columns(Word, titles) }
func numbers(titles ...string) []Column { return columns(Number, titles) }
func dates(titles ...string) []Column   { return columns(Date, titles) }
func moments(titles ...string) []Column { return columns(Moment, titles) }
func clocks(titles ...string) []Column  { return columns(Clock, titles) }

func columns(t CellType, titles []string) []Column {
	list := make([]Column, len(titles))
	for i, title := range titles {
		list[i] = Column{Title: title, Type: t}
	}
	return list
}

// references make columns of ids: never posted, and not printed.
func references(titles ...string) []Column {
	return marked(words(titles...), func(c *Column) { c.Inner, c.Aside = true, true })
}

// wide, inner, quiet and summed mark columns.
func wide(list []Column) []Column   { return marked(list, func(c *Column) { c.Wide = true }) }
func inner(list []Column) []Column  { return marked(list, func(c *Column) { c.Inner = true }) }
func quiet(list []Column) []Column  { return marked(list, func(c *Column) { c.Quiet = true }) }
func summed(list []Column) []Column { return marked(list, func(c *Column) { c.Sum = true }) }

func marked(list []Column, mark func(*Column)) []Column {
	for i := range list {
		mark(&list[i])
	}
	return list
}

// twoRows reports whether the headings take two rows, days and their weekdays.
func (t *Table) twoRows() bool {
	for i := range t.Columns {
		if t.Columns[i].Under != "" {
			return true
		}
	}
	return false
}

// broken breaks the title of a narrow column before its unit, or in its middle.
func (t *Table) broken(title string) string {
	if !t.twoRows() && wideAs(title) <= 12 {
		return title
	}
	if name, unit, ok := strings.Cut(title, "("); ok {
		return name + "\n(" + unit
	}
	if r := []rune(title); len(r) >= 4 {
		return string(r[:len(r)/2]) + "\n" + string(r[len(r)/2:])
	}
	return title
}

// without returns a table without the columns that drop names.
func (t Table) without(drop func(*Column) bool) Table {
	keep := make([]int, 0, len(t.Columns))
	for i := range t.Columns {
		if !drop(&t.Columns[i]) {
			keep = append(keep, i)
		}
	}
	if len(keep) == len(t.Columns) {
		return t
	}
	kept := Table{Columns: pick(t.Columns, keep), Notes: t.Notes}
	for _, row := range t.Rows {
		kept.Rows = append(kept.Rows, pick(row, keep))
	}
	if t.Totals != nil {
		kept.Totals = pick(t.Totals, keep)
	}
	return kept
}

func pick[T any](list []T, indexes []int) []T {
	picked := make([]T, len(indexes))
	for i, at := range indexes {
		picked[i] = list[at]
	}
	return picked
}

// sum adds the line of totals, named in the column of windows.
func (t *Table) sum(title string) {
	t.Totals = make([]string, len(t.Columns))
	if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Title == "窗口" }); i >= 0 {
		t.Totals[i] = title
	}
	for i := range t.Columns {
		if !t.Columns[i].Sum {
			continue
		}
		var total hall.Points
		for _, row := range t.Rows {
			n, _ := hall.ParsePoints(row[i]) // an empty cell adds nothing
			total += n
		}
		t.Totals[i] = total.String()
	}
}

// rows returns a list as it stands in csv, workbooks and pages.
func (p *page) rows(l *List) Table { return p.shown(l.table(p)) }

// screen returns a list as text shows it.
func (p *page) screen(l *List) Table {
	table := l.table
	if l.page != nil {
		table = l.page
	}
	return p.shown(table(p)).without(func(c *Column) bool { return c.Wide })
}

// shown leaves out of a posting what is not for everybody.
func (p *page) shown(t Table) Table {
	if !p.opts.Posting {
		return t
	}
	return t.without(func(c *Column) bool { return c.Inner })
}
