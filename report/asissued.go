package report

// What an issue was computed from: the events that it names.

import (
	"fmt"
	"maps"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// inputs are all that a month is computed from.
type inputs struct {
	facts    *hall.Facts
	question Question // with what is carried into the month
	log      Log
	heard    *rules.Book // to which terminals have said what counts; nil = the facts'
}

func (in *inputs) compile(statutory hall.Calendar) (*compiler, error) {
	return compileHearing(in.heard, in.facts, statutory, in.question, in.log)
}

// inputsOf are those from which an issue was computed, as far as they are there still.
// The question says what is accepted as lost.
func inputsOf(v *store.View, issued *hall.Result, q Question) (*inputs, error) {
	f, err := asIssued(v, issued)
	if err != nil {
		return nil, fmt.Errorf("read the events of an issue of %s: %w", issued.Month, err)
	}
	if q.AsOf, err = hall.ParseInstant(issued.AsOf); err != nil {
		return nil, fmt.Errorf("read an issue of %s: %w", issued.Month, err)
	}
	q.Carried, q.Lists = carriedInto(&issued.Report), nil
	return &inputs{facts: f, question: q, log: Log{Sequence: issued.Sequence, Dead: issued.Dead}}, nil
}

// carriedInto are the vetoes of earlier months that a report lists.
func carriedInto(r *hall.Report) []hall.Veto {
	return slices.DeleteFunc(slices.Clone(r.Vetoes), func(v hall.Veto) bool { return v.Date >= r.Month.First() })
}

// asIssued reads the facts that an issue had.
func asIssued(v *store.View, r *hall.Result) (*hall.Facts, error) {
	from, until := around(r.Month)
	f, err := v.Facts(r.Hall, from, until)
	if err != nil {
		return nil, err
	}
	if f.Seals, err = v.Seals(r.Hall, r.Month); err != nil {
		return nil, err
	}
	had := had(r)
	if err := had.addFar(v, f, until); err != nil {
		return nil, err
	}
	return had.only(f, r), nil
}

// addFar adds the punches and heartbeats outside the range that are named: they tell
// what terminals have shown.
func (n *named) addFar(v *store.View, f *hall.Facts, until hall.Date) error {
	near := map[hall.UID]bool{}
	each(f.Terminals, func(e *hall.Terminal) { near[e.UID] = true })
	for _, uid := range slices.Sorted(maps.Keys(n.events)) {
		if uid.Kind() != hall.KindTerminal || near[uid] {
			continue
		}
		found, ok, err := v.Find(uid)
		if err != nil {
			return err
		}
		if ok {
			f.Add(found.Fact)
		}
	}
	for p, err := range v.Punches(n.hall, until+1, n.last.UTCDate()) {
		if err != nil {
			return err
		}
		f.Punches = append(f.Punches, p)
	}
	return nil
}

// only leaves of the facts those that are named. What rulings lacked says the issue.
func (n *named) only(f *hall.Facts, r *hall.Result) *hall.Facts {
	g := f.Without(func(uid hall.UID) bool { return uid.Kind() != hall.KindPunch && !n.events[uid] })
	g.Punches = slices.DeleteFunc(slices.Clone(g.Punches), func(p hall.Punch) bool { return !n.punch(&p) })
	g.Rulings = slices.DeleteFunc(slices.Clone(g.Rulings), func(r hall.Ruling) bool { return !n.events[r.UID] })
	g.Seals = slices.DeleteFunc(slices.Clone(g.Seals), func(s hall.Seal) bool { return !n.events[s.UID] })
	g.Conflicts = slices.Clone(r.Conflicts)
	g.Missing = nil
	for i := range r.Unresolved {
		if u := &r.Unresolved[i]; u.Reason == hall.UnresolvedEvent {
			g.Missing = append(g.Missing, hall.UID(u.Value))
		}
	}
	return g
}

// named are the events that an issue names.
type named struct {
	hall    hall.ID
	events  map[hall.UID]bool
	punches map[punchName]bool
	last    hall.Instant // of the punches
}

type punchName struct {
	uid  hall.UID
	raw  hall.PersonID
	time hall.Instant
}

func had(r *hall.Result) *named {
	n := &named{hall: r.Hall, events: make(map[hall.UID]bool, len(r.Events)), punches: make(map[punchName]bool, len(r.Punches)+len(r.Around))}
	for _, uid := range r.Events {
		n.events[uid] = true
	}
	for i := range r.Punches {
		n.add(r.Punches[i].UID, r.Punches[i].Raw, r.Punches[i].Time)
	}
	for i := range r.Around {
		n.add(r.Around[i].UID, r.Around[i].Raw, r.Around[i].Time)
	}
	return n
}

func (n *named) add(uid hall.UID, raw hall.PersonID, rfc3339 string) {
	at, err := hall.ParseInstant(rfc3339)
	if err != nil {
		return // of another version: the punch counts as one that came later
	}
	n.punches[punchName{uid, raw, at}] = true
	n.last = max(n.last, at)
}

func (n *named) punch(p *hall.Punch) bool { return n.punches[nameOf(p)] }

func nameOf(p *hall.Punch) punchName { return punchName{p.UID, p.Person, p.Time} }
