package hall

// Kind is the third token of a subject: what an event speaks of.
type Kind string

// The kinds of events (contract 2), in the order of the contract.
const (
	KindPunch      Kind = "punch"
	KindPatrol     Kind = "patrol"
	KindLeave      Kind = "leave"
	KindStandIn    Kind = "standin"
	KindCorrection Kind = "correction"
	KindExcuse     Kind = "excuse"
	KindRuling     Kind = "ruling"
	KindBonus      Kind = "bonus"
	KindCases      Kind = "cases"
	KindFigure     Kind = "figure"
	KindText       Kind = "text"
	KindAward      Kind = "award"
	KindRoster     Kind = "roster"
	KindTerminal   Kind = "terminal"
	KindPolicy     Kind = "policy"
	KindCalendar   Kind = "calendar"
	KindSeal       Kind = "seal"
)

// Head is what every event has: its identity and the moment it was made (for a
// punch and a patrol note: happened).
type Head struct {
	UID  UID
	Time Instant
}

// GetHead lets any fact be asked for its head.
func (h Head) GetHead() Head { return h }

// Before orders events by (time, uid): of two that speak of the same thing the
// later one counts (contract 2).
func (h Head) Before(o Head) bool {
	if h.Time != o.Time {
		return h.Time < o.Time
	}
	return h.UID < o.UID
}

// Fact is a decoded event: one of the pointer types Punch, Patrol, Leave,
// StandIn, Correction, Excuse, Ruling, Bonus, Cases, Figure, Text, Award,
// Roster, Terminal, PolicyEvent, CalendarYear and Seal.
type Fact interface {
	GetHead() Head
	isFact()
}

// Facts are the decoded events of one hall, as far as a question needs them, in
// no particular order and each once. Rejected ones are still among them. Seals
// alone stand in the order of the log, with every body of a uid: see Issues.
type Facts struct {
	Punches     []Punch
	Patrols     []Patrol
	Leaves      []Leave
	StandIns    []StandIn
	Corrections []Correction
	Excuses     []Excuse
	Rulings     []Ruling
	Bonuses     []Bonus
	Cases       []Cases
	Figures     []Figure
	Texts       []Text
	Awards      []Award
	Roster      []Roster
	Terminals   []Terminal
	Policies    []PolicyEvent
	Calendars   []CalendarYear
	Seals       []Seal

	// Heard is when terminals showed punches that are not among Punches, where some
	// people are judged alone.
	Heard []Heard

	Conflicts []Conflict
	// Missing are the uids that rulings name and no event of the hall has.
	Missing []UID
}

// Add appends a fact to the list of its kind.
func (f *Facts) Add(fact Fact) {
	switch e := fact.(type) {
	case *Punch:
		f.Punches = append(f.Punches, *e)
	case *Patrol:
		f.Patrols = append(f.Patrols, *e)
	case *Leave:
		f.Leaves = append(f.Leaves, *e)
	case *StandIn:
		f.StandIns = append(f.StandIns, *e)
	case *Correction:
		f.Corrections = append(f.Corrections, *e)
	case *Excuse:
		f.Excuses = append(f.Excuses, *e)
	case *Ruling:
		f.Rulings = append(f.Rulings, *e)
	case *Bonus:
		f.Bonuses = append(f.Bonuses, *e)
	case *Cases:
		f.Cases = append(f.Cases, *e)
	case *Figure:
		f.Figures = append(f.Figures, *e)
	case *Text:
		f.Texts = append(f.Texts, *e)
	case *Award:
		f.Awards = append(f.Awards, *e)
	case *Roster:
		f.Roster = append(f.Roster, *e)
	case *Terminal:
		f.Terminals = append(f.Terminals, *e)
	case *PolicyEvent:
		f.Policies = append(f.Policies, *e)
	case *CalendarYear:
		f.Calendars = append(f.Calendars, *e)
	case *Seal:
		f.Seals = append(f.Seals, *e)
	}
}
