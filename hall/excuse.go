package hall

// Excuse removes the planned punches inside its span: a terminal down, a power
// cut, weather. Without windows and persons it holds for everybody.
type Excuse struct {
	Head
	From    Bound
	Until   Bound
	Windows []WindowID
	Persons []PersonID
	Reason  string
}

func (*Excuse) isFact() {}

func readExcuse(r *reader, h Head) Fact {
	e := &Excuse{Head: h}
	e.From, e.Until = r.span()
	e.Windows = r.may("windows").windows()
	e.Persons = r.may("persons").persons()
	e.Reason = r.need("reason").text()
	return e
}
