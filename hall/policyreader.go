package hall

// Reading a policy document: a JSON tree whose members are asked for one by one,
// each with its path, so that all errors come out of one run and the keys that
// nobody asked for are known to be unknown.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// PolicyError is one thing that is wrong with a policy document.
type PolicyError struct {
	Path    string // $.timetables[0].sessions[1].start
	Value   string // what stands there, "" = nothing
	Problem string
	Allowed string // what may stand there, or what to do
	OfKey   bool   // the key at the end of the path is wrong, not its value
}

func (e PolicyError) Error() string {
	s := e.Path + ": " + e.Problem
	if e.Value != "" {
		s += ": " + e.Value
	}
	if e.Allowed != "" {
		s += " (" + e.Allowed + ")"
	}
	return s
}

// PolicyErrors are all errors of a policy document, those of form first, each
// in the order of the document's sections. They are ErrInvalid.
type PolicyErrors []PolicyError

func (e PolicyErrors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return "policy: " + strings.Join(lines, "\n")
}

// Is makes PolicyErrors an ErrInvalid.
func (e PolicyErrors) Is(target error) bool { return target == ErrInvalid }

// The largest numbers of a policy. They leave room to multiply points by
// factors and shares in 64 bits.
const (
	policyMaxPoints = 100000 * Point
	policyMaxFactor = 1000 * Point
	policyMaxCount  = 1000000
	policyMaxShift  = 24 * time.Hour
	policyMaxWait   = 366 * 24 * time.Hour
)

// policyReader collects what goes wrong, once for each path: what follows from
// an error is no further error.
type policyReader struct {
	errs    PolicyErrors
	unknown []PolicyError
	failed  map[string]bool
}

func (r *policyReader) fail(path, value, problem, allowed string) {
	r.note(PolicyError{Path: path, Value: value, Problem: problem, Allowed: allowed})
}

func (r *policyReader) note(e PolicyError) {
	if r.failed[e.Path] {
		return
	}
	if r.failed == nil {
		r.failed = make(map[string]bool)
	}
	r.failed[e.Path] = true
	r.errs = append(r.errs, e)
}

// parsePolicyTree reads exactly one JSON value, numbers as written.
func parsePolicyTree(doc []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return tree, nil
}

// policyNode is a value and where it stands; null is as good as absent.
type policyNode struct {
	r     *policyReader
	path  string
	value any
}

func (n policyNode) given() bool { return n.value != nil }

// shown is the value as the user would recognize it.
func (n policyNode) shown() string {
	switch v := n.value.(type) {
	case nil:
		return ""
	case string:
		return strconv.Quote(clipped(v))
	case json.Number:
		return clipped(v.String())
	case bool:
		return strconv.FormatBool(v)
	case []any:
		return "a list"
	}
	return "a map"
}

func clipped(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// wrong says that a value of another form was expected.
func (n policyNode) wrong(allowed string) {
	if !n.given() {
		n.r.fail(n.path, "", "is missing", "want "+allowed)
		return
	}
	n.r.fail(n.path, n.shown(), "is not allowed", "want "+allowed)
}

// policyObject is a map of which keys are asked for.
type policyObject struct {
	policyNode
	members map[string]any
	known   []string
}

// object opens a map. A missing one is empty and, where required, an error.
func (n policyNode) object(required bool) *policyObject {
	o := &policyObject{policyNode: n}
	m, ok := n.value.(map[string]any)
	if !ok && (required || n.given()) {
		n.wrong("a map of keys and values")
	}
	o.members = m
	return o
}

// get asks for a key.
func (o *policyObject) get(key string) policyNode {
	o.known = append(o.known, key)
	return policyNode{r: o.r, path: o.path + "." + key, value: o.members[key]}
}

// close notes the keys that nobody asked for.
func (o *policyObject) close() {
	for _, key := range slices.Sorted(maps.Keys(o.members)) {
		if slices.Contains(o.known, key) {
			continue
		}
		o.r.unknown = append(o.r.unknown, PolicyError{
			Path: o.path + "." + key, Value: strconv.Quote(clipped(key)),
			Problem: "unknown key", Allowed: Suggest(key, o.known, "known here"), OfKey: true,
		})
	}
}

// items opens a list. Elements keep their places, bad ones too.
func (n policyNode) items() []policyNode {
	list, ok := n.value.([]any)
	if !ok {
		if n.given() {
			n.wrong("a list")
		}
		return nil
	}
	nodes := make([]policyNode, len(list))
	for i, v := range list {
		nodes[i] = policyNode{r: n.r, path: fmt.Sprintf("%s[%d]", n.path, i), value: v}
	}
	return nodes
}

// text reads a string; a number counts as it is written, since a window may be
// called 110. Without a value it is "".
func (n policyNode) text() string {
	switch v := n.value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	n.wrong("a text")
	return ""
}

// name reads a text that must be there.
func (n policyNode) name() string {
	s := n.text()
	if strings.TrimSpace(s) == "" {
		n.wrong("a text")
	}
	return s
}

func (n policyNode) texts() []string {
	var list []string
	for _, item := range n.items() {
		list = append(list, item.name())
	}
	return list
}

// token reads a name that must be fit for a subject.
func (n policyNode) token() string {
	s := n.text()
	if !policyToken(s) {
		n.wrong("1 to 32 letters, digits, _ or -")
		return ""
	}
	return s
}

func policyToken(s string) bool {
	if len(s) == 0 || len(s) > 32 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' {
			continue
		}
		return false
	}
	return true
}

