package store

// Finding one event by its uid.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
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
	found.Fact, err = decodeFact(uid, bytes.Clone(found.Body))
	return found, err == nil, err
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

// FindPunch returns the punches with a uid, by day, raw person and time: mostly
// one, but a punch is its uid, person and time. It looks where person and the
// hall's date say, then at everybody on these days, then at all punches of the
// hall; the first place that has any answers. Both hints may be empty.
func (v *View) FindPunch(uid hall.UID, person hall.PersonID, date hall.Date) ([]hall.Punch, error) {
	h, kind, source, id, ok := uid.Split()
	if !ok || kind != hall.KindPunch {
		return nil, nil
	}
	match := func(p *packed) bool { return string(p.source) == source && string(p.id) == id }
	if date != 0 && person != "" {
		found, err := v.findPunches(h, date-1, date+1, []hall.PersonID{person}, match)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	if date != 0 {
		found, err := v.findPunches(h, date-1, date+1, nil, match)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return v.findPunches(h, 0, maxDay, nil, match)
}

func (v *View) findPunches(h hall.ID, from, until hall.Date, raw []hall.PersonID, match func(*packed) bool) ([]hall.Punch, error) {
	records := v.punchRecords(h, from, until)
	if len(raw) > 0 {
		records = v.punchRecordsOf(h, from, until, raw)
	}
	var found []hall.Punch
	var punches []packed
	u := newUnpacker(h)
	for r, err := range records {
		if err == nil {
			punches, err = readPunches(punches[:0], r.value)
		}
		if err != nil {
			return nil, err
		}
		for i := range punches {
			if !match(&punches[i]) {
				continue
			}
			p, err := u.punch(&punches[i], r.day, r.person)
			if err != nil {
				return nil, err
			}
			found = append(found, p)
		}
	}
	return found, nil
}
