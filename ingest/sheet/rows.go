package sheet

// From the cells of a row to an event.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"rollcall/hall"
)

// Row is an event that a row of a file gives.
type Row struct {
	Number  int // as a spreadsheet counts, from 1 on
	Subject string
	Body    []byte // canonical JSON, id included

	fields  map[string]any
	idGiven bool // the file has an id for it
}

// seen is what the rows above said.
type seen struct {
	equal map[string]int // how often, by content
	holds map[string]Row // of kinds of which one row takes the place of another, by what they are about
}

// Rows gives the events of the rows below the headings. An error is a
// *RowError and costs its row only.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		above := &seen{equal: map[string]int{}, holds: map[string]Row{}}
		for l := range t.lines {
			if l.number <= t.heads {
				continue
			}
			for row, err := range t.events(l, above) {
				if err == nil {
					if !yield(row, nil) {
						return
					}
					continue
				}
				err.File, err.Row = t.name, l.number
				if !yield(Row{Number: l.number}, err) {
					return
				}
			}
		}
	}
}

// events gives the events of a line: one, or of a line with a column for each kind
// of bonus one for each count in it.
func (t *Table) events(l line, above *seen) iter.Seq2[Row, *RowError] {
	return func(yield func(Row, *RowError) bool) {
		if len(t.counts) == 0 || l.bad != "" {
			yield(t.row(l, above, nil))
			return
		}
		for _, c := range t.counts {
			if c.index >= len(l.cells) {
				continue
			}
			text := clean(l.cells[c.index])
			n, refused := readCount(cell{text: text})
			switch {
			case text == "" || refused == nil && n == uint64(0):
				continue
			case refused != nil:
				if !yield(Row{}, &RowError{Column: t.columnName(c.index, c.heading), Value: text, Problem: refused.problem, Want: refused.want}) {
					return
				}
				continue
			}
			row, err := t.row(l, above, map[string]any{"kind": c.kind, "count": n})
			if !yield(row, err) || err != nil {
				return // what is wrong with the line is said once
			}
		}
	}
}

// row makes an event of a line and of what its columns of counts say. Two equal bonus
// rows are two bonuses, two equal punches are one.
func (t *Table) row(l line, above *seen, counted map[string]any) (Row, *RowError) {
	if l.bad != "" {
		return Row{}, &RowError{Column: t.columnName(l.column, ""), Problem: l.bad}
	}
	fields, err := t.fields(l, counted)
	if err != nil {
		return Row{}, err
	}
	if err := t.ragged(l); err != nil {
		return Row{}, err
	}
	if err := t.completeTime(fields, l); err != nil {
		return Row{}, err
	}
	if t.Kind.Kind == hall.KindFigure {
		completeFigure(fields)
	}
	_, given := fields["id"]
	nth := 0
	if t.Kind.Kind == hall.KindBonus && !given {
		content := encode(fields)
		nth = above.equal[content]
		above.equal[content]++
	}
	row := t.event(l.number, fields, given, nth, t.options.Made)
	if err := t.check(row); err != nil {
		return row, err
	}
	return row, t.twice(row, above)
}

// twice refuses a row that says something else of the same thing than a row above
// it: only one of them can hold, and the file does not say which.
func (t *Table) twice(row Row, above *seen) *RowError {
	if !t.Kind.replaces() {
		return nil
	}
	key := keyOf(t.Kind.Kind, row.fields)
	first, ok := above.holds[key]
	if !ok {
		above.holds[key] = row
		return nil
	}
	var differ []string
	for _, c := range t.changes(first.fields, row.fields) {
		differ = append(differ, fmt.Sprintf("%s %q and %q", c.Name, c.Was, c.Is))
	}
	if len(differ) == 0 {
		return nil
	}
	return &RowError{Problem: fmt.Sprintf("speaks of the same as row %d and differs from it: %s", first.Number, strings.Join(differ, ", ")),
		Want: "one row for each " + t.Kind.about()}
}

