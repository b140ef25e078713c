package rules

// What terminals and inspectors saw becomes violations: one a subject, date,
// session and kind, or edge, with all its proofs.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// offence is what accuses: a verdict of a day, or a note.
type offence struct {
	kind    string
	minutes *int
	proofs  []hall.UID
	note    *note // nil = seen by terminals
	day     *Day  // the person's day, nil for a window
	edge    *Planned
}

// charge gathers the offences of one violation id.
type charge struct {
	id       string
	offences []offence
}

// charges keeps them by id.
type charges map[string]*charge

func (c charges) add(id string, o offence) {
	if c[id] == nil {
		c[id] = &charge{id: id}
	}
	c[id].offences = append(c[id].offences, o)
}

// addDay adds what the terminals saw. Absence of a session is its start's.
func (c charges) addDay(day *Day) {
	for i := range day.Planned {
		p := &day.Planned[i]
		if hall.Severity(p.Verdict) == 0 || p.Verdict == hall.Absence && p.Edge == hall.EdgeOut {
			continue
		}
		o := offence{kind: p.Verdict, minutes: p.Minutes(), day: day, edge: p}
		if p.Punch != nil {
			o.proofs = []hall.UID{p.Punch.UID()}
		}
		c.add(hall.ViolationID(day.Date, p.Session, p.Edge, string(day.Person)), o)
	}
}

// addNote adds what an inspector saw.
func (c charges) addNote(n *note, day *Day) {
	c.add(n.id(), offence{kind: n.patrol.Kind, proofs: []hall.UID{n.patrol.UID}, note: n, day: day})
}

// line makes the violation of a charge: the severest offence with all proofs.
func (b *Book) line(c *charge) Line {
	worst := &c.offences[0]
	for i := range c.offences {
		o := &c.offences[i]
		if d := cmp.Compare(hall.Severity(o.kind), hall.Severity(worst.kind)); d > 0 || d == 0 && worst.note != nil && o.note == nil {
			worst = o
		}
	}
	l := Line{Violation: hall.Violation{ID: c.id, Kind: worst.kind, Minutes: worst.minutes, Marks: []string{}, Proofs: []hall.UID{}}, Rule: worst.kind}
	for i := range c.offences {
		o := &c.offences[i]
		l.Proofs = append(l.Proofs, o.proofs...)
		if o.note != nil && o.note.marked {
			l.mark(hall.MarkContradicted)
		}
	}
	slices.Sort(l.Proofs)
	l.Proofs = slices.Compact(l.Proofs)
	b.fill(&l, worst, c)
	b.price(&l)
	b.stateOf(&l)
	b.baseBasis(&l, c)
	return l
}

// fill says whose violation it is.
func (b *Book) fill(l *Line, worst *offence, c *charge) {
	if n := worst.note; n != nil {
		l.Date, l.Session, l.Window, l.StandIn = n.date, hall.Name(n.session), n.window, n.standIn
		l.Policy, l.order = n.policy, n.order
		if n.person != "" {
			l.Person = new(n.person)
			l.StandIn = false
		}
		for i := range c.offences {
			if m := c.offences[i].note; m != nil && m.patrol.Kind == worst.kind {
				l.Unnamed = max(l.Unnamed, m.unnamed)
			}
		}
		return
	}
	l.Date, l.Session, l.Window = worst.day.Date, hall.Name(worst.edge.Session), worst.day.Row.Window
	l.Person, l.Policy, l.order = new(worst.day.Person), worst.day.Policy, worst.edge.At
}

// price takes the points from the policy of the day: of punctuality where it has
// the kind, else of discipline. Unnamed people pay each.
func (b *Book) price(l *Line) {
	policy := l.Policy.Policy
	kind := policy.DisciplineKind(l.Kind)
	if o := policy.Punctuality.Offence(l.Kind); o != nil {
		l.Points = o.Cost(l.Minutes)
	} else if kind != nil {
		l.Points = kind.Points
	}
	l.breaks = hall.Severity(l.Kind) > 0
	if kind != nil {
		l.breaks = l.breaks || kind.BreaksFullAttendance
		if kind.Veto {
			l.veto = kind.VetoFor
		}
	}
	l.Points = l.Points.Each(int64(max(1, l.Unnamed)))
	l.Base = l.Points
}

