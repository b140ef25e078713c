package hall

// The policy of a hall: everything that decides a verdict and is not an event.
// `configs` reads it from YAML, an event carries it as JSON; both end here.

import (
	"slices"
	"time"
)

// Policy governs each day from Effective on until a later one does.
type Policy struct {
	Hall      ID
	Name      string
	Zone      *time.Location
	Effective Date

	Calendar    CalendarRules
	Timetables  []Timetable
	Classes     []Class
	Units       []Unit
	Windows     []Window
	Punctuality Punctuality
	Leave       []LeaveKind
	Discipline  []Discipline
	Bonus       []BonusKind
	Assessment  Assessment
	// Wait is how long a missing punch waits for silent terminals.
	Wait     time.Duration
	Bulletin Bulletin
}

// CalendarRules say which days are workdays on top of the statutory table.
type CalendarRules struct {
	Statutory bool // CN; false: none, weekends alone decide
	Weekend   []time.Weekday
	Closed    []Date // closed on top of the calendar
	Open      []Date // worked on top of it; beats closed
}

// Timetable governs from a day of the year on until the next one of its group.
type Timetable struct {
	Name     string
	From     MonthDay
	Group    string // "" = the hall's
	Works    []time.Weekday
	HasWorks bool // works was given: its weekdays replace weekend and make-up days
	Sessions []Session
	Weekdays map[time.Weekday][]Session // replaces Sessions on that day
}

// On returns the sessions of a weekday.
func (t *Timetable) On(day time.Weekday) []Session {
	if s, ok := t.Weekdays[day]; ok {
		return s
	}
	return t.Sessions
}

// MonthDay is a day of any year, `10-01`, as month*100 + day.
type MonthDay int

// MonthDay returns the month and day of d.
func (d Date) MonthDay() MonthDay {
	t := d.Midnight()
	return MonthDay(int(t.Month())*100 + t.Day())
}

// Session is a stretch of work with a planned punch at its start, its end, both
// or neither. Times count from the midnight of the date on which it starts; an
// End of a session that crosses midnight is 24 hours or more, and so are the bounds
// of its bands that lie on the next day.
type Session struct {
	Name       string
	Start, End Clock
	PunchIn    bool
	PunchOut   bool
	In, Out    *Band // given bands, nil = midpoints
	Grace      *int  // minutes, nil = the policy's
}

// CrossesMidnight reports whether the session ends on the next day, be it on the
// stroke of midnight: who leaves then does so on the next day.
func (s *Session) CrossesMidnight() bool { return s.End >= DayEnd }

// Band is a half-open stretch [From, Until) in which a punch counts.
type Band struct{ From, Until Clock }

// Contains reports whether c lies in the band.
func (b Band) Contains(c Clock) bool { return b.From <= c && c < b.Until }

// Class says who is due to punch and who is ranked.
type Class struct {
	Name    string
	Punches bool
	Ranked  bool
	Apart   bool // ranked by themselves
	StandIn bool // an offence of this class is the window's
}

// Unit is a stationed unit, which may hold several windows.
type Unit struct{ ID, Name string }

// Window is a counter.
type Window struct {
	ID          WindowID
	Number      int
	Name        string
	Former      []string
	Aliases     []string
	Unit        string
	Assessed    bool // default true; false: a service point
	From, Until Date // validity, 0 = open
}

// On reports whether the window is valid on d.
func (w *Window) On(d Date) bool {
	return (w.From == 0 || w.From <= d) && (w.Until == 0 || d <= w.Until)
}

// Punctuality are the rules of punches. An offence that is nil costs nothing
// and, for HalfDayAbsence, never arises.
type Punctuality struct {
	Grace          int // minutes
	Late           *Offence
	EarlyLeave     *Offence
	HalfDayAbsence *Offence
	Absence        *Offence
	MissingPunch   *Offence
	Tolerance      *Tolerance
	Repeat         *PunctualityRepeat
	Correction     CorrectionRules
}

// Offence returns the rule of a punctuality kind, nil if the policy has none.
func (p *Punctuality) Offence(kind string) *Offence {
	switch kind {
	case Late:
		return p.Late
	case EarlyLeave:
		return p.EarlyLeave
	case MissingPunch:
		return p.MissingPunch
	case HalfDayAbsence:
		return p.HalfDayAbsence
	case Absence:
		return p.Absence
	}
	return nil
}

// Offence is what a punctuality offence costs.
type Offence struct {
	From   int // minutes from which it arises (half_day_absence)
	Points Points
	Steps  []Step // ascending; they replace Points
}

// Step holds from a number of minutes on.
type Step struct {
	From   int
	Points Points
}

// Cost returns the points for a number of minutes: of the steps the last one
// they reach, none if they reach none; the first where minutes are unknown.
func (o *Offence) Cost(minutes *int) Points {
	if len(o.Steps) == 0 {
		return o.Points
	}
	if minutes == nil {
		return o.Steps[0].Points
	}
	var cost Points
	for _, s := range o.Steps {
		if *minutes >= s.From {
			cost = s.Points
		}
	}
	return cost
}

// Tolerance lets the first short offences of a month cost nothing.
type Tolerance struct {
	Kinds    []string
	PerMonth int
	UpTo     int // minutes
}

