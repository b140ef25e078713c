package paper

// A person's day as a text, and as JSON.

import (
	"fmt"
	"io"
	"strings"

	"rollcall/hall"
	"rollcall/report"
)

// WriteStory writes a person's day in a format: text or json. The error of
// another one wraps hall.ErrInvalid.
func WriteStory(w io.Writer, s *report.Story, format string) error {
	switch format {
	case "text":
		_, err := io.WriteString(w, storyText(s))
		return err
	case "json":
		text, err := indented(s)
		if err != nil {
			return fmt.Errorf("write the story of %s as json: %w", s.Person, err)
		}
		_, err = w.Write(text)
		return err
	}
	return unknown("format", format, []string{"text", "json"})
}

// teller collects lines.
type teller struct {
	*report.Story
	lines []string
}

func (t *teller) say(format string, args ...any) {
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
}

func storyText(s *report.Story) string {
	t := &teller{Story: s}
	t.say("%s %s（%s） %s（周%s）", s.HallName, s.Name, s.Person, s.Date, weekday(s.Date))
	t.say("截至%s，已处理事件%d条", moment(s.AsOf), s.Sequence)
	t.say("")
	t.tellPlace()
	for i := range s.Planned {
		t.tellPlanned(&s.Planned[i])
	}
	for _, seen := range s.Strays {
		t.say("其他打卡 %s：%s（%s）", seen.At, seen.Why, seen.UID)
	}
	t.tellForms()
	t.tellLines("违规", s.Violations, "当日无违规。")
	t.tellLines("存疑（核实之前不计）", s.Contested, "")
	t.tellRulings()
	t.tellMonth()
	for i, line := range t.lines {
		t.lines[i] = printable(line)
	}
	return strings.Join(t.lines, "\n") + "\n"
}

func (t *teller) tellPlace() {
	if p := t.Place; p != nil {
		var text strings.Builder
		text.WriteString(fmt.Sprintf("岗位：%s，%s", p.WindowName, p.ClassName))
		if p.Group != "" {
			text.WriteString("，考勤组" + string(p.Group))
		}
		for _, role := range p.Roles {
			text.WriteString("，" + roleText(role))
		}
		t.say("%s（%s）", text.String(), p.Roster)
	}
	if p := t.Policy; p != nil {
		text := fmt.Sprintf("办法：%s起施行", p.Effective)
		if p.Timetable != "" {
			text += "，作息" + string(p.Timetable)
		}
		var spans []string
		for _, s := range t.Sessions {
			spans = append(spans, fmt.Sprintf("%s%s-%s", known(t.SessionNames, s.Session), s.Start, s.End))
		}
		if len(spans) > 0 {
			text += "：" + strings.Join(spans, "、")
		}
		t.say("%s（%s）", text, p.UID)
	}
	t.say("%s", t.WhyText)
}

// minutesText says how late or early a punch was; half a day's absence is that, too.
func minutesText(p *report.StoryPunch) string {
	text := fmt.Sprintf("%d分钟", *p.Minutes)
	switch {
	case p.Verdict != hall.HalfDayAbsence:
		return text
	case p.Edge == hall.EdgeIn:
		return "（迟到" + text + "）"
	}
	return "（早退" + text + "）"
}

// seenBy says how a punch came: a machine is named only where one made it.
func seenBy(seen *report.StorySeen) string {
	switch {
	case seen.Correction:
		return "补卡"
	case seen.Method == "manual", seen.Method == "phone":
		return word(string(seen.Method)) + "打卡"
	case seen.Terminal == "":
		return "打卡"
	}
	return "打卡 考勤机" + string(seen.Terminal)
}

func roleText(role string) string {
	switch role {
	case hall.RoleChiefRep:
		return "首席代表"
	case hall.RoleWindowLead:
		return "窗口负责人"
	case hall.RoleInspector:
		return "巡查人员"
	}
	return role
}

func (t *teller) tellPlanned(p *report.StoryPunch) {
	t.say("")
	due := p.Due
	if p.Due != p.Planned {
		due = fmt.Sprintf("%s（原为%s）", p.Due, p.Planned)
	}
	how := "按相邻打卡的中点"
	if p.Given {
		how = "按办法"
	}
	t.say("%s%s %s，有效时段%s至%s（%s），宽限%d分钟", known(t.SessionNames, p.Session), word(p.Edge), due, p.From, p.Until, how, p.Grace)
	for _, seen := range p.Seen {
		t.say("  %s %s：%s（%s）", seenBy(&seen), seen.At, seen.Why, seen.UID)
	}
	switch {
	case len(p.Seen) > 0:
	case p.At != "":
		t.say("  有效时段内没有打卡，计入同一时段另一端的%s", p.At)
	default:
		t.say("  没有打卡")
	}
	verdict := tokenOr(p.Verdict, t.Kinds)
	if p.Minutes != nil && *p.Minutes > 0 {
		verdict += minutesText(p)
	}
	if p.CoveredBy != "" {
		verdict += "（" + string(p.CoveredBy) + "）"
	}
	if len(p.WaitsFor) > 0 {
		verdict += "，考勤机" + strings.Join(p.WaitsFor, "、") + "没有数据"
	}
	t.say("  结果：%s", verdict)
}

