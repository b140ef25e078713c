package paper

// What each part of the bulletin says.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// cases are the figures that the policy expects, the case volumes, and whatever
// else was reported for the whole hall.
func (b *bulletinWriter) cases() []string {
	var paragraphs, rest []string
	for i := range b.words.Figures {
		paragraphs = append(paragraphs, b.expected(&b.words.Figures[i]))
	}
	paragraphs = append(paragraphs, b.caseVolume())
	for i := range b.Figures {
		f := &b.Figures[i]
		if f.Window == "" && !slices.ContainsFunc(b.words.Figures, func(e hall.BulletinFigure) bool { return e.Name == f.Name }) {
			rest = append(rest, b.figure(f, ""))
		}
	}
	return append(paragraphs, strings.Join(rest, ""))
}

// expected writes a figure of the policy, or that it is missing.
func (b *bulletinWriter) expected(e *hall.BulletinFigure) string {
	for i := range b.Figures {
		if f := &b.Figures[i]; f.Window == "" && f.Name == e.Name {
			return b.figure(f, e.Sentence)
		}
	}
	return b.say("figure_none", "name", e.Name)
}

func (b *bulletinWriter) figure(f *hall.MonthFigure, sentence string) string {
	values := []string{"name", f.Name, "value", f.Value, "unit", string(f.Unit), "of", string(f.Of)}
	switch {
	case sentence != "":
		return b.fill(sentence, values...)
	case f.Of != "":
		return b.say("figure_of", values...)
	}
	return b.say("figure", values...)
}

func (b *bulletinWriter) caseVolume() string {
	c := &b.Cases
	if !c.Reported {
		return b.say("cases_none")
	}
	text := b.say("cases", "total", number(c.Total), "growth", b.growth())
	switch len(c.Top) {
	case 0:
	case 1:
		text += b.say("cases_top_one", "windows", b.windowNames(c.Top)+topTies(c))
	default:
		text += b.say("cases_top", "n", chinese(len(c.Top)), "windows", b.windowNames(c.Top)+topTies(c))
	}
	if c.OnTimePercent != nil {
		text += b.say("cases_on_time", "percent", c.OnTimePercent.String())
	} else {
		text += b.say("cases_on_time_none")
	}
	return text + b.see("cases")
}

func (b *bulletinWriter) growth() string {
	growth := b.Cases.GrowthPercent
	if growth == nil {
		return b.say("cases_unknown")
	}
	partial := ""
	if missing := b.Cases.PreviousMissing; len(missing) > 0 {
		partial = b.say("cases_partial", "n", strconv.Itoa(len(missing)))
	}
	switch {
	case *growth > 0:
		return b.say("cases_up", "percent", growth.Fixed(2)) + partial
	case *growth < 0:
		return b.say("cases_down", "percent", (-*growth).Fixed(2)) + partial
	}
	return b.say("cases_same") + partial
}

func (b *bulletinWriter) attendance() []string {
	people := make([]string, len(b.FullAttendance))
	for i, f := range b.FullAttendance {
		people[i] = b.desk(f.Window) + f.Name
	}
	text := b.say("attendance_none")
	if n := len(people); n > 0 {
		text = b.say("attendance", "people", strings.Join(people, "、"), "n", strconv.Itoa(n))
	}
	if n := len(b.Pending); n > 0 {
		text += b.say("attendance_pending", "n", strconv.Itoa(n))
	}
	return []string{text}
}

func (b *bulletinWriter) patrol() []string {
	var text string
	if n := len(b.Violations); n > 0 {
		text = b.say("patrol", "n", strconv.Itoa(n), "violations", strings.Join(b.accusations(), "；")) + b.say("patrol_close")
	} else {
		text = b.say("patrol_none")
	}
	if n := len(b.Contested); n > 0 {
		text += b.say("patrol_contested", "n", strconv.Itoa(n))
	}
	return []string{text}
}

// accusation is one kind on the same dates, of everybody who is accused of it.
type accusation struct {
	kind, dates string
	sentence    string
	subjects    []string
}

// accusations writes punctuality first, then what was seen; the same subject and
// kind have their dates together, the same kind and dates their subjects.
func (b *bulletinWriter) accusations() []string {
	var late, found []*accusation
	patrolled := b.patrolled()
	for _, bunch := range b.bunches(b.Violations) {
		list, sentence := &found, "patrol_found"
		switch {
		case hall.Severity(bunch.first.Kind) > 0:
			list, sentence = &late, "patrol_late"
		case !slices.ContainsFunc(bunch.list, func(v *hall.Violation) bool { return !patrolled[v.ID] }):
			sentence = "patrol_seen"
		}
		dates := b.when(bunch)
		i := slices.IndexFunc(*list, func(a *accusation) bool {
			return a.kind == bunch.first.Kind && a.dates == dates && a.sentence == sentence
		})
		if i < 0 {
			i = len(*list)
			*list = append(*list, &accusation{kind: bunch.first.Kind, dates: dates, sentence: sentence})
		}
		(*list)[i].subjects = append((*list)[i].subjects, b.subject(bunch.first)+bunch.doubts())
	}
	return b.accuse(append(late, found...))
}

// patrolled are the violations, by their ids, that inspectors saw in the hall and
// nobody else: no terminal, camera or caller.
func (b *bulletinWriter) patrolled() map[string]bool {
	ids := map[string]bool{}
	for i := range b.Accounts {
		if a := &b.Accounts[i]; slices.Equal(a.Sources, []string{string(hall.KindPatrol)}) {
			ids[a.Violation] = true
		}
	}
	return ids
}

func (b *bulletinWriter) accuse(list []*accusation) []string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = b.say(a.sentence, "people", strings.Join(a.subjects, "、"), "dates", a.dates, "kind", b.kind(a.kind))
	}
	return texts
}

