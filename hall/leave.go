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

func readLeave(r *reader, h Head) Fact {
	l := &Leave{Head: h, Person: r.need("person").person(), Kind: r.need("kind").text()}
	l.From, l.Until = r.span()
	l.ApprovedBy = r.may("approved_by").text()
	l.Note = r.may("note").text()
	return l
}
