package hall

// The words of the bulletin: its parts, its titles and its sentences, with
// placeholders in braces. A policy may replace each of them; the report carries
// those that held, so that an issue is printed in its own words for ever.

import (
	"maps"
	"slices"
	"strings"
)

// Bulletin says who issues the bulletin, which parts it has and in which words.
// What a policy leaves out is as usual; Resolved fills it in.
type Bulletin struct {
	Issuer    string            `json:"issuer"`
	Addressee string            `json:"addressee"`
	Intro     string            `json:"intro"`
	Parts     []string          `json:"parts"` // in their order; none = all
	Titles    map[string]string `json:"titles"`
	Sentences map[string]string `json:"sentences"` // "" = leave it out
	Figures   []BulletinFigure  `json:"figures"`
	Joint     []JointWindows    `json:"joint"`
}

// BulletinFigure is a figure that the bulletin expects every month: one that was
// not reported is said to be missing.
type BulletinFigure struct {
	Name     string `json:"name"`
	Sentence string `json:"sentence"` // "" = as usual
}

// JointWindows is what several windows are called where they act together.
type JointWindows struct {
	Windows []WindowID `json:"windows"`
	Name    string     `json:"name"`
}

// BulletinParts are the parts that a bulletin may have, in its usual order.
var BulletinParts = []string{
	"focus", "cases", "attendance", "patrol", "ranking", "bonus", "awards", "next_month", "annexes",
}

// BulletinWord is a title or a sentence of the bulletin.
type BulletinWord struct {
	Name    string
	Usual   string
	Holders []string // placeholders beside the common ones
	Zh, En  string   // what it is for
}

// BulletinHolders are the placeholders that every title and sentence may have.
var BulletinHolders = []string{"hall", "year", "month", "next_month"}

// BulletinTitles are the titles, in the order of the paper.
var BulletinTitles = []BulletinWord{
	{Name: "bulletin", Usual: "{year}年{month}{hall}\n运行情况分析", Zh: "通报的标题，可分行", En: "of the whole, in lines"},
	{Name: "focus", Usual: "本月重点", Zh: "本月重点", En: "what the month was about"},
	{Name: "cases", Usual: "办件情况", Zh: "办件情况", En: "cases and figures"},
	{Name: "people", Usual: "人员管理", Zh: "考勤、巡查、考核之上的标题", En: "above attendance, patrol and ranking"},
	{Name: "attendance", Usual: "考勤情况", Zh: "考勤情况", En: "full attendance"},
	{Name: "patrol", Usual: "巡查情况", Zh: "巡查情况", En: "violations"},
	{Name: "ranking", Usual: "考核情况", Zh: "考核情况", En: "first and last of the staff"},
	{Name: "merit", Usual: "创先争优", Zh: "加分、评先之上的标题", En: "above bonus and awards"},
	{Name: "bonus", Usual: "加分情况", Zh: "加分情况", En: "good service"},
	{Name: "awards", Usual: "评先结果", Zh: "评先结果", En: "awards"},
	{Name: "next_month", Usual: "{next_month}重点工作", Zh: "下月重点", En: "what comes next"},
	{Name: "annex_cases", Usual: "{year}年{month}审批业务统计表", Zh: "附件：审批业务", En: "annex of case volumes"},
	{Name: "annex_windows", Usual: "{year}年{month}窗口单位量化考评表", Zh: "附件：窗口考评", En: "annex of windows"},
	{Name: "annex_staff", Usual: "{year}年{month}窗口人员考核排名表", Zh: "附件：人员排名", En: "annex of the ranked staff"},
}

