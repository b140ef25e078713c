package hall

// Correction stands for a punch at At.
type Correction struct {
	Head
	Person     PersonID
	At         Instant
	Own        bool   // reason own; false: official
	ApprovedBy string // "" = not approved, which does not count
}

func (*Correction) isFact() {}
