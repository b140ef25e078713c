package report

// What a changed line is about, and what a reader of it is told.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// lineKind says of the lines of a list what they are about and what they say.
// Without words a reader is told the fields.
type lineKind struct {
	list  string
	id    func(value json.RawMessage) (string, error)
	words func(value json.RawMessage, n *hall.Names) string
}

// lineKinds are the lists of a report in reading order. Lists that are not here
// come last, their lines about what they say.
var lineKinds = []lineKind{
	{list: "name"}, {list: "workdays"}, {list: "off_days"},
	lineOf("full_attendance", func(f *hall.FullAttendance) string { return string(f.Person) },
		func(f *hall.FullAttendance, n *hall.Names) string {
			return said(f.Name, windowAbout(string(f.Window), n))
		}),
	lineOf("violations", violationID, violationWords),
	lineOf("accounts", func(a *hall.Account) string { return a.Violation }, accountWords),
	lineOf("pending", func(p *hall.PendingPunch) string {
		return p.Date.String() + "/" + p.Session + "/" + p.Edge + "/" + string(p.Person)
	}, func(p *hall.PendingPunch, _ *hall.Names) string { return p.Due }),
	lineOf("contested", violationID, violationWords),
	lineOf("unresolved", func(u *hall.Unresolved) string { return string(u.UID) },
		func(u *hall.Unresolved, _ *hall.Names) string { return said(UnresolvedText(u.Reason), string(u.Value)) }),
	lineOf("staff", func(s *hall.StaffScore) string { return string(s.Person) }, func(s *hall.StaffScore, n *hall.Names) string {
		return said(s.Name, windowAbout(string(s.Window), n), "得分"+s.Score.String(), "名次"+number(s.Rank))
	}),
	lineOf("windows", func(w *hall.WindowScore) string { return string(w.Window) }, windowWords),
	lineOf("bonus", bonusID, func(b *hall.BonusLine, _ *hall.Names) string { return strconv.FormatInt(b.Count, 10) + "次" }),
	{list: "cases"},
	lineOf("cases.windows", func(c *hall.WindowCases) string { return "@" + string(c.Window) }, func(c *hall.WindowCases, _ *hall.Names) string {
		return fmt.Sprintf("受理%d件 办结%d件 按时办结%d件", c.Accepted, c.Completed, c.OnTime)
	}),
	{list: "cases.top", words: windowIDWords}, {list: "cases.missing", words: windowIDWords},
	lineOf("cases.categories", func(c *hall.CategoryCases) string { return c.Category }, func(c *hall.CategoryCases, _ *hall.Names) string {
		return fmt.Sprintf("受理%d件 办结%d件 按时办结%d件", c.Accepted, c.Completed, c.OnTime)
	}),
	lineOf("ranking", func(r *hall.Ranking) string { return cmp.Or(string(r.Class), "-") }, rankingWords),
	lineOf("awards", func(a *hall.Awarded) string { return a.Title }, awardWords),
	lineOf("vetoes", func(v *hall.Veto) string { return string(v.Window) + " " + v.Violation },
		func(v *hall.Veto, n *hall.Names) string {
			return said(cmp.Or(n.Kinds[v.Kind], v.Kind), "至"+dayTitle(v.Until))
		}),
	lineOf("figures", func(f *hall.MonthFigure) string { return said(f.Name, string(f.Window)) },
		func(f *hall.MonthFigure, _ *hall.Names) string { return said(f.Value, string(f.Of), string(f.Unit)) }),
	lineOf("texts", func(s *hall.Section) string { return s.Section },
		func(s *hall.Section, _ *hall.Names) string { return strings.Join(s.Items, "；") }),
	lineOf("appeals", func(a *hall.Appeal) string { return a.Violation }, appealWords),
	lineOf("rejected", func(s *hall.Struck) string { return s.On },
		func(s *hall.Struck, _ *hall.Names) string { return said(stateText(s.State), s.By, s.Reason) }),
	lineOf("conflicts", func(c *hall.Conflict) string { return string(c.UID) }, nil),
	lineOf("dead", deadID, func(d *hall.DeadLetter, _ *hall.Names) string {
		return said(d.Subject, string(d.Field), hall.ReasonZh(d.Reason))
	}),
	lineOf("warnings", func(w *hall.Warning) string { return said(w.Code, string(w.UID)) },
		func(w *hall.Warning, _ *hall.Names) string { return w.Text }),
	{list: "calendar_missing"},
	lineOf("sheet", func(s *hall.SheetRow) string { return string(s.Person) }, nil),
	lineOf("days", dayID, dayWords),
	lineOf("punches", func(p *hall.PunchRecord) string { return string(p.UID) }, punchWords),
	lineOf("patrol", func(p *hall.PatrolEntry) string { return string(p.UID) }, func(p *hall.PatrolEntry, n *hall.Names) string {
		return said(cmp.Or(n.Kinds[p.Kind], p.Kind), string(p.Person), string(p.Window), string(p.Note), stateText(p.State))
	}),
	{list: "names"},
	lineOf("names.windows", func(w *hall.WindowName) string { return string(w.Window) }, func(w *hall.WindowName, _ *hall.Names) string {
		return said(strconv.Itoa(w.Number)+"号", w.Name, string(w.Unit))
	}),
	lineOf("names.leaves", func(l *hall.LeaveName) string { return l.Kind }, func(l *hall.LeaveName, _ *hall.Names) string { return said(l.Name, l.Sign) }),
	lineOf("names.bulletin.figures", func(f *hall.BulletinFigure) string { return f.Name },
		func(f *hall.BulletinFigure, _ *hall.Names) string { return cmp.Or(f.Sentence, "通用语句") }),
	lineOf("names.bulletin.joint", func(j *hall.JointWindows) string { return j.Name },
		func(j *hall.JointWindows, n *hall.Names) string { return windowsAbout(j.Windows, n) }),
}

