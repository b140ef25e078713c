package report

import (
	"iter"
	"maps"

	"rollcall/hall"
	"rollcall/store"
)

// ListsWithLines are the lists that changes.go knows.
func ListsWithLines() []string {
	var lists []string
	for _, k := range lineKinds {
		lists = append(lists, k.list)
	}
	return lists
}

// ExplainWide is Explain from everything that is known of the month, with everybody
// judged.
func ExplainWide(v *store.View, statutory hall.Calendar, h hall.ID, person hall.PersonID, date hall.Date, asOf hall.Instant) (*Story, error) {
	q := Question{Hall: h, Month: date.Month(), AsOf: asOf}
	f, err := facts(v, h, q.Month, asOf)
	if err != nil {
		return nil, err
	}
	c, err := compile(f, statutory, q, Log{Sequence: v.Applied().Sequence})
	if err != nil {
		return nil, err
	}
	return c.tell(person, date)
}

// SameChanges is how an issue's difference to the one before is held against the one
// that is computed.
var SameChanges = sameChanges

// FieldTitle is what readers call a field of a list.
func FieldTitle(list, key string) string { return fieldTitle(list, key) }

// FieldTitles are the keys that have a title.
func FieldTitles() iter.Seq[string] { return maps.Keys(fieldTitles) }

// Apart are the keys of a report that say which one it is.
func Apart() []string { return apart }
