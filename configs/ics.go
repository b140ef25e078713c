package configs

// Calendars in iCalendar form (RFC 5545), as phones subscribe to them. Of events
// only what says which days they are and of what kind is read; a library would
// read more, but github.com/emersion/go-ical panics on broken lines and knows no
// line numbers.

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/hall"
)

// maxEventDays is the longest holiday that is believed.
const maxEventDays = 31

// importICS reads the events that are days off or make-up workdays: by
// X-APPLE-SPECIAL-DAY, else by 休, 假 or 班 in their summary. Other events, such as
// solar terms, are no business of a statutory table.
func importICS(name string, data []byte) ([]hall.CalendarYear, error) {
	r := icsReader{p: newProblems(name, data), days: map[hall.Date]hall.CalendarDay{}}
	r.read(string(data))
	r.demandDaysOff()
	if err := r.p.err(); err != nil {
		return nil, err
	}
	return r.years(), nil
}

type icsReader struct {
	p    *problems
	days map[hall.Date]hall.CalendarDay
}

// property is the value of a content line and where it stands.
type property struct {
	value string
	line  int
}

func (r *icsReader) fail(line int, text, hint string) {
	at := position{}
	if line > 0 {
		at = position{line, 1}
	}
	r.p.add(at, "", text, hint)
}

// read goes through the content lines of the events.
func (r *icsReader) read(data string) {
	switch {
	case len(data) > maxFileBytes:
		r.p.lines = nil
		r.fail(0, fmt.Sprintf("has %d bytes; at most %d are read", len(data), maxFileBytes), "is it the right file?")
		return
	case !utf8.ValidString(data):
		r.fail(0, "is not UTF-8", "save the file as UTF-8")
		return
	}
	var event map[string]property // nil outside of an event
	inner, ended := 0, false      // components inside of the event, such as alarms
	for _, line := range unfold(data) {
		name, value, ok := contentLine(line.value)
		if !ok {
			r.fail(line.line, "is no line of an iCalendar file", "want NAME:value")
			return
		}
		component := strings.ToUpper(value)
		switch {
		case name == "BEGIN" && event != nil:
			inner++
		case name == "BEGIN" && component == "VEVENT":
			event = map[string]property{"": {line: line.line}}
		case name == "END" && event != nil && inner > 0:
			inner--
		case name == "END" && component == "VEVENT" && event != nil:
			r.event(event)
			event = nil
		case name == "END" && component == "VCALENDAR":
			ended = true
		case event != nil && inner == 0:
			event[name] = property{value, line.line}
		}
	}
	if !ended || event != nil {
		r.fail(0, "ends before END:VCALENDAR", "was it downloaded whole?")
	}
}

// unfold joins the lines that begin with a blank to the line before.
func unfold(data string) []property {
	var lines []property
	number := 0
	var last strings.Builder
	flush := func(next string) {
		if last.Len() > 0 {
			lines[len(lines)-1].value = last.String()
		}
		last.Reset()
		last.WriteString(next)
	}
	for line := range strings.SplitSeq(data, "\n") {
		number++
		line = strings.TrimSuffix(line, "\r")
		switch {
		case line == "":
		case len(lines) > 0 && (line[0] == ' ' || line[0] == '\t'):
			last.WriteString(line[1:])
		default:
			flush(line)
			lines = append(lines, property{line: number})
		}
	}
	flush("")
	return lines
}

// contentLine splits `NAME;param=value:value`; a colon inside of quotes is none.
func contentLine(line string) (name, value string, ok bool) {
	quoted := false
	for i := range len(line) {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				name, _, _ = strings.Cut(line[:i], ";")
				return strings.ToUpper(name), strings.TrimSpace(line[i+1:]), name != ""
			}
		}
	}
	return "", "", false
}

// text undoes the escapes of a text value.
func (p property) text() string {
	return strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(p.value)
}

