package report

// Making the story of a score and a rank.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// ExplainPerson explains a person's score and rank of a month from a snapshot of
// the store. The error wraps hall.ErrNotFound where no policy governs the month or
// the person was not on the roster in it.
func ExplainPerson(v *store.View, statutory hall.Calendar, q Question, person hall.PersonID) (*Standing, error) {
	c, err := open(v, statutory, q)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(c.assessed().Staff, func(s rules.Staff) bool { return s.Person == person })
	if i < 0 && len(c.book.Rows(person)) == 0 {
		return nil, c.nobody(person)
	}
	if i < 0 {
		return nil, fmt.Errorf("person %q: %w: on the roster on no day of %s that a policy governs", person, hall.ErrNotFound, q.Month)
	}
	e := c.expounder()
	e.person(&c.assessed().Staff[i])
	return e.done(), nil
}

// ExplainWindow explains a window's score, rank and award of a month. The error
// wraps hall.ErrNotFound where the policy of the month names no such window.
func ExplainWindow(v *store.View, statutory hall.Calendar, q Question, window hall.WindowID) (*Standing, error) {
	c, err := open(v, statutory, q)
	if err != nil {
		return nil, err
	}
	named := c.policy.Window(window)
	if named == nil {
		return nil, c.noWindow(window)
	}
	e := c.expounder()
	e.standing.Window, e.standing.Name, e.standing.WindowName = named.ID, named.Name, named.Name
	i := slices.IndexFunc(c.assessed().Windows, func(w rules.Window) bool { return w.Window == window })
	if i < 0 {
		e.unassessed(named)
		return e.done(), nil
	}
	e.window(&c.assessed().Windows[i])
	return e.done(), nil
}

// noWindow is the error of an id that the policy does not name; where it is a
// name the error says whose.
func (c *compiler) noWindow(window hall.WindowID) error {
	var ids []string
	for i := range c.policy.Windows {
		w := &c.policy.Windows[i]
		if slices.Contains(w.Names(), string(window)) {
			return fmt.Errorf("window %q: %w: ask by id: %s", window, hall.ErrNotFound, w.ID)
		}
		ids = append(ids, string(w.ID))
	}
	return fmt.Errorf("window %q: %w: the policy of %s names %s", window, hall.ErrNotFound, c.month.Month, strings.Join(ids, ", "))
}

// standing is the frame of the story of anybody.
func (c *compiler) standing() *Standing {
	seal := c.sealing()
	s := &Standing{Hall: c.question.Hall, HallName: c.policy.Name, Month: c.month.Month, AsOf: c.rfc3339(c.month.AsOf), Sequence: c.log.Sequence,
		Policy: StoryPolicy{UID: c.month.Policy.UID, Effective: c.policy.Effective}, Parts: []StandingPart{}, Members: []StandingMember{},
		WhyNot: []string{}, Ahead: []Neighbour{}, Peers: []Neighbour{}, Behind: []Neighbour{}, Titles: []hall.Awarded{}, Vetoes: []hall.Veto{},
		Open: []string{}, Basis: []hall.UID{c.month.Policy.UID}}
	if seal.last != nil {
		s.Sealed = seal.last.info()
	}
	return s
}

// expounder fills a standing.
type expounder struct {
	*compiler
	standing *Standing
	words    hall.Names
}

func (c *compiler) expounder() *expounder {
	e := &expounder{compiler: c, standing: c.standing(), words: c.names()}
	e.standing.Kinds = e.words.Kinds
	return e
}

func (e *expounder) done() *Standing {
	s := e.standing
	slices.Sort(s.Basis)
	s.Basis = slices.Compact(s.Basis)
	return s
}

func (e *expounder) rest(uids ...hall.UID) { e.standing.Basis = append(e.standing.Basis, uids...) }

