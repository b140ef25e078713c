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

func readAward(r *reader, h Head) Fact {
	return &Award{
		Head:    h,
		Month:   r.need("month").month(),
		Title:   r.need("title").text(),
		Windows: r.may("windows").windows(),
		Persons: r.may("persons").persons(),
		By:      r.need("by").text(),
		Reason:  r.need("reason").text(),
	}
}
