package hall

// The lists of a quarter or a year, made of those of its months.

// PeriodReport is a hall's quarter or year. A month that was sealed counts as it
// was sealed; any other one is a draft.
type PeriodReport struct {
	Hall     ID     `json:"hall"`
	Name     string `json:"name"`
	Period   Period `json:"period"`
	AsOf     string `json:"as_of"`
	Sequence uint64 `json:"sequence"`
	Draft    bool   `json:"draft"` // a month that a policy governs is not sealed

	Months  []PeriodMonth  `json:"months"` // all of the period
	Staff   []PeriodStaff  `json:"staff"`
	Ranking []Ranking      `json:"ranking"`
	Windows []PeriodWindow `json:"windows"`
	Awards  []PeriodAward  `json:"awards"` // by month
	Vetoes  []Veto         `json:"vetoes"`
	Cases   PeriodCases    `json:"cases"`

	Warnings []Warning `json:"warnings"`
	Names    Names     `json:"names"`
}

// What a month is to its period.
const (
	MonthSealed   = "sealed"
	MonthDraft    = "draft"
	MonthAhead    = "ahead"     // it begins behind as_of
	MonthNoPolicy = "no_policy" // no policy governs it
	MonthNoData   = "no_data"   // nobody punched and nobody noted anything; only its cases count
)

// PeriodMonth is a month of a period.
type PeriodMonth struct {
	Month    Month     `json:"month"`
	State    string    `json:"state"`
	Sealed   *SealInfo `json:"sealed"`
	Workdays int       `json:"workdays"`
	// Open counts what is pending, contested or unresolved of a draft.
	Open int `json:"open"`
}

// Counts reports whether the scores of the month are in the means.
func (m *PeriodMonth) Counts() bool { return m.State == MonthSealed || m.State == MonthDraft }

// MonthScore is what a month gave to a mean.
type MonthScore struct {
	Month   Month  `json:"month"`
	Score   Points `json:"score"`
	Rank    *int   `json:"rank"`
	LeftOut Name   `json:"left_out"` // the month is not in the mean then
}

// PeriodStaff is a person's period. Window and class are those of the last month
// in which the person is listed. Score is the mean of the Ranked months, null
// where the person was left out of all of them.
type PeriodStaff struct {
	Person     PersonID     `json:"person"`
	Name       string       `json:"name"`
	Window     WindowID     `json:"window"`
	Class      string       `json:"class"`
	Score      *Points      `json:"score"`
	Ranked     int          `json:"ranked_months"`
	FullMonths []Month      `json:"full_months"` // with full attendance
	Violations int          `json:"violations"`
	Deductions Points       `json:"deductions"`
	Bonus      Points       `json:"bonus"`
	Rank       *int         `json:"rank"`
	Tied       *int         `json:"tied"`
	LeftOut    Name         `json:"left_out"` // of the last month, where the score is null
	Scores     []MonthScore `json:"scores"`
}

// PeriodWindow is a window's period. Score is the mean of the months in which the
// window is listed.
type PeriodWindow struct {
	Window     WindowID     `json:"window"`
	Name       string       `json:"name"`
	Score      Points       `json:"score"`
	Ranked     int          `json:"ranked_months"`
	Full       int          `json:"full"` // full attendance of its people, months summed
	Violations int          `json:"violations"`
	Deductions Points       `json:"deductions"`
	Bonus      Points       `json:"bonus"`
	Awards     []Month      `json:"awards"` // in which it has the windows' award
	Cases      *int64       `json:"cases"`  // accepted, null where no month has a figure
	Rank       int          `json:"rank"`
	Tied       int          `json:"tied"`
	Scores     []MonthScore `json:"scores"`
}

// PeriodAward is an award of a month of the period.
type PeriodAward struct {
	Month Month `json:"month"`
	Awarded
}

// PeriodCases sums the accepted cases of those months that reported any.
type PeriodCases struct {
	Total         *int64  `json:"total"`    // null where no month reported
	Reported      []Month `json:"reported"` // of the period
	OnTimePercent *Points `json:"on_time_percent"`
	// Previous is the period before (环比), LastYear the same one of the year before
	// (同比). Growth is null where not as many months reported as in this one.
	Previous PeriodGrowth        `json:"previous"`
	LastYear PeriodGrowth        `json:"last_year"`
	Windows  []PeriodWindowCases `json:"windows"` // by number
}

// PeriodWindowCases sums the cases of a window.
type PeriodWindowCases struct {
	Window        WindowID `json:"window"`
	Accepted      int64    `json:"accepted"`
	Completed     int64    `json:"completed"`
	OnTime        int64    `json:"on_time"`
	SharePercent  *Points  `json:"share_percent"`
	OnTimePercent *Points  `json:"on_time_percent"`
	Reported      []Month  `json:"reported"`
}

// PeriodGrowth compares with another period.
type PeriodGrowth struct {
	Period        Period  `json:"period"`
	Total         *int64  `json:"total"`
	Reported      int     `json:"reported_months"`
	GrowthPercent *Points `json:"growth_percent"`
}