// lineOf makes the kind of a list whose lines are T.
func lineOf[T any](list string, id func(*T) string, words func(*T, *hall.Names) string) lineKind {
	k := lineKind{list: list, id: func(value json.RawMessage) (string, error) {
		var line T
		err := json.Unmarshal(value, &line)
		return id(&line), err
	}}
	if words != nil {
		k.words = func(value json.RawMessage, n *hall.Names) string {
			var line T
			_ = json.Unmarshal(value, &line) // id has read it
			return words(&line, n)
		}
	}
	return k
}

// kindOfList returns the kind of a list, nil where there is none.
func kindOfList(list string) *lineKind {
	i := slices.IndexFunc(lineKinds, func(k lineKind) bool { return k.list == list })
	if i < 0 {
		return nil
	}
	return &lineKinds[i]
}

// rankOfList is the place of a list, or of the one in which it lies, in reading
// order.
func rankOfList(list string) int {
	i := slices.IndexFunc(lineKinds, func(k lineKind) bool { return k.list == list })
	if whole, _, inside := strings.Cut(list, "."); i < 0 && inside {
		return rankOfList(whole)
	}
	if i < 0 {
		return len(lineKinds)
	}
	return i
}

// lineID says what a line of a list is about.
func lineID(list string, value json.RawMessage) (string, error) {
	if k := kindOfList(list); k != nil && k.id != nil {
		return k.id(value)
	}
	return string(plain(value)), nil
}

// words say what a line was and is. Where they say the same of both, or nothing,
// the fields that differ are told, and of a line that has only moved its place.
func (d *difference) words(list string, was, is json.RawMessage, from, to *int) (before, now hall.Name) {
	say := func(value json.RawMessage) string { return "" }
	if k := kindOfList(list); k != nil && k.words != nil {
		say = func(value json.RawMessage) string {
			if value == nil {
				return ""
			}
			return k.words(value, d.names)
		}
	}
	a, b := say(was), say(is)
	switch {
	case was != nil && is != nil && bytes.Equal(was, is):
		a, b = said(a, "第"+strconv.Itoa(*from)+"行"), said(b, "第"+strconv.Itoa(*to)+"行")
	case was != nil && is != nil && a == b:
		x, y := fieldsApart(list, was, is, d.names)
		a, b = said(a, x), said(b, y)
	}
	if was != nil && a == "" {
		a = d.whole(list, was)
	}
	if is != nil && b == "" {
		b = d.whole(list, is)
	}
	return hall.Name(a), hall.Name(b)
}

