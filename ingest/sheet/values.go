package sheet

// From the text of a cell to the value of a field.

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/hall"
)

// cell is what a reading sees.
type cell struct {
	text  string
	words words
	o     *Options
	book  *workbook // nil for a text file
	at    string    // where it stands in the workbook, "" = in none
}

// reading makes a value of the event's JSON out of a cell that is not empty.
type reading func(c cell) (any, *refusal)

// refusal is why a cell cannot be read, and what it should say.
type refusal struct{ problem, want string }

func refuse(problem, want string) (any, *refusal) { return nil, &refusal{problem, want} }

// clean takes off what spreadsheets put around a text: ="0012", '0012, spaces.
func clean(s string) string {
	s = strings.Trim(s, " \t\r\n\u00a0\u3000\ufeff")
	if inner, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(inner, `"`) {
		s = inner[:len(inner)-1]
	}
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsRune("=+-@0123456789", rune(rest[0])) {
		s = rest
	}
	return strings.TrimSpace(s)
}

var (
	rounded    = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$`)
	cellErrors = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#NAME?": true, "#DIV/0!": true, "#NUM!": true, "#NULL!": true}
)

const wantText = "the value as text (设置单元格格式 > 文本)"

// unreadable says what no field can hold.
func unreadable(s string) *refusal {
	switch {
	case strings.ContainsRune(s, utf8.RuneError):
		return &refusal{"has characters that cannot be read", "a file saved as CSV UTF-8 or .xlsx"}
	case len(s) > maxCell:
		return &refusal{"is longer than 4 KiB", "a shorter text"}
	case cellErrors[s]:
		return &refusal{"is the error of a formula", "a value"}
	case strings.HasPrefix(s, "data:"):
		return &refusal{"is an image or other file", "a text"}
	}
	return nil
}

func readText(c cell) (any, *refusal) { return c.text, nil }

func readPerson(c cell) (any, *refusal) {
	if rounded.MatchString(c.text) {
		return refuse("is a number that a spreadsheet has rounded", wantText)
	}
	if strings.ContainsAny(c.text, "/ \t\r\n\u3000") || utf8.RuneCountInString(c.text) > 64 {
		return refuse("is no id of a person", "1 to 64 characters without space and slash")
	}
	return c.text, nil
}

func readWord(c cell) (any, *refusal) { return c.word(), nil }

func (c cell) word() string {
	if w, ok := c.words[strings.ToLower(c.text)]; ok {
		return w
	}
	return c.text
}

func readClass(c cell) (any, *refusal) {
	p := c.o.Policy
	if p == nil || p.Class(c.text) != nil {
		return c.word(), nil
	}
	if w := c.word(); p.Class(w) != nil {
		return w, nil
	}
	names := make([]string, len(p.Classes))
	for i, k := range p.Classes {
		names[i] = k.Name
	}
	return refuse("is no class of the policy", strings.Join(names, ", "))
}

func readLeaveKind(c cell) (any, *refusal) {
	if p := c.o.Policy; p != nil {
		if id, r := meant(c.text, p.Leave, func(k *hall.LeaveKind) (string, []string) { return k.Kind, []string{k.Name} }); id != "" || r != nil {
			return id, r
		}
		if w := c.word(); p.LeaveKind(w) != nil {
			return w, nil
		}
	}
	return c.kind("leave")
}

func readFinding(c cell) (any, *refusal) {
	if p := c.o.Policy; p != nil {
		if id, r := meant(c.text, p.Discipline, func(k *hall.Discipline) (string, []string) { return k.Kind, []string{k.Name} }); id != "" || r != nil {
			return id, r
		}
	}
	return c.kind("discipline")
}

// flags are what cells say for yes and no.
var flags = map[string]bool{"是": true, "√": true, "1": true, "true": true, "否": false, "×": false, "0": false, "false": false}

func readFlag(c cell) (any, *refusal) {
	yes, ok := flags[strings.ToLower(c.text)]
	if !ok {
		return refuse("is neither yes nor no", "是 or 否")
	}
	return yes, nil
}

func readBonusKind(c cell) (any, *refusal) {
	if p := c.o.Policy; p != nil {
		if id, r := meant(c.text, p.Bonus, func(k *hall.BonusKind) (string, []string) { return k.Kind, []string{k.Name} }); id != "" || r != nil {
			return id, r
		}
	}
	return c.kind("bonus")
}

// meant finds what a text means by its id, else by a name; the name of several is
// refused. The id is "" where nothing is meant.
func meant[T any](text string, list []T, of func(*T) (id string, names []string)) (string, *refusal) {
	var ids []string
	for i := range list {
		id, names := of(&list[i])
		if id == text {
			return id, nil
		}
		if slices.Contains(names, text) {
			ids = append(ids, id)
		}
	}
	switch len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	}
	return "", &refusal{"is the name of several in the hall's policy", "one of " + strings.Join(ids, ", ")}
}

// kind lets a word pass that a later policy may name.
func (c cell) kind(section string) (any, *refusal) {
	w := c.word()
	if isToken(w) {
		return w, nil
	}
	return refuse("is no kind that the hall's policy names", "a kind or name under `"+section+":` of the policy (rollcall policy show)")
}

func readWindow(c cell) (any, *refusal) {
	id, r := c.window(c.text)
	if r != nil {
		return nil, r
	}
	return id, nil
}

// theHall is what rows call the hall as a whole.
var theHall = []string{"合计", "总计", "全大厅", "大厅", "全厅"}

// readPlace reads a window, or the hall as a whole, which is no window.
func readPlace(c cell) (any, *refusal) {
	if slices.Contains(theHall, c.text) {
		return nil, nil
	}
	return readWindow(c)
}

// readWindows reads one window or several; a name that has a mark of lists in it
// is one.
func readWindows(c cell) (any, *refusal) {
	if id, r := c.window(c.text); r == nil {
		return []string{string(id)}, nil
	}
	ids := []string{}
	for _, text := range parts(c.text) {
		id, r := c.window(text)
		if r != nil {
			return nil, r
		}
		ids = append(ids, string(id))
	}
	return ids, nil
}

// window finds a window by id, number, name, former name or alias, each exactly.
func (c cell) window(text string) (hall.WindowID, *refusal) {
	if p := c.o.Policy; p != nil {
		id, r := meant(text, p.Windows, func(w *hall.Window) (string, []string) { return string(w.ID), w.Names() })
		if id != "" || r != nil {
			return hall.WindowID(id), r
		}
		for i := range p.Windows {
			if strconv.Itoa(p.Windows[i].Number) == text {
				return p.Windows[i].ID, nil
			}
		}
	}
	if isToken(text) {
		return hall.WindowID(text), nil
	}
	return "", &refusal{"is no window of the hall's policy", "a window's id, number or whole name (rollcall policy show)"}
}

func isToken(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '_' && s[i] != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

func readList(c cell) (any, *refusal) {
	list := []string{}
	for _, part := range parts(c.text) {
		if w, ok := c.words[part]; ok {
			part = w
		}
		list = append(list, part)
	}
	return list, nil
}

// parts cuts a list at commas, semicolons and the marks of Chinese lists.
func parts(s string) []string {
	var list []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;|\u3001\uFF0C\uFF1B", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func readCount(c cell) (any, *refusal) {
	digits := strings.ReplaceAll(c.text, ",", "")
	if whole, frac, ok := strings.Cut(digits, "."); ok && strings.Trim(frac, "0") == "" {
		digits = whole // 14.00 is how some programs write 14
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil {
		return refuse("is no whole number", "a number such as 14, without exponent")
	}
	return n, nil
}

// readFigure reads a number as it is written, any other text as it stands.
func readFigure(c cell) (any, *refusal) {
	if rounded.MatchString(c.text) {
		return refuse("is a number that a spreadsheet has rounded", wantText)
	}
	digits := strings.ReplaceAll(c.text, ",", "")
	if c.book != nil && c.book.percent(c.at) {
		if n, err := strconv.ParseFloat(digits, 64); err == nil {
			return strconv.FormatFloat(math.Round(n*1e8)/1e6, 'f', -1, 64) + "%", nil
		}
	}
	if plainNumber.MatchString(digits) {
		if c.book != nil && c.book.large {
			return refuse("may be shown as a percentage, which is not looked up in a workbook this large",
				"the sheet in a workbook of its own, or saved as CSV (另存为 CSV)")
		}
		return json.Number(digits), nil
	}
	return c.text, nil
}

// plainNumber is what JSON takes for a number, without exponent.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

func readMonth(c cell) (any, *refusal) {
	text := strings.NewReplacer("年", "-", "月", "", "/", "-", ".", "-").Replace(c.text)
	if len(text) == 6 && !strings.Contains(text, "-") {
		text = text[:4] + "-" + text[4:]
	}
	if y, m, ok := strings.Cut(text, "-"); ok && len(m) == 1 {
		text = y + "-0" + m
	}
	if m, err := hall.ParseMonth(text); err == nil {
		return m.String(), nil
	}
	if s, ok := readStamp(c); ok && s.hasDate {
		return s.date.Month().String(), nil
	}
	return refuse("is no month", "a month such as 2020-11")
}

const (
	wantMoment = "a date and time such as 2020-11-03 08:21:07 (year first)"
	wantDate   = "a date such as 2020-11-03 (year first)"
)

func readDate(c cell) (any, *refusal) {
	s, ok := readStamp(c)
	if !ok || !s.hasDate || s.hasClock && s.clock != 0 {
		return refuse("is no date", wantDate)
	}
	return s.date, nil
}

// readBound reads a date alone, which means the whole day, or a moment.
func readBound(c cell) (any, *refusal) {
	s, ok := readStamp(c)
	if !ok || !s.hasDate {
		return refuse("is no date or time", wantDate+", or "+wantMoment)
	}
	if !s.hasClock {
		return s.date, nil
	}
	return s.in(c.o.zone()), nil
}

// readMoment reads a moment, or a time of day, which needs a date beside it.
func readMoment(c cell) (any, *refusal) {
	s, ok := readStamp(c)
	switch {
	case !ok:
		return refuse("is no time", wantMoment)
	case !s.hasDate:
		return s.clock, nil
	case !s.hasClock:
		return s.date, nil
	}
	return s.in(c.o.zone()), nil
}

// stamp is a date, a time of day, or both.
type stamp struct {
	date     hall.Date
	clock    int // seconds
	hasDate  bool
	hasClock bool
	at       time.Time // where the text says its offset itself
}

// in returns the moment at which a clock in zone shows the stamp.
func (s stamp) in(zone *time.Location) string {
	if !s.at.IsZero() {
		return s.at.Format(time.RFC3339)
	}
	return s.date.At(hall.Clock(s.clock), zone).Time().In(zone).Format(time.RFC3339)
}

var (
	stampText = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?: ?(?:(上午|下午|am|pm) ?)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$`)
	clockText = regexp.MustCompile(`^(?:(上午|下午|am|pm) ?)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$`)
	dense     = regexp.MustCompile(`^(20\d\d)(\d\d)(\d\d)$`)
	number    = regexp.MustCompile(`^\d+(\.\d+)?([eE][+-]?\d+)?$`)
)

