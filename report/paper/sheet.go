package paper

// The monthly sheet (月度汇总): people by days.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// leaveColumn counts the leave of the kinds with a sign.
type leaveColumn struct{ sign, title string }

// leaveColumns are the columns of leave; 外 has two of its own. A posting does not
// tell the kinds apart.
func (p *page) leaveColumns() []leaveColumn {
	if p.opts.Posting {
		return []leaveColumn{{hall.SignLeave, "请假(天)"}, {hall.SignDuty, "公差外出(天)"}}
	}
	return []leaveColumn{{hall.SignAnnual, "公休(天)"}, {hall.SignPersonal, "事假(天)"}, {hall.SignSick, "病假(天)"}, {hall.SignLeave, "其他假(天)"},
		{hall.SignDuty, "公差(天)"}}
}

// sheetTable has a column for each day of the month. Those of leave that nobody
// took are left out of text.
func sheetTable(p *page) Table {
	t := Table{Columns: slices.Concat(numbers("序号"), words("窗口", "姓名", "类别"),
		summed(numbers("应出勤", "实出勤")), quiet(summed(numbers("迟到", "迟到分钟", "早退", "早退分钟", "上班缺卡", "下班缺卡", "补卡", "旷工(天)"))))}
	for _, l := range p.leaveColumns() {
		t.Columns = append(t.Columns, quiet(summed(numbers(l.title)))...)
	}
	t.Columns = append(t.Columns, slices.Concat(inner(quiet(summed(numbers("外出(次)", "外出(小时)")))), quiet(summed(numbers("替岗(次)"))), words("满勤"), quiet(summed(numbers("违规", "扣分", "加分"))),
		numbers("得分", "名次"), wide(words("备注")))...)
	for d := p.Month.First(); d <= p.Month.Last(); d++ {
		t.Columns = append(t.Columns, Column{Title: strconv.Itoa(d.Midnight().Day()), Under: weekday(d), Off: slices.Contains(p.OffDays, d)})
	}
	t.Columns = append(t.Columns, references("编号")...)
	for i := range p.Sheet {
		t.Rows = append(t.Rows, p.sheetRow(i))
	}
	if len(t.Rows) > 0 {
		t.sum("合计")
		p.countFull(&t)
	}
	p.hideUnused(&t)
	t.Notes = saySheet(p)
	return t
}

// countFull counts those with full attendance in the line of totals.
func (p *page) countFull(t *Table) {
	n := 0
	for i := range p.Sheet {
		if p.Sheet[i].FullAttendance {
			n++
		}
	}
	t.Totals[slices.IndexFunc(t.Columns, func(c Column) bool { return c.Title == "满勤" })] = fmt.Sprintf("%d人", n)
}

// hideUnused takes the columns of days, times and hours in which nobody has any
// out of text.
func (p *page) hideUnused(t *Table) {
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Type == Number && strings.ContainsRune(c.Title, '(') && (t.Totals == nil || t.Totals[i] == "0") {
			c.Wide = true
		}
	}
}

func (p *page) sheetRow(i int) []string {
	s := &p.Sheet[i]
	row := []string{strconv.Itoa(i + 1), p.window(s.Window), s.Name, p.class(s.Class)}
	for _, n := range []int{s.DueDays, s.AttendedDays, s.Late, s.LateMinutes, s.EarlyLeave, s.EarlyMinutes, s.MissingIn, s.MissingOut, s.Corrected} {
		row = append(row, strconv.Itoa(n))
	}
	row = append(row, s.AbsentDays.String())
	for _, l := range p.leaveColumns() {
		row = append(row, p.leave(s, l.sign).Days.String())
	}
	out := p.leave(s, hall.SignOuting)
	row = append(row, strconv.Itoa(out.Times), hours(out.Minutes), strconv.Itoa(s.StandIns), yes(s.FullAttendance), strconv.Itoa(s.Violations),
		s.Deductions.String(), s.Bonus.String(), s.Score.Fixed(1), count(s.Rank), p.remark(s))
	for d := range int(p.Month.Last()-p.Month.First()) + 1 {
		sign := ""
		if d < len(s.Signs) {
			sign = s.Signs[d]
		}
		row = append(row, sign)
	}
	return append(row, string(s.Person))
}

// leave sums a person's leave of the kinds with a sign.
func (p *page) leave(s *hall.SheetRow, sign string) hall.LeaveTaken {
	var sum hall.LeaveTaken
	for _, l := range s.Leaves {
		if p.Names.OfLeave(l.Kind) == sign {
			sum.Days += l.Days
			sum.Times += l.Times
			sum.Minutes += l.Minutes
		}
	}
	return sum
}

// hours writes minutes as hours with one decimal.
func hours(minutes int) string {
	return (hall.DivHalfUp(int64(minutes)*10, 60) * hall.Point / 10).String()
}

// remark says where somebody was who was not in one window all the month, and
// why somebody is not ranked.
func (p *page) remark(s *hall.SheetRow) string {
	var parts []string
	for _, at := range s.Places {
		parts = append(parts, p.stretch(at))
	}
	if s.LeftOut != "" {
		parts = append(parts, leftOut(s.LeftOut))
	}
	return strings.Join(parts, "；")
}

// stretch writes `1日至14日在税务窗口`.
func (p *page) stretch(at hall.Placed) string {
	day := func(d hall.Date) string { return strconv.Itoa(d.Midnight().Day()) + "日" }
	span := day(at.From) + "至" + day(at.Until)
	switch {
	case at.From == at.Until:
		span = day(at.From)
	case at.Until == p.Month.Last():
		span = day(at.From) + "起"
	}
	return span + "在" + p.window(at.Window)
}
