package paper

// Case volumes: of the month, the windows and the categories.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// notReported stands where a figure is missing; nothing else may.
const notReported = "未报送"

func casesTable(p *page) Table {
	t := Table{Columns: slices.Concat(words("窗口", "类别"), numbers("受理", "占比%", "上月受理", "增长%", "办结", "按时办结", "按时办结率%")), Notes: sayCases(p)}
	add := func(list []hall.WindowCases, category string) {
		for _, c := range list {
			t.Rows = append(t.Rows, []string{p.window(c.Window), category, number(&c.Accepted), percent(c.SharePercent), number(c.Previous),
				percent(c.GrowthPercent), number(&c.Completed), number(&c.OnTime), percent(c.OnTimePercent)})
		}
	}
	add(p.Cases.Windows, "")
	for _, id := range p.Cases.Missing {
		t.Rows = append(t.Rows, []string{p.window(id), "", notReported, "", "", "", notReported, notReported, ""})
	}
	for i := range p.Cases.Categories {
		add(p.Cases.Categories[i].Windows, p.Cases.Categories[i].Category)
	}
	return t
}

// number writes a figure that may be missing.
func number(n *int64) string {
	if n == nil {
		return notReported
	}
	return strconv.FormatInt(*n, 10)
}

// percent writes two decimals, nothing where there is nothing to compare with.
func percent(p *hall.Points) string {
	if p == nil {
		return ""
	}
	return p.Fixed(2)
}

// accepted is the case volume of a window.
func (p *page) accepted(id hall.WindowID) string {
	for i := range p.Cases.Windows {
		if c := &p.Cases.Windows[i]; c.Window == id {
			return number(&c.Accepted)
		}
	}
	return notReported
}

func sayCases(p *page) []string {
	c := &p.Cases
	if !c.Reported {
		return nil
	}
	text := "本月共受理各类业务" + number(c.Total) + "件"
	if c.Previous != nil {
		text += "（上月" + number(c.Previous) + "件）"
	}
	text += "，" + growthText(c.Previous, c.GrowthPercent)
	if len(c.PreviousMissing) > 0 && c.GrowthPercent != nil {
		text += fmt.Sprintf("（上月有%d个窗口未报送，增幅仅供参考）", len(c.PreviousMissing))
	}
	switch len(c.Top) {
	case 0:
	case 1:
		text += "；受理量最多的是" + p.windowNames(c.Top) + topTies(c)
	default:
		text += "；受理量排名前" + chinese(len(c.Top)) + "的是" + p.windowNames(c.Top) + topTies(c)
	}
	if c.OnTimePercent != nil {
		text += "；按时办结率" + c.OnTimePercent.String() + "%"
	}
	lines := []string{text + "。"}
	for i := range c.Categories {
		lines = append(lines, sayCategory(&c.Categories[i]))
	}
	if len(c.Missing) > 0 {
		lines = append(lines, "未报送办件数据的窗口："+p.windowNames(c.Missing)+"。")
	}
	return lines
}

func sayCategory(c *hall.CategoryCases) string {
	text := fmt.Sprintf("%s：受理%d件，%s，办结%d件", c.Category, c.Accepted, growthText(c.Previous, c.GrowthPercent), c.Completed)
	if c.OnTimePercent != nil {
		text += "，按时办结率" + c.OnTimePercent.String() + "%"
	}
	return text + "。"
}

// growthText compares with the month before, if that can be done.
func growthText(previous *int64, growth *hall.Points) string {
	switch {
	case previous == nil:
		return "上月数据未报送"
	case growth == nil:
		return "与上月无可比数据"
	case *growth > 0:
		return "比上月增长" + growth.Fixed(2) + "%"
	case *growth < 0:
		return "比上月下降" + (-*growth).Fixed(2) + "%"
	}
	return "与上月持平"
}

// topTies says that the last of the windows with the most cases was chosen among
// several.
func topTies(c *hall.CasesSummary) string {
	last := c.Top[len(c.Top)-1]
	i := slices.IndexFunc(c.Windows, func(w hall.WindowCases) bool { return w.Window == last })
	if i < 0 {
		return ""
	}
	tied, named := 0, 0
	for _, w := range c.Windows {
		if w.Accepted != c.Windows[i].Accepted {
			continue
		}
		if tied++; slices.Contains(c.Top, w.Window) {
			named++
		}
	}
	if tied == named {
		return ""
	}
	return fmt.Sprintf("（受理%d件的有%d个窗口，按窗口号取%d个）", c.Windows[i].Accepted, tied, named)
}

// windowFigures are the names of the figures that a window has.
func (p *page) windowFigures() []string {
	var names []string
	for i := range p.Figures {
		if f := &p.Figures[i]; f.Window != "" && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// windowFigure is a figure of a window, with its unit.
func (p *page) windowFigure(name string, id hall.WindowID) string {
	for i := range p.Figures {
		if f := &p.Figures[i]; f.Name == name && f.Window == hall.Name(id) {
			return strings.TrimSpace(f.Value + string(f.Unit))
		}
	}
	return notReported
}
