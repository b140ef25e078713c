package naivetest

// The table of contract 2: the fields of each kind in the order of the page, and when each is bad.

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// field is one field of the table. bad may look at the whole body for rules about two fields.
type field struct {
	name string
	need bool
	ok   func(v any) bool
	bad  func(body map[string]any) bool
}

func need(name string, ok func(any) bool) field { return field{name: name, need: true, ok: ok} }
func may(name string, ok func(any) bool) field  { return field{name: name, ok: ok} }

// ends is the `until` of a span: bad when it lies before `from`, both dates or both times.
func ends(name string, must bool, ok func(any) bool, from string) field {
	return field{name: name, need: must, ok: ok, bad: func(body map[string]any) bool {
		return endsBefore(body[from], body[name])
	}}
}

func endsBefore(from, until any) bool {
	f, _ := from.(string)
	u, _ := until.(string)
	fd, fok := parseDate(f)
	ud, uok := parseDate(u)
	if fok && uok {
		return ud < fd
	}
	fi, fok := parseInstant(f)
	ui, uok := parseInstant(u)
	return fok && uok && ui < fi
}

// fieldsOf gives the table's row of a kind; nil for an unknown kind.
func fieldsOf(kind string) []field {
	switch kind {
	case "punch":
		return []field{need("person", isPerson), may("method", isText), may("direction", isText), may("terminal", isText),
			may("seq", isAny), may("received_at", isTime)}
	case "patrol":
		return []field{need("inspector", isText), need("kind", isText), may("window", isToken), may("person", isPerson),
			may("stand_in", isBool), may("unnamed", isCount), may("session", isToken), ends("until", false, isTime, "time"),
			may("channel", isText), may("note", isText), may("evidence", listOf(isText))}
	case "leave":
		return []field{need("person", isPerson), need("kind", isText), need("from", isTimeOrDate),
			ends("until", true, isTimeOrDate, "from"), may("approved_by", isText), may("note", isText)}
	case "standin":
		return []field{need("window", isToken), need("from", isTimeOrDate), ends("until", true, isTimeOrDate, "from"),
			may("for", isPerson), may("by", isPerson)}
	case "correction":
		return []field{need("person", isPerson), need("at", isTime), need("reason", oneOf("own", "official")), may("approved_by", isText)}
	case "excuse":
		return []field{need("from", isTimeOrDate), ends("until", true, isTimeOrDate, "from"), may("windows", listOf(isToken)),
			may("persons", listOf(isPerson)), need("reason", isText)}
	case "ruling":
		return []field{need("on", isText), need("state", oneOf("confirmed", "rejected", "appealed", "upheld", "cancelled")),
			need("by", isText), need("reason", isText), onPunch("person", isPerson), onPunch("date", isDate),
			may("rectify_by", isAny), may("rectified", isAny)}
	case "bonus":
		return []field{either("month", isMonth, "date"), may("date", isDate), either("windows", listOf(isToken), "person"),
			may("person", isPerson), need("kind", isText), need("count", isCount), may("status", oneOf("claimed", "verified"))}
	case "cases":
		return []field{either("month", isMonth, "date"), may("date", isDate), may("window", isToken), may("category", isText),
			need("accepted", isCount), need("completed", isCount), need("on_time", isCount)}
	case "figure":
		return []field{need("month", isMonth), need("name", isText), need("value", isNumber), may("window", isToken),
			may("unit", isText), may("of", isAny)}
	case "text":
		return []field{need("month", isMonth), need("section", isText), need("items", listOf(isText))}
	case "award":
		return []field{need("month", isMonth), need("title", isText), may("windows", listOf(isToken)),
			may("persons", listOf(isPerson)), need("by", isText), need("reason", isText)}
	}
	return fieldsOfHouse(kind)
}

// fieldsOfHouse goes on with the kinds that speak of the hall itself.
func fieldsOfHouse(kind string) []field {
	switch kind {
	case "roster":
		return []field{need("person", isPerson), need("name", isText), need("window", isToken), need("class", isText),
			need("from", isDate), ends("until", false, isDate, "from"), may("group", isToken),
			may("roles", listOf(oneOf("chief_rep", "window_lead", "inspector"))), may("aliases", listOf(isText)), may("sort_key", isAny)}
	case "terminal":
		return []field{need("terminal", isText), need("state", oneOf("alive", "retired")), may("complete_until", isTime)}
	case "policy":
		return []field{need("policy", isPolicy)}
	case "calendar":
		return []field{need("year", isCount), need("days", listOf(isCalendarDay))}
	case "seal":
		return []field{need("month", isMonth), need("number", isCount), need("by", isText), need("as_of", isTime),
			need("sequence", isCount), need("digest", isText), may("part", isCount), may("parts", isCount),
			may("previous", isText), may("stream", isText), may("forced", isText), need("result", isText)}
	}
	return nil
}

