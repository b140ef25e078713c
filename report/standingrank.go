package report

// Who stands before and behind, and what an award was lost by.

import (
	"fmt"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/rules"
)

// personNeighbours puts a person among those who are ranked together.
func (e *expounder) personNeighbours(p *rules.Staff) {
	if p.Rank == nil {
		return
	}
	for i := range e.assessed().Staff {
		o := &e.assessed().Staff[i]
		if o.Rank == nil || o.Apart != p.Apart || p.Apart && o.Class != p.Class {
			continue
		}
		n := Neighbour{Person: new(o.Person), Window: o.Window, Name: o.Name, Score: o.Score, Rank: *o.Rank, Tied: *o.Tied, Difference: o.Score - p.Score}
		_, by := e.month.CompareStaff(o, p)
		n.By = hall.Name(by)
		n.Text = byText(&n, tieFigures{o.Deductions, p.Deductions, o.Bonus, p.Bonus, fullText(o.Full), fullText(p.Full), "", ""})
		e.neighbour(n, o.Person == p.Person)
	}
}

// windowNeighbours puts a window among the others.
func (e *expounder) windowNeighbours(w *rules.Window) {
	for i := range e.assessed().Windows {
		o := &e.assessed().Windows[i]
		n := Neighbour{Window: o.Window, Name: o.Name, Score: o.Score, Rank: o.Rank, Tied: o.Tied, Difference: o.Score - w.Score}
		_, by := e.month.CompareWindows(o, w)
		n.By = hall.Name(by)
		n.Text = byText(&n, tieFigures{o.Deductions, w.Deductions, o.Bonus, w.Bonus,
			fmt.Sprintf("满勤%d人", o.Full), fmt.Sprintf("满勤%d人", w.Full), fmt.Sprintf("%d件", o.Cases), fmt.Sprintf("%d件", w.Cases)})
		e.neighbour(n, o.Window == w.Window)
	}
}

// neighbour sorts one of the list, oneself included, into those ahead, level and
// behind.
func (e *expounder) neighbour(n Neighbour, self bool) {
	s := e.standing
	s.Ranked++
	switch {
	case self:
	case n.Rank < *s.Rank:
		s.Ahead = append(s.Ahead, n)
	case n.Rank == *s.Rank:
		s.Peers = append(s.Peers, n)
	case len(s.Behind) == 0 || s.Behind[0].Rank == n.Rank:
		s.Behind = append(s.Behind, n)
	}
}

func fullText(full bool) string {
	if full {
		return "满勤"
	}
	return "不满勤"
}

// tieFigures are what tie-breakers compare, theirs before one's own.
type tieFigures struct {
	deductions, ownDeductions hall.Points
	bonus, ownBonus           hall.Points
	full, ownFull             string
	cases, ownCases           string
}

// byText says what tells a neighbour apart.
func byText(n *Neighbour, f tieFigures) string {
	versus := func(rule string, their, own any) string {
		return fmt.Sprintf("得分相同，%s者在前：对方%v，自己%v", rule, their, own)
	}
	switch n.By {
	case rules.ByScore:
		if n.Difference < 0 {
			return fmt.Sprintf("得分低%s分", -n.Difference)
		}
		return fmt.Sprintf("得分高%s分", n.Difference)
	case hall.TieFewerDeductions:
		return versus("扣分少", f.deductions.String()+"分", f.ownDeductions.String()+"分")
	case hall.TieFullAttendance:
		return versus("满勤", f.full, f.ownFull)
	case hall.TieMoreBonus:
		return versus("加分多", f.bonus.String()+"分", f.ownBonus.String()+"分")
	case hall.TieMoreCases:
		return versus("办件多", f.cases, f.ownCases)
	}
	return "得分和办法规定的比较项都相同，并列"
}

// award says whether a window has the award, and what it was lost by.
func (e *expounder) award(w *rules.Window) *StandingAward {
	rulesOf := &e.policy.Assessment.Windows
	a := &StandingAward{Title: rulesOf.Title, Got: w.Award}
	if chosen := e.assessed().Chosen; chosen != nil {
		a.By, a.Text = hall.Name(chosen.By), fmt.Sprintf("由%s评定（%s），未选此窗口", chosen.By, chosen.Reason)
		if w.Award {
			a.Text = fmt.Sprintf("由%s评定：%s", chosen.By, chosen.Reason)
		}
		e.rest(chosen.UID)
		return a
	}
	switch {
	case rulesOf.Awards == 0:
		a.Text = "办法没有规定评选个数"
	case w.Award:
		a.Text = e.gotText(w)
	case len(w.Vetoes) > 0:
		a.Text = e.vetoText(w)
	default:
		a.Text = e.missedText(w)
	}
	return a
}

func (e *expounder) gotText(w *rules.Window) string {
	var passed []string
	for i := range e.assessed().Windows {
		o := &e.assessed().Windows[i]
		if o.Window == w.Window {
			break
		}
		if len(o.Vetoes) > 0 {
			passed = append(passed, o.Name)
		}
	}
	text := fmt.Sprintf("第%d名，评选%d个", w.Rank, e.policy.Assessment.Windows.Awards)
	if len(passed) > 0 {
		text += "；排在前面的" + strings.Join(passed, "、") + "被一票否决，顺延"
	}
	return text
}

func (e *expounder) vetoText(w *rules.Window) string {
	texts := make([]string, len(w.Vetoes))
	for i, v := range w.Vetoes {
		texts[i] = fmt.Sprintf("%s%s（%s，至%s）", v.Date, e.standing.Kinds[v.Kind], v.Violation, v.Until)
	}
	return "一票否决：" + strings.Join(texts, "；")
}

// missedText says of a window without veto who took the places.
func (e *expounder) missedText(w *rules.Window) string {
	n := e.policy.Assessment.Windows.Awards
	i := slices.IndexFunc(e.assessed().Windows, func(o rules.Window) bool { return o.Award && o.Rank == w.Rank })
	if i >= 0 {
		return fmt.Sprintf("第%d名有%d个窗口并列，评选的%d个名额不够，按窗口号从小到大取", w.Rank, w.Tied, n)
	}
	return fmt.Sprintf("第%d名，评选的%d个名额由名次在前的窗口取满", w.Rank, n)
}
