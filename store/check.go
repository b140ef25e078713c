package store

// The invariants of the file.

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"slices"

	"go.etcd.io/bbolt"

	"rollcall/hall"
)

// CheckPages reads the file anew, page by page, and returns the first page that
// is damaged, lost or used twice, or that the records do not have the sum that was
// written with them. It holds up Apply meanwhile. Do not call it inside View.
func (s *Store) CheckPages() (err error) {
	tx, err := s.db.Begin(!s.db.IsReadOnly())
	if err != nil {
		return fmt.Errorf("check the pages of %s: %w", s.db.Path(), err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	return checkPages(tx)
}

// CheckPages is Store.CheckPages for a view of a file that nobody writes: a copy.
func (v *View) CheckPages() error { return checkPages(v.tx) }

func checkPages(tx *bbolt.Tx) error {
	file, err := os.Open(tx.DB().Path())
	if err != nil {
		return fmt.Errorf("check the pages: %w", err)
	}
	defer file.Close()
	found, err := walkPages(file, tx.Size())
	if err != nil {
		return err
	}
	return found.checkSum()
}

// Check walks every bucket and returns the first thing that is wrong: a record
// that cannot be read or is not sorted, an event under another key than its own,
// an index entry that is missing or too many, a counter that is off. The pages of
// the file are looked at by Store.CheckPages.
func (v *View) Check(ctx context.Context) error {
	counts := map[hall.Kind]uint64{}
	for _, check := range []func(context.Context, map[hall.Kind]uint64) error{
		v.checkPunches, v.checkFacts, v.checkDates, v.checkConflicts, v.checkDead, v.checkSeals,
	} {
		if err := check(ctx, counts); err != nil {
			return err
		}
	}
	return v.checkCounts(counts)
}

func (v *View) checkPunches(ctx context.Context, counts map[hall.Kind]uint64) error {
	var r punchRecord
	for key, value := range within(v.punches, nil) {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, day, q, err := parsePunchKey(key)
		if err != nil {
			return err
		}
		if err := r.read(value, q, nil); err != nil {
			return err
		}
		if err := r.check(h, day); err != nil {
			return err
		}
		if len(r.punches) == 0 || !bytes.Equal(appendPunches(nil, r.punches, q), value) {
			return fmt.Errorf("%w: punches of %s %s have two forms", ErrCorrupt, h, day)
		}
		counts[hall.KindPunch] += uint64(len(r.punches))
	}
	return nil
}

// check looks at each punch of a record and at their order.
func (r *punchRecord) check(h hall.ID, day hall.Date) error {
	u := newUnpacker(h)
	u.open(r)
	for i := range r.punches {
		p := &r.punches[i]
		if i > 0 && r.punches[i-1].compare(p) >= 0 {
			return fmt.Errorf("%w: punches of %s %s are not sorted", ErrCorrupt, h, day)
		}
		punch, err := u.punch(p, day)
		if err != nil {
			return err
		}
		if d := appendDetails(nil, &punch, string(p.source)); !bytes.Equal(d, p.details) {
			return fmt.Errorf("%w: details of punch %s have two forms", ErrCorrupt, punch.UID)
		}
	}
	return nil
}

func (v *View) checkFacts(ctx context.Context, counts map[hall.Kind]uint64) error {
	for key, record := range within(v.facts, nil) {
		if err := ctx.Err(); err != nil {
			return err
		}
		uid, err := parseFactKey(key)
		if err != nil {
			return err
		}
		counts[uid.Kind()]++
		if err := v.checkFact(uid, key, record); err != nil {
			return err
		}
	}
	return nil
}

func (v *View) checkFact(uid hall.UID, key, record []byte) error {
	bodies, err := readBodies(record)
	if err != nil {
		return fmt.Errorf("read %s: %w", uid, err)
	}
	if !slices.IsSortedFunc(bodies, compareSums) {
		return fmt.Errorf("%w: the bodies of %s are not sorted", ErrCorrupt, uid)
	}
	if contested, _ := hasKey(v.conflicts.Cursor(), key); contested != (len(bodies) > 1) {
		return fmt.Errorf("%w: %s has %d bodies, in the list of conflicts: %t", ErrCorrupt, uid, len(bodies), contested)
	}
	for i := range bodies {
		fact, err := decodeFact(uid, bodies[i])
		if err != nil {
			return err
		}
		if fact.GetHead().UID != uid {
			return fmt.Errorf("%w: %s stands under %s", ErrCorrupt, fact.GetHead().UID, uid)
		}
		if d, ok := dateOf(fact); ok && (i == 0 || uid.Kind() == hall.KindSeal) {
			found, value := hasKey(v.dates.Cursor(), dateKey(key, d.day))
			if !found || !bytes.Equal(value, d.value) {
				return fmt.Errorf("%w: %s is not in the index of dates", ErrCorrupt, uid)
			}
		}
	}
	return nil
}

// hasKey tells a key with an empty value from none.
func hasKey(c *bbolt.Cursor, key []byte) (found bool, value []byte) {
	k, value := c.Seek(key)
	return bytes.Equal(k, key), value
}

func compareSums(a, b []byte) int {
	x, y := sha256.Sum256(a), sha256.Sum256(b)
	return bytes.Compare(x[:], y[:])
}

// checkDates looks for entries without a fact; checkFact for facts without one.
func (v *View) checkDates(ctx context.Context, _ map[hall.Kind]uint64) error {
	for key := range within(v.dates, nil) {
		if err := ctx.Err(); err != nil {
			return err
		}
		day, fact, err := parseDateKey(key)
		if err != nil {
			return err
		}
		uid, err := parseFactKey(fact)
		if err != nil {
			return err
		}
		found, ok, err := v.Find(uid)
		if err != nil {
			return err
		}
		if d, dated := dateOf(found.Fact); ok && dated && d.day == day {
			continue
		}
		if bodies, err := v.sealBodies(fact, day); err != nil || len(bodies) == 0 {
			return cmp.Or(err, fmt.Errorf("%w: %s on %s is in the index alone", ErrCorrupt, uid, day))
		}
	}
	return nil
}

func (v *View) checkConflicts(_ context.Context, _ map[hall.Kind]uint64) error {
	for key := range within(v.conflicts, nil) {
		if found, _ := hasKey(v.facts.Cursor(), key); !found {
			return fmt.Errorf("%w: conflict of %q without a fact", ErrCorrupt, key)
		}
	}
	return nil
}

func (v *View) checkDead(_ context.Context, counts map[hall.Kind]uint64) error {
	for d, err := range v.Dead("", 0) {
		if err != nil {
			return err
		}
		if d.Sequence == 0 || d.Sequence > v.applied.Sequence {
			return fmt.Errorf("%w: dead letter %d beyond %d", ErrCorrupt, d.Sequence, v.applied.Sequence)
		}
		counts[kindDead]++
	}
	return nil
}

func (v *View) checkCounts(counts map[hall.Kind]uint64) error {
	stats := v.Stats()
	stats.Events[kindDead] = stats.Dead
	for kind := range stats.Events {
		counts[kind] += 0
	}
	for kind, n := range counts {
		if stats.Events[kind] != n {
			return fmt.Errorf("%w: %d events %s, counted %d", ErrCorrupt, n, kind, stats.Events[kind])
		}
		if n > 0 && v.applied.Sequence == 0 {
			return fmt.Errorf("%w: events %s, but nothing applied", ErrCorrupt, kind)
		}
	}
	return nil
}
