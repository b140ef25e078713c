package rules

// What judgement says, rich enough to be explained. The lists of contract 10
// are made of these by report.

import (
	"slices"

	"rollcall/hall"
)

// Day is a day of a person as it was judged.
type Day struct {
	Person hall.PersonID
	Date   hall.Date
	// Due says that planned punches are due; Why says in a word why not: policy,
	// roster, class or calendar.
	Due bool
	// CalendarMissing says that the calendar of the year was needed and unknown.
	CalendarMissing bool
	punches         bool // the class of the row does
	Why             string
	Row             *hall.Roster      // the person's place that day, nil = not on the roster
	Policy          *hall.PolicyEvent // the version that governs the day, nil = none does
	Timetable       *hall.Timetable
	Sessions        []hall.Session // of the day, due or not
	Planned         []Planned      // in the order of the day
	// Strays are punches of the date that no band holds.
	Strays []Seen
	// Leaves are those that take a minute or more of a session, by uid.
	Leaves []hall.Leave
}

// The reasons for which a day is not due.
const (
	NotDuePolicy   = "policy"
	NotDueRoster   = "roster"
	NotDueClass    = "class"
	NotDueCalendar = "calendar"
)

// Planned is a planned punch and its verdict. A month has thousands of them, so
// what few have is held apart.
type Planned struct {
	*Slot
	Due     hall.Clock // where leave has put it
	Removed bool       // by leave over the whole session, or an excuse

	Seen    []Seen // every punch and correction in the band, by (time, uid)
	Punch   *Seen  // the one that counts, nil = none
	Verdict string // hall.OK, Excused, Pending or a punctuality kind

	few *few // nil = nothing of it
}

// few is what few planned punches have.
type few struct {
	covers    []hall.UID
	coveredBy hall.UID
	waitsFor  []string
	witnesses []hall.UID
}

// special makes room for what few have.
func (p *Planned) special() *few {
	if p.few == nil {
		p.few = new(few)
	}
	return p.few
}

// Covers are the leaves and excuses that removed or moved it, sorted.
func (p *Planned) Covers() []hall.UID {
	if p.few == nil {
		return nil
	}
	return p.few.covers
}

// CoveredBy is the one that contract 10 names, "" = none.
func (p *Planned) CoveredBy() hall.UID {
	if p.few == nil {
		return ""
	}
	return p.few.coveredBy
}

// WaitsFor names, while it is pending though its band has closed, the silent
// terminals for which it waits longer.
func (p *Planned) WaitsFor() []string {
	if p.few == nil {
		return nil
	}
	return p.few.waitsFor
}

// Witnesses are the events by which those were heard last; where it no longer
// waits before its time is over, those that show that no terminal is silent.
func (p *Planned) Witnesses() []hall.UID {
	if p.few == nil {
		return nil
	}
	return p.few.witnesses
}

// Minutes is how late or early the punch is, 0 for one in time; nil without a punch
// and where it is excused or pending.
func (p *Planned) Minutes() *int {
	if p.Punch == nil || p.Verdict == hall.Excused || p.Verdict == hall.Pending {
		return nil
	}
	return new(offMinutes(p))
}

// Rule returns the rule that found the offence, nil if there is none.
func (p *Planned) Rule() *Rule {
	i := slices.IndexFunc(ofEdges, func(r Rule) bool { return r.ID == p.Verdict })
	if i < 0 {
		return nil
	}
	return &ofEdges[i]
}

// Seen is a punch or correction in a band.
type Seen struct {
	At         hall.Clock  // on the day's own clock
	punch      *hall.Punch // nil = a correction
	correction *hall.Correction
}

// UID is that of the punch or correction.
func (s Seen) UID() hall.UID {
	if s.punch != nil {
		return s.punch.UID
	}
	return s.correction.UID
}

// Instant is when the punch was made, or of which moment the correction speaks.
func (s Seen) Instant() hall.Instant {
	if s.punch != nil {
		return s.punch.Time
	}
	return s.correction.At
}

// Terminal is where the punch was made, "" of a correction.
func (s Seen) Terminal() string {
	if s.punch != nil {
		return s.punch.Terminal
	}
	return ""
}

// Method is how the punch was made, "" where nothing says it.
func (s Seen) Method() string {
	if s.punch != nil {
		return s.punch.Method
	}
	return ""
}

