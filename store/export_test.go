package store

// What the tests of keys and records see.

import (
	"bytes"
	"errors"

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
func PunchKey(h hall.ID, d hall.Date, q uint8) []byte { return punchKey(nil, h, d, quarter(q)) }

// DayQuarters is how many quarters of an hour a day has.
const DayQuarters = dayQuarters

// PackQuarter encodes punches of one hall and quarter of an hour, in any order.
func PackQuarter(punches ...hall.Punch) ([]byte, error) {
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
	_, q := placeOf(punches[0].Time)
	return appendPunches(nil, merged, q), nil
}

// UnpackQuarter reads what PackQuarter wrote and reports whether it is the one form of
// these punches.
func UnpackQuarter(record []byte, h hall.ID, at hall.Instant) (punches []hall.Punch, canonical bool, err error) {
	day, q := placeOf(at)
	var r punchRecord
	if err := r.read(record, q, nil); err != nil {
		return nil, false, err
	}
	if punches, err = newUnpacker(h).appendTo(nil, &r, day); err != nil {
		return nil, false, err
	}
	return punches, r.check(h, day) == nil && bytes.Equal(appendPunches(nil, r.punches, q), record), nil
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

// ComparePlaces compares two places as the keys do, and as a batch is sorted.
func ComparePlaces(x, y hall.Punch) (keys, sorted int) {
	key := func(p hall.Punch) []byte {
		day, q := placeOf(p.Time)
		return punchKey(nil, p.UID.Hall(), day, q)
	}
	var b Batch
	b.addPunch(&x)
	b.addPunch(&y)
	b.sort()
	var records [][]entry
	for record := range b.records {
		records = append(records, record)
	}
	if len(records) == 2 {
		sorted = 1
		if first := &records[0][0]; b.hallOf(first) == x.UID.Hall() && first.time == x.Time {
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
