package hall

// Time in three forms: Instant (a moment), Date and Month (the hall's calendar)
// and Clock (a time of day, counted from the midnight at which a date begins).

import (
	"fmt"
	"math"
	"time"
)

// Instant is a moment in seconds since 1970-01-01T00:00:00Z; fractions are cut.
// The zero Instant means "none": events are never older than the year 2000.
type Instant int64

// InstantOf cuts t to the second.
func InstantOf(t time.Time) Instant { return Instant(t.Unix()) }

// Time returns i in UTC.
func (i Instant) Time() time.Time { return time.Unix(int64(i), 0).UTC() }

// In returns the date and the time of day that a clock in zone shows at i.
func (i Instant) In(zone *time.Location) (Date, Clock) {
	shown := int64(i) + offsetAt(int64(i), zone)
	days := floorDiv(shown, 86400)
	return epoch + Date(days), Clock(shown - days*86400)
}

// offsetAt returns how many seconds a zone is ahead of UTC at a moment.
func offsetAt(unix int64, zone *time.Location) int64 {
	_, offset := time.Unix(unix, 0).In(zone).Zone()
	return int64(offset)
}

// WallClock reads moments as In does. It remembers how far its zone was ahead of UTC
// when it was asked last, and from when until when, so that the thousands of moments
// of a month are not each looked up. One goroutine uses it at a time.
type WallClock struct {
	zone        *time.Location
	from, until int64 // of the offset; until is out
	offset      int64
}

// NewWallClock returns a clock in a zone.
func NewWallClock(zone *time.Location) *WallClock { return &WallClock{zone: zone} }

// Read returns the date and the time of day that the clock shows at i.
func (c *WallClock) Read(i Instant) (Date, Clock) {
	unix := int64(i)
	if unix < c.from || unix >= c.until {
		c.turnTo(unix)
	}
	shown := unix + c.offset
	days := floorDiv(shown, 86400)
	return epoch + Date(days), Clock(shown - days*86400)
}

func (c *WallClock) turnTo(unix int64) {
	t := time.Unix(unix, 0).In(c.zone)
	from, until := t.ZoneBounds()
	_, offset := t.Zone()
	c.from, c.until, c.offset = math.MinInt64, math.MaxInt64, int64(offset)
	if !from.IsZero() {
		c.from = from.Unix()
	}
	if !until.IsZero() {
		c.until = until.Unix()
	}
}

// UTCDate returns the date of i in UTC, by which facts are keyed.
func (i Instant) UTCDate() Date { return epoch + Date(floorDiv(int64(i), 86400)) }

// Minute cuts the seconds of i, as a terminal shows it.
func (i Instant) Minute() Instant { return i - Instant(((int64(i)%60)+60)%60) }

// Date is a day of the hall's calendar, counted from 0001-01-01 = 1. The zero
// Date means "none".
type Date int32

// epoch is 1970-01-01.
const epoch Date = 719163

// NewDate returns the date of a year, month and day, which are normalized as
// time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return dateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateIn returns the date of t in zone. It is the only way from a moment to a
// date: 2020-11-03T23:30Z is the 4th in Shanghai.
func DateIn(zone *time.Location, t time.Time) Date { return dateOf(t.In(zone)) }

func dateOf(t time.Time) Date {
	_, offset := t.Zone()
	return epoch + Date(floorDiv(t.Unix()+int64(offset), 86400))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ParseDate reads `2020-11-30`.
func ParseDate(s string) (Date, error) {
	if len(s) != 10 {
		return 0, fmt.Errorf("%w date %q: want YYYY-MM-DD", ErrInvalid, s)
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("%w date %q: want YYYY-MM-DD", ErrInvalid, s)
	}
	return dateOf(t), nil
}

// Midnight returns the beginning of d as a UTC time; only its year, month, day
// and weekday mean anything.
func (d Date) Midnight() time.Time { return time.Unix(int64(d-epoch)*86400, 0).UTC() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 7) % 7) }

// Year returns the year of d.
func (d Date) Year() int { return d.Midnight().Year() }

