package hall

// The kinds of events, one line each in the order of the contract, and what
// their fields are called and mean. The documentation is made of this table.

import (
	"slices"
	"strings"
)

// KindInfo describes a kind of events.
type KindInfo struct {
	Kind    Kind
	Zh, En  string // title
	Meaning string
	// Fields beyond id and time, in the order in which they are read: of several
	// bad ones the first is named.
	Fields []FieldInfo

	read func(*reader, Head) Fact
}

// FieldInfo describes a field of a kind.
type FieldInfo struct {
	Name     string
	Type     string
	Required bool
	Meaning  string
}

// Kinds are all kinds of events. Adding one means: its type and read function
// in a file of its own, a line here, testdata/events/<kind>.json.
var Kinds = []KindInfo{
	{KindPunch, "打卡", "punch", "a clock-in or clock-out", punchFields, readPunch},
	{KindPatrol, "巡查记录", "patrol note", "one finding of an inspector", patrolFields, readPatrol},
	{KindLeave, "请假外出", "leave", "leave, a trip, duty or an outing; several may overlap", leaveFields, readLeave},
	{KindStandIn, "顶岗", "stand-in", "who holds a post; it explains and moves no planned punch", standInFields, readStandIn},
	{KindCorrection, "补卡", "punch correction", "stands for a punch", correctionFields, readCorrection},
	{KindExcuse, "免打卡", "excuse", "planned punches in it need no punch: a terminal down, a power cut, weather", excuseFields, readExcuse},
	{KindRuling, "裁定", "ruling", "a decision on an event or a violation", rulingFields, readRuling},
	{KindBonus, "加分", "bonus", "points for good service", bonusFields, readBonus},
	{KindCases, "办件量", "case volume", "cases of a month or a day", casesFields, readCases},
	{KindFigure, "其他指标", "figure", "any other figure of a month", figureFields, readFigure},
	{KindText, "通报文字", "bulletin text", "a section of the bulletin that people write", textFields, readText},
	{KindAward, "评先", "award", "a choice made by a meeting, in place of the computed one", awardFields, readAward},
	{KindRoster, "人员名册", "roster row", "a person's place from a date on", rosterFields, readRoster},
	{KindTerminal, "考勤机状态", "terminal", "heartbeat and completeness of a terminal", terminalFields, readTerminal},
	{KindPolicy, "考核办法", "policy", "the hall's policy from its effective date on", policyFields, readPolicyEvent},
	{KindCalendar, "放假安排", "calendar", "a statutory table, newer than the built-in one", calendarFields, readCalendarYear},
	{KindSeal, "封存", "seal", "an issue of a month with all its lines, or a part of it", sealFields, readSeal},
}

// HeadFields are what every kind has before its own fields.
var HeadFields = []FieldInfo{
	{"id", "1 to 128 of A-Z a-z 0-9 . _ : ~ + -", false, "with hall, kind and source the event's identity for ever; derived from the body where it is not there"},
	{"time", "time", true, "when the event was made; of a punch and a patrol note when it happened"},
}

var punchFields = []FieldInfo{
	{"person", "person", true, "what the terminal sent: an id of the roster, or an alias"},
	{"method", "text", false, "face, card, fingerprint, phone, manual or any other word"},
	{"direction", "text", false, "in or out, a hint that decides nothing"},
	{"terminal", "text", false, "where it was made; the source where it is not given"},
	{"seq", "anything", false, "the terminal's own counter"},
	{"received_at", "time", false, "when a gateway took it"},
}

var patrolFields = []FieldInfo{
	{"inspector", "text", true, "who noted it"},
	{"kind", "text", true, "a kind of the policy, clear (nothing to note) or praise"},
	{"window", "token", false, "the window that was seen"},
	{"person", "person", false, "who is blamed or praised"},
	{"stand_in", "true or false", false, "the window's stand-in is blamed, and the window pays"},
	{"unnamed", "integer", false, "how many people nobody could name; the window pays for each"},
	{"session", "token", false, "the session, where the time does not tell"},
	{"until", "date or time", false, "when the patrol ended"},
	{"channel", "text", false, "patrol, video, hotline, press, superior or any other word"},
	{"note", "text", false, "what was seen"},
	{"evidence", "list of texts", false, "references, which are never opened"},
}

var leaveFields = []FieldInfo{
	{"person", "person", true, "who is away"},
	{"kind", "text", true, "a kind of leave of the policy"},
	{"from", "date or time", true, "the first day, or the first moment"},
	{"until", "date or time", true, "the last day, or the last moment"},
	{"approved_by", "text", false, "who approved it"},
	{"note", "text", false, "why"},
}

var standInFields = []FieldInfo{
	{"window", "token", true, "the window whose post is held"},
	{"from", "date or time", true, "the first day, or the first moment"},
	{"until", "date or time", true, "the last day, or the last moment"},
	{"for", "person", false, "who is stood in for"},
	{"by", "person", false, "who stands in"},
}

var correctionFields = []FieldInfo{
	{"person", "person", true, "whose punch is missing"},
	{"at", "time", true, "when the punch would have been"},
	{"reason", "own or official", true, "own ones use the quota"},
	{"approved_by", "text", false, "who approved it; without, it does not count"},
}

var excuseFields = []FieldInfo{
	{"from", "date or time", true, "the first day, or the first moment"},
	{"until", "date or time", true, "the last day, or the last moment"},
	{"windows", "list of tokens", false, "for whom; with neither windows nor persons it is for everybody"},
	{"persons", "list of persons", false, "for whom"},
	{"reason", "text", true, "what was in the way of punching"},
}

