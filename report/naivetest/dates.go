package naivetest

// Days, months and times as plain numbers: a date counts days from 1970-01-01, an instant counts
// seconds from then in UTC, a wall time counts seconds from then on the hall's clock.

import (
	"math"
	"strings"
	"time"
)

type date int

const (
	daySeconds = int64(24 * 60 * 60)
	longAgo    = int64(math.MinInt64 / 4)
	farAhead   = int64(math.MaxInt64 / 4)
)

// parseDate reads 2020-11-03.
func parseDate(s string) (date, bool) {
	if len(s) != len("2006-01-02") {
		return 0, false
	}
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, false
	}
	return date(floorDiv(t.Unix(), daySeconds)), true
}

func (d date) time() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

func (d date) String() string { return d.time().Format("2006-01-02") }

func (d date) weekday() string { return strings.ToLower(d.time().Weekday().String()) }

func (d date) monthDay() string { return d.time().Format("01-02") }

func (d date) month() string { return d.time().Format("2006-01") }

// start is the wall time of the day's midnight.
func (d date) start() int64 { return int64(d) * daySeconds }

func dateOf(wall int64) date { return date(floorDiv(wall, daySeconds)) }

// parseMonth reads 2020-11 and returns its first and last day.
func parseMonth(s string) (first, last date, ok bool) {
	first, ok = parseDate(s + "-01")
	if !ok || len(s) != len("2006-01") {
		return 0, 0, false
	}
	return first, date(floorDiv(first.time().AddDate(0, 1, 0).Unix(), daySeconds)) - 1, true
}

// parseInstant reads an RFC 3339 time with capital T and an offset or Z, within 2000..2099 UTC.
// Fractions of a second are cut (contract 2).
func parseInstant(s string) (int64, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || strings.Contains(s, ",") {
		return 0, false
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.UTC().Year() < 2000 || t.UTC().Year() > 2099 {
		return 0, false
	}
	return t.Unix(), true
}

// parseClock reads 08:30 as seconds from midnight.
func parseClock(s string) (int64, bool) {
	if s == "24:00" {
		return daySeconds, true
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != 5 {
		return 0, false
	}
	return int64(t.Hour()*3600 + t.Minute()*60), true
}

// wallOf is what the hall's clock shows at an instant.
func wallOf(instant int64, zone *time.Location) int64 {
	_, offset := time.Unix(instant, 0).In(zone).Zone()
	return instant + int64(offset)
}

// cutMinute reads a time as the minute that a terminal shows (contract 5.3).
func cutMinute(wall int64) int64 { return floorDiv(wall, 60) * 60 }

// clockText prints a wall time as seen from day d: 06:10:00+1 on the day after.
func clockText(wall int64, d date, layout string) string {
	text := time.Unix(wall, 0).UTC().Format(layout)
	if dateOf(wall) > d {
		return text + "+1"
	}
	return text
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