func (e *expounder) person(p *rules.Staff) {
	s := e.standing
	s.Person, s.Name, s.Window, s.WindowName = new(p.Person), p.Name, p.Window, e.windowName(p.Window)
	s.Class, s.ClassName = hall.Name(p.Class), hall.Name(cmp.Or(e.words.Classes[p.Class], p.Class))
	s.DueDays, s.AttendedDays = p.DueDays, p.AttendedDays
	s.FullAttendance, s.WhyNot = p.Full, e.whyNotFull(p.Person)
	s.Rank, s.Tied, s.LeftOut = p.Rank, p.Tied, p.LeftOut
	if p.Apart {
		s.Apart = hall.Name(p.Class)
	}
	s.LeftOutText = e.leftOutText(p)
	e.rest(e.place(p.Person).UID)
	e.parts(p.Score, p.Parts, func(l *hall.BonusLine) bool { return l.Person != nil && *l.Person == p.Person })
	e.personNeighbours(p)
	e.titles(func(a *hall.Awarded) bool { return slices.Contains(a.Persons, p.Person) })
	e.openOf(func(d *rules.Day) bool { return d.Person == p.Person }, func(l *rules.Line) bool { return l.Person != nil && *l.Person == p.Person })
}

func (e *expounder) window(w *rules.Window) {
	s := e.standing
	s.Rank, s.Tied, s.Full = new(w.Rank), new(w.Tied), w.Full
	for _, person := range w.Staff {
		i := slices.IndexFunc(e.assessed().Staff, func(p rules.Staff) bool { return p.Person == person })
		p := &e.assessed().Staff[i]
		s.Members = append(s.Members, StandingMember{Person: p.Person, Name: p.Name, Score: p.Score})
	}
	e.parts(w.Score, w.Parts, func(l *hall.BonusLine) bool { return slices.Contains(l.Windows, w.Window) })
	e.windowNeighbours(w)
	s.Vetoes = filled(w.Vetoes)
	s.Award = e.award(w)
	e.titles(func(a *hall.Awarded) bool {
		return a.Title != e.policy.Assessment.Windows.Title && slices.Contains(a.Windows, w.Window)
	})
	e.openOf(func(d *rules.Day) bool { return slices.Contains(w.Staff, d.Person) }, func(l *rules.Line) bool { return l.Window == w.Window })
}

// unassessed says why a window has no score.
func (e *expounder) unassessed(w *hall.Window) {
	s := e.standing
	if !w.Assessed {
		s.LeftOut, s.LeftOutText = LeftOutNotAssessed, "办法规定该窗口不参加考评"
		return
	}
	s.LeftOut, s.LeftOutText = LeftOutNotValid, "本月没有一天在该窗口的起止日期之内"
}

func (c *compiler) windowName(id hall.WindowID) string {
	if w := c.policy.Window(id); w != nil {
		return w.Name
	}
	return string(id)
}

// leftOutText says why a person is not ranked.
func (e *expounder) leftOutText(p *rules.Staff) string {
	switch p.LeftOut {
	case hall.LeftOutClass:
		return fmt.Sprintf("%s人员不参加排名", e.standing.ClassName)
	case hall.LeftOutNotDue:
		return "本月没有应出勤日"
	case hall.LeftOutMinDays:
		return fmt.Sprintf("本月出勤%d天，不足%d天", p.AttendedDays, e.policy.Assessment.Staff.MinDays)
	}
	return ""
}

// parts opens the score into its summands.
func (e *expounder) parts(score hall.Points, parts []rules.Part, earned func(*hall.BonusLine) bool) {
	s := e.standing
	s.Score = &score
	for i := range parts {
		p := &parts[i]
		part := StandingPart{Kind: p.Kind, Of: hall.Name(p.Of), Points: p.Points, Text: e.partText(p, earned), Steps: []string{}, Proofs: filled(slices.Clone(p.Proofs))}
		if p.Kind == rules.PartLine || p.Kind == rules.PartShare {
			l := e.lineNamed(p.Of)
			part.Steps = e.steps(l)
			e.rest(l.Basis...)
		}
		e.rest(p.Proofs...)
		s.Parts = append(s.Parts, part)
	}
}

func (c *compiler) lineNamed(id string) *rules.Line {
	i := slices.IndexFunc(c.month.Lines, func(l rules.Line) bool { return l.ID == id })
	return &c.month.Lines[i]
}

