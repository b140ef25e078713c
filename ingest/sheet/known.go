package sheet

// What is already so: an import says only what is new or changed.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rollcall/hall"
)

// What a row is beside what the log already says.
const (
	New     = "new"
	Changed = "changed" // it takes the place of what holds
	Same    = "same"    // nothing to say
	// Differs is a leave or bonus of which another one is there already: both
	// would count, since nothing replaces them.
	Differs = "differs"
)

// Difference is a row beside what the log already says.
type Difference struct {
	What   string
	Fields []FieldChange // of Changed and Differs
	UID    hall.UID      // of what is there, "" = none
}

// FieldChange is a field whose value is another than before; "" = none.
type FieldChange struct{ Name, Was, Is string }

// Known is what a hall's log says of what sheets may hold but punches, which it
// knows by their ids. Add every event first, then ask.
type Known struct {
	events  []knownEvent
	rulings map[string]knownEvent // by what they are on
	byKey   map[string][]knownEvent
	places  map[string][]knownEvent // the roster rows of a person
	struck  map[hall.UID]bool       // what rulings took away
	used    map[hall.UID]bool       // said by a row of the file
}

type knownEvent struct {
	head   hall.Head
	kind   hall.Kind
	state  hall.State // of a ruling
	fields map[string]any
}

// Add notes an event; kinds that no sheet has are ignored.
func (k *Known) Add(subject string, body []byte) error {
	event, err := hall.Decode(subject, body)
	if err != nil {
		return err
	}
	e := knownEvent{head: event.Fact.GetHead(), kind: event.UID.Kind()}
	if r, ok := event.Fact.(*hall.Ruling); ok {
		k.ruling(r)
		return nil
	}
	if kindOf(e.kind) == nil || e.kind == hall.KindPunch {
		return nil
	}
	numbers := json.NewDecoder(bytes.NewReader(body))
	numbers.UseNumber() // a figure is what was written
	if err := numbers.Decode(&e.fields); err != nil {
		return fmt.Errorf("read %s: %w", event.UID, err) // unreachable: it was decoded
	}
	k.events = append(k.events, e)
	return nil
}

// ruling keeps the latest decision on an event; an appeal is none.
func (k *Known) ruling(r *hall.Ruling) {
	if k.rulings == nil {
		k.rulings = make(map[string]knownEvent)
	}
	before, ok := k.rulings[r.On]
	if r.State != hall.Appealed && (!ok || before.head.Before(r.Head)) {
		k.rulings[r.On] = knownEvent{head: r.Head, state: r.State}
	}
}

// index brings the events that stand under what replaces what, the one that
// holds last.
func (k *Known) index() {
	if k.byKey != nil {
		return
	}
	k.places = make(map[string][]knownEvent)
	k.byKey, k.used, k.struck = make(map[string][]knownEvent), make(map[hall.UID]bool), make(map[hall.UID]bool)
	for _, e := range k.events {
		if k.rulings[string(e.head.UID)].state.Strikes() {
			k.struck[e.head.UID] = true
			continue
		}
		key := keyOf(e.kind, e.fields)
		k.byKey[key] = append(k.byKey[key], e)
	}
	for _, list := range k.byKey {
		slices.SortFunc(list, func(a, b knownEvent) int {
			if a.head.Before(b.head) {
				return -1
			}
			return 1
		})
		if holds := list[len(list)-1]; holds.kind == hall.KindRoster {
			person := plain(holds.fields["person"])
			k.places[person] = append(k.places[person], holds)
		}
	}
}

// keyOf says what an event speaks of.
func keyOf(kind hall.Kind, fields map[string]any) string {
	of := func(names ...string) string {
		var key strings.Builder
		key.WriteString(string(kind))
		for _, name := range names {
			key.WriteString("\x00" + plain(fields[name]))
		}
		return key.String()
	}
	month := plain(fields["month"])
	if month == "" {
		month = plain(fields["date"])
	}
	switch kind {
	case hall.KindRoster:
		return of("person", "from")
	case hall.KindCases:
		return of("window", "category") + "\x00" + month
	case hall.KindPatrol:
		return of("time", "inspector", "kind", "window", "person")
	case hall.KindStandIn:
		return of("window", "from", "by", "for")
	case hall.KindFigure:
		return of("month", "name", "window")
	case hall.KindBonus:
		return of("windows", "person", "kind") + "\x00" + month
	}
	return of("person", "kind", "from")
}

// plain writes a value so that equal ones have equal texts: moments in UTC.
func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return t.UTC().Format(time.RFC3339)
		}
		return v
	case hall.Date:
		return v.String()
	case bool:
		if !v {
			return "" // as where it is not said
		}
		return "true"
	case []any:
		list := make([]string, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return inOrder(list)
	case []string:
		return inOrder(v)
	}
	return fmt.Sprint(value)
}

