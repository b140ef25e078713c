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
	lineOf("dead", deadID, func(d *hall.DeadLetter, _ *hall.Names) string { return said(d.Subject, string(d.Field), d.Reason) }),
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
		x, y := fieldsApart(was, is, d.names)
		a, b = said(a, x), said(b, y)
	}
	if was != nil && a == "" {
		a = short(string(plain(was)))
	}
	if is != nil && b == "" {
		b = short(string(plain(is)))
	}
	return hall.Name(a), hall.Name(b)
}

// fieldsApart writes the fields in which two objects differ.
func fieldsApart(was, is json.RawMessage, n *hall.Names) (before, now string) {
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
		title := cmp.Or(fieldTitles[key], key) + " "
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
// are, and an object of kinds with what is said of each.
func enumerated(value json.RawMessage, n *hall.Names) string {
	var fields tree
	if isObject(value) && json.Unmarshal(value, &fields) == nil {
		var texts []string
		for _, key := range slices.Sorted(maps.Keys(fields)) {
			texts = append(texts, cmp.Or(n.Kinds[key], key)+string(plain(fields[key])))
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

// fieldTitles are what readers call the fields that change most.
var fieldTitles = map[string]string{
	"due_days": "应出勤", "attended_days": "实出勤", "late": "迟到", "late_minutes": "迟到分钟", "early_leave": "早退", "early_minutes": "早退分钟",
	"missing_in": "上班缺卡", "missing_out": "下班缺卡", "corrected": "补卡", "half_day_absence": "半天旷工", "absence": "旷工",
	"leave": "请假天数", "leaves": "请假", "full_attendance": "满勤", "violations": "违规", "deductions": "扣分", "bonus": "加分", "score": "得分",
	"rank": "名次", "tied": "并列", "signs": "每日", "state": "状态", "proofs": "凭证", "marks": "标记", "points": "扣分", "minutes": "分钟",
	"staff_mean": "人均得分", "award": "评定", "steps": "经过", "until": "期限", "top": "前列", "bottom": "末位", "at": "实打卡", "due": "应打卡",
	"name": "名称", "window": "窗口", "class": "类别", "ranked": "参加排名", "uid": "事件", "value": "数值", "workdays": "工作日", "total": "受理总数",
	"previous": "上月受理", "growth_percent": "增长%", "on_time_percent": "按时办结率%", "share_percent": "占比%", "accepted": "受理", "completed": "办结",
	"on_time": "按时办结", "reported": "已报送", "missing": "未报送", "categories": "类别", "places": "所在窗口", "left_out": "不参加排名", "absent_days": "旷工天数",
	"stand_ins": "替岗", "person": "人员", "persons": "人员", "session": "时段", "unnamed": "未具名人数", "stand_in": "替岗人员",
	"covered_by": "请假", "verdict": "结果", "terminal": "考勤机", "method": "方式", "raw": "原编号", "inspector": "巡查人", "note": "情形",
	"evidence": "附件", "channel": "来源", "time": "时间", "by": "评定", "reason": "理由", "taken": "获评", "of": "总数", "unit": "单位", "items": "段落",
	"clause": "依据", "sources": "来源", "noted": "巡查时间", "inspectors": "巡查人", "notes": "情形", "shares": "连带扣分", "rectify_by": "整改期限", "rectified": "整改",
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
	for _, id := range a.Windows {
		names = append(names, windowAbout(string(id), n))
	}
	for _, id := range a.Persons {
		names = append(names, personAbout(string(id), n))
	}
	return said(cmp.Or(strings.Join(names, "、"), "空缺"), string(a.By))
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
	if isNull(value) {
		return ""
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
