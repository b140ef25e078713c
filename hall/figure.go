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

func readFigure(r *reader, h Head) Fact {
	return &Figure{
		Head:   h,
		Month:  r.need("month").month(),
		Name:   r.need("name").text(),
		Value:  r.need("value").number(),
		Window: r.may("window").window(),
		Unit:   r.may("unit").text(),
		Of:     r.may("of").number(),
	}
}