// Repeat multiplies the points of the offences after the first so many.
type Repeat struct {
	After  int
	Factor Points // in 1/10000
}

// PunctualityRepeat counts the offences of several kinds together.
type PunctualityRepeat struct {
	Kinds []string
	Repeat
}

// CorrectionRules limit corrections; nil is no limit.
type CorrectionRules struct {
	WithinWorkdays       *int
	OwnPerMonth          *int
	BreaksFullAttendance bool
}

// LeaveKind is a kind of leave, trip, duty or outing.
type LeaveKind struct {
	Kind                 string
	Name                 string
	BreaksFullAttendance bool // default true
	Covers               bool // default true; false: punches stay due
}

// Discipline is a kind of finding.
type Discipline struct {
	Kind                 string
	Name                 string
	WindowPays           bool // subject window; false: person
	Points               Points
	ChiefRepShare        Points // in 1/10000, 0 = none
	Repeat               *Repeat
	Clause               string
	Category             string
	Veto                 bool
	VetoFor              Term // with Veto: how long it keeps the window from the award
	BreaksFullAttendance bool
}

// BonusKind is a kind of good service.
type BonusKind struct {
	Kind              string
	Name              string
	Points            Points
	NeedsVerification bool
	Cap               *Points // a month and subject
}

// Assessment are the rules of scores and ranks.
type Assessment struct {
	Staff       StaffRules
	Windows     WindowRules
	TieBreakers []string // fewer_deductions, full_attendance, more_bonus, more_cases

	SealDay        int
	AppealWorkdays int
}

// The tie-breakers.
const (
	TieFewerDeductions = "fewer_deductions"
	TieFullAttendance  = "full_attendance"
	TieMoreBonus       = "more_bonus"
	TieMoreCases       = "more_cases"
)

// StaffRules are those of people; nil is no limit.
type StaffRules struct {
	Base                Points
	BonusCap            *Points
	Top, Bottom         int
	Floor               *Points
	MinDays             int
	FullAttendanceBonus Points
	Categories          []Category
}

// Category caps the deductions of the kinds that name it.
type Category struct {
	Name string
	Max  Points
}

// WindowRules are those of windows.
type WindowRules struct {
	BonusCap *Points
	Awards   int
	Title    string
}

// Class returns the class of a name, nil if there is none.
func (p *Policy) Class(name string) *Class {
	return find(p.Classes, func(c *Class) bool { return c.Name == name })
}

// Window returns the window of an id, nil if there is none.
func (p *Policy) Window(id WindowID) *Window {
	return find(p.Windows, func(w *Window) bool { return w.ID == id })
}

// LeaveKind returns the kind of leave of a name, nil if there is none.
func (p *Policy) LeaveKind(kind string) *LeaveKind {
	return find(p.Leave, func(k *LeaveKind) bool { return k.Kind == kind })
}

// DisciplineKind returns the kind of finding of a name, nil if there is none.
func (p *Policy) DisciplineKind(kind string) *Discipline {
	return find(p.Discipline, func(k *Discipline) bool { return k.Kind == kind })
}

// BonusKind returns the kind of bonus of a name, nil if there is none.
func (p *Policy) BonusKind(kind string) *BonusKind {
	return find(p.Bonus, func(k *BonusKind) bool { return k.Kind == kind })
}

// HasGroup reports whether a timetable is that of a group.
func (p *Policy) HasGroup(group string) bool {
	return slices.ContainsFunc(p.Timetables, func(t Timetable) bool { return t.Group == group })
}

// Timetable returns the timetable of a group on d: of the group's own ones, or
// of the hall's if it has none, the one that began last in the course of the
// year. It is nil if the hall has none either.
func (p *Policy) Timetable(group string, d Date) *Timetable {
	if t := p.timetable(group, d.MonthDay()); t != nil || group == "" {
		return t
	}
	return p.timetable("", d.MonthDay())
}

func (p *Policy) timetable(group string, day MonthDay) *Timetable {
	var current, last *Timetable
	for i := range p.Timetables {
		t := &p.Timetables[i]
		if t.Group != group {
			continue
		}
		if t.From <= day && (current == nil || t.From > current.From) {
			current = t
		}
		if last == nil || t.From > last.From {
			last = t
		}
	}
	if current == nil {
		return last
	}
	return current
}

// Works reports whether d is a workday of a timetable, and whether that was
// decided without the statutory table that it needs because none is known of
// its year. A nil timetable means the hall's own workdays.
func (p *Policy) Works(t *Timetable, d Date, statutory Calendar) (works, unknown bool) {
	unknown = p.Calendar.Statutory && !statutory.Has(d.Year())
	if slices.Contains(p.Calendar.Open, d) {
		return true, unknown
	}
	if slices.Contains(p.Calendar.Closed, d) {
		return false, unknown
	}
	day, ruled := statutory.Day(d)
	ruled = ruled && p.Calendar.Statutory
	if ruled && day.Off {
		return false, unknown
	}
	if t != nil && t.HasWorks {
		return slices.Contains(t.Works, d.Weekday()), unknown
	}
	return ruled || !slices.Contains(p.Calendar.Weekend, d.Weekday()), unknown
}

func find[T any](list []T, is func(*T) bool) *T {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}
