package hall

// Terminal is a heartbeat of a terminal, and how far its punches are complete.
type Terminal struct {
	Head
	Terminal string
	Retired  bool // state retired; false: alive
	// CompleteUntil says that every punch up to it has been sent; 0 = not said.
	CompleteUntil Instant
}

func (*Terminal) isFact() {}
