package paper

// The lists with all the columns that an office keeps on paper: circular,
// ranking, assessment of windows, case volume, days.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

// violationsTable is the circular (违规通报表).
func violationsTable(p *page) Table {
	accounts := map[string]*hall.Account{}
	for i := range p.Accounts {
		accounts[p.Accounts[i].Violation] = &p.Accounts[i]
	}
	return p.circular(p.Violations, accounts)
}

func contestedTable(p *page) Table { return p.circular(p.Contested, nil) }

func (p *page) circular(violations []hall.Violation, accounts map[string]*hall.Account) Table {
	t := Table{Columns: slices.Concat(numbers("序号"), dates("日期"), words("时间", "时段", "窗口", "姓名", "违规类型"), numbers("分钟"), words("情形描述", "来源"),
		inner(words("巡查人", "证据")), words("依据条款"), summed(numbers("个人扣分", "窗口扣分", "首席代表扣分")), words("状态", "标记", "整改情况", "申诉结果"),
		references("凭证", "编号"))}
	appeals := map[string]*hall.Appeal{}
	for i := range p.Appeals {
		appeals[p.Appeals[i].Violation] = &p.Appeals[i]
	}
	for i, v := range p.sorted(violations) {
		a := accounts[v.ID]
		if a == nil {
			a = &hall.Account{}
		}
		person, window := paidBy(v)
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), v.Date.String(), seenAt(a), p.session(string(v.Session)), p.window(v.Window), p.who(v),
			p.kind(v.Kind), count(v.Minutes), situation(a), sources(v, a), p.inspectors(a), strings.Join(a.Evidence, " "), string(a.Clause),
			person, window, shared(a), word(string(v.State)), translated(v.Marks), rectification(a.RectifyBy, a.Rectified), appealed(appeals[v.ID]),
			uids(v.Proofs), v.ID})
	}
	if len(t.Rows) > 0 {
		t.sum("合计")
	}
	return t
}

// paidBy returns the points of a violation in the column of whoever pays them.
func paidBy(v *hall.Violation) (person, window string) {
	if v.Person != nil {
		return v.Points.String(), ""
	}
	return "", v.Points.String()
}

// seenAt is when it was seen: the punch that counts, else the minutes of the
// notes.
func seenAt(a *hall.Account) string {
	if a.At != "" {
		return string(a.At)
	}
	var times []string
	for _, noted := range a.Noted {
		if _, at := dateAndClock(noted); at != "" && !slices.Contains(times, at) {
			times = append(times, at)
		}
	}
	return strings.Join(times, "、")
}

// situation says what was due and what came, and what inspectors wrote.
func situation(a *hall.Account) string {
	parts := slices.Clone(a.Notes)
	switch {
	case a.Due != "" && a.At != "":
		parts = append([]string{"应" + string(a.Due) + "打卡，实" + string(a.At)}, parts...)
	case a.Due != "":
		parts = append([]string{"应" + string(a.Due) + "打卡，无打卡"}, parts...)
	}
	return strings.Join(parts, "；")
}

// sources says where a violation comes from: terminal, patrol or another
// channel, by its account or else by the kinds of its proofs.
func sources(v *hall.Violation, a *hall.Account) string {
	var list []string
	for _, s := range a.Sources {
		list = append(list, word(s))
	}
	if len(a.Sources) == 0 {
		for _, uid := range v.Proofs {
			list = append(list, word(string(uid.Kind())))
		}
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), "、")
}

func (p *page) inspectors(a *hall.Account) string {
	names := make([]string, len(a.Inspectors))
	for i, id := range a.Inspectors {
		names[i] = p.inspector(id)
	}
	return strings.Join(names, "、")
}

// shared sums what chief representatives pay.
func shared(a *hall.Account) string {
	if len(a.Shares) == 0 {
		return ""
	}
	var total hall.Points
	for _, s := range a.Shares {
		total += s.Points
	}
	return total.String()
}

