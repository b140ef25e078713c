package report

// Which events changed a line: each is taken away again, and what then differs was
// changed by it.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/store"
)

// Difference is how a month differs from an issue, line by line with what changed
// each.
type Difference struct {
	Hall  hall.ID    `json:"hall"`
	Name  string     `json:"name"`
	Month hall.Month `json:"month"`
	Since int        `json:"since"` // the issue that is compared with
	Issue *int       `json:"issue"` // the later one, null = the month as it is now
	AsOf  string     `json:"as_of"`
	// Changes are in the order of the difference list.
	Changes []Explained `json:"changes"`
	// Complete says that every cause was looked for; else some have none.
	Complete bool `json:"complete"`
}

// Explained is a changed line and what changed it.
type Explained struct {
	hall.Change
	// Causes are what the line would not be as it is without, by uid. Null where
	// nobody looked.
	Causes []Cause `json:"causes"`
	// Together says that none of them changed the line alone: without all of them it
	// would be another.
	Together bool `json:"together"`
}

// The causes that are no single event.
const (
	CauseTime      = "time"      // bands have closed since
	CauseTerminals = "terminals" // terminals have been heard since, and are waited for no longer
	CauseLog       = "log"       // a message that is no event of its own: a dead letter, another body of a uid
	CauseOrder     = "order"     // the line says what it said; others of its list have come, gone or changed
	CauseProgram   = "program"   // the same events give another line: the program or the log is another, or a heartbeat came late
)

// Cause is what changed a line.
type Cause struct {
	Kind string    `json:"kind"` // of the event, or time, terminals, program
	UID  hall.Name `json:"uid"`
	Text string    `json:"text"` // Chinese
}

// Differ says what changed a month since an issue: since the last one the month as
// of the question, or with a number since the issue before it that issue. The error
// wraps hall.ErrNotFound where there is no issue to compare with.
func Differ(v *store.View, statutory hall.Calendar, q Question, number int) (*Difference, error) {
	list, _, err := Issues(v, q.Hall, q.Month)
	if err != nil {
		return nil, err
	}
	at := len(list) - 1
	if number > 0 {
		at = slices.IndexFunc(list, func(i Issued) bool { return i.Number == number }) - 1
	}
	switch {
	case at == -2:
		return nil, noIssue(q.Month, number, list)
	case at < 0:
		return nil, fmt.Errorf("issue before issue %d of %s: %w: it is the first, and changed nothing", number, q.Month, hall.ErrNotFound)
	case list[at].result == nil:
		_, err := list[at].Report()
		return nil, err
	}
	q.Lists = nil
	if number == 0 {
		c, err := open(v, statutory, q)
		if err != nil {
			return nil, err
		}
		return c.explain(&list[at], statutory, nil)
	}
	return differIssues(v, statutory, q, &list[at], &list[at+1])
}

// differIssues explains an issue from the events that it names.
func differIssues(v *store.View, statutory hall.Calendar, q Question, was, is *Issued) (*Difference, error) {
	if is.result == nil {
		_, err := is.Report()
		return nil, err
	}
	asOf, err := hall.ParseInstant(is.AsOf)
	if err != nil {
		return nil, err
	}
	q.AsOf = asOf
	f, err := facts(v, q.Hall, q.Month, q.AsOf)
	if err != nil {
		return nil, err
	}
	q.Carried = carriedInto(is.result)
	c, err := compile(asIssued(f, is.result, asOf), statutory, q, Log{Sequence: is.Sequence, Dead: is.result.Dead})
	if err != nil {
		return nil, err
	}
	return c.explain(was, statutory, is)
}

// explain compares the compiler's month with an issue. Of a later issue the lines
// are those that were issued.
func (c *compiler) explain(was *Issued, statutory hall.Calendar, later *Issued) (*Difference, error) {
	now := c.lists()
	d := &Difference{Hall: now.Hall, Name: now.Name, Month: now.Month, Since: was.Number, AsOf: now.AsOf, Complete: true}
	is := now
	if later != nil {
		d.Issue, is = new(later.Number), &later.result.Report
	} else {
		now.Warnings = c.warnings(c.sealing())
	}
	changes, err := Changes(&was.result.Report, is)
	if err != nil {
		return nil, err
	}
	asOf, err := hall.ParseInstant(was.result.AsOf)
	if err != nil {
		return nil, err
	}
	s := newSearch(c, statutory, was.result, asOf, changes)
	if err := s.run(); err != nil {
		return nil, err
	}
	d.Changes, d.Complete = s.explained(), s.complete
	return d, nil
}

