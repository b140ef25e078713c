package web

// What of an import is folded already: the stream forgets within seconds which events
// it has, the store never does.

import (
	"bytes"
	"crypto/sha256"
	"time"

	"rollcall/hall"
	"rollcall/store"
)

// maxRemembered bounds the punches that an import remembers, at 16 bytes each: a few days
// of a city.
const maxRemembered = 500_000

// folded knows what the store holds. Of punches it reads a hall's day at a time: a file
// is in the order of days or of people, and asks for each day many times. What is folded
// while the import runs may be missing in it; the fold counts nothing twice.
type folded struct {
	state State
	days  map[punchDay]map[punchMark]struct{}
	held  int
}

// punchDay is a day of a hall, by UTC.
type punchDay struct {
	hall hall.ID
	day  hall.Date
}

// punchMark stands for a punch with all its known fields.
type punchMark [16]byte

func markOf(p *hall.Punch) punchMark {
	sum := sha256.Sum256(append([]byte(p.UID), p.Body()...))
	return punchMark(sum[:16])
}

// has reports whether the store holds an event with this very content.
func (f *folded) has(event hall.Event) (found bool, err error) {
	punch, ok := event.Fact.(*hall.Punch)
	if !ok {
		err = f.state.View(func(v *store.View) error {
			is, ok, err := v.Find(event.UID)
			found = ok && bytes.Equal(is.Body, event.Canonical())
			return err
		})
		return found, err
	}
	day, err := f.punches(punchDay{event.UID.Hall(), hall.DateIn(time.UTC, punch.Time.Time())})
	_, found = day[markOf(punch)]
	return found, err
}

// punches returns the punches of a day.
func (f *folded) punches(of punchDay) (map[punchMark]struct{}, error) {
	if day, ok := f.days[of]; ok {
		return day, nil
	}
	day := map[punchMark]struct{}{}
	err := f.state.View(func(v *store.View) error {
		for p, err := range v.Punches(of.hall, of.day, of.day) {
			if err != nil {
				return err
			}
			day[markOf(&p)] = struct{}{}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if f.held+len(day) > maxRemembered || f.days == nil {
		f.days, f.held = map[punchDay]map[punchMark]struct{}{}, 0
	}
	f.days[of] = day
	f.held += len(day)
	return day, nil
}
