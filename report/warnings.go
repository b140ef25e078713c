package report

// What a reader of the lists should worry about.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/rules"
)

// The codes of warnings.
const (
	WarnGap            = "gap"
	WarnSealUnreadable = "seal_unreadable"
	WarnSealIncomplete = "seal_incomplete"
	WarnCalendar       = "calendar_missing"
	WarnTerminalSilent = "terminal_silent"
	WarnTerminalClock  = "terminal_clock"
	WarnRosterWindow   = "roster_window"
	WarnRosterClass    = "roster_class"
	WarnRosterGroup    = "roster_group"
	WarnRosterAlias    = "roster_alias"
	WarnRosterID       = "roster_id"
	WarnNoData         = "no_data"
	WarnUnmanned       = "window_unmanned"
	WarnUnapproved     = "correction_unapproved"
	WarnTooLate        = "correction_late"
	WarnAfterSeal      = "correction_sealed"
	WarnQuota          = "correction_quota"
	WarnRulingUndated  = "ruling_undated"
	WarnCases          = "cases_on_time"
	WarnDead           = "dead_many"
)

// warnings are listed the gravest first, those of one code by uid.
func (c *compiler) warnings(seal sealing) []hall.Warning {
	return append([]hall.Warning{}, slices.Concat(c.warnGaps(), c.warnSeal(seal), c.warnCalendar(), c.warnNoData(), c.warnSilent(),
		c.warnClocks(), c.warnRoster(), c.warnAliases(), c.warnUnmanned(), c.warnCorrections(), c.warnRulings(), c.warnCases(), c.warnDead())...)
}

func (c *compiler) warnGaps() []hall.Warning {
	var list []hall.Warning
	for _, g := range c.question.Gaps {
		list = append(list, hall.Warning{Code: WarnGap,
			Text: fmt.Sprintf("第%d至%d号事件已丢失并经确认接受：%s。涉及这些事件的结果可能不完整。", g.From, g.To, g.Reason)})
	}
	return list
}

func (c *compiler) warnSeal(seal sealing) []hall.Warning {
	var list []hall.Warning
	if seal.unreadable() {
		list = append(list, hall.Warning{Code: WarnSealUnreadable, UID: hall.Name(seal.last.UID),
			Text: fmt.Sprintf("第%d号封账的内容无法读取，不能列出封账之后的变动；请用 rollcall verify 核对。", seal.last.Number)})
	}
	for _, number := range seal.lacking {
		list = append(list, hall.Warning{Code: WarnSealIncomplete,
			Text: fmt.Sprintf("第%d号封账的内容不完整，视为未封账；请重新封账。", number)})
	}
	return list
}

func (c *compiler) warnCalendar() []hall.Warning {
	var list []hall.Warning
	for _, year := range c.month.CalendarMissing {
		list = append(list, hall.Warning{Code: WarnCalendar,
			Text: fmt.Sprintf("没有%d年的法定节假日安排，工作日只按周末和本大厅的规定推算；请用 rollcall calendar import 导入后再封账。", year)})
	}
	return list
}

func (c *compiler) warnDead() []hall.Warning {
	if len(c.log.Dead) < mostDead {
		return nil
	}
	return []hall.Warning{{Code: WarnDead,
		Text: fmt.Sprintf("无法识别的事件已有%d条，清单只列到这里；全部见 rollcall deadletters list，并请查明是谁在发送。", mostDead)}}
}

// warnNoData tells of a month in which nobody punched and nobody noted anything: its
// scores say nothing, and may make winners.
func (c *compiler) warnNoData() []hall.Warning {
	if c.recorded() {
		return nil
	}
	return []hall.Warning{{Code: WarnNoData, Text: "本月没有任何打卡和巡查记录，得分、名次和评定均无依据；请先核对月份、大厅和考勤机。"}}
}

