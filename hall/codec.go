package hall

// From a subject and a body to an event. The same bytes give the same event or
// the same dead letter in every replica and at every rebuild, so this is strict
// and knows no clock.

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Event is a message that could be read.
type Event struct {
	UID     UID
	Subject string
	Fact    Fact
	// Body is the canonical body; of a punch that brought its id it is nil and
	// Canonical makes it.
	Body []byte
	// Sum is the SHA-256 of the canonical body, which tells two bodies of one uid
	// apart; zero where Body is nil.
	Sum [sha256.Size]byte
	// Unknown are the names of the fields that the kind does not have, sorted.
	Unknown []string

	raw []byte // as received
}

// Canonical returns the canonical body, whether Body is set or not.
func (e *Event) Canonical() []byte {
	if e.Body != nil {
		return e.Body
	}
	if e.raw != nil {
		return canonical(e.raw)
	}
	if p, ok := e.Fact.(*Punch); ok {
		return p.Body()
	}
	return nil
}

// Rejection says why an event is a dead letter. It is an ErrInvalid.
type Rejection struct {
	Subject string // as received
	// Field is the first bad field in the order of the contract; `subject` also
	// where the kind is unknown, and "" where there is no JSON object.
	Field   string
	Reason  string // names field, value and what is allowed
	Value   string // what stands there, shortened; never an image
	Allowed string
}

func (r *Rejection) Error() string {
	if r.Subject == "" {
		return r.Reason
	}
	return r.Subject + ": " + r.Reason
}

// Is makes a Rejection an ErrInvalid.
func (r *Rejection) Is(target error) bool { return target == ErrInvalid }

// Subject returns the subject on which a source publishes a kind of events.
func Subject(hall ID, kind Kind, source string) string {
	return "rollcall." + string(hall) + "." + string(kind) + "." + source
}

// ParseSubject reads `rollcall.<hall>.<kind>.<source>`. The error is a
// *Rejection of the field `subject`.
func ParseSubject(subject string) (hall ID, kind Kind, source string, err error) {
	var parts [5]string
	n := 0
	for part := range strings.SplitSeq(subject, ".") {
		if n == len(parts) {
			break
		}
		parts[n] = part
		n++
	}
	if n != 4 || parts[0] != "rollcall" {
		return "", "", "", badSubject(subject, "bad subject", "rollcall.<hall>.<kind>.<source>")
	}
	if _, isDate := parseDate(parts[1]); isDate || !policyToken(parts[1]) {
		return "", "", "", badSubject(subject, "bad hall in subject", wantToken+", and no date")
	}
	if !policyToken(parts[3]) {
		return "", "", "", badSubject(subject, "bad source in subject", wantToken)
	}
	if kindInfo(Kind(parts[2])) == nil {
		return "", "", "", badSubject(subject, "unknown kind in subject", kindNames())
	}
	return ID(parts[1]), Kind(parts[2]), parts[3], nil
}

// HallOf returns the hall that a subject of four tokens speaks of, whatever its
// kind and source; ok is false where no event of any hall can have it.
func HallOf(subject string) (speaker ID, ok bool) {
	parts := strings.Split(subject, ".")
	if len(parts) != 4 || parts[0] != "rollcall" || slices.Contains(parts, "") {
		return "", false
	}
	_, isDate := parseDate(parts[1])
	return ID(parts[1]), !isDate && policyToken(parts[1])
}

func badSubject(subject, problem, want string) *Rejection {
	value := strconv.Quote(clipped(subject))
	return &Rejection{
		Subject: shownSubject(subject), Field: "subject", Value: value, Allowed: want,
		Reason: problem + " " + value + ": want " + want,
	}
}

// shownSubject keeps every subject that could be meant, and cuts what is none.
func shownSubject(subject string) string {
	const most = 256
	if len(subject) > most {
		subject = subject[:most] + "…"
	}
	return strings.ToValidUTF8(subject, "\uFFFD")
}

// Decode reads an event. Its error is always a *Rejection and names the first
// of these: what is no JSON; an image or a long string; a body over the limit;
// a bad subject; a body that is no object; the first bad field of id, time and
// the kind's fields in the contract's order. Fields that the kind does not have
// pass. The event keeps body, which must not be changed after the call.
func Decode(subject string, body []byte) (Event, error) {
	m := message{subject: subject, body: body}
	var err error
	m.hall, m.kind, m.source, err = ParseSubject(subject)
	if m.kind == KindPunch {
		if event, ok := m.scanPunch(); ok {
			return event, nil
		}
	}
	return m.decode(err)
}

// message is a body, and what its subject says.
type message struct {
	subject string
	hall    ID
	kind    Kind
	source  string
	body    []byte
}

// decode is the general way. Err says what is wrong with the subject.
func (m *message) decode(err error) (Event, error) {
	fields, rejection := checkBody(m.body, m.kind == KindSeal)
	if rejection != nil {
		rejection.Subject = shownSubject(m.subject)
		return Event{}, rejection
	}
	if err != nil {
		return Event{}, err
	}
	event, rejection := m.decodeFields(fields)
	if rejection != nil {
		rejection.Subject = m.subject
		return Event{}, rejection
	}
	return event, nil
}

