package sheet

// What each kind of sheet may hold: a visible table in reading order.

import (
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
)

// Field is a column that a kind knows.
type Field struct {
	// Name is the field of the event, or a helper of which fields are made
	// (date of a punch).
	Name string
	// Headings are what files call it; the first is printed.
	Headings []string
	read     reading
	words    words // what the cells may say, in place of the words of the event
}

// Words are what the cells of the field may say in place of the words of the
// event.
func (f *Field) Words() map[string]string { return maps.Clone(f.words) }

// Kind is a kind of sheet.
type Kind struct {
	Kind   hall.Kind
	Zh     string // what users call such a sheet
	Fields []Field
	// Needs are the fields that must be there, of each group one at least.
	Needs [][]string
	// dated says that time is when it happened, so that each row must have it.
	dated bool
}

// words translate a cell.
type words map[string]string

var (
	methods = words{
		"人脸": "face", "人脸识别": "face", "刷脸": "face", "面部": "face", "刷卡": "card", "卡": "card", "ic卡": "card",
		"指纹": "fingerprint", "手机": "phone", "手工": "manual", "人工": "manual", "补录": "manual",
	}
	directions = words{
		"进": "in", "入": "in", "上班": "in", "签到": "in", "上班签到": "in", "上班打卡": "in",
		"出": "out", "下班": "out", "签退": "out", "下班签退": "out", "下班打卡": "out",
	}
	classes = words{
		"常驻": "resident", "常驻人员": "resident", "驻场人员": "resident", "借用": "seconded", "借用人员": "seconded",
		"企业": "enterprise", "企业人员": "enterprise", "综合窗口人员": "general", "后台": "back_office",
		"替岗": "stand_in", "替岗人员": "stand_in", "顶岗": "stand_in", "代岗": "stand_in", "管理": "manager", "管理人员": "manager",
	}
	roles = words{
		"首席代表": hall.RoleChiefRep, "窗口负责人": hall.RoleWindowLead, "负责人": hall.RoleWindowLead,
		"巡查人员": hall.RoleInspector, "巡查员": hall.RoleInspector,
	}
	leaveKinds = words{
		"年假": "annual", "年休假": "annual", "公休": "annual", "公休假": "annual", "事假": "personal", "病假": "sick",
		"婚假": "marriage", "产假": "maternity", "陪产假": "paternity", "育儿假": "childcare", "丧假": "bereavement",
		"探亲假": "home", "哺乳假": "nursing", "出差": "trip", "公差": "trip", "公假": "duty", "外出": "outing", "公出": "outing",
		"临时外出": "outing", "培训": "training", "执勤": "hall_duty", "调休": "in_lieu", "补休": "in_lieu",
	}
	findings = words{
		"正常": hall.PatrolClear, "无": hall.PatrolClear, "未发现问题": hall.PatrolClear, "表扬": hall.PatrolPraise, "迟到": hall.Late, "早退": hall.EarlyLeave,
		"缺卡": hall.MissingPunch, "旷工": hall.Absence,
	}
	channels = words{"巡查": "patrol", "现场巡查": "patrol", "视频": "video", "视频巡查": "video", "热线": "hotline", "投诉": "hotline", "12345": "hotline",
		"媒体": "press", "上级": "superior", "上级通报": "superior"}
	statuses = words{
		"申报": "claimed", "已申报": "claimed", "待核实": "claimed", "未核实": "claimed", "待审核": "claimed", "否": "claimed",
		"已核实": "verified", "核实": "verified", "已审核": "verified", "通过": "verified", "是": "verified",
	}
)

var (
	person = Field{Name: "person", read: readPerson, Headings: []string{"工号", "人员编号", "员工号", "员工工号", "员工编号",
		"职工编号", "考勤号", "考勤号码", "登记号码", "登记号", "用户编号", "用户id", "user id", "employee id", "employee no"}}
	name   = Field{Name: "name", read: readText, Headings: []string{"姓名", "员工姓名", "人员姓名"}}
	window = Field{Name: "window", read: readWindow, Headings: []string{"窗口", "窗口编号", "窗口名称", "窗口/单位", "窗口单位", "窗口名"}}
	// place is a window, or the hall as a whole where a row says 合计.
	place = Field{Name: "window", read: readPlace, Headings: window.Headings}
	month = Field{Name: "month", read: readMonth, Headings: []string{"月份", "统计月份", "年月"}}
	date  = Field{Name: "date", read: readDate, Headings: []string{"日期", "统计日期"}}
	id    = Field{Name: "id", read: readText, Headings: []string{"event id"}}
	made  = Field{Name: "time", read: readMoment, Headings: []string{"申请时间", "发起时间", "提交时间", "填表时间", "登记时间"}}
)

