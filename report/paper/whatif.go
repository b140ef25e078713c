package paper

// What another policy would change, as a text and as JSON.

import (
	"fmt"
	"io"
	"strings"

	"rollcall/hall"
	"rollcall/report"
)

// WhatIfFormats are the formats in which the difference of two policies is
// written.
func WhatIfFormats() []string { return []string{"text", "json"} }

// WriteWhatIf writes the difference in a format. The error of an unknown one wraps
// hall.ErrInvalid and names the allowed ones.
func WriteWhatIf(w io.Writer, d *report.WhatIf, format string) error {
	switch format {
	case "text":
		_, err := io.WriteString(w, whatIfText(d))
		return err
	case "json":
		text, err := indented(d)
		if err != nil {
			return fmt.Errorf("write the difference as json: %w", err)
		}
		_, err = w.Write(text)
		return err
	}
	return unknown("format", format, WhatIfFormats())
}

// supposer collects lines.
type supposer struct {
	*page
	diff  *report.WhatIf
	lines []string
}

func (s *supposer) say(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

func whatIfText(d *report.WhatIf) string {
	s := &supposer{page: newPage(&hall.Report{Names: d.Names}, Options{}), diff: d}
	s.say("%s %s：如果按另一办法（%s起）", d.Name, monthTitle(d.Month), d.Effective)
	s.say("截至%s，已处理事件%d条；只作比较，不改变任何结果。", moment(d.AsOf), d.Sequence)
	s.section("办法的不同", s.ruleLines(), "与现行办法没有不同。")
	s.section("满勤", s.fullLines(), "没有变化。")
	s.section("违规", s.violationLines(), "没有变化。")
	s.section("人员考核", s.scoreLines(d.Staff, 1), "没有变化。")
	s.section("窗口考评", s.scoreLines(d.Windows, 2), "没有变化。")
	for i, line := range s.lines {
		s.lines[i] = printable(line)
	}
	return strings.Join(s.lines, "\n") + "\n"
}

func (s *supposer) section(title string, lines []string, none string) {
	s.say("")
	s.say("【%s】", title)
	if len(lines) == 0 {
		s.say("  %s", none)
	}
	for _, line := range lines {
		s.say("  %s", line)
	}
}

func (s *supposer) ruleLines() []string {
	lines := make([]string, len(s.diff.Rules))
	for i, r := range s.diff.Rules {
		lines[i] = fmt.Sprintf("%s：%s → %s", s.ruleTitle(r.Path), orNone(r.Is), orNone(r.Would))
	}
	return lines
}

// ruleTitle writes a rule as the policy has it, with what it is called.
func (s *supposer) ruleTitle(rule string) string {
	_, element, ok := strings.Cut(rule, "[")
	if !ok {
		if words := strings.Split(rule, "."); words[0] == "punctuality" && len(words) > 1 {
			element = words[1]
		}
	}
	element, _, _ = strings.Cut(element, "]")
	if zh := s.Names.Kinds[element]; zh != "" && zh != element {
		return rule + "（" + zh + "）"
	}
	return rule
}

// because names the rules that make a difference.
func (s *supposer) because(m *report.Made) string {
	if len(m.Rules) == 0 {
		return ""
	}
	names := make([]string, len(m.Rules))
	for i, r := range m.Rules {
		names[i] = s.ruleTitle(r)
	}
	text := strings.Join(names, "、")
	if m.Joint && len(names) > 1 {
		text += "共同"
	}
	return "；因" + text
}

func (s *supposer) fullLines() []string {
	lines := make([]string, len(s.diff.Full))
	for i := range s.diff.Full {
		f := &s.diff.Full[i]
		what := "失去满勤"
		if f.Gains {
			what = "成为满勤"
		}
		lines[i] = fmt.Sprintf("%s%s（%s）%s%s", s.desk(f.Window), f.Name, f.Person, what, s.because(&f.Made))
	}
	return lines
}

func (s *supposer) violationLines() []string {
	lines := make([]string, len(s.diff.Violations))
	for i := range s.diff.Violations {
		v := &s.diff.Violations[i]
		either := v.Is
		if either == nil {
			either = v.Would
		}
		lines[i] = fmt.Sprintf("%s%s%s：%s%s（%s）", s.subject(either), dayTitle(either.Date), s.session(string(either.Session)), s.costChange(v), s.because(&v.Made), v.ID)
	}
	return lines
}

func (s *supposer) costChange(v *report.WhatIfViolation) string {
	switch {
	case v.Would == nil:
		return fmt.Sprintf("%s（扣%s分）不再计", s.kindText(v.Is), v.Is.Points)
	case v.Is == nil:
		return fmt.Sprintf("增加%s，扣%s分", s.kindText(v.Would), v.Would.Points)
	case v.Is.Kind == v.Would.Kind:
		return fmt.Sprintf("%s扣分由%s分变为%s分", s.kindText(v.Is), v.Is.Points, v.Would.Points)
	}
	return fmt.Sprintf("由%s（扣%s分）变为%s（扣%s分）", s.kindText(v.Is), v.Is.Points, s.kindText(v.Would), v.Would.Points)
}

func (s *supposer) kindText(v *hall.Violation) string {
	if v.Minutes == nil {
		return s.kind(v.Kind)
	}
	return fmt.Sprintf("%s%d分钟", s.kind(v.Kind), *v.Minutes)
}

func (s *supposer) scoreLines(list []report.WhatIfScore, decimals int) []string {
	lines := make([]string, len(list))
	for i := range list {
		c := &list[i]
		who := s.window(c.Window) + "（" + string(c.Window) + "）"
		if c.Person != nil {
			who = s.desk(c.Window) + c.Name + "（" + string(*c.Person) + "）"
		}
		lines[i] = who + "：" + scoreChange(c, decimals) + s.because(&c.Made)
	}
	return lines
}

// scoreChange writes `99.0分变为100.0分（+1），第3名变为第1名，获评`.
func scoreChange(c *report.WhatIfScore, decimals int) string {
	var parts []string
	switch {
	case c.Is == nil:
		parts = append(parts, "列入考核，"+c.Would.Fixed(decimals)+"分")
	case c.Would == nil:
		parts = append(parts, "不再列入考核")
	case *c.Difference == 0:
		parts = append(parts, c.Is.Fixed(decimals)+"分不变")
	default:
		sign := ""
		if *c.Difference > 0 {
			sign = "+"
		}
		parts = append(parts, fmt.Sprintf("%s分变为%s分（%s%s）", c.Is.Fixed(decimals), c.Would.Fixed(decimals), sign, *c.Difference))
	}
	if is, would := rankTitle(c.IsRank, c.IsLeftOut), rankTitle(c.WouldRank, c.WouldLeft); is != would && c.Is != nil && c.Would != nil {
		parts = append(parts, is+"变为"+would)
	}
	switch {
	case c.WouldAward && !c.IsAward:
		parts = append(parts, "获评")
	case c.IsAward && !c.WouldAward:
		parts = append(parts, "失去评先")
	}
	return strings.Join(parts, "，")
}

func rankTitle(rank *int, out hall.Name) string {
	if rank == nil {
		return "不参加排名（" + leftOut(out) + "）"
	}
	return fmt.Sprintf("第%d名", *rank)
}