// readStamp reads what people and spreadsheets write for a date or time.
func readStamp(c cell) (stamp, bool) {
	text := strings.ToLower(c.text)
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return stamp{date: hall.DateIn(c.o.zone(), t), hasDate: true, hasClock: true, at: t.Truncate(time.Second)}, true
	}
	if m := dense.FindStringSubmatch(text); m != nil {
		return stampOf(m[1], m[2], m[3])
	}
	if c.book != nil && number.MatchString(text) {
		return serial(text, c.book.from1904)
	}
	text = strings.NewReplacer("年", "-", "月", "-", "日", " ", "/", "-", "t", " ", "\uFF1A", ":", "时", ":", "点", ":", "分", "").Replace(text)
	text = strings.Join(strings.Fields(text), " ")
	if m := clockText.FindStringSubmatch(text); m != nil {
		clock, ok := clockOf(m[1], m[2], m[3], m[4])
		return stamp{clock: clock, hasClock: true}, ok
	}
	day, rest, _ := strings.Cut(text, " ")
	m := stampText.FindStringSubmatch(strings.TrimSpace(strings.ReplaceAll(day, ".", "-") + " " + rest))
	if m == nil {
		return stamp{}, false
	}
	s, ok := stampOf(m[1], m[2], m[3])
	if !ok || m[5] == "" {
		return s, ok
	}
	s.hasClock = true
	s.clock, ok = clockOf(m[4], m[5], m[6], m[7])
	return s, ok
}

