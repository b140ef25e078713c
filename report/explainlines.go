package report

// Findings, points and what would change them.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
)

// What became of a finding.
const (
	BecameCounts     = "counts"
	BecameContested  = "contested"
	BecameStruck     = "struck"
	BecameUnresolved = "unresolved"
	BecameWindow     = "window"
	BecameNothing    = "nothing"
)

// findings are the notes of the day that name the person, by (time, uid).
func (t *teller) findings() []StoryFinding {
	list := []StoryFinding{}
	notes := slices.Clone(t.all.Patrols)
	slices.SortFunc(notes, func(a, b hall.Patrol) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.UID, b.UID)) })
	for i := range notes {
		n := &notes[i]
		date, ok := t.month.NoteDates[n.UID]
		if !ok {
			date = t.dateOf(n.Time)
		}
		if n.Person != t.day.Person || date != t.day.Date {
			continue
		}
		became, text := t.became(n)
		list = append(list, StoryFinding{UID: n.UID, Time: t.rfc3339(n.Time), Inspector: n.Inspector, Kind: n.Kind, Channel: hall.Name(n.Channel),
			Note: hall.Name(n.Note), Violation: hall.Name(t.month.Patrols[n.UID]), Became: became, Text: text})
	}
	return list
}

func (t *teller) became(n *hall.Patrol) (became, text string) {
	id := t.month.Patrols[n.UID]
	for _, on := range []string{string(n.UID), id} {
		if r := t.book.Decisive(on); r != nil && r.State.Strikes() {
			return BecameStruck, fmt.Sprintf("已由%s%s：%s", r.By, stateText(r.State), r.Reason)
		}
	}
	for _, u := range t.month.Unresolved {
		if u.UID == n.UID {
			return BecameUnresolved, "未解决：所指的" + string(u.Value) + "不存在"
		}
	}
	switch {
	case n.Kind == hall.PatrolClear || n.Kind == hall.PatrolPraise:
		return BecameNothing, "不是问题"
	case proves(t.contested, n.UID):
		return BecameContested, "与请假、外出或休息日矛盾，核实之前不计"
	case proves(t.lines, n.UID):
		return BecameCounts, "计入" + id
	}
	return BecameWindow, "记在窗口名下（" + id + "），不影响本人"
}

func stateText(s hall.State) string {
	switch s {
	case hall.Reported:
		return "已记录"
	case hall.Rejected:
		return "驳回"
	case hall.Cancelled:
		return "撤销"
	case hall.Confirmed:
		return "核实"
	case hall.Upheld:
		return "维持"
	case hall.Appealed:
		return "申诉"
	}
	return string(s)
}

func proves(lines []*rules.Line, uid hall.UID) bool {
	return slices.ContainsFunc(lines, func(l *rules.Line) bool { return slices.Contains(l.Proofs, uid) })
}

func (t *teller) tellLines(lines []*rules.Line) []StoryLine {
	list := make([]StoryLine, len(lines))
	for i, l := range lines {
		list[i] = StoryLine{Violation: l.Violation, Rule: l.Rule, Base: l.Base, Steps: t.steps(l), Appeals: t.appealsOf(l), Basis: filled(l.Basis)}
	}
	return list
}

// appealsOf are the steps of appeals against a line.
func (t *teller) appealsOf(l *rules.Line) []hall.AppealStep {
	a := &appealed{line: l, on: []string{l.ID}}
	for _, proof := range l.Proofs {
		a.on = append(a.on, string(proof))
	}
	return t.appealSteps(a, t.lastToAppeal(l, t.madeAt(l.Proofs)))
}

// steps says how the points of a line came about.
func (c *compiler) steps(l *rules.Line) []string {
	steps := []string{c.priced(l)}
	factor := c.factor(l.Kind)
	due := l.Base
	if l.Marked(hall.MarkRepeated) {
		due = l.Base.Times(factor)
	}
	if !l.Marked(hall.MarkTolerated) && l.Points < due {
		steps = append(steps, "同一时段的考勤扣分合计不超过旷工的扣分，本项只扣余额")
	}
	if l.Marked(hall.MarkRepeated) {
		steps = append(steps, fmt.Sprintf("本月重犯，乘以%s", factor))
	}
	if l.Marked(hall.MarkTolerated) {
		rule := c.policy.Punctuality.Tolerance
		steps = append(steps, fmt.Sprintf("容错：本月前%d次、%d分钟以内不扣分，仍影响满勤", rule.PerMonth, rule.UpTo))
	}
	steps = append(steps, "扣"+l.Points.String()+"分")
	return append(steps, c.shared(l)...)
}

// priced says where the points of a line are taken from.
func (c *compiler) priced(l *rules.Line) string {
	p := l.Policy.Policy
	each := ""
	if l.Unnamed > 1 {
		each = fmt.Sprintf("，%d人各计", l.Unnamed)
	}
	if o := p.Punctuality.Offence(l.Kind); o != nil {
		text := fmt.Sprintf("考勤办法（%s起）：%s", p.Effective, punctualityNames()[l.Kind])
		if l.Minutes != nil {
			text += fmt.Sprintf("%d分钟", *l.Minutes)
		}
		if len(o.Steps) > 0 {
			text += "，按分钟分档"
		}
		return text + each + "，" + l.Base.String() + "分"
	}
	text := fmt.Sprintf("巡查办法（%s起）", p.Effective)
	if k := p.DisciplineKind(l.Kind); k != nil {
		text += "：" + k.Name
		if k.Clause != "" {
			text += "，" + k.Clause
		}
	}
	return text + each + "，" + l.Base.String() + "分"
}

