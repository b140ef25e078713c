package hall

// The month and its lists, with the JSON of contract 10. Unknown is null and
// never left out; an empty list is [].

import "encoding/json"

// Report is a hall's month with all its lists.
type Report struct {
	Hall     ID     `json:"hall"`
	Name     string `json:"name"`
	Month    Month  `json:"month"`
	AsOf     string `json:"as_of"` // RFC 3339 in the hall's zone
	Sequence uint64 `json:"sequence"`
	Workdays int    `json:"workdays"`

	Sealed       *SealInfo `json:"sealed"`
	ChangedSince []Change  `json:"changed_since"` // null where nothing is sealed

	FullAttendance []FullAttendance `json:"full_attendance"`
	Violations     []Violation      `json:"violations"`
	Pending        []PendingPunch   `json:"pending"`
	Contested      []Violation      `json:"contested"`
	Unresolved     []Unresolved     `json:"unresolved"`
	Conflicts      []Conflict       `json:"conflicts"`
	Dead           []DeadLetter     `json:"dead"`
	Staff          []StaffScore     `json:"staff"`
	Windows        []WindowScore    `json:"windows"`
	Bonus          []BonusLine      `json:"bonus"`
	Cases          CasesSummary     `json:"cases"`

	// The assessment, opened, and what people reported and wrote (ranking.go).
	Ranking []Ranking     `json:"ranking"`
	Awards  []Awarded     `json:"awards"`
	Vetoes  []Veto        `json:"vetoes"`
	Figures []MonthFigure `json:"figures"`
	Texts   []Section     `json:"texts"`
	Appeals []Appeal      `json:"appeals"`

	Days     []PersonDay `json:"days"`
	Rejected []Struck    `json:"rejected"`
	Warnings []Warning   `json:"warnings"`
	// CalendarMissing lists the years of due days that no statutory table knows.
	CalendarMissing []int `json:"calendar_missing"`
	// OffDays are the days of the month on which the hall does not work.
	OffDays []Date `json:"off_days"`
	// Accounts say more of each violation that counts, in their order.
	Accounts []Account `json:"accounts"`

	Sheet   []SheetRow    `json:"sheet"`
	Punches []PunchRecord `json:"punches"`
	Patrol  []PatrolEntry `json:"patrol"`

	// Names spell out the ids of the other lists.
	Names Names `json:"names"`
}

// Names are what a reader calls the things of a report.
type Names struct {
	Windows  []WindowName        `json:"windows"` // by number
	People   map[PersonID]string `json:"people"`
	Kinds    map[string]string   `json:"kinds"` // punctuality, discipline, leave and bonus kinds
	Classes  map[string]string   `json:"classes"`
	Sessions map[string]string   `json:"sessions"`
	Leaves   []LeaveName         `json:"leaves"` // kinds of leave, in policy order
	Apart    []string            `json:"apart"`  // classes that are ranked by themselves
	Award    string              `json:"award"`  // title of the window award
	Top      int                 `json:"top"`
	Bottom   int                 `json:"bottom"`
	Bulletin Bulletin            `json:"bulletin"`
}

// WindowName is the number and name of a window.
type WindowName struct {
	Window WindowID `json:"window"`
	Number int      `json:"number"`
	Name   string   `json:"name"`
	Unit   Name     `json:"unit"` // name of the stationed unit, null = the policy names none
}

// LeaveName is a kind of leave and its sign on the monthly sheet.
type LeaveName struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Sign string `json:"sign"` // 事 病 休 公 外, 假 for any other leave
}

// The signs of leave on the monthly sheet.
const (
	SignPersonal = "事"
	SignSick     = "病"
	SignAnnual   = "休"
	SignDuty     = "公"
	SignOuting   = "外"
	SignLeave    = "假"
)

// OfLeave returns the sign of a kind of leave.
func (n *Names) OfLeave(kind string) string {
	for _, l := range n.Leaves {
		if l.Kind == kind {
			return l.Sign
		}
	}
	return SignLeave
}

