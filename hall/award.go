package hall

// Award is a choice made by a meeting, in place of the computed one.
type Award struct {
	Head
	Month   Month
	Title   string
	Windows []WindowID
	Persons []PersonID
	By      string
	Reason  string
}

func (*Award) isFact() {}