// BulletinSentences are the sentences, in the order of the paper.
var BulletinSentences = []BulletinWord{
	{"focus_none", "本月重点工作未报送。", nil, "没有人写本月重点", "nobody wrote the focus"},
	{"next_month_none", "{next_month}重点工作未报送。", nil, "没有人写下月重点", "nobody wrote what comes next"},

	{"figure", "本月{name}{value}{unit}。", []string{"name", "value", "unit"}, "一项指标", "a figure"},
	{"figure_of", "本月{name}{value}{unit}（共{of}{unit}）。", []string{"name", "value", "unit", "of"}, "一项指标，另有总数", "a figure of so many"},
	{"figure_none", "本月{name}未报送。", []string{"name"}, "办法列出而没有报送的指标", "a figure that the policy expects and nobody reported"},
	{"cases", "本月，{hall}共受理各类业务{total}件，{growth}。", []string{"total", "growth"}, "受理总数", "all cases"},
	{"cases_up", "相比上月增长{percent}%", []string{"percent"}, "总数之中：增长", "growth"},
	{"cases_down", "相比上月下降{percent}%", []string{"percent"}, "总数之中：下降", "decline"},
	{"cases_same", "与上月持平", nil, "总数之中：持平", "no change"},
	{"cases_partial", "（上月有{n}个窗口未报送，增幅仅供参考）", []string{"n"}, "增长之后：上月有窗口未报送", "behind the growth: windows that reported nothing the month before"},
	{"cases_unknown", "上月数据未报送，未作比较", nil, "总数之中：无法比较", "nothing to compare with"},
	{"cases_top", "其中：受理业务量排名前{n}的是{windows}。", []string{"n", "windows"}, "受理最多的窗口", "windows with the most cases"},
	{"cases_top_one", "其中：受理业务量最多的是{windows}。", []string{"windows"}, "只有一个窗口时", "where there is but one window"},
	{"cases_on_time", "按时办结率为{percent}%。", []string{"percent"}, "按时办结率", "share done on time"},
	{"cases_on_time_none", "按时办结率数据未报送。", nil, "没有按时办结率", "share done on time is unknown"},
	{"cases_none", "本月办件数据未报送。", nil, "没有办件数据", "no case figures at all"},
	{"cases_missing", "未报送办件数据的窗口：{windows}。", []string{"windows"}, "表下：没有办件数据的窗口", "below the table: windows without figures"},

	{"attendance", "本月满勤（无迟到早退、无请假、无缺卡）的工作人员有：{people}，共{n}人。", []string{"people", "n"}, "满勤名单", "full attendance"},
	{"attendance_none", "本月无满勤（无迟到早退、无请假、无缺卡）的工作人员。", nil, "无人满勤", "nobody has full attendance"},
	{"attendance_pending", "另有{n}次打卡待定，满勤名单可能变动。", []string{"n"}, "有待定的打卡", "punches that may still come"},

	{"patrol", "本月考勤和巡查共发现违反工作纪律的情况{n}项：{violations}。", []string{"n", "violations"}, "违规", "violations"},
	{"patrol_late", "{people}{dates}{kind}", []string{"people", "dates", "kind"}, "违规之中：迟到、早退、缺卡、旷工", "of punctuality"},
	{"patrol_found", "{dates}发现{people}{kind}", []string{"people", "dates", "kind"}, "违规之中：其他", "of any other kind"},
	{"patrol_seen", "在{dates}的巡查中发现{people}{kind}", []string{"people", "dates", "kind"}, "违规之中：全凭现场巡查的", "of any other kind, seen on patrols alone"},
	{"patrol_none", "本月考勤和巡查未发现违反工作纪律的情况。", nil, "无违规", "no violation"},
	{"patrol_contested", "另有{n}项巡查记录待核实，核实之前不计。", []string{"n"}, "有存疑的巡查记录", "contested notes"},
	{"patrol_close", "请各窗口单位对照检查，督促本单位工作人员严格遵守工作纪律，切实整改到位。", nil, "有违规时的要求", "what is asked after violations"},

	{"ranking", "结合巡查情况和上下班打卡记录进行考核排名，{rankings}。", []string{"rankings"}, "考核排名", "ranks"},
	{"ranking_top", "{who}考核排名前{n}位的是{people}", []string{"who", "n", "people"}, "排名之中：前几位", "the first"},
	{"ranking_bottom", "排名末{n}位的是{people}", []string{"n", "people"}, "排名之中：末几位", "the last"},
	{"ranking_none", "本月无参加考核排名的人员。", nil, "无人参加排名", "nobody is ranked"},

	{"bonus", "本月加分的有：{list}。", []string{"list"}, "加分", "good service"},
	{"bonus_of", "{who}{items}", []string{"who", "items"}, "加分之中：一个窗口、几个窗口联合或一个人", "of a window, joint windows or a person"},
	{"bonus_item", "{kind}{count}次", []string{"kind", "count"}, "加分之中：一类", "a kind"},
	{"bonus_service", "提供{kind}{count}次", []string{"kind", "count"}, "加分之中：名称以“服务”结尾的一类，连着的几类只说一次提供", "a kind whose name ends in 服务, the first of several"},
	{"bonus_none", "本月无加分项目。", nil, "无加分", "none"},

	{"awards", "对{hall}{assessed}个窗口单位进行量化考评，本月按得分评出{title}{n}个，分别是：{who}。", []string{"assessed", "title", "n", "who"}, "按得分评先", "computed award"},
	{"awards_decided", "对{hall}{assessed}个窗口单位进行量化考评，经{by}评定{reason}，本月评出{title}{n}个，分别是：{who}。", []string{"assessed", "by", "reason", "title", "n", "who"}, "会议评先", "award by a meeting"},
	{"awards_people", "经{by}评定{reason}，本月评出{title}{n}名，分别是：{who}。", []string{"by", "reason", "title", "n", "who"}, "会议评出的个人", "people chosen by a meeting"},
	{"awards_vacant", "经{by}评定{reason}，本月{title}空缺。", []string{"by", "reason", "title"}, "会议决定空缺", "a meeting chose nobody"},
	{"awards_none", "对{hall}{assessed}个窗口单位进行量化考评，本月未评出{title}。", []string{"assessed", "title"}, "未评出", "no award"},
	{"awards_veto", "{window}因{date}{kind}被一票否决，不参加评先。", []string{"window", "date", "kind"}, "一票否决", "veto"},

	{"see_annex", "（具体情况详见附件{n}）", []string{"n"}, "指向附件", "points to an annex"},
}