func (r *icsReader) event(event map[string]property) {
	summary := event["SUMMARY"].text()
	off, ok := specialDay(event["X-APPLE-SPECIAL-DAY"].value, summary)
	if !ok {
		return
	}
	begin := event[""].line
	if repeat := event["RRULE"]; repeat.line > 0 {
		r.fail(repeat.line, fmt.Sprintf("event %q repeats", summary), "a statutory day stands for itself: one event each")
		return
	}
	start := event["DTSTART"]
	from, ok := icsDate(start.value)
	if !ok {
		r.fail(max(start.line, begin), fmt.Sprintf("event %q has no date in DTSTART", summary), "such as DTSTART;VALUE=DATE:20271001")
		return
	}
	last, ok := lastDay(event, from)
	if !ok || last < from || last-from >= maxEventDays {
		line := max(event["DTEND"].line, event["DURATION"].line, begin)
		r.fail(line, fmt.Sprintf("event %q does not end 1 to %d days after %s", summary, maxEventDays, from),
			"such as DTEND;VALUE=DATE:20271008, the day after the last")
		return
	}
	for date := from; date <= last; date++ {
		other, taken := r.days[date]
		if taken && other.Off != off {
			r.fail(start.line, fmt.Sprintf("%s is a day off and a workday at once: %q and %q", date, other.Name, summary), "")
			return
		}
		if !taken {
			r.days[date] = hall.CalendarDay{Date: date, Name: holidayName(summary), Off: off}
		}
	}
}

func specialDay(special, summary string) (off, ok bool) {
	switch strings.ToUpper(special) {
	case "WORK-HOLIDAY":
		return true, true
	case "ALTERNATE-WORKDAY":
		return false, true
	}
	rest, work := strings.ContainsAny(summary, "休假"), strings.Contains(summary, "班")
	// 调休上班 and 补班 are workdays although 休 stands in the one.
	return rest && !work, rest || work
}

// icsDate reads the date of a DATE or DATE-TIME as written: holidays float.
func icsDate(text string) (hall.Date, bool) {
	if len(text) < 8 {
		return 0, false
	}
	t, err := time.Parse("20060102", text[:8])
	if err != nil || t.Year() < 1949 || t.Year() > 2199 {
		return 0, false
	}
	return hall.NewDate(t.Year(), t.Month(), t.Day()), true
}

var wholeDays = regexp.MustCompile(`^\+?P(?:([0-9]{1,2})W|([0-9]{1,2})D)$`)

// lastDay is the last day of an event. An end is exclusive, but of a time within
// a day, which some calendars give for make-up workdays; a duration of hours
// stays within its day.
func lastDay(event map[string]property, from hall.Date) (hall.Date, bool) {
	if end, ok := event["DTEND"]; ok {
		until, ok := icsDate(end.value)
		if _, clock, timed := strings.Cut(end.value, "T"); timed && !strings.HasPrefix(clock, "000000") {
			return until, ok
		}
		return until - 1, ok
	}
	duration, ok := event["DURATION"]
	if !ok || strings.HasPrefix(duration.value, "PT") {
		return from, true
	}
	m := wholeDays.FindStringSubmatch(duration.value)
	if m == nil {
		return 0, false
	}
	weeks, _ := strconv.Atoi(m[1]) // "" is 0
	days, _ := strconv.Atoi(m[2])
	return from + hall.Date(7*weeks+days) - 1, true
}

// holidayName drops what only marks the kind of day.
func holidayName(summary string) string {
	name := strings.NewReplacer("(休)", "", "(班)", "", "（休）", "", "（班）", "", "调休上班", "", "补班", "",
		"上班", "", "休息", "", "放假", "", "假期", "", "(补", "", "（补", "", ")", "", "）", "").Replace(summary)
	if name = strings.TrimSpace(name); name == "" {
		return summary
	}
	return name
}

// demandDaysOff refuses a file whose marks are not understood: without its
// holidays a table would make them workdays.
func (r *icsReader) demandDaysOff() {
	if len(r.p.list) > 0 {
		return
	}
	what := "has no day off and no make-up workday"
	for _, day := range r.days {
		if day.Off {
			return
		}
		what = "has make-up workdays but no day off"
	}
	r.fail(0, what, "events need X-APPLE-SPECIAL-DAY, or 休, 假 or 班 in their summary")
}

// years groups the days by year. December days of a year of which there is
// nothing else belong to the next year's notice, and so to its table: a table of
// their own would replace that of their year.
func (r *icsReader) years() []hall.CalendarYear {
	tables := map[int]*hall.CalendarYear{}
	whole := map[int]bool{}
	for date := range r.days {
		if date.MonthDay() < 1201 {
			whole[date.Year()] = true
		}
	}
	for _, date := range slices.Sorted(maps.Keys(r.days)) {
		year := date.Year()
		if !whole[year] && whole[year+1] {
			year++
		}
		if tables[year] == nil {
			tables[year] = &hall.CalendarYear{Year: year}
		}
		tables[year].Days = append(tables[year].Days, r.days[date])
	}
	var list []hall.CalendarYear
	for _, year := range slices.Sorted(maps.Keys(tables)) {
		list = append(list, *tables[year])
	}
	return list
}
