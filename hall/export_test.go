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
