package hall

import (
	"cmp"
	"time"
)

// Punch is a clock-in or clock-out. A punch is its uid, person and time.
type Punch struct {
	Head
	// Person is what the terminal sent: a person's id, or an alias that the
	// roster rows of the punch's date resolve.
	Person PersonID
	// Method is face, card, fingerprint, phone, manual or any other word;
	// `manual` and `phone` speak for no terminal.
	Method string
	// Direction (in, out) is a hint that decides nothing.
	Direction string
	// Terminal is where it was made; it defaults to the source of the subject.
	Terminal string
	// Seq is the terminal's own counter as JSON, or empty.
	Seq string
	// ReceivedAt is when a gateway took it, or none.
	ReceivedAt Instant
}

// SpeaksForTerminal reports whether the punch shows that its terminal was
// heard (contract 5.9).
func (p *Punch) SpeaksForTerminal() bool { return p.Method != "manual" && p.Method != "phone" }

func (*Punch) isFact() {}

func readPunch(r *reader, h Head) Fact {
	return &Punch{
		Head:       h,
		Person:     r.need("person").person(),
		Method:     r.may("method").text(),
		Direction:  r.may("direction").text(),
		Terminal:   cmp.Or(r.may("terminal").text(), r.source),
		Seq:        r.may("seq").json(),
		ReceivedAt: r.may("received_at").instant(),
	}
}

// Body returns the canonical body of p with all known fields. Its times are in
// UTC; a terminal that is the source of p's uid is left out.
func (p *Punch) Body() []byte {
	_, _, source, id, _ := p.UID.Split()
	b := append(make([]byte, 0, 192), '{')
	field := func(name, json string) {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, name), ':')
		b = append(b, json...)
	}
	text := func(name, value string) {
		if value != "" {
			field(name, string(appendQuoted(nil, value)))
		}
	}
	text("direction", p.Direction)
	text("id", id)
	text("method", p.Method)
	text("person", string(p.Person))
	if p.ReceivedAt != 0 {
		text("received_at", p.ReceivedAt.Time().Format(time.RFC3339))
	}
	if p.Seq != "" {
		field("seq", p.Seq)
	}
	if p.Terminal != source {
		text("terminal", p.Terminal)
	}
	text("time", p.Time.Time().Format(time.RFC3339))
	return append(b, '}')
}
