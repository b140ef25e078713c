package naivetest

// From a line of a file to an event or a dead letter (contract 1).

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// event is one accepted line.
type event struct {
	hall, kind, source, id string
	uid                    string
	time                   int64 // instant
	body                   map[string]any
	sum                    string // of the canonical body
}

// dead is one line set aside. field nil: there is no JSON.
type dead struct {
	line    int
	subject string
	field   any
	reason  string
}

const (
	maxBody   = 64 << 10
	maxString = 4 << 10
)

// readLine gives an event, or a dead letter, or neither for a line of another hall.
func readLine(line string, number int, hall string) (*event, *dead) {
	set := func(subject string, field any, reason string) (*event, *dead) {
		return nil, &dead{line: number, subject: subject, field: field, reason: reason}
	}
	envelope, ok := decodeObject([]byte(line))
	if !ok || !utf8.ValidString(line) {
		return set("", nil, "no JSON")
	}
	subject, isText := envelope["subject"].(string)
	parts := strings.Split(subject, ".")
	if isText && validSubject(parts) && parts[1] != hall {
		return nil, nil // no business of this hall
	}
	body, isObject := envelope["data"].(map[string]any)
	if !isObject || len(rawData(line)) > maxBody {
		return set(subject, nil, "no JSON object within the limit")
	}
	isSeal := len(parts) > 2 && parts[2] == "seal"
	if field, found := imageIn(body); found && !isSeal {
		return set(subject, field, "image or long string")
	}
	if !validSubject(parts) || fieldsOf(parts[2]) == nil {
		return set(subject, "subject", "bad subject or unknown kind")
	}
	if field, reason := firstBad(parts[2], body); field != "" {
		return set(subject, field, reason)
	}
	return newEvent(parts, body), nil
}

// rawData is the body as it stands in the line.
func rawData(line string) []byte {
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal([]byte(line), &envelope) // the line was read before
	return envelope.Data
}

// validSubject: rollcall.<hall>.<kind>.<source>, tokens, and the hall's is no date.
func validSubject(parts []string) bool {
	if len(parts) != 4 || parts[0] != "rollcall" || slices.ContainsFunc(parts[1:], func(p string) bool { return !token(p) }) {
		return false
	}
	_, isDate := parseDate(parts[1])
	return !isDate
}

// imageIn finds a data: URL or a string over 4 KiB and names the body's field that holds it.
func imageIn(body map[string]any) (string, bool) {
	for _, name := range sortedKeys(body) {
		if hasImage(body[name]) {
			return name, true
		}
	}
	return "", false
}

func hasImage(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasPrefix(v, "data:") || len(v) > maxString
	case []any:
		return slices.ContainsFunc(v, hasImage)
	case map[string]any:
		for _, e := range v {
			if hasImage(e) {
				return true
			}
		}
	}
	return false
}

// firstBad names the first bad field in the order id, time, the table.
func firstBad(kind string, body map[string]any) (field, reason string) {
	if id, there := body["id"]; there && !isEventID(id) {
		return "id", "bad token"
	}
	if isEmpty(body["time"]) {
		return "time", "missing field"
	}
	if !isTime(body["time"]) {
		return "time", "bad time"
	}
	for _, f := range fieldsOf(kind) {
		v := body[f.name]
		if isEmpty(v) {
			if f.need {
				return f.name, "missing field"
			}
		} else if !f.ok(v) {
			return f.name, "wrong type"
		}
		if f.bad != nil && f.bad(body) {
			return f.name, "does not go with another field"
		}
	}
	return "", ""
}

func newEvent(parts []string, body map[string]any) *event {
	e := &event{hall: parts[1], kind: parts[2], source: parts[3], body: body, sum: sum(body)}
	e.id = text(body, "id")
	if e.id == "" {
		e.id = "h-" + e.sum[:32]
	}
	e.uid = strings.Join([]string{e.hall, e.kind, e.source, e.id}, "/")
	e.time, _ = parseInstant(text(body, "time"))
	return e
}

// later says whether a holds against b: later time, then greater uid (contract 2).
func later(a, b *event) bool {
	if a.time != b.time {
		return a.time > b.time
	}
	return a.uid > b.uid
}
