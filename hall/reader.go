package hall

// Reading the fields of an event one by one, in the order of the contract's
// table. The first bad one is kept, and nothing is read after it.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the readers of fields allow, in the words of an error.
const (
	wantBody   = "one JSON object"
	wantSmall  = "no images, and no text of more than 4096 bytes"
	wantID     = "1 to 128 of A-Z a-z 0-9 . _ : ~ + -"
	wantToken  = "1 to 32 letters, digits, _ or -"
	wantPerson = "a person's id: 1 to 64 characters without space, control character and slash"
	wantText   = "a text"
	wantFlag   = "true or false"
	wantNumber = "a number or a text"
)

// maxCount is the largest number of cases, people or good deeds of an event.
const maxCount = 1_000_000_000

// reader holds the fields of an event that is being read.
type reader struct {
	members members
	source  string
	err     *Rejection // the first bad field; the subject is not set
}

// field is a field that has been asked for; its methods say what it should be,
// and give nothing once a field is bad.
type field struct {
	r        *reader
	name     string
	value    []byte // as written; nil = not there, null or empty
	required bool
}

func (r *reader) may(name string) field  { return r.field(name, false) }
func (r *reader) need(name string) field { return r.field(name, true) }

func (r *reader) field(name string, required bool) field {
	value := r.members.named(name)
	if isEmpty(value) {
		value = nil
	}
	return field{r: r, name: name, value: value, required: required}
}

// isEmpty reports whether a value says as little as a field that is not there.
func isEmpty(value []byte) bool {
	if len(value) == 0 {
		return true
	}
	switch value[0] {
	case 'n':
		return true
	case '"':
		return len(value) == 2
	case '[', '{':
		return skipSpace(value, 1) == len(value)-1
	}
	return false
}

// reject keeps the first bad field.
func (r *reader) reject(name, problem, value, want string) {
	if r.err != nil {
		return
	}
	reason := problem + " " + name
	if value != "" {
		reason += " " + value
	}
	r.err = &Rejection{Field: name, Reason: reason + ": want " + want, Value: value, Allowed: want}
}

func (f field) missing(want string) { f.r.reject(f.name, "missing field", "", want) }
func (f field) bad(want string)     { f.r.reject(f.name, "bad", shown(f.value), want) }

// shown is a JSON value as a reader of an error recognizes it.
func shown(value []byte) string {
	switch value[0] {
	case '{':
		return "(an object)"
	case '[':
		return "(a list)"
	case '"':
		return strconv.Quote(clipped(string(decoded(value))))
	}
	return clipped(string(value))
}

// given reports whether there is something to read.
func (f field) given(want string) bool {
	if f.value == nil && f.required {
		f.missing(want)
	}
	return f.value != nil && f.r.err == nil
}

// read turns the text of a field into a T.
func read[T any](f field, want string, parse func(string) (T, bool)) T {
	var none T
	if !f.given(want) {
		return none
	}
	if f.value[0] == '"' {
		if v, ok := parse(string(decoded(f.value))); ok {
			return v
		}
	}
	f.bad(want)
	return none
}

// readList turns each text of a list into a T.
func readList[T any](f field, want string, parse func(string) (T, bool)) []T {
	wantList := "a list, each of them " + want
	if !f.given(wantList) {
		return nil
	}
	elements, ok := elementsOf(f.value)
	if !ok {
		f.bad(wantList)
		return nil
	}
	list := make([]T, 0, len(elements))
	for _, e := range elements {
		v, ok := parseElement(e, parse)
		if !ok {
			f.r.reject(f.name, "bad", shown(e)+" in the list", want)
			return nil
		}
		list = append(list, v)
	}
	return list
}

func parseElement[T any](e []byte, parse func(string) (T, bool)) (T, bool) {
	if e[0] != '"' {
		var none T
		return none, false
	}
	return parse(string(decoded(e)))
}

func (f field) text() string     { return read(f, wantText, parseText) }
func (f field) texts() []string  { return readList(f, wantText, parseText) }
func (f field) person() PersonID { return read(f, wantPerson, parsePerson) }
func (f field) window() WindowID { return read(f, wantToken, parseWindow) }
func (f field) token() string    { return read(f, wantToken, parseToken) }
func (f field) instant() Instant { return read(f, wantInstant, parseInstant[string]) }
func (f field) date() Date       { return read(f, wantDate, parseDate[string]) }
func (f field) month() Month     { return read(f, wantMonth, parseMonth) }
func (f field) bound() Bound     { return read(f, wantBound, parseBound) }