func stampOf(year, month, day string) (stamp, bool) {
	pad := func(s string) string { return strings.Repeat("0", max(0, 2-len(s))) + s }
	d, err := hall.ParseDate(year + "-" + pad(month) + "-" + pad(day))
	return stamp{date: d, hasDate: true}, err == nil
}

func clockOf(half, hour, minute, second string) (int, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	s, _ := strconv.Atoi(second)
	switch half {
	case "下午", "pm":
		if h > 12 {
			return 0, false
		}
		h = h%12 + 12
	case "上午", "am":
		if h > 12 {
			return 0, false
		}
		h %= 12
	}
	return h*3600 + m*60 + s, h < 24 && m < 60 && s < 60
}

// serial reads the number of a day as spreadsheets store it; below 1 it is a
// time of day. Days outside 2000 to 2099 are no dates.
func serial(text string, from1904 bool) (stamp, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 100_000 {
		return stamp{}, false
	}
	days := math.Floor(n)
	seconds := int(math.Round((n - days) * 86400))
	if seconds == 86400 {
		days, seconds = days+1, 0
	}
	if days == 0 {
		return stamp{clock: seconds, hasClock: true}, true
	}
	first := hall.NewDate(1899, time.December, 30)
	if from1904 {
		first = hall.NewDate(1904, time.January, 1)
	}
	d := first + hall.Date(days)
	ok := d.Year() >= 2000 && d.Year() <= 2099
	return stamp{date: d, clock: seconds, hasDate: true, hasClock: seconds != 0}, ok
}
