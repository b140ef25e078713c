package hall

// Leave is leave, a trip, duty or an outing of a person, both ends included.
type Leave struct {
	Head
	Person     PersonID
	Kind       string
	From       Bound
	Until      Bound
	ApprovedBy string
	Note       string
}

func (*Leave) isFact() {}
