package hall

// From a policy document to what costs and earns points.

import (
	"slices"
	"strings"
	"time"
)

func decodePunctuality(o *policyObject) Punctuality {
	defer o.close()
	return Punctuality{
		Grace:          o.get("grace").minutes(0),
		Late:           decodeOffence(o.get("late"), true, false),
		EarlyLeave:     decodeOffence(o.get("early_leave"), true, false),
		HalfDayAbsence: decodeOffence(o.get("half_day_absence"), true, true),
		Absence:        decodeOffence(o.get("absence"), false, false),
		MissingPunch:   decodeOffence(o.get("missing_punch"), false, false),
		Tolerance:      decodeTolerance(o.get("tolerance")),
		Repeat:         decodePunctualityRepeat(o.get("repeat")),
		Correction:     decodeCorrectionRules(o.get("correction").object(false)),
	}
}

// decodeOffence reads points, or steps by minutes where the offence has
// minutes, and from which minute on it arises where it has such a threshold.
func decodeOffence(n policyNode, minutes, threshold bool) *Offence {
	o := n.object(false)
	if o.members == nil {
		return nil
	}
	defer o.close()
	f := &Offence{}
	if threshold {
		from := o.get("from")
		if f.From = from.minutes(0); !from.given() {
			from.wrong("the minutes from which it arises, such as 30m")
		}
	}
	points := o.get("points")
	if minutes {
		f.Steps = decodeEach(o.get("steps"), decodeStep)
	}
	if points.given() || len(f.Steps) == 0 {
		f.Points = points.points(policyMaxPoints)
	}
	return f
}

func decodeStep(o *policyObject) Step {
	return Step{From: o.get("from").minutes(0), Points: o.get("points").points(policyMaxPoints)}
}

func decodeTolerance(n policyNode) *Tolerance {
	o := n.object(false)
	if o.members == nil {
		return nil
	}
	defer o.close()
	return &Tolerance{
		Kinds:    decodeKinds(o.get("kinds")),
		PerMonth: o.get("per_month").count(0, 0, policyMaxCount),
		UpTo:     o.get("up_to").minutes(int(policyMaxShift / time.Minute)),
	}
}

// decodeKinds reads punctuality kinds.
func decodeKinds(n policyNode) []string {
	var kinds []string
	for _, item := range n.items() {
		if kind := item.text(); slices.Contains(PunctualityKinds, kind) {
			kinds = append(kinds, kind)
			continue
		}
		item.r.fail(item.path, item.shown(), "is no punctuality kind",
			Suggest(item.text(), PunctualityKinds, "allowed"))
	}
	if !n.given() {
		n.wrong("a list of " + strings.Join(PunctualityKinds, ", "))
	}
	return kinds
}

func decodePunctualityRepeat(n policyNode) *PunctualityRepeat {
	o := n.object(false)
	if o.members == nil {
		return nil
	}
	defer o.close()
	return &PunctualityRepeat{Kinds: decodeKinds(o.get("kinds")), Repeat: decodeFactor(o)}
}

func decodeRepeat(n policyNode) *Repeat {
	o := n.object(false)
	if o.members == nil {
		return nil
	}
	defer o.close()
	return new(decodeFactor(o))
}

func decodeFactor(o *policyObject) Repeat {
	after, factor := o.get("after"), o.get("factor")
	if !after.given() {
		after.wrong("the number of times before the factor holds")
	}
	return Repeat{After: after.count(0, 0, policyMaxCount), Factor: factor.points(policyMaxFactor)}
}

func decodeCorrectionRules(o *policyObject) CorrectionRules {
	defer o.close()
	c := CorrectionRules{BreaksFullAttendance: o.get("breaks_full_attendance").flag(false)}
	if n := o.get("within_workdays"); n.given() {
		c.WithinWorkdays = new(n.count(0, 0, policyMaxCount))
	}
	if n := o.get("own_per_month"); n.given() {
		c.OwnPerMonth = new(n.count(0, 0, policyMaxCount))
	}
	return c
}

// nameOf is a kind's name, which defaults to the kind itself.
func nameOf(n policyNode, kind string) string {
	if name := n.text(); name != "" {
		return name
	}
	return kind
}