// ragged refuses a line of a text file with more cells than headings: a comma
// without quotes has most likely moved what stands behind it. Beside a workbook's
// table people leave remarks.
func (t *Table) ragged(l line) *RowError {
	if t.book != nil {
		return nil
	}
	for i := t.width; i < len(l.cells); i++ {
		if text := clean(l.cells[i]); text != "" {
			return &RowError{Column: t.columnName(i, ""), Value: text, Problem: "stands behind the last heading",
				Want: "as many cells as headings; a text with a comma in quotes"}
		}
	}
	return nil
}

// event makes a row of its fields, with an id of its content unless the file
// gave one.
func (t *Table) event(number int, fields map[string]any, idGiven bool, nth int, made time.Time) Row {
	if !idGiven {
		delete(fields, "id")
		if !t.has("time") {
			delete(fields, "time") // what the caller gave is no content
		}
		fields["id"] = t.contentID(encode(fields), nth, made)
	}
	if _, ok := fields["time"]; !ok {
		fields["time"] = made.In(t.options.zone()).Format(time.RFC3339)
	}
	return Row{Number: number, Body: []byte(encode(fields)), fields: fields, idGiven: idGiven,
		Subject: hall.Subject(t.options.Hall, t.Kind.Kind, t.options.Source)}
}

// contentID is made of what the row says. Of roster rows, case volumes and figures
// the later one holds, so that what was said before and is said again needs another
// id: there the time is part of it.
func (t *Table) contentID(content string, nth int, made time.Time) string {
	if t.Kind.replaces() {
		content += " " + made.UTC().Format(time.RFC3339)
	}
	if nth != 0 {
		content += fmt.Sprintf(" %d", nth)
	}
	sum := sha256.Sum256([]byte(content))
	return "row-" + hex.EncodeToString(sum[:16])
}

// fields reads the cells of a line.
func (t *Table) fields(l line, counted map[string]any) (map[string]any, *RowError) {
	fields := make(map[string]any, len(t.columns)+4)
	maps.Copy(fields, counted)
	placed := false
	for _, col := range t.columns {
		text := col.value
		if col.index >= 0 {
			if col.index >= len(l.cells) {
				continue
			}
			text = l.cells[col.index]
		}
		if text = clean(text); text == "" {
			continue
		}
		refused := unreadable(text)
		var value any
		if refused == nil {
			value, refused = col.read(cell{text: text, words: col.words, o: &t.options, book: t.book, at: t.cellName(col.index, l.number)})
		}
		if refused != nil {
			return nil, &RowError{Column: t.columnName(col.index, col.heading), Value: text, Problem: refused.problem, Want: refused.want}
		}
		if value != nil {
			fields[col.Name] = value
		}
		placed = placed || col.Name == place.Name
	}
	if err := t.completeMonth(l, fields); err != nil {
		return nil, err
	}
	if err := t.completePlace(placed); err != nil {
		return nil, err
	}
	if err := t.complete(l, fields); err != nil {
		return nil, err
	}
	return fields, nil
}

// completeMonth gives a row the month of the whole file; one that says another
// month belongs into another file.
func (t *Table) completeMonth(l line, fields map[string]any) *RowError {
	if t.options.Month == 0 {
		return nil
	}
	want := t.options.Month.String()
	for _, col := range t.columns {
		is := want
		switch v := fields[col.Name].(type) {
		case string:
			if col.Name == month.Name {
				is = v
			}
		case hall.Date:
			if col.Name == date.Name {
				is = v.Month().String()
			}
		}
		if is != want {
			return &RowError{Column: t.columnName(col.index, col.heading), Value: is, Problem: "is another month than --month " + want,
				Want: "only rows of that month, or no --month"}
		}
	}
	if fields[month.Name] == nil && fields[date.Name] == nil {
		fields[month.Name] = want
	}
	return nil
}

// completePlace demands a window in every row where the file has a column for it:
// a figure without one is the hall's, which no empty cell should say.
func (t *Table) completePlace(placed bool) *RowError {
	if placed || t.Kind.Kind != hall.KindCases && t.Kind.Kind != hall.KindFigure {
		return nil
	}
	i := slices.IndexFunc(t.columns, func(c column) bool { return c.Name == place.Name })
	if i < 0 {
		return nil
	}
	return &RowError{Column: t.columnName(t.columns[i].index, t.columns[i].heading), Problem: "is empty", Want: "a window, or 合计 for the hall as a whole"}
}

