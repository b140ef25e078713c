package hall

// The quick way for punches, of which there are hundreds of times as many as of
// anything else: a flat object of known fields, none twice, in plain ASCII
// without escapes. It reads what the general way would read in the same way, or
// gives up and leaves it to that; a fuzz test compares the two.

// The fields of a punch in scannedPunch.
const (
	scanID = iota
	scanTime
	scanPerson
	scanMethod
	scanDirection
	scanTerminal
	scanSeq
	scanReceivedAt
	scanFields
)

// scannedPunch holds the values as written, strings with their quotes.
type scannedPunch [scanFields][]byte

// scanPunch reads a punch that brings its id; false means: not the quick way.
func (m *message) scanPunch() (Event, bool) {
	var fields scannedPunch
	if !fields.scan(m.body) {
		return Event{}, false
	}
	id := unquoted(fields[scanID])
	time, timeOK := parseInstant(unquoted(fields[scanTime]))
	received, receivedOK := Instant(0), true
	if value := fields[scanReceivedAt]; value != nil {
		received, receivedOK = parseInstant(unquoted(value))
	}
	if !isID(id) || !timeOK || !receivedOK || !plainName(unquoted(fields[scanPerson])) {
		return Event{}, false
	}
	uid, person := m.punchNames(id, unquoted(fields[scanPerson]))
	return Event{
		UID:     uid,
		Subject: m.subject,
		Fact: &Punch{
			Head:       Head{UID: uid, Time: time},
			Person:     person,
			Method:     word(unquoted(fields[scanMethod])),
			Direction:  word(unquoted(fields[scanDirection])),
			Terminal:   terminalOr(m.source, unquoted(fields[scanTerminal])),
			Seq:        string(fields[scanSeq]),
			ReceivedAt: received,
		},
		raw: m.body,
	}, true
}

// punchNames cuts the uid and the person out of one text, which is one allocation.
func (m *message) punchNames(id, person []byte) (UID, PersonID) {
	var room [128]byte
	b := append(room[:0], m.hall...)
	b = append(b, '/')
	b = append(b, KindPunch...)
	b = append(b, '/')
	b = append(b, m.source...)
	b = append(b, '/')
	b = append(b, id...)
	n := len(b)
	text := string(append(b, person...))
	return UID(text[:n]), PersonID(text[n:])
}

// scan takes the object apart; no value in it is empty, null or nested.
func (fields *scannedPunch) scan(b []byte) bool {
	i := skipSpace(b, 0)
	if len(b) > MaxString || i == len(b) || b[i] != '{' {
		return false
	}
	for more := true; more; {
		nameEnd := plainEnd(b, skipSpace(b, i+1))
		if nameEnd < 0 {
			return false
		}
		name := b[skipSpace(b, i+1)+1 : nameEnd-1]
		if i = skipSpace(b, nameEnd); i == len(b) || b[i] != ':' {
			return false
		}
		i = skipSpace(b, i+1)
		at := scanField(name)
		end := plainEnd(b, i)
		if end < 0 && at == scanSeq {
			end = counterEnd(b, i)
		}
		if at < 0 || end < 0 || fields[at] != nil {
			return false
		}
		fields[at] = b[i:end]
		if i = skipSpace(b, end); i == len(b) || b[i] != ',' && b[i] != '}' {
			return false
		}
		more = b[i] == ','
	}
	return skipSpace(b, i+1) == len(b)
}

func scanField(name []byte) int {
	switch string(name) {
	case "id":
		return scanID
	case "time":
		return scanTime
	case "person":
		return scanPerson
	case "method":
		return scanMethod
	case "direction":
		return scanDirection
	case "terminal":
		return scanTerminal
	case "seq":
		return scanSeq
	case "received_at":
		return scanReceivedAt
	}
	return -1
}

// plainEnd returns the index behind a string that is not empty and has nothing
// but printable ASCII without quote and backslash in it; else -1. A comma, which
// a data: URL needs, is not plain either.
func plainEnd(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return -1
	}
	for j := i + 1; j < len(b); j++ {
		switch c := b[j]; {
		case c == '"' && j == i+1:
			return -1
		case c == '"':
			return j + 1
		case c < ' ' || c > '~' || c == '\\' || c == ',':
			return -1
		}
	}
	return -1
}

// counterEnd returns the index behind an integer without sign, else -1.
func counterEnd(b []byte, i int) int {
	end := i
	for end < len(b) && '0' <= b[end] && b[end] <= '9' {
		end++
	}
	if end == i || b[i] == '0' && end > i+1 {
		return -1
	}
	return end
}

func unquoted(value []byte) []byte {
	if value == nil {
		return nil
	}
	return value[1 : len(value)-1]
}

// plainName reports whether printable ASCII is a person's id.
func plainName(s []byte) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for _, c := range s {
		if c == ' ' || c == '/' {
			return false
		}
	}
	return true
}

// word returns the words that punches usually have without a copy.
func word(b []byte) string {
	for _, known := range [...]string{"face", "card", "fingerprint", "phone", "manual", "in", "out"} {
		if string(b) == known {
			return known
		}
	}
	return string(b)
}

func terminalOr(source string, b []byte) string {
	if len(b) == 0 || string(b) == source {
		return source
	}
	return string(b)
}
