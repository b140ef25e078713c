package rules

// The rules as values: what a supervisor reads in `rollcall policy rules` is
// what Judge walks through.

import (
	"slices"

	"rollcall/hall"
)

// Text is said in Chinese and in English.
type Text struct{ Zh, En string }

// Rule is one rule of the judgement with its own documentation.
type Rule struct {
	ID     string
	Title  Text
	Text   Text
	Clause string // what the rules of halls call it
	Since  string // version of rollcall

	// find looks at an edge of a session whose band is closed and says whether
	// the rule is broken. It is nil for rules that Settle and Assess apply.
	find func(s *stretch, e *Planned) bool
}

// stretch is a session of a day with its planned punches.
type stretch struct {
	session        *hall.Session
	policy         *hall.Policy
	in, out        *Planned  // nil where none is planned
	edges          []Planned // those of the two that are planned
	halfDayMinutes int       // from which late or early is half a day, 0 = never
}

// late minutes of a start, early minutes of an end; 0 without a punch or within
// the grace.
func offMinutes(e *Planned) int {
	if e.Punch == nil {
		return 0
	}
	off := int(e.Punch.At.Minute()-e.Due) / 60
	if e.Edge == hall.EdgeOut {
		off = -off
	}
	if off <= e.Grace {
		return 0
	}
	return off
}

var halfDayAbsence = Rule{
	ID:     hall.HalfDayAbsence,
	Title:  Text{"半天旷工", "half-day absence"},
	Clause: "迟到或早退达到规定分钟数的，按旷工半天计",
	Text: Text{
		"迟到或早退的分钟数（从规定时间算起，而非从宽限之后算起）达到 half_day_absence.from 的，按旷工半天计。",
		"Late or early by at least half_day_absence.from minutes, counted from the planned time and not from the end of the grace.",
	},
	Since: "0.1",
	find: func(s *stretch, e *Planned) bool {
		return s.halfDayMinutes > 0 && offMinutes(e) >= s.halfDayMinutes
	},
}

var late = Rule{
	ID:     hall.Late,
	Title:  Text{"迟到", "late arrival"},
	Clause: "上下班刷脸考勤",
	Text: Text{
		"上班打卡晚于规定时间且超过宽限分钟数。秒不计：08:30:59 视为 08:30。分钟数从规定时间算起；请假后应到时间为请假结束时间。",
		"The punch of a start is later than its planned time by more than the grace. Seconds are cut: 08:30:59 is 08:30. Minutes count from the planned time, which leave may have moved.",
	},
	Since: "0.1",
	find:  func(_ *stretch, e *Planned) bool { return e.Edge == hall.EdgeIn && offMinutes(e) > 0 },
}

var earlyLeave = Rule{
	ID:     hall.EarlyLeave,
	Title:  Text{"早退", "early leave"},
	Clause: "上下班刷脸考勤",
	Text: Text{
		"下班打卡早于规定时间且超过宽限分钟数；同一时段内有多次打卡的，以最晚一次为准。",
		"The last punch of an end is earlier than its planned time by more than the grace.",
	},
	Since: "0.1",
	find:  func(_ *stretch, e *Planned) bool { return e.Edge == hall.EdgeOut && offMinutes(e) > 0 },
}

var absence = Rule{
	ID:     hall.Absence,
	Title:  Text{"旷工", "absence"},
	Clause: "无打卡、无请假的，按旷工计",
	Text: Text{
		"一个时段上下班均应打卡而均无打卡、无补卡，且均未因请假或免打卡而取消的，记旷工一次。",
		"A session with both punches planned, neither of them removed by leave or an excuse, and no punch or correction for either.",
	},
	Since: "0.1",
	find: func(s *stretch, _ *Planned) bool {
		return s.in != nil && s.out != nil && lacks(s.in) && lacks(s.out)
	},
}

var missingPunch = Rule{
	ID:     hall.MissingPunch,
	Title:  Text{"缺卡", "missing punch"},
	Clause: "上下班刷脸考勤",
	Text: Text{
		"应打卡而有效时段内无打卡、无补卡，且未因请假或免打卡而取消的，记缺卡。",
		"A planned punch without a punch or correction in its band that neither leave nor an excuse removed.",
	},
	Since: "0.1",
	find:  func(_ *stretch, e *Planned) bool { return lacks(e) },
}

