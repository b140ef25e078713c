package ingest

import (
	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// JudgeNarrow judges what a touch is about, as the announcements do.
func (l *Live) JudgeNarrow(v *store.View, t Touch, asOf hall.Instant) (map[string]hall.Violation, error) {
	lines, err := l.judge(v, &t, datesOf(&t), asOf)
	return violations(lines), err
}

// JudgeWide judges the same from all facts of the hall.
func (l *Live) JudgeWide(v *store.View, t Touch, asked func(*rules.Book) func(hall.PersonID) bool, asOf hall.Instant) (map[string]hall.Violation, error) {
	dates := datesOf(&t)
	book, err := l.open(v, t.Hall, dates[0], dates[len(dates)-1])
	if err != nil {
		return nil, err
	}
	return violations(rules.Provisional(book, dates, asked(book), asOf)), nil
}
