package store

// Seals: of those that speak of one issue of a month the first that was complete
// stands, so that the store remembers where in the log each came.

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"rollcall/hall"
)

// place is where a seal first came: the sequence that its batch reached, and its
// number among the batch's events beside punches. Of two places the smaller one came first.
type place struct {
	batch uint64
	index uint32
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(p.batch, o.batch), cmp.Compare(p.index, o.index))
}

const placeSize = 12

func (p place) encode() []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, p.batch), p.index)
}

// readPlace reads what encode wrote.
func readPlace(value []byte) (place, error) {
	if len(value) != placeSize {
		return place{}, fmt.Errorf("%w: a place of %x", ErrCorrupt, value)
	}
	return place{binary.BigEndian.Uint64(value), binary.BigEndian.Uint32(value[8:])}, nil
}

// putPlace notes where a body of a seal came, unless it was there before.
func (w *writer) putPlace(e *hall.Event, at place) error {
	key := sealKey(factKey(e.UID), sha256.Sum256(e.Body))
	if w.meta.Get(key) != nil {
		return nil
	}
	return w.add(w.meta, key, at.encode())
}

// sealBody is one body of a seal and where it came.
type sealBody struct {
	uid  hall.UID
	at   place
	seal *hall.Seal
}

// byPlace returns the bodies of a seal in the order in which they came.
func (v *View) byPlace(key []byte, bodies [][]byte) ([][]byte, error) {
	type placed struct {
		body []byte
		at   place
	}
	list := make([]placed, len(bodies))
	for i, body := range bodies {
		at, err := readPlace(v.meta.Get(sealKey(key, sha256.Sum256(body))))
		if err != nil {
			return nil, err
		}
		list[i] = placed{body, at}
	}
	slices.SortFunc(list, func(a, b placed) int { return a.at.compare(b.at) })
	sorted := make([][]byte, len(list))
	for i := range list {
		sorted[i] = list[i].body
	}
	return sorted, nil
}

// sealBodies returns the bodies of a seal that speak of the month of a day; none
// for events of other kinds.
func (v *View) sealBodies(key []byte, day hall.Date) ([]sealBody, error) {
	all, err := v.allSealBodies(key)
	return slices.DeleteFunc(all, func(b sealBody) bool { return b.seal.Month.First() != day }), err
}

func (v *View) allSealBodies(key []byte) ([]sealBody, error) {
	uid, err := parseFactKey(key)
	if err != nil || uid.Kind() != hall.KindSeal {
		return nil, err
	}
	bodies, err := readBodies(v.facts.Get(key))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", uid, err)
	}
	var list []sealBody
	for _, body := range bodies {
		at, err := readPlace(v.meta.Get(sealKey(key, sha256.Sum256(body))))
		if err != nil {
			return nil, err
		}
		fact, err := decodeFact(uid, body)
		if err != nil {
			return nil, err
		}
		seal, ok := fact.(*hall.Seal)
		if !ok {
			return nil, fmt.Errorf("%w: %s is no seal", ErrCorrupt, uid)
		}
		list = append(list, sealBody{uid: uid, at: at, seal: seal})
	}
	return list, nil
}

// Seals returns the seals of a month in the order of the log, every body of each
// uid: hall.Issues says which of them stand.
func (v *View) Seals(h hall.ID, m hall.Month) ([]hall.Seal, error) {
	var list []sealBody
	err := v.scanDates(h, hall.KindSeal, m.First(), m.First(), func(d dated) error {
		bodies, err := v.sealBodies(d.key, d.day)
		list = append(list, bodies...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b sealBody) int { return a.at.compare(b.at) })
	seals := make([]hall.Seal, len(list))
	for i := range list {
		seals[i] = *list[i].seal
	}
	return seals, nil
}

// exportSeals yields the seals of a hall in the order of the log, so that the
// issue that came first also does where they are published again. It reports
// whether the reader wants more.
func (v *View) exportSeals(h hall.ID, yield func(Line, error) bool) bool {
	type entry struct {
		sealBody // without its result: there may be years of them
		key      []byte
		index    int
	}
	var entries []entry
	for key := range within(v.facts, kindPrefix(h, hall.KindSeal)) {
		bodies, err := v.allSealBodies(key)
		if err != nil {
			yield(Line{}, err)
			return false
		}
		for i, b := range bodies {
			b.seal = &hall.Seal{Head: b.seal.Head}
			entries = append(entries, entry{b, bytes.Clone(key), i})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.at.compare(b.at) })
	for _, e := range entries {
		bodies, err := readBodies(v.facts.Get(e.key))
		if err != nil {
			yield(Line{}, err)
			return false
		}
		if !yield(Line{e.uid, subject(e.uid), bytes.Clone(bodies[e.index])}, nil) {
			return false
		}
	}
	return true
}

// checkSeals looks for places without a seal, and that no place lies beyond what
// was applied.
func (v *View) checkSeals(ctx context.Context, _ map[hall.Kind]uint64) error {
	prefix := []byte(prefixSeal)
	c := v.meta.Cursor()
	for key, value := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, value = c.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		fact, sum, err := parseSealKey(key)
		if err != nil {
			return err
		}
		at, err := readPlace(value)
		if err != nil {
			return err
		}
		bodies, err := readBodies(v.facts.Get(fact))
		if err != nil {
			return fmt.Errorf("%w: place of %q without a seal", ErrCorrupt, fact)
		}
		_, found := bodyAt(bodies, sum)
		if !found || at.batch == 0 || at.batch > v.applied.Sequence {
			return fmt.Errorf("%w: place of %q at %d without a body", ErrCorrupt, fact, at.batch)
		}
	}
	return nil
}
