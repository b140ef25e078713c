package paper

// The long lists: the monthly sheet, the days, the raw punches, the patrol log.

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// sheetTable has a column for each kind of leave that occurs and one for each
// day of the month.
func sheetTable(p *page) Table {
	leaves := p.leaveKinds()
	t := Table{Columns: slices.Concat(numbers("序号"), words("窗口", "姓名", "类别"),
		numbers("应出勤", "实出勤", "迟到", "迟到分钟", "早退", "早退分钟", "上班缺卡", "下班缺卡", "补卡", "半天旷工", "旷工"))}
	for _, kind := range leaves {
		t.Columns = append(t.Columns, Column{Title: p.kind(kind), Number: true})
	}
	t.Columns = append(t.Columns, slices.Concat(words("满勤"), numbers("违规", "扣分", "加分", "得分", "名次"))...)
	for d := p.Month.First(); d <= p.Month.Last(); d++ {
		t.Columns = append(t.Columns, Column{Title: strconv.Itoa(int(d-p.Month.First())+1) + weekday(d)})
	}
	t.Columns = append(t.Columns, words("编号")...)
	for i := range p.Sheet {
		t.Rows = append(t.Rows, p.sheetRow(i, leaves))
	}
	return t
}

func (p *page) sheetRow(i int, leaves []string) []string {
	s := &p.Sheet[i]
	row := []string{strconv.Itoa(i + 1), p.window(s.Window), s.Name, p.class(s.Class)}
	for _, n := range []int{s.DueDays, s.AttendedDays, s.Late, s.LateMinutes, s.EarlyLeave, s.EarlyMinutes, s.MissingIn, s.MissingOut,
		s.Corrected, s.HalfDayAbsence, s.Absence} {
		row = append(row, strconv.Itoa(n))
	}
	for _, kind := range leaves {
		row = append(row, strconv.Itoa(s.Leave[kind]))
	}
	row = append(row, yes(s.FullAttendance), strconv.Itoa(s.Violations), s.Deductions.String(), s.Bonus.String(), s.Score.Fixed(1), count(s.Rank))
	for d := range int(p.Month.Last()-p.Month.First()) + 1 {
		sign := ""
		if d < len(s.Signs) {
			sign = s.Signs[d]
		}
		row = append(row, sign)
	}
	return append(row, string(s.Person))
}

func (p *page) leaveKinds() []string {
	kinds := map[string]bool{}
	for _, s := range p.Sheet {
		for kind := range s.Leave {
			kinds[kind] = true
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

func daysTable(p *page) Table {
	t := Table{Columns: slices.Concat(words("日期", "窗口", "姓名", "时段", "打卡", "应打卡", "实打卡", "结果"), numbers("分钟"),
		words("补卡", "关联单据", "凭证", "编号"))}
	for _, d := range p.Days {
		for _, e := range d.Punches {
			t.Rows = append(t.Rows, []string{d.Date.String(), p.window(p.place[d.Person]), p.person(d.Person), p.session(e.Session), word(e.Edge),
				e.Due, string(e.At), p.verdict(e.Verdict), count(e.Minutes), yes(e.Corrected), string(e.CoveredBy), uids(e.Proofs), string(d.Person)})
		}
	}
	return t
}

func punchesTable(p *page) Table {
	t := Table{Columns: words("时间", "窗口", "姓名", "人员", "终端编号", "终端", "方式", "计入", "事件")}
	for _, r := range p.Punches {
		where, who := "", ""
		if r.Person != "" {
			id := hall.PersonID(r.Person)
			where, who = p.window(p.place[id]), p.person(id)
		}
		t.Rows = append(t.Rows, []string{clock(r.Time), where, who, string(r.Person), string(r.Raw), r.Terminal, word(string(r.Method)),
			yes(r.Counts), string(r.UID)})
	}
	return t
}

// clock writes an RFC 3339 time with its seconds: `2020-11-30 08:21:07`.
func clock(rfc3339 string) string {
	date, rest, _ := strings.Cut(rfc3339, "T")
	if len(rest) < len("08:21:07") {
		return rfc3339
	}
	return date + " " + rest[:len("08:21:07")]
}

func patrolTable(p *page) Table {
	t := Table{Columns: slices.Concat(words("时间", "巡查人", "窗口", "对象", "发现"),
		words("来源", "情形", "状态", "违规编号", "证据", "事件"))}
	for i := range p.Patrol {
		e := &p.Patrol[i]
		finding := p.kind(e.Kind)
		if e.Kind == hall.PatrolClear || e.Kind == hall.PatrolPraise {
			finding = word(e.Kind)
		}
		channel := "巡查"
		if e.Channel != "" {
			channel = word(string(e.Channel))
		}
		t.Rows = append(t.Rows, []string{moment(e.Time), e.Inspector, p.window(hall.WindowID(e.Window)), p.noted(e), finding,
			channel, string(e.Note), word(string(e.State)), string(e.Violation), strings.Join(e.Evidence, " "), string(e.UID)})
	}
	return t
}

// noted says whom a note speaks of.
func (p *page) noted(e *hall.PatrolEntry) string {
	var parts []string
	if e.Person != "" {
		parts = append(parts, p.person(hall.PersonID(e.Person)))
	}
	if e.StandIn {
		parts = append(parts, "替岗人员")
	}
	if e.Unnamed > 0 {
		parts = append(parts, "未具名"+strconv.Itoa(e.Unnamed)+"人")
	}
	if e.StandIn && e.Person != "" {
		return "替岗人员（顶替" + parts[0] + "）"
	}
	return strings.Join(parts, "、")
}
