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

func readBonus(r *reader, h Head) Fact {
	b := &Bonus{Head: h}
	b.Month, b.Date = r.monthOrDate()
	windows, person := r.may("windows"), r.may("person")
	if windows.value == nil && person.value == nil {
		windows.missing("a list of windows, or in the field person " + wantPerson)
	}
	b.Windows = windows.windows()
	b.Person = person.person()
	b.Kind = r.need("kind").text()
	b.Count = r.need("count").integer(0, maxCount)
	b.Status = r.may("status").choice("claimed", "verified")
	return b
}
