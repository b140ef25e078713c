package paper

// Aligned columns in text, two places for a Chinese character.

import (
	"strings"
	"sync"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// narrow makes the width of ambiguous characters (√, …) the same on every
// machine; go-pretty would ask the locale.
var narrow = sync.OnceFunc(func() { text.OverrideRuneWidthEastAsianWidth(false) })

// grid renders a table with two spaces between columns and no lines.
func grid(t Table) []string {
	narrow()
	w := table.NewWriter()
	w.SetStyle(gridStyle())
	header := make(table.Row, len(t.Columns))
	configs := make([]table.ColumnConfig, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Title + c.Under
		configs[i] = table.ColumnConfig{Number: i + 1, Align: align(c), AlignHeader: align(c)}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for _, row := range t.Rows {
		cells := make(table.Row, len(row))
		for i, cell := range row {
			cells[i] = printable(cell)
		}
		w.AppendRow(cells)
	}
	lines := strings.Split(w.Render(), "\n")
	for i, line := range lines {
		lines[i] = "  " + strings.TrimRight(line, " ")
	}
	return lines
}

func gridStyle() table.Style {
	style := table.StyleDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format = table.FormatOptions{Header: text.FormatDefault, Row: text.FormatDefault, Footer: text.FormatDefault}
	style.Options = table.OptionsNoBordersAndSeparators
	return style
}

func align(c Column) text.Align {
	if c.Type == Number {
		return text.AlignRight
	}
	return text.AlignLeft
}

// printable takes line breaks, control codes and direction marks out of a text
// that came from outside, so that a terminal shows it and does nothing else.
func printable(s string) string {
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

// places is the width of a text in places of a Latin letter.
func places(s string) int {
	narrow()
	return text.StringWidthWithoutEscSequences(s)
}