// SheetRow is a person's line of the monthly sheet (月度汇总).
type SheetRow struct {
	Person         PersonID       `json:"person"`
	Name           string         `json:"name"`
	Window         WindowID       `json:"window"`
	Class          string         `json:"class"`
	DueDays        int            `json:"due_days"`
	AttendedDays   int            `json:"attended_days"`
	Late           int            `json:"late"`
	LateMinutes    int            `json:"late_minutes"`
	EarlyLeave     int            `json:"early_leave"`
	EarlyMinutes   int            `json:"early_minutes"`
	MissingIn      int            `json:"missing_in"`
	MissingOut     int            `json:"missing_out"`
	Corrected      int            `json:"corrected"`
	HalfDayAbsence int            `json:"half_day_absence"`
	Absence        int            `json:"absence"`     // sessions
	AbsentDays     Points         `json:"absent_days"` // in halves
	Leave          map[string]int `json:"leave"`       // days touched, by kind
	Leaves         []LeaveTaken   `json:"leaves"`      // by kind
	StandIns       int            `json:"stand_ins"`   // times they stood in for somebody
	FullAttendance bool           `json:"full_attendance"`
	Violations     int            `json:"violations"`
	Deductions     Points         `json:"deductions"`
	Bonus          Points         `json:"bonus"`
	Score          Points         `json:"score"`
	Rank           *int           `json:"rank"`
	LeftOut        Name           `json:"left_out"`
	// Places are where the roster had them, empty for one window all the month.
	Places []Placed `json:"places"`
	// Signs has one a day of the month: √ 迟 退 缺 半 旷, those of leave, 补 待 替,
	// - where nothing was due and nothing happened.
	Signs []string `json:"signs"`
}

// LeaveTaken is the leave of a kind that a person took on due days of a month.
type LeaveTaken struct {
	Kind    string `json:"kind"`
	Days    Points `json:"days"` // a day of which it took some sessions and not all is a half
	Times   int    `json:"times"`
	Minutes int    `json:"minutes"` // of sessions
}

// Placed is a stretch of a month that a person spent at a window.
type Placed struct {
	Window WindowID `json:"window"`
	From   Date     `json:"from"`
	Until  Date     `json:"until"`
}

// Account says of a violation what a circular (违规通报表) wants to know beside the
// line itself.
type Account struct {
	Violation  string   `json:"violation"` // its id
	Clause     Name     `json:"clause"`
	Due        Name     `json:"due"`     // of the planned punch, null where no terminal accuses
	At         Name     `json:"at"`      // of the punch that counts
	Sources    []string `json:"sources"` // punch, or the channel of a note: patrol, video, hotline, press, superior
	Noted      []string `json:"noted"`   // when, RFC 3339 in the hall's zone
	Inspectors []string `json:"inspectors"`
	Notes      []string `json:"notes"`
	Evidence   []string `json:"evidence"`
	// Shares are what chief representatives pay beside whoever pays the points.
	Shares    []Share `json:"shares"`
	RectifyBy Name    `json:"rectify_by"` // a date or an RFC 3339 time
	Rectified Name    `json:"rectified"`  // a date, an RFC 3339 time, true or false
}

// Share is a chief representative's part of the points of another's violation.
type Share struct {
	Person PersonID `json:"person"`
	Points Points   `json:"points"`
}

// PunchRecord is a raw punch (原始记录) and what became of it.
type PunchRecord struct {
	UID      UID      `json:"uid"`
	Person   Name     `json:"person"` // resolved, null where nobody answers to it
	Raw      PersonID `json:"raw"`
	Time     string   `json:"time"` // RFC 3339 in the hall's zone
	Terminal string   `json:"terminal"`
	Method   Name     `json:"method"`
	Counts   bool     `json:"counts"` // it stands for a planned punch
}

