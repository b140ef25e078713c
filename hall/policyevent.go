package hall

// PolicyEvent is the hall's policy from its effective date on.
type PolicyEvent struct {
	Head
	Policy *Policy
}

func (*PolicyEvent) isFact() {}
