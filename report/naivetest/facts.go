package naivetest

// What a set of events leaves: one body a uid, conflicts, rulings, and what replaces what (contract 1, 2).

import (
	"cmp"
	"fmt"
	"slices"
)

// facts holds every event of a hall that counts before rulings are looked at.
type facts struct {
	byUID   map[string]*event   // all kinds but punches
	punches map[string]*event   // by uid, person and time: two such count both
	sums    map[string][]string // all kinds but punches: every hash seen of a uid, sorted
	rulings map[string][]*event // by `on`, in the order (time, uid)
	known   map[string]bool     // every uid
	counts  map[string][]*event // by kind: what no ruling took away, sorted by uid
}

func newFacts(events []*event) *facts {
	f := &facts{byUID: map[string]*event{}, punches: map[string]*event{}, sums: map[string][]string{},
		rulings: map[string][]*event{}, known: map[string]bool{}, counts: map[string][]*event{}}
	for _, e := range events {
		f.known[e.uid] = true
		if e.kind == "punch" {
			key := fmt.Sprint(e.uid, " ", text(e.body, "person"), " ", e.time)
			f.punches[key] = smaller(f.punches[key], e)
			continue
		}
		f.byUID[e.uid] = smaller(f.byUID[e.uid], e)
		if !slices.Contains(f.sums[e.uid], e.sum) {
			f.sums[e.uid] = append(f.sums[e.uid], e.sum)
			slices.Sort(f.sums[e.uid])
		}
	}
	for _, e := range f.all() {
		if e.kind == "ruling" {
			on := text(e.body, "on")
			f.rulings[on] = append(f.rulings[on], e)
		}
	}
	for _, list := range f.rulings {
		slices.SortFunc(list, inOrder)
	}
	for _, e := range f.all() {
		if !f.struck(e) {
			f.counts[e.kind] = append(f.counts[e.kind], e)
		}
	}
	return f
}

// smaller keeps the body with the smaller SHA-256.
func smaller(a, b *event) *event {
	if a == nil || b.sum < a.sum {
		return b
	}
	return a
}

func inOrder(a, b *event) int {
	return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.uid, b.uid))
}

// all gives every event, sorted by uid, time and body.
func (f *facts) all() []*event {
	var out []*event
	for _, e := range f.byUID {
		out = append(out, e)
	}
	for _, e := range f.punches {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b *event) int {
		return cmp.Or(cmp.Compare(a.uid, b.uid), cmp.Compare(a.time, b.time), cmp.Compare(a.sum, b.sum))
	})
	return out
}

// live gives the events of a kind that no ruling took away, sorted by uid.
func (f *facts) live(kind string) []*event { return slices.Clone(f.counts[kind]) }

// struck: a ruling rejected or cancelled it. Rulings and seals cannot be ruled on.
func (f *facts) struck(e *event) bool {
	if e.kind == "ruling" || e.kind == "seal" {
		return false
	}
	state := f.decided(e.uid)
	return state == "rejected" || state == "cancelled"
}

// decided is the state that holds: of the latest ruling that is no appeal, for an appeal decides nothing.
func (f *facts) decided(on string) string {
	state := ""
	for _, r := range f.rulings[on] {
		if s := text(r.body, "state"); s != "appealed" {
			state = s
		}
	}
	return state
}

// latest is the last ruling on something, appeals included; nil when there is none.
func (f *facts) latest(on string) *event {
	list := f.rulings[on]
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

// confirmed: a ruling confirmed or upheld it.
func (f *facts) confirmed(on string) bool {
	state := f.decided(on)
	return state == "confirmed" || state == "upheld"
}

// winners keeps of each key the latest event by (time, uid).
func winners(events []*event, key func(*event) string) map[string]*event {
	out := map[string]*event{}
	for _, e := range events {
		if old := out[key(e)]; old == nil || later(e, old) {
			out[key(e)] = e
		}
	}
	return out
}

// conflicts lists every uid of which two bodies reached the log.
func (f *facts) conflicts() []any {
	out := []any{}
	for _, uid := range sortedKeys(f.sums) {
		if sums := f.sums[uid]; len(sums) > 1 {
			out = append(out, map[string]any{"uid": uid, "counts": sums[0], "others": sums[1:]})
		}
	}
	return out
}
