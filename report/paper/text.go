package paper

// Text in Chinese, as an official would write it.

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
	"rollcall/report"
)

func writeText(w io.Writer, r *hall.Report, lists []List, o Options) error {
	p := newPage(r, o)
	out := p.head()
	if !o.Posting {
		out = append(out, p.changes()...)
	}
	for _, l := range lists {
		out = append(out, "")
		out = append(out, p.section(&l)...)
	}
	for i, line := range out {
		out[i] = printable(line)
	}
	_, err := io.WriteString(w, strings.Join(out, "\n")+"\n")
	return err
}

// section writes one list under its title.
func (p *page) section(l *List) []string {
	lines := []string{"【" + l.Title + "】"}
	_, size := l.of(p.Report)
	if size == 0 {
		return append(lines, "  "+l.Nil)
	}
	if l.say != nil {
		for _, line := range l.say(p) {
			lines = append(lines, "  "+line)
		}
	}
	if l.prose {
		return lines
	}
	t := p.screen(l)
	if len(t.Rows) == 0 {
		return lines
	}
	return append(lines, grid(t)...)
}

// head says what this is and, loudly, what it is not yet.
func (p *page) head() []string {
	lines := []string{
		p.hallName() + " " + monthTitle(p.Month) + "考勤考核",
		fmt.Sprintf("截至%s，工作日%d天，已处理事件%d条", moment(p.AsOf), p.Workdays, p.Sequence),
	}
	if p.Sealed != nil {
		lines = append(lines, p.standing())
	}
	for _, notice := range p.notices() {
		lines = append(lines, "！"+notice)
	}
	return lines
}

// joined joins what is not empty.
func joined(sep string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), sep)
}

func (p *page) hallName() string {
	if p.Name != "" {
		return p.Name
	}
	return string(p.Hall)
}

// notices are what a reader must know before anything else.
func (p *page) notices() []string {
	var list []string
	open := p.open()
	switch {
	case p.Sealed == nil && open != "":
		list = append(list, p.standing()+"："+open+"，以下结果还可能变动。")
	case p.Sealed == nil:
		list = append(list, p.standing()+"：以下结果还可能变动。")
	case open != "" && len(p.altered()) == 0:
		list = append(list, "封账时仍有"+open+"。")
	case open != "":
		list = append(list, "现有"+open+"。")
	}
	if n := len(p.altered()); n > 0 {
		list = append(list, fmt.Sprintf("与第%d号封账结果相比有%d处不同，以封账结果为准；要更正须另行封账。", p.Sealed.Number, n))
	} else if n := len(p.ChangedSince); n > 0 {
		list = append(list, fmt.Sprintf("本号更正了上一号，有%d处不同。", n))
	}
	for _, year := range p.CalendarMissing {
		list = append(list, fmt.Sprintf("缺少%d年的法定节假日安排，工作日只按周末和本大厅的规定推算；请导入后再用（rollcall calendar import）。", year))
	}
	for _, w := range p.Warnings {
		if w.Code == report.WarnNoData {
			list = append(list, w.Text)
		}
	}
	return list
}

// open counts what keeps a month from being sealed and, as long as it is not, the
// warnings.
func (p *page) open() string {
	warnings := len(p.Warnings)
	if p.Sealed != nil {
		warnings = 0 // they kept nobody from sealing it
	}
	var parts []string
	for _, part := range []struct {
		what string
		n    int
	}{{"待定", len(p.Pending)}, {"存疑", len(p.Contested)}, {"未解决", len(p.Unresolved)},
		{"冲突", len(p.Conflicts)}, {"无法识别", len(p.Dead)}, {"提醒", warnings}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d项", part.what, part.n))
		}
	}
	return strings.Join(parts, "、")
}

// mostChanges is how many differences to the last issue a text lists.
const mostChanges = 30

