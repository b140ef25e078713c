package hall

// Names in a policy that mean several things.

import (
	"maps"
	"slices"
)

// SharedName is a name by which a policy calls several windows or kinds. That is no
// error, since events name them by their ids; but whoever writes the name in a sheet
// or a command cannot be understood.
type SharedName struct {
	List string // windows, leave, discipline, bonus
	Name string
	IDs  []string // in the order of the policy
}

// SharedNames returns the names of windows, present, former and other ones, and of
// kinds that are not of one alone, in the order of the lists and by name.
func (p *Policy) SharedNames() []SharedName {
	windows := map[string][]string{}
	for i := range p.Windows {
		w := &p.Windows[i]
		for _, name := range w.Names() {
			windows[name] = append(windows[name], string(w.ID))
		}
	}
	leave, discipline, bonus := map[string][]string{}, map[string][]string{}, map[string][]string{}
	for _, k := range p.Leave {
		leave[k.Name] = append(leave[k.Name], k.Kind)
	}
	for _, k := range p.Discipline {
		discipline[k.Name] = append(discipline[k.Name], k.Kind)
	}
	for _, k := range p.Bonus {
		bonus[k.Name] = append(bonus[k.Name], k.Kind)
	}
	return slices.Concat(shared("windows", windows), shared("leave", leave), shared("discipline", discipline), shared("bonus", bonus))
}

func shared(list string, ids map[string][]string) []SharedName {
	var found []SharedName
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		if name != "" && len(ids[name]) > 1 {
			found = append(found, SharedName{list, name, ids[name]})
		}
	}
	return found
}

// Names are the window's name, former names and aliases, each once.
func (w *Window) Names() []string {
	return distinct(slices.Concat([]string{w.Name}, w.Former, w.Aliases))
}