// whole writes a line for which there are no words, an object field by field.
func (d *difference) whole(list string, value json.RawMessage) string {
	if !isObject(value) {
		return short(string(plain(value)))
	}
	_, text := fieldsApart(list, json.RawMessage("{}"), value, d.names)
	return text
}

// fieldsApart writes the fields in which two lines of a list differ.
func fieldsApart(list string, was, is json.RawMessage, n *hall.Names) (before, now string) {
	var a, b tree
	if json.Unmarshal(was, &a) != nil || json.Unmarshal(is, &b) != nil {
		return short(string(plain(was))), short(string(plain(is)))
	}
	var x, y []string
	for _, key := range slices.Sorted(maps.Keys(b)) {
		if bytes.Equal(a[key], b[key]) {
			continue
		}
		before, now := fieldApart(key, a[key], b[key], n)
		title := cmp.Or(fieldTitle(list, key), key) + " "
		x, y = append(x, title+cmp.Or(before, "-")), append(y, title+cmp.Or(now, "-"))
	}
	return short(strings.Join(x, "，")), short(strings.Join(y, "，"))
}

// fieldApart writes a field that differs; of the signs of a month the days that do.
func fieldApart(key string, was, is json.RawMessage, n *hall.Names) (before, now string) {
	var a, b []string
	if key != "signs" || json.Unmarshal(was, &a) != nil || json.Unmarshal(is, &b) != nil || len(a) != len(b) {
		return enumerated(was, n), enumerated(is, n)
	}
	var x, y []string
	for i := range a {
		if a[i] != b[i] {
			day := strconv.Itoa(i+1) + "日"
			x, y = append(x, day+a[i]), append(y, day+b[i])
		}
	}
	return strings.Join(x, " "), strings.Join(y, " ")
}

// enumerated writes a list of texts or numbers with commas, of lines how many they
// are, and an object with what is said of each kind or field.
func enumerated(value json.RawMessage, n *hall.Names) string {
	var fields tree
	if isObject(value) && json.Unmarshal(value, &fields) == nil {
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(fields)) {
			if value := plain(fields[key]); value != "" && value != "[]" {
				texts = append(texts, cmp.Or(n.Kinds[key], fieldTitle("", key), key)+string(value))
			}
		}
		return strings.Join(texts, "、")
	}
	var values []json.RawMessage
	if !isList(value) || json.Unmarshal(value, &values) != nil {
		return string(plain(value))
	}
	texts := make([]string, len(values))
	for i, v := range values {
		if isObject(v) || isList(v) {
			return strconv.Itoa(len(values)) + "项"
		}
		texts[i] = string(plain(v))
	}
	return strings.Join(texts, "、")
}

// windowIDWords name a window.
func windowIDWords(value json.RawMessage, n *hall.Names) string {
	return windowAbout(string(plain(value)), n)
}

// rankingWords name the head and the tail of a ranking.
func rankingWords(r *hall.Ranking, _ *hall.Names) string {
	named := func(title string, people []hall.RankedPerson) string {
		var names []string
		for i := range people {
			names = append(names, fmt.Sprintf("%s（%s分，第%d名）", people[i].Name, people[i].Score, people[i].Rank))
		}
		if len(names) == 0 {
			return ""
		}
		return title + strings.Join(names, "、")
	}
	return said(strconv.Itoa(r.Ranked)+"人参加排名", named("前列：", r.Top), named("末位：", r.Bottom))
}

// awardWords name those who have an award.
func awardWords(a *hall.Awarded, n *hall.Names) string {
	var names []string
	for _, id := range a.Persons {
		names = append(names, personAbout(string(id), n))
	}
	return said(cmp.Or(windowsAbout(a.Windows, n)+strings.Join(names, "、"), "空缺"), string(a.By))
}

// appealWords say until when a violation may be appealed, and the last step.
func appealWords(a *hall.Appeal, _ *hall.Names) string {
	until := "期限未知"
	if a.Until != nil {
		until = "可申诉至" + dayTitle(*a.Until)
	}
	if len(a.Steps) == 0 {
		return until
	}
	last := &a.Steps[len(a.Steps)-1]
	return said(until, stateText(last.State), last.By, last.Reason)
}

