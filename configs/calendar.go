package configs

// Statutory calendars: the shipped ones, and those that others publish.

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"rollcall/hall"
)

//go:embed calendars/cn/*.yaml
var calendarFiles embed.FS

// Statutory returns the shipped tables of China, 2014 to 2026: days off and
// make-up workdays as the notices of the State Council name them, without plain
// weekends. A late-December day stands in the table of the year whose notice
// names it. The tables never change: a later notice comes as a calendar event.
func Statutory() hall.Calendar { return hall.NewCalendar(statutoryYears()...) }

func statutoryYears() []hall.CalendarYear {
	names, err := fs.Glob(calendarFiles, "calendars/cn/*.yaml")
	if err != nil {
		panic("configs: the pattern of the shipped calendars is bad: " + err.Error())
	}
	var years []hall.CalendarYear
	for _, name := range names {
		src, err := calendarFiles.ReadFile(name)
		if err != nil {
			panic("configs: a shipped calendar cannot be read: " + err.Error())
		}
		year, err := readTable(name, src)
		if err != nil {
			panic("configs: a shipped calendar is broken: " + err.Error())
		}
		years = append(years, year)
	}
	return years
}

// ImportCalendar reads statutory tables: a year of holiday-cn (JSON with year and
// days of date, name and isOffDay), the same as YAML, or an iCalendar file. It
// returns one table a year, in their order, without Head. Its error is a
// *FileError with all problems.
func ImportCalendar(name string, data []byte) ([]hall.CalendarYear, error) {
	start := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	if len(start) >= 15 && bytes.EqualFold(start[:15], []byte("BEGIN:VCALENDAR")) {
		return importICS(name, start)
	}
	year, err := readTable(name, data)
	if err != nil {
		return nil, err
	}
	return []hall.CalendarYear{year}, nil
}

// readTable reads a year, in JSON or YAML.
func readTable(name string, src []byte) (hall.CalendarYear, error) {
	p := newProblems(name, src)
	t := parseYAML(src, p)
	if t == nil {
		return hall.CalendarYear{}, p.err()
	}
	r := tableReader{p: p, seen: map[hall.Date]position{}}
	year := r.year(t)
	return year, p.err()
}

// tableReader reads the tree of a table and notes what is wrong.
type tableReader struct {
	p    *problems
	of   int
	seen map[hall.Date]position
}

func (r *tableReader) year(t *tree) hall.CalendarYear {
	if t.kind != mapKind {
		r.p.add(t.at, "$", "is no calendar", "want a map with year and days")
		return hall.CalendarYear{}
	}
	at := orElse(t.member("year"), t)
	year, err := strconv.Atoi(at.text)
	if err != nil || at.kind != numberKind || year < 1949 || year > 2199 {
		r.p.add(at.at, "$.year", "year is no year", "a number such as 2027")
		return hall.CalendarYear{}
	}
	r.of = year
	table := hall.CalendarYear{Year: year}
	days := orElse(t.member("days"), t)
	if days.kind != listKind {
		r.p.add(days.at, "$.days", "days is no list", "a list of date, name and isOffDay")
		return table
	}
	if len(days.items) == 0 {
		r.p.add(days.at, "$.days", fmt.Sprintf("the table of %d is empty", year),
			"has its notice been published yet? An empty table would make every holiday a workday")
	}
	for i, day := range days.items {
		if d, ok := r.day(fmt.Sprintf("$.days[%d]", i), day); ok {
			table.Days = append(table.Days, d)
		}
	}
	sortDays(table.Days)
	return table
}

func (r *tableReader) day(path string, t *tree) (hall.CalendarDay, bool) {
	wrong := func(key string, at *tree, text, hint string) (hall.CalendarDay, bool) {
		r.p.add(at.at, path+key, text, hint)
		return hall.CalendarDay{}, false
	}
	if t.kind != mapKind {
		return wrong("", t, "is no day", "want a map of date, name and isOffDay")
	}
	at := orElse(t.member("date"), t)
	date, err := hall.ParseDate(at.text)
	if err != nil || at.kind != stringKind {
		return wrong(".date", at, "date is no date", "such as 2027-10-01")
	}
	if inTable := date.Year() == r.of || date >= hall.NewDate(r.of-1, 12, 1) && date.Year() < r.of; !inTable {
		return wrong(".date", at, fmt.Sprintf("%s does not belong to the table of %d", date, r.of),
			"its days, or those of the December before it")
	}
	if first, ok := r.seen[date]; ok {
		return wrong(".date", at, fmt.Sprintf("%s stands twice, first in line %d", date, first.line), "each day once")
	}
	r.seen[date] = at.at
	off := orElse(t.member("isOffDay"), orElse(t.member("off"), t))
	if off.kind != boolKind {
		return wrong(".isOffDay", off, "isOffDay is neither true nor false", "true: day off; false: make-up workday")
	}
	name := orElse(t.member("name"), t)
	if name.kind != stringKind || name.text == "" {
		return wrong(".name", name, "name is no text", "the name of the holiday")
	}
	return hall.CalendarDay{Date: date, Name: name.text, Off: off.text == "true"}, true
}

func orElse(t, otherwise *tree) *tree {
	if t == nil {
		return otherwise
	}
	return t
}

func sortDays(days []hall.CalendarDay) {
	slices.SortFunc(days, func(a, b hall.CalendarDay) int { return int(a.Date - b.Date) })
}
