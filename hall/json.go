package hall

// Walking over JSON that is known to be valid. encoding/json says what is valid;
// it is not asked for more, because it takes names of fields in any case and
// does not say which of several bad fields came first.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits of a body, in bytes.
const (
	MaxBody   = 64 << 10
	MaxString = 4 << 10 // of a string once decoded; a seal's may be longer
)

// whyNoJSON says why body is not one JSON value in UTF-8, or "".
func whyNoJSON(body []byte) string {
	if !utf8.Valid(body) {
		return "no JSON: it is not UTF-8"
	}
	if json.Valid(body) {
		return ""
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return "no JSON: it is empty"
	}
	var raw json.RawMessage
	err := json.Unmarshal(body, &raw)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("no JSON: %v, at byte %d", syntax, syntax.Offset)
	}
	return "no JSON"
}

// member is a field of an object.
type member struct {
	name  []byte // decoded
	value []byte // JSON as written, without space around it
}

type members []member

// maxFields is more fields than the events of most kinds have.
const maxFields = 12

// fieldsOf takes apart a body that may be anything, into room where there is
// some. Why says why it is no JSON; else ok whether it is an object.
func fieldsOf(body []byte, room members) (fields members, ok bool, why string) {
	if fields, ok = flatMembers(body, room[:0]); ok {
		return fields, true, ""
	}
	if why = whyNoJSON(body); why != "" {
		return nil, false, why
	}
	fields, ok = membersOf(body)
	return fields, ok, ""
}

// flatMembers is membersOf, appending to all, for what nearly every event is: an
// object without spaces of numbers, words, and plain strings and lists of them.
// It makes sure of each byte as it goes; not ok means: not the quick way.
func flatMembers(b []byte, all members) (_ members, ok bool) {
	if len(b) < 2 || b[0] != '{' || !utf8.Valid(b) {
		return nil, false
	}
	if all == nil {
		all = make(members, 0, maxFields)
	}
	for i := 1; ; {
		nameEnd := flatStringEnd(b, i)
		if nameEnd < 0 || nameEnd == len(b) || b[nameEnd] != ':' {
			return nil, false
		}
		end := flatValueEnd(b, nameEnd+1)
		if end < 0 || end == len(b) {
			return nil, false
		}
		all = append(all, member{name: b[i+1 : nameEnd-1], value: b[nameEnd+1 : end]})
		switch b[end] {
		case ',':
			i = end + 1
		case '}':
			return all, end+1 == len(b)
		default:
			return nil, false
		}
	}
}

// flatValueEnd returns the index behind the value that begins at i, -1 where it is
// none that flatMembers takes.
func flatValueEnd(b []byte, i int) int {
	if i == len(b) {
		return -1
	}
	switch c := b[i]; {
	case c == '"':
		return flatStringEnd(b, i)
	case c == '[':
		return flatListEnd(b, i)
	case '0' <= c && c <= '9':
		return counterEnd(b, i)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(b[i:], []byte(word)) {
			return i + len(word)
		}
	}
	return -1
}

// flatStringEnd is for a string without escapes.
func flatStringEnd(b []byte, i int) int {
	if i == len(b) || b[i] != '"' {
		return -1
	}
	for i++; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return i + 1
		case c < ' ' || c == '\\':
			return -1
		}
	}
	return -1
}

// flatListEnd is for a list of such strings.
func flatListEnd(b []byte, i int) int {
	if i++; i < len(b) && b[i] == ']' {
		return i + 1
	}
	for {
		end := flatStringEnd(b, i)
		switch {
		case end < 0 || end == len(b):
			return -1
		case b[end] == ']':
			return end + 1
		case b[end] != ',':
			return -1
		}
		i = end + 1
	}
}

