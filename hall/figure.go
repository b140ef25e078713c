package hall

// Figure is any other figure of a month: ratings, hotline, rank in a league.
type Figure struct {
	Head
	Month  Month
	Name   string
	Value  string // a JSON number or the text of a JSON string
	Window WindowID
	Unit   string
	Of     string // of how many, like Value; "" = not given
}

func (*Figure) isFact() {}
