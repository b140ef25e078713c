package paper

// How a sheet of a workbook looks and prints: styles, widths, page.

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	bodyFont   = "宋体"
	titleFont  = "黑体"
	lineHeight = 13.5 // points, of a line of the body
	minHeight  = 16.0
	highest    = 400.0
	narrowest  = 4.5 // characters
	widest     = 42.0
	dayWidth   = 3.2
)

// styles are the ids of the styles of a workbook.
type styles struct {
	file          *excelize.File
	title, remark int
	made          map[string]int
	err           error
}

func newStyles(f *excelize.File) (styles, error) {
	s := styles{file: f, made: map[string]int{}}
	s.title = s.style("title", &excelize.Style{Font: &excelize.Font{Family: titleFont, Size: 16}, Alignment: centred})
	s.remark = s.style("remark", &excelize.Style{Font: body, Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}})
	for _, off := range []bool{false, true} {
		s.heading(off)
	}
	return s, s.err
}

var (
	body    = &excelize.Font{Family: bodyFont, Size: 10}
	bold    = &excelize.Font{Family: bodyFont, Size: 10, Bold: true}
	centred = &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	framed  = []excelize.Border{{Type: "left", Style: 1, Color: "000000"}, {Type: "right", Style: 1, Color: "000000"},
		{Type: "top", Style: 1, Color: "000000"}, {Type: "bottom", Style: 1, Color: "000000"}}
	grey = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"D9D9D9"}}
	pale = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2F2F2"}}
)

// style makes a style once.
func (s *styles) style(key string, style *excelize.Style) int {
	if id, ok := s.made[key]; ok {
		return id
	}
	id, err := s.file.NewStyle(style)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.made[key] = id
	return id
}

// heading is the style of a title of a column, darker on a day off.
func (s *styles) heading(off bool) int {
	fill := pale
	if off {
		fill = grey
	}
	return s.style(fmt.Sprintf("heading %v", off), &excelize.Style{Font: bold, Alignment: centred, Border: framed, Fill: fill})
}

// cell is the style of the cells of a column; on a dense sheet numbers stand in
// the middle.
func (s *styles) cell(c *Column, like written, dense bool) int {
	return s.column(c, body, c.format(like.decimals, like.seconds), dense)
}

// total is the style of a cell in the line of totals.
func (s *styles) total(c *Column, like written, dense bool) int {
	return s.column(c, bold, c.format(like.decimals, like.seconds), dense)
}

func (s *styles) column(c *Column, font *excelize.Font, format string, dense bool) int {
	at := excelize.Alignment{Horizontal: c.side(), Vertical: "center", WrapText: c.Type == Word && !c.Aside}
	switch {
	case dense && c.Type == Number:
		at.Horizontal = "center"
	case c.Type == Number:
		format += gap
	}
	style := &excelize.Style{Font: font, Border: framed, CustomNumFmt: &format, Alignment: &at}
	if c.Off {
		style.Fill = grey
	}
	return s.style(fmt.Sprint(at, format, font.Bold, c.Off), style)
}

// gap in a format keeps a number off the edge of its cell.
const gap = "_ "

// format is the number format of a column; text stays text also where somebody
// edits the cell.
func (c *Column) format(decimals int, seconds bool) string {
	switch c.Type {
	case Number:
		format := "0"
		if decimals > 0 {
			format += "." + strings.Repeat("0", decimals)
		}
		if c.Quiet {
			format += ";-" + format + ";"
		}
		return format
	case Date:
		return "yyyy-mm-dd"
	case Moment:
		return "yyyy-mm-dd hh:mm:ss"
	case Clock:
		if seconds {
			return "hh:mm:ss"
		}
		return "hh:mm"
	}
	return "@"
}

// side is how the cells of a column are aligned.
func (c *Column) side() string {
	switch {
	case c.Type == Number:
		return "right"
	case c.Type != Word || c.Under != "":
		return "center"
	}
	return "left"
}

// layout sets widths, panes and the page.
func (s *worksheet) layout() error {
	for i := range s.table.Columns {
		name := s.columnName(i)
		if err := s.file.SetColWidth(s.name, name, name, s.width[i]); err != nil {
			return err
		}
	}
	for _, step := range []func() error{s.panes, s.onePageWide, s.margins, s.printArea} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// panes keeps the headings in sight, and names on the wide sheet.
func (s *worksheet) panes() error {
	columns, rows := s.frozen(), s.headRow()
	active := "bottomLeft"
	if columns > 0 {
		active = "bottomRight"
	}
	return s.file.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: s.cell(columns, rows+1), ActivePane: active})
}