// warnSilent names terminals in which a pending punch may still lie, since they
// have shown nothing as late as its planned time, and those that were heard in
// the month and have shown nothing since the beginning of the last workday whose
// bands have closed.
func (c *compiler) warnSilent() []hall.Warning {
	silent := map[string]bool{}
	shown := c.book.Shown()
	for _, day := range c.month.Days {
		for i := range day.Planned {
			p := &day.Planned[i]
			for _, terminal := range p.WaitsFor() {
				if shown[terminal] < day.Date.At(p.Due, c.book.Zone()) {
					silent[terminal] = true
				}
			}
		}
	}
	begin := c.lastClosed()
	for terminal, at := range shown {
		if at < begin && c.month.Month.Contains(c.dateOf(at)) {
			silent[terminal] = true
		}
	}
	c.dropRetired(silent)
	var list []hall.Warning
	for _, terminal := range slices.Sorted(maps.Keys(silent)) {
		since := "一直没有数据"
		if at := shown[terminal]; at != 0 {
			since = "自" + at.Time().In(c.book.Zone()).Format("1月2日15:04") + "之后没有数据"
		}
		list = append(list, hall.Warning{Code: WarnTerminalSilent,
			Text: fmt.Sprintf("考勤机%s%s，其后的缺卡可能是数据未上传；请检查该机，停用的请登记停用。", terminal, since)})
	}
	return list
}

// lastClosed is the first planned punch of the last day of the month on which a
// band has closed at as_of, 0 if there is none.
func (c *compiler) lastClosed() hall.Instant {
	var last *rules.Day
	for _, day := range c.month.Days {
		if len(day.Planned) > 0 && (last == nil || day.Date > last.Date) && day.Planned[len(day.Planned)-1].Closes <= c.month.AsOf {
			last = day
		}
	}
	if last == nil {
		return 0
	}
	return last.Date.At(last.Planned[0].At, c.book.Zone())
}

func (c *compiler) dropRetired(terminals map[string]bool) {
	for _, t := range c.book.Words().TerminalStates() {
		if t.Retired {
			delete(terminals, t.Terminal)
		}
	}
}

// clockTolerance is how much later than its receipt a punch may have been made.
const clockTolerance = hall.Instant(2 * time.Minute / time.Second)

// warnClocks names terminals whose punches were made after they were received.
func (c *compiler) warnClocks() []hall.Warning {
	type fault struct {
		count int
		worst hall.Instant
		first hall.Head
	}
	faults := map[string]*fault{}
	f := c.book.Facts()
	for i := range f.Punches {
		p := &f.Punches[i]
		ahead := p.Time - p.ReceivedAt
		if p.ReceivedAt == 0 || ahead <= clockTolerance || !c.month.Month.Contains(c.dateOf(p.Time)) {
			continue
		}
		if faults[p.Terminal] == nil {
			faults[p.Terminal] = &fault{first: p.Head}
		}
		t := faults[p.Terminal]
		t.count++
		t.worst = max(t.worst, ahead)
		if p.Before(t.first) {
			t.first = p.Head
		}
	}
	var list []hall.Warning
	for _, terminal := range slices.Sorted(maps.Keys(faults)) {
		t := faults[terminal]
		list = append(list, hall.Warning{Code: WarnTerminalClock, UID: hall.Name(t.first.UID),
			Text: fmt.Sprintf("考勤机%s有%d次打卡的时间晚于接收时间，最多相差%d分钟；请校准时钟，并核对这些打卡。", terminal, t.count, t.worst/60)})
	}
	return list
}

// warnRoster names rows of the month whose window, class or group the policy does not
// know, and whose person's id is confused with a window.
func (c *compiler) warnRoster() []hall.Warning {
	var list []hall.Warning
	for _, person := range c.book.People() {
		for _, row := range c.book.Rows(person) {
			if row.From > c.month.Month.Last() || row.Until != 0 && row.Until < c.month.Month.First() {
				continue
			}
			list = append(list, c.warnRow(&row)...)
		}
	}
	slices.SortStableFunc(list, func(a, b hall.Warning) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.UID, b.UID)) })
	return list
}

