package report

// The search for causes: each event is taken away again, and what then differs was
// changed by it. With everything taken away at once the month is computed from what
// the issue was computed from.

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
)

// The bounds of a search: how often the month is settled anew, for a hall of a
// hundred, and at least.
const (
	mostSettled  = 64
	leastSettled = 8
)

// search finds the causes of changes.
type search struct {
	*compiler
	statutory hall.Calendar
	changes   []hall.Change
	now       *hall.Report
	issue     *hall.Result
	then      *inputs // of the issue
	had       *named

	subjects  map[hall.UID]string
	made      map[hall.UID]hall.Instant
	units     map[string][]*unit // by subject
	contested []Cause            // events of which another body has come
	// What terminals had said to the issue, and what they have said to it or since.
	heardThen, heardEver *rules.Book

	wanted   map[string]bool // lists of the changes
	lines    lineSet         // of now
	left     int             // how often the month may still be settled
	complete bool
	causes   map[int][]Cause // by change
	together map[int]bool
}

func newSearch(c *compiler, now *hall.Report, then *inputs, statutory hall.Calendar, issue *hall.Result, changes []hall.Change) *search {
	s := &search{compiler: c, statutory: statutory, changes: changes, now: now, issue: issue, then: then, had: had(issue),
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
	if s.lines, err = s.linesOf(s.compiler); err != nil {
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

// themselves are lines about an event that has come: the line of a punch, a note.
func (s *search) themselves() error {
	fresh := map[string]Cause{}
	for _, units := range s.units {
		for _, u := range units {
			for _, c := range u.causes {
				if c.UID != "" {
					fresh[string(c.UID)] = c
				}
			}
		}
	}
	for i := range s.changes {
		c := &s.changes[i]
		cause, ok := fresh[aboutOf(c)]
		switch {
		case c.List == "dead":
			cause, ok = Cause{Kind: CauseLog, Text: "第" + c.Line + "条消息无法识别"}, true
		case c.From != nil && c.To != nil && c.Value == nil:
			cause, ok = Cause{Kind: CauseOrder, Text: "随同一名单的其他行移动"}, true
		case c.List == "warnings" && aboutOf(c) == WarnGap:
			cause, ok = Cause{Kind: CauseLog, Text: "日志的缺口经确认接受"}, true
		case c.List == "warnings" && slices.Contains([]string{WarnSealIncomplete, WarnSealUnreadable}, strings.Fields(aboutOf(c))[0]):
			cause, ok = Cause{Kind: CauseLog, Text: "封账的内容不完整或无法读取"}, true
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
// what a subject's own lines say depends on nobody else's events, but for ranks and
// for what a chief representative pays with others.
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
			if u := taken[s.subjectOfLine(&s.changes[i])]; u != nil && !s.isShared(&s.changes[i]) && s.differs(i, without, true) {
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
		c := &s.changes[i]
		if len(s.causes[i]) == 0 || s.isShared(c) || s.subjectOfLine(c) == "" && !s.isItself(i) {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return nil
	}
	ranks := map[int][]Cause{} // what moved the rank alone, of shared lines
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
			switch shared := s.isShared(&s.changes[i]); {
			case s.differs(i, without, shared):
				s.blame(i, causes, len(causes) > 1)
			case shared && s.differs(i, without, false):
				ranks[i] = append(ranks[i], causes...)
			}
		}
	}
	for _, i := range s.open() {
		s.blame(i, ranks[i], len(ranks[i]) > 1)
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

// jointly explains what is left by several together: if need be by all that has come,
// with which the month is what the issue was computed from. What does not differ even
// then was changed by something that is no event.
func (s *search) jointly() error {
	if len(s.open()) == 0 {
		return nil
	}
	if err := s.circumstances(); err != nil || len(s.open()) == 0 {
		return err
	}
	then, ok, err := s.settled(s.then)
	if err != nil || !ok {
		return err
	}
	differ, equal := s.split(s.open(), then)
	for _, i := range equal {
		if len(s.contested) > 0 { // what they said before is not to be had
			s.blame(i, s.contested, true)
			continue
		}
		s.blame(i, []Cause{{Kind: CauseProgram, Text: "同样的事件现在得出不同的结果：程序版本或日志不同"}}, false)
	}
	all := slices.Clone(s.units[""])
	for _, subject := range slices.Sorted(maps.Keys(s.units)) {
		if subject != "" {
			all = append(all, s.units[subject]...)
		}
	}
	return s.narrow(differ, all, 0, len(s.units[""]))
}

// circumstances explains lines by what is about nobody alone, such as the time that
// has passed and what terminals have said meanwhile: of two each may be enough.
func (s *search) circumstances() error {
	units := s.units[""]
	if len(units) < 2 {
		return nil
	}
	without, ok, err := s.without(units)
	if err != nil || !ok {
		return err
	}
	differ, _ := s.split(s.open(), without)
	return s.narrow(differ, units, 0, len(units))
}

// narrow blames lines on units together, but for those of places from..until without
// which the others still make the difference.
func (s *search) narrow(changes []int, units []*unit, from, until int) error {
	for k := from; k < until && len(changes) > 0 && len(units) > 1; k++ {
		fewer := slices.Delete(slices.Clone(units), k, k+1)
		without, ok, err := s.without(fewer)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		enough, needed := s.split(changes, without)
		if err := s.narrow(enough, fewer, k, until-1); err != nil {
			return err
		}
		changes = needed
	}
	for _, i := range changes {
		s.blame(i, causesOf(s.concerning(i, units)), true)
	}
	return nil
}

// split tells the changes that differ without something from the others.
func (s *search) split(changes []int, without lineSet) (differ, equal []int) {
	for _, i := range changes {
		if s.differs(i, without, false) {
			differ = append(differ, i)
		} else {
			equal = append(equal, i)
		}
	}
	return differ, equal
}

// concerning are those units that are about nobody alone or about whom a line is
// about; all where the line is about nobody.
func (s *search) concerning(change int, units []*unit) []*unit {
	subject := s.subjectOfLine(&s.changes[change])
	if subject == "" || s.isShared(&s.changes[change]) {
		return units
	}
	own := slices.DeleteFunc(slices.Clone(units), func(u *unit) bool { return u.subject != "" && u.subject != subject })
	if len(own) == 0 {
		return units
	}
	return own
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