// onePageWide prints a sheet one page wide and as many high as it needs; people by
// days need A3.
func (s *worksheet) onePageWide() error {
	if err := s.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: new(true)}); err != nil {
		return err
	}
	size, orientation := paperA4, "portrait"
	if s.table.twoRows() {
		size = paperA3
	}
	if s.wide > portraitWidth {
		orientation = "landscape"
	}
	return s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: new(1), FitToHeight: new(0)})
}

// printArea leaves out what is for looking something up, and repeats the headings
// on each page.
func (s *worksheet) printArea() error {
	if s.printed < len(s.table.Columns) {
		area := fmt.Sprintf("'%s'!$A$1:$%s$%d", s.name, s.columnName(s.printed-1), s.row)
		if err := s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: s.name, RefersTo: area}); err != nil {
			return err
		}
	}
	return s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name,
		RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.top, s.headRow())})
}

const (
	paperA3       = 8
	paperA4       = 9
	portraitWidth = 92.0 // characters that fit onto A4 upright
	titleShare    = 0.6  // of the width, in characters of the title, which are larger
)

// headRow is the last row of the headings.
func (s *worksheet) headRow() int {
	if s.table.twoRows() {
		return s.top + 1
	}
	return s.top
}

// frozen are the columns that stay in sight: up to the name of a person on the
// wide sheet, none elsewhere.
func (s *worksheet) frozen() int {
	if !s.table.twoRows() {
		return 0
	}
	for i := range s.table.Columns {
		if s.table.Columns[i].Title == "姓名" {
			return i + 1
		}
	}
	return 0
}

// margins sets them narrow, and puts onto each page what it is of and whether it
// holds: draft, or the issue with its digest.
func (s *worksheet) margins() error {
	side, top, edge, middle := 0.4, 0.7, 0.3, true
	if err := s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top,
		Header: &edge, Footer: &edge, Horizontally: &middle}); err != nil {
		return err
	}
	return s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{
		OddHeader: "&L" + s.inMargin(s.title(s.list), 80) + "&R" + s.inMargin(s.mark(), 40),
		OddFooter: "&L" + s.inMargin(s.digest(), 90) + "&C第 &P 页，共 &N 页&R截至 " + s.inMargin(moment(s.AsOf), 20),
	})
}

// mark says in a few words whether a month is a draft or sealed.
func (p *page) mark() string {
	if p.Sealed == nil {
		return "草稿，未封账"
	}
	mark := fmt.Sprintf("第%d号封账", p.Sealed.Number)
	if len(p.altered()) > 0 {
		mark += "之后有变动"
	}
	return mark
}

func (p *page) digest() string {
	if p.Sealed == nil {
		return ""
	}
	return "摘要 " + p.Sealed.Digest
}

// inMargin clips a text and keeps its & from being a command.
func (p *page) inMargin(s string, most int) string {
	runes := []rune(printable(s))
	if len(runes) > most {
		runes = append(runes[:most-1], '…')
	}
	return strings.ReplaceAll(string(runes), "&", "&&")
}

// measure finds the widths of the columns, and how many are on the page: those
// for looking something up are behind its edge. A narrow list is stretched, so
// that its title has room.
func (s *worksheet) measure() {
	s.width = make([]float64, len(s.table.Columns))
	for i := range s.width {
		s.width[i] = s.columnWidth(i)
		if !s.table.Columns[i].Aside {
			s.printed = i + 1
		}
	}
	for _, w := range s.width[:s.printed] {
		s.wide += w
	}
	if s.wide < portraitWidth {
		for i := range s.width[:s.printed] {
			s.width[i] *= portraitWidth / s.wide
		}
		s.wide = portraitWidth
	}
}

// columnWidth is as wide as the column's cells, in characters; titles of narrow
// columns are broken.
func (s *worksheet) columnWidth(i int) float64 {
	c := &s.table.Columns[i]
	if c.Under != "" {
		return dayWidth
	}
	width := 0
	for part := range strings.SplitSeq(s.table.broken(c.Title), "\n") {
		width = max(width, wideAs(part))
	}
	for _, row := range s.table.Rows {
		width = max(width, wideAs(s.shownAs(c, row[i])))
	}
	if s.table.Totals != nil {
		width = max(width, wideAs(s.table.Totals[i]))
	}
	room := 1.2
	if c.Type == Number && !s.table.twoRows() {
		room = 2.4 // with its gap
	}
	return min(max(float64(width)+room, narrowest), widest)
}

// shownAs is a cell as its format shows it.
func (s *worksheet) shownAs(c *Column, text string) string {
	if c.Quiet && text == "0" {
		return ""
	}
	return text
}