func (c *compiler) warnRow(row *hall.Roster) []hall.Warning {
	var list []hall.Warning
	for _, says := range []struct {
		code, what, value string
		named             func(*hall.Policy) bool
	}{
		{WarnRosterWindow, "窗口", string(row.Window), func(p *hall.Policy) bool { return p.Window(row.Window) != nil }},
		{WarnRosterClass, "人员类别", row.Class, func(p *hall.Policy) bool { return p.Class(row.Class) != nil }},
		{WarnRosterGroup, "考勤组", row.Group, func(p *hall.Policy) bool { return row.Group == "" || p.HasGroup(row.Group) }},
	} {
		if where := c.missingIn(row, says.named); where != "" {
			list = append(list, hall.Warning{Code: says.code, UID: hall.Name(row.UID),
				Text: fmt.Sprintf("花名册中%s（%s）的%s“%s”在%s没有，请更正花名册或办法。", row.Name, row.Person, says.what, says.value, where)})
		}
	}
	if w := c.confused(row.Person); w != nil {
		list = append(list, hall.Warning{Code: WarnRosterID, UID: hall.Name(row.UID),
			Text: fmt.Sprintf("花名册中%s的编号“%s”与%s（%s）的违规编号写法相同：同日同类的违规会并成一条，裁定也分不清对谁；请给此人换一个不以@开头的编号。",
				row.Name, row.Person, w.Name, w.ID)})
	}
	return list
}

// missingIn says where what a row says is missing: in all versions of the policy, or in one
// that governs a day of the row in the month; "" = nowhere.
func (c *compiler) missingIn(row *hall.Roster, named func(*hall.Policy) bool) string {
	if !c.anyPolicy(named) {
		return "任何一版考勤办法中都"
	}
	first, last := max(row.From, c.month.Month.First()), c.month.Month.Last()
	if row.Until != 0 {
		last = min(row.Until, last)
	}
	versions := c.book.Policies()
	for i := range versions {
		begins := versions[i].Policy.Effective
		replaced := i+1 < len(versions) && versions[i+1].Policy.Effective <= first
		if !replaced && begins <= last && !named(versions[i].Policy) {
			return begins.String() + "起施行的考勤办法中"
		}
	}
	return ""
}

// confused returns the window, its stand-ins and unnamed people among it, whose
// violations have the ids of a person's: both are one line where they meet.
func (c *compiler) confused(person hall.PersonID) (window *hall.Window) {
	id, behindAt := strings.CutPrefix(string(person), "@")
	if !behindAt {
		return nil
	}
	id = strings.TrimSuffix(strings.TrimSuffix(id, "+"), "*")
	c.anyPolicy(func(p *hall.Policy) bool {
		window = p.Window(hall.WindowID(id))
		return window != nil
	})
	return window
}

// warnAliases names people who go by one number on the same days: the punches of
// all of them are one person's, and the others seem absent.
func (c *compiler) warnAliases() []hall.Warning {
	var list []hall.Warning
	for _, clash := range c.book.Clashes(c.month.Month) {
		who := func(row *hall.Roster) string { return fmt.Sprintf("%s（%s）", row.Name, row.Person) }
		var others []string
		for i := range clash.Others {
			others = append(others, who(&clash.Others[i]))
		}
		days := dayTitle(clash.From)
		if clash.Until > clash.From {
			days += "至" + dayTitle(clash.Until)
		}
		list = append(list, hall.Warning{Code: WarnRosterAlias, UID: hall.Name(clash.Holder.UID),
			Text: fmt.Sprintf("%s，%s与%s共用工号或别名“%s”，用它打的卡全部算作%s的，其他人会因此缺卡或旷工；请更正花名册。",
				days, who(&clash.Holder), strings.Join(others, "、"), clash.Alias, who(&clash.Holder))})
	}
	return list
}

