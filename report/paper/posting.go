package paper

// Posting (公示): a month as it may hang on a wall or stand on a public page.
//
// People are shown by their surname, nobody by an id. Leave is 请假, duty and
// outings are 公差外出, whatever the kind. No note, evidence, inspector, reason or
// event is left, nor what only the office should see: contested, unresolved,
// rejected, warnings, dead letters, raw punches. A posted report is made anew of
// what is named here, so that a new field is not posted until somebody adds it.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rollcall/hall"
)

// posted returns what may be posted of a report.
func posted(r *hall.Report) *hall.Report {
	m := newMask(r)
	p := &hall.Report{
		Hall: r.Hall, Name: r.Name, Month: r.Month, AsOf: r.AsOf, Sequence: r.Sequence, Workdays: r.Workdays,
		Windows: r.Windows, Cases: r.Cases, CalendarMissing: r.CalendarMissing, OffDays: r.OffDays,
	}
	p.Sealed = postedSeal(r.Sealed)
	for _, c := range r.ChangedSince {
		p.ChangedSince = append(p.ChangedSince, hall.Change{List: c.List}) // how many there are
	}
	m.lines(p, r)
	m.assessment(p, r)
	m.long(p, r)
	p.Names = m.names(&r.Names)
	return p
}

// postedSeal is a seal without who sealed.
func postedSeal(s *hall.SealInfo) *hall.SealInfo {
	if s == nil {
		return nil
	}
	return &hall.SealInfo{Number: s.Number, At: s.At, Digest: s.Digest}
}

// lines masks full attendance, violations and what is pending.
func (m *mask) lines(p, r *hall.Report) {
	for _, f := range r.FullAttendance {
		p.FullAttendance = append(p.FullAttendance, hall.FullAttendance{Person: m.id(f.Person), Name: m.name(f.Person), Window: f.Window})
	}
	for _, v := range r.Violations {
		v.ID, v.Person, v.Proofs = m.violation(v.ID), m.pointer(v.Person), []hall.UID{}
		p.Violations = append(p.Violations, v)
	}
	for _, e := range r.Pending {
		e.Person = m.id(e.Person)
		p.Pending = append(p.Pending, e)
	}
	for _, a := range r.Accounts {
		account := hall.Account{Violation: m.violation(a.Violation), Clause: a.Clause, Due: a.Due, At: a.At, Sources: a.Sources, Noted: a.Noted,
			RectifyBy: a.RectifyBy, Rectified: a.Rectified, Inspectors: []string{}, Notes: []string{}, Evidence: []string{}, Shares: []hall.Share{}}
		for _, s := range a.Shares {
			account.Shares = append(account.Shares, hall.Share{Person: m.id(s.Person), Points: s.Points})
		}
		p.Accounts = append(p.Accounts, account)
	}
	for _, a := range r.Appeals {
		appeal := hall.Appeal{Violation: m.violation(a.Violation), Window: a.Window, Person: m.pointer(a.Person), Until: a.Until, Open: a.Open, Steps: []hall.AppealStep{}}
		for _, s := range a.Steps {
			appeal.Steps = append(appeal.Steps, hall.AppealStep{State: s.State, At: s.At, Late: s.Late})
		}
		p.Appeals = append(p.Appeals, appeal)
	}
}

// assessment masks scores, ranks, awards and bonus.
func (m *mask) assessment(p, r *hall.Report) {
	for _, s := range r.Staff {
		s.Person, s.Name = m.id(s.Person), m.name(s.Person)
		p.Staff = append(p.Staff, s)
	}
	for _, k := range r.Ranking {
		p.Ranking = append(p.Ranking, m.ranking(k))
	}
	for _, a := range r.Awards {
		p.Awards = append(p.Awards, m.award(a))
	}
	for _, v := range r.Vetoes {
		v.Violation = ""
		p.Vetoes = append(p.Vetoes, v)
	}
	for _, b := range r.Bonus {
		b.Person = m.pointer(b.Person)
		p.Bonus = append(p.Bonus, b)
	}
	for _, f := range r.Figures {
		f.UID = ""
		p.Figures = append(p.Figures, f)
	}
	for _, t := range r.Texts {
		t.UID = "" // the words were written to be published
		p.Texts = append(p.Texts, t)
	}
}

// postedDecider is all that is posted of who decided on an award: it was not the
// program.
const postedDecider = "会议"

