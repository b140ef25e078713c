package rules

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rollcall/hall"
)

// Book is a hall's facts made ready for judgement: rejected events are out,
// what replaces what is done, aliases are resolved. It is read-only but for its
// memory of days that were already computed, so one goroutine uses it at a
// time.
type Book struct {
	facts     *hall.Facts // without what rulings struck
	all       *hall.Facts // as given
	zone      *time.Location
	statutory hall.Calendar
	policies  []hall.PolicyEvent
	rows      map[hall.PersonID][]hall.Roster
	people    []hall.PersonID
	aliases   map[string][]claim
	rulings   map[string][]hall.Ruling

	punches     map[hall.PersonID][]*hall.Punch // by (time, uid)
	strangers   []*hall.Punch                   // of nobody who ever had a row
	leaves      map[hall.PersonID][]hall.Leave
	corrections map[hall.PersonID][]hall.Correction
	silence     *terminals // nil until somebody asks

	plans  map[planKey]*plan
	blocks map[blockKey]*block // of shapes
	recent *block              // the one asked last

	stretch stretch // of the session that is being judged
}

type claim struct {
	person hall.PersonID
	row    hall.Roster
}

// Open makes a book of facts. The statutory tables are the shipped ones; those
// of calendar events take their place.
func Open(facts *hall.Facts, statutory hall.Calendar) *Book {
	b := &Book{all: facts, statutory: maps.Clone(statutory), rulings: map[string][]hall.Ruling{},
		plans: map[planKey]*plan{}, blocks: map[blockKey]*block{}}
	if b.statutory == nil {
		b.statutory = hall.Calendar{}
	}
	for _, r := range facts.Rulings {
		b.rulings[r.On] = append(b.rulings[r.On], r)
	}
	for _, list := range b.rulings {
		slices.SortFunc(list, func(x, y hall.Ruling) int { return compareHeads(x.Head, y.Head) })
	}
	b.facts = facts.Without(func(uid hall.UID) bool { return b.decided(string(uid)).Strikes() })
	b.policies = b.facts.PolicyVersions()
	b.zone = time.UTC
	if len(b.policies) > 0 {
		b.zone = b.policies[0].Policy.Zone
	}
	maps.Copy(b.statutory, hall.NewCalendar(b.facts.CalendarYears()...))
	b.openRoster()
	b.openPersons()
	return b
}

func compareHeads(a, b hall.Head) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.UID, b.UID))
}

func (b *Book) openRoster() {
	b.rows = map[hall.PersonID][]hall.Roster{}
	b.aliases = map[string][]claim{}
	for _, row := range b.facts.RosterRows() {
		if len(b.rows[row.Person]) == 0 {
			b.people = append(b.people, row.Person)
		}
		b.rows[row.Person] = append(b.rows[row.Person], row)
		for _, alias := range row.Aliases {
			b.aliases[alias] = append(b.aliases[alias], claim{row.Person, row})
		}
	}
}

func (b *Book) openPersons() {
	b.punches = map[hall.PersonID][]*hall.Punch{}
	for i := range b.facts.Punches {
		p := &b.facts.Punches[i]
		person, ok := b.Resolve(p)
		if !ok {
			b.strangers = append(b.strangers, p)
			continue
		}
		b.punches[person] = append(b.punches[person], p)
	}
	for _, list := range b.punches {
		slices.SortFunc(list, func(x, y *hall.Punch) int { return compareHeads(x.Head, y.Head) })
	}
	b.leaves = map[hall.PersonID][]hall.Leave{}
	for _, l := range b.facts.Leaves {
		b.leaves[l.Person] = append(b.leaves[l.Person], l)
	}
	b.corrections = map[hall.PersonID][]hall.Correction{}
	for _, c := range b.facts.Corrections {
		b.corrections[c.Person] = append(b.corrections[c.Person], c)
	}
	for _, list := range b.corrections {
		slices.SortFunc(list, func(x, y hall.Correction) int { return compareHeads(x.Head, y.Head) })
	}
}

// Zone is that of the policy with the earliest effective date; UTC where the
// hall has none.
func (b *Book) Zone() *time.Location { return b.zone }

// Facts returns the facts without what rulings took away.
func (b *Book) Facts() *hall.Facts { return b.facts }

// Calendar returns the statutory tables that hold for the hall.
func (b *Book) Calendar() hall.Calendar { return b.statutory }

// Policies returns the versions that hold, by effective date.
func (b *Book) Policies() []hall.PolicyEvent { return b.policies }

// PolicyOn returns the version that governs d, nil before the first one.
func (b *Book) PolicyOn(d hall.Date) *hall.PolicyEvent {
	for i := len(b.policies) - 1; i >= 0; i-- {
		if b.policies[i].Policy.Effective <= d {
			return &b.policies[i]
		}
	}
	return nil
}

// PolicyFor returns the version by which a month is settled and listed: that of
// its last day.
func (b *Book) PolicyFor(m hall.Month) *hall.PolicyEvent { return b.PolicyOn(m.Last()) }

// People returns everybody with a roster row, sorted.
func (b *Book) People() []hall.PersonID { return b.people }

// Rows returns a person's rows by From; they do not overlap.
func (b *Book) Rows(person hall.PersonID) []hall.Roster { return b.rows[person] }

// RowOn returns a person's row on a date, nil where there is none.
func (b *Book) RowOn(person hall.PersonID, d hall.Date) *hall.Roster {
	rows := b.rows[person]
	for i := range rows {
		if rows[i].On(d) {
			return &rows[i]
		}
	}
	return nil
}

// Resolve says whose punch it is, by the rows of its date: first the terminal's
// own number, then the id of a person with a row on that date, then a number of
// any terminal. ok is false for a punch of nobody who ever had a row.
func (b *Book) Resolve(p *hall.Punch) (person hall.PersonID, ok bool) {
	date, _ := p.Time.In(b.zone)
	if person, ok := b.claimed(p.Terminal+":"+string(p.Person), date); ok {
		return person, true
	}
	if b.RowOn(p.Person, date) != nil {
		return p.Person, true
	}
	if person, ok := b.claimed(string(p.Person), date); ok {
		return person, true
	}
	return p.Person, len(b.rows[p.Person]) > 0
}

// claimed finds who goes by an alias on a date; of two claims the later row
// holds.
func (b *Book) claimed(alias string, d hall.Date) (hall.PersonID, bool) {
	var holder *claim
	claims := b.aliases[alias]
	for i := range claims {
		c := &claims[i]
		if c.row.On(d) && (holder == nil || holder.row.Before(c.row.Head)) {
			holder = c
		}
	}
	if holder == nil {
		return "", false
	}
	return holder.person, true
}

// Decisions returns the rulings on a uid or a violation id, by (time, uid).
func (b *Book) Decisions(on string) []hall.Ruling { return b.rulings[on] }

// decisive returns the ruling that holds on a uid or violation id, nil where there
// is none. An appeal decides nothing: what was decided before it holds.
func (b *Book) decisive(on string) *hall.Ruling {
	list := b.rulings[on]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].State != hall.Appealed {
			return &list[i]
		}
	}
	return nil
}

// decided is the state of the ruling that holds, "" where there is none.
func (b *Book) decided(on string) hall.State {
	if r := b.decisive(on); r != nil {
		return r.State
	}
	return ""
}

// Workday reports whether d is a workday of the hall under a policy that
// governs it; unknown says that the table of its year is missing.
func (b *Book) Workday(d hall.Date) (works, unknown bool) {
	v := b.PolicyOn(d)
	if v == nil {
		return false, false
	}
	return v.Policy.Works(nil, d, b.statutory)
}