// rectification says until when something is to be put right, or that it was.
func rectification(by, done hall.Name) string {
	day := func(text hall.Name) string { date, _ := dateAndClock(string(text)); return date }
	switch {
	case done == "true":
		return "已整改"
	case done == "false":
		return joined("，", "未整改", until(day(by)))
	case done != "":
		return day(done) + "整改"
	}
	return until(day(by))
}

func until(date string) string {
	if date == "" {
		return ""
	}
	return "限" + date + "前整改"
}

// appealed says what came of an appeal, or until when one is possible.
func appealed(a *hall.Appeal) string {
	if a == nil {
		return ""
	}
	result := ""
	for _, s := range a.Steps {
		switch {
		case s.State == hall.Appealed && s.Late:
			result = "逾期申诉"
		case s.State == hall.Appealed:
			result = "申诉中"
		case result != "":
			result = "申诉后" + word(string(s.State))
		}
	}
	if result == "" && a.Open && a.Until != nil {
		return "可申诉至" + a.Until.String()
	}
	return result
}

// staffPaper is the ranking of people (人员排名).
func staffPaper(p *page) Table {
	t := Table{Columns: slices.Concat(numbers("名次", "并列人数"), words("姓名", "窗口", "人员类别"), numbers("总分", "扣分", "加分"), words("备注"), references("编号"))}
	for _, s := range p.Staff {
		t.Rows = append(t.Rows, []string{count(s.Rank), tied(s.Tied), s.Name, p.window(s.Window), p.class(s.Class), s.Score.Fixed(1),
			s.Deductions.String(), s.Bonus.String(), leftOut(s.LeftOut), string(s.Person)})
	}
	t.Notes = sayStaff(p)
	return t
}

// tied writes how many share a rank, nothing where nobody else does.
func tied(n *int) string {
	if n == nil || *n < 2 {
		return ""
	}
	return strconv.Itoa(*n)
}

// windowsPaper is the assessment of windows (量化考评表), with a column for each
// kind of bonus and each figure that windows have.
func windowsPaper(p *page) Table {
	kinds, figures := p.bonusKinds(), p.windowFigures()
	t := Table{Columns: slices.Concat(numbers("序号"), words("窗口", "单位"), numbers("人均得分", "窗口扣分", "加分"))}
	for _, kind := range kinds {
		t.Columns = append(t.Columns, numbers(p.kind(kind)+"(次)")...)
	}
	t.Columns = append(t.Columns, numbers(slices.Concat([]string{"办件量", "占比%", "按时办结率%"}, figures)...)...)
	t.Columns = append(t.Columns, slices.Concat(numbers("合计", "名次", "并列数"), words("评定"), references("编号"))...)
	for i := range p.Windows {
		t.Rows = append(t.Rows, p.windowRow(i, kinds, figures))
	}
	t.Notes = sayWindows(p)
	return t
}

func (p *page) windowRow(i int, kinds, figures []string) []string {
	w := &p.Windows[i]
	row := []string{strconv.Itoa(i + 1), p.window(w.Window), string(p.windows[w.Window].Unit), w.StaffMean.Fixed(2), w.Deductions.String(), w.Bonus.String()}
	for _, kind := range kinds {
		row = append(row, p.bonusCount(w.Window, kind))
	}
	row = append(row, p.volume(w.Window)...)
	for _, name := range figures {
		row = append(row, p.windowFigure(name, w.Window))
	}
	got := ""
	if w.Award {
		got = p.awardTitle()
	}
	return append(row, w.Score.Fixed(2), strconv.Itoa(w.Rank), tied(&w.Tied), got, string(w.Window))
}

// bonusKinds are the kinds for which windows have bonus, in the order of the
// list.
func (p *page) bonusKinds() []string {
	var kinds []string
	for i := range p.Bonus {
		if b := &p.Bonus[i]; b.Person == nil && !slices.Contains(kinds, b.Kind) {
			kinds = append(kinds, b.Kind)
		}
	}
	return kinds
}

