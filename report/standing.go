package report

// A month's score and rank as a story: every part with its proofs, who stands
// before and behind, and what an award was lost by.

import (
	"rollcall/hall"
	"rollcall/rules"
)

// Standing explains the month of a person, or of a window. Moments are RFC 3339
// in the hall's zone. Texts are Chinese.
type Standing struct {
	Hall     hall.ID        `json:"hall"`
	HallName string         `json:"hall_name"`
	Month    hall.Month     `json:"month"`
	AsOf     string         `json:"as_of"`
	Sequence uint64         `json:"sequence"`
	Sealed   *hall.SealInfo `json:"sealed"`
	Policy   StoryPolicy    `json:"policy"` // the version at the month's last day

	Person     *hall.PersonID `json:"person"` // null where it is a window's
	Name       string         `json:"name"`
	Window     hall.WindowID  `json:"window"` // the person's, or the one in question
	WindowName string         `json:"window_name"`
	Class      hall.Name      `json:"class"` // null of a window
	ClassName  hall.Name      `json:"class_name"`

	// Score is the sum of the parts, null of a window that is not assessed.
	Score *hall.Points   `json:"score"`
	Parts []StandingPart `json:"parts"`
	// Members are the people whose mean is part of a window's score.
	Members []StandingMember `json:"members"`
	// The days, and full attendance, of a person; of a window Full counts people.
	DueDays        int      `json:"due_days"`
	AttendedDays   int      `json:"attended_days"`
	FullAttendance bool     `json:"full_attendance"`
	WhyNot         []string `json:"why_not"`
	Full           int      `json:"full"`

	Rank        *int      `json:"rank"` // null where left out
	Tied        *int      `json:"tied"`
	Ranked      int       `json:"ranked"` // how many are ranked together
	Apart       hall.Name `json:"apart"`  // the class that is ranked by itself, null = the hall's list
	LeftOut     hall.Name `json:"left_out"`
	LeftOutText string    `json:"left_out_text"`
	// Ahead are all with a better rank, Peers those who share it, Behind those of
	// the next one, in the order of the list.
	Ahead  []Neighbour `json:"ahead"`
	Peers  []Neighbour `json:"peers"`
	Behind []Neighbour `json:"behind"`

	Award  *StandingAward `json:"award"`  // the windows', null of a person
	Titles []hall.Awarded `json:"titles"` // other awards that they have
	Vetoes []hall.Veto    `json:"vetoes"`

	Open  []string   `json:"open"`  // what may still change the score
	Basis []hall.UID `json:"basis"` // sorted

	Kinds map[string]string `json:"kinds"`
}

// StandingPart is a summand of the score.
type StandingPart struct {
	Kind   string      `json:"kind"` // as rules name the parts of a score
	Of     hall.Name   `json:"of"`   // violation id, category or bonus kind
	Points hall.Points `json:"points"`
	Text   string      `json:"text"`
	Steps  []string    `json:"steps"` // how the points of a violation came about
	Proofs []hall.UID  `json:"proofs"`
}

// StandingMember is one of the people whose scores a window's mean is made of.
type StandingMember struct {
	Person hall.PersonID `json:"person"`
	Name   string        `json:"name"`
	Score  hall.Points   `json:"score"`
}

// Neighbour is who is ranked together with the one in question.
type Neighbour struct {
	Person *hall.PersonID `json:"person"` // null where it is a window
	Window hall.WindowID  `json:"window"`
	Name   string         `json:"name"`
	Score  hall.Points    `json:"score"`
	Rank   int            `json:"rank"`
	Tied   int            `json:"tied"`
	// By says what tells the two apart: score, a tie-breaker, null = nothing.
	By         hall.Name   `json:"by"`
	Difference hall.Points `json:"difference"` // of the scores: theirs less one's own
	Text       string      `json:"text"`
}

// StandingAward says whether a window has the windows' award, and why.
type StandingAward struct {
	Title string    `json:"title"`
	Got   bool      `json:"got"`
	By    hall.Name `json:"by"` // the meeting, null = computed
	Text  string    `json:"text"`
}

// The parts of a score that a text treats in its own way.
const (
	PartBase  = rules.PartBase
	PartLine  = rules.PartLine
	PartShare = rules.PartShare
	PartBonus = rules.PartBonus
	PartMean  = rules.PartMean
)

// The reasons for which a window has no score.
const (
	LeftOutNotAssessed = "not_assessed"
	LeftOutNotValid    = "not_valid"
)
