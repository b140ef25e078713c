package report

// What a reader calls the things of a report.

import (
	"cmp"
	"slices"
	"strings"

	"rollcall/hall"
)

// names come from the policy of the month's last day; what it no longer names
// from earlier versions, the latest first.
func (c *compiler) names() hall.Names {
	n := c.namesBut()
	n.People = c.people()
	return n
}

// namesBut are the names of everything but people.
func (c *compiler) namesBut() hall.Names {
	n := hall.Names{Windows: []hall.WindowName{}, Kinds: punctualityNames(), Classes: map[string]string{},
		Sessions: sessionNames(), Leaves: []hall.LeaveName{}, Award: c.policy.Assessment.Windows.Title, Top: c.policy.Assessment.Staff.Top,
		Bottom: c.policy.Assessment.Staff.Bottom, Bulletin: c.policy.Bulletin.Resolved(), Apart: []string{}}
	for _, class := range c.policy.Classes {
		if class.Apart {
			n.Apart = append(n.Apart, class.Name)
		}
	}
	named := map[hall.WindowID]bool{}
	for _, p := range c.versions() {
		for _, w := range p.Windows {
			if !named[w.ID] {
				named[w.ID] = true
				n.Windows = append(n.Windows, hall.WindowName{Window: w.ID, Number: w.Number, Name: w.Name, Unit: unitName(p, w.Unit)})
			}
		}
		nameKinds(n.Kinds, p)
		nameLeaves(&n, p)
		for _, class := range p.Classes {
			keep(n.Classes, class.Name, className(class.Name))
		}
		for i := range p.Timetables {
			nameSessions(n.Sessions, &p.Timetables[i])
		}
	}
	slices.SortFunc(n.Windows, func(a, b hall.WindowName) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Window, b.Window))
	})
	return n
}

// versions are the policies up to the month's, the month's own first.
func (c *compiler) versions() []*hall.Policy {
	var list []*hall.Policy
	for _, v := range slices.Backward(c.book.Policies()) {
		if v.Policy.Effective <= c.month.Month.Last() {
			list = append(list, v.Policy)
		}
	}
	return list
}

// people are named by where they count in the month, else by their last row.
func (c *compiler) people() map[hall.PersonID]string {
	names := map[hall.PersonID]string{}
	for _, person := range c.book.People() {
		names[person] = c.nameOf(person)
	}
	return names
}

func (c *compiler) nameOf(person hall.PersonID) string {
	rows := c.book.Rows(person)
	return cmp.Or(c.place(person).Name, rows[len(rows)-1].Name)
}

func punctualityNames() map[string]string {
	return map[string]string{hall.Late: "迟到", hall.EarlyLeave: "早退", hall.MissingPunch: "缺卡",
		hall.HalfDayAbsence: "半天旷工", hall.Absence: "旷工"}
}

func sessionNames() map[string]string {
	return map[string]string{"morning": "上午", "afternoon": "下午", "noon": "中午", "evening": "晚间", "night": "夜班", "day": "全天"}
}

// className translates the classes of the shipped policy; a hall's own are
// called as it calls them.
func className(class string) string {
	switch class {
	case "resident":
		return "常驻"
	case "general":
		return "综合"
	case "enterprise":
		return "企业"
	case "seconded":
		return "借用"
	case "stand_in":
		return "替岗"
	case "manager":
		return "管理"
	case "back_office":
		return "后台"
	}
	return class
}

func nameKinds(kinds map[string]string, p *hall.Policy) {
	for _, k := range p.Discipline {
		keep(kinds, k.Kind, k.Name)
	}
	for _, k := range p.Leave {
		keep(kinds, k.Kind, k.Name)
	}
	for _, k := range p.Bonus {
		keep(kinds, k.Kind, k.Name)
	}
}

// unitName is what a policy calls a stationed unit, its id where it has no name.
func unitName(p *hall.Policy, id string) hall.Name {
	i := slices.IndexFunc(p.Units, func(u hall.Unit) bool { return u.ID == id })
	if i < 0 {
		return hall.Name(id)
	}
	return hall.Name(cmp.Or(p.Units[i].Name, id))
}

func nameLeaves(n *hall.Names, p *hall.Policy) {
	for i := range p.Leave {
		k := &p.Leave[i]
		if !slices.ContainsFunc(n.Leaves, func(l hall.LeaveName) bool { return l.Kind == k.Kind }) {
			n.Leaves = append(n.Leaves, hall.LeaveName{Kind: k.Kind, Name: n.Kinds[k.Kind], Sign: leaveSign(k)})
		}
	}
}

// leaveSign is what the monthly sheet shows for a kind of leave: by its id where
// that is one of the usual ones, else by what its name says, else by whether it
// breaks full attendance.
func leaveSign(k *hall.LeaveKind) string {
	for _, s := range leaveSigns {
		if slices.Contains(s.kinds, k.Kind) {
			return s.sign
		}
	}
	for _, s := range leaveSigns {
		if slices.ContainsFunc(s.words, func(word string) bool { return strings.Contains(k.Name, word) }) {
			return s.sign
		}
	}
	if k.BreaksFullAttendance {
		return hall.SignLeave
	}
	return hall.SignDuty
}

// leaveSigns are tried in order: 公休假 is leave, 公假 is duty.
var leaveSigns = []struct {
	sign  string
	kinds []string
	words []string
}{
	{hall.SignPersonal, []string{"personal"}, []string{"事假"}},
	{hall.SignSick, []string{"sick"}, []string{"病假"}},
	{hall.SignLeave, []string{"marriage", "maternity", "paternity", "childcare", "bereavement", "home", "nursing"},
		[]string{"婚假", "产假", "育儿", "丧假", "探亲", "哺乳"}},
	{hall.SignAnnual, []string{"annual", "in_lieu"}, []string{"年假", "公休", "年休", "休假", "调休", "补休"}},
	{hall.SignOuting, []string{"outing"}, []string{"外出", "公出"}},
	{hall.SignDuty, []string{"trip", "duty", "training", "hall_duty"}, []string{"公假", "公差", "出差", "培训", "执勤", "值班", "下乡", "踏勘", "会议", "开会"}},
}

func nameSessions(sessions map[string]string, t *hall.Timetable) {
	for _, s := range t.Sessions {
		keep(sessions, s.Name, s.Name)
	}
	for _, list := range t.Weekdays {
		for _, s := range list {
			keep(sessions, s.Name, s.Name)
		}
	}
}

// keep names an id that has no name yet.
func keep(names map[string]string, id, name string) {
	if names[id] == "" {
		names[id] = cmp.Or(name, id)
	}
}