// The bounds of a search: how often the month is settled anew, for a hall of a
// hundred, and at least.
const (
	mostSettled  = 64
	leastSettled = 8
)

// unit is what is taken away together: one event, or those of a day where a
// subject has very many.
type unit struct {
	subject string // a person, `@window`, or "" for everybody
	uids    []hall.UID
	causes  []Cause
	// Of a unit that is no event:
	asOf      hall.Instant // judge as of then
	terminals bool         // leave out what terminals said since

	blamed bool // it changed a line of its subject
}

// search finds the causes of changes.
type search struct {
	*compiler
	statutory hall.Calendar
	issue     *hall.Result
	asOf      hall.Instant // of the issue
	changes   []hall.Change
	subjects  map[hall.UID]string
	made      map[hall.UID]hall.Instant
	units     map[string][]*unit // by subject
	wanted    map[string]bool    // lists of the changes
	contested []Cause            // events of which another body has come
	now       lineSet
	left      int // how often the month may still be settled
	complete  bool
	causes    map[int][]Cause // by change
	together  map[int]bool
}

// lineSet are lines by list and what they are about.
type lineSet map[[2]string]string

func newSearch(c *compiler, statutory hall.Calendar, issue *hall.Result, asOf hall.Instant, changes []hall.Change) *search {
	s := &search{compiler: c, statutory: statutory, issue: issue, asOf: asOf, changes: changes, subjects: c.subjectsOfEvents(), made: c.madeOf(),
		units: map[string][]*unit{}, wanted: map[string]bool{}, complete: true, causes: map[int][]Cause{}, together: map[int]bool{}}
	s.left = min(mostSettled, max(leastSettled, mostSettled*100/max(1, len(c.book.People()))))
	for i := range changes {
		whole, _, _ := strings.Cut(changes[i].List, ".")
		s.wanted[whole] = true
	}
	return s
}

func (s *search) run() error {
	if len(s.changes) == 0 {
		return nil
	}
	if err := s.gather(); err != nil {
		return err
	}
	var err error
	if s.now, err = s.lines(nil); err != nil {
		return err
	}
	for _, step := range []func() error{s.themselves, s.bySubject, s.everybody, s.others, s.jointly} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// open are the changes without a cause.
func (s *search) open() []int {
	var list []int
	for i := range s.changes {
		if len(s.causes[i]) == 0 {
			list = append(list, i)
		}
	}
	return list
}

// mostUnits is how many units a subject has before the events of a day are one.
const mostUnits = 24

// gather finds what has come since the issue, by subject.
func (s *search) gather() error {
	had := had(s.issue)
	for _, c := range s.all.Conflicts {
		if !slices.ContainsFunc(s.issue.Conflicts, func(o hall.Conflict) bool { return o.UID == c.UID }) {
			delete(had.events, c.UID) // another body of it may count now
			s.contested = append(s.contested, Cause{Kind: CauseLog, UID: hall.Name(c.UID), Text: "同一编号又有不同内容"})
		}
	}
	fresh := map[string][]hall.UID{}
	noted := map[hall.UID]bool{}
	add := func(uid hall.UID) {
		if !noted[uid] {
			noted[uid] = true
			subject := s.subjects[uid]
			fresh[subject] = append(fresh[subject], uid)
		}
	}
	zone := zoneOf(s.issue.AsOf)
	heard := false
	for i := range s.all.Punches {
		p := &s.all.Punches[i]
		switch inMonth := s.month.Month.Contains(hall.DateIn(zone, p.Time.Time())); {
		case inMonth && !had.punch(p):
			add(p.UID)
		case !inMonth && !had.punch(p):
			heard = true
		}
	}
	for _, uid := range s.events() {
		if !had.events[uid] {
			add(uid)
		}
	}
	for i := range s.all.Terminals {
		heard = heard || s.all.Terminals[i].Time > s.asOf
	}
	for subject, uids := range fresh {
		slices.Sort(uids)
		s.units[subject] = s.unitsOf(subject, uids)
	}
	if s.question.AsOf != s.asOf {
		s.units[""] = append(s.units[""], &unit{asOf: s.asOf, causes: []Cause{{Kind: CauseTime, Text: "时间推移，打卡时段已结束"}}})
	}
	if heard {
		s.units[""] = append(s.units[""], &unit{terminals: true, causes: []Cause{{Kind: CauseTerminals, Text: "考勤机此后有了数据或状态"}}})
	}
	return nil
}

// unitsOf makes a unit of each event, or of those of one day or kind.
func (s *search) unitsOf(subject string, uids []hall.UID) []*unit {
	key := func(uid hall.UID) string { return string(uid) }
	if len(uids) > mostUnits {
		key = func(uid hall.UID) string {
			if subject == "" {
				return string(uid.Kind())
			}
			return s.dateOf(s.made[uid]).String()
		}
	}
	byKey := map[string]*unit{}
	for _, uid := range uids {
		k := key(uid)
		if uid.Kind() == hall.KindSeal {
			k = string(hall.KindSeal) // the parts of issues
		}
		u := byKey[k]
		if u == nil {
			u = &unit{subject: subject}
			byKey[k] = u
		}
		u.uids = append(u.uids, uid)
		u.causes = append(u.causes, s.cause(uid))
	}
	list := make([]*unit, 0, len(byKey))
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		list = append(list, byKey[k])
	}
	return list
}

