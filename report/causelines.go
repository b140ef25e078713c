package report

// The lines of a month that is settled without some events.

import (
	"bytes"
	"cmp"
	"encoding/json"
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
	return s.now[key] != without[key]
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
	if s.left == 0 {
		s.complete = false
		return nil, false, nil
	}
	s.left--
	set, err = s.lines(units)
	return set, err == nil, err
}

// lines settles the month without units and returns its lines in the lists that
// changed.
func (s *search) lines(units []*unit) (lineSet, error) {
	q, f := s.question, s.all
	away := map[hall.UID]bool{}
	for _, u := range units {
		for _, uid := range u.uids {
			away[uid] = true
		}
		if u.asOf != 0 {
			q.AsOf = u.asOf
		}
		if u.terminals {
			f = s.unheard(f)
		}
	}
	if len(away) > 0 {
		f = taken(f, away)
	}
	q.Lists = []string{"none"}
	for list := range s.wanted {
		q.Lists = append(q.Lists, list)
	}
	c, err := compile(f, s.statutory, q, s.log)
	if err != nil {
		return nil, err
	}
	r := c.lists()
	if s.wanted["warnings"] {
		r.Warnings = c.warnings(sealing{})
	}
	return s.linesOf(r)
}

// taken takes events away; rulings on them are then on nothing.
func taken(f *hall.Facts, away map[hall.UID]bool) *hall.Facts {
	g := f.Without(func(uid hall.UID) bool { return away[uid] })
	g.Rulings = slices.DeleteFunc(slices.Clone(g.Rulings), func(r hall.Ruling) bool { return away[r.UID] })
	g.Seals = slices.DeleteFunc(slices.Clone(g.Seals), func(s hall.Seal) bool { return away[s.UID] })
	g.Missing = slices.AppendSeq(slices.Clone(g.Missing), maps.Keys(away))
	return g
}

// unheard leaves out what terminals said outside the month since the issue.
func (s *search) unheard(f *hall.Facts) *hall.Facts {
	had, zone := had(s.issue), zoneOf(s.issue.AsOf)
	g := *f
	g.Terminals = slices.DeleteFunc(slices.Clone(f.Terminals), func(t hall.Terminal) bool { return t.Time > s.asOf })
	g.Punches = slices.DeleteFunc(slices.Clone(f.Punches), func(p hall.Punch) bool {
		return !had.punch(&p) && !s.month.Month.Contains(hall.DateIn(zone, p.Time.Time()))
	})
	return &g
}

// linesOf are the changed lines of a report as they are now.
func (s *search) linesOf(r *hall.Report) (lineSet, error) {
	asked := map[[2]string]bool{}
	for i := range s.changes {
		asked[[2]string{s.changes[i].List, s.changes[i].Line}] = true
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