// changes lists the differences to the last issue; those of the long lists and of
// what things are called, and those behind the first, are counted.
func (p *page) changes() []string {
	t := Table{Columns: words("名单", "事项", "封账时", "现在")}
	if p.Sealed != nil && p.Sealed.Printed {
		t.Columns = words("名单", "事项", "上一号", "本号")
	}
	more := 0
	for _, c := range p.ChangedSince {
		if longChange(&c) || len(t.Rows) == mostChanges {
			more++
			continue
		}
		t.Rows = append(t.Rows, []string{listTitle(c.List), report.About(c.List, c.Line, &p.Names), cell(orNone(c.Was)), cell(orNone(c.Is))})
	}
	var lines []string
	if len(t.Rows) > 0 {
		lines = grid(t)
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("  另有%d处（含月度汇总、每日统计等明细），用 rollcall report %s --changes 逐项列出。", more, p.which()))
	}
	return lines
}

// which names the month, or the issue of it, in a command.
func (p *page) which() string {
	if p.Sealed != nil && p.Sealed.Printed {
		return fmt.Sprintf("%s --issue %d", p.Month, p.Sealed.Number)
	}
	return p.Month.String()
}

// cell keeps a table narrow; --changes and JSON have more.
func cell(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// longChange reports whether a change is of a long list or of a name.
func longChange(c *hall.Change) bool {
	whole, _, _ := strings.Cut(c.List, ".")
	return whole == "names" || whole == "accounts" || slices.ContainsFunc(Lists, func(l List) bool { return l.Long && l.Key == whole })
}

// listTitle is the title of a list, or of the one in which it lies.
func listTitle(key string) string {
	whole, _, _ := strings.Cut(key, ".")
	for _, l := range Lists {
		if l.Key == whole {
			return l.Title
		}
	}
	if title, ok := furtherTitles[whole]; ok {
		return title
	}
	return key
}

// furtherTitles are those of what has no list of its own.
var furtherTitles = map[string]string{"name": "大厅名称", "workdays": "工作日", "calendar_missing": "缺少的放假安排", "names": "名称", "accounts": "违规依据", "off_days": "休息日",
	"ranking": "排名", "awards": "评先", "vetoes": "一票否决", "figures": "其他指标", "texts": "通报文字", "appeals": "申诉"}

func orNone(n hall.Name) string {
	if n == "" {
		return "（无）"
	}
	return string(n)
}

func sayFullAttendance(p *page) []string {
	people := make([]string, len(p.FullAttendance))
	for i, f := range p.FullAttendance {
		people[i] = p.desk(f.Window) + f.Name
	}
	return []string{"满勤（无迟到早退、无请假、无缺卡）：" + strings.Join(people, "、") + "。共" + strconv.Itoa(len(people)) + "人。"}
}

func sayWarnings(p *page) []string {
	lines := make([]string, len(p.Warnings))
	for i, w := range p.Warnings {
		lines[i] = w.Text
		if w.UID != "" {
			lines[i] += "（" + string(w.UID) + "）"
		}
	}
	return lines
}

func saySheet(p *page) []string {
	if p.opts.Posting {
		return []string{"√出勤 迟（迟到） 退（早退） 缺（缺卡） 半（半天旷工） 旷（旷工） 假（请假） 公（公差外出） 补（补卡） 待（待定） 替（替岗） -（不应出勤）", sayAttended}
	}
	return []string{"√出勤 迟（迟到） 退（早退） 缺（缺卡） 半（半天旷工） 旷（旷工） 事（事假） 病（病假） 休（公休） 假（其他假） 公（公差） 外（外出） " +
		"补（补卡） 待（待定） 替（替岗） -（不应出勤）", sayAttended}
}

// sayAttended says why half a day of absence takes nothing from the days attended.
const sayAttended = "实出勤按天计：当天有一次打卡或补卡，或请了不影响满勤的假，即计1天；旷工另按半天计，不从实出勤中扣除。"