// completeFigure takes a percent sign off a figure and makes it the unit.
func completeFigure(fields map[string]any) {
	unit, given := fields["unit"].(string)
	if given && unit != "%" && unit != "％" {
		return
	}
	for _, name := range []string{"value", "of"} {
		text, ok := fields[name].(string)
		if digits := strings.TrimSpace(strings.TrimRight(text, "%％")); ok && digits != text && plainNumber.MatchString(digits) {
			fields[name], fields["unit"] = json.Number(digits), "%"
		}
	}
	if given {
		fields["unit"] = "%"
	}
}

// cellName names a cell of a workbook.
func (t *Table) cellName(index, row int) string {
	if t.book == nil || index < 0 {
		return ""
	}
	name, err := excelize.CoordinatesToCellName(index+1, row)
	if err != nil {
		return "" // unreachable: columns and rows are limited
	}
	return name
}

// complete demands what the kind needs.
func (t *Table) complete(l line, fields map[string]any) *RowError {
	for _, group := range t.Kind.Needs {
		there := false
		for _, name := range group {
			there = there || fields[name] != nil
		}
		if there {
			continue
		}
		for _, col := range t.columns {
			if col.Name != group[0] {
				continue
			}
			problem := "is empty"
			if col.index >= len(l.cells) {
				problem = fmt.Sprintf("is not there: the row has only %d cells", len(l.cells))
			}
			return &RowError{Column: t.columnName(col.index, col.heading), Problem: problem,
				Want: strings.Join(group, " or ") + " in every row (no merged cells, no formula without value)"}
		}
		return &RowError{Problem: "has neither " + strings.Join(group, " nor "), Want: "one of them"}
	}
	return nil
}

// completeTime joins date and time of day. A punch that names no terminal is
// one by hand: it speaks for no terminal.
func (t *Table) completeTime(fields map[string]any, l line) *RowError {
	if t.Kind.Kind == hall.KindPunch && fields["terminal"] == nil {
		fields["method"] = "manual"
	}
	switch at := fields["time"].(type) {
	case int:
		date, ok := fields["date"].(hall.Date)
		if !ok || !t.Kind.dated {
			return t.timeError(l, "is a time of day without a date", wantMoment)
		}
		fields["time"] = stamp{date: date, clock: at}.in(t.options.zone())
	case hall.Date:
		if t.Kind.dated {
			return t.timeError(l, "is a date without a time of day", wantMoment)
		}
		fields["time"] = stamp{date: at}.in(t.options.zone())
	}
	if t.Kind.dated {
		delete(fields, "date")
	}
	return nil
}

func (t *Table) timeError(l line, problem, want string) *RowError {
	for _, col := range t.columns {
		if col.Name == "time" && col.index >= 0 && col.index < len(l.cells) {
			return &RowError{Column: t.columnName(col.index, col.heading), Value: clean(l.cells[col.index]), Problem: problem, Want: want}
		}
	}
	return &RowError{Problem: problem, Want: want} // unreachable: the time came from a column or --set
}

// check lets the row pass only if the fold would take it.
func (t *Table) check(row Row) *RowError {
	_, err := hall.Decode(row.Subject, row.Body)
	if err == nil {
		return nil
	}
	r, ok := err.(*hall.Rejection)
	if !ok {
		return &RowError{Problem: err.Error()} // unreachable: Decode has no other errors
	}
	for _, col := range t.columns {
		if col.Name == r.Field {
			return &RowError{Column: t.columnName(col.index, col.heading), Problem: r.Reason}
		}
	}
	return &RowError{Problem: r.Reason}
}

// encode writes fields as JSON, sorted by name and as the canonical form has it.
func encode(fields map[string]any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(fields) // unreachable: texts, numbers and lists of texts always encode
	return strings.TrimSuffix(b.String(), "\n")
}