// kind reads the name of a kind, which stands in violation ids.
func (n policyNode) kind() string {
	s := n.text()
	bad := func(c rune) bool { return c == '/' || c <= ' ' || c == 0x7f || c == 0x3000 }
	if s == "" || len(s) > 128 || strings.ContainsFunc(s, bad) {
		n.wrong("a name without spaces and slashes, for example left_post")
		return ""
	}
	return s
}

// choice reads one of some words; absent it is the first of them.
func (n policyNode) choice(words ...string) string {
	if !n.given() {
		return words[0]
	}
	s, ok := n.value.(string)
	if ok && slices.Contains(words, s) {
		return s
	}
	n.r.fail(n.path, n.shown(), "is not allowed", Suggest(s, words, "allowed"))
	return words[0]
}

func (n policyNode) flag(absent bool) bool {
	if !n.given() {
		return absent
	}
	v, ok := n.value.(bool)
	if !ok {
		n.wrong("true or false")
	}
	return v
}

// count reads an integer of least..most; absent it is a default.
func (n policyNode) count(absent, least, most int) int {
	if !n.given() {
		return absent
	}
	if number, ok := n.value.(json.Number); ok {
		i, err := strconv.Atoi(number.String())
		if err == nil && i >= least && i <= most {
			return i
		}
	}
	n.wrong(fmt.Sprintf("a whole number from %d to %d", least, most))
	return absent
}

// points reads a decimal number up to most; without a value it is an error.
func (n policyNode) points(most Points) Points {
	if number, ok := n.value.(json.Number); ok {
		p, err := ParsePoints(number.String())
		if err == nil && p >= 0 && p <= most && number.String()[0] != '-' {
			return p
		}
	}
	n.wrong("a number from 0 to " + most.String() + " with at most 4 decimals")
	return 0
}

// maybePoints is nil where nothing stands.
func (n policyNode) maybePoints() *Points {
	if !n.given() {
		return nil
	}
	return new(n.points(policyMaxPoints))
}

// duration reads `5m`, `1h30m`, `0m`: whole minutes up to most.
func (n policyNode) duration(absent, most time.Duration) time.Duration {
	if !n.given() {
		return absent
	}
	text, _ := n.value.(string)
	if number, ok := n.value.(json.Number); ok && number == "0" {
		text = "0"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > most || d%time.Minute != 0 || strings.HasPrefix(text, "-") {
		n.wrong("whole minutes such as 5m, 30m or 1h30m, at most " + hours(most))
		return absent
	}
	return d
}

func hours(d time.Duration) string { return strconv.Itoa(int(d.Hours())) + "h" }

func (n policyNode) minutes(absent int) int {
	return int(n.duration(time.Duration(absent)*time.Minute, policyMaxShift) / time.Minute)
}

// date reads `2020-11-30`; without a value it is 0.
func (n policyNode) date() Date {
	if !n.given() {
		return 0
	}
	text, _ := n.value.(string)
	d, err := ParseDate(text)
	if err != nil {
		n.wrong("a date such as 2020-11-30")
	}
	return d
}

func (n policyNode) dates() []Date {
	var list []Date
	for _, item := range n.items() {
		if !item.given() {
			item.wrong("a date such as 2020-11-30")
			continue
		}
		list = append(list, item.date())
	}
	return list
}

// clock reads `08:30` of a day.
func (n policyNode) clock() (Clock, bool) {
	text, _ := n.value.(string)
	c, err := ParseClock(text)
	if err != nil {
		n.wrong(`a time of day such as "08:30"`)
		return 0, false
	}
	return c, true
}

// monthDay reads `10-01`, a day of a leap year.
func (n policyNode) monthDay() MonthDay {
	text, _ := n.value.(string)
	d, err := ParseDate("2020-" + text)
	if err != nil {
		n.wrong(`month and day such as "10-01"`)
		return 0
	}
	return d.MonthDay()
}

func (n policyNode) weekdays() []time.Weekday {
	var days []time.Weekday
	for _, item := range n.items() {
		if day, ok := policyWeekday(item.text()); ok {
			days = append(days, day)
			continue
		}
		item.r.fail(item.path, item.shown(), "is no weekday", Suggest(item.text(), policyWeekdays, "allowed"))
	}
	return days
}

var policyWeekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func policyWeekday(name string) (time.Weekday, bool) {
	i := slices.Index(policyWeekdays, name)
	return time.Weekday(i), i >= 0
}
