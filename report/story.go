package report

// A person's day as a story: what was planned, what was seen, what came of it
// and what would change it.

import "rollcall/hall"

// Story explains a person's day. Times of day are the hall's, `+1` behind them
// for the next day; moments are RFC 3339 in the hall's zone. Texts are Chinese.
type Story struct {
	Hall     hall.ID       `json:"hall"`
	HallName string        `json:"hall_name"`
	AsOf     string        `json:"as_of"`
	Sequence uint64        `json:"sequence"`
	Person   hall.PersonID `json:"person"`
	Name     string        `json:"name"`
	Date     hall.Date     `json:"date"`

	Place    *StoryPlace  `json:"place"`  // null where the person is not on the roster
	Policy   *StoryPolicy `json:"policy"` // null where no policy governs the day
	Due      bool         `json:"due"`
	Why      hall.Name    `json:"why"` // policy, roster, class or calendar; null where due
	WhyText  string       `json:"why_text"`
	Sessions []StorySpan  `json:"sessions"`

	Planned     []StoryPunch      `json:"planned"`
	Strays      []StorySeen       `json:"strays"` // punches that no band holds
	Covers      []StoryCover      `json:"covers"` // leave and excuses of the day
	Corrections []StoryCorrection `json:"corrections"`
	Findings    []StoryFinding    `json:"findings"`
	Violations  []StoryLine       `json:"violations"` // that count
	Contested   []StoryLine       `json:"contested"`
	Rulings     []StoryRuling     `json:"rulings"`
	// FullAttendance is that of the month; WhyNot says what breaks it.
	FullAttendance bool     `json:"full_attendance"`
	WhyNot         []string `json:"why_not"`
	// WouldChange says what would change the day.
	WouldChange []string   `json:"would_change"`
	Basis       []hall.UID `json:"basis"` // sorted

	// Kinds and SessionNames spell out the ids.
	Kinds        map[string]string `json:"kinds"`
	SessionNames map[string]string `json:"session_names"`
}

// StoryPlace is where a person was that day.
type StoryPlace struct {
	Window     hall.WindowID `json:"window"`
	WindowName string        `json:"window_name"`
	Class      string        `json:"class"`
	ClassName  string        `json:"class_name"`
	Group      hall.Name     `json:"group"`
	Roles      []string      `json:"roles"`
	Roster     hall.UID      `json:"roster"`
}

// StoryPolicy is the version that governs the day.
type StoryPolicy struct {
	UID       hall.UID  `json:"uid"`
	Effective hall.Date `json:"effective"`
	Timetable hall.Name `json:"timetable"`
}

// StorySpan is a session of the day.
type StorySpan struct {
	Session string `json:"session"`
	Start   string `json:"start"`
	End     string `json:"end"`
}

// StoryPunch is a planned punch and everything that was seen of it.
type StoryPunch struct {
	hall.PlannedPunch
	Planned  string      `json:"planned"` // by the timetable
	From     string      `json:"from"`    // the band
	Until    string      `json:"until"`
	Given    bool        `json:"given"` // by the policy; else from midpoint to midpoint
	Grace    int         `json:"grace"` // minutes
	Seen     []StorySeen `json:"seen"`
	Closes   string      `json:"closes"`
	WaitsFor []string    `json:"waits_for"` // silent terminals
	Rule     hall.Name   `json:"rule"`
}

// StorySeen is a punch or a correction that was seen.
type StorySeen struct {
	UID        hall.UID  `json:"uid"`
	At         string    `json:"at"`
	Terminal   hall.Name `json:"terminal"`
	Method     hall.Name `json:"method"` // manual and phone speak for no terminal
	Correction bool      `json:"correction"`
	Counts     bool      `json:"counts"`
	Why        string    `json:"why"` // why not, or for what
}

// StoryCover is leave, a trip, duty, an outing or an excuse of the day.
type StoryCover struct {
	UID   hall.UID `json:"uid"`
	Kind  string   `json:"kind"` // of the leave; excuse
	From  string   `json:"from"`
	Until string   `json:"until"`
	Text  string   `json:"text"` // what it does
}

// StoryCorrection is a correction that speaks of the day.
type StoryCorrection struct {
	UID        hall.UID  `json:"uid"`
	At         string    `json:"at"`
	Made       string    `json:"made"`
	Own        bool      `json:"own"`
	ApprovedBy hall.Name `json:"approved_by"`
	Fate       string    `json:"fate"`
	Text       string    `json:"text"`
}

// StoryFinding is a patrol note about the person, and what became of it.
type StoryFinding struct {
	UID       hall.UID  `json:"uid"`
	Time      string    `json:"time"`
	Inspector string    `json:"inspector"`
	Kind      string    `json:"kind"`
	Channel   hall.Name `json:"channel"`
	Note      hall.Name `json:"note"`
	Violation hall.Name `json:"violation"`
	Became    string    `json:"became"` // counts, contested, struck, unresolved, window, nothing
	Text      string    `json:"text"`
}

// StoryLine is a violation and how its points came about.
type StoryLine struct {
	hall.Violation
	Rule  string      `json:"rule"`
	Base  hall.Points `json:"base"`
	Steps []string    `json:"steps"`
	Basis []hall.UID  `json:"basis"`
	// Appeals are the steps of appeals, by (time, uid).
	Appeals []hall.AppealStep `json:"appeals"`
}

// StoryRuling is a ruling that bears on the day.
type StoryRuling struct {
	UID    hall.UID   `json:"uid"`
	On     string     `json:"on"`
	State  hall.State `json:"state"`
	By     string     `json:"by"`
	Reason string     `json:"reason"`
	At     string     `json:"at"`
}
