package naivetest

// The hall of a set of facts: its policies by day, its calendar, timetables and people (contract 2, 4, 5.1, 5.2).

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

type hall struct {
	id       string
	facts    *facts
	policies []*policy // by effective date
	zone     *time.Location
	tables   map[int]map[string]bool
	rows     []*row            // by person, then from
	marks    map[string][]mark // punches by person, aliases resolved
}

// row is a person's place from a date on; until is cut by the person's next row.
type row struct {
	event         *event
	person, name  string
	window, class string
	group         string
	from, until   date
	chief         bool
	aliases       []string
}

// mark is a punch or a correction: something at a time.
type mark struct {
	uid       string
	wall      int64
	corrected bool
}

func newHall(files []map[string]any, f *facts, statutory map[int]map[string]bool) (*hall, error) {
	h := &hall{facts: f, tables: map[int]map[string]bool{}}
	maps.Copy(h.tables, statutory)
	if err := h.readPolicies(files); err != nil {
		return nil, err
	}
	h.readCalendars()
	h.readRoster()
	h.readPunches()
	return h, nil
}

// readPolicies: policy (effective), the later made wins; files count as made before every event.
// The zone is that of the policy with the earliest effective date (contract 3).
func (h *hall) readPolicies(files []map[string]any) error {
	byDate := map[date]*policy{}
	for i, doc := range files {
		p, ok := readPolicy(doc)
		if !ok {
			return fmt.Errorf("policy file %d: not readable", i+1)
		}
		p.file = i
		byDate[p.effective] = p
		h.id = p.hall
	}
	for _, e := range h.facts.live("policy") {
		p, _ := readPolicy(e.body["policy"].(map[string]any))
		p.madeBy = e
		if old := byDate[p.effective]; old == nil || old.madeBy == nil || later(e, old.madeBy) {
			byDate[p.effective] = p
		}
	}
	for _, p := range byDate {
		h.policies = append(h.policies, p)
	}
	if len(h.policies) == 0 {
		return errors.New("no policy")
	}
	slices.SortFunc(h.policies, func(a, b *policy) int { return cmp.Compare(a.effective, b.effective) })
	zone, err := time.LoadLocation(h.policies[0].zone)
	h.zone = zone
	return err
}

// policyOn gives the version that governs a day; nil before the first: such days are not judged.
func (h *hall) policyOn(d date) *policy {
	var governs *policy
	for _, p := range h.policies {
		if p.effective <= d {
			governs = p
		}
	}
	return governs
}

// readCalendars: a calendar event takes the place of the year's table.
func (h *hall) readCalendars() {
	year := func(e *event) string { return fmt.Sprint(count(e.body, "year")) }
	for _, e := range winners(h.facts.live("calendar"), year) {
		table := map[string]bool{}
		days, _ := e.body["days"].([]any)
		for _, day := range days {
			m := day.(map[string]any)
			table[text(m, "date")] = m["off"].(bool)
		}
		h.tables[int(count(e.body, "year"))] = table
	}
}

// statutoryOff looks a day up in its own year's table, then in the next year's. said is false when neither speaks of it.
func (h *hall) statutoryOff(p *policy, d date) (off, said bool) {
	if !p.statutory {
		return false, false
	}
	year := d.time().Year()
	if off, said = h.tables[year][d.String()]; said {
		return off, said
	}
	off, said = h.tables[year+1][d.String()]
	return off, said
}

// works says whether a group's timetable works on a day; group "" asks for the hall.
// open beats closed, both beat the table; a group's works takes the place of weekend and make-up days (contract 5.1).
func (h *hall) works(group string, d date) bool {
	p := h.policyOn(d)
	if p == nil {
		return false
	}
	if p.open[d] {
		return true
	}
	if p.closed[d] {
		return false
	}
	off, said := h.statutoryOff(p, d)
	if said && off {
		return false
	}
	if t := h.timetableOn(group, d); t != nil && t.works != nil {
		return t.works[d.weekday()]
	}
	if said {
		return true // a make-up day
	}
	return !p.weekend[d.weekday()]
}

// timetableOn: that of the group, else the hall's, the one whose month-day began last.
func (h *hall) timetableOn(group string, d date) *timetable {
	p := h.policyOn(d)
	if p == nil {
		return nil
	}
	if t := latestTimetable(p, group, d); t != nil {
		return t
	}
	return latestTimetable(p, "", d)
}

