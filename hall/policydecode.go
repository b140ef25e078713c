package hall

// From a policy document to a Policy. Defaults stand here; what may not stand
// together is in policyvalidate.go.

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DecodePolicy reads a policy document, which is JSON, and validates it. Its
// error is a PolicyErrors with everything that is wrong at once. Unknown keys
// pass: a document of a newer version stays readable (UnknownPolicyKeys lists
// them).
func DecodePolicy(doc []byte) (*Policy, error) {
	p, r := readPolicy(doc)
	if p != nil {
		p.validate(r)
	}
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return p, nil
}

// UnknownPolicyKeys returns the keys of a policy document that no policy has,
// with the key that was probably meant, in the order of the document's
// sections. The edges refuse such a document. It is nil where the document is
// no JSON object.
func UnknownPolicyKeys(doc []byte) []PolicyError {
	_, r := readPolicy(doc)
	return r.unknown
}

func readPolicy(doc []byte) (*Policy, *policyReader) {
	r := &policyReader{}
	tree, err := parsePolicyTree(doc)
	if err != nil {
		r.fail("$", "", "is not JSON: "+err.Error(), "want one JSON object")
		return nil, r
	}
	if _, ok := tree.(map[string]any); !ok {
		policyNode{r: r, path: "$", value: tree}.wrong("a map of keys and values")
		return nil, r
	}
	return decodePolicy(policyNode{r: r, path: "$", value: tree}.object(true)), r
}

func decodePolicy(o *policyObject) *Policy {
	defer o.close()
	p := &Policy{}
	p.Hall = decodeHall(o.get("hall"))
	p.Name = o.get("name").text()
	if p.Name == "" {
		p.Name = string(p.Hall)
	}
	p.Zone = decodeZone(o.get("timezone"))
	effective := o.get("effective")
	if p.Effective = effective.date(); !effective.given() {
		effective.wrong("the first date that this policy governs, such as 2020-11-01")
	}
	p.Calendar = decodeCalendarRules(o.get("calendar").object(false))
	p.Timetables = decodeEach(o.get("timetables"), decodeTimetable)
	p.Classes = decodeEach(o.get("classes"), decodeClass)
	p.Units = decodeEach(o.get("units"), decodeUnit)
	p.Windows = decodeEach(o.get("windows"), decodeWindow)
	p.Punctuality = decodePunctuality(o.get("punctuality").object(false))
	p.Leave = decodeEach(o.get("leave"), decodeLeaveKind)
	p.Discipline = decodeEach(o.get("discipline"), decodeDiscipline)
	p.Bonus = decodeEach(o.get("bonus"), decodeBonusKind)
	p.Assessment = decodeAssessment(o.get("assessment").object(false))
	p.Wait = decodeWait(o.get("terminals").object(false))
	p.Bulletin = decodeBulletin(o.get("bulletin").object(false))
	return p
}

// decodeEach reads a list of maps. A bad element keeps its place so that paths
// stay true.
func decodeEach[T any](n policyNode, decode func(*policyObject) T) []T {
	var list []T
	for _, item := range n.items() {
		o := item.object(true)
		if o.members == nil {
			list = append(list, *new(T))
			continue
		}
		list = append(list, decode(o))
		o.close()
	}
	return list
}

func decodeHall(n policyNode) ID {
	s := n.token()
	if _, err := ParseDate(s); err == nil {
		n.wrong("a name that is no date")
		return ""
	}
	return ID(s)
}

func decodeZone(n policyNode) *time.Location {
	name, _ := n.value.(string)
	zone, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		n.wrong("a time zone of the IANA list, such as Asia/Shanghai")
		return nil
	}
	return zone
}

func decodeCalendarRules(o *policyObject) CalendarRules {
	defer o.close()
	c := CalendarRules{
		Statutory: o.get("statutory").choice("CN", "none") == "CN",
		Weekend:   []time.Weekday{time.Saturday, time.Sunday},
	}
	if weekend := o.get("weekend"); weekend.given() {
		c.Weekend = weekend.weekdays()
	}
	c.Closed = o.get("closed").dates()
	c.Open = o.get("open").dates()
	return c
}

func decodeTimetable(o *policyObject) Timetable {
	t := Timetable{Name: o.get("name").text(), From: o.get("from").monthDay()}
	if group := o.get("group"); group.given() {
		t.Group = group.token()
	}
	if works := o.get("works"); works.given() {
		t.HasWorks, t.Works = true, works.weekdays()
	}
	sessions, weekdays := o.get("sessions"), o.get("weekdays")
	if !sessions.given() && !weekdays.given() {
		sessions.wrong("the sessions of a day")
	}
	t.Sessions = decodeEach(sessions, decodeSession)
	t.Weekdays = decodeWeekdays(weekdays.object(false))
	return t
}