func (m *mask) ranking(k hall.Ranking) hall.Ranking {
	return hall.Ranking{Class: k.Class, Ranked: k.Ranked, Top: m.ranked(k.Top), Bottom: m.ranked(k.Bottom)}
}

// award masks whom an award is for; that a meeting gave it is said, not which and
// why.
func (m *mask) award(a hall.Awarded) hall.Awarded {
	award := hall.Awarded{Title: a.Title, Windows: a.Windows, Persons: []hall.PersonID{}, Tied: a.Tied, Taken: a.Taken}
	if a.By != "" {
		award.By = postedDecider
	}
	for _, person := range a.Persons {
		award.Persons = append(award.Persons, m.id(person))
	}
	return award
}

func (m *mask) ranked(people []hall.RankedPerson) []hall.RankedPerson {
	list := slices.Clone(people)
	for i := range list {
		list[i].Name, list[i].Person = m.name(list[i].Person), m.id(list[i].Person)
	}
	return list
}

// long masks the monthly sheet, the days and the patrol log.
func (m *mask) long(p, r *hall.Report) {
	for _, s := range r.Sheet {
		s.Name, s.Person = m.name(s.Person), m.id(s.Person)
		s.Leave, s.Leaves, s.Signs = m.leave(s.Leave), m.leaves(s.Leaves), postedSigns(s.Signs)
		p.Sheet = append(p.Sheet, s)
	}
	for _, d := range r.Days {
		d.Person, d.Punches = m.id(d.Person), slices.Clone(d.Punches)
		for i := range d.Punches {
			d.Punches[i].CoveredBy, d.Punches[i].Proofs = "", []hall.UID{}
		}
		p.Days = append(p.Days, d)
	}
	for _, e := range r.Patrol {
		p.Patrol = append(p.Patrol, hall.PatrolEntry{Time: e.Time, Until: e.Until, Kind: e.Kind, Window: e.Window, Person: hall.Name(m.id(hall.PersonID(e.Person))),
			StandIn: e.StandIn, Unnamed: e.Unnamed, Channel: e.Channel, Evidence: []string{}, Violation: hall.Name(m.violation(string(e.Violation))), State: e.State,
			RectifyBy: e.RectifyBy, Rectified: e.Rectified})
	}
}

// The two kinds of leave of a posting.
const (
	postedLeave = "leave"
	postedDuty  = "duty"
)

// reason is the kind of leave that a posting says.
func (m *mask) reason(kind string) string {
	switch m.signs[kind] {
	case hall.SignDuty, hall.SignOuting:
		return postedDuty
	}
	return postedLeave
}

func (m *mask) leave(of map[string]int) map[string]int {
	sum := map[string]int{}
	for kind, n := range of {
		sum[m.reason(kind)] += n
	}
	return sum
}

func (m *mask) leaves(list []hall.LeaveTaken) []hall.LeaveTaken {
	sums := map[string]hall.LeaveTaken{}
	for _, l := range list {
		s := sums[m.reason(l.Kind)]
		sums[m.reason(l.Kind)] = hall.LeaveTaken{Kind: m.reason(l.Kind), Days: s.Days + l.Days, Times: s.Times + l.Times, Minutes: s.Minutes + l.Minutes}
	}
	merged := []hall.LeaveTaken{}
	for _, kind := range slices.Sorted(maps.Keys(sums)) {
		merged = append(merged, sums[kind])
	}
	return merged
}

// publicSigns are the signs of a day that may be posted, those of leave without
// the kind.
var publicSigns = map[rune]string{'√': "√", '迟': "迟", '退': "退", '缺': "缺", '半': "半", '旷': "旷", '补': "补", '待': "待", '替': "替", '-': "-",
	'事': hall.SignLeave, '病': hall.SignLeave, '休': hall.SignLeave, '假': hall.SignLeave, '公': hall.SignDuty, '外': hall.SignDuty}

func postedSigns(signs []string) []string {
	list := make([]string, len(signs))
	for i, day := range signs {
		for _, sign := range day {
			if s := publicSigns[sign]; !strings.Contains(list[i], s) {
				list[i] += s
			}
		}
	}
	return list
}

