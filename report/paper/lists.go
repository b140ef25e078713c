package paper

// The lists of a month, each with its columns and what is said when it is empty.

import "rollcall/hall"

// List is one of the lists of a month.
type List struct {
	Name  string // as --list takes it
	Title string // Chinese
	Paper string // what it is called on paper, "" = Title
	Key   string // in JSON
	Long  bool   // only written when it is asked for
	Inner bool   // for the office alone, never posted
	Nil   string // what is said of an empty one

	of    func(r *hall.Report) (value any, lines int) // as JSON has it
	also  []related                                   // what JSON has beside it
	table func(p *page) Table                         // as rows and columns: csv, workbooks, pages
	say   func(p *page) []string                      // in words, before the table; nil = nothing
	prose bool                                        // text needs no table, the words say it all
	page  func(p *page) Table                         // what text shows in place of table; nil = table without its wide columns
}

// related is a list that stands beside another one in JSON.
type related struct {
	key string
	of  func(r *hall.Report) (value any, lines int)
}

// Lists are the lists, in the order in which they are printed.
var Lists = []List{
	{Name: "full-attendance", Title: "满勤", Paper: "满勤人员", Key: "full_attendance", Nil: "本月无满勤人员。",
		of:    lines(func(r *hall.Report) []hall.FullAttendance { return r.FullAttendance }),
		table: fullAttendanceTable, say: sayFullAttendance, prose: true},
	{Name: "violations", Title: "违规", Paper: "违规通报表", Key: "violations", Nil: "本月无违规。",
		of:    lines(func(r *hall.Report) []hall.Violation { return r.Violations }),
		table: violationsTable, say: sayViolations, prose: true},
	{Name: "pending", Title: "待定", Key: "pending", Inner: true, Nil: "无待定的打卡。",
		of:    lines(func(r *hall.Report) []hall.PendingPunch { return r.Pending }),
		table: pendingTable, page: duePending, say: sayPending},
	{Name: "contested", Title: "存疑", Key: "contested", Inner: true, Nil: "无存疑的巡查记录。",
		of:    lines(func(r *hall.Report) []hall.Violation { return r.Contested }),
		table: contestedTable, say: sayContested, prose: true},
	{Name: "staff", Title: "人员考核", Paper: "人员排名", Key: "staff", Nil: "本月无考核人员。",
		of:    lines(func(r *hall.Report) []hall.StaffScore { return r.Staff }),
		also:  []related{{"ranking", lines(func(r *hall.Report) []hall.Ranking { return r.Ranking })}},
		table: staffPaper, page: staffTable, say: sayStaff},
	{Name: "windows", Title: "窗口考评", Paper: "量化考评表", Key: "windows", Nil: "本月无考评窗口。",
		of: lines(func(r *hall.Report) []hall.WindowScore { return r.Windows }),
		also: []related{{"awards", lines(func(r *hall.Report) []hall.Awarded { return r.Awards })},
			{"vetoes", lines(func(r *hall.Report) []hall.Veto { return r.Vetoes })}},
		table: windowsPaper, page: windowsTable, say: sayWindows},
	{Name: "bonus", Title: "加分", Key: "bonus", Nil: "本月无加分。",
		of:    lines(func(r *hall.Report) []hall.BonusLine { return r.Bonus }),
		table: bonusTable, say: sayBonus, prose: true},
	{Name: "cases", Title: "办件", Paper: "办件统计", Key: "cases", Nil: "本月未报送办件数据。",
		of:    casesValue,
		table: casesTable, say: sayCases},
	{Name: "figures", Title: "其他指标", Key: "figures", Nil: "本月未报送其他指标。",
		of:    lines(func(r *hall.Report) []hall.MonthFigure { return r.Figures }),
		also:  []related{{"texts", lines(func(r *hall.Report) []hall.Section { return r.Texts })}},
		table: figuresTable, say: sayFigures, prose: true},
	{Name: "unresolved", Title: "未解决", Key: "unresolved", Inner: true, Nil: "无未解决的事件。",
		of:    lines(func(r *hall.Report) []hall.Unresolved { return r.Unresolved }),
		table: unresolvedTable},
	{Name: "conflicts", Title: "冲突", Key: "conflicts", Inner: true, Nil: "无冲突的事件。",
		of:    lines(func(r *hall.Report) []hall.Conflict { return r.Conflicts }),
		table: conflictsTable},
	{Name: "dead", Title: "无法识别的事件", Key: "dead", Inner: true, Nil: "没有无法识别的事件。",
		of:    lines(func(r *hall.Report) []hall.DeadLetter { return r.Dead }),
		table: deadTable},
	{Name: "rejected", Title: "驳回与撤销", Key: "rejected", Inner: true, Nil: "无驳回或撤销的事项。",
		of:    lines(func(r *hall.Report) []hall.Struck { return r.Rejected }),
		table: rejectedTable},
	{Name: "appeals", Title: "申诉", Key: "appeals", Inner: true, Long: true, Nil: "本月无可申诉的事项。",
		of:    lines(func(r *hall.Report) []hall.Appeal { return r.Appeals }),
		table: appealsTable, say: sayAppeals},
	{Name: "warnings", Title: "提醒", Key: "warnings", Inner: true, Nil: "无提醒。",
		of:    lines(func(r *hall.Report) []hall.Warning { return r.Warnings }),
		table: warningsTable, say: sayWarnings, prose: true},
	{Name: "sheet", Title: "月度汇总", Key: "sheet", Long: true, Nil: "本月无在册人员。",
		of:    lines(func(r *hall.Report) []hall.SheetRow { return r.Sheet }),
		table: sheetTable, say: saySheet},
	{Name: "days", Title: "每日统计", Key: "days", Long: true, Nil: "本月无应打卡的人员。",
		of:    lines(func(r *hall.Report) []hall.PersonDay { return r.Days }),
		table: daysPaper, page: daysTable},
	{Name: "punches", Title: "原始记录", Key: "punches", Inner: true, Long: true, Nil: "本月无打卡记录。",
		of:    lines(func(r *hall.Report) []hall.PunchRecord { return r.Punches }),
		table: punchesTable},
	{Name: "patrol", Title: "巡查记录", Key: "patrol", Long: true, Nil: "本月无巡查记录。",
		of:    lines(func(r *hall.Report) []hall.PatrolEntry { return r.Patrol }),
		table: patrolTable},
	bulletinList,
}

// some makes an empty list of a nil one, which JSON would call null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func casesValue(r *hall.Report) (value any, size int) {
	c := r.Cases
	c.Top, c.Windows, c.Missing, c.PreviousMissing, c.Categories = some(c.Top), some(c.Windows), some(c.Missing), some(c.PreviousMissing), some(c.Categories)
	if !c.Reported {
		return c, 0
	}
	return c, max(1, len(c.Windows))
}

// lines makes the value of a list of a report.
func lines[T any](get func(*hall.Report) []T) func(*hall.Report) (any, int) {
	return func(r *hall.Report) (any, int) {
		list := get(r)
		return some(list), len(list)
	}
}