func tokenOr(token string, names map[string]string) string {
	if zh, ok := tokens(token); ok {
		return zh
	}
	return known(names, token)
}

// tellForms tells leave, excuses, corrections and findings.
func (t *teller) tellForms() {
	t.say("")
	for _, c := range t.Covers {
		kind := known(t.Kinds, c.Kind)
		if c.Kind == string(hall.KindExcuse) {
			kind = "免打卡"
		}
		t.say("%s %s至%s：%s（%s）", kind, shortMoment(c.From), shortMoment(c.Until), c.Text, c.UID)
	}
	for _, c := range t.Corrections {
		reason := "公事原因"
		if c.Own {
			reason = "本人原因"
		}
		approved := "未批准"
		if c.ApprovedBy != "" {
			approved = string(c.ApprovedBy) + "批准"
		}
		t.say("补卡 %s（%s，%s提出，%s）：%s（%s）", moment(c.At), reason, moment(c.Made), approved, c.Text, c.UID)
	}
	for _, f := range t.Findings {
		channel := "巡查"
		if f.Channel != "" {
			channel = word(string(f.Channel))
		}
		kind := known(t.Kinds, f.Kind)
		if f.Kind == hall.PatrolClear || f.Kind == hall.PatrolPraise {
			kind = word(f.Kind)
		}
		note := ""
		if f.Note != "" {
			note = "，" + string(f.Note)
		}
		t.say("%s %s %s记录：%s%s：%s（%s）", channel, moment(f.Time), f.Inspector, kind, note, f.Text, f.UID)
	}
}

// shortMoment writes a date, or the minute of a moment.
func shortMoment(bound string) string {
	if len(bound) == len("2020-11-03") {
		return bound
	}
	return moment(bound)
}

func (t *teller) tellLines(title string, lines []report.StoryLine, none string) {
	if len(lines) == 0 {
		if none != "" {
			t.say("%s", none)
		}
		return
	}
	t.say("%s：", title)
	for i := range lines {
		l := &lines[i]
		session := ""
		if l.Session != "" {
			session = known(t.SessionNames, string(l.Session))
		}
		marks := ""
		if len(l.Marks) > 0 {
			marks = "，" + translated(l.Marks)
		}
		t.say("  %s%s，%s%s（%s）", session, known(t.Kinds, l.Kind), word(string(l.State)), marks, l.ID)
		t.say("    %s", strings.Join(l.Steps, "；"))
		if len(l.Appeals) > 0 {
			t.say("    经过：%s", appealStory(l.Appeals))
		}
		t.say("    凭证：%s", orDash(uids(l.Proofs)))
		t.say("    依据：%s", orDash(uids(l.Basis)))
	}
}

func orDash(s string) string {
	if s == "" {
		return "无打卡记录"
	}
	return s
}

func (t *teller) tellRulings() {
	for _, r := range t.Rulings {
		t.say("裁定 %s %s%s：%s，%s（%s）", moment(r.At), r.By, word(string(r.State)), r.On, r.Reason, r.UID)
	}
}

// mostReasons is how many things of one kind that break full attendance text names.
const mostReasons = 4

// whyNot joins what breaks full attendance by kind, 有违规：a、b等9项; JSON names all.
func whyNot(reasons []string) string {
	var kinds []string
	things := map[string][]string{}
	for _, reason := range reasons {
		kind, thing, _ := strings.Cut(reason, "：")
		if _, seen := things[kind]; !seen {
			kinds = append(kinds, kind)
		}
		things[kind] = append(things[kind], thing)
	}
	for i, kind := range kinds {
		of := things[kind]
		text := strings.Join(of[:min(len(of), mostReasons)], "、")
		if len(of) > mostReasons {
			text += fmt.Sprintf("等%d项", len(of))
		}
		kinds[i] = joined("：", kind, text)
	}
	return strings.Join(kinds, "；")
}

func (t *teller) tellMonth() {
	switch {
	case t.FullAttendance:
		t.say("本月满勤。")
	case len(t.WhyNot) > 0:
		t.say("本月不满勤：%s。", whyNot(t.WhyNot))
	}
	if len(t.WouldChange) == 0 {
		return
	}
	t.say("")
	t.say("怎样会改变结果：")
	for _, c := range t.WouldChange {
		t.say("  - %s。", c)
	}
}