// names are those that a posting needs: nobody's full name, no kind of leave.
func (m *mask) names(n *hall.Names) hall.Names {
	p := hall.Names{Windows: n.Windows, People: map[hall.PersonID]string{}, Kinds: maps.Clone(n.Kinds), Classes: n.Classes, Sessions: n.Sessions,
		Apart: n.Apart, Award: n.Award, Top: n.Top, Bottom: n.Bottom, Bulletin: n.Bulletin}
	for id, masked := range m.people {
		p.People[m.ids[id]] = masked
	}
	for _, l := range n.Leaves {
		delete(p.Kinds, l.Kind)
	}
	p.Leaves = []hall.LeaveName{{Kind: postedLeave, Name: "请假", Sign: hall.SignLeave}, {Kind: postedDuty, Name: "公差外出", Sign: hall.SignDuty}}
	return p
}

// mask knows what a posting calls each person.
type mask struct {
	people map[hall.PersonID]string        // masked names
	ids    map[hall.PersonID]hall.PersonID // what stands for an id, by which the lists of JSON fit together
	signs  map[string]string               // of kinds of leave
}

// newMask masks everybody of a report. Those who share window and masked name are
// numbered, in the order of their ids.
func newMask(r *hall.Report) *mask {
	m := &mask{people: map[hall.PersonID]string{}, ids: map[hall.PersonID]hall.PersonID{}, signs: map[string]string{}}
	for _, l := range r.Names.Leaves {
		m.signs[l.Kind] = l.Sign
	}
	names, place := maps.Clone(r.Names.People), map[hall.PersonID]hall.WindowID{}
	if names == nil {
		names = map[hall.PersonID]string{}
	}
	for _, s := range r.Staff {
		names[s.Person], place[s.Person] = s.Name, s.Window
	}
	same := map[string][]hall.PersonID{}
	for _, id := range slices.Sorted(maps.Keys(names)) {
		key := string(place[id]) + "\x00" + masked(names[id])
		same[key] = append(same[key], id)
		m.ids[id] = hall.PersonID(fmt.Sprintf("p%d", len(m.ids)+1))
	}
	for _, people := range same {
		for i, id := range people {
			m.people[id] = masked(names[id])
			if len(people) > 1 {
				m.people[id] += fmt.Sprintf("（%d）", i+1)
			}
		}
	}
	return m
}

// name is what a posting calls a person; of somebody without a name nothing is
// known.
func (m *mask) name(id hall.PersonID) string { return cmp.Or(m.people[id], "*") }

// id stands for a person; nobody stays nobody.
func (m *mask) id(id hall.PersonID) hall.PersonID {
	if id == "" {
		return ""
	}
	if m.ids[id] == "" {
		m.ids[id] = hall.PersonID(fmt.Sprintf("p%d", len(m.ids)+1))
		m.people[id] = "*"
	}
	return m.ids[id]
}

func (m *mask) pointer(id *hall.PersonID) *hall.PersonID {
	if id == nil {
		return nil
	}
	return new(m.id(*id))
}

// violation puts what stands for a person into the id of a violation; windows
// stay.
func (m *mask) violation(id string) string {
	parts := strings.SplitN(id, "/", 4) // date, session, what, subject
	if len(parts) < 4 {
		return ""
	}
	if _, person := m.ids[hall.PersonID(parts[3])]; person || !strings.HasPrefix(parts[3], "@") {
		parts[3] = string(m.id(hall.PersonID(parts[3])))
	}
	return strings.Join(parts, "/")
}

// compound are the surnames of two characters.
var compound = strings.Fields("欧阳 歐陽 太史 端木 上官 司马 司馬 东方 東方 独孤 南宫 南宮 万俟 闻人 夏侯 诸葛 諸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 " +
	"公孙 公孫 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 " +
	"东郭 南门 羊舌 微生 公户 公玉 梁丘 左丘 东门 西门 第五 纳兰 叶赫 完颜 单于 淳于")

// masked keeps the surname of a name, which of a name that is not Chinese is the
// first letter, and puts a star for each further character, two at the most. Of a
// name of one character nothing is kept.
func masked(name string) string {
	name = strings.TrimSpace(printable(name))
	kept := 1
	if r, _ := utf8.DecodeRuneInString(name); unicode.Is(unicode.Han, r) {
		for _, surname := range compound {
			if strings.HasPrefix(name, surname) && utf8.RuneCountInString(name) > 2 {
				kept = 2
			}
		}
	}
	runes := []rune(name)
	if len(runes) <= kept {
		return "*"
	}
	return string(runes[:kept]) + strings.Repeat("*", min(2, len(runes)-kept))
}