// inOrder joins a list so that its order says nothing: joint windows, roles and
// aliases are the same in any.
func inOrder(list []string) string { return strings.Join(slices.Sorted(slices.Values(list)), ", ") }

// Beside compares a row of t with what is known. Of a changed roster row, case
// volume or figure, fields that the file has no column for are kept as they are, and of
// a person who moves those that belong to the person: the row returned says the whole.
func (k *Known) Beside(t *Table, row Row) (Row, Difference, error) {
	k.index()
	row = k.anew(t, row)
	there := k.byKey[keyOf(t.Kind.Kind, row.fields)]
	if len(there) == 0 {
		row, err := k.moved(t, row)
		return row, Difference{What: New}, err
	}
	if t.Kind.replaces() {
		holds := there[len(there)-1]
		changes := t.changes(holds.fields, row.fields)
		if len(changes) == 0 {
			return row, Difference{What: Same, UID: holds.head.UID}, nil
		}
		whole, err := t.carry(holds, row, func(string) bool { return true })
		return whole, Difference{What: Changed, Fields: changes, UID: holds.head.UID}, err
	}
	for _, e := range there {
		if !k.used[e.head.UID] && len(t.changes(e.fields, row.fields)) == 0 {
			k.used[e.head.UID] = true
			return row, Difference{What: Same, UID: e.head.UID}, nil
		}
	}
	for _, e := range there {
		if !k.used[e.head.UID] {
			return row, Difference{What: Differs, Fields: t.changes(e.fields, row.fields), UID: e.head.UID}, nil
		}
	}
	return row, Difference{What: New}, nil
}

// moved gives the new roster row of a person who has an earlier one what belongs to the
// person and not to the place: without their aliases the punches would be nobody's.
func (k *Known) moved(t *Table, row Row) (Row, error) {
	if t.Kind.Kind != hall.KindRoster {
		return row, nil
	}
	var before *knownEvent
	from := func(e *knownEvent) string { return plain(e.fields["from"]) } // dates as texts are in their order
	places := k.places[plain(row.fields["person"])]
	for i := range places {
		e := &places[i]
		if from(e) < plain(row.fields["from"]) && (before == nil || from(before) < from(e)) {
			before = e
		}
	}
	ofPerson := func(name string) bool { return slices.Contains(hall.RosterOfPerson, name) }
	if before == nil || !slices.ContainsFunc(hall.RosterOfPerson, func(name string) bool { return before.fields[name] != nil && !t.has(name) }) {
		return row, nil
	}
	return t.carry(*before, row, ofPerson)
}

// anew gives a row another id where the one of its content is that of an event
// that a ruling took away: under it the row would stay taken away.
func (k *Known) anew(t *Table, row Row) Row {
	taken := func() bool {
		id, _ := row.fields["id"].(string)
		return k.struck[hall.NewUID(t.options.Hall, t.Kind.Kind, t.options.Source, id)]
	}
	if row.idGiven || !taken() {
		return row
	}
	fields := maps.Clone(row.fields)
	delete(fields, "id")
	if !t.has("time") {
		delete(fields, "time")
	}
	for content, n := encode(fields), -1; taken(); n-- {
		row.fields["id"] = t.contentID(content, n, t.options.Made)
	}
	row.Body = []byte(encode(row.fields))
	return row
}

// changes lists the fields of the file that say something else than before.
func (t *Table) changes(was, is map[string]any) []FieldChange {
	var changes []FieldChange
	for _, f := range t.Kind.Fields {
		if f.Name == "id" || f.Name == "time" || !t.has(f.Name) {
			continue
		}
		if a, b := plain(was[f.Name]), plain(is[f.Name]); a != b {
			changes = append(changes, FieldChange{f.Name, a, b})
		}
	}
	return changes
}

// carry takes over those of the wanted fields that the file has no column for. The row
// is made later than the one before, also where that was made in this second.
func (t *Table) carry(was knownEvent, row Row, want func(name string) bool) (Row, error) {
	fields := make(map[string]any, len(was.fields))
	for name, value := range was.fields {
		if name != "id" && name != "time" && !t.has(name) && want(name) {
			fields[name] = value
		}
	}
	maps.Copy(fields, row.fields)
	made := t.options.Made
	if hall.InstantOf(made) <= was.head.Time {
		made = (was.head.Time + 1).Time()
	}
	whole := t.event(row.Number, fields, row.idGiven, 0, made)
	if err := t.check(whole); err != nil {
		err.File, err.Row = t.name, row.Number
		return row, err
	}
	return whole, nil
}