// warnUnmanned names the windows that are scored without anybody's score: they have
// the base and may win with it.
func (c *compiler) warnUnmanned() []hall.Warning {
	var names []string
	windows := slices.SortedFunc(slices.Values(c.assessed().Windows), func(a, b rules.Window) int { return c.compareWindows(a.Window, b.Window) })
	for i := range windows {
		if len(windows[i].Staff) == 0 {
			names = append(names, windows[i].Name)
		}
	}
	if len(names) == 0 || len(names) == len(windows) {
		return nil // or nobody is ranked at all
	}
	return []hall.Warning{{Code: WarnUnmanned, Text: fmt.Sprintf("没有参加排名的人员、人均得分按基础分计的窗口：%s；不应参加考评的，请在办法中写明 assessed: false。", strings.Join(names, "、"))}}
}

func (c *compiler) anyPolicy(has func(*hall.Policy) bool) bool {
	return slices.ContainsFunc(c.book.Policies(), func(v hall.PolicyEvent) bool { return has(v.Policy) })
}

// warnCorrections names those that have no effect though somebody wants them to.
func (c *compiler) warnCorrections() []hall.Warning {
	var list []hall.Warning
	for i := range c.month.Corrections {
		f := &c.month.Corrections[i]
		if code, why := fateWarning(f.Fate); code != "" {
			list = append(list, hall.Warning{Code: code, UID: hall.Name(f.UID),
				Text: fmt.Sprintf("%s（%s）%s的补卡不作数：%s。", c.place(f.Person).Name, f.Person, dayTitle(f.Date), why)})
		}
	}
	slices.SortStableFunc(list, func(a, b hall.Warning) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.UID, b.UID)) })
	return list
}

func fateWarning(fate string) (code, why string) {
	switch fate {
	case rules.CorrectionUnapproved:
		return WarnUnapproved, fateText(fate)
	case rules.CorrectionLate:
		return WarnTooLate, fateText(fate)
	case rules.CorrectionSealed:
		return WarnAfterSeal, fateText(fate)
	case rules.CorrectionQuota:
		return WarnQuota, fateText(fate)
	}
	return "", ""
}

// fateText says what became of a correction.
func fateText(fate string) string {
	switch fate {
	case rules.CorrectionCounts:
		return "有效"
	case rules.CorrectionUnapproved:
		return "未经批准"
	case rules.CorrectionLate:
		return "超过规定的补卡期限"
	case rules.CorrectionSealed:
		return "在本月首次封账之后提出"
	case rules.CorrectionQuota:
		return "超过本月本人原因补卡的次数"
	case rules.CorrectionIdle:
		return "没有可补的缺卡、迟到或早退，不占次数"
	}
	return fate
}

// warnRulings names rulings on unknown events that say no date, so that they
// stand in every month.
func (c *compiler) warnRulings() []hall.Warning {
	var list []hall.Warning
	for _, u := range c.month.Unresolved {
		if u.Reason != hall.UnresolvedEvent {
			continue
		}
		i := slices.IndexFunc(c.all.Rulings, func(r hall.Ruling) bool { return r.UID == u.UID })
		if i < 0 || c.all.Rulings[i].Date != 0 {
			continue
		}
		list = append(list, hall.Warning{Code: WarnRulingUndated, UID: hall.Name(u.UID),
			Text: fmt.Sprintf("裁定所指的“%s”不存在，也没有写明日期，因此列在每个月；请就同一编号再作一次写明日期的裁定。", u.Value)})
	}
	return list
}

// dayTitle writes `11月4日`.
func dayTitle(d hall.Date) string {
	t := d.Midnight()
	return fmt.Sprintf("%d月%d日", int(t.Month()), t.Day())
}

// warnCases names case volumes of which more were on time than completed: the edges
// take them with a word.
func (c *compiler) warnCases() []hall.Warning {
	var list []hall.Warning
	for _, e := range c.book.Facts().CasesFigures() { // by uid
		if e.Month == c.month.Month && e.OnTime > e.Completed {
			list = append(list, hall.Warning{Code: WarnCases, UID: hall.Name(e.UID),
				Text: fmt.Sprintf("办件量%s的按时办结%d件多于办结%d件，按时办结率不可信；请更正后重报。", e.UID, e.OnTime, e.Completed)})
		}
	}
	return list
}
