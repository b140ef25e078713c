package hall

// State is what a ruling decides, and the state of a violation.
type State string

// The states. Reported is that of a violation that nobody has ruled on; a
// ruling never has it.
const (
	Reported  State = "reported"
	Confirmed State = "confirmed"
	Rejected  State = "rejected"
	Appealed  State = "appealed"
	Upheld    State = "upheld"
	Cancelled State = "cancelled"
)

// Strikes reports whether the state takes away what it is about.
func (s State) Strikes() bool { return s == Rejected || s == Cancelled }

// Affirms reports whether the state makes what it is about stand.
func (s State) Affirms() bool { return s == Confirmed || s == Upheld }

// Ruling is a decision on an event or on a violation.
type Ruling struct {
	Head
	// On is a uid or a violation id; anything else is an event that is not there.
	On     string
	State  State
	By     string
	Reason string
	// Person and Date help to find a punch and list the ruling in a month; they
	// decide nothing.
	Person    PersonID
	Date      Date
	RectifyBy Bound  // until when it is to be put right
	Rectified string // as given: a date, a time, true or false; "" = not given
}

// OnViolation reports whether On is a violation id: four parts of which the
// first is a date. A hall's token is no date, so a uid never is one.
func (r *Ruling) OnViolation() bool { return IsViolationID(r.On) }

func (*Ruling) isFact() {}

func readRuling(r *reader, h Head) Fact {
	ruling := &Ruling{
		Head:   h,
		On:     r.need("on").text(),
		State:  State(r.need("state").choice(string(Confirmed), string(Rejected), string(Appealed), string(Upheld), string(Cancelled))),
		By:     r.need("by").text(),
		Reason: r.need("reason").text(),
	}
	onPunch := !ruling.OnViolation() && UID(ruling.On).Kind() == KindPunch
	ruling.Person = r.field("person", onPunch).person()
	ruling.Date = r.field("date", onPunch).date()
	ruling.RectifyBy = r.may("rectify_by").bound()
	ruling.Rectified = r.may("rectified").boundOrFlag()
	return ruling
}