// cause describes an event.
func (s *search) cause(uid hall.UID) Cause {
	title := string(uid.Kind())
	for _, k := range hall.Kinds {
		if k.Kind == uid.Kind() {
			title = k.Zh
		}
	}
	return Cause{Kind: string(uid.Kind()), UID: hall.Name(uid), Text: title + "，" + clockTitle(s.rfc3339(s.made[uid]))}
}

// madeOf is when each event was made.
func (c *compiler) madeOf() map[hall.UID]hall.Instant {
	made := map[hall.UID]hall.Instant{}
	note := func(h hall.Head) { made[h.UID] = h.Time }
	f := c.all
	each(f.Punches, func(e *hall.Punch) { note(e.Head) })
	each(f.Patrols, func(e *hall.Patrol) { note(e.Head) })
	each(f.Leaves, func(e *hall.Leave) { note(e.Head) })
	each(f.StandIns, func(e *hall.StandIn) { note(e.Head) })
	each(f.Corrections, func(e *hall.Correction) { note(e.Head) })
	each(f.Excuses, func(e *hall.Excuse) { note(e.Head) })
	each(f.Rulings, func(e *hall.Ruling) { note(e.Head) })
	each(f.Bonuses, func(e *hall.Bonus) { note(e.Head) })
	each(f.Cases, func(e *hall.Cases) { note(e.Head) })
	each(f.Figures, func(e *hall.Figure) { note(e.Head) })
	each(f.Texts, func(e *hall.Text) { note(e.Head) })
	each(f.Awards, func(e *hall.Award) { note(e.Head) })
	each(f.Roster, func(e *hall.Roster) { note(e.Head) })
	each(f.Policies, func(e *hall.PolicyEvent) { note(e.Head) })
	each(f.Calendars, func(e *hall.CalendarYear) { note(e.Head) })
	each(f.Seals, func(e *hall.Seal) { note(e.Head) })
	return made
}

// themselves are lines about an event that has come: the line of a punch, a note.
func (s *search) themselves() error {
	fresh := map[string]Cause{}
	for _, units := range s.units {
		for _, u := range units {
			for _, c := range u.causes {
				fresh[string(c.UID)] = c
			}
		}
	}
	for i := range s.changes {
		c := &s.changes[i]
		about, _, _ := strings.Cut(c.Line, "#") // the second punch of a uid
		cause, ok := fresh[about]
		switch {
		case c.List == "dead":
			cause, ok = Cause{Kind: CauseLog, Text: "第" + c.Line + "条消息无法识别"}, true
		case c.From != nil && c.To != nil && c.Value == nil:
			cause, ok = Cause{Kind: CauseOrder, Text: "随同一名单的其他行移动"}, true
		case c.List == "conflicts":
			cause, ok = Cause{Kind: CauseLog, UID: hall.Name(c.Line), Text: "同一编号又有不同内容"}, true
		}
		if ok && c.Line != "" {
			s.blame(i, []Cause{cause}, false)
		}
	}
	return nil
}

