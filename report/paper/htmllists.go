package paper

// Lists as one page of HTML that needs nothing else, for a browser and its
// printer: black on white, the headings repeated on each page.

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"rollcall/hall"
)

// htmlList is a list as the page shows it.
type htmlList struct {
	Title, Nil string
	Table      Table
	Class      string
}

func writeHTML(w io.Writer, r *hall.Report, lists []List, o Options) error {
	p := newPage(r, o)
	view := struct {
		Title, Mark string
		Head        []string
		Lists       []htmlList
	}{Title: p.hallName() + monthTitle(p.Month) + "考勤考核", Mark: p.mark(), Head: p.head()[1:]}
	for i := range lists {
		l := &lists[i]
		t := p.rows(l).without(func(c *Column) bool { return c.Aside })
		view.Lists = append(view.Lists, htmlList{Title: l.paperTitle(), Nil: l.Nil, Table: t, Class: sizeClass(&t)})
	}
	if err := listsPage.Execute(w, view); err != nil {
		return fmt.Errorf("write lists as html: %w", err)
	}
	return nil
}

// sizeClass tells a list of people by days, which is small and on a wide page, and
// one of many columns, which is small.
func sizeClass(t *Table) string {
	switch {
	case t.twoRows():
		return "dense"
	case len(t.Columns) > 12:
		return "many"
	}
	return "plain"
}

// Class is how a column looks on the page.
func (c *Column) Class() string {
	class := c.side()
	if c.Under != "" {
		class += " day"
	}
	if c.Off {
		class += " off"
	}
	return class
}

// CellClass is how a cell looks: a short one is not broken.
func (c *Column) CellClass(cell string) string {
	if wideAs(cell) <= shortCell {
		return c.Class() + " short"
	}
	return c.Class()
}

// shortCell is a width in Latin characters.
const shortCell = 12

// Shown is a cell as the page has it: a zero that says nothing is left out.
func (c *Column) Shown(cell string) string {
	if c.Quiet && cell == "0" {
		return ""
	}
	return printable(cell)
}

var listsPage = template.Must(template.New("lists").Funcs(template.FuncMap{
	"column": func(t Table, i int) *Column { return &t.Columns[i] },
	"text":   printable,
	"broken": func(t Table, title string) []string { return strings.Split(t.broken(title), "\n") },
}).Parse(`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{text .Title}}</title>
<style>
@page { size: A4 landscape; margin: 15mm 10mm; @bottom-center { content: counter(page) " / " counter(pages) } }
@page dense { size: A3 landscape }
* { color: #000; background: #fff; box-sizing: border-box }
body { margin: 1em; font: 10.5pt/1.4 "SimSun", "Songti SC", "Noto Serif CJK SC", serif }
h1 { font: 16pt "SimHei", "Heiti SC", "Noto Sans CJK SC", sans-serif; text-align: center; margin: .2em }
h2 { font: 13pt "SimHei", "Heiti SC", "Noto Sans CJK SC", sans-serif; margin: 1.2em 0 .3em }
p { margin: .2em 0 }
section { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #000; padding: .15em .35em; overflow-wrap: anywhere }
th { font-weight: bold; text-align: center; white-space: nowrap }
td.right { text-align: right }
td.center, .dense td.right { text-align: center }
.short { white-space: nowrap }
.day { width: 1.8em }
.off { background: #d9d9d9; print-color-adjust: exact; -webkit-print-color-adjust: exact }
.many { font-size: 8pt }
.dense { page: dense; font-size: 8pt }
.many th, .many td { padding: .1em .2em }
.dense th, .dense td { padding: .1em }
tfoot td { font-weight: bold }
thead { display: table-header-group }
tfoot { display: table-row-group }
tr { break-inside: avoid }
@media print { body { margin: 0 } section { overflow: visible; break-before: page } section:first-of-type { break-before: auto } }
</style>
</head>
<body>
<h1>{{text .Title}}</h1>
{{range .Head}}<p>{{text .}}</p>
{{end}}{{range .Lists}}{{$t := .Table}}<section class="{{.Class}}">
<h2>{{text .Title}}（{{text $.Mark}}）</h2>
{{if $t.Rows}}<table>
<thead><tr>{{range $t.Columns}}<th class="{{.Class}}">{{range $i, $part := broken $t .Title}}{{if $i}}<br>{{end}}{{text $part}}{{end}}{{if .Under}}<br>{{text .Under}}{{end}}</th>{{end}}</tr></thead>
<tbody>
{{range $t.Rows}}<tr>{{range $i, $cell := .}}{{with column $t $i}}<td class="{{.CellClass $cell}}">{{.Shown $cell}}</td>{{end}}{{end}}</tr>
{{end}}</tbody>
{{with $t.Totals}}<tfoot><tr>{{range $i, $cell := .}}{{with column $t $i}}<td class="{{.CellClass $cell}}">{{.Shown $cell}}</td>{{end}}{{end}}</tr></tfoot>
{{end}}</table>
{{else}}<p>{{text .Nil}}</p>
{{end}}{{range $t.Notes}}<p>{{text .}}</p>
{{end}}</section>
{{end}}</body>
</html>
`))
