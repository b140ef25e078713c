package report

// The lines of a month that is settled without some events.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
)

// lineSet are lines by list and what they are about.
type lineSet map[[2]string]string

// differs reports whether a changed line is another without something, or, of what
// a person owes to nobody else, anything but the rank.
func (s *search) differs(change int, without lineSet, own bool) bool {
	c := &s.changes[change]
	key := [2]string{c.List, c.Line}
	if own && (c.List == "staff" || c.List == "sheet") {
		key[0] += ownLine
	}
	return s.lines[key] != without[key]
}

// ownLine is behind the list of a person's line without the rank.
const ownLine = " own"

// addOwn adds the lines of people without what others decide.
func (set lineSet) addOwn(r *hall.Report) error {
	for i := range r.Staff {
		own := r.Staff[i]
		own.Rank, own.Tied = nil, nil
		if err := set.addLine("staff", string(own.Person), own); err != nil {
			return err
		}
	}
	for i := range r.Sheet {
		own := r.Sheet[i]
		own.Rank = nil
		if err := set.addLine("sheet", string(own.Person), own); err != nil {
			return err
		}
	}
	return nil
}

func (set lineSet) addLine(list, line string, value any) error {
	text, err := json.Marshal(value)
	set[[2]string{list + ownLine, line}] = string(text)
	return err
}

// without settles the month without units; ok is false where that was done often
// enough.
func (s *search) without(units []*unit) (set lineSet, ok bool, err error) {
	in := &inputs{facts: s.all, question: s.question, log: s.log, heard: s.book}
	away := map[hall.UID]bool{}
	time, terminals := false, false
	for _, u := range units {
		for _, uid := range u.uids {
			away[uid] = true
		}
		time, terminals = time || u.time, terminals || u.terminals
		if u.carried {
			in.question.Carried = s.then.question.Carried
		}
	}
	if time {
		in.question.AsOf, in.heard = s.then.question.AsOf, s.heardEver
	}
	if terminals {
		in.heard = s.heardThen
	}
	if len(away) > 0 {
		in.facts = s.taken(away)
	}
	return s.settled(in)
}

// settled are the changed lines of a month computed from other inputs.
func (s *search) settled(in *inputs) (set lineSet, ok bool, err error) {
	if s.left == 0 {
		s.complete = false
		return nil, false, nil
	}
	s.left--
	other := *in
	other.question.Lists = []string{"none"}
	for list := range s.wanted {
		other.question.Lists = append(other.question.Lists, list)
	}
	c, err := other.compile(s.statutory)
	if errors.Is(err, hall.ErrNotFound) {
		return lineSet{}, true, nil // no policy is left
	}
	if err != nil {
		return nil, false, err
	}
	set, err = s.linesOf(c)
	return set, err == nil, err
}

// taken takes events away that have come; rulings on them are then on nothing.
func (s *search) taken(away map[hall.UID]bool) *hall.Facts {
	g := s.all.Without(func(uid hall.UID) bool { return uid.Kind() != hall.KindPunch && away[uid] })
	missing := maps.Clone(away)
	g.Punches = slices.DeleteFunc(slices.Clone(g.Punches), func(p hall.Punch) bool {
		gone := away[p.UID] && !s.had.punch(&p)
		if away[p.UID] && !gone {
			delete(missing, p.UID) // another punch of the uid was there
		}
		return gone
	})
	g.Rulings = slices.DeleteFunc(slices.Clone(g.Rulings), func(r hall.Ruling) bool { return away[r.UID] })
	g.Seals = slices.DeleteFunc(slices.Clone(g.Seals), func(e hall.Seal) bool { return away[e.UID] })
	g.Missing = slices.AppendSeq(slices.Clone(g.Missing), maps.Keys(missing))
	return g
}

// linesOf are the changed lines of a month.
func (s *search) linesOf(c *compiler) (lineSet, error) {
	r := c.lists()
	if s.wanted["warnings"] {
		r.Warnings = c.warnings(sealing{})
	}
	asked := map[[2]string]bool{}
	for i := range s.changes {
		asked[[2]string{s.changes[i].List, aboutOf(&s.changes[i])}] = true
	}
	narrow := *r
	narrow.Days = slices.DeleteFunc(slices.Clone(r.Days), func(d hall.PersonDay) bool { return !asked[[2]string{"days", dayID(&d)}] })
	narrow.Sheet = slices.DeleteFunc(slices.Clone(r.Sheet), func(w hall.SheetRow) bool { return !asked[[2]string{"sheet", string(w.Person)}] })
	narrow.Punches = slices.DeleteFunc(slices.Clone(r.Punches), func(p hall.PunchRecord) bool { return !asked[[2]string{"punches", string(p.UID)}] })
	t, err := treeOf(&narrow)
	if err != nil {
		return nil, err
	}
	set := lineSet{}
	for key := range t {
		if s.wanted[key] {
			if err := set.add("", key, t[key]); err != nil {
				return nil, err
			}
		}
	}
	return set, set.addOwn(&narrow)
}

func (set lineSet) add(path, key string, value json.RawMessage) error {
	inside := strings.TrimPrefix(path+"."+key, ".")
	switch {
	case isList(value):
		list, err := elements(inside, value)
		for _, e := range list {
			set[[2]string{inside, e.id}] = string(e.value)
		}
		return err
	case isObject(value):
		var t tree
		if err := json.Unmarshal(value, &t); err != nil {
			return err
		}
		for k := range t {
			if err := set.add(inside, k, t[k]); err != nil {
				return err
			}
		}
	default:
		set[[2]string{cmp.Or(path, key), key}] = string(bytes.TrimSpace(value))
	}
	return nil
}
