package hall

// Reading moments and dates. Every event has at least one, so this does without
// time.Parse.

import "fmt"

// Times of events lie between these two, the last one excluded.
const (
	firstInstant Instant = 946684800  // 2000-01-01T00:00:00Z
	endInstant   Instant = 4102444800 // 2100-01-01T00:00:00Z
)

// What the readers of times allow, in the words of an error.
const (
	wantInstant = "a time with offset, such as 2020-11-03T08:30:00+08:00, between 2000-01-01 and 2099-12-31 UTC"
	wantDate    = "a date, such as 2020-11-03"
	wantMonth   = "a month, such as 2020-11"
	wantBound   = "a date, such as 2020-11-03, or " + wantInstant
)

// ParseInstant reads an RFC 3339 time with capital T and Z and cuts its
// fraction. Times outside 2000-01-01..2099-12-31 UTC are refused, as they are in
// events. The error is ErrInvalid.
func ParseInstant(s string) (Instant, error) {
	i, ok := parseInstant(s)
	if !ok {
		return 0, fmt.Errorf("%w time %q: want %s", ErrInvalid, clipped(s), wantInstant)
	}
	return i, nil
}

type chars interface{ string | []byte }

func parseInstant[S chars](s S) (Instant, bool) {
	if len(s) < len("2020-11-03T08:30:00Z") || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, false
	}
	date, ok := parseDateAt(s)
	hour, minute, second := digits(s, 11, 2), digits(s, 14, 2), digits(s, 17, 2)
	if !ok || uint(hour) > 23 || uint(minute) > 59 || uint(second) > 59 {
		return 0, false
	}
	offset, ok := parseOffset(s, skipFraction(s, 19))
	i := Instant(date-epoch)*86400 + Instant(hour*3600+minute*60+second-offset)
	if !ok || i < firstInstant || i >= endInstant {
		return 0, false
	}
	return i, true
}

// skipFraction returns where the offset begins; a point without digits is left
// for parseOffset to refuse.
func skipFraction[S chars](s S, i int) int {
	if s[i] != '.' || i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9' {
		return i
	}
	for i++; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
	}
	return i
}

// offsetOf returns the offset of a moment as it is written, 0 where it cannot be read.
func offsetOf(s string) int {
	if _, ok := parseInstant(s); !ok {
		return 0
	}
	offset, _ := parseOffset(s, skipFraction(s, 19))
	return offset
}

// parseOffset reads Z or +08:00, which ends s, in seconds.
func parseOffset[S chars](s S, i int) (int, bool) {
	if len(s)-i == 1 {
		return 0, s[i] == 'Z'
	}
	if len(s)-i != len("+08:00") || s[i] != '+' && s[i] != '-' || s[i+3] != ':' {
		return 0, false
	}
	hours, minutes := digits(s, i+1, 2), digits(s, i+4, 2)
	if uint(hours) > 23 || uint(minutes) > 59 {
		return 0, false
	}
	offset := hours*3600 + minutes*60
	if s[i] == '-' {
		offset = -offset
	}
	return offset, true
}

func parseDate[S chars](s S) (Date, bool) {
	if len(s) != len("2020-11-03") {
		return 0, false
	}
	return parseDateAt(s)
}

// daysBefore are the days of a common year before each month.
var daysBefore = [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

// parseDateAt reads the date at the beginning of s, which is long enough.
func parseDateAt[S chars](s S) (Date, bool) {
	year, month, day := digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2)
	if s[4] != '-' || s[7] != '-' || year < 1 || month < 1 || month > 12 || day < 1 {
		return 0, false
	}
	length := daysBefore[month] - daysBefore[month-1]
	if month == 2 && isLeap(year) {
		length++
	}
	if day > length {
		return 0, false
	}
	return firstOf(year, month) + Date(day-1), true
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// firstOf returns the first day of a month of the years from 1 on. Judging a month
// asks for it tens of thousands of times, which time.Date is too slow for.
func firstOf(year, month int) Date {
	before := daysBefore[month-1]
	if month > 2 && isLeap(year) {
		before++
	}
	y := year - 1
	return Date(y*365 + y/4 - y/100 + y/400 + before + 1)
}

// digits reads n digits from i on, or returns -1.
func digits[S chars](s S, i, n int) int {
	number := 0
	for j := i; j < i+n; j++ {
		if s[j] < '0' || s[j] > '9' {
			return -1
		}
		number = number*10 + int(s[j]-'0')
	}
	return number
}
