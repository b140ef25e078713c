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