// bySubject takes one unit of each subject away at a time, all subjects at once:
// what a subject's own lines say, but for ranks, depends on nobody else's events.
func (s *search) bySubject() error {
	var subjects []string
	rounds := 0
	for subject, units := range s.units {
		if subject != "" && s.changedLines(subject) {
			subjects = append(subjects, subject)
			rounds = max(rounds, len(units))
		}
	}
	for round := range rounds {
		taken := map[string]*unit{}
		var away []*unit
		for _, subject := range subjects {
			if units := s.units[subject]; round < len(units) {
				taken[subject] = units[round]
				away = append(away, units[round])
			}
		}
		without, ok, err := s.without(away)
		if err != nil || !ok {
			return err
		}
		for i := range s.changes {
			if u := taken[s.subjectOfLine(&s.changes[i])]; u != nil && s.differs(i, without, true) {
				u.blamed = true
				s.blame(i, u.causes, len(u.causes) > 1)
			}
		}
	}
	return nil
}

func (s *search) changedLines(subject string) bool {
	return slices.ContainsFunc(s.changes, func(c hall.Change) bool { return s.subjectOfLine(&c) == subject })
}

// everybody takes away, one after the other, what is about nobody alone.
func (s *search) everybody() error {
	for _, u := range s.units[""] {
		without, ok, err := s.without([]*unit{u})
		if err != nil || !ok {
			return err
		}
		for i := range s.changes {
			if s.differs(i, without, false) {
				s.blame(i, u.causes, len(u.causes) > 1)
			}
		}
	}
	return nil
}