func (f field) persons() []PersonID { return readList(f, wantPerson, parsePerson) }
func (f field) windows() []WindowID { return readList(f, wantToken, parseWindow) }

// choice reads one of the words.
func (f field) choice(words ...string) string {
	return read(f, oneOf(words), func(s string) (string, bool) { return s, slices.Contains(words, s) })
}

// choices reads a list of the words.
func (f field) choices(words ...string) []string {
	return readList(f, oneOf(words), func(s string) (string, bool) { return s, slices.Contains(words, s) })
}

func oneOf(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// flag reads true or false.
func (f field) flag() bool {
	if !f.given(wantFlag) {
		return false
	}
	if s := string(f.value); s == "true" || s == "false" {
		return s == "true"
	}
	f.bad(wantFlag)
	return false
}

// integer reads a number without fraction and exponent.
func (f field) integer(least, most int64) int64 {
	if f.value == nil && !f.required || f.r.err != nil {
		return 0
	}
	n, err := strconv.ParseInt(string(f.value), 10, 64)
	if err == nil && n >= least && n <= most {
		return n
	}
	want := fmt.Sprintf("an integer from %d to %d", least, most)
	if f.given(want) {
		f.bad(want)
	}
	return 0
}

// number reads a number, as written, or a text.
func (f field) number() string {
	if !f.given(wantNumber) {
		return ""
	}
	switch c := f.value[0]; {
	case c == '"':
		return string(decoded(f.value))
	case c == '-' || '0' <= c && c <= '9':
		return string(f.value)
	}
	f.bad(wantNumber)
	return ""
}

// boundOrFlag reads a date, a time, true or false, and returns it as written.
func (f field) boundOrFlag() string {
	const want = wantBound + ", or " + wantFlag
	if !f.given(want) {
		return ""
	}
	if s := string(f.value); s == "true" || s == "false" {
		return s
	}
	return read(f, want, func(s string) (string, bool) {
		_, ok := parseBound(s)
		return s, ok
	})
}

// json reads any value, in canonical form.
func (f field) json() string {
	if !f.given("") {
		return ""
	}
	return string(canonical(f.value))
}

// span reads from and until; a bound that ends before it begins is bad.
func (r *reader) span() (from, until Bound) {
	from = r.need("from").bound()
	last := r.need("until")
	until = last.bound()
	if r.err == nil && until.endsBefore(from) {
		last.bad("no earlier than from, " + shown(r.members.named("from")))
	}
	return from, until
}

// endsBefore compares two dates or two times; a date and a time it leaves to
// the hall's zone.
func (b Bound) endsBefore(from Bound) bool {
	if b.At != 0 && from.At != 0 {
		return b.At < from.At
	}
	return b.Date != 0 && from.Date != 0 && b.Date < from.Date
}

// monthOrDate reads month and date, of which one must be there; a month goes
// before a date.
func (r *reader) monthOrDate() (Month, Date) {
	month, date := r.may("month"), r.may("date")
	if month.value == nil && date.value == nil {
		month.missing(wantMonth + ", or in the field date " + wantDate)
	}
	m, d := month.month(), date.date()
	switch {
	case r.err != nil:
		return 0, 0
	case month.value != nil:
		return m, 0
	}
	return d.Month(), d
}

func parseText(s string) (string, bool) { return s, s != "" }

func parseToken(s string) (string, bool) { return s, policyToken(s) }

func parseWindow(s string) (WindowID, bool) { return WindowID(s), policyToken(s) }

func parseMonth(s string) (Month, bool) {
	d, ok := parseDate(s + "-01")
	if !ok {
		return 0, false
	}
	return d.Month(), true
}

func parseBound(s string) (Bound, bool) {
	if d, ok := parseDate(s); ok {
		return Bound{Date: d}, true
	}
	i, ok := parseInstant(s)
	return Bound{At: i}, ok
}

func parsePerson(s string) (PersonID, bool) {
	if s == "" || utf8.RuneCountInString(s) > 64 {
		return "", false
	}
	bad := func(r rune) bool { return r == '/' || unicode.IsSpace(r) || unicode.IsControl(r) }
	return PersonID(s), !strings.ContainsFunc(s, bad)
}

// isID tells what may be the id of an event.
func isID[S chars](s S) bool {
	if len(s) == 0 || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '.', c == '_', c == ':', c == '~', c == '+', c == '-':
		default:
			return false
		}
	}
	return true
}
