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
