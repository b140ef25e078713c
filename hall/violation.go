package hall

import (
	"encoding/json"
	"slices"
	"strings"
)

// The punctuality kinds in the order of their severity (contract 5.8): of
// several on one edge the last stands.
const (
	Late           = "late"
	EarlyLeave     = "early_leave"
	MissingPunch   = "missing_punch"
	HalfDayAbsence = "half_day_absence"
	Absence        = "absence"
)

// PunctualityKinds lists them, mildest first.
var PunctualityKinds = []string{Late, EarlyLeave, MissingPunch, HalfDayAbsence, Absence}

// Severity is the place of a verdict or kind in PunctualityKinds, from 1 on; 0
// for anything else, `ok` and `excused` among them.
func Severity(kind string) int { return slices.Index(PunctualityKinds, kind) + 1 }

// The verdicts that are no offence.
const (
	OK      = "ok"
	Excused = "excused"
	Pending = "pending"
)

// The edges of a session, and what a punctuality violation's id names.
const (
	EdgeIn  = "in"
	EdgeOut = "out"
)

// The marks of a violation.
const (
	MarkAppealed     = "appealed"
	MarkContradicted = "contradicted"
	MarkRepeated     = "repeated"
	MarkTolerated    = "tolerated"
)

// ViolationID is `<date>/<session or ->/<what>/<subject>`: what is `in` or
// `out` for punctuality and else the kind; subject is a person, `@<window>`,
// `@<window>+` for its stand-in or `@<window>*` for unnamed people.
func ViolationID(date Date, session, what, subject string) string {
	if session == "" {
		session = "-"
	}
	return date.String() + "/" + session + "/" + what + "/" + subject
}

// IsViolationID tells a violation id from a uid: four parts, a date first.
func IsViolationID(s string) bool {
	if strings.Count(s, "/") != 3 {
		return false
	}
	first, _, _ := strings.Cut(s, "/")
	_, err := ParseDate(first)
	return err == nil
}

// Name is a text that is null in JSON where it is empty.
type Name string

// MarshalJSON writes null for the empty name.
func (n Name) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(n))
}

// Violation is one line of the violation list (contract 10).
type Violation struct {
	ID      string    `json:"id"`
	Date    Date      `json:"date"`
	Window  WindowID  `json:"window"`
	Person  *PersonID `json:"person"` // null where a window pays
	StandIn bool      `json:"stand_in"`
	Unnamed int       `json:"unnamed"`
	Kind    string    `json:"kind"`
	Session Name      `json:"session"` // null on a day without sessions
	Minutes *int      `json:"minutes"` // null where unknown
	Points  Points    `json:"points"`
	State   State     `json:"state"`
	Marks   []string  `json:"marks"`  // sorted
	Proofs  []UID     `json:"proofs"` // sorted: the events that accuse
}

// Subject returns the last part of the id.
func (v *Violation) Subject() string { return v.ID[strings.LastIndexByte(v.ID, '/')+1:] }

// What returns the third part of the id: in, out or the kind.
func (v *Violation) What() string { return strings.SplitN(v.ID, "/", 4)[2] }

// Marked reports whether v carries a mark.
func (v *Violation) Marked(mark string) bool { return slices.Contains(v.Marks, mark) }