// Month returns the month of d.
func (d Date) Month() Month {
	t := d.Midnight()
	return NewMonth(t.Year(), t.Month())
}

// At returns the moment at which a clock in zone shows c on d; c may exceed 24
// hours and then speaks of the following day. Of a time that a zone shows twice or
// not at all it is the moment that time.Date takes, which is too slow for the tens of
// thousands of times of a month.
func (d Date) At(c Clock, zone *time.Location) Instant {
	shown := int64(d-epoch)*86400 + int64(c)
	return Instant(shown - offsetAt(shown-offsetAt(shown, zone), zone))
}

func (d Date) String() string {
	if d == 0 {
		return ""
	}
	// The layout of a date alone takes three times as long.
	var room [len("2006-01-02T00:00:00Z")]byte
	b := d.Midnight().AppendFormat(room[:0], time.RFC3339)
	return string(b[:len(b)-len("T00:00:00Z")])
}

// MarshalText writes `2020-11-30`.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

// Month is a month of the calendar, counted as year*12 + month-1. The zero
// Month means "none".
type Month int32

// NewMonth returns the month of a year.
func NewMonth(year int, month time.Month) Month { return Month(year*12 + int(month) - 1) }

// ParseMonth reads `2020-11`.
func ParseMonth(s string) (Month, error) {
	d, err := ParseDate(s + "-01")
	if err != nil {
		return 0, fmt.Errorf("%w month %q: want YYYY-MM, for example 2020-11", ErrInvalid, s)
	}
	return d.Month(), nil
}

// First returns the first day of m.
func (m Month) First() Date {
	if m < 12 { // before the year 1
		return NewDate(0, time.Month(m+1), 1)
	}
	return firstOf(int(m)/12, int(m)%12+1)
}

// Last returns the last day of m.
func (m Month) Last() Date { return (m + 1).First() - 1 }

// Contains reports whether d is a day of m.
func (m Month) Contains(d Date) bool { return d >= m.First() && d <= m.Last() }

func (m Month) String() string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1)
}

// MarshalText writes `2020-11`.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (m *Month) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*m = 0
		return nil
	}
	*m, err = ParseMonth(string(text))
	return err
}

// Clock is a time of day in seconds since the midnight at which a date begins.
// It may exceed 24 hours: 30:00:00 is six in the morning of the next day.
type Clock int32

// DayEnd is the midnight at which a date ends.
const DayEnd Clock = 24 * 3600

// ParseClock reads `08:30`; `24:00` is allowed.
func ParseClock(s string) (Clock, error) {
	bad := fmt.Errorf("%w time of day %q: want HH:MM between 00:00 and 24:00", ErrInvalid, s)
	if len(s) != 5 || s[2] != ':' {
		return 0, bad
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, bad
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, bad
	}
	return Clock(h*3600 + m*60), nil
}

// Minute cuts the seconds: 08:30:59 is 08:30 (contract 5.3).
func (c Clock) Minute() Clock { return c - c%60 }

// String writes `08:30`, and `06:00+1` for the next day.
func (c Clock) String() string { return c.text(len("08:30")) }

// Seconds writes `08:30:59`, and `06:10:00+1` for the next day.
func (c Clock) Seconds() string { return c.text(len("08:30:59")) }

// text writes the beginning of the full form; a month's lists have tens of
// thousands of these.
func (c Clock) text(length int) string {
	day, c := c/DayEnd, c%DayEnd
	two := func(n Clock) (byte, byte) { return byte('0' + n/10), byte('0' + n%10) }
	b := [...]byte{2: ':', 5: ':', 7: 0}
	b[0], b[1] = two(c / 3600)
	b[3], b[4] = two(c / 60 % 60)
	b[6], b[7] = two(c % 60)
	return string(b[:length]) + plusDays(day)
}

func plusDays(n Clock) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("+%d", n)
}

// Bound is one end of a span: a moment, or a date alone, which means the whole
// day and, of sessions, those that start on it. Exactly one of the two is set;
// the zero Bound is open.
type Bound struct {
	Date Date
	At   Instant
}

// IsZero reports whether the bound is open.
func (b Bound) IsZero() bool { return b == Bound{} }
