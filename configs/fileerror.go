package configs

// Problems of a file, shown where they are.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/hall"
)

// maxShown is how many problems of a file are printed; the list has all.
const maxShown = 50

// Problem is one thing that is wrong with a file.
type Problem struct {
	Line, Column int    // from 1, in characters; 0 = the file as a whole
	Path         string // of the value, such as $.punctuality.grace; "" = none
	Text         string // what is wrong
	Hint         string // what is allowed, or what was probably meant
	Source       string // the line and a caret below it; "" where there is none
}

// FileError is everything that is wrong with a file, in the order of its lines.
// It is hall.ErrInvalid.
type FileError struct {
	Name     string
	Problems []Problem
}

// PolicyFileError is the error of ReadPolicy.
type PolicyFileError = FileError

// Error prints `file:line:col: problem`, the line with a caret and a hint for
// each problem.
func (e *FileError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == maxShown {
			fmt.Fprintf(&b, "\n%s: and %d more problems", e.Name, len(e.Problems)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Name)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteString(": " + p.Text)
		if p.Source != "" {
			b.WriteString("\n" + p.Source)
		}
		if p.Hint != "" {
			b.WriteString("\n       " + p.Hint)
		}
	}
	return b.String()
}

// Is makes a FileError a hall.ErrInvalid.
func (e *FileError) Is(target error) bool { return target == hall.ErrInvalid }

// problems collects those of one file.
type problems struct {
	name  string
	lines []string
	list  []Problem
}

func newProblems(name string, src []byte) *problems {
	return &problems{name: name, lines: strings.Split(string(src), "\n")}
}

func (p *problems) add(at position, path, text, hint string) {
	p.list = append(p.list, Problem{
		Line: at.line, Column: at.column, Path: path, Text: text, Hint: hint, Source: p.excerpt(at),
	})
}

// err is nil where nothing is wrong.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	// What an alias repeats is wrong once.
	same := func(a, b Problem) bool {
		return a.Line > 0 && a.Line == b.Line && a.Column == b.Column && a.Text == b.Text && a.Hint == b.Hint
	}
	return &FileError{Name: p.name, Problems: slices.CompactFunc(p.list, same)}
}

// excerpt shows the line before, the line and a caret below the column.
func (p *problems) excerpt(at position) string {
	if at.line < 1 || at.line > len(p.lines) {
		return ""
	}
	var b strings.Builder
	if at.line > 1 {
		fmt.Fprintf(&b, "%6d | %s\n", at.line-1, shownLine(p.lines[at.line-2]))
	}
	line := []rune(strings.TrimSuffix(p.lines[at.line-1], "\r"))
	column := max(0, min(at.column-1, len(line)))
	from, until := 0, len(line)
	if len(line) > 160 { // cut on both sides
		from, until = max(0, column-80), min(len(line), column+60)
	}
	fmt.Fprintf(&b, "%6d | %s\n", at.line, printable(line[from:until]))
	fmt.Fprintf(&b, "       | %s^", strings.Repeat(" ", width(line[from:column])))
	return b.String()
}

func shownLine(s string) string {
	line := []rune(strings.TrimSuffix(s, "\r"))
	if len(line) > 140 {
		return printable(line[:140]) + "…"
	}
	return printable(line)
}

// printable shows a tab as one blank and what no terminal prints as �.
func printable(line []rune) string {
	out := slices.Clone(line)
	for i, c := range out {
		switch {
		case c == '\t':
			out[i] = ' '
		case c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0:
			out[i] = '\uFFFD'
		}
	}
	return string(out)
}

// width is how many columns a terminal needs: Chinese takes two.
func width(line []rune) int {
	n := 0
	for _, c := range line {
		n++
		if c >= 0x1100 && (c <= 0x115f || c >= 0x2e80 && c <= 0xa4cf || c >= 0xac00 && c <= 0xd7a3 ||
			c >= 0xf900 && c <= 0xfaff || c >= 0xfe30 && c <= 0xfe6f || c >= 0xff00 && c <= 0xff60 ||
			c >= 0xffe0 && c <= 0xffe6 || c >= 0x1f300 && c <= 0x1faff || c >= 0x20000 && c <= 0x3fffd) {
			n++
		}
	}
	return n
}
