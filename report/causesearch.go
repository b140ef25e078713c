package report

// The search for causes: each event is taken away again, and what then differs was
// changed by it.

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
)

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
	s.gather()
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
func (s *search) gather() {
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
	heard := false
	for i := range s.all.Punches {
		p := &s.all.Punches[i]
		switch {
		case had.punch(p):
		case had.inMonth(p):
			add(p.UID)
		default:
			heard = true
			if slices.ContainsFunc(s.all.Rulings, func(r hall.Ruling) bool { return r.On == string(p.UID) }) {
				add(p.UID) // a ruling of the month may have waited for it
			}
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

func (s *search) explained(names *hall.Names) []Explained {
	list := make([]Explained, len(s.changes))
	for i := range s.changes {
		causes := s.causes[i]
		slices.SortFunc(causes, func(a, b Cause) int { return cmp.Or(cmp.Compare(a.UID, b.UID), cmp.Compare(a.Kind, b.Kind)) })
		list[i] = Explained{Change: s.changes[i], About: About(s.changes[i].List, s.changes[i].Line, names), Causes: causes, Together: s.together[i] && len(causes) > 1}
	}
	return list
}