func latestTimetable(p *policy, group string, d date) *timetable {
	var begun, last *timetable
	for i := range p.timetables {
		t := &p.timetables[i]
		if t.group != group {
			continue
		}
		if t.from <= d.monthDay() && (begun == nil || t.from > begun.from) {
			begun = t
		}
		if last == nil || t.from > last.from {
			last = t
		}
	}
	if begun != nil {
		return begun
	}
	return last // the one that began last year
}

// sessionsOn gives the sessions of a group's day by start, in wall time.
func (h *hall) sessionsOn(group string, d date) []session {
	t := h.timetableOn(group, d)
	if t == nil {
		return nil
	}
	list, special := t.weekdays[d.weekday()]
	if !special {
		list = t.sessions
	}
	out := slices.Clone(list)
	for i := range out {
		out[i].start += d.start()
		out[i].end += d.start()
		out[i].in, out[i].out = shifted(out[i].in, d), shifted(out[i].out, d)
	}
	slices.SortStableFunc(out, func(a, b session) int { return cmp.Compare(a.start, b.start) })
	return out
}

func shifted(b *band, d date) *band {
	if b == nil {
		return nil
	}
	return &band{b.from + d.start(), b.until + d.start()}
}

// readRoster: roster (person, from); a row ends the day before the person's next from (contract 2).
func (h *hall) readRoster() {
	key := func(e *event) string { return text(e.body, "person") + " " + text(e.body, "from") }
	for _, e := range winners(h.facts.live("roster"), key) {
		r := &row{event: e, person: text(e.body, "person"), name: text(e.body, "name"), window: text(e.body, "window"),
			class: text(e.body, "class"), group: text(e.body, "group"), aliases: texts(e.body, "aliases"),
			chief: slices.Contains(texts(e.body, "roles"), "chief_rep")}
		r.from, _ = parseDate(text(e.body, "from"))
		var ok bool
		if r.until, ok = parseDate(text(e.body, "until")); !ok {
			r.until = 1 << 40
		}
		h.rows = append(h.rows, r)
	}
	slices.SortFunc(h.rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.from, b.from))
	})
	for i, r := range h.rows[:max(0, len(h.rows)-1)] {
		if next := h.rows[i+1]; next.person == r.person {
			r.until = min(r.until, next.from-1)
		}
	}
}

func (h *hall) people() []string {
	var out []string
	for _, r := range h.rows {
		if !slices.Contains(out, r.person) {
			out = append(out, r.person)
		}
	}
	return out
}

func (h *hall) hasRow(person string) bool { return slices.Contains(h.people(), person) }

// rowOn is a person's place on a day; nil when not on the roster.
func (h *hall) rowOn(person string, d date) *row {
	for _, r := range h.rows {
		if r.person == person && r.from <= d && d <= r.until {
			return r
		}
	}
	return nil
}

// groupOn is a person's attendance group on a day; "" for none and for nobody.
func (h *hall) groupOn(person string, d date) string {
	if r := h.rowOn(person, d); r != nil {
		return r.group
	}
	return ""
}

// due: the calendar, the roster row of the day, a class that punches (contract 5.1).
func (h *hall) due(person string, d date) bool {
	r := h.rowOn(person, d)
	return r != nil && h.works(r.group, d) && h.policyOn(d).classes[r.class].punches
}

// readPunches resolves the aliases of every punch by the rows of its own date.
func (h *hall) readPunches() {
	h.marks = map[string][]mark{}
	for _, e := range h.facts.live("punch") {
		m := mark{uid: e.uid, wall: wallOf(e.time, h.zone)}
		person := h.personOf(e)
		h.marks[person] = append(h.marks[person], m)
	}
}

// personOf: first the terminal's own number, then the id of a person with a row on that date, then a
// number of any terminal; of two claims the later row holds (contract 2).
func (h *hall) personOf(punch *event) string {
	id, d := text(punch.body, "person"), dateOf(wallOf(punch.time, h.zone))
	if r := h.claims(terminalOf(punch)+":"+id, d); r != nil {
		return r.person
	}
	if h.rowOn(id, d) != nil {
		return id
	}
	if r := h.claims(id, d); r != nil && !strings.Contains(id, ":") {
		return r.person
	}
	return id
}

func (h *hall) claims(alias string, d date) *row {
	var best *row
	for _, r := range h.rows {
		if r.from <= d && d <= r.until && slices.Contains(r.aliases, alias) && (best == nil || later(r.event, best.event)) {
			best = r
		}
	}
	return best
}

// terminalOf is the punch's terminal, by default its source.
func terminalOf(punch *event) string {
	if t := text(punch.body, "terminal"); t != "" {
		return t
	}
	return punch.source
}
