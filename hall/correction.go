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

func readCorrection(r *reader, h Head) Fact {
	return &Correction{
		Head:       h,
		Person:     r.need("person").person(),
		At:         r.need("at").instant(),
		Own:        r.need("reason").choice("own", "official") == "own",
		ApprovedBy: r.may("approved_by").text(),
	}
}
