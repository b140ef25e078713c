package ingest

// What live judging remembers of a hall between two batches: who is who, by which
// policies. It is a cache, stamped with the point of the log up to which it was
// read, and dropped where anything of it may have changed.

import (
	"slices"

	"rollcall/hall"
	"rollcall/store"
)

// roll is a hall's roster, policies, calendars and rulings.
type roll struct {
	facts  *hall.Facts
	rows   map[hall.PersonID][]int           // into facts.Roster
	claims map[hall.PersonID][]hall.PersonID // by what name: who goes by it, on whatever terminal

	ruledPunches bool // some ruling is on a punch
}

func readRoll(v *store.View, h hall.ID) (*roll, error) {
	facts, err := v.Standing(h)
	if err != nil {
		return nil, err
	}
	r := &roll{facts: facts, ruledPunches: onPunches(facts.Rulings), rows: map[hall.PersonID][]int{}, claims: map[hall.PersonID][]hall.PersonID{}}
	for i := range facts.Roster {
		row := &facts.Roster[i]
		r.rows[row.Person] = append(r.rows[row.Person], i)
		for _, name := range row.Names() {
			r.claims[name] = append(r.claims[name], row.Person)
		}
	}
	return r, nil
}

func onPunches(rulings []hall.Ruling) bool {
	return slices.ContainsFunc(rulings, func(r hall.Ruling) bool { return hall.UID(r.On).Kind() == hall.KindPunch })
}

// circle are the people of a touch, and what is needed to judge them alone: every
// name under which they punch, and everybody who claims one of these names.
type circle struct {
	asked  map[hall.PersonID]bool
	raw    []hall.PersonID // the names
	around map[hall.PersonID]bool
}

// circleOf finds the people who go by the raw persons of a touch.
func (r *roll) circleOf(t *Touch) *circle {
	c := &circle{asked: map[hall.PersonID]bool{}, around: map[hall.PersonID]bool{}}
	for _, m := range t.Marks {
		for _, person := range r.claims[m.Person] {
			c.asked[person] = true
		}
	}
	seen := map[hall.PersonID]bool{}
	for person := range c.asked {
		for _, i := range r.rows[person] {
			for _, name := range r.facts.Roster[i].Names() {
				if seen[name] {
					continue
				}
				seen[name] = true
				c.raw = append(c.raw, name)
				for _, claimant := range r.claims[name] {
					c.around[claimant] = true
				}
			}
		}
	}
	return c
}

// narrow returns what bears on the people of a circle between two days; the range
// is that of store.View.Facts. Punches are theirs alone, so that it does not tell
// what terminals have shown.
func (r *roll) narrow(v *store.View, h hall.ID, c *circle, from, until hall.Date) (*hall.Facts, error) {
	f, err := v.FactsOf(h, from, until, c.raw)
	if err != nil {
		return nil, err
	}
	for i := range f.Patrols { // a note may be the window's for the sake of who it names
		c.around[f.Patrols[i].Person] = true
	}
	for person := range c.around {
		for _, i := range r.rows[person] {
			f.Roster = append(f.Roster, r.facts.Roster[i])
		}
	}
	f.Policies, f.Calendars, f.Rulings = r.facts.Policies, r.facts.Calendars, r.facts.Rulings
	return f, nil
}

// maxRows bounds the roster rows that are remembered: those of a city.
const maxRows = 100_000

// rolls remembers halls.
type rolls struct {
	stamp store.Applied // up to which they hold
	halls map[hall.ID]*roll
	rows  int // of all of them
}

// of returns a hall's roll as a snapshot shows it. What was read up to another
// point of the log than the snapshot's is forgotten; forget and advance say what
// changed with it.
func (c *rolls) of(v *store.View, h hall.ID) (*roll, error) {
	if at := v.Applied(); c.halls == nil || at != c.stamp || c.rows > maxRows {
		c.stamp, c.halls, c.rows = at, map[hall.ID]*roll{}, 0
	}
	if r := c.halls[h]; r != nil {
		return r, nil
	}
	r, err := readRoll(v, h)
	if err != nil {
		return nil, err
	}
	c.halls[h] = r
	c.rows += len(r.facts.Roster)
	return r, nil
}

// advance moves the stamp over a batch that changes what it says it touches.
func (c *rolls) advance(from, to store.Applied, change *Change) {
	if c.stamp != from {
		return // it holds nothing for from, and of will see so
	}
	c.stamp = to
	for i := range change.Touches {
		if t := &change.Touches[i]; t.Broad || len(t.Ruled) > 0 {
			if r := c.halls[t.Hall]; r != nil {
				c.rows -= len(r.facts.Roster)
				delete(c.halls, t.Hall)
			}
		}
	}
}
