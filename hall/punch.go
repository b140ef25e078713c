package hall

// Punch is a clock-in or clock-out. A punch is its uid, person and time.
type Punch struct {
	Head
	// Person is what the terminal sent: a person's id, or an alias that the
	// roster rows of the punch's date resolve.
	Person PersonID
	// Method is face, card, fingerprint, phone, manual or any other word;
	// `manual` and `phone` speak for no terminal.
	Method string
	// Direction (in, out) is a hint that decides nothing.
	Direction string
	// Terminal is where it was made; it defaults to the source of the subject.
	Terminal string
	// Seq is the terminal's own counter as JSON, or empty.
	Seq string
	// ReceivedAt is when a gateway took it, or none.
	ReceivedAt Instant
}

// SpeaksForTerminal reports whether the punch shows that its terminal was
// heard (CONTRACT 5.9).
func (p *Punch) SpeaksForTerminal() bool { return p.Method != "manual" && p.Method != "phone" }

func (*Punch) isFact() {}