func decodeWeekdays(o *policyObject) map[time.Weekday][]Session {
	days := make(map[time.Weekday][]Session, len(o.members))
	for _, name := range slices.Sorted(maps.Keys(o.members)) {
		day, ok := policyWeekday(name)
		if !ok {
			o.r.note(PolicyError{
				Path: o.path + "." + name, Value: strconv.Quote(clipped(name)), OfKey: true,
				Problem: "is no weekday", Allowed: suggest(name, policyWeekdays, "allowed"),
			})
			continue
		}
		days[day] = decodeEach(o.get(name), decodeSession)
	}
	if len(days) == 0 {
		return nil
	}
	return days
}

func decodeSession(o *policyObject) Session {
	s := Session{Name: o.get("name").token()}
	punch := o.get("punch").choice("both", "start", "end", "none")
	s.PunchIn = punch == "both" || punch == "start"
	s.PunchOut = punch == "both" || punch == "end"
	if grace := o.get("grace"); grace.given() {
		s.Grace = new(grace.minutes(0))
	}
	startNode, endNode, in, out := o.get("start"), o.get("end"), o.get("in"), o.get("out")
	start, okStart := startNode.clock()
	end, okEnd := endNode.clock()
	if okStart && start >= DayEnd {
		startNode.wrong(`a time before "24:00"`)
		okStart = false
	}
	crosses := end <= start
	inBand := decodeBand(in, func(b *Band) {
		if crosses && b.Until <= b.From {
			b.Until += DayEnd
		}
	})
	outBand := decodeBand(out, func(b *Band) {
		if crosses {
			b.From, b.Until = nextDay(b.From, start), nextDay(b.Until, start)
		}
	})
	if !okStart || !okEnd {
		return s
	}
	if crosses {
		end += DayEnd
	}
	s.Start, s.End, s.In, s.Out = start, end, inBand, outBand
	return s
}

// nextDay moves a time that lies before the start of its session behind
// midnight.
func nextDay(c, start Clock) Clock {
	if c < start {
		return c + DayEnd
	}
	return c
}

// decodeBand reads [from, until]; shift moves bounds to the next day. It is nil
// where nothing stands or something is wrong.
func decodeBand(n policyNode, shift func(*Band)) *Band {
	if !n.given() {
		return nil
	}
	list, _ := n.value.([]any)
	if len(list) != 2 {
		n.wrong(`two times such as ["07:00", "10:15"]`)
		return nil
	}
	items := n.items()
	from, okFrom := items[0].clock()
	until, okUntil := items[1].clock()
	if !okFrom || !okUntil {
		return nil
	}
	b := &Band{From: from, Until: until}
	shift(b)
	return b
}

func decodeClass(o *policyObject) Class {
	c := Class{
		Name:    o.get("name").kind(),
		Ranked:  o.get("ranked").flag(false),
		Apart:   o.get("apart").flag(false),
		StandIn: o.get("stand_in").flag(false),
	}
	punches := o.get("punches")
	if c.Punches = punches.flag(false); !punches.given() {
		punches.wrong("true or false: are these people due to punch?")
	}
	return c
}

func decodeUnit(o *policyObject) Unit {
	return Unit{ID: o.get("id").token(), Name: o.get("name").name()}
}

func decodeWindow(o *policyObject) Window {
	w := Window{
		ID:       WindowID(o.get("id").token()),
		Name:     o.get("name").name(),
		Former:   o.get("former").texts(),
		Aliases:  o.get("aliases").texts(),
		Unit:     o.get("unit").text(),
		Assessed: o.get("assessed").flag(true),
		From:     o.get("from").date(),
		Until:    o.get("until").date(),
	}
	number := o.get("number")
	if w.Number = number.count(-1, 0, policyMaxCount); !number.given() {
		number.wrong("the number of the window, which no other has")
	}
	return w
}

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
			suggest(item.text(), PunctualityKinds, "allowed"))
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

func decodeWait(o *policyObject) time.Duration {
	defer o.close()
	return o.get("wait").duration(24*time.Hour, policyMaxWait)
}

// BulletinParts are the parts that a bulletin may have, in its usual order.
var BulletinParts = []string{
	"focus", "cases", "attendance", "patrol", "ranking", "bonus", "awards", "next_month", "annexes",
}

// decodeBulletin lets parts pass that it does not know, as it does with keys: a
// newer program may print them.
func decodeBulletin(o *policyObject) Bulletin {
	defer o.close()
	b := Bulletin{Issuer: o.get("issuer").text()}
	for _, item := range o.get("parts").items() {
		part := item.name()
		b.Parts = append(b.Parts, part)
		if part != "" && !slices.Contains(BulletinParts, part) {
			o.r.unknown = append(o.r.unknown, PolicyError{
				Path: item.path, Value: item.shown(), Problem: "unknown part of the bulletin",
				Allowed: suggest(part, BulletinParts, "allowed"),
			})
		}
	}
	return b
}
