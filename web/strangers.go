package web

// Of whom the lines of an import speak, and whom of them nobody knows.

import (
	"slices"
	"time"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

// maxSpoken bounds what an import remembers of the people in it; maxStrangers is how
// many strangers it names.
const (
	maxSpoken    = 100_000
	maxStrangers = 10
)

// spoken counts the lines of an import by person, so that it can be said how many name
// somebody unknown. One of them stands for the person's others of the month.
type spoken map[spokenKey]*spokenOf

type spokenKey struct {
	hall     hall.ID
	kind     hall.Kind
	terminal string
	person   hall.PersonID
	month    hall.Month
}

type spokenOf struct {
	one   hall.Fact
	count int
}

// note counts an event, if it is one of a person.
func (s spoken) note(event hall.Event) {
	key := spokenKey{hall: event.UID.Hall(), kind: event.UID.Kind()}
	switch e := event.Fact.(type) {
	case *hall.Punch:
		key.person, key.terminal, key.month = e.Person, e.Terminal, hall.DateIn(time.UTC, e.Time.Time()).Month()
	case *hall.Leave:
		key.person = e.Person
	case *hall.Correction:
		key.person = e.Person
	default:
		return
	}
	of, ok := s[key]
	if !ok {
		if len(s) == maxSpoken {
			return
		}
		of = &spokenOf{one: event.Fact}
		s[key] = of
	}
	of.count++
}

// strangers says how many of the lines name somebody whom no roster row names, and the
// first of those.
func (s spoken) strangers(v *store.View) (lines int, persons []hall.PersonID, err error) {
	byHall := map[hall.ID][]hall.Fact{}
	counts := map[hall.UID]spokenKey{}
	for key, of := range s {
		byHall[key.hall] = append(byHall[key.hall], of.one)
		counts[of.one.GetHead().UID] = key
	}
	for h, facts := range byHall {
		list, err := report.Strangers(v, h, facts)
		if err != nil {
			return 0, nil, err
		}
		for _, fact := range list {
			key := counts[fact.GetHead().UID]
			lines += s[key].count
			persons = append(persons, key.person)
		}
	}
	slices.Sort(persons)
	persons = slices.Compact(persons)
	return lines, persons[:min(len(persons), maxStrangers)], nil
}
