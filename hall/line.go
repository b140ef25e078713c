package hall

// Events on a file: one JSON object a line, {"subject": "...", "data": {...}}.

// DecodeLine takes a line apart; data is the body for Decode, a part of line,
// and `null` where it is not given. The error is a *Rejection: of no field where
// the line is no JSON object, else of what Decode says of the data of a line
// without subject, which is the field `subject` unless there is an image in it.
func DecodeLine(line []byte) (subject string, data []byte, err error) {
	if why := whyNoJSON(line); why != "" {
		return "", nil, badLine(why)
	}
	fields, ok := membersOf(line)
	if !ok {
		return "", nil, badLine("no JSON object: it is " + shown(line[skipSpace(line, 0):]))
	}
	if data = fields.named("data"); data == nil {
		data = []byte("null")
	}
	value := fields.named("subject")
	if value == nil || value[0] != '"' {
		return "", nil, withoutSubject(value, data)
	}
	return string(decoded(value)), data, nil
}

// withoutSubject says what is wrong with a line whose subject is no text.
func withoutSubject(value, data []byte) error {
	_, err := Decode("", data)
	rejection, ok := err.(*Rejection)
	if !ok || rejection.Field != "subject" || rejection.Value != `""` {
		return err // an image goes before
	}
	r := &reader{members: members{{name: []byte("subject"), value: value}}}
	if subject := r.need("subject"); subject.value == nil {
		subject.missing(rejection.Allowed)
	} else {
		subject.bad(rejection.Allowed)
	}
	return r.err
}

func badLine(why string) *Rejection {
	const want = `{"subject": "rollcall.<hall>.<kind>.<source>", "data": {...}}`
	return &Rejection{Reason: why + ": want " + want, Allowed: want}
}

// EncodeLine returns the line of an event, without the newline at its end. Body
// is JSON; line breaks in it, which mean nothing there, become spaces.
func EncodeLine(subject string, body []byte) []byte {
	line := make([]byte, 0, len(subject)+len(body)+24)
	line = append(line, `{"subject":`...)
	line = appendQuoted(line, subject)
	line = append(line, `,"data":`...)
	start := len(line)
	line = append(line, body...)
	for i, c := range line[start:] {
		if c == '\n' || c == '\r' {
			line[start+i] = ' '
		}
	}
	return append(line, '}')
}
