package rules

import (
	"cmp"
	"fmt"
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
	words     *hall.Facts // what terminals have said: facts, unless another book is heard
	zone      *time.Location
	statutory hall.Calendar
	policies  []hall.PolicyEvent
	rulings   map[string][]hall.Ruling
	aliases   map[string][]claim

	pages     map[hall.PersonID]*page
	roster    []*page                  // of everybody with a row, sorted
	people    []hall.PersonID          // the same
	strangers []*hall.Punch            // of nobody who ever had a row
	silence   *terminals               // nil until somebody asks
	shown     map[string]*hall.Instant // latest punch of each terminal that speaks for it

	groups map[string]*group
	group  *group // the one asked last

	stretch stretch // of the session that is being judged
	reach   reach   // of the date of which a moment was placed last
	days    slab[Day]
	planned slab[Planned]
	seen    slab[Seen]
}

type claim struct {
	person hall.PersonID
	row    *hall.Roster
}

// Open makes a book of facts. The statutory tables are the shipped ones; those
// of calendar events take their place.
func Open(facts *hall.Facts, statutory hall.Calendar) *Book {
	b := &Book{all: facts, statutory: maps.Clone(statutory), rulings: map[string][]hall.Ruling{}, groups: map[string]*group{}}
	if b.statutory == nil {
		b.statutory = hall.Calendar{}
	}
	for _, r := range facts.Rulings {
		b.rulings[r.On] = append(b.rulings[r.On], r)
	}
	for _, list := range b.rulings {
		slices.SortFunc(list, func(x, y hall.Ruling) int { return compareHeads(x.Head, y.Head) })
	}
	b.strike()
	b.words = b.facts
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
	if a.Time != b.Time {
		return cmp.Compare(a.Time, b.Time)
	}
	return cmp.Compare(a.UID, b.UID)
}

// strike leaves out the facts that rulings took away.
func (b *Book) strike() {
	struck := map[hall.UID]bool{}
	for on := range b.rulings {
		if b.decided(on).Strikes() {
			struck[hall.UID(on)] = true
		}
	}
	b.facts = b.all
	if len(struck) > 0 {
		b.facts = b.all.Without(func(uid hall.UID) bool { return struck[uid] })
	}
}

func (b *Book) openRoster() {
	rows := b.facts.RosterRows()
	b.pages = make(map[hall.PersonID]*page, len(rows))
	b.aliases = map[string][]claim{}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Person == rows[0].Person {
			n++
		}
		p := b.pageOf(rows[0].Person)
		p.rows, rows = rows[:n:n], rows[n:]
		b.roster = append(b.roster, p)
		b.people = append(b.people, p.person)
		for i := range p.rows {
			for _, alias := range p.rows[i].Aliases {
				b.aliases[alias] = append(b.aliases[alias], claim{p.person, &p.rows[i]})
			}
		}
	}
}

func (b *Book) openPersons() {
	b.openPunches()
	for _, l := range b.facts.Leaves {
		p := b.pageOf(l.Person)
		p.leaves = append(p.leaves, l)
	}
	for _, c := range b.facts.Corrections {
		p := b.pageOf(c.Person)
		p.corrections = append(p.corrections, c)
	}
	for _, p := range b.pages {
		slices.SortFunc(p.corrections, func(x, y hall.Correction) int { return compareHeads(x.Head, y.Head) })
	}
}

// openPunches gives everybody their punches. Whose they are is mostly what it was
// when the same name was sent last.
func (b *Book) openPunches() {
	type sender struct {
		terminal string
		date     hall.Date
		page     *page         // nil: a stranger's
		shown    *hall.Instant // by the terminal
	}
	b.shown = map[string]*hall.Instant{}
	senders := make(map[hall.PersonID]*sender, len(b.roster))
	usual := len(b.facts.Punches)/max(1, len(b.roster)) + 8
	wall := hall.NewWallClock(b.zone)
	for i := range b.facts.Punches {
		punch := &b.facts.Punches[i]
		date, clock := wall.Read(punch.Time)
		s := senders[punch.Person]
		if s == nil {
			s = &sender{}
			senders[punch.Person] = s
		}
		if s.date != date || s.terminal != punch.Terminal {
			*s = sender{terminal: punch.Terminal, date: date, shown: b.shownBy(punch.Terminal)}
			if person, known := b.resolve(punch, date); known {
				s.page = b.pageOf(person)
			}
		}
		if punch.SpeaksForTerminal() {
			*s.shown = max(*s.shown, punch.Time)
		}
		if s.page == nil {
			b.strangers = append(b.strangers, punch)
			continue
		}
		if s.page.punches == nil {
			s.page.punches = make([]dated, 0, usual)
		}
		s.page.punches = append(s.page.punches, dated{punch, date, clock})
	}
	for _, p := range b.roster {
		slices.SortFunc(p.punches, func(x, y dated) int {
			return cmp.Or(cmp.Compare(x.date, y.date), compareHeads(x.Head, y.Head))
		})
	}
}

func (b *Book) shownBy(terminal string) *hall.Instant {
	at := b.shown[terminal]
	if at == nil {
		at = new(hall.Instant)
		b.shown[terminal] = at
	}
	return at
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

// NoPolicy says of a time that ends on a date and that no version governs which
// versions there are, and what to do. It wraps hall.ErrNotFound.
func (b *Book) NoPolicy(what string, last hall.Date) error {
	if len(b.policies) == 0 {
		return fmt.Errorf("no policy governs %s: %w: the hall has none; apply one that is effective on or before %s", what, hall.ErrNotFound, last)
	}
	return fmt.Errorf("no policy governs %s: %w: the first one is effective on %s; ask for a time from then on, or apply one that is effective on or before %s",
		what, hall.ErrNotFound, b.policies[0].Policy.Effective, last)
}

// People returns everybody with a roster row, sorted.
func (b *Book) People() []hall.PersonID { return b.people }

// Rows returns a person's rows by From; they do not overlap.
func (b *Book) Rows(person hall.PersonID) []hall.Roster {
	if p := b.pages[person]; p != nil {
		return p.rows
	}
	return nil
}

// RowOn returns a person's row on a date, nil where there is none.
func (b *Book) RowOn(person hall.PersonID, d hall.Date) *hall.Roster {
	return b.pages[person].rowOn(d)
}

// Resolve says whose punch it is, by the rows of its date: first the terminal's
// own number, then the id of a person with a row on that date, then a number of
// any terminal. ok is false for a punch of nobody who ever had a row.
func (b *Book) Resolve(p *hall.Punch) (person hall.PersonID, ok bool) {
	date, _ := p.Time.In(b.zone)
	return b.resolve(p, date)
}

// resolve is Resolve for the date on which the punch was made.
func (b *Book) resolve(p *hall.Punch, date hall.Date) (person hall.PersonID, ok bool) {
	if person, ok := b.claimed(p.Terminal+":"+string(p.Person), date); ok {
		return person, true
	}
	if b.RowOn(p.Person, date) != nil {
		return p.Person, true
	}
	if person, ok := b.claimed(string(p.Person), date); ok {
		return person, true
	}
	return p.Person, len(b.Rows(p.Person)) > 0
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

// replaced reports whether a later ruling speaks of the same thing.
func (b *Book) replaced(r *hall.Ruling) bool {
	list := b.rulings[r.On]
	return list[len(list)-1].UID != r.UID
}

// Decisive returns the ruling that holds on a uid or violation id, nil where there
// is none. An appeal decides nothing: what was decided before it holds.
func (b *Book) Decisive(on string) *hall.Ruling {
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
	if r := b.Decisive(on); r != nil {
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
