package paper

// Words: what a reader calls the things of a report.

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

// page is a report with its words at hand.
type page struct {
	*hall.Report
	opts    Options
	windows map[hall.WindowID]hall.WindowName
	place   map[hall.PersonID]hall.WindowID // where a person counts
}

func newPage(r *hall.Report, o Options) *page {
	p := &page{Report: r, opts: o, windows: map[hall.WindowID]hall.WindowName{}, place: map[hall.PersonID]hall.WindowID{}}
	for _, w := range r.Names.Windows {
		p.windows[w.Window] = w
	}
	for _, s := range r.Staff {
		p.place[s.Person] = s.Window
	}
	return p
}

// standing says which issue this is, or that it is none: every paper has it.
func (p *page) standing() string {
	s := p.Sealed
	if s == nil {
		return "草稿，未封账"
	}
	return "已封账：" + joined("，", fmt.Sprintf("第%d号", s.Number), s.By, moment(s.At), "摘要"+s.Digest)
}

// altered are the lines in which a month differs from its last issue. An issue
// differs from the one before, and is none the less an issue.
func (p *page) altered() []hall.Change {
	if p.Sealed != nil && p.Sealed.Printed {
		return nil
	}
	return p.ChangedSince
}

// window returns a window's name, its id where it has none.
func (p *page) window(id hall.WindowID) string {
	if w, ok := p.windows[id]; ok && w.Name != "" {
		return w.Name
	}
	return string(id)
}

// desk returns a window's name for a sentence, the id in brackets where it has
// none.
func (p *page) desk(id hall.WindowID) string {
	if w, ok := p.windows[id]; ok && w.Name != "" || id == "" {
		return w.Name
	}
	return "（" + string(id) + "）"
}

// number orders windows: those that the policy does not name come last.
func (p *page) number(id hall.WindowID) int {
	if w, ok := p.windows[id]; ok {
		return w.Number
	}
	return 1 << 30
}

// person returns a person's name, the id in brackets where there is none.
func (p *page) person(id hall.PersonID) string {
	if name := p.Names.People[id]; name != "" {
		return name
	}
	return "（" + string(id) + "）"
}

// seated returns a person's name behind the window where the person counts.
func (p *page) seated(id hall.PersonID) string {
	if at, ok := p.place[id]; ok {
		return p.desk(at) + p.person(id)
	}
	return p.person(id)
}

func (p *page) kind(kind string) string       { return known(p.Names.Kinds, kind) }
func (p *page) class(class string) string     { return known(p.Names.Classes, class) }
func (p *page) session(session string) string { return known(p.Names.Sessions, session) }

func known(names map[string]string, id string) string {
	if name := names[id]; name != "" {
		return name
	}
	return id
}

// subject returns who a violation speaks of, behind the window.
func (p *page) subject(v *hall.Violation) string { return p.desk(v.Window) + p.who(v) }

// who returns who a violation speaks of; nothing where it is the window itself.
func (p *page) who(v *hall.Violation) string {
	switch {
	case v.Person != nil:
		return p.person(*v.Person)
	case v.Unnamed > 0 && v.StandIn:
		return fmt.Sprintf("替岗人员%d人", v.Unnamed)
	case v.Unnamed > 0:
		return fmt.Sprintf("未具名%d人", v.Unnamed)
	case v.StandIn:
		return "替岗人员"
	}
	return ""
}

// word translates a token of the program.
func word(token string) string {
	if zh, ok := tokens(token); ok {
		return zh
	}
	return token
}

func tokens(token string) (string, bool) {
	switch token {
	case string(hall.Reported):
		return "已记录", true
	case string(hall.Confirmed):
		return "已核实", true
	case string(hall.Rejected):
		return "驳回", true
	case string(hall.Appealed):
		return "申诉中", true
	case string(hall.Upheld):
		return "维持", true
	case string(hall.Cancelled):
		return "撤销", true
	case hall.MarkContradicted:
		return "有相反记录", true
	case hall.MarkRepeated:
		return "重犯加重", true
	case hall.MarkTolerated:
		return "容错", true
	case hall.OK:
		return "正常", true
	case hall.Excused:
		return "免打卡", true
	case hall.Pending:
		return "待定", true
	case hall.EdgeIn:
		return "上班", true
	case hall.EdgeOut:
		return "下班", true
	}
	return channels(token)
}

func channels(token string) (string, bool) {
	switch token {
	case string(hall.KindPunch):
		return "打卡", true
	case string(hall.KindPatrol):
		return "巡查", true
	case string(hall.KindCorrection):
		return "补卡", true
	case "video":
		return "视频", true
	case "hotline":
		return "热线", true
	case "press":
		return "媒体", true
	case "superior":
		return "上级", true
	case hall.PatrolClear:
		return "正常", true
	case hall.PatrolPraise:
		return "表扬", true
	case "face":
		return "人脸", true
	case "card":
		return "刷卡", true
	case "fingerprint":
		return "指纹", true
	case "phone":
		return "手机", true
	case "manual":
		return "人工", true
	}
	return "", false
}

// verdict translates what became of a planned punch.
func (p *page) verdict(verdict string) string {
	if zh, ok := tokens(verdict); ok {
		return zh
	}
	return p.kind(verdict)
}

// weekday returns 一 to 日.
func weekday(d hall.Date) string { return string([]rune("日一二三四五六")[d.Weekday()]) }

// monthTitle writes `2020年11月`.
func monthTitle(m hall.Month) string {
	return strconv.Itoa(int(m)/12) + "年" + strconv.Itoa(int(m)%12+1) + "月"
}

// dayTitle writes `11月4日`.
func dayTitle(d hall.Date) string {
	t := d.Midnight()
	return fmt.Sprintf("%d月%d日", int(t.Month()), t.Day())
}

// days writes `11月4日、12日（2次）、25日` of sorted dates.
func days(dates []hall.Date) string {
	var b strings.Builder
	var month time.Month
	for i := 0; i < len(dates); {
		n := 1
		for i+n < len(dates) && dates[i+n] == dates[i] {
			n++
		}
		if i > 0 {
			b.WriteString("、")
		}
		t := dates[i].Midnight()
		if t.Month() != month {
			month = t.Month()
			fmt.Fprintf(&b, "%d月", int(month))
		}
		fmt.Fprintf(&b, "%d日", t.Day())
		if n > 1 {
			fmt.Fprintf(&b, "（%d次）", n)
		}
		i += n
	}
	return b.String()
}

// moment writes the minute of an RFC 3339 time: `2020-11-30 20:00`.
func moment(rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		return rfc3339
	}
	return t.Format("2006-01-02 15:04")
}

// yes writes 是 or nothing.
func yes(is bool) string {
	if is {
		return "是"
	}
	return ""
}

// count writes a number, nothing for none.
func count(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// uids joins references.
func uids(list []hall.UID) string {
	texts := make([]string, len(list))
	for i, uid := range list {
		texts[i] = string(uid)
	}
	return strings.Join(texts, " ")
}

// translated joins tokens in Chinese.
func translated(tokens []string) string {
	texts := make([]string, len(tokens))
	for i, t := range tokens {
		texts[i] = word(t)
	}
	return strings.Join(texts, "、")
}
