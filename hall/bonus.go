package hall

// Bonus is points for good service, for windows (each gets the full count) or
// for a person; with both, the person.
type Bonus struct {
	Head
	Month   Month // of `month`, else of `date`
	Date    Date  // 0 = given by month
	Windows []WindowID
	Person  PersonID
	Kind    string
	Count   int64
	Status  string // claimed, verified or ""
}

func (*Bonus) isFact() {}