// accountWords say what a violation rests on.
func accountWords(a *hall.Account, _ *hall.Names) string {
	due := ""
	if a.Due != "" {
		due = "应打卡" + string(a.Due) + " 实打卡" + cmp.Or(string(a.At), "-")
	}
	return said(string(a.Clause), due, strings.Join(a.Notes, "；"))
}

// UnresolvedText says why an event is unresolved.
func UnresolvedText(reason string) string {
	switch reason {
	case hall.UnresolvedPerson:
		return "人员不在册"
	case hall.UnresolvedWindow:
		return "办法中无此窗口"
	case hall.UnresolvedKind:
		return "办法中无此类型"
	case hall.UnresolvedEvent:
		return "无此事件"
	}
	return reason
}

// plain writes a JSON value for readers: a text without quotes, null as nothing.
func plain(value json.RawMessage) hall.Name {
	switch {
	case isNull(value):
		return ""
	case string(value) == "true":
		return "是"
	case string(value) == "false":
		return "否"
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return hall.Name(text)
	}
	return hall.Name(value)
}

// short bounds what is told of a line.
func short(text string) string {
	const most = 160
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

func violationID(v *hall.Violation) string { return v.ID }

// violationWords say of a violation what a reader of the issue would see.
func violationWords(v *hall.Violation, n *hall.Names) string {
	kind := cmp.Or(n.Kinds[v.Kind], v.Kind)
	if v.Minutes != nil {
		kind += strconv.Itoa(*v.Minutes) + "分钟"
	}
	unnamed := ""
	if v.Unnamed > 0 {
		unnamed = "未具名" + strconv.Itoa(v.Unnamed) + "人"
	}
	return said(append([]string{windowAbout(string(v.Window), n), unnamed, kind, "扣" + v.Points.String() + "分", stateText(v.State)}, markTexts(v.Marks)...)...)
}

func markTexts(marks []string) []string {
	texts := make([]string, len(marks))
	for i, m := range marks {
		switch m {
		case hall.MarkContradicted:
			texts[i] = "有相反记录"
		case hall.MarkRepeated:
			texts[i] = "重犯加重"
		case hall.MarkTolerated:
			texts[i] = "容错"
		}
	}
	return texts
}

func windowWords(w *hall.WindowScore, _ *hall.Names) string {
	award := ""
	if w.Award {
		award = "评先"
	}
	return said(w.Name, "得分"+w.Score.String(), "名次"+strconv.Itoa(w.Rank), award)
}

func bonusID(b *hall.BonusLine) string {
	names := make([]string, len(b.Windows))
	for i, w := range b.Windows {
		names[i] = "@" + string(w)
	}
	who := strings.Join(names, ",")
	if b.Person != nil {
		who = string(*b.Person)
	}
	return who + "/" + b.Kind
}

func deadID(d *hall.DeadLetter) string {
	switch {
	case d.Sequence != nil:
		return strconv.FormatUint(*d.Sequence, 10)
	case d.Line != nil:
		return strconv.Itoa(*d.Line)
	}
	return d.Subject
}

func dayID(d *hall.PersonDay) string { return d.Date.String() + " " + string(d.Person) }

// dayWords say what became of each planned punch of a day.
func dayWords(d *hall.PersonDay, n *hall.Names) string {
	texts := make([]string, len(d.Punches))
	for i := range d.Punches {
		p := &d.Punches[i]
		texts[i] = cmp.Or(n.Sessions[p.Session], p.Session) + edgeText(p.Edge) + cmp.Or(string(p.At), "-") + verdictText(p.Verdict, n)
	}
	return strings.Join(texts, "，")
}

func edgeText(edge string) string {
	if edge == hall.EdgeOut {
		return "下班"
	}
	return "上班"
}

func verdictText(verdict string, n *hall.Names) string {
	switch verdict {
	case hall.OK:
		return "正常"
	case hall.Excused:
		return "免打卡"
	case hall.Pending:
		return "待定"
	}
	return cmp.Or(n.Kinds[verdict], verdict)
}

func punchWords(p *hall.PunchRecord, _ *hall.Names) string {
	counts := "不计入"
	if p.Counts {
		counts = "计入"
	}
	return said(p.Time, p.Terminal, counts)
}

func said(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

func number(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}
