package store

// Keys: built and read here and nowhere else. A text ends with a NUL, so that a
// shorter one sorts first; the last one of a key needs none.

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"rollcall/hall"
)

// The buckets (doc.go).
var (
	bucketPunches   = []byte("punches")
	bucketFacts     = []byte("facts")
	bucketDates     = []byte("dates")
	bucketConflicts = []byte("conflicts")
	bucketDead      = []byte("dead")
	bucketMeta      = []byte("meta")
)

// buckets lists them in the order of their names, which is that of Digest.
var buckets = [][]byte{bucketConflicts, bucketDates, bucketDead, bucketFacts, bucketMeta, bucketPunches}

// The keys of meta.
var (
	keySchema  = []byte("schema")
	keyApplied = []byte("applied")
	keySum     = []byte("sum")
)

const (
	prefixCount   = "count\x00"
	prefixSeal    = "seal\x00"
	prefixUnknown = "unknown\x00"
)

func appendText[T ~string](key []byte, s T) []byte { return append(append(key, s...), 0) }

func appendDay(key []byte, d hall.Date) []byte {
	return binary.BigEndian.AppendUint32(key, uint32(d))
}

// cutText splits off the text at the beginning of a key.
func cutText(key []byte) (text, rest []byte, ok bool) { return bytes.Cut(key, []byte{0}) }

// cutDay splits off the day at the beginning of a key.
func cutDay(key []byte) (hall.Date, []byte, bool) {
	if len(key) < 4 {
		return 0, nil, false
	}
	return hall.Date(binary.BigEndian.Uint32(key)), key[4:], true
}

func badKey(bucket, key []byte) error {
	return fmt.Errorf("%w: %s holds the key %x", ErrCorrupt, bucket, key)
}

// hallPrefix begins every key of a hall, in every bucket but dead and meta.
func hallPrefix(h hall.ID) []byte { return appendText(nil, h) }

// afterHall is greater than every key of h and smaller than those of the next.
func afterHall(h hall.ID) []byte { return append([]byte(h), 1) }

func kindPrefix(h hall.ID, k hall.Kind) []byte { return appendText(hallPrefix(h), k) }

func dayPrefix(h hall.ID, d hall.Date) []byte { return appendDay(hallPrefix(h), d) }

// punchKey is hall, UTC day, quarter of an hour.
func punchKey(dst []byte, h hall.ID, d hall.Date, q quarter) []byte {
	return append(appendDay(appendText(dst, h), d), byte(q))
}

func parsePunchKey(key []byte) (hall.ID, hall.Date, quarter, error) {
	h, rest, ok := cutText(key)
	if !ok {
		return "", 0, 0, badKey(bucketPunches, key)
	}
	d, q, err := cutQuarter(key, rest)
	return hall.ID(h), d, q, err
}

// cutQuarter reads what stands behind the hall in a key of punches.
func cutQuarter(key, rest []byte) (hall.Date, quarter, error) {
	d, rest, ok := cutDay(rest)
	if !ok || len(rest) != 1 || rest[0] >= dayQuarters {
		return 0, 0, badKey(bucketPunches, key)
	}
	return d, quarter(rest[0]), nil
}

// factKey is the uid with a NUL for each slash.
func factKey(uid hall.UID) []byte {
	key := []byte(uid)
	for i, c := range key {
		if c == '/' {
			key[i] = 0
		}
	}
	return key
}

func parseFactKey(key []byte) (hall.UID, error) {
	if bytes.Count(key, []byte{0}) != 3 || bytes.IndexByte(key, '/') >= 0 {
		return "", badKey(bucketFacts, key)
	}
	return hall.UID(bytes.ReplaceAll(key, []byte{0}, []byte{'/'})), nil
}

// dateKey is hall, kind, UTC day, source and id.
func dateKey(fact []byte, d hall.Date) []byte {
	_, rest, _ := cutText(fact)
	_, tail, _ := cutText(rest)
	head := fact[:len(fact)-len(tail)]
	return append(appendDay(append(make([]byte, 0, len(fact)+4), head...), d), tail...)
}

// parseDateKey returns the day and the key of the fact.
func parseDateKey(key []byte) (hall.Date, []byte, error) {
	_, rest, ok := cutText(key)
	if !ok {
		return 0, nil, badKey(bucketDates, key)
	}
	_, rest, ok = cutText(rest)
	if !ok {
		return 0, nil, badKey(bucketDates, key)
	}
	d, tail, ok := cutDay(rest)
	if !ok {
		return 0, nil, badKey(bucketDates, key)
	}
	head := key[:len(key)-len(rest)]
	return d, append(append(make([]byte, 0, len(key)-4), head...), tail...), nil
}

func deadKey(sequence uint64) []byte { return binary.BigEndian.AppendUint64(nil, sequence) }

func parseDeadKey(key []byte) (uint64, error) {
	if len(key) != 8 {
		return 0, badKey(bucketDead, key)
	}
	return binary.BigEndian.Uint64(key), nil
}

func countKey(k hall.Kind) []byte { return append([]byte(prefixCount), k...) }

func unknownKey(k hall.Kind, name string) []byte {
	return append(appendText([]byte(prefixUnknown), k), name...)
}

// sealKey is the key of the fact and the SHA-256 of one of its bodies.
func sealKey(fact []byte, sum [sha256.Size]byte) []byte {
	return append(append([]byte(prefixSeal), fact...), sum[:]...)
}

func parseSealKey(key []byte) (fact []byte, sum [sha256.Size]byte, err error) {
	rest, ok := bytes.CutPrefix(key, []byte(prefixSeal))
	if !ok || len(rest) <= len(sum) {
		return nil, sum, badKey(bucketMeta, key)
	}
	fact = rest[:len(rest)-len(sum)]
	return fact, [sha256.Size]byte(rest[len(fact):]), nil
}