// doubts says which of a bunch is disputed: a name in public must not look more
// certain than it is.
func (b bunch) doubts() string {
	var parts []string
	for _, mark := range []string{hall.MarkContradicted, hall.MarkAppealed} {
		n := 0
		for _, v := range b.list {
			if slices.Contains(v.Marks, mark) {
				n++
			}
		}
		switch {
		case n == 0:
		case n == len(b.list):
			parts = append(parts, word(mark))
		default:
			parts = append(parts, fmt.Sprintf("%s%d次", word(mark), n))
		}
	}
	return bracketed(strings.Join(parts, "，"))
}

func (b *bulletinWriter) ranking() []string {
	var clauses []string
	for i := range b.Ranking {
		r := &b.Ranking[i]
		if n := len(r.Top); n > 0 {
			clauses = append(clauses, b.say("ranking_top", "who", b.rankedTogether(r), "n", chinese(n), "people", b.ranked(r.Top)))
		}
		if last := behind(r.Bottom); len(last) > 0 {
			clauses = append(clauses, b.say("ranking_bottom", "who", b.rankedTogether(r), "n", chinese(len(last)), "people", b.ranked(last)))
		}
	}
	if len(clauses) == 0 {
		return []string{b.say("ranking_none")}
	}
	return []string{b.say("ranking", "rankings", strings.Join(clauses, "；")) + b.see("ranking")}
}

// rankedTogether names the people of a ranking.
func (b *bulletinWriter) rankedTogether(r *hall.Ranking) string {
	if r.Class == "" {
		return "窗口人员"
	}
	return b.class(string(r.Class)) + "人员"
}

func (b *bulletinWriter) bonus() []string {
	var who []string
	items := map[string][]string{}
	serves := map[string]bool{} // the last item of whom is a service
	for i := range b.Bonus {
		line := &b.Bonus[i]
		name := b.served(line)
		if _, ok := items[name]; !ok {
			who = append(who, name)
		}
		sentence := "bonus_item"
		service := strings.HasSuffix(b.kind(line.Kind), "服务")
		if service && !serves[name] {
			sentence = "bonus_service"
		}
		serves[name] = service
		items[name] = append(items[name], b.say(sentence, "kind", b.kind(line.Kind), "count", strconv.FormatInt(line.Count, 10)))
	}
	if len(who) == 0 {
		return []string{b.say("bonus_none")}
	}
	texts := make([]string, len(who))
	for i, name := range who {
		texts[i] = b.say("bonus_of", "who", name, "items", strings.Join(items[name], "、"))
	}
	return []string{b.say("bonus", "list", strings.Join(texts, "；"))}
}

// served names who gave good service; windows that did so together by what the
// policy calls them, else by their full names.
func (b *bulletinWriter) served(line *hall.BonusLine) string {
	switch {
	case line.Person != nil:
		return b.seated(*line.Person)
	case len(line.Windows) < 2:
		return b.windowNames(line.Windows)
	}
	if name := b.words.JointName(line.Windows); name != "" {
		return name
	}
	return b.windowNames(line.Windows) + "联合"
}

func (b *bulletinWriter) awards() []string {
	var texts []string
	assessed := strconv.Itoa(len(b.Windows))
	if !slices.ContainsFunc(b.Awards, func(a hall.Awarded) bool { return a.Title == b.awardTitle() }) {
		texts = append(texts, b.say("awards_none", "assessed", assessed, "title", b.awardTitle()))
	}
	for i := range b.Awards {
		texts = append(texts, b.award(&b.Awards[i], assessed))
	}
	for _, v := range b.Vetoes {
		texts = append(texts, b.say("awards_veto", "window", b.window(v.Window), "date", dayTitle(v.Date), "kind", b.kind(v.Kind)))
	}
	return []string{strings.Join(texts, "") + b.see("awards")}
}

func (b *bulletinWriter) award(a *hall.Awarded, assessed string) string {
	var who []string
	for _, id := range a.Windows {
		who = append(who, b.window(id))
	}
	for _, id := range a.Persons {
		who = append(who, b.seated(id))
	}
	by := string(a.By)
	if name := b.Names.People[hall.PersonID(by)]; name != "" {
		by = name
	}
	values := []string{"assessed", assessed, "title", a.Title, "n", strconv.Itoa(len(who)), "by", by, "reason", bracketed(string(a.Reason))}
	switch {
	case a.By == "":
		return b.say("awards", append(values, "who", strings.Join(who, "、")+b.awardTie(a))...)
	case len(who) == 0:
		return b.say("awards_vacant", values...)
	case len(a.Windows) == 0:
		return b.say("awards_people", append(values, "who", strings.Join(who, "、"))...)
	}
	return b.say("awards_decided", append(values, "who", strings.Join(who, "、"))...)
}

// bracketed puts a remark in brackets, if there is one.
func bracketed(remark string) string {
	if remark == "" {
		return ""
	}
	return "（" + remark + "）"
}

// awardTie says that others with the same rank have no award.
func (b *bulletinWriter) awardTie(a *hall.Awarded) string {
	if a.Tied <= a.Taken {
		return ""
	}
	last := a.Windows[len(a.Windows)-1]
	i := slices.IndexFunc(b.Windows, func(w hall.WindowScore) bool { return w.Window == last })
	return fmt.Sprintf("（第%d名%d个窗口并列，按窗口号取%d个）", b.Windows[i].Rank, a.Tied, a.Taken)
}

// see points to the annex of a part, if it has one.
func (b *bulletinWriter) see(part string) string {
	for _, a := range b.annexes {
		if a.part == part {
			return b.say("see_annex", "n", strconv.Itoa(a.Number))
		}
	}
	return ""
}