// PatrolEntry is a line of the patrol log.
type PatrolEntry struct {
	UID       UID      `json:"uid"`
	Time      string   `json:"time"`
	Inspector string   `json:"inspector"`
	Kind      string   `json:"kind"`
	Window    Name     `json:"window"`
	Person    Name     `json:"person"`
	StandIn   bool     `json:"stand_in"`
	Unnamed   int      `json:"unnamed"`
	Channel   Name     `json:"channel"`
	Note      Name     `json:"note"`
	Violation Name     `json:"violation"` // the id of the line it proves
	State     State    `json:"state"`
	Evidence  []string `json:"evidence"`
	Until     Name     `json:"until"`    // end of the patrol: a date or an RFC 3339 time
	RuledBy   Name     `json:"ruled_by"` // of the ruling whose state it has
	Reason    Name     `json:"reason"`
	RectifyBy Name     `json:"rectify_by"`
	Rectified Name     `json:"rectified"`
}

// SealInfo is the last issue of a month.
type SealInfo struct {
	Number int    `json:"number"`
	By     string `json:"by"`
	At     string `json:"at"`
	Digest string `json:"digest"`
	// Printed says that the report is the issue itself, as it was printed, and
	// changed_since its difference to the issue before. Else the report is the open
	// month, and changed_since how that differs from this issue.
	Printed bool `json:"printed"`
}

// Change is a line that differs from the last issue. Was and Is say so in words;
// From, To and Value lose nothing: with them the one report is made of the other.
type Change struct {
	List string `json:"list"` // the key of the list, `cases.windows` inside another
	Line string `json:"line"` // what the line is about
	Was  Name   `json:"was"`  // null: it is new
	Is   Name   `json:"is"`   // null: it is gone
	// From and To are the places of the line before and now, 1 the first; null
	// where there is none, or where the value is no list.
	From *int `json:"from"`
	To   *int `json:"to"`
	// Value is the line as JSON, null where it is gone or has only moved.
	Value json.RawMessage `json:"value"`
}

// FullAttendance is a person without late arrival, early leave, leave or
// missing punch.
type FullAttendance struct {
	Person PersonID `json:"person"`
	Name   string   `json:"name"`
	Window WindowID `json:"window"`
}

// PendingPunch is a planned punch that may still come.
type PendingPunch struct {
	Person  PersonID `json:"person"`
	Date    Date     `json:"date"`
	Session string   `json:"session"`
	Edge    string   `json:"edge"`
	Due     string   `json:"due"`
}

// The reasons for which a fact is unresolved.
const (
	UnresolvedPerson = "person"
	UnresolvedWindow = "window"
	UnresolvedKind   = "kind"
	UnresolvedEvent  = "event"
)

// Unresolved is a fact that names something unknown; it counts as soon as the
// missing part arrives.
type Unresolved struct {
	UID    UID    `json:"uid"`
	Reason string `json:"reason"`
	Value  Name   `json:"value"`
}

// Conflict is a uid of which several bodies reached the log; the one with the
// smallest SHA-256 counts, and of a seal the one that came first.
type Conflict struct {
	UID    UID      `json:"uid"`
	Counts string   `json:"counts"`
	Others []string `json:"others"` // sorted
}

// DeadLetter is an event that could not be read. Line is set from a file,
// Sequence from a daemon.
type DeadLetter struct {
	Line     *int    `json:"line"`
	Sequence *uint64 `json:"sequence"`
	Subject  string  `json:"subject"`
	Field    Name    `json:"field"` // null where there is no JSON
	Reason   string  `json:"reason"`
}

// The reasons for which a person is not ranked.
const (
	LeftOutClass   = "class"
	LeftOutNotDue  = "not_due"
	LeftOutMinDays = "min_days"
)

// StaffScore is a person's month.
type StaffScore struct {
	Person     PersonID `json:"person"`
	Name       string   `json:"name"`
	Window     WindowID `json:"window"`
	Class      string   `json:"class"`
	Score      Points   `json:"score"`
	Deductions Points   `json:"deductions"`
	Bonus      Points   `json:"bonus"`
	Rank       *int     `json:"rank"`
	Tied       *int     `json:"tied"`
	LeftOut    Name     `json:"left_out"`
}

