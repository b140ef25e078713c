package hall

// Ids of halls, people and windows, and how each is written.

import "strings"

// ID is a hall's token in subjects: `[A-Za-z0-9_-]{1,32}`, never a date.
type ID string

// PersonID names a person as the roster does: 1 to 64 characters, no space, no
// slash. In a punch it may be an alias instead, a terminal's own number.
type PersonID string

// WindowID is the token of a window (counter) in the policy.
type WindowID string

// UID identifies an event for ever: `<hall>/<kind>/<source>/<id>`. It is the
// message id on the bus, the identity in the store and the form of references.
type UID string

// NewUID joins the four parts of an event's identity.
func NewUID(hall ID, kind Kind, source, id string) UID {
	return UID(string(hall) + "/" + string(kind) + "/" + source + "/" + id)
}

// Split returns the four parts; ok is false when u has not exactly four.
func (u UID) Split() (hall ID, kind Kind, source, id string, ok bool) {
	first, rest, ok1 := strings.Cut(string(u), "/")
	second, rest, ok2 := strings.Cut(rest, "/")
	third, fourth, ok3 := strings.Cut(rest, "/")
	if !ok1 || !ok2 || !ok3 || strings.IndexByte(fourth, '/') >= 0 {
		return "", "", "", "", false
	}
	return ID(first), Kind(second), third, fourth, true
}

// Kind returns the second part of u, or "" if u has not four parts.
func (u UID) Kind() Kind {
	_, kind, _, _, _ := u.Split()
	return kind
}

// Hall returns the first part of u.
func (u UID) Hall() ID {
	hall, _, _ := strings.Cut(string(u), "/")
	return ID(hall)
}
