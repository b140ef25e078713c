package sheet

// Rows of a text file. encoding/csv gives up where a quote stays open, which
// would cost every row behind it; here it costs its own line.

import (
	"bytes"
	"strings"
)

const (
	maxCell    = 4 << 10 // bytes: what an event takes of one string
	maxColumns = 256
)

// line is a row as it was read: its number in the file (from 1 on) and its
// cells, or why it has none.
type line struct {
	number int
	cells  []string
	bad    string // why the row cannot be read
	column int    // of the trouble, from 0 on
}

// empty reports whether all cells are empty.
func (l *line) empty() bool {
	for _, c := range l.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return l.bad == ""
}

// csvLines gives the rows of a text; blank lines are left out. Cells are parted
// by the comma, tab or semicolon that is most frequent in the first line.
func csvLines(all []byte) func(yield func(line) bool) {
	return func(yield func(line) bool) {
		text, comma, number := all, separator(all), 1
		for len(text) > 0 {
			l, used, lines := csvLine(text, comma)
			l.number = number
			text = text[used:]
			number += lines
			if l.empty() {
				continue
			}
			if !yield(l) {
				return
			}
		}
	}
}

func separator(text []byte) byte {
	first, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	best, most := byte(','), bytes.Count(first, []byte(","))
	for _, c := range []byte("\t;") {
		if n := bytes.Count(first, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// csvLine reads the row at the beginning of text and returns how many bytes and
// lines it takes.
func csvLine(text []byte, comma byte) (l line, used, lines int) {
	lines = 1
	i := 0
	for {
		cell, next, newlines, bad := csvCell(text, i, comma)
		if bad != "" {
			return line{bad: bad, column: len(l.cells)}, firstLine(text), 1
		}
		l.cells = append(l.cells, cell)
		lines += newlines
		if len(l.cells) > maxColumns {
			return line{bad: "has more than 256 columns", column: maxColumns}, firstLine(text), 1
		}
		if next >= len(text) {
			return l, len(text), lines
		}
		if text[next] == comma {
			i = next + 1
			continue
		}
		return l, next + newline(text[next:]), lines
	}
}

// csvCell reads the cell at text[i:] and returns where it ends.
func csvCell(text []byte, i int, comma byte) (cell string, next, newlines int, bad string) {
	if i >= len(text) || text[i] != '"' {
		end := i
		for end < len(text) && text[end] != comma && newline(text[end:]) == 0 {
			end++
		}
		if end-i > maxCell {
			return "", 0, 0, "is longer than 4 KiB"
		}
		return string(text[i:end]), end, 0, ""
	}
	var b strings.Builder
	for i++; i < len(text) && b.Len() <= maxCell; i++ {
		if text[i] != '"' {
			if text[i] == '\n' {
				newlines++
			}
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			b.WriteByte('"')
			i++
			continue
		}
		i++
		if i < len(text) && text[i] != comma && newline(text[i:]) == 0 {
			return "", 0, 0, `has text behind a closing quote: write a quote inside a cell as ""`
		}
		return b.String(), i, newlines, ""
	}
	return "", 0, 0, "has a quote that is not closed"
}

// newline returns the length of the line end at the beginning of b, 0 if there
// is none.
func newline(b []byte) int {
	switch {
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		return 2
	case b[0] == '\n' || b[0] == '\r':
		return 1
	}
	return 0
}

// firstLine returns the length of the first line with its end.
func firstLine(text []byte) int {
	i := bytes.IndexAny(text, "\r\n")
	if i < 0 {
		return len(text)
	}
	return i + newline(text[i:])
}