// membersOf returns the fields of a JSON object in the order of the document;
// ok is false where b is no object. Of several with one name the last holds.
func membersOf(b []byte) (all members, ok bool) {
	i := skipSpace(b, 0)
	if b[i] != '{' {
		return nil, false
	}
	all = make(members, 0, maxFields)
	for i = skipSpace(b, i+1); b[i] != '}'; i = skipSpace(b, i) {
		if b[i] == ',' {
			i = skipSpace(b, i+1)
		}
		end := stringEnd(b, i)
		name := decoded(b[i:end])
		i = skipSpace(b, skipSpace(b, end)+1)
		end = valueEnd(b, i)
		all = append(all, member{name: name, value: b[i:end]})
		i = end
	}
	return all, true
}

// named returns the value of a field as written, or nil.
func (m members) named(name string) []byte {
	for i := len(m) - 1; i >= 0; i-- {
		if string(m[i].name) == name {
			return m[i].value
		}
	}
	return nil
}

// elementsOf returns the values of a JSON list; ok is false where b is no list.
func elementsOf(b []byte) (elements [][]byte, ok bool) {
	if b[0] != '[' {
		return nil, false
	}
	for i := skipSpace(b, 1); b[i] != ']'; i = skipSpace(b, i) {
		if b[i] == ',' {
			i = skipSpace(b, i+1)
		}
		end := valueEnd(b, i)
		elements = append(elements, b[i:end])
		i = end
	}
	return elements, true
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// stringEnd returns the index behind the string that begins at b[i].
func stringEnd(b []byte, i int) int {
	for i++; b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// valueEnd returns the index behind the value that begins at b[i].
func valueEnd(b []byte, i int) int {
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		return nestEnd(b, i)
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && skipSpace(b, i) == i {
		i++
	}
	return i
}

func nestEnd(b []byte, i int) int {
	for depth := 0; ; i++ {
		switch b[i] {
		case '"':
			i = stringEnd(b, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// decoded returns the text of a JSON string with its quotes; without escapes it
// is a part of b. Halves of surrogate pairs become U+FFFD.
func decoded(b []byte) []byte {
	b = b[1 : len(b)-1]
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	return appendDecoded(make([]byte, 0, len(b)), b)
}

func appendDecoded(dst, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			dst = append(dst, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r := hexRune(b[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				pair := unicode.ReplacementChar
				if len(b) > i+6 && b[i+1] == '\\' && b[i+2] == 'u' {
					pair = utf16.DecodeRune(r, hexRune(b[i+3:]))
				}
				if r = pair; r != unicode.ReplacementChar {
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, r)
		default: // a quote, a backslash or a slash
			dst = append(dst, b[i])
		}
	}
	return dst
}

// hexRune reads the four hex digits that b begins with.
func hexRune(b []byte) rune {
	n, _ := strconv.ParseUint(string(b[:4]), 16, 16) // valid JSON has no others
	return rune(n)
}

// disguise says what a string of value, at any depth, is: an image or a text of
// more than MaxString bytes, which no event may have. "" = nothing of the kind.
func disguise(value []byte) string {
	for i := 0; i < len(value); {
		if value[i] != '"' {
			i++
			continue
		}
		end := stringEnd(value, i)
		if what := disguised(decoded(value[i:end])); what != "" {
			return what
		}
		i = end
	}
	return ""
}

func disguised(s []byte) string {
	if len(s) > MaxString {
		return fmt.Sprintf("a string of %d bytes", len(s))
	}
	if hasDataURL(s) {
		return "an image or file as data: URL"
	}
	return ""
}

// hasDataURL reports whether s is a data: URL, or has one of an image in it.
func hasDataURL(s []byte) bool {
	for i := 0; ; i++ {
		colon := bytes.IndexByte(s[i:], ':')
		if colon < 0 {
			return false
		}
		i += colon
		if i < 4 || !strings.EqualFold(string(s[i-4:i]), "data") {
			continue
		}
		rest := s[i+1:]
		if len(bytes.TrimSpace(s[:i-4])) == 0 && bytes.IndexByte(rest, ',') >= 0 {
			return true
		}
		rest = bytes.ToLower(rest)
		if bytes.HasPrefix(rest, []byte("image/")) && bytes.Contains(rest, []byte(";base64,")) {
			return true
		}
	}
}
