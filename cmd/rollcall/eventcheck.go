package main

// What an event made by hand names must be known: a misspelt kind would lie
// unresolved in the log for ever. Events of machines and files are not asked.

import (
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
)

// vocabulary is what the versions of a policy name between them.
type vocabulary struct {
	windows, classes, groups map[string]bool
	kinds                    map[hall.Kind]map[string]bool
}

func (in *place) vocabulary() vocabulary {
	v := vocabulary{windows: map[string]bool{}, classes: map[string]bool{}, groups: map[string]bool{}, kinds: map[hall.Kind]map[string]bool{
		hall.KindPatrol: {hall.PatrolClear: true, hall.PatrolPraise: true}, hall.KindLeave: {}, hall.KindBonus: {},
	}}
	for _, version := range in.policies {
		p := version.Policy
		for _, w := range p.Windows {
			v.windows[string(w.ID)] = true
		}
		for _, c := range p.Classes {
			v.classes[c.Name] = true
		}
		for _, t := range p.Timetables {
			v.groups[t.Group] = true
		}
		for _, d := range p.Discipline {
			v.kinds[hall.KindPatrol][d.Kind] = true
		}
		for _, kind := range hall.PunctualityKinds {
			if p.Punctuality.Offence(kind) != nil {
				v.kinds[hall.KindPatrol][kind] = true
			}
		}
		for _, l := range p.Leave {
			v.kinds[hall.KindLeave][l.Kind] = true
		}
		for _, b := range p.Bonus {
			v.kinds[hall.KindBonus][b.Kind] = true
		}
	}
	return v
}

// check refuses what no version of the policy names.
func (in *place) check(kind hall.Kind, fields map[string]any) error {
	if len(in.policies) == 0 {
		return nil
	}
	v := in.vocabulary()
	for _, c := range []struct {
		field string
		known map[string]bool
	}{{"kind", v.kinds[kind]}, {"window", v.windows}, {"windows", v.windows}, {"class", v.classes}, {"group", v.groups}} {
		if c.known == nil {
			continue
		}
		for _, value := range texts(fields[c.field]) {
			if !c.known[value] {
				return usagef("--%s %q is not in the hall's policy; there are: %s (or add --force, and it counts once a policy names it)",
					flagOf(c.field), value, listed(c.known))
			}
		}
	}
	return nil
}

func texts(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

func listed(known map[string]bool) string {
	words := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(w string) bool { return w == "" })
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}
