package paper

// A score and a rank as a text, and as JSON.

import (
	"fmt"
	"io"
	"strings"

	"rollcall/hall"
	"rollcall/report"
)

// WriteStanding writes the story of a score and a rank in a format: text or json.
// The error of another one wraps hall.ErrInvalid.
func WriteStanding(w io.Writer, s *report.Standing, format string) error {
	switch format {
	case "text":
		_, err := io.WriteString(w, standingText(s))
		return err
	case "json":
		text, err := indented(s)
		if err != nil {
			return fmt.Errorf("write the standing of %s as json: %w", s.Name, err)
		}
		_, err = w.Write(text)
		return err
	}
	return unknown("format", format, []string{"text", "json"})
}

// expounder collects lines.
type expounder struct {
	*report.Standing
	lines []string
}

func (e *expounder) say(format string, args ...any) {
	e.lines = append(e.lines, fmt.Sprintf(format, args...))
}

func standingText(s *report.Standing) string {
	e := &expounder{Standing: s}
	e.head()
	e.sayParts()
	e.sayRank()
	if s.Award != nil {
		e.sayAward()
	}
	for _, a := range s.Titles {
		e.say("获评%s：由%s评定，%s（%s）", a.Title, a.By, a.Reason, a.UID)
	}
	e.say("")
	e.say("依据：%s", orDash(uids(s.Basis)))
	for i, line := range e.lines {
		e.lines[i] = printable(line)
	}
	return strings.Join(e.lines, "\n") + "\n"
}

func (e *expounder) head() {
	who := fmt.Sprintf("%s（%s）", e.Name, e.Window)
	if e.Person != nil {
		who = fmt.Sprintf("%s（%s），%s，%s", e.Name, *e.Person, e.WindowName, e.ClassName)
	}
	e.say("%s %s考核 %s", e.HallName, monthTitle(e.Month), who)
	e.say("截至%s，已处理事件%d条，按%s起施行的办法（%s）", moment(e.AsOf), e.Sequence, e.Policy.Effective, e.Policy.UID)
	if e.Sealed != nil {
		e.say("！本月已封账（第%d号，%s）：以下按目前的事件计算，以封账结果为准。", e.Sealed.Number, moment(e.Sealed.At))
	} else {
		e.say("！草稿，未封账：以下结果还可能变动。")
	}
	if len(e.Open) > 0 {
		e.say("！尚有%s。", strings.Join(e.Open, "、"))
	}
	e.say("")
}

func (e *expounder) sayParts() {
	if e.Score == nil {
		return
	}
	decimals := 2
	if e.Person != nil {
		decimals = 1
	}
	text := "得分：" + e.Score.Fixed(decimals)
	if shown, err := hall.ParsePoints(e.Score.Fixed(decimals)); err != nil || shown != *e.Score {
		text += fmt.Sprintf("（准确到%s，排名以此为准）", e.Score)
	}
	e.say("%s", text)
	for i := range e.Parts {
		e.sayPart(&e.Parts[i])
	}
	if e.Person != nil {
		e.sayAttendance()
	}
}

func (e *expounder) sayPart(p *report.StandingPart) {
	sign := ""
	if p.Points >= 0 && p.Kind != report.PartBase && p.Kind != report.PartMean {
		sign = "+"
	}
	e.say("  %s%s  %s", sign, p.Points, p.Text)
	if p.Kind == report.PartMean {
		for _, m := range e.Members {
			e.say("      %s（%s）%s", m.Name, m.Person, m.Score)
		}
	}
	if len(p.Steps) > 0 {
		e.say("      %s", strings.Join(p.Steps, "；"))
	}
	switch p.Kind {
	case report.PartLine, report.PartShare:
		e.say("      凭证：%s（%s）", orDash(uids(p.Proofs)), p.Of)
	case report.PartBonus:
		e.say("      凭证：%s", uids(p.Proofs))
	}
}

func (e *expounder) sayAttendance() {
	text := fmt.Sprintf("应出勤%d天，出勤%d天，", e.DueDays, e.AttendedDays)
	switch {
	case e.FullAttendance:
		text += "满勤"
	case len(e.WhyNot) == 0:
		text += "不计满勤"
	default:
		text += "不满勤：" + whyNot(e.WhyNot)
	}
	e.say("  %s。", text)
}

func (e *expounder) sayRank() {
	e.say("")
	if e.LeftOut != "" {
		e.say("名次：不参加排名，%s。", e.LeftOutText)
		return
	}
	among := "人"
	if e.Person == nil {
		among = "个窗口"
	}
	list := ""
	if e.Apart != "" {
		list = string(e.ClassName) + "单独排名，"
	}
	e.say("名次：%s%d%s中第%d名。", list, e.Ranked, among, *e.Rank)
	if len(e.Peers) > 0 {
		e.say("  与%s并列，共%d%s。", e.neighbours(e.Peers), *e.Tied, among)
	}
	if len(e.Ahead) > 0 {
		e.say("  排在前面的%d%s：", len(e.Ahead), among)
		e.sayRanks(e.Ahead)
	}
	if len(e.Behind) > 0 {
		e.say("  后一名：")
		e.sayRanks(e.Behind)
	}
}

// mostRanks and mostNames are how many ranks a text tells, the nearest, and how
// many names of one.
const (
	mostRanks = 10
	mostNames = 5
)

// sayRanks tells a line for each rank: what tells one of those who share it apart
// tells all of them.
func (e *expounder) sayRanks(list []report.Neighbour) {
	var ranks [][]report.Neighbour
	for i := range list {
		if i == 0 || list[i].Rank != list[i-1].Rank {
			ranks = append(ranks, nil)
		}
		ranks[len(ranks)-1] = append(ranks[len(ranks)-1], list[i])
	}
	if far := len(ranks) - mostRanks; far > 0 {
		e.say("    前%d个名次略", far)
		ranks = ranks[far:]
	}
	for _, same := range ranks {
		n := &same[0]
		e.say("    第%d名 %s，%s分：%s", n.Rank, e.neighbours(same), n.Score, n.Text)
	}
}

func (e *expounder) neighbours(list []report.Neighbour) string {
	names := make([]string, min(len(list), mostNames))
	for i := range names {
		names[i] = e.neighbour(&list[i])
	}
	text := strings.Join(names, "、")
	if len(list) > len(names) {
		text += fmt.Sprintf("等%d", len(list))
		if list[0].Person == nil {
			return text + "个窗口"
		}
		return text + "人"
	}
	return text
}

func (e *expounder) neighbour(n *report.Neighbour) string {
	if n.Person == nil {
		return fmt.Sprintf("%s（%s）", n.Name, n.Window)
	}
	return fmt.Sprintf("%s（%s）", n.Name, *n.Person)
}

func (e *expounder) sayAward() {
	got := "未获评"
	if e.Award.Got {
		got = "获评"
	}
	e.say("%s%s：%s。", got, e.Award.Title, e.Award.Text)
}