// Resolved returns b with everything that it leaves out as usual.
func (b Bulletin) Resolved() Bulletin {
	if len(b.Parts) == 0 {
		b.Parts = BulletinParts
	}
	b.Parts = distinct(b.Parts)
	if b.Intro == "" {
		b.Intro = "现将{year}年{month}{hall}运行情况通报如下："
	}
	b.Titles = resolved(b.Titles, BulletinTitles)
	b.Sentences = resolved(b.Sentences, BulletinSentences)
	b.Figures = append([]BulletinFigure{}, b.Figures...)
	b.Joint = append([]JointWindows{}, b.Joint...)
	return b
}

// distinct keeps the first of equal words.
func distinct(words []string) []string {
	kept := make([]string, 0, len(words))
	for _, w := range words {
		if !slices.Contains(kept, w) {
			kept = append(kept, w)
		}
	}
	return kept
}

// resolved is own with the usual words under the names that it lacks.
func resolved(own map[string]string, table []BulletinWord) map[string]string {
	words := make(map[string]string, len(table))
	for _, w := range table {
		words[w.Name] = w.Usual
	}
	maps.Copy(words, own)
	return words
}

// FillHolders puts values in place of the placeholders of a text. A value is put
// in as it is, whatever braces it has; a name without a value stays.
func FillHolders(text string, value func(name string) (string, bool)) string {
	var b strings.Builder
	for {
		before, name, after, ok := nextHolder(text)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		if v, known := value(name); known {
			b.WriteString(v)
		} else {
			b.WriteString("{" + name + "}")
		}
		text = after
	}
}

// Holders returns the placeholders of a text, in their order.
func Holders(text string) []string {
	var names []string
	FillHolders(text, func(name string) (string, bool) {
		names = append(names, name)
		return "", false
	})
	return names
}

// nextHolder cuts a text at its first {name}; an opening brace that is never
// closed is a brace.
func nextHolder(text string) (before, name, after string, ok bool) {
	open := strings.IndexByte(text, '{')
	if open < 0 {
		return text, "", "", false
	}
	length := strings.IndexByte(text[open:], '}')
	if length < 0 {
		return text, "", "", false
	}
	return text[:open], text[open+1 : open+length], text[open+length+1:], true
}
