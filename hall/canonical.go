package hall

// The canonical form of a body: what ids are derived from, and what tells two
// bodies of one uid apart.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Canonical writes a JSON value with the fields sorted by the bytes of their
// names at every level, without spaces, numbers as written and nothing escaped
// that JSON lets stand. Of fields with one name the last stays; half of a
// surrogate pair, which UTF-8 cannot have, becomes U+FFFD. The error is a
// *Rejection where body is not JSON.
func Canonical(body []byte) ([]byte, error) {
	if why := whyNoJSON(body); why != "" {
		return nil, &Rejection{Reason: why, Allowed: wantBody}
	}
	return canonical(body), nil
}

// NamesPerson returns the bytes that every canonical body has in it whose field
// person is this one. Others may have them too.
func NamesPerson(person PersonID) []byte {
	return appendQuoted([]byte(`"person":`), string(person))
}

// DerivedID is the id of an event that brought none: `h-` and 32 hex digits of
// the SHA-256 of its canonical body.
func DerivedID(canonical []byte) string { return derivedID(sha256.Sum256(canonical)) }

func derivedID(sum [sha256.Size]byte) string { return "h-" + hex.EncodeToString(sum[:16]) }

func canonical(body []byte) []byte {
	b, _ := appendCanonical(make([]byte, 0, len(body)), body, skipSpace(body, 0))
	return b
}

// appendCanonical writes the value that begins at b[i] and returns the index
// behind it.
func appendCanonical(dst, b []byte, i int) ([]byte, int) {
	switch b[i] {
	case '{':
		return appendObject(dst, b, i)
	case '[':
		return appendList(dst, b, i)
	case '"':
		end := stringEnd(b, i)
		return appendCanonicalString(dst, b[i:end]), end
	}
	end := valueEnd(b, i)
	return append(dst, b[i:end]...), end
}

func appendList(dst, b []byte, i int) ([]byte, int) {
	dst = append(dst, '[')
	for i = skipSpace(b, i+1); b[i] != ']'; i = skipSpace(b, i) {
		if b[i] == ',' {
			dst = append(dst, ',')
			i = skipSpace(b, i+1)
		}
		dst, i = appendCanonical(dst, b, i)
	}
	return append(dst, ']'), i + 1
}

// written is a field of an object that stands in the output already, with a
// comma behind it.
type written struct {
	name        []byte
	from, until int
}

func appendObject(dst, b []byte, i int) ([]byte, int) {
	dst = append(dst, '{')
	start := len(dst)
	fields := make([]written, 0, 12)
	for i = skipSpace(b, i+1); b[i] != '}'; i = skipSpace(b, i) {
		if b[i] == ',' {
			i = skipSpace(b, i+1)
		}
		field := written{from: len(dst)}
		end := stringEnd(b, i)
		field.name = decoded(b[i:end])
		dst = append(appendCanonicalString(dst, b[i:end]), ':')
		dst, i = appendCanonical(dst, b, skipSpace(b, skipSpace(b, end)+1))
		dst = append(dst, ',')
		field.until = len(dst)
		fields = append(fields, field)
	}
	dst = sorted(dst, start, fields)
	if len(fields) == 0 {
		return append(dst, '}'), i + 1
	}
	dst[len(dst)-1] = '}' // in place of the last comma
	return dst, i + 1
}

// sorted brings the fields, which are what dst has from start on, into order.
func sorted(dst []byte, start int, fields []written) []byte {
	byName := func(a, b written) int { return bytes.Compare(a.name, b.name) }
	inOrder := true
	for i := 1; i < len(fields) && inOrder; i++ {
		inOrder = byName(fields[i-1], fields[i]) < 0
	}
	if inOrder {
		return dst
	}
	was := bytes.Clone(dst[start:])
	dst = dst[:start]
	slices.SortStableFunc(fields, byName)
	for i, f := range fields {
		if i+1 < len(fields) && byName(f, fields[i+1]) == 0 {
			continue // a later one of the same name holds
		}
		dst = append(dst, was[f.from-start:f.until-start]...)
	}
	return dst
}

// appendCanonicalString writes a JSON string that is given with its quotes.
func appendCanonicalString(dst, b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return append(dst, b...)
	}
	return appendQuoted(dst, string(decoded(b)))
}

// appendQuoted writes s, which is valid UTF-8, as a JSON string with as few
// escapes as JSON allows.
func appendQuoted(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\b':
			dst = append(dst, `\b`...)
		case c == '\f':
			dst = append(dst, `\f`...)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
