package store

// The whole content: as events again, as a digest.

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"iter"

	"rollcall/hall"
)

// Line is an event as it is published.
type Line struct {
	UID     hall.UID
	Subject string
	Body    []byte
}

// Export yields the hall's events: facts by uid with every body of a conflict,
// seals in the order of the log, then punches by time. A body has
// an id only where it came with one, a punch always. Published into an empty log
// they give the same content, and the same issues stand.
func (v *View) Export(h hall.ID) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		sealed := false
		for key, record := range within(v.facts, hallPrefix(h)) {
			uid, err := parseFactKey(key)
			if uid.Kind() == hall.KindSeal {
				if !sealed && !v.exportSeals(h, yield) {
					return
				}
				sealed = true
				continue
			}
			var bodies [][]byte
			if err == nil {
				bodies, err = readBodies(record)
			}
			if err != nil {
				yield(Line{}, err)
				return
			}
			for _, body := range bodies {
				if !yield(Line{uid, subject(uid), bytes.Clone(body)}, nil) {
					return
				}
			}
		}
		for p, err := range v.Punches(h, 0, maxDay) {
			if err != nil {
				yield(Line{}, err)
				return
			}
			if !yield(Line{p.UID, subject(p.UID), p.Body()}, nil) {
				return
			}
		}
	}
}

func subject(uid hall.UID) string {
	h, kind, source, _, _ := uid.Split()
	return hall.Subject(h, kind, source)
}

// Digest returns a SHA-256 over every bucket but meta and dead, in the order of
// names and keys. Stores of the same events have the same digest.
func (v *View) Digest() [32]byte {
	sum := sha256.New()
	var size [8]byte
	write := func(b []byte) {
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		sum.Write(size[:])
		sum.Write(b)
	}
	for _, name := range buckets {
		if bytes.Equal(name, bucketMeta) || bytes.Equal(name, bucketDead) {
			continue
		}
		write(name)
		c := v.tx.Bucket(name).Cursor()
		for key, value := c.First(); key != nil; key, value = c.Next() {
			write(key)
			write(value)
		}
	}
	return [32]byte(sum.Sum(nil))
}
