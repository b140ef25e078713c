package paper

// The lists of a quarter or a year as rows and columns.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

func monthsTable(p *periodPage) Table {
	t := Table{Columns: slices.Concat(words("月份", "状态"), numbers("封账号"), moments("封账时间"), numbers("工作日", "未了事项"))}
	for i := range p.period.Months {
		m := &p.period.Months[i]
		issue, at, workdays, left := "", "", "", ""
		if m.Sealed != nil {
			issue, at = strconv.Itoa(m.Sealed.Number), moment(m.Sealed.At)
		}
		if m.Counts() {
			workdays = strconv.Itoa(m.Workdays)
		}
		if m.State == hall.MonthDraft {
			left = strconv.Itoa(m.Open)
		}
		t.Rows = append(t.Rows, []string{m.Month.String(), monthState(m.State), issue, at, workdays, left})
	}
	return t
}

// counted are the months whose scores are in the means.
func (p *periodPage) counted() []hall.Month {
	var list []hall.Month
	for i := range p.period.Months {
		if m := &p.period.Months[i]; m.Counts() {
			list = append(list, m.Month)
		}
	}
	return list
}

// monthColumns are a column a month; those of more than a quarter are too wide
// for a terminal.
func (p *periodPage) monthColumns() []Column {
	var titles []string
	for _, m := range p.counted() {
		titles = append(titles, shortMonth(m))
	}
	if list := numbers(titles...); len(list) > 3 {
		return wide(list)
	}
	return numbers(titles...)
}

// monthCells are the scores of the months; one that does not count is in brackets.
func (p *periodPage) monthCells(scores []hall.MonthScore, decimals int) []string {
	var cells []string
	for _, m := range p.counted() {
		cell := ""
		if i := slices.IndexFunc(scores, func(s hall.MonthScore) bool { return s.Month == m }); i >= 0 {
			if cell = scores[i].Score.Fixed(decimals); scores[i].LeftOut != "" {
				cell = "（" + cell + "）"
			}
		}
		cells = append(cells, cell)
	}
	return cells
}

func periodStaffTable(p *periodPage) Table {
	t := Table{Columns: slices.Concat(words("名次", "姓名", "窗口", "类别"), numbers("平均分", "计分月数"), p.monthColumns(),
		numbers("满勤月数", "违规", "扣分", "加分"), words("备注"), references("编号"))}
	for i := range p.period.Staff {
		s := &p.period.Staff[i]
		mean := ""
		if s.Score != nil {
			mean = s.Score.Fixed(2)
		}
		row := []string{place(s.Rank, s.Tied), s.Name, p.window(s.Window), p.class(s.Class), mean, strconv.Itoa(s.Ranked)}
		row = append(row, p.monthCells(s.Scores, 1)...)
		t.Rows = append(t.Rows, append(row, strconv.Itoa(len(s.FullMonths)), strconv.Itoa(s.Violations), s.Deductions.String(), s.Bonus.String(),
			leftOut(s.LeftOut), string(s.Person)))
	}
	return t
}

func periodWindowsTable(p *periodPage) Table {
	t := Table{Columns: slices.Concat(words("名次", "窗口"), numbers("平均分", "计分月数"), p.monthColumns(),
		numbers("满勤人次", "违规", "扣分", "加分", "办件量"), words("评先月份"), references("编号"))}
	for i := range p.period.Windows {
		w := &p.period.Windows[i]
		row := append([]string{place(&w.Rank, &w.Tied), p.window(w.Window), w.Score.Fixed(2), strconv.Itoa(w.Ranked)}, p.monthCells(w.Scores, 2)...)
		t.Rows = append(t.Rows, append(row, strconv.Itoa(w.Full), strconv.Itoa(w.Violations), w.Deductions.String(), w.Bonus.String(),
			number(w.Cases), shortMonths(w.Awards), string(w.Window)))
	}
	return t
}

func periodAwardsTable(p *periodPage) Table {
	t := Table{Columns: words("月份", "称号", "窗口", "人员", "评定", "理由")}
	for i := range p.period.Awards {
		a := &p.period.Awards[i]
		var people []string
		for _, id := range a.Persons {
			people = append(people, p.seated(id))
		}
		by := string(a.By)
		if by == "" {
			by = "按得分"
		}
		t.Rows = append(t.Rows, []string{a.Month.String(), a.Title, p.windowNames(a.Windows), strings.Join(people, "、"), by, string(a.Reason)})
	}
	return t
}

func sayPeriodAwards(p *periodPage) []string {
	var lines []string
	for i := range p.period.Awards {
		a := &p.period.Awards[i]
		lines = append(lines, strings.Replace(p.sayAward(&hall.Awarded{Title: a.Title, Windows: a.Windows, Persons: a.Persons, By: a.By, Reason: a.Reason}), "本月", shortMonth(a.Month), 1))
	}
	return lines
}

func vetoesTable(p *periodPage) Table {
	t := Table{Columns: slices.Concat(words("窗口"), dates("日期"), words("事由"), dates("至"), references("违规编号"))}
	for _, v := range p.period.Vetoes {
		t.Rows = append(t.Rows, []string{p.window(v.Window), v.Date.String(), p.kind(v.Kind), v.Until.String(), v.Violation})
	}
	return t
}

func periodCasesTable(p *periodPage) Table {
	t := Table{Columns: slices.Concat(words("窗口"), numbers("受理", "占比%", "办结", "按时办结", "按时办结率%", "有数据的月数"))}
	for _, c := range p.period.Cases.Windows {
		t.Rows = append(t.Rows, []string{p.window(c.Window), number(&c.Accepted), percent(c.SharePercent), number(&c.Completed), number(&c.OnTime), percent(c.OnTimePercent),
			strconv.Itoa(len(c.Reported))})
	}
	return t
}

func sayPeriodCases(p *periodPage) []string {
	c := &p.period.Cases
	if c.Total == nil {
		return nil
	}
	text := fmt.Sprintf("共受理各类业务%d件", *c.Total)
	if n := len(p.period.Months); len(c.Reported) < n {
		text += fmt.Sprintf("（%d个月中%s有数据）", n, shortMonths(c.Reported))
	}
	text += "，" + p.growthText("上期", &c.Previous)
	if c.LastYear.Period != c.Previous.Period {
		text += "，" + p.growthText("上年同期", &c.LastYear)
	}
	if c.OnTimePercent != nil {
		text += "；按时办结率" + c.OnTimePercent.String() + "%"
	}
	return []string{text + "。"}
}

// growthText compares with another period, if that can be done.
func (p *periodPage) growthText(what string, g *hall.PeriodGrowth) string {
	switch growth := g.GrowthPercent; {
	case g.Total == nil:
		return what + "数据未报送"
	case growth == nil:
		return fmt.Sprintf("%s%d件（%d个月的数据，无法比较）", what, *g.Total, g.Reported)
	case *growth > 0:
		return fmt.Sprintf("比%s（%d件）增长%s%%", what, *g.Total, growth.Fixed(2))
	case *growth < 0:
		return fmt.Sprintf("比%s（%d件）下降%s%%", what, *g.Total, (-*growth).Fixed(2))
	}
	return "与" + what + "持平"
}
