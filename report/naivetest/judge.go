package naivetest

// Judge, the one entry.

import (
	"errors"
	"fmt"
)

// Judge folds the lines of a file under the given policy documents and returns the document of
// `evaluate --list all` and `--list days` for a month. policies are files, in the order of the command line;
// asOf "" is the largest time in the file; statutory says of each year's dates whether they are off.
func Judge(policies []map[string]any, lines []string, month string, asOf string, statutory map[int]map[string]bool) (map[string]any, error) {
	hallID, err := hallOf(policies)
	if err != nil {
		return nil, err
	}
	var events []*event
	deadLetters := []any{}
	for i, line := range lines {
		e, d := readLine(line, i+1, hallID)
		if e != nil {
			events = append(events, e)
		}
		if d != nil {
			deadLetters = append(deadLetters, map[string]any{"line": d.line, "subject": d.subject, "field": d.field, "reason": d.reason})
		}
	}
	m, err := newMonth(policies, events, month, asOf, statutory)
	if err != nil {
		return nil, err
	}
	m.judge()
	doc := m.document()
	doc["dead"], doc["sequence"] = deadLetters, len(lines)
	doc["as_of"] = m.hall.timeText(m.instant)
	return asJSON(doc)
}

func hallOf(policies []map[string]any) (string, error) {
	if len(policies) == 0 {
		return "", errors.New("no policy file names the hall")
	}
	id := node{plain(policies[0])}.text("hall")
	if !token(id) {
		return "", fmt.Errorf("hall %q is no token", id)
	}
	return id, nil
}

func newMonth(policies []map[string]any, events []*event, month, asOf string, statutory map[int]map[string]bool) (*monthOf, error) {
	h, err := newHall(policies, newFacts(events), statutory)
	if err != nil {
		return nil, err
	}
	m := &monthOf{hall: h, name: month}
	var ok bool
	if m.first, m.last, ok = parseMonth(month); !ok {
		return nil, fmt.Errorf("month %q: want 2020-11", month)
	}
	if m.policy = h.policyOn(m.last); m.policy == nil {
		return nil, fmt.Errorf("month %s lies before the first policy", month)
	}
	at := largestTime(events)
	if asOf != "" {
		if at, ok = parseInstant(asOf); !ok {
			return nil, fmt.Errorf("as_of %q: want an RFC 3339 time", asOf)
		}
	}
	m.instant, m.asOf = at, wallOf(at, h.zone)
	return m, nil
}

// largestTime is the default of as_of in evaluate (contract 5.10).
func largestTime(events []*event) int64 {
	var largest int64
	for _, e := range events {
		largest = max(largest, e.time)
	}
	return largest
}
