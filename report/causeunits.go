package report

// What is taken away to find causes: what has come since an issue.

import (
	"maps"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
)

// unit is what is taken away together: one event, or those of a day where a
// subject has very many. Taking punches away leaves what they said for terminals,
// which is a unit of its own: it may bear on everybody.
type unit struct {
	subject string // a person, `@window`, or "" for everybody
	uids    []hall.UID
	causes  []Cause
	// Of a unit that is no event, what is taken from the issue:
	time, terminals, carried bool

	blamed bool // it changed a line of its subject
}

// mostUnits is how many units a subject has before the events of a day are one.
const mostUnits = 24

// gather finds what has come since the issue, by subject.
func (s *search) gather() {
	s.findContested()
	s.subjects, s.made = s.subjectsOfEvents(), s.madeOf()
	fresh := map[string][]hall.UID{}
	for _, uid := range s.fresh() {
		fresh[s.subjects[uid]] = append(fresh[s.subjects[uid]], uid)
	}
	for subject, uids := range fresh {
		s.units[subject] = s.unitsOf(subject, uids)
	}
	s.openTerminals()
	alone := func(u unit, kind, text string) {
		u.causes = []Cause{{Kind: kind, Text: text}}
		s.units[""] = append(s.units[""], &u)
	}
	if s.question.AsOf != s.then.question.AsOf {
		alone(unit{time: true}, CauseTime, "时间推移，打卡时段已结束")
	}
	if !maps.Equal(heardBy(s.book), heardBy(s.heardThen)) {
		alone(unit{terminals: true}, CauseTerminals, "考勤机此后有了数据或状态")
	}
	if !slices.Equal(carriedInto(s.now), s.then.question.Carried) {
		alone(unit{carried: true}, CauseCarried, "以前各月的一票否决有变化")
	}
}

// findContested finds the events of which another body has come, which may count now.
func (s *search) findContested() {
	for _, c := range s.all.Conflicts {
		if !slices.ContainsFunc(s.issue.Conflicts, func(o hall.Conflict) bool { return o.UID == c.UID }) {
			delete(s.had.events, c.UID)
			s.contested = append(s.contested, Cause{Kind: CauseLog, UID: hall.Name(c.UID), Text: "同一编号又有不同内容"})
		}
	}
}

// fresh are the events that have come since the issue, sorted. Of heartbeats they are
// those on which there are rulings, of punches around the month those and the ones that
// count in it: the others only tell what terminals have shown.
func (s *search) fresh() []hall.UID {
	var uids []hall.UID
	counts := s.counting()
	for i := range s.all.Punches {
		p := &s.all.Punches[i]
		bears := counts[p.UID] || s.isRuled(p.UID) || s.month.Month.Contains(s.dateOf(p.Time))
		if bears && !s.had.punch(p) {
			uids = append(uids, p.UID)
		}
	}
	for i := range s.all.Terminals {
		if uid := s.all.Terminals[i].UID; s.isRuled(uid) && !s.had.events[uid] {
			uids = append(uids, uid)
		}
	}
	for _, uid := range s.events() {
		if !s.had.events[uid] {
			uids = append(uids, uid)
		}
	}
	for _, uid := range s.then.facts.Missing { // of another month
		if !slices.Contains(s.all.Missing, uid) {
			uids = append(uids, uid)
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids)
}

func (s *search) isRuled(uid hall.UID) bool { return len(s.book.Decisions(string(uid))) > 0 }

// openTerminals opens what terminals have said.
func (s *search) openTerminals() {
	s.heardThen = rules.Open(s.then.facts, s.statutory)
	ever := *s.all
	ever.Punches = slices.Clone(ever.Punches)
	there := map[punchName]bool{}
	each(s.all.Punches, func(p *hall.Punch) { there[nameOf(p)] = true })
	each(s.then.facts.Punches, func(p *hall.Punch) {
		if !there[nameOf(p)] {
			ever.Punches = append(ever.Punches, *p)
		}
	})
	ever.Terminals = slices.Clone(ever.Terminals)
	heard := map[hall.UID]bool{}
	each(s.all.Terminals, func(e *hall.Terminal) { heard[e.UID] = true })
	each(s.then.facts.Terminals, func(e *hall.Terminal) {
		if !heard[e.UID] {
			ever.Terminals = append(ever.Terminals, *e)
		}
	})
	s.heardEver = rules.Open(&ever, s.statutory)
}

// word is what a terminal has said: a minute that it has shown, or a state.
type word struct {
	terminal string
	minute   hall.Instant
	state    hall.UID
}

// heardBy are the words that terminals have said to a book.
func heardBy(b *rules.Book) map[word]bool {
	words := map[word]bool{}
	each(b.Words().Punches, func(p *hall.Punch) {
		if p.SpeaksForTerminal() {
			words[word{p.Terminal, p.Time.Minute(), ""}] = true
		}
	})
	each(b.Words().Terminals, func(e *hall.Terminal) { words[word{e.Terminal, e.Time, e.UID}] = true })
	return words
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
	if at := s.made[uid]; at != 0 {
		title += "，" + clockTitle(s.rfc3339(at))
	}
	return Cause{Kind: string(uid.Kind()), UID: hall.Name(uid), Text: title}
}
