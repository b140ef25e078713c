package report

// What readers call the fields of a report, where a change names them.

import "cmp"

// fieldTitle is what readers call a field of a list, "" for a key that is no field.
func fieldTitle(list, key string) string {
	return cmp.Or(fieldTitles[list+"."+key], fieldTitles[key])
}

// fieldTitles hold a title for every field, and behind its list for one that means
// something else there.
var fieldTitles = map[string]string{
	// who, when and what
	"id": "编号", "uid": "事件", "date": "日期", "time": "时间", "person": "人员", "persons": "人员", "name": "名称", "window": "窗口", "windows": "窗口",
	"class": "类别", "session": "时段", "edge": "上班或下班", "kind": "类型", "number": "窗口号", "unit": "单位", "title": "称号", "from": "起始日期", "until": "期限",
	// violations, and what decides them
	"violation": "违规", "violations": "违规", "unnamed": "未具名人数", "stand_in": "替岗人员", "minutes": "分钟", "points": "扣分", "state": "状态",
	"marks": "标记", "proofs": "凭证", "clause": "依据", "sources": "来源", "noted": "巡查时间", "inspectors": "巡查人", "notes": "情形", "shares": "连带扣分",
	"rectify_by": "整改期限", "rectified": "整改", "due": "应打卡", "at": "实打卡", "on": "对象", "ruling": "裁定", "by": "决定人", "reason": "理由",
	"steps": "经过", "open": "可申诉", "rejected.at": "裁定时间", "appeals.steps.at": "裁定时间", "rejected.line": "违规",
	// the sheet and the days
	"workdays": "工作日", "due_days": "应出勤", "attended_days": "实出勤", "late": "迟到", "late_minutes": "迟到分钟", "early_leave": "早退", "early_minutes": "早退分钟",
	"missing_in": "上班缺卡", "missing_out": "下班缺卡", "corrected": "补卡", "half_day_absence": "半天旷工", "absence": "旷工", "absent_days": "旷工天数",
	"leave": "请假天数", "leaves": "请假", "full_attendance": "满勤", "stand_ins": "替岗", "signs": "每日", "places": "所在窗口", "days": "天数", "times": "次数",
	"timetable": "作息时间", "punches": "打卡", "verdict": "结果", "covered_by": "请假",
	// punches and patrol notes
	"terminal": "考勤机", "method": "方式", "raw": "原编号", "counts": "计入", "inspector": "巡查人", "note": "情形", "evidence": "附件", "channel": "来源",
	"ruled_by": "裁定人",
	// scores, ranks and awards
	"deductions": "扣分", "bonus": "加分", "score": "得分", "rank": "名次", "tied": "并列", "staff_mean": "人均得分", "award": "评定", "ranked": "参加排名",
	"left_out": "不参加排名", "top": "前列", "bottom": "末位", "taken": "获评", "count": "次数", "awards.by": "评定",
	// cases and figures
	"total": "受理总数", "previous": "上月受理", "previous_missing": "上月未报送", "growth_percent": "增长%", "on_time_percent": "按时办结率%",
	"share_percent": "占比%", "accepted": "受理", "completed": "办结", "on_time": "按时办结", "reported": "已报送", "missing": "未报送", "category": "类别",
	"categories": "类别", "cases.top": "前列窗口", "value": "数值", "of": "总数", "section": "部分", "items": "段落",
	// what the log holds
	"conflicts.counts": "计入的内容", "others": "不计入的内容", "line": "行", "sequence": "序号", "subject": "主题", "field": "字段", "code": "提醒类别", "text": "内容",
	// what things are called
	"people": "人员", "kinds": "类型", "classes": "人员类别", "sessions": "时段", "sign": "符号", "apart": "单独排名的类别", "bulletin": "通报",
	"names.award": "评先称号", "names.top": "前列人数", "names.bottom": "末位人数", "issuer": "发文单位", "addressee": "主送单位", "intro": "导语", "parts": "组成部分",
	"titles": "标题", "sentences": "语句", "figures": "指标", "sentence": "语句", "joint": "联合窗口",
}
