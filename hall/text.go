package hall

// Text is a section of the bulletin that people write.
type Text struct {
	Head
	Month   Month
	Section string
	Items   []string
}

func (*Text) isFact() {}