// Kinds are the kinds of sheets, in the order in which help names them.
var Kinds = []Kind{
	{Kind: hall.KindPunch, Zh: "打卡流水", dated: true, Needs: [][]string{{"person"}, {"time"}}, Fields: []Field{
		person,
		{Name: "time", read: readMoment, Headings: []string{"打卡时间", "考勤时间", "刷卡时间", "签到时间", "识别时间", "通行时间", "日期时间", "时间"}},
		{Name: "date", read: readDate, Headings: []string{"打卡日期", "考勤日期", "刷卡日期", "日期"}},
		{Name: "terminal", read: readText, Headings: []string{"考勤机", "设备号", "设备编号", "设备序列号", "设备名称", "设备", "终端", "机号", "机器号", "device", "device sn"}},
		{Name: "method", read: readWord, words: methods, Headings: []string{"打卡方式", "验证方式", "识别方式"}},
		{Name: "direction", read: readWord, words: directions, Headings: []string{"方向", "进出", "进出方向", "签到签退", "打卡类型"}},
		{Name: "seq", read: readText, Headings: []string{"流水号"}},
		id,
	}},
	{Kind: hall.KindRoster, Zh: "花名册", Needs: [][]string{{"person"}, {"name"}, {"window"}, {"class"}, {"from"}}, Fields: []Field{
		person, name, window,
		{Name: "class", read: readClass, words: classes, Headings: []string{"人员类别", "类别", "人员类型"}},
		{Name: "from", read: readDate, Headings: []string{"开始日期", "起始日期", "进驻日期", "生效日期", "入驻日期"}},
		{Name: "until", read: readDate, Headings: []string{"结束日期", "截止日期", "撤离日期"}},
		{Name: "group", read: readText, Headings: []string{"考勤组", "班组"}},
		{Name: "roles", read: readList, words: roles, Headings: []string{"角色", "职务", "岗位角色"}},
		{Name: "aliases", read: readList, Headings: []string{"别名", "考勤机编号", "机内编号"}},
		{Name: "sort_key", read: readText, Headings: []string{"排序", "排序号"}},
		made, id,
	}},
	{Kind: hall.KindLeave, Zh: "请假", Needs: [][]string{{"person"}, {"kind"}, {"from"}, {"until"}}, Fields: []Field{
		person,
		{Name: "kind", read: readLeaveKind, words: leaveKinds, Headings: []string{"请假类型", "假别", "请假类别", "类型", "假期类型"}},
		{Name: "from", read: readBound, Headings: []string{"开始时间", "起始时间", "请假开始时间", "开始日期"}},
		{Name: "until", read: readBound, Headings: []string{"结束时间", "截止时间", "请假结束时间", "结束日期"}},
		{Name: "approved_by", read: readText, Headings: []string{"审批人", "批准人"}},
		{Name: "note", read: readText, Headings: []string{"请假事由", "事由", "备注", "原因"}},
		made, id,
	}},
	{Kind: hall.KindStandIn, Zh: "替岗", Needs: [][]string{{"window"}, {"from"}, {"until"}}, Fields: []Field{
		window,
		{Name: "from", read: readBound, Headings: []string{"开始时间", "起始时间", "开始日期", "替岗开始时间"}},
		{Name: "until", read: readBound, Headings: []string{"结束时间", "截止时间", "结束日期", "替岗结束时间"}},
		{Name: "by", read: readPerson, Headings: []string{"替岗人员工号", "替岗人工号", "顶岗人员工号"}},
		{Name: "for", read: readPerson, Headings: []string{"被替岗人员工号", "被替岗人工号", "原岗人员工号"}},
		made, id,
	}},
	{Kind: hall.KindPatrol, Zh: "巡查记录", dated: true, Needs: [][]string{{"time"}, {"inspector"}, {"kind"}}, Fields: []Field{
		{Name: "time", read: readMoment, Headings: []string{"巡查时间", "发现时间", "时间"}},
		{Name: "date", read: readDate, Headings: []string{"巡查日期", "发现日期", "日期"}},
		{Name: "inspector", read: readText, Headings: []string{"巡查人", "巡查人员", "检查人", "检查人员"}},
		{Name: "kind", read: readFinding, words: findings, Headings: []string{"发现问题", "问题类型", "违规类型", "巡查结果"}},
		window, person,
		{Name: "stand_in", read: readFlag, Headings: []string{"是否替岗", "替岗人员", "替岗"}},
		{Name: "unnamed", read: readCount, Headings: []string{"未具名人数", "人数"}},
		{Name: "channel", read: readWord, words: channels, Headings: []string{"来源", "巡查方式"}},
		{Name: "note", read: readText, Headings: []string{"情形描述", "情形", "问题描述", "备注"}},
		{Name: "evidence", read: readList, Headings: []string{"证据", "证据编号"}},
		id,
	}},
	{Kind: hall.KindCases, Zh: "办件量", Needs: [][]string{{"month", "date"}, {"accepted"}, {"completed"}, {"on_time"}}, Fields: []Field{
		month, date, place,
		{Name: "category", read: readText, Headings: []string{"业务类别", "事项类型", "类别"}},
		{Name: "accepted", read: readCount, Headings: []string{"受理", "受理件", "受理量", "受理数", "受理件数", "受理业务量", "受理数量", "本月受理"}},
		{Name: "completed", read: readCount, Headings: []string{"办结", "办结件", "办结量", "办结数", "办结件数", "办结数量", "本月办结"}},
		{Name: "on_time", read: readCount, Headings: []string{"按时办结", "按期办结", "按时办结件", "按时办结数", "按时办结量", "按时办结件数", "按期办结件", "按期办结数", "按期办结件数"}},
		made, id,
	}},
	{Kind: hall.KindBonus, Zh: "加分", Needs: [][]string{{"month", "date"}, {"windows", "person"}, {"kind"}, {"count"}}, Fields: []Field{
		month, date,
		{Name: "windows", read: readWindows, Headings: window.Headings},
		person,
		{Name: "kind", read: readBonusKind, Headings: []string{"加分项", "加分类别", "加分类型", "加分事项", "服务类型", "服务项目"}},
		{Name: "count", read: readCount, Headings: []string{"件数", "次数", "数量", "件次"}},
		{Name: "status", read: readWord, words: statuses, Headings: []string{"状态", "核实状态", "是否核实"}},
		made, id,
	}},
	{Kind: hall.KindFigure, Zh: "其他指标", Needs: [][]string{{"month"}, {"name"}, {"value"}}, Fields: []Field{
		month,
		{Name: "name", read: readText, Headings: []string{"指标", "指标名称", "指标项"}},
		{Name: "value", read: readFigure, Headings: []string{"数值", "指标值", "完成值", "值"}},
		place,
		{Name: "unit", read: readText, Headings: []string{"单位", "计量单位"}},
		{Name: "of", read: readFigure, Headings: []string{"总数", "总计数", "满分", "参评数"}},
		made, id,
	}},
}