func decodeLeaveKind(o *policyObject) LeaveKind {
	kind := o.get("kind").kind()
	return LeaveKind{
		Kind:                 kind,
		Name:                 nameOf(o.get("name"), kind),
		BreaksFullAttendance: o.get("breaks_full_attendance").flag(true),
		Covers:               o.get("covers").flag(true),
	}
}

func decodeDiscipline(o *policyObject) Discipline {
	kind := o.get("kind").kind()
	d := Discipline{
		Kind:                 kind,
		Name:                 nameOf(o.get("name"), kind),
		Points:               o.get("points").points(policyMaxPoints),
		Repeat:               decodeRepeat(o.get("repeat")),
		Clause:               o.get("clause").text(),
		Category:             o.get("category").text(),
		Veto:                 o.get("veto").flag(false),
		BreaksFullAttendance: o.get("breaks_full_attendance").flag(false),
	}
	term := o.get("veto_for")
	d.VetoFor = Term(term.choice(string(TermMonth), string(TermQuarter), string(TermYear)))
	if term.given() && !d.Veto {
		term.wrong("veto: true beside it, since without a veto there is no term")
	}
	subject := o.get("subject")
	if d.WindowPays = subject.choice("person", "window") == "window"; !subject.given() {
		subject.wrong("person or window: who pays?")
	}
	shared := o.get("shared").object(false)
	if share := shared.get("chief_rep"); share.given() {
		d.ChiefRepShare = share.points(10 * Point)
	}
	shared.close()
	return d
}

func decodeBonusKind(o *policyObject) BonusKind {
	kind := o.get("kind").kind()
	return BonusKind{
		Kind:              kind,
		Name:              nameOf(o.get("name"), kind),
		Points:            o.get("points").points(policyMaxPoints),
		NeedsVerification: o.get("needs_verification").flag(false),
		Cap:               o.get("cap").maybePoints(),
	}
}

func decodeAssessment(o *policyObject) Assessment {
	defer o.close()
	a := Assessment{
		Staff:          decodeStaffRules(o.get("staff").object(false)),
		Windows:        decodeWindowRules(o.get("windows").object(false)),
		SealDay:        o.get("seal_day").count(5, 1, 31),
		AppealWorkdays: o.get("appeal_workdays").count(3, 0, 366),
	}
	o.get("ties").choice("same_rank")
	breakers := []string{TieFewerDeductions, TieFullAttendance, TieMoreBonus, TieMoreCases}
	for _, item := range o.get("tie_breakers").items() {
		if !item.given() {
			item.wrong("one of " + strings.Join(breakers, ", "))
			continue
		}
		a.TieBreakers = append(a.TieBreakers, item.choice(breakers...))
	}
	return a
}

func decodeStaffRules(o *policyObject) StaffRules {
	defer o.close()
	s := StaffRules{
		Base:       100 * Point,
		BonusCap:   o.get("bonus_cap").maybePoints(),
		Top:        o.get("top").count(3, 0, policyMaxCount),
		Bottom:     o.get("bottom").count(3, 0, policyMaxCount),
		MinDays:    o.get("min_days").count(0, 0, 31),
		Categories: decodeEach(o.get("categories"), decodeCategory),
	}
	if base := o.get("base"); base.given() {
		s.Base = base.points(policyMaxPoints)
	}
	s.Floor = decodeFloor(o.get("floor"))
	if bonus := o.get("full_attendance_bonus"); bonus.given() {
		s.FullAttendanceBonus = bonus.points(policyMaxPoints)
	}
	return s
}

// decodeFloor reads points, or `none`, which is as good as nothing.
func decodeFloor(n policyNode) *Points {
	if text, ok := n.value.(string); ok {
		if text != "none" {
			n.wrong("a number of points, or none")
		}
		return nil
	}
	return n.maybePoints()
}

func decodeCategory(o *policyObject) Category {
	return Category{Name: o.get("name").kind(), Max: o.get("max").points(policyMaxPoints)}
}

func decodeWindowRules(o *policyObject) WindowRules {
	defer o.close()
	w := WindowRules{
		BonusCap: o.get("bonus_cap").maybePoints(),
		Awards:   o.get("awards").count(0, 0, policyMaxCount),
		Title:    o.get("title").text(),
	}
	if w.Title == "" {
		w.Title = "优秀服务窗口"
	}
	return w
}