// factor is that of repeats of a kind, by the policy of the month.
func (c *compiler) factor(kind string) hall.Points {
	if r := c.policy.Punctuality.Repeat; r != nil && slices.Contains(r.Kinds, kind) {
		return r.Factor
	}
	if k := c.policy.DisciplineKind(kind); k != nil && k.Repeat != nil {
		return k.Repeat.Factor
	}
	return hall.Point
}

// shared names the chief representatives who pay a share of a line.
func (c *compiler) shared(l *rules.Line) []string {
	kind := l.Policy.Policy.DisciplineKind(l.Kind)
	if kind == nil || kind.ChiefRepShare == 0 {
		return nil
	}
	var list []string
	for _, share := range c.shares()[l.ID] {
		list = append(list, fmt.Sprintf("首席代表%s（%s）连带扣%s分", c.nameOf(share.Person), share.Person, share.Points))
	}
	return list
}

// whyNot says what keeps the person from full attendance of the month.
func (t *teller) whyNot() []string { return t.whyNotFull(t.day.Person) }

func (c *compiler) whyNotFull(person hall.PersonID) []string {
	list := []string{}
	for _, why := range c.month.WhyNotFull[person] {
		reason, rest, _ := strings.Cut(why, ":")
		list = once(list, notFullText(reason)+rest)
	}
	return list
}

func notFullText(reason string) string {
	switch reason {
	case rules.NotFullRoster:
		return "不是每个工作日都在册："
	case rules.NotFullNeverDue:
		return "本月无应出勤日"
	case rules.NotFullPending:
		return "有待定的打卡："
	case rules.NotFullViolation:
		return "有违规："
	case rules.NotFullLeave:
		return "请假："
	case rules.NotFullCorrected:
		return "补卡："
	}
	return reason + "："
}

// wouldChange says what would change the verdicts of the day.
func (t *teller) wouldChange() []string {
	list := []string{}
	punctual := false
	for i := range t.day.Planned {
		p := &t.day.Planned[i]
		if p.Verdict == hall.Pending {
			list = append(list, t.untilSettled(p))
		}
		punctual = punctual || hall.Severity(p.Verdict) > 0
	}
	if punctual {
		list = append(list, t.correctionWould(), "覆盖该时段的请假、公差或外出单：随时可以补交，交到即重新评判（影响满勤的假别仍影响满勤）",
			"考勤机故障、停电等免打卡登记")
	}
	for _, l := range t.lines {
		list = append(list, t.rulingWould(l))
	}
	for _, l := range t.contested {
		list = append(list, "对"+l.ID+"或其凭证作出“核实”的裁定：计入违规，扣"+l.Base.String()+"分")
	}
	return list
}

func (t *teller) untilSettled(p *rules.Planned) string {
	text := p.Due.String() + "的打卡待定：在" + clockTitle(t.rfc3339(p.Closes)) + "之前打卡"
	if len(p.WaitsFor()) == 0 {
		return text
	}
	last := p.Closes + hall.Instant(t.day.Policy.Policy.Wait.Seconds())
	return text + "，或考勤机" + strings.Join(p.WaitsFor(), "、") + "补传（最迟等到" + clockTitle(t.rfc3339(last)) + "）"
}

// clockTitle writes an RFC 3339 time as `2020-11-03 12:00`.
func clockTitle(rfc3339 string) string {
	date, rest, _ := strings.Cut(rfc3339, "T")
	return date + " " + rest[:min(len(rest), len("12:00"))]
}

// correctionWould says until when a correction helps and how many are left.
func (t *teller) correctionWould() string {
	rulesOf := t.policy.Punctuality.Correction
	if issues, _ := hall.Issues(t.book.Facts().Seals, t.month.Month); len(issues) > 0 {
		return "本月已封账，补卡不再有效"
	}
	text := "经批准的补卡"
	if rulesOf.WithinWorkdays != nil {
		last := t.book.AddWorkdays(t.day.Date, *rulesOf.WithinWorkdays)
		if t.dateOf(t.month.AsOf) > last {
			return fmt.Sprintf("补卡期限（%s）已过；期限内提出而尚未录入的补卡单仍然有效", last)
		}
		text += fmt.Sprintf("：最迟%s提出", last)
	}
	if rulesOf.OwnPerMonth == nil {
		return text
	}
	used := 0
	for i := range t.month.Corrections {
		f := &t.month.Corrections[i]
		if f.Person == t.day.Person && f.Own && f.Fate == rules.CorrectionCounts {
			used++
		}
	}
	return fmt.Sprintf("%s；本人原因本月还可补%d次（共%d次），公事原因不限", text, max(0, *rulesOf.OwnPerMonth-used), *rulesOf.OwnPerMonth)
}

// rulingWould says until when an appeal against a line runs and what a ruling
// does.
func (t *teller) rulingWould(l *rules.Line) string {
	text := "对" + l.ID + "作出“驳回”或“撤销”的裁定：该项取消"
	last := t.lastToAppeal(l, t.madeAt(l.Proofs))
	switch {
	case last == nil:
		return text
	case t.dateOf(t.month.AsOf) > *last:
		return fmt.Sprintf("%s；申诉期限（%s）已过", text, last)
	}
	return fmt.Sprintf("%s；申诉期限至%s（rollcall appeal %s）", text, last, l.ID)
}
