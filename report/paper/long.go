package paper

// The long lists: the days, the raw punches, the patrol log; the monthly sheet is
// in sheet.go.

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

func daysTable(p *page) Table {
	t := Table{Columns: slices.Concat(dates("日期"), words("窗口", "姓名", "时段", "打卡"), clocks("应打卡", "实打卡"), words("结果"), numbers("分钟"),
		words("补卡"), inner(words("关联单据")), references("凭证", "编号"))}
	for _, d := range p.Days {
		for _, e := range d.Punches {
			t.Rows = append(t.Rows, []string{d.Date.String(), p.window(p.place[d.Person]), p.person(d.Person), p.session(e.Session), word(e.Edge),
				e.Due, string(e.At), p.verdict(e.Verdict), count(e.Minutes), yes(e.Corrected), string(e.CoveredBy), uids(e.Proofs), string(d.Person)})
		}
	}
	return t
}

func punchesTable(p *page) Table {
	t := Table{Columns: slices.Concat(moments("时间"), words("窗口", "姓名", "人员", "终端编号", "终端", "方式", "计入"), references("事件"))}
	for _, r := range p.Punches {
		where, who := "", ""
		if r.Person != "" {
			id := hall.PersonID(r.Person)
			where, who = p.window(p.place[id]), p.person(id)
		}
		t.Rows = append(t.Rows, []string{clock(r.Time), where, who, string(r.Person), string(r.Raw), r.Terminal, word(string(r.Method)),
			yes(r.Counts), string(r.UID)})
	}
	return t
}

// clock writes an RFC 3339 time with its seconds: `2020-11-30 08:21:07`.
func clock(rfc3339 string) string {
	date, rest, _ := strings.Cut(rfc3339, "T")
	if len(rest) < len("08:21:07") {
		return rfc3339
	}
	return date + " " + rest[:len("08:21:07")]
}

func patrolTable(p *page) Table {
	t := Table{Columns: slices.Concat(numbers("序号"), dates("日期"), clocks("起", "止"), inner(words("巡查人")), words("窗口", "对象", "发现", "来源"),
		inner(words("情形")), words("状态"), wide(inner(words("裁定人", "处理意见"))), wide(words("责任单位", "整改")), inner(words("证据")),
		wide(references("违规编号")), references("事件"))}
	for i := range p.Patrol {
		e := &p.Patrol[i]
		date, from := dateAndClock(e.Time)
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), date, from, p.until(e), p.inspector(e.Inspector), p.window(hall.WindowID(e.Window)), p.noted(e),
			p.finding(e.Kind), channelOf(e), string(e.Note), word(string(e.State)), p.inspector(string(e.RuledBy)), string(e.Reason), p.unit(e), rectification(e.RectifyBy, e.Rectified),
			strings.Join(e.Evidence, " "), string(e.Violation), string(e.UID)})
	}
	return t
}

// finding names what a note found.
func (p *page) finding(kind string) string {
	if kind == hall.PatrolClear || kind == hall.PatrolPraise {
		return word(kind)
	}
	return p.kind(kind)
}

func channelOf(e *hall.PatrolEntry) string {
	return word(cmp.Or(string(e.Channel), string(hall.KindPatrol)))
}

// until is when a patrol ended, with the date where that is another one.
func (p *page) until(e *hall.PatrolEntry) string {
	began, _ := dateAndClock(e.Time)
	date, at := dateAndClock(string(e.Until))
	switch {
	case at == "":
		return date // a date alone, or nothing
	case date != began:
		return date + " " + at
	}
	return at
}

// inspector names who noted or decided something, by id where nobody of that id is
// known.
func (p *page) inspector(id string) string {
	if name := p.Names.People[hall.PersonID(id)]; name != "" {
		return name
	}
	return id
}

// unit is the stationed unit that answers for a note: that of the window, or of
// the person's window.
func (p *page) unit(e *hall.PatrolEntry) string {
	id := hall.WindowID(e.Window)
	if id == "" {
		id = p.place[hall.PersonID(e.Person)]
	}
	return string(p.windows[id].Unit)
}

// noted says whom a note speaks of.
func (p *page) noted(e *hall.PatrolEntry) string {
	var parts []string
	if e.Person != "" {
		parts = append(parts, p.person(hall.PersonID(e.Person)))
	}
	if e.StandIn {
		parts = append(parts, "替岗人员")
	}
	if e.Unnamed > 0 {
		parts = append(parts, "未具名"+strconv.Itoa(e.Unnamed)+"人")
	}
	if e.StandIn && e.Person != "" {
		return "替岗人员（顶替" + parts[0] + "）"
	}
	return strings.Join(parts, "、")
}