func (e *expounder) partText(p *rules.Part, earned func(*hall.BonusLine) bool) string {
	a := &e.policy.Assessment
	switch p.Kind {
	case rules.PartBase:
		return "基础分"
	case rules.PartLine:
		return e.lineText(e.lineNamed(p.Of))
	case rules.PartShare:
		l := e.lineNamed(p.Of)
		return fmt.Sprintf("首席代表连带：%s%s", e.subjectText(l), e.lineText(l))
	case rules.PartCategory:
		return fmt.Sprintf("“%s”一类的扣分已到上限，超出的不扣", p.Of)
	case rules.PartBonus:
		return e.bonusText(p, earned)
	case rules.PartCap:
		limit := a.Staff.BonusCap
		if e.standing.Person == nil {
			limit = a.Windows.BonusCap
		}
		return fmt.Sprintf("加分最多%s分，超出的不计", limit)
	case rules.PartFull:
		return "满勤加分"
	case rules.PartFloor:
		return fmt.Sprintf("得分最低%s分", a.Staff.Floor)
	case rules.PartMean:
		if len(e.standing.Members) == 0 {
			return "无参加排名的人员，按基础分"
		}
		return fmt.Sprintf("参加排名的%d人得分的平均", len(e.standing.Members))
	}
	return p.Kind
}

// lineText writes `11月3日上午迟到6分钟`.
func (e *expounder) lineText(l *rules.Line) string {
	t := l.Date.Midnight()
	text := fmt.Sprintf("%d月%d日", int(t.Month()), t.Day())
	if l.Session != "" {
		text += cmp.Or(e.words.Sessions[string(l.Session)], string(l.Session))
	}
	if l.StandIn {
		text += "替岗人员"
	}
	if l.Unnamed > 0 {
		text += fmt.Sprintf("未具名%d人", l.Unnamed)
	}
	text += cmp.Or(e.standing.Kinds[l.Kind], l.Kind)
	if l.Minutes != nil {
		text += fmt.Sprintf("%d分钟", *l.Minutes)
	}
	return text
}

// subjectText names who a violation speaks of.
func (e *expounder) subjectText(l *rules.Line) string {
	if l.Person != nil {
		return e.place(*l.Person).Name
	}
	return e.windowName(l.Window)
}

// bonusText writes `上门服务4次`.
func (e *expounder) bonusText(p *rules.Part, earned func(*hall.BonusLine) bool) string {
	var count int64
	for i := range e.assessed().Bonus {
		if l := &e.assessed().Bonus[i]; l.Kind == p.Of && earned(l) {
			count += l.Count
		}
	}
	text := fmt.Sprintf("%s%d次", cmp.Or(e.standing.Kinds[p.Of], p.Of), count)
	if k := e.policy.BonusKind(p.Of); k.Cap != nil && k.Points*hall.Points(count) > *k.Cap {
		text += fmt.Sprintf("，此项最多%s分", k.Cap)
	}
	return text
}

// titles are the other awards that fit.
func (e *expounder) titles(fits func(*hall.Awarded) bool) {
	for _, a := range e.awards() {
		if fits(&a) {
			e.standing.Titles = append(e.standing.Titles, a)
			e.rest(hall.UID(a.UID))
		}
	}
}

// openOf says what may still change the score.
func (e *expounder) openOf(day func(*rules.Day) bool, line func(*rules.Line) bool) {
	s := e.standing
	pending := 0
	for _, d := range e.month.Days {
		if !day(d) {
			continue
		}
		for i := range d.Planned {
			if d.Planned[i].Verdict == hall.Pending {
				pending++
			}
		}
	}
	if pending > 0 {
		s.Open = append(s.Open, fmt.Sprintf("%d次打卡待定", pending))
	}
	contested := 0
	for i := range e.month.Contested {
		if line(&e.month.Contested[i]) {
			contested++
		}
	}
	if contested > 0 {
		s.Open = append(s.Open, fmt.Sprintf("%d项巡查记录存疑，核实之前不计", contested))
	}
}