// replaces reports whether of two events about the same thing the later one holds;
// of the other kinds both count.
func (k *Kind) replaces() bool {
	return slices.Contains([]hall.Kind{hall.KindRoster, hall.KindCases, hall.KindFigure}, k.Kind)
}

// about names the fields by which one row takes the place of another.
func (k *Kind) about() string {
	switch k.Kind {
	case hall.KindCases:
		return "month or date, window and category"
	case hall.KindFigure:
		return "month, name and window"
	}
	return "person and from"
}

// Monthly reports whether rows of the kind speak of a month.
func (k *Kind) Monthly() bool { return k.field("month") != nil }

// kindOf returns the kind of sheet of a name, nil if there is none.
func kindOf(kind hall.Kind) *Kind {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Kind == kind })
	if i < 0 {
		return nil
	}
	return &Kinds[i]
}

// KindNames are the kinds for which a sheet can be read.
func KindNames() []string {
	names := make([]string, len(Kinds))
	for i, k := range Kinds {
		names[i] = string(k.Kind)
	}
	return names
}

// field returns the field of a name, nil if the kind has none.
func (k *Kind) field(name string) *Field {
	i := slices.IndexFunc(k.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &k.Fields[i]
}

func (k *Kind) fieldNames() string {
	names := make([]string, len(k.Fields))
	for i, f := range k.Fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// heading reduces a heading to what is compared: no case, no space, no `*`, no
// remark in brackets.
func heading(s string) string {
	s = strings.NewReplacer("\uFF08", "(", "\uFF09", ")", "_", "", "*", "", ":", "", "\uFF1A", "").Replace(strings.ToLower(s))
	for {
		open := strings.IndexByte(s, '(')
		if open < 0 {
			break
		}
		rest := s[open:]
		_, after, ok := strings.Cut(rest, ")")
		if !ok {
			s = s[:open]
			break
		}
		s = s[:open] + after
	}
	return strings.Join(strings.Fields(s), "")
}

// named returns the field that a heading names, nil if none does.
func (k *Kind) named(text string) *Field {
	want := heading(text)
	if want == "" {
		return nil
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if heading(f.Name) == want || slices.ContainsFunc(f.Headings, func(h string) bool { return heading(h) == want }) {
			return f
		}
	}
	return nil
}
