package paper

// Ranks: who is first and last, with those who are tied.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

func sayStaff(p *page) []string {
	var lines []string
	for i := range p.Ranking {
		r := &p.Ranking[i]
		who := "窗口人员"
		if r.Class != "" {
			who = p.class(string(r.Class)) + "人员"
		}
		if n := len(r.Top); n > 0 {
			lines = append(lines, fmt.Sprintf("%s考核排名前%s位：%s。", who, chinese(n), p.ranked(r.Top)))
		}
		if last := behind(r.Bottom); len(last) > 0 {
			lines = append(lines, fmt.Sprintf("%s考核排名末%s位：%s。", who, chinese(len(last)), p.ranked(last)))
		}
	}
	return lines
}

// behind leaves out who has the first rank: where many are tied for it they fill the
// tail of the list too, and are not last in anybody's eyes.
func behind(bottom []hall.RankedPerson) []hall.RankedPerson {
	return slices.DeleteFunc(slices.Clone(bottom), func(r hall.RankedPerson) bool { return r.Rank == 1 })
}

// ranked names people and, where they are tied, with how many; a tie may reach
// beyond them.
func (p *page) ranked(people []hall.RankedPerson) string {
	names := make([]string, len(people))
	var ties []string
	for i := range people {
		r := &people[i]
		names[i] = p.desk(r.Window) + r.Name
		if r.Tied > 1 && (i == 0 || people[i-1].Rank != r.Rank) {
			note := fmt.Sprintf("第%d名%d人并列", r.Rank, r.Tied)
			if named := countRank(people, r.Rank); named < r.Tied {
				note += "，按窗口号取" + strconv.Itoa(named) + "人"
			}
			ties = append(ties, note)
		}
	}
	text := strings.Join(names, "、")
	if len(ties) > 0 {
		text += "（" + strings.Join(ties, "；") + "）"
	}
	return text
}

func countRank(people []hall.RankedPerson, rank int) int {
	n := 0
	for i := range people {
		if people[i].Rank == rank {
			n++
		}
	}
	return n
}

// sayWindows says what was awarded, by whom where a meeting decided, and what
// kept windows from it.
func sayWindows(p *page) []string {
	var lines []string
	title := p.awardTitle()
	if !slices.ContainsFunc(p.Awards, func(a hall.Awarded) bool { return a.Title == title }) {
		lines = append(lines, "本月未评出"+title+"。")
	}
	for i := range p.Awards {
		lines = append(lines, p.sayAward(&p.Awards[i]))
	}
	if none := p.unmanned(); len(none) > 0 {
		lines = append(lines, "没有参加排名的人员、人均得分按基础分计的窗口："+p.windowNames(none)+"。")
	}
	for _, v := range p.Vetoes {
		proof := ""
		if v.Violation != "" {
			proof = "（" + v.Violation + "）"
		}
		lines = append(lines, fmt.Sprintf("一票否决：%s%s%s，至%s不参加评先%s。", p.window(v.Window), dayTitle(v.Date), p.kind(v.Kind), dayTitle(v.Until), proof))
	}
	return lines
}

// unmanned are the windows without ranked staff where others have some: no score of
// anybody is in their mean.
func (p *page) unmanned() []hall.WindowID {
	manned := map[hall.WindowID]bool{}
	for i := range p.Staff {
		if s := &p.Staff[i]; s.Rank != nil {
			manned[s.Window] = true
		}
	}
	var none []hall.WindowID
	for i := range p.Windows {
		if w := p.Windows[i].Window; !manned[w] {
			none = append(none, w)
		}
	}
	if len(none) == len(p.Windows) {
		return nil
	}
	slices.SortFunc(none, func(a, b hall.WindowID) int { return cmp.Compare(p.number(a), p.number(b)) })
	return none
}

// sayAward names those awarded, and who decided or how a tie was cut.
func (p *page) sayAward(a *hall.Awarded) string {
	var names []string
	count := strconv.Itoa(len(a.Windows)) + "个"
	for _, id := range a.Windows {
		names = append(names, p.window(id))
	}
	for _, id := range a.Persons {
		names = append(names, p.seated(id))
	}
	if len(a.Windows) == 0 {
		count = strconv.Itoa(len(a.Persons)) + "人"
	}
	text := fmt.Sprintf("本月评出%s%s：%s", a.Title, count, strings.Join(names, "、"))
	switch {
	case len(names) == 0:
		text = fmt.Sprintf("本月%s空缺", a.Title)
	case a.Tied > a.Taken:
		rank := p.rankOf(a.Windows[len(a.Windows)-1])
		text += fmt.Sprintf("（第%d名%d个并列，取其中%d个）", rank, a.Tied, a.Taken)
	}
	if a.By != "" {
		text += "（由" + string(a.By) + "评定" + after("：", a.Reason) + "）"
	}
	return text + "。"
}

// after puts a mark before a text that is there.
func after(mark string, text hall.Name) string {
	if text == "" {
		return ""
	}
	return mark + string(text)
}

func (p *page) rankOf(id hall.WindowID) int {
	for i := range p.Windows {
		if p.Windows[i].Window == id {
			return p.Windows[i].Rank
		}
	}
	return 0
}

// awardTitle is what the policy calls the award of windows.
func (p *page) awardTitle() string { return cmp.Or(p.Names.Award, "优秀窗口") }

// place writes a rank: `1`, `1（并列57）`.
func place(rank, tied *int) string {
	if rank == nil {
		return ""
	}
	if tied == nil || *tied < 2 {
		return strconv.Itoa(*rank)
	}
	return fmt.Sprintf("%d（并列%d）", *rank, *tied)
}

// chinese writes a small number as the seed of a bulletin does: 一 to 九十九.
func chinese(n int) string {
	if n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	text := ""
	if n >= 20 {
		text = chinese(n / 10)
	}
	if n >= 10 {
		text += "十"
	}
	if n%10 > 0 {
		text += string([]rune("一二三四五六七八九")[n%10-1])
	}
	return text
}

func leftOut(reason hall.Name) string {
	switch reason {
	case hall.LeftOutClass:
		return "所属类别不参加排名"
	case hall.LeftOutNotDue:
		return "本月无应出勤日"
	case hall.LeftOutMinDays:
		return "出勤天数不足"
	}
	return string(reason)
}