var rulingFields = []FieldInfo{
	{"on", "uid or violation id", true, "what is decided on"},
	{"state", "confirmed, rejected, appealed, upheld or cancelled", true, "what is decided; appealed decides nothing"},
	{"by", "text", true, "who decides"},
	{"reason", "text", true, "why"},
	{"person", "person", false, "needed on a punch, to find it; decides nothing"},
	{"date", "date", false, "needed on a punch, to find it; else the month in which the ruling is listed"},
	{"rectify_by", "date or time", false, "until when it is to be put right"},
	{"rectified", "date, time, true or false", false, "whether or when it was put right"},
}

var bonusFields = []FieldInfo{
	{"month", "month", false, "the month of the good service; goes before date"},
	{"date", "date", false, "its day; month or date must be there"},
	{"windows", "list of tokens", false, "each window gets the full count"},
	{"person", "person", false, "goes before windows; windows or person must be there"},
	{"kind", "text", true, "a kind of bonus of the policy"},
	{"count", "integer", true, "how often"},
	{"status", "claimed or verified", false, "whether it was checked"},
}

var casesFields = []FieldInfo{
	{"month", "month", false, "the month of the figure; goes before date"},
	{"date", "date", false, "its day; month or date must be there"},
	{"window", "token", false, "without it, the hall's total"},
	{"category", "text", false, "without it, the total of the window"},
	{"accepted", "integer", true, "cases taken in"},
	{"completed", "integer", true, "cases finished, which may be more"},
	{"on_time", "integer", true, "of these, finished in time"},
}

var figureFields = []FieldInfo{
	{"month", "month", true, "the month of the figure"},
	{"name", "text", true, "what it is: 好差评, 12345 and the like"},
	{"value", "number or text", true, "the figure"},
	{"window", "token", false, "without it, the hall's"},
	{"unit", "text", false, "of what"},
	{"of", "number or text", false, "of how many"},
}

var textFields = []FieldInfo{
	{"month", "month", true, "the month of the bulletin"},
	{"section", "text", true, "本月重点, 下月重点工作 and the like"},
	{"items", "list of texts", true, "its paragraphs"},
}

var awardFields = []FieldInfo{
	{"month", "month", true, "the month"},
	{"title", "text", true, "what is awarded"},
	{"windows", "list of tokens", false, "to which windows"},
	{"persons", "list of persons", false, "to whom"},
	{"by", "text", true, "the meeting"},
	{"reason", "text", true, "why"},
}

var rosterFields = []FieldInfo{
	{"person", "person", true, "the id by which all events call the person"},
	{"name", "text", true, "how lists call the person"},
	{"window", "token", true, "the window"},
	{"class", "text", true, "a class of the policy"},
	{"from", "date", true, "the first day"},
	{"until", "date", false, "the last day; the row also ends where the next one begins"},
	{"group", "token", false, "the attendance group, for another timetable than the hall's"},
	{"roles", "list of chief_rep, window_lead or inspector", false, "the roles of the person"},
	{"aliases", "list of texts", false, "numbers on terminals: 17, or T01:17 for one terminal only"},
	{"sort_key", "anything", false, "the place in lists"},
}

var terminalFields = []FieldInfo{
	{"terminal", "text", true, "the terminal"},
	{"state", "alive or retired", true, "nobody waits for a retired one"},
	{"complete_until", "time", false, "every punch up to it has been sent"},
}

var policyFields = []FieldInfo{
	{"policy", "object", true, "the policy document"},
}

var calendarFields = []FieldInfo{
	{"year", "integer", true, "the year of the notice"},
	{"days", "list of {date, name, off}", true, "holidays (off: true) and make-up workdays (off: false)"},
}

var sealFields = []FieldInfo{
	{"month", "month", true, "the month"},
	{"number", "integer", true, "the number of the issue, from 1 on"},
	{"by", "text", true, "who sealed it"},
	{"as_of", "time", true, "the moment at which it was computed"},
	{"sequence", "integer", true, "the last message that it saw"},
	{"digest", "text", true, "of the uncompressed canonical JSON"},
	{"part", "integer", false, "which part this is; 1 where it is not given"},
	{"parts", "integer", false, "of how many; 1 where it is not given"},
	{"previous", "text", false, "the digest of the issue before"},
	{"stream", "text", false, "when the stream was created"},
	{"forced", "text", false, "why it was sealed although something was open"},
	{"result", "text", true, "this part of the result: JSON, gzip, base64; may be longer than other texts"},
}

// kindInfo returns the line of a kind, or nil.
func kindInfo(kind Kind) *KindInfo {
	for i := range Kinds {
		if Kinds[i].Kind == kind {
			return &Kinds[i]
		}
	}
	return nil
}

func kindNames() string {
	names := make([]string, len(Kinds))
	for i := range Kinds {
		names[i] = string(Kinds[i].Kind)
	}
	return strings.Join(names, ", ")
}

// unknown returns the names of fields that the kind does not have, sorted.
func (k *KindInfo) unknown(fields members) []string {
	var names []string
	for _, f := range fields {
		is := func(known FieldInfo) bool { return known.Name == string(f.name) }
		if !slices.ContainsFunc(k.Fields, is) && !slices.ContainsFunc(HeadFields, is) {
			names = append(names, string(f.name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
