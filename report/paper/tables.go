package paper

// The lists as rows and columns.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
	"rollcall/report"
)

func fullAttendanceTable(p *page) Table {
	t := Table{Columns: slices.Concat(numbers("序号"), words("窗口", "姓名"), references("编号"))}
	for i, f := range p.FullAttendance {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), p.window(f.Window), f.Name, string(f.Person)})
	}
	return t
}

func pendingTable(p *page) Table { return p.pendingRows(p.Pending) }

// duePending leaves out the days that have not come: early in a month they are
// nearly all of it.
func duePending(p *page) Table {
	return p.pendingRows(slices.DeleteFunc(slices.Clone(p.Pending), p.ahead))
}

func (p *page) pendingRows(list []hall.PendingPunch) Table {
	t := Table{Columns: slices.Concat(words("窗口", "姓名"), references("编号"), dates("日期"), words("时段", "打卡"), clocks("应打卡"))}
	for _, e := range list {
		t.Rows = append(t.Rows, []string{p.window(p.place[e.Person]), p.person(e.Person), string(e.Person), e.Date.String(),
			p.session(e.Session), word(e.Edge), e.Due})
	}
	return t
}

// ahead reports whether a planned punch is of a day that has not come.
func (p *page) ahead(e hall.PendingPunch) bool {
	return len(p.AsOf) >= 10 && e.Date.String() > p.AsOf[:10]
}

func sayPending(p *page) []string {
	n := 0
	for _, e := range p.Pending {
		if p.ahead(e) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("另有%d次打卡的日期未到，此处不列。", n)}
}

func staffTable(p *page) Table {
	t := Table{Columns: slices.Concat(words("名次", "姓名", "窗口", "类别"), numbers("得分", "扣分", "加分"), words("备注"), references("编号"))}
	for _, s := range p.Staff {
		t.Rows = append(t.Rows, []string{place(s.Rank, s.Tied), s.Name, p.window(s.Window), p.class(s.Class),
			s.Score.Fixed(1), s.Deductions.String(), s.Bonus.String(), leftOut(s.LeftOut), string(s.Person)})
	}
	return t
}

func windowsTable(p *page) Table {
	figures := p.windowFigures()
	t := Table{Columns: slices.Concat(words("名次", "窗口"), numbers("得分", "人均得分", "窗口扣分", "加分", "办件量"), numbers(figures...), words("评定"), references("编号"))}
	for _, w := range p.Windows {
		got := ""
		if w.Award {
			got = p.awardTitle()
		}
		row := []string{place(&w.Rank, &w.Tied), p.window(w.Window), w.Score.Fixed(2), w.StaffMean.Fixed(2),
			w.Deductions.String(), w.Bonus.String(), p.accepted(w.Window)}
		for _, name := range figures {
			row = append(row, p.windowFigure(name, w.Window))
		}
		t.Rows = append(t.Rows, append(row, got, string(w.Window)))
	}
	return t
}

func bonusTable(p *page) Table {
	t := Table{Columns: slices.Concat(words("窗口", "姓名", "类型"), numbers("次数"))}
	for _, b := range p.Bonus {
		where, who := p.windowNames(b.Windows), ""
		if b.Person != nil {
			where, who = p.window(p.place[*b.Person]), p.person(*b.Person)
		}
		t.Rows = append(t.Rows, []string{where, who, p.kind(b.Kind), strconv.FormatInt(b.Count, 10)})
	}
	return t
}

func (p *page) windowNames(ids []hall.WindowID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = p.window(id)
	}
	return strings.Join(names, "、")
}

// sayBonus writes a line for each window, joint windows or person, in the order
// of the list.
func sayBonus(p *page) []string {
	var lines, parts []string
	last := ""
	flush := func() {
		if len(parts) > 0 {
			lines = append(lines, last+"："+strings.Join(parts, "、")+"。")
			parts = nil
		}
	}
	for _, b := range p.Bonus {
		who := p.windowNames(b.Windows)
		if len(b.Windows) > 1 {
			who += "（联合）"
		}
		if b.Person != nil {
			who = p.seated(*b.Person)
		}
		if who != last {
			flush()
			last = who
		}
		parts = append(parts, p.kind(b.Kind)+strconv.FormatInt(b.Count, 10)+"次")
	}
	flush()
	return lines
}

func unresolvedTable(p *page) Table {
	t := Table{Columns: words("事件", "原因", "所指")}
	for _, u := range p.Unresolved {
		t.Rows = append(t.Rows, []string{string(u.UID), report.UnresolvedText(u.Reason), string(u.Value)})
	}
	return t
}

func conflictsTable(p *page) Table {
	t := Table{Columns: words("事件", "计入的内容", "其他内容")}
	for _, c := range p.Conflicts {
		t.Rows = append(t.Rows, []string{string(c.UID), c.Counts, strings.Join(c.Others, " ")})
	}
	return t
}

func deadTable(p *page) Table {
	t := Table{Columns: slices.Concat(numbers("行", "序号"), words("主题", "字段", "原因"))}
	for _, d := range p.Dead {
		sequence := ""
		if d.Sequence != nil {
			sequence = strconv.FormatUint(*d.Sequence, 10)
		}
		t.Rows = append(t.Rows, []string{count(d.Line), sequence, d.Subject, string(d.Field), hall.ReasonZh(d.Reason)})
	}
	return t
}

func rejectedTable(p *page) Table {
	t := Table{Columns: words("事项", "内容", "裁定", "裁定人", "时间", "理由", "裁定编号")}
	for _, s := range p.Rejected {
		what := ""
		if s.Line != nil {
			what = p.subject(s.Line) + dayTitle(s.Line.Date) + p.kind(s.Line.Kind)
		}
		t.Rows = append(t.Rows, []string{s.On, what, word(string(s.State)), s.By, moment(s.At), s.Reason, string(s.Ruling)})
	}
	return t
}

func warningsTable(p *page) Table {
	t := Table{Columns: words("代码", "内容", "事件")}
	for _, w := range p.Warnings {
		t.Rows = append(t.Rows, []string{w.Code, w.Text, string(w.UID)})
	}
	return t
}
