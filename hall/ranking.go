package hall

// The assessment, opened: who is first and last, what was awarded and by whom,
// what keeps a window from it, and the figures and words of the month that
// people report.

// Ranking is the head and the tail of the people who are ranked together. Each
// holds exactly as many as the policy asks for, or everybody; nobody is in both.
type Ranking struct {
	Class  Name           `json:"class"` // of those ranked apart, null = the hall's
	Ranked int            `json:"ranked"`
	Top    []RankedPerson `json:"top"`
	Bottom []RankedPerson `json:"bottom"` // the last one last
}

// RankedPerson is a person with a rank. Tied counts all who share it (并列), in
// the list or beyond it.
type RankedPerson struct {
	Person PersonID `json:"person"`
	Name   string   `json:"name"`
	Window WindowID `json:"window"`
	Score  Points   `json:"score"`
	Rank   int      `json:"rank"`
	Tied   int      `json:"tied"`
}

// Awarded is an award of the month: computed, or chosen by a meeting.
type Awarded struct {
	Title   string     `json:"title"`
	Windows []WindowID `json:"windows"`
	Persons []PersonID `json:"persons"`
	By      Name       `json:"by"`     // the meeting, null = computed
	Reason  Name       `json:"reason"` // the meeting's, null = computed
	UID     Name       `json:"uid"`    // the meeting's event, null = computed
	// Tied counts the windows that share the rank of the last one, Taken those of
	// them that have the award; both 0 where a meeting decided.
	Tied  int `json:"tied"`
	Taken int `json:"taken"`
}

// Veto is a violation that keeps a window from the computed award (一票否决).
type Veto struct {
	Window    WindowID `json:"window"`
	Violation string   `json:"violation"` // its id
	Kind      string   `json:"kind"`
	Date      Date     `json:"date"`  // of the violation
	Until     Date     `json:"until"` // last day of its term
}

// MonthFigure is a figure of the month that stands (好差评, 12345, 一张网). A month
// has those that were reported; nothing stands in for a missing one.
type MonthFigure struct {
	Name   string `json:"name"`
	Window Name   `json:"window"` // null = the hall's
	Value  string `json:"value"`  // a number as it was written, or a text
	Unit   Name   `json:"unit"`
	Of     Name   `json:"of"` // of how many, like Value
	UID    UID    `json:"uid"`
}

// Section holds paragraphs of the bulletin that people wrote.
type Section struct {
	Section string   `json:"section"`
	Items   []string `json:"items"`
	UID     UID      `json:"uid"`
}

// Appeal is how far a violation may be, or was, appealed.
type Appeal struct {
	Violation string       `json:"violation"` // its id
	Window    WindowID     `json:"window"`
	Person    *PersonID    `json:"person"`
	Until     *Date        `json:"until"` // last day to appeal, null where a year has no calendar
	Open      bool         `json:"open"`  // as_of is not behind it, and nobody appealed yet
	Steps     []AppealStep `json:"steps"` // by (time, uid)
}

// AppealStep is a ruling on a violation or on one of its proofs.
type AppealStep struct {
	On     string `json:"on"`
	State  State  `json:"state"`
	By     string `json:"by"`
	Reason string `json:"reason"`
	At     string `json:"at"`   // RFC 3339 in the hall's zone
	Late   bool   `json:"late"` // an appeal behind the last day: it is shown and decides nothing
	Ruling UID    `json:"ruling"`
}