// checkBody makes sure of JSON, no images and the limit. Without an error,
// members are nil where body is no object.
func checkBody(body []byte, seal bool) (members, *Rejection) {
	fields, ok, why := fieldsOf(body, nil)
	if why != "" {
		return nil, &Rejection{Reason: why + ": want " + wantBody, Allowed: wantBody}
	}
	if !seal {
		if !ok {
			fields = members{{value: body}}
		}
		if rejection := findDisguise(fields); rejection != nil {
			return nil, rejection
		}
	}
	if len(body) > MaxBody {
		want := fmt.Sprintf("at most %d bytes", MaxBody)
		return nil, &Rejection{Reason: fmt.Sprintf("the body has %d bytes, over the limit: want %s", len(body), want), Allowed: want}
	}
	if !ok {
		return nil, nil
	}
	return fields, nil
}

// findDisguise looks for what is too large for an event, in the order of the
// document. Of it nothing but its size is shown.
func findDisguise(fields members) *Rejection {
	for _, f := range fields {
		if what := disguised(f.name); what != "" {
			return &Rejection{Reason: "the name of a field is " + what + ": want " + wantSmall, Allowed: wantSmall}
		}
		if what := disguise(f.value); what != "" {
			name := string(f.name)
			return &Rejection{Field: name, Reason: "bad " + name + ", in it " + what + ": want " + wantSmall, Allowed: wantSmall}
		}
	}
	return nil
}

// decodeFields reads the fields of an event whose subject is good; nil means
// that its body is no object.
func (m *message) decodeFields(fields members) (Event, *Rejection) {
	if fields == nil {
		what := shown(m.body[skipSpace(m.body, 0):])
		reason := "the body is " + what + ", no object: want " + wantBody
		return Event{}, &Rejection{Reason: reason, Value: what, Allowed: wantBody}
	}
	event := Event{Subject: m.subject, raw: m.body}
	r := &reader{members: fields, source: m.source}
	id := r.id()
	if id == "" || m.kind != KindPunch {
		event.Body = canonical(m.body)
		event.Sum = sha256.Sum256(event.Body)
	}
	if id == "" {
		id = derivedID(event.Sum)
	}
	event.UID = NewUID(m.hall, m.kind, m.source, id)
	info := kindInfo(m.kind)
	event.Fact = r.fact(info, event.UID)
	if r.err != nil {
		return Event{}, r.err
	}
	event.Unknown = info.unknown(fields)
	return event, nil
}

// id returns the id, or "" where there is none; null or empty it is bad.
func (r *reader) id() string {
	f := field{r: r, name: "id", value: r.members.named("id")}
	return read(f, wantID, func(s string) (string, bool) { return s, isID(s) })
}

func (r *reader) fact(info *KindInfo, uid UID) Fact {
	return info.read(r, Head{UID: uid, Time: r.need("time").instant()})
}

// UIDOf returns the uid that a body gives itself, whether anything else of it can be
// read or not: by it a dead letter and the corrected event belong together. ok is false
// where the subject is bad or the body brings no id.
func UIDOf(subject string, body []byte) (uid UID, ok bool) {
	hall, kind, source, err := ParseSubject(subject)
	if err != nil {
		return "", false
	}
	fields, ok, _ := fieldsOf(body, nil)
	if !ok {
		return "", false
	}
	r := &reader{members: fields, source: source}
	id := r.id()
	return NewUID(hall, kind, source, id), id != "" && r.err == nil
}

// readers are those of DecodeFact, thousands of which a question needs.
var readers = sync.Pool{New: func() any { return &reader{members: make(members, 0, maxFields)} }}

// DecodeFact reads a stored body again, whose event has the uid that is given. It
// keeps nothing of the body. The error is a *Rejection.
func DecodeFact(uid UID, body []byte) (Fact, error) {
	hall, kind, source, _, ok := uid.Split()
	info := kindInfo(kind)
	if !ok || info == nil {
		return nil, &Rejection{Field: "subject", Value: string(uid), Reason: "bad uid " + string(uid), Allowed: "<hall>/<kind>/<source>/<id>"}
	}
	r := readers.Get().(*reader)
	fact, rejection := r.stored(info, uid, source, body)
	clear(r.members) // which are parts of the body
	*r = reader{members: r.members[:0]}
	readers.Put(r)
	if rejection != nil {
		rejection.Subject = Subject(hall, kind, source)
		return nil, rejection
	}
	return fact, nil
}

func (r *reader) stored(info *KindInfo, uid UID, source string, body []byte) (Fact, *Rejection) {
	fields, ok, why := fieldsOf(body, r.members)
	switch {
	case why != "":
		return nil, &Rejection{Reason: why, Allowed: wantBody}
	case !ok:
		return nil, &Rejection{Reason: "the body is no object", Allowed: wantBody}
	}
	r.members, r.source = fields, source
	fact := r.fact(info, uid)
	return fact, r.err
}