// others explains what is left, ranks and windows above all, by the subjects whose
// events changed it, all events of one subject at a time.
func (s *search) others() error {
	var left []int
	for i := range s.changes {
		if len(s.causes[i]) == 0 || s.subjectOfLine(&s.changes[i]) == "" && !s.isItself(i) {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return nil
	}
	for _, subject := range slices.Sorted(maps.Keys(s.units)) {
		if subject == "" {
			continue
		}
		units := s.units[subject]
		without, ok, err := s.without(units)
		if err != nil || !ok {
			return err
		}
		causes := causesOf(blamed(units))
		for _, i := range left {
			if s.differs(i, without, false) {
				s.blame(i, causes, len(causes) > 1)
			}
		}
	}
	return nil
}

// isItself reports whether a line is about an event that has come.
func (s *search) isItself(change int) bool {
	return len(s.causes[change]) == 1 && string(s.causes[change][0].UID) == s.changes[change].Line
}

// blamed are the units of a subject that changed some line of it; all where none
// did by itself.
func blamed(units []*unit) []*unit {
	var list []*unit
	for _, u := range units {
		if u.blamed {
			list = append(list, u)
		}
	}
	if len(list) == 0 {
		return units
	}
	return list
}

func causesOf(units []*unit) []Cause {
	var causes []Cause
	for _, u := range units {
		causes = append(causes, u.causes...)
	}
	return causes
}

// jointly takes everything away: lines that then differ were changed by several
// together, the others by something that is no event.
func (s *search) jointly() error {
	left := s.open()
	if len(left) == 0 {
		return nil
	}
	var all []*unit
	for _, subject := range slices.Sorted(maps.Keys(s.units)) {
		all = append(all, s.units[subject]...)
	}
	without, ok, err := s.without(all)
	if err != nil || !ok {
		return err
	}
	for _, i := range left {
		switch {
		case s.differs(i, without, false):
			s.blame(i, causesOf(all), true)
		case len(s.contested) > 0: // what they said before is not to be had
			s.blame(i, s.contested, true)
		default:
			s.blame(i, []Cause{{Kind: CauseProgram, Text: "事件相同而结果不同：程序版本或日志不同，或考勤机状态迟到"}}, false)
		}
	}
	return nil
}

func (s *search) blame(change int, causes []Cause, together bool) {
	s.together[change] = together && len(s.causes[change]) == 0
	for _, c := range causes {
		if !slices.Contains(s.causes[change], c) {
			s.causes[change] = append(s.causes[change], c)
		}
	}
}

// differs reports whether a changed line is another without something, or, of what
// a person owes to nobody else, anything but the rank.
func (s *search) differs(change int, without lineSet, own bool) bool {
	c := &s.changes[change]
	key := [2]string{c.List, c.Line}
	if own && (c.List == "staff" || c.List == "sheet") {
		key[0] += ownLine
	}
	return s.now[key] != without[key]
}

// ownLine is behind the list of a person's line without the rank.
const ownLine = " own"

// addOwn adds the lines of people without what others decide.
func (set lineSet) addOwn(r *hall.Report) error {
	for i := range r.Staff {
		own := r.Staff[i]
		own.Rank, own.Tied = nil, nil
		if err := set.addLine("staff", string(own.Person), own); err != nil {
			return err
		}
	}
	for i := range r.Sheet {
		own := r.Sheet[i]
		own.Rank = nil
		if err := set.addLine("sheet", string(own.Person), own); err != nil {
			return err
		}
	}
	return nil
}

func (set lineSet) addLine(list, line string, value any) error {
	text, err := json.Marshal(value)
	set[[2]string{list + ownLine, line}] = string(text)
	return err
}

// without settles the month without units; ok is false where that was done often
// enough.
func (s *search) without(units []*unit) (set lineSet, ok bool, err error) {
	if s.left == 0 {
		s.complete = false
		return nil, false, nil
	}
	s.left--
	set, err = s.lines(units)
	return set, err == nil, err
}

// lines settles the month without units and returns its lines in the lists that
// changed.
func (s *search) lines(units []*unit) (lineSet, error) {
	q, f := s.question, s.all
	away := map[hall.UID]bool{}
	for _, u := range units {
		for _, uid := range u.uids {
			away[uid] = true
		}
		if u.asOf != 0 {
			q.AsOf = u.asOf
		}
		if u.terminals {
			f = s.unheard(f)
		}
	}
	if len(away) > 0 {
		f = taken(f, away)
	}
	q.Lists = []string{"none"}
	for list := range s.wanted {
		q.Lists = append(q.Lists, list)
	}
	c, err := compile(f, s.statutory, q, s.log)
	if err != nil {
		return nil, err
	}
	r := c.lists()
	if s.wanted["warnings"] {
		r.Warnings = c.warnings(sealing{})
	}
	return s.linesOf(r)
}

// taken takes events away; rulings on them are then on nothing.
func taken(f *hall.Facts, away map[hall.UID]bool) *hall.Facts {
	g := f.Without(func(uid hall.UID) bool { return away[uid] })
	g.Rulings = slices.DeleteFunc(slices.Clone(g.Rulings), func(r hall.Ruling) bool { return away[r.UID] })
	g.Seals = slices.DeleteFunc(slices.Clone(g.Seals), func(s hall.Seal) bool { return away[s.UID] })
	g.Missing = slices.AppendSeq(slices.Clone(g.Missing), maps.Keys(away))
	return g
}

// unheard leaves out what terminals said outside the month since the issue.
func (s *search) unheard(f *hall.Facts) *hall.Facts {
	had, zone := had(s.issue), zoneOf(s.issue.AsOf)
	g := *f
	g.Terminals = slices.DeleteFunc(slices.Clone(f.Terminals), func(t hall.Terminal) bool { return t.Time > s.asOf })
	g.Punches = slices.DeleteFunc(slices.Clone(f.Punches), func(p hall.Punch) bool {
		return !had.punch(&p) && !s.month.Month.Contains(hall.DateIn(zone, p.Time.Time()))
	})
	return &g
}

// linesOf are the changed lines of a report as they are now.
func (s *search) linesOf(r *hall.Report) (lineSet, error) {
	asked := map[[2]string]bool{}
	for i := range s.changes {
		asked[[2]string{s.changes[i].List, s.changes[i].Line}] = true
	}
	narrow := *r
	narrow.Days = slices.DeleteFunc(slices.Clone(r.Days), func(d hall.PersonDay) bool { return !asked[[2]string{"days", dayID(&d)}] })
	narrow.Sheet = slices.DeleteFunc(slices.Clone(r.Sheet), func(w hall.SheetRow) bool { return !asked[[2]string{"sheet", string(w.Person)}] })
	narrow.Punches = slices.DeleteFunc(slices.Clone(r.Punches), func(p hall.PunchRecord) bool { return !asked[[2]string{"punches", string(p.UID)}] })
	t, err := treeOf(&narrow)
	if err != nil {
		return nil, err
	}
	set := lineSet{}
	for key := range t {
		if s.wanted[key] {
			if err := set.add("", key, t[key]); err != nil {
				return nil, err
			}
		}
	}
	return set, set.addOwn(&narrow)
}

func (set lineSet) add(path, key string, value json.RawMessage) error {
	inside := strings.TrimPrefix(path+"."+key, ".")
	switch {
	case isList(value):
		list, err := elements(inside, value)
		for _, e := range list {
			set[[2]string{inside, e.id}] = string(e.value)
		}
		return err
	case isObject(value):
		var t tree
		if err := json.Unmarshal(value, &t); err != nil {
			return err
		}
		for k := range t {
			if err := set.add(inside, k, t[k]); err != nil {
				return err
			}
		}
	default:
		set[[2]string{cmp.Or(path, key), key}] = string(bytes.TrimSpace(value))
	}
	return nil
}

func (s *search) explained() []Explained {
	list := make([]Explained, len(s.changes))
	for i := range s.changes {
		causes := s.causes[i]
		slices.SortFunc(causes, func(a, b Cause) int { return cmp.Or(cmp.Compare(a.UID, b.UID), cmp.Compare(a.Kind, b.Kind)) })
		list[i] = Explained{Change: s.changes[i], Causes: causes, Together: s.together[i] && len(causes) > 1}
	}
	return list
}

// subjectOfLine says whom a line is about: a person, `@window`, or "" for nobody
// alone.
func (s *search) subjectOfLine(c *hall.Change) string {
	switch c.List {
	case "full_attendance", "staff", "sheet":
		return c.Line
	case "days":
		_, person, _ := strings.Cut(c.Line, " ")
		return person
	case "violations", "contested", "accounts", "appeals", "pending":
		return subjectOfID(c.Line)
	case "rejected":
		if hall.IsViolationID(c.Line) {
			return subjectOfID(c.Line)
		}
		return s.subjects[hall.UID(c.Line)]
	case "punches", "patrol", "unresolved":
		return s.subjects[hall.UID(c.Line)]
	}
	return ""
}

// subjectOfID is the last part of a violation's id, of a window without what it is
// to it.
func subjectOfID(id string) string {
	return strings.TrimRight(id[strings.LastIndexByte(id, '/')+1:], "+*")
}

// subjectsOfEvents says whom each event is about, as far as it is about one.
func (c *compiler) subjectsOfEvents() map[hall.UID]string {
	f := c.all
	of := map[hall.UID]string{}
	for i := range f.Punches {
		person, _ := c.book.Resolve(&f.Punches[i])
		of[f.Punches[i].UID] = string(person)
	}
	each(f.Leaves, func(e *hall.Leave) { of[e.UID] = string(e.Person) })
	each(f.Corrections, func(e *hall.Correction) { of[e.UID] = string(e.Person) })
	each(f.StandIns, func(e *hall.StandIn) { of[e.UID] = "@" + string(e.Window) })
	each(f.Roster, func(e *hall.Roster) { of[e.UID] = string(e.Person) })
	each(f.Patrols, func(e *hall.Patrol) {
		of[e.UID] = string(e.Person)
		if id := c.month.Patrols[e.UID]; id != "" {
			of[e.UID] = subjectOfID(id)
		} else if e.Person == "" && e.Window != "" {
			of[e.UID] = "@" + string(e.Window)
		}
	})
	each(f.Excuses, func(e *hall.Excuse) {
		if len(e.Persons) == 1 && len(e.Windows) == 0 {
			of[e.UID] = string(e.Persons[0])
		}
	})
	each(f.Rulings, func(e *hall.Ruling) {
		if e.OnViolation() {
			of[e.UID] = subjectOfID(e.On)
		} else {
			of[e.UID] = of[hall.UID(e.On)]
		}
	})
	return of
}