// either is a field that is missing only when the other one is missing too.
func either(name string, ok func(any) bool, other string) field {
	return field{name: name, ok: ok, bad: func(body map[string]any) bool { return isEmpty(body[name]) && isEmpty(body[other]) }}
}

// onPunch is a field that must be there when a punch is ruled on.
func onPunch(name string, ok func(any) bool) field {
	return field{name: name, ok: ok, bad: func(body map[string]any) bool {
		parts := strings.Split(text(body, "on"), "/")
		return isEmpty(body[name]) && len(parts) == 4 && parts[1] == "punch" && !isViolationID(text(body, "on"))
	}}
}

// isEmpty says that an optional field is not there: absent, null or empty (contract 2).
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func isAny(any) bool { return true }

func isText(v any) bool { s, ok := v.(string); return ok && s != "" }

func isBool(v any) bool { _, ok := v.(bool); return ok }

func isNumber(v any) bool { _, ok := v.(json.Number); return ok }

func isCount(v any) bool {
	n, ok := v.(json.Number)
	return ok && strings.Trim(n.String(), "0123456789") == ""
}

func isToken(v any) bool {
	s, ok := v.(string)
	return ok && token(s)
}

// token says whether s is one of [A-Za-z0-9_-]{1,32}.
func token(s string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	return s != "" && len(s) <= 32 && onlyOf(s, letters)
}

func onlyOf(s, letters string) bool {
	for _, r := range s {
		if !strings.ContainsRune(letters, r) {
			return false
		}
	}
	return true
}

// isPerson: 1 to 64 characters, no space, no slash.
func isPerson(v any) bool {
	s, ok := v.(string)
	if !ok || s == "" || utf8.RuneCountInString(s) > 64 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '/' })
}

func isEventID(v any) bool {
	s, ok := v.(string)
	return ok && s != "" && len(s) <= 128 && onlyOf(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:~+-")
}

func isTime(v any) bool {
	s, _ := v.(string)
	_, ok := parseInstant(s)
	return ok
}

func isDate(v any) bool {
	s, _ := v.(string)
	_, ok := parseDate(s)
	return ok
}

func isTimeOrDate(v any) bool { return isTime(v) || isDate(v) }

func isMonth(v any) bool {
	s, _ := v.(string)
	_, _, ok := parseMonth(s)
	return ok
}

func isCalendarDay(v any) bool {
	m, ok := v.(map[string]any)
	return ok && isDate(m["date"]) && (isEmpty(m["name"]) || isText(m["name"])) && isBool(m["off"])
}

func isPolicy(v any) bool {
	m, ok := v.(map[string]any)
	return ok && readablePolicy(m)
}

func oneOf(words ...string) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && slices.Contains(words, s)
	}
}

func listOf(ok func(any) bool) func(any) bool {
	return func(v any) bool {
		list, is := v.([]any)
		if !is {
			return false
		}
		for _, e := range list {
			if !ok(e) {
				return false
			}
		}
		return true
	}
}

// isViolationID: four parts with a date first; such an `on` is never an unknown event (contract 1).
func isViolationID(on string) bool {
	parts := strings.Split(on, "/")
	if len(parts) != 4 {
		return false
	}
	_, ok := parseDate(parts[0])
	return ok
}

// text reads a string field; "" when it is not there.
func text(body map[string]any, name string) string {
	s, _ := body[name].(string)
	return s
}

// texts reads a list of strings.
func texts(body map[string]any, name string) []string {
	list, _ := body[name].([]any)
	out := []string{}
	for _, e := range list {
		s, _ := e.(string)
		out = append(out, s)
	}
	return out
}

// count reads a whole number; 0 when it is not there.
func count(body map[string]any, name string) int64 {
	n, _ := body[name].(json.Number)
	i, _ := n.Int64()
	return i
}
