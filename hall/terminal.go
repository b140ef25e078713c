package hall

// Terminal is a heartbeat of a terminal, and how far its punches are complete.
type Terminal struct {
	Head
	Terminal string
	Retired  bool // state retired; false: alive
	// CompleteUntil says that every punch up to it has been sent; 0 = not said.
	CompleteUntil Instant
}

// Heard are the minutes in which a terminal showed a punch, ascending.
type Heard struct {
	Terminal string
	Minutes  []Instant
}

func (*Terminal) isFact() {}

func readTerminal(r *reader, h Head) Fact {
	return &Terminal{
		Head:          h,
		Terminal:      r.need("terminal").text(),
		Retired:       r.need("state").choice("alive", "retired") == "retired",
		CompleteUntil: r.may("complete_until").instant(),
	}
}
