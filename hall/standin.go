package hall

// StandIn says who holds a post. It explains and moves no planned punch.
type StandIn struct {
	Head
	Window WindowID
	From   Bound
	Until  Bound
	For    PersonID // who is stood in for, "" = nobody known
	By     PersonID // who stands in, "" = nobody known
}

func (*StandIn) isFact() {}

func readStandIn(r *reader, h Head) Fact {
	s := &StandIn{Head: h, Window: r.need("window").window()}
	s.From, s.Until = r.span()
	s.For = r.may("for").person()
	s.By = r.may("by").person()
	return s
}