// bonusCount counts a window's bonus of a kind; of joint ones each has the full
// count.
func (p *page) bonusCount(id hall.WindowID, kind string) string {
	var n int64
	for i := range p.Bonus {
		if b := &p.Bonus[i]; b.Person == nil && b.Kind == kind && slices.Contains(b.Windows, id) {
			n += b.Count
		}
	}
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// volume is a window's case volume, its share of the hall's and how much of it
// was done on time.
func (p *page) volume(id hall.WindowID) []string {
	cells := []string{p.accepted(id), "", ""}
	for i := range p.Cases.Windows {
		if c := &p.Cases.Windows[i]; c.Window == id {
			cells[1], cells[2] = percent(c.SharePercent), percent(c.OnTimePercent)
		}
	}
	return cells
}

// daysPaper has a line for a person's day (每日统计): of each session the punches
// and what became of them.
func daysPaper(p *page) Table {
	sessions := 0
	for i := range p.Days {
		sessions = max(sessions, len(sessionsOf(&p.Days[i])))
	}
	t := Table{Columns: slices.Concat(dates("日期"), words("星期", "窗口", "姓名", "班次"))}
	for n := range sessions {
		for _, edge := range []string{"上班", "下班"} {
			t.Columns = append(t.Columns, clocks(fmt.Sprintf("%s%d", edge, n+1))...)
			t.Columns = append(t.Columns, words(fmt.Sprintf("%s%d结果", edge, n+1))...)
		}
	}
	t.Columns = append(t.Columns, slices.Concat(words("结果"), inner(words("关联审批单")), references("凭证", "编号"))...)
	for i := range p.Days {
		t.Rows = append(t.Rows, p.dayRow(&p.Days[i], sessions))
	}
	return t
}

func sessionsOf(d *hall.PersonDay) []string {
	var list []string
	for i := range d.Punches {
		if s := d.Punches[i].Session; !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func (p *page) dayRow(d *hall.PersonDay, sessions int) []string {
	row := []string{d.Date.String(), weekday(d.Date), p.window(cmp.Or(d.Window, p.place[d.Person])), p.person(d.Person), d.Timetable}
	cells := make([]string, 4*sessions)
	of := sessionsOf(d)
	var results, covers []string
	var proofs []hall.UID
	for i := range d.Punches {
		e := &d.Punches[i]
		at := 4 * slices.Index(of, e.Session)
		if e.Edge == hall.EdgeOut {
			at += 2
		}
		cells[at], cells[at+1] = string(e.At), p.outcome(e)
		if e.Verdict != hall.OK && !slices.Contains(results, p.verdict(e.Verdict)) {
			results = append(results, p.verdict(e.Verdict))
		}
		if c := string(e.CoveredBy); c != "" && !slices.Contains(covers, c) {
			covers = append(covers, c)
		}
		proofs = append(proofs, e.Proofs...)
	}
	row = append(row, cells...)
	return append(row, cmp.Or(strings.Join(results, "、"), word(hall.OK)), strings.Join(covers, " "), uids(proofs), string(d.Person))
}

// outcome writes what became of a planned punch: `迟到6分钟`, `正常（补卡）`.
func (p *page) outcome(e *hall.PlannedPunch) string {
	text := p.verdict(e.Verdict)
	if e.Minutes != nil && *e.Minutes > 0 {
		text += strconv.Itoa(*e.Minutes) + "分钟"
	}
	if e.Corrected {
		text += "（补卡）"
	}
	return text
}

// dateAndClock parts an RFC 3339 time into date and minute; a date alone has no
// minute, and any other text is nothing.
func dateAndClock(text string) (date, at string) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.Format(time.DateOnly), t.Format("15:04")
	}
	if _, err := hall.ParseDate(text); err == nil {
		return text, ""
	}
	return "", ""
}