// Corrects reports whether it is a correction.
func (s Seen) Corrects() bool { return s.correction != nil }

// Line is a violation with what bore on it.
type Line struct {
	hall.Violation
	Rule   string            // id of the rule or kind of finding
	Policy *hall.PolicyEvent // the version that governs the date
	// Base are the points before the session's cap, tolerance and factor.
	Base hall.Points
	// Basis is everything that bears on the line, proofs included, sorted.
	Basis  []hall.UID
	paid   hall.Points // after the session's cap
	order  hall.Clock  // planned time; of a finding the start (early_leave: end) of its session
	breaks bool        // full attendance
	veto   hall.Term   // how long it keeps the window from the award, "" = not at all
}

// The fates of a correction.
const (
	CorrectionCounts     = "counts"
	CorrectionUnapproved = "unapproved"
	CorrectionSealed     = "sealed" // made after the month's first seal
	CorrectionLate       = "late"
	CorrectionIdle       = "idle" // mends nothing
	CorrectionQuota      = "quota"
)

// CorrectionFate says what became of a correction.
type CorrectionFate struct {
	hall.Correction
	Date hall.Date // of the planned punch it speaks of; its own where there is none
	Fate string
}

// Month is a settled month.
type Month struct {
	Book   *Book
	Month  hall.Month
	AsOf   hall.Instant
	Policy *hall.PolicyEvent // the version at the month's last day; never nil

	Workdays    []hall.Date // of the hall, governed by a policy
	Days        []*Day      // every day of the month of everybody on the roster that day, by person and date
	Lines       []Line      // violations that count, in the order of contract 10
	Contested   []Line
	Fell        []Fallen
	Corrections []CorrectionFate // by (time, uid)
	Full        []hall.PersonID  // full attendance, by window number and person
	// WhyNotFull says for everybody else in a punching class why not.
	WhyNotFull map[hall.PersonID][]string
	Unresolved []hall.Unresolved // by uid
	// CalendarMissing are the years of workdays that no table knows.
	CalendarMissing []int
	// Patrols maps each note of the month to the violation id it accuses, ""
	// for clear, praise and unresolved ones.
	Patrols map[hall.UID]string
	// NoteDates maps each note to the date it belongs to.
	NoteDates map[hall.UID]hall.Date

	numbers map[hall.WindowID]int
	own     map[hall.PersonID][]*Line // into Lines, of each person
	only    hall.PersonID             // the person who is judged, "" = everybody
	days    map[hall.PersonID][]*Day  // by day of the month, nil where not on the roster
	places  map[hall.PersonID]*hall.Roster
}

// Fallen is a violation or a patrol note that a ruling took away.
type Fallen struct {
	On     string
	Ruling hall.Ruling
	Line   *Line // what fell
}

// Staff is a person's assessed month.
type Staff struct {
	hall.StaffScore
	Apart bool   // ranked in a list of their own class
	Parts []Part // what the score is made of; they sum to it unless a floor holds
	// DueDays and AttendedDays count days.
	DueDays, AttendedDays int
	Full                  bool
}

// The parts of a score.
const (
	PartBase     = "base"
	PartLine     = "line"     // a violation of one's own
	PartShare    = "share"    // a chief representative's share of another's
	PartCategory = "category" // given back, a category being full
	PartBonus    = "bonus"
	PartCap      = "bonus_cap" // taken back, the cap being reached
	PartFull     = "full_attendance"
	PartFloor    = "floor"
	PartMean     = "staff_mean"
)

// Part is a summand of a score.
type Part struct {
	Kind   string
	Of     string // violation id, category or bonus kind
	Points hall.Points
	Proofs []hall.UID
}

// Window is a window's assessed month.
type Window struct {
	hall.WindowScore
	Parts  []Part
	Vetoes []hall.Veto // violations that keep it from the computed award
	Staff  []hall.PersonID
	Full   int   // number of its people with full attendance
	Cases  int64 // accepted
}

// Assessment is an assessed month.
type Assessment struct {
	Staff   []Staff
	Windows []Window
	Bonus   []hall.BonusLine
	Cases   hall.CasesSummary
	// Chosen is the meeting's award in place of the computed one, nil = none.
	Chosen *hall.Award
}