// stateOf sets state: that of the ruling on the id, else of the latest on a
// remaining proof, else reported.
func (b *Book) stateOf(l *Line) {
	l.State = hall.Reported
	if list := b.rulings[l.ID]; len(list) > 0 {
		l.State = list[len(list)-1].State
	} else if last := b.lastOnProofs(l); last != nil {
		l.State = last.State
	}
	if b.appealed(l.ID) || slices.ContainsFunc(l.Proofs, func(proof hall.UID) bool { return b.appealed(string(proof)) }) {
		l.mark(hall.MarkAppealed)
	}
}

// appealed reports whether the last ruling on a uid or violation id is an appeal.
func (b *Book) appealed(on string) bool {
	list := b.rulings[on]
	return len(list) > 0 && list[len(list)-1].State == hall.Appealed
}

func (b *Book) lastOnProofs(l *Line) *hall.Ruling {
	var last *hall.Ruling
	for _, proof := range l.Proofs {
		list := b.rulings[string(proof)]
		if len(list) > 0 && (last == nil || last.Before(list[len(list)-1].Head)) {
			last = &list[len(list)-1]
		}
	}
	return last
}

func (l *Line) mark(mark string) {
	if i, found := slices.BinarySearch(l.Marks, mark); !found {
		l.Marks = slices.Insert(l.Marks, i, mark)
	}
}

// baseBasis gathers what bears on the line as a charge of its day.
func (b *Book) baseBasis(l *Line, c *charge) {
	l.Basis = append(l.Basis, l.Proofs...)
	for _, r := range b.rulings[l.ID] {
		l.Basis = append(l.Basis, r.UID)
	}
	for i := range c.offences {
		o := &c.offences[i]
		if o.note != nil {
			l.Basis = append(l.Basis, o.note.against...)
			l.addRows(b.Rows(o.note.patrol.Person))
		}
		if o.day != nil {
			l.addRows(b.Rows(o.day.Person))
			l.addSession(b, o.day, string(l.Session))
		}
	}
	for _, proof := range l.Proofs {
		for _, r := range b.rulings[string(proof)] {
			l.Basis = append(l.Basis, r.UID)
		}
	}
	for i := range b.policies {
		l.Basis = append(l.Basis, b.policies[i].UID)
	}
	for _, year := range b.facts.Calendars {
		l.Basis = append(l.Basis, year.UID)
	}
	l.tidyBasis()
}

func (l *Line) addRows(rows []hall.Roster) {
	for i := range rows {
		l.Basis = append(l.Basis, rows[i].UID)
	}
}

// addSession adds the punches, leave, excuses, rulings and witnesses of a session.
func (l *Line) addSession(b *Book, day *Day, session string) {
	for _, edge := range []string{hall.EdgeIn, hall.EdgeOut} {
		for _, r := range b.rulings[hall.ViolationID(day.Date, session, edge, string(day.Person))] {
			l.Basis = append(l.Basis, r.UID)
		}
	}
	for i := range day.Planned {
		p := &day.Planned[i]
		if p.Session != session {
			continue
		}
		for _, seen := range p.Seen {
			l.Basis = append(l.Basis, seen.UID())
		}
		l.Basis = append(l.Basis, p.Covers()...)
		l.addWitnesses(b, p.Witnesses())
	}
	for i := range day.Leaves {
		l.Basis = append(l.Basis, day.Leaves[i].UID)
	}
}

// addWitnesses adds events by which terminals were heard, with the rows of those
// who punched there.
func (l *Line) addWitnesses(b *Book, uids []hall.UID) {
	if len(uids) == 0 {
		return
	}
	l.Basis = append(l.Basis, uids...)
	for i := range b.facts.Punches {
		p := &b.facts.Punches[i]
		if !slices.Contains(uids, p.UID) {
			continue
		}
		if person, ok := b.Resolve(p); ok {
			l.addRows(b.Rows(person))
		}
	}
}

func (l *Line) tidyBasis() {
	slices.Sort(l.Basis)
	l.Basis = slices.Compact(l.Basis)
}
