package main

// What an event made by hand names must be known: a misspelt kind would lie
// unresolved in the log for ever. People say names, events carry ids. Events of
// machines and files are not asked.

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
)

// spoken is what a field may say, with the id that each means; "" where it means
// several.
type spoken map[string]string

// id notes an id under its own name.
func (w spoken) id(id string) { w[id] = id }

// call notes other names of an id; ids and newer versions go before.
func (w spoken) call(newer spoken, id string, names ...string) {
	for _, name := range names {
		if _, taken := newer[name]; taken || name == "" {
			continue
		}
		if other, taken := w[name]; taken && other != id {
			w[name] = "" // the name of two
			continue
		}
		w[name] = id
	}
}

// vocabulary is what the versions of a policy name between them, by field.
type vocabulary map[string]spoken

func (in *place) vocabulary(kind hall.Kind) vocabulary {
	v := vocabulary{"window": {}, "class": {}, "group": {}}
	v["windows"] = v["window"]
	if slices.Contains([]hall.Kind{hall.KindPatrol, hall.KindLeave, hall.KindBonus}, kind) {
		v["kind"] = spoken{}
	}
	for i := range in.policies {
		v.addIDs(kind, in.policies[i].Policy)
	}
	for i := range slices.Backward(in.policies) {
		newer := vocabulary{"kind": maps.Clone(v["kind"]), "window": maps.Clone(v["window"])}
		v.addNames(newer, kind, in.policies[i].Policy)
	}
	return v
}

func (v vocabulary) addIDs(kind hall.Kind, p *hall.Policy) {
	for i := range p.Windows {
		v["window"].id(string(p.Windows[i].ID))
	}
	for i := range p.Classes {
		v["class"].id(p.Classes[i].Name)
	}
	for i := range p.Timetables {
		v["group"].id(p.Timetables[i].Group)
	}
	for id := range kindsOf(kind, p) {
		v["kind"].id(id)
	}
}

func (v vocabulary) addNames(newer vocabulary, kind hall.Kind, p *hall.Policy) {
	for i := range p.Windows {
		w := &p.Windows[i]
		v["window"].call(newer["window"], string(w.ID), append(w.Names(), strconv.Itoa(w.Number))...)
	}
	kinds := kindsOf(kind, p)
	for _, id := range slices.Sorted(maps.Keys(kinds)) {
		v["kind"].call(newer["kind"], id, kinds[id])
	}
}

// kindsOf are the kinds that a policy names for a kind of events, with their
// names.
func kindsOf(kind hall.Kind, p *hall.Policy) map[string]string {
	kinds := map[string]string{}
	switch kind {
	case hall.KindPatrol:
		kinds[hall.PatrolClear], kinds[hall.PatrolPraise] = "无问题", "表扬"
		for i := range rules.All {
			if r := &rules.All[i]; p.Punctuality.Offence(r.ID) != nil {
				kinds[r.ID] = r.Title.Zh
			}
		}
		for i := range p.Discipline {
			kinds[p.Discipline[i].Kind] = p.Discipline[i].Name
		}
	case hall.KindLeave:
		for i := range p.Leave {
			kinds[p.Leave[i].Kind] = p.Leave[i].Name
		}
	case hall.KindBonus:
		for i := range p.Bonus {
			kinds[p.Bonus[i].Kind] = p.Bonus[i].Name
		}
	}
	return kinds
}

// check puts ids in the place of names and refuses what no version of the policy
// names. With force that passes as it is.
func (in *place) check(kind hall.Kind, fields map[string]any, force bool) error {
	if len(in.policies) == 0 {
		return nil
	}
	v := in.vocabulary(kind)
	for _, field := range []string{"kind", "window", "windows", "class", "group"} {
		known, ok := v[field]
		if !ok {
			continue
		}
		spell := func(word string) (string, error) {
			if id := known[word]; id != "" || force {
				return cmp.Or(id, word), nil
			}
			return "", usagef("--%s %q is not in the hall's policy; there are: %s (or add --force, and it counts once a policy names it)",
				flagOf(field), word, known.listed())
		}
		if err := respell(fields, field, spell); err != nil {
			return err
		}
	}
	return nil
}

// peopled are the kinds that speak of somebody on the roster. A ruling only finds a punch by its person; whoever stands in may come
// from anywhere.
var peopled = []hall.Kind{hall.KindPunch, hall.KindPatrol, hall.KindLeave, hall.KindCorrection, hall.KindExcuse, hall.KindBonus, hall.KindAward}

