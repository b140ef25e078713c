package store

// What the tests of keys and records see.

import (
	"bytes"
	"errors"
	"slices"

	"go.etcd.io/bbolt"

	"rollcall/hall"
)

// PunchKey, ParsePunchKey, FactKey, ParseFactKey, DateKey and ParseDateKey are
// those of keys.go.
var (
	ParsePunchKey = parsePunchKey
	FactKey       = factKey
	ParseFactKey  = parseFactKey
	DateKey       = dateKey
	ParseDateKey  = parseDateKey
)

// PunchKey builds a key of its own.
func PunchKey(h hall.ID, d hall.Date, person hall.PersonID) []byte {
	return punchKey(nil, h, d, person)
}

// PackDay encodes punches of one person and day, in any order.
func PackDay(punches ...hall.Punch) ([]byte, error) {
	var b Batch
	for i := range punches {
		b.addPunch(&punches[i])
	}
	if b.err != nil {
		return nil, b.err
	}
	var merged []packed
	for i := range b.punches {
		merged = merge(nil, merged, []packed{b.packedOf(&b.punches[i])})
	}
	return appendPunches(nil, merged), nil
}

// UnpackDay reads what PackDay wrote and reports whether it is the one form of
// these punches.
func UnpackDay(record []byte, h hall.ID, d hall.Date, person hall.PersonID) (punches []hall.Punch, canonical bool, err error) {
	day, err := readPunches(nil, record)
	if err != nil {
		return nil, false, err
	}
	sorted := slices.IsSortedFunc(day, func(a, b packed) int { return a.compare(&b) })
	for i := range day {
		p, err := newUnpacker(h).punch(&day[i], d, person)
		if err != nil {
			return nil, false, err
		}
		punches = append(punches, p)
	}
	return punches, sorted && bytes.Equal(appendPunches(nil, day), record), nil
}

// SchemaVersion is that of this program.
const SchemaVersion = schemaVersion

// Reseal gives a file whose records were changed behind the store's back the sum
// that they have now, so that what lies behind the sum can be tested.
func Reseal(path string) error {
	found, err := checkFile(path)
	if err != nil {
		return err
	}
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bucketMeta).Put(keySum, found.sum.encode()) })
	return errors.Join(err, db.Close())
}

// CompareDays compares two places as the keys do, and as a batch is sorted.
func CompareDays(x, y hall.Punch) (keys, sorted int) {
	key := func(p hall.Punch) []byte { return punchKey(nil, p.UID.Hall(), p.Time.UTCDate(), p.Person) }
	var b Batch
	b.addPunch(&x)
	b.addPunch(&y)
	b.sort()
	var days [][]entry
	for day := range b.days {
		days = append(days, day)
	}
	if len(days) == 2 {
		sorted = 1
		if first := &days[0][0]; b.hallOf(first) == x.UID.Hall() && b.compareDay(first, &b.punches[0]) == 0 {
			sorted = -1
		}
	}
	return bytes.Compare(key(x), key(y)), sorted
}

// SharedBytes is how much of bodies the store remembers decoded, and the most that
// it may: each of two generations ends with the body that fills it.
func (s *Store) SharedBytes() (held, most int) {
	largest := 0
	for _, kept := range []map[hall.UID]sharedFact{s.shared.recent, s.shared.former} {
		for _, f := range kept {
			held += len(f.body)
			largest = max(largest, len(f.body))
		}
	}
	return held, 2 * (generation + largest)
}
