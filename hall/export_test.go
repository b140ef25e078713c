package hall

// DecodeGenerally is Decode without the quick way of punches.
func DecodeGenerally(subject string, body []byte) (Event, error) {
	m := message{subject: subject, body: body}
	var err error
	m.hall, m.kind, m.source, err = ParseSubject(subject)
	return m.decode(err)
}

// DecodeQuickly is the quick way of punches alone.
func DecodeQuickly(subject string, body []byte) (Event, bool) {
	m := message{subject: subject, body: body}
	m.hall, m.kind, m.source, _ = ParseSubject(subject)
	return m.scanPunch()
}

// Members are the names and values, in turns, of an object that is valid JSON.
func Members(body []byte) []string {
	fields, _ := membersOf(body)
	return fields.texts()
}

// FlatMembers are those that the quick way finds.
func FlatMembers(body []byte) (_ []string, ok bool) {
	fields, ok := flatMembers(body, nil)
	return fields.texts(), ok
}

func (m members) texts() []string {
	var texts []string
	for _, f := range m {
		texts = append(texts, string(f.name), string(f.value))
	}
	return texts
}
