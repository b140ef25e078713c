package hall

// Patrol is one finding of an inspector. The kind `clear` notes nothing,
// `praise` is positive; any other kind is named by the policy.
type Patrol struct {
	Head
	Inspector string
	Kind      string
	Window    WindowID // "" = not given
	Person    PersonID // "" = not given
	StandIn   bool     // the offence is that of the window's stand-in
	Unnamed   int      // number of unnamed people, 0 = none
	Session   string   // "" = by time
	Until     Bound    // when the patrol ended
	Channel   string   // patrol, video, hotline, press, superior or any other word
	Note      string
	Evidence  []string // opaque references, never opened
}

// The kinds of patrol notes that are no finding.
const (
	PatrolClear  = "clear"
	PatrolPraise = "praise"
)

func (*Patrol) isFact() {}

func readPatrol(r *reader, h Head) Fact {
	p := &Patrol{
		Head:      h,
		Inspector: r.need("inspector").text(),
		Kind:      r.need("kind").text(),
		Window:    r.may("window").window(),
		Person:    r.may("person").person(),
		StandIn:   r.may("stand_in").flag(),
		Unnamed:   int(r.may("unnamed").integer(0, maxCount)),
		Session:   r.may("session").token(),
	}
	until := r.may("until")
	if p.Until = until.bound(); p.Until.endsBefore(Bound{At: h.Time}) {
		until.bad("no earlier than time, " + shown(r.members.named("time")))
	}
	p.Channel = r.may("channel").text()
	p.Note = r.may("note").text()
	p.Evidence = r.may("evidence").texts()
	return p
}
