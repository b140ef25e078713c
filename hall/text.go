package hall

// Text is a section of the bulletin that people write.
type Text struct {
	Head
	Month   Month
	Section string
	Items   []string
}

func (*Text) isFact() {}

func readText(r *reader, h Head) Fact {
	return &Text{
		Head:    h,
		Month:   r.need("month").month(),
		Section: r.need("section").text(),
		Items:   r.need("items").texts(),
	}
}
