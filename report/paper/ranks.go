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

// ranking is a list of people who are ranked together.
type ranking struct {
	class  string // of those ranked apart, "" = the hall's
	people []hall.StaffScore
}

// rankings parts the ranked people into the hall's list and those of the classes
// that are ranked apart.
func (p *page) rankings() []ranking {
	lists := []ranking{{}}
	for _, class := range p.Names.Apart {
		lists = append(lists, ranking{class: class})
	}
	for _, s := range p.Staff {
		if s.Rank == nil {
			continue
		}
		at := 1 + slices.Index(p.Names.Apart, s.Class) // the hall's list where it is not apart
		lists[at].people = append(lists[at].people, s)
	}
	return slices.DeleteFunc(lists, func(r ranking) bool { return len(r.people) == 0 })
}

func sayStaff(p *page) []string {
	var lines []string
	for _, r := range p.rankings() {
		who := "窗口人员"
		if r.class != "" {
			who = p.class(r.class) + "人员"
		}
		top := min(p.Names.Top, len(r.people))
		if top > 0 {
			lines = append(lines, fmt.Sprintf("%s考核排名前%s位：%s。", who, chinese(top), p.ranked(r.people[:top], r.people)))
		}
		if n := min(p.Names.Bottom, len(r.people)-top); n > 0 {
			lines = append(lines, fmt.Sprintf("%s考核排名末%s位：%s。", who, chinese(n), p.ranked(r.people[len(r.people)-n:], r.people)))
		}
	}
	return lines
}

// ranked names people and, where a tie reaches beyond them, how many are tied.
func (p *page) ranked(some, all []hall.StaffScore) string {
	names := make([]string, len(some))
	var ties []string
	for i, s := range some {
		names[i] = p.desk(s.Window) + s.Name
		named := tiedWith(s, some)
		if tied := tiedWith(s, all); tied > 1 && (i == 0 || *some[i-1].Rank != *s.Rank) {
			note := fmt.Sprintf("第%d名%d人并列", *s.Rank, tied)
			if tied > named {
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

func tiedWith(s hall.StaffScore, list []hall.StaffScore) int {
	n := 0
	for _, o := range list {
		if *o.Rank == *s.Rank {
			n++
		}
	}
	return n
}

func sayWindows(p *page) []string {
	title := p.awardTitle()
	var winners []string
	var last *hall.WindowScore
	for i := range p.Windows {
		if w := &p.Windows[i]; w.Award {
			winners = append(winners, p.window(w.Window))
			last = w
		}
	}
	if last == nil {
		return []string{"本月未评出" + title + "。"}
	}
	text := fmt.Sprintf("本月评出%s%d个：%s", title, len(winners), strings.Join(winners, "、"))
	chosen := 0
	for i := range p.Windows {
		if p.Windows[i].Rank == last.Rank && p.Windows[i].Award {
			chosen++
		}
	}
	if last.Tied > chosen {
		text += fmt.Sprintf("（第%d名%d个并列，取其中%d个）", last.Rank, last.Tied, chosen)
	}
	return []string{text + "。"}
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

// chinese writes a small number as the seed of a bulletin does.
func chinese(n int) string {
	if n < 1 || n > 10 {
		return strconv.Itoa(n)
	}
	return string([]rune("一二三四五六七八九十")[n-1])
}

func leftOut(reason hall.Name) string {
	switch reason {
	case hall.LeftOutClass:
		return "该类人员不参加排名"
	case hall.LeftOutNotDue:
		return "本月无应出勤日"
	case hall.LeftOutMinDays:
		return "出勤天数不足"
	}
	return string(reason)
}
