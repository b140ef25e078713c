package store

// Finding one event by its uid.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"rollcall/hall"
)

// Found is an event that the store holds.
type Found struct {
	UID  hall.UID
	Fact hall.Fact // decoded from Body
	Body []byte    // as received, keys sorted: the one that counts
	// Conflict names the other bodies of the uid, nil where there is none.
	Conflict *hall.Conflict
}

// Find returns any event but a punch by its uid.
func (v *View) Find(uid hall.UID) (found Found, ok bool, err error) {
	if uid == "" {
		return Found{}, false, nil // bbolt panics on no key at all
	}
	key := factKey(uid)
	if v.facts.Get(key) == nil {
		return Found{}, false, nil
	}
	bodies, err := v.ranked(uid, key)
	if err != nil {
		return Found{}, false, err
	}
	found = Found{UID: uid, Body: bytes.Clone(bodies[0])}
	if len(bodies) > 1 {
		found.Conflict = new(conflict(uid, bodies))
	}
	found.Fact, err = decodeFact(uid, found.Body)
	return found, err == nil, err
}

// Has reports whether the store has any event with a uid. Of a punch, person and date
// say where to look first, as for FindPunch.
func (v *View) Has(uid hall.UID, person hall.PersonID, date hall.Date) (bool, error) {
	if uid.Kind() == hall.KindPunch {
		punches, err := v.FindPunch(uid, person, date)
		return len(punches) > 0, err
	}
	return uid != "" && v.facts.Get(factKey(uid)) != nil, nil
}

// Holds reports whether the store has an event with this very content: of a punch all
// known fields, of any other event one of the bodies of its uid. It may say no of a
// punch that is there, where more than ten thousand were made in a quarter of an hour
// of a hall: who asks about each of them would wait for hours.
func (v *View) Holds(e *hall.Event) (bool, error) {
	if p, ok := e.Fact.(*hall.Punch); ok {
		return v.holdsPunch(p)
	}
	record := v.facts.Get(factKey(e.UID))
	if record == nil {
		return false, nil
	}
	bodies, err := readBodies(record)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", e.UID, err)
	}
	_, found := bodyAt(bodies, sha256.Sum256(e.Canonical()))
	return found, nil
}

// mostSearched is the largest record that is searched for a single punch, in bytes.
const mostSearched = 256 << 10

func (v *View) holdsPunch(p *hall.Punch) (bool, error) {
	var b Batch
	b.addPunch(p)
	if b.err != nil {
		return false, b.err
	}
	want := b.packedOf(&b.punches[0])
	day, q := placeOf(p.Time)
	record := v.punches.Get(punchKey(nil, p.UID.Hall(), day, q))
	if len(record) > mostSearched {
		return false, nil
	}
	var r punchRecord
	err := r.read(record, q, wanted{string(p.Person)})
	found := r.find(&want)
	return found != nil && bytes.Equal(found.details, want.details), err
}

// ranked returns the bodies of a fact, the one that counts first: the one with the
// smallest SHA-256, and of a seal the one that came first.
func (v *View) ranked(uid hall.UID, key []byte) ([][]byte, error) {
	bodies, err := readBodies(v.facts.Get(key))
	if err != nil || uid.Kind() != hall.KindSeal {
		return bodies, err
	}
	return v.byPlace(key, bodies)
}

// conflict names the bodies, the one that counts first, by their SHA-256.
func conflict(uid hall.UID, bodies [][]byte) hall.Conflict {
	c := hall.Conflict{UID: uid, Others: []string{}}
	for i, body := range bodies {
		sum := sha256.Sum256(body)
		if i == 0 {
			c.Counts = hex.EncodeToString(sum[:])
			continue
		}
		c.Others = append(c.Others, hex.EncodeToString(sum[:]))
	}
	slices.Sort(c.Others)
	return c
}

// FindPunch returns the punches with a uid, by time and raw person: mostly one, but a
// punch is its uid, person and time. It looks where person and the hall's date say,
// then at everybody on these days, then at all punches of the hall; the first place
// that has any answers. Both hints may be empty.
func (v *View) FindPunch(uid hall.UID, person hall.PersonID, date hall.Date) ([]hall.Punch, error) {
	h, kind, source, id, ok := uid.Split()
	if !ok || kind != hall.KindPunch {
		return nil, nil
	}
	match := func(p *packed) bool { return string(p.id) == id && string(p.source) == source }
	if date != 0 {
		found, err := v.findPunches(h, date-1, date+1, match)
		if err != nil {
			return nil, err
		}
		theirs := slices.DeleteFunc(slices.Clone(found), func(p hall.Punch) bool { return p.Person != person })
		if len(theirs) > 0 {
			return theirs, nil
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return v.findPunches(h, 0, maxDay, match)
}

func (v *View) findPunches(h hall.ID, from, until hall.Date, match func(*packed) bool) ([]hall.Punch, error) {
	var found []hall.Punch
	u := newUnpacker(h)
	for r, err := range v.punchRecords(h, from, until, nil) {
		if err != nil {
			return nil, err
		}
		u.open(&r.punchRecord)
		for i := range r.punches {
			if !match(&r.punches[i]) {
				continue
			}
			p, err := u.punch(&r.punches[i], r.day)
			if err != nil {
				return nil, err
			}
			found = append(found, p)
		}
	}
	return found, nil
}