// WindowScore is a window's month.
type WindowScore struct {
	Window     WindowID `json:"window"`
	Name       string   `json:"name"`
	Score      Points   `json:"score"`
	StaffMean  Points   `json:"staff_mean"`
	Deductions Points   `json:"deductions"`
	Bonus      Points   `json:"bonus"`
	Rank       int      `json:"rank"`
	Tied       int      `json:"tied"`
	Award      bool     `json:"award"`
}

// BonusLine sums what counts for the same windows or person and kind.
type BonusLine struct {
	Windows []WindowID `json:"windows"`
	Person  *PersonID  `json:"person"`
	Kind    string     `json:"kind"`
	Count   int64      `json:"count"`
}

// CasesSummary are the accepted cases of a month.
type CasesSummary struct {
	Total         *int64        `json:"total"`
	Previous      *int64        `json:"previous"`
	GrowthPercent *Points       `json:"growth_percent"`
	Top           []WindowID    `json:"top"`
	OnTimePercent *Points       `json:"on_time_percent"`
	Windows       []WindowCases `json:"windows"`
	// Reported says that there is a figure at all; without one Total is 0, which
	// then means nothing.
	Reported bool `json:"reported"`
	// Completed and OnTime are those of the total, null where nothing is reported.
	Completed *int64 `json:"completed"`
	OnTime    *int64 `json:"on_time"`
	// Missing are the assessed windows of the month that reported nothing.
	Missing []WindowID `json:"missing"`
	// PreviousMissing are the windows of the month that reported nothing the month
	// before, so that the growth compares other windows. Empty where the hall
	// reported a total.
	PreviousMissing []WindowID      `json:"previous_missing"`
	Categories      []CategoryCases `json:"categories"` // by name
}

// WindowCases is a window's case volume.
type WindowCases struct {
	Window    WindowID `json:"window"`
	Accepted  int64    `json:"accepted"`
	Completed int64    `json:"completed"`
	OnTime    int64    `json:"on_time"`
	// SharePercent is that of the hall's total, or of the category's.
	SharePercent  *Points `json:"share_percent"`
	Previous      *int64  `json:"previous"` // accepted the month before, null where nothing was reported
	GrowthPercent *Points `json:"growth_percent"`
	OnTimePercent *Points `json:"on_time_percent"`
}

// CategoryCases is the volume of a category: that of the hall, else the sum of
// its windows. It is part of their totals or beside them, as they reported.
type CategoryCases struct {
	Category      string        `json:"category"`
	Accepted      int64         `json:"accepted"`
	Completed     int64         `json:"completed"`
	OnTime        int64         `json:"on_time"`
	Previous      *int64        `json:"previous"`
	GrowthPercent *Points       `json:"growth_percent"`
	OnTimePercent *Points       `json:"on_time_percent"`
	Windows       []WindowCases `json:"windows"`
}

// PersonDay is a due day of a person with its planned punches.
type PersonDay struct {
	Person    PersonID       `json:"person"`
	Date      Date           `json:"date"`
	Window    WindowID       `json:"window"`    // where the roster had them that day
	Timetable string         `json:"timetable"` // its name
	Punches   []PlannedPunch `json:"punches"`
}

// PlannedPunch is a planned punch and what became of it.
type PlannedPunch struct {
	Session   string `json:"session"`
	Edge      string `json:"edge"`
	Due       string `json:"due"` // where leave has put it, `+1` for the next day
	At        Name   `json:"at"`
	Verdict   string `json:"verdict"`
	Minutes   *int   `json:"minutes"`
	Corrected bool   `json:"corrected"`
	CoveredBy Name   `json:"covered_by"`
	Proofs    []UID  `json:"proofs"`
}

// Struck is something that fell: an event or a violation that a ruling took
// away.
type Struck struct {
	On     string `json:"on"`
	State  State  `json:"state"`
	By     string `json:"by"`
	Reason string `json:"reason"`
	Ruling UID    `json:"ruling"`
	At     string `json:"at"` // RFC 3339 in the hall's zone
	// Line describes what fell, as far as it is known.
	Line *Violation `json:"line"`
}

// Warning is something a reader of the lists should worry about.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"` // Chinese
	UID  Name   `json:"uid"`
}