// lacks reports whether an edge has no punch and its time for one is over.
func lacks(e *Planned) bool { return e.Punch == nil && !e.Removed && e.Verdict != hall.Pending }

// All are the rules, in the order in which an edge is asked: of several
// offences the severest stands. Those without find are applied over the session
// or the month.
var All = []Rule{absence, halfDayAbsence, missingPunch, earlyLeave, late,
	leaveCovers, excuseRemoves, stillPending, oneOffence, sessionCap, finding, contradiction, ruled,
	correctionMends, tolerated, repeated, sharedByChief, categoryCap, fullAttendance, ranked, vetoed}

// ofEdges are those that look at an edge.
var ofEdges = slices.DeleteFunc(slices.Clone(All), func(r Rule) bool { return r.find == nil })

var leaveCovers = Rule{
	ID: "leave", Title: Text{"请假", "leave"}, Since: "0.1", Clause: "请假、公差、外出按规定报备",
	Text: Text{
		"请假覆盖整个时段的，该时段无需打卡；只覆盖一端的，该端应打卡时间移至请假的另一端，打卡有效时段不变；在时段中间的，不作变动。重叠或首尾相接的请假合并计算。",
		"Leave over a whole session removes its punches; over one edge it moves that planned punch to the other end of the leave, which keeps its band; strictly inside it moves nothing. Leaves that overlap or touch are one.",
	},
}

var excuseRemoves = Rule{
	ID: "excuse", Title: Text{"免打卡", "excuse"}, Since: "0.1", Clause: "考勤机故障、停电等",
	Text: Text{
		"免打卡时段内的应打卡一律取消（以请假移动后的时间为准）；巡查发现的问题不受影响。",
		"Planned punches inside an excuse, where leave has put them, need no punch. What inspectors saw stands.",
	},
}

var stillPending = Rule{
	ID: "pending", Title: Text{"待定", "pending"}, Since: "0.1", Clause: "考勤机离线",
	Text: Text{
		"打卡有效时段尚未结束的，或结束后 terminals.wait 之内仍有本大厅考勤机失联的，缺少的打卡与偏早的下班打卡均为待定：不算违规，不扣分，也不列入满勤。",
		"A missing punch, or an early one at an end, is pending until its band has closed and, for at most terminals.wait longer, while a terminal of the hall is silent. Pending costs nothing and is no full attendance.",
	},
}

var oneOffence = Rule{
	ID: "one_offence", Title: Text{"一端一项", "one offence an edge"}, Since: "0.1", Clause: "同一违规不重复扣分",
	Text: Text{
		"同一时段同一端的考勤违规，无论来自打卡还是巡查，只记最重的一项，各项凭证一并列出。",
		"One session edge has one punctuality offence, from terminal and inspector; the severest stands with all proofs.",
	},
}

var sessionCap = Rule{
	ID: "session_cap", Title: Text{"时段封顶", "session cap"}, Since: "0.1", Clause: "一个时段的考勤扣分不超过旷工",
	Text: Text{
		"同一人同一时段的考勤扣分合计不超过旷工的扣分，按先后顺序由后一项承担余额。",
		"A person's punctuality deductions of one session never exceed absence.points; in the order of the day the later one pays the rest.",
	},
}

var finding = Rule{
	ID: "finding", Title: Text{"巡查发现", "finding"}, Since: "0.1", Clause: "每天现场巡查",
	Text: Text{
		"同一对象、同一日期、同一时段、同一类型的发现，无论来源，合为一项违规，凭证并列。替岗人员的问题记在窗口名下，被顶岗人员不受影响。",
		"Findings of the same subject, date, session and kind are one violation with several proofs. A stand-in's offence is the window's, never that of the person stood in for.",
	},
}