// checkPeople refuses a name in the place of an id. Several people may have one name, so
// that it is never taken for an id, only answered with it. An id that no roster row has
// yet passes: what it says counts once the row is there, and the answer says so.
func (in *place) checkPeople(kind hall.Kind, fields map[string]any) error {
	if !slices.Contains(peopled, kind) || len(in.policies) == 0 {
		return nil
	}
	if what, _ := fields["kind"].(string); kind == hall.KindPatrol && fields["person"] == nil && fields["window"] == nil &&
		what != hall.PatrolClear && what != hall.PatrolPraise {
		return usagef("--person or --window is missing: say who is blamed for %s", what)
	}
	for _, field := range []string{"person", "persons"} {
		spell := func(word string) (string, error) {
			known, called := in.find(kind, word)
			if !known && len(called) > 0 {
				return "", usagef("--%s %q is a name: say the id, %s", flagOf(field), word, strings.Join(called, " or "))
			}
			return word, nil
		}
		if err := respell(fields, field, spell); err != nil {
			return err
		}
	}
	return nil
}

// checkRuledOn refuses what a ruling on it would decide nothing of, without a word.
func checkRuledOn(ctx context.Context, cl *client, in place, on string) error {
	if hall.IsViolationID(on) {
		return checkViolation(ctx, cl, in, on)
	}
	if kind := hall.UID(on).Kind(); kind == hall.KindRuling || kind == hall.KindSeal {
		return usagef("--on %s: rulings and seals cannot be ruled on; rule again on what that ruling is on, and the later one holds", on)
	}
	return nil
}

// checkViolation refuses the id of a violation that its month does not have, such as a
// misspelt one.
func checkViolation(ctx context.Context, cl *client, in place, id string) error {
	date, _, _ := strings.Cut(id, "/")
	day, err := hall.ParseDate(date)
	if err != nil {
		return usagef("%q is no violation: %q is no date", id, date)
	}
	var r hall.Report
	if err := cl.get(ctx, monthPath(in.hall, day.Month()), nil, &r); err != nil {
		return err
	}
	is := func(v hall.Violation) bool { return v.ID == id }
	fell := func(s hall.Struck) bool { return s.Line != nil && s.Line.ID == id }
	if slices.ContainsFunc(r.Violations, is) || slices.ContainsFunc(r.Contested, is) || slices.ContainsFunc(r.Rejected, fell) {
		return nil
	}
	return usagef("there is no violation %s: rollcall report %s --list appeals shows the ids (or add --force, and it waits for one)", id, day.Month())
}

// find looks a person up in the roster: whether somebody has the id, or in a punch the
// alias, and else the ids of those who have the name.
func (in *place) find(kind hall.Kind, word string) (known bool, called []string) {
	for i := range in.roster {
		row := &in.roster[i]
		switch {
		case row.Person == hall.PersonID(word),
			kind == hall.KindPunch && slices.Contains(row.Names(), hall.PersonID(word)):
			return true, nil
		case row.Name == word:
			called = append(called, string(row.Person))
		}
	}
	return false, slices.Compact(called) // rows are by person
}

// rowBefore returns a person's last roster row that begins on a date or before it, nil
// for none.
func (in *place) rowBefore(person, from any) (before *hall.Roster) {
	day, ok := from.(hall.Date)
	for i := range in.roster {
		row := &in.roster[i]
		if ok && string(row.Person) == person && row.From <= day {
			before = row // rows of a person are by date
		}
	}
	return before
}

// respell spells the words of a field anew.
func respell(fields map[string]any, field string, spell func(string) (string, error)) (err error) {
	switch v := fields[field].(type) {
	case string:
		fields[field], err = spell(v)
	case []string:
		for i := range v {
			if v[i], err = spell(v[i]); err != nil {
				return err
			}
		}
	}
	return err
}

// listed are the ids, with their names behind them.
func (w spoken) listed() string {
	names := map[string][]string{}
	for _, word := range slices.Sorted(maps.Keys(w)) {
		if id := w[word]; id != "" && id != word && strings.Trim(word, "0123456789") != "" {
			names[id] = append(names[id], word)
		}
	}
	known := map[string]bool{}
	for word, id := range w {
		if word != id {
			continue
		}
		if len(names[id]) > 0 {
			id += " (" + strings.Join(names[id], ", ") + ")"
		}
		known[id] = true
	}
	return listed(known)
}

func listed(known map[string]bool) string {
	words := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(w string) bool { return w == "" })
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}