var contradiction = Rule{
	ID: "contradiction", Title: Text{"存疑", "contradicted"}, Since: "0.1", Clause: "核实",
	Text: Text{
		"巡查记录与请假外出或休息日矛盾的，在确认之前不计；与按时打卡矛盾的，照计并标明。",
		"A finding against leave or a day off does not count until it is confirmed; against a punch in time it counts and is marked.",
	},
}

var ruled = Rule{
	ID: "ruling", Title: Text{"裁定", "ruling"}, Since: "0.1", Clause: "核实、申诉、复核",
	Text: Text{
		"驳回或撤销的凭证不再作数，没有凭证的违规随之取消；申诉期间维持原决定并标明。任何记录都不会被删除。",
		"A rejected or cancelled proof is taken away and a violation without proof falls; an appeal decides nothing. Nothing is erased.",
	},
}

var correctionMends = Rule{
	ID: "correction", Title: Text{"补卡", "correction"}, Since: "0.1", Clause: "考勤补签单",
	Text: Text{
		"补卡须经批准，在规定工作日内、首次封账之前提出；本人原因的每月有次数限制。只有确能改善当日结果的补卡才生效、才占次数。",
		"A correction must be approved, made within its workdays and before the month's first seal; own ones have a monthly quota. Only one that mends something counts.",
	},
}

var tolerated = Rule{
	ID: "tolerance", Title: Text{"容错", "tolerance"}, Since: "0.1", Clause: "每月前几次短时迟到不扣分",
	Text: Text{
		"每月前若干次、分钟数不超过规定的迟到早退不扣分，但仍影响满勤。",
		"The first short offences of a month cost nothing and still break full attendance.",
	},
}

var repeated = Rule{
	ID: "repeat", Title: Text{"重犯加重", "repeat"}, Since: "0.1", Clause: "多次违规加倍扣分",
	Text: Text{
		"当月超过规定次数之后的同类违规，扣分乘以系数；已容错的不计次数。",
		"From the offence after so many of a month on, points are multiplied; tolerated ones are not counted.",
	},
}

var sharedByChief = Rule{
	ID: "shared", Title: Text{"首席代表连带", "shared deduction"}, Since: "0.1", Clause: "首席代表连带扣分",
	Text: Text{
		"当日该窗口的首席代表按比例连带扣分（以加重后的分数计）；本人的违规不连带本人。",
		"Each chief representative of the window that day pays a share of the points after factors; nobody for their own offence.",
	},
}

var categoryCap = Rule{
	ID: "category", Title: Text{"扣完为止", "category"}, Since: "0.1", Clause: "扣完为止",
	Text: Text{
		"同一类别的扣分合计以该类别的上限为止。",
		"The deductions of a category stop at its maximum.",
	},
}

var fullAttendance = Rule{
	ID: "full_attendance", Title: Text{"满勤", "full attendance"}, Since: "0.1", Clause: "无迟到早退、无请假、无缺卡",
	Text: Text{
		"当月每个工作日均在岗册且属应打卡人员、至少应出勤一次、没有待定、没有成立的考勤违规、没有影响满勤的请假。",
		"On the roster in a punching class on every workday, due at least once, nothing pending, no punctuality violation that stands and no leave that breaks it.",
	},
}

var ranked = Rule{
	ID: "rank", Title: Text{"排名", "rank"}, Since: "0.1", Clause: "考核排名",
	Text: Text{
		"按得分（四位小数）从高到低排名，同分先看办法规定的比较项，再同则并列。不参加排名的人员列明原因。",
		"By score with four decimals, then the tie-breakers of the policy, then the same rank. Who is left out is listed with the reason.",
	},
}

var vetoed = Rule{
	ID: "veto", Title: Text{"一票否决", "veto"}, Since: "0.1", Clause: "一票否决",
	Text: Text{
		"窗口名下有一票否决的违规的，名次不变，评先资格顺延给下一名。办法规定管当季或当年的（veto_for），本季、本年以前月份的违规同样算，以目前成立的为准。",
		"A window with a vetoing violation keeps its rank and loses the award to the next. A veto for a quarter or a year (veto_for) also keeps the window from the awards of the months of that quarter or year that follow, as long as the violation stands.",
	},
}
