package naivetest

// The policy document as hall-full.yaml explains it, read from a generic map.

import (
	"math/big"
	"time"
)

type policy struct {
	hall, name, zone string
	effective        date
	madeBy           *event // nil for a policy file
	file             int    // its place among the files

	statutory    bool
	weekend      map[string]bool
	closed, open map[date]bool

	timetables []timetable
	classes    map[string]class
	windows    map[string]window

	grace       int64 // seconds, as all durations
	punctuality map[string]offence
	tolerance   *tolerance
	repeat      *repeat
	correction  correction

	leave      map[string]leaveKind
	discipline map[string]discipline
	bonus      map[string]bonusKind

	base, staffCap, windowCap, fullBonus *big.Rat
	floor                                *big.Rat // nil: none
	minDays                              int64
	categories                           map[string]*big.Rat
	top, bottom                          int64
	awards                               int64
	title                                string
	tieBreakers                          []string

	wait int64
}

type timetable struct {
	from, group string
	works       map[string]bool // nil: the hall's workdays
	sessions    []session
	weekdays    map[string][]session
}

// session as planned on some day: its times count from that day's midnight.
type session struct {
	name              string
	start, end        int64
	plansIn, plansOut bool
	in, out           *band
	grace             int64
}

type band struct{ from, until int64 }

type class struct{ punches, ranked, apart, standIn bool }

type window struct {
	id, name    string
	number      int64
	assessed    bool
	from, until date
}

type offence struct {
	points *big.Rat
	steps  []step
	from   int64 // of half_day_absence
}

type step struct {
	from   int64
	points *big.Rat
}

type tolerance struct {
	kinds    map[string]bool
	perMonth int64
	upTo     int64
}

type repeat struct {
	kinds  map[string]bool
	after  int64
	factor *big.Rat
}

type correction struct {
	within, own int64 // noLimit where nothing is said
	breaks      bool
}

const noLimit = -1

type leaveKind struct{ breaks, covers bool }

type discipline struct {
	subject, category string
	points, share     *big.Rat
	repeat            *repeat
	breaks, veto      bool
	vetoFor           string
}

type bonusKind struct {
	order  int
	points *big.Rat
	cap    *big.Rat // nil: none
	verify bool
}

// readPolicy reads a document; ok false when it has no effective date, name of hall or zone.
func readPolicy(doc map[string]any) (*policy, bool) {
	n := node{plain(doc)}
	p := &policy{hall: n.text("hall"), name: n.text("name"), zone: n.text("timezone")}
	effective, ok := parseDate(n.text("effective"))
	if _, err := time.LoadLocation(p.zone); err != nil || !ok || p.hall == "" || p.zone == "" {
		return nil, false
	}
	p.effective = effective
	p.readCalendar(n.at("calendar"))
	for _, t := range n.list("timetables") {
		p.timetables = append(p.timetables, readTimetable(t, t.at("sessions")))
	}
	p.readPlaces(n)
	p.readPunctuality(n.at("punctuality"))
	p.readKinds(n)
	p.readAssessment(n.at("assessment"))
	p.wait = n.at("terminals").duration("wait", 24*60*60)
	for i := range p.timetables {
		p.timetables[i].fillGrace(p.grace)
	}
	return p, true
}

func readablePolicy(doc map[string]any) bool {
	_, ok := readPolicy(doc)
	return ok
}

func (p *policy) readCalendar(n node) {
	p.statutory = n.text("statutory") == "CN"
	p.weekend, p.closed, p.open = map[string]bool{}, map[date]bool{}, map[date]bool{}
	for _, day := range n.list("weekend") {
		p.weekend[day.string()] = true
	}
	for _, day := range n.list("closed") {
		d, _ := parseDate(day.string())
		p.closed[d] = true
	}
	for _, day := range n.list("open") {
		d, _ := parseDate(day.string())
		p.open[d] = true
	}
}

func readTimetable(n, sessions node) timetable {
	t := timetable{from: n.text("from"), group: n.text("group"), weekdays: map[string][]session{}}
	if n.has("works") {
		t.works = map[string]bool{}
		for _, day := range n.list("works") {
			t.works[day.string()] = true
		}
	}
	t.sessions = readSessions(sessions)
	for _, day := range sortedKeys(n.object("weekdays")) {
		t.weekdays[day] = readSessions(n.at("weekdays").at(day))
	}
	return t
}

func readSessions(n node) []session {
	var out []session
	for _, e := range n.elements() {
		s := session{name: e.text("name"), grace: e.duration("grace", -1)}
		s.start, _ = parseClock(e.text("start"))
		s.end, _ = parseClock(e.text("end"))
		if s.end <= s.start {
			s.end += daySeconds // crosses midnight
		}
		punch := e.text("punch")
		s.plansIn, s.plansOut = punch == "both" || punch == "start", punch == "both" || punch == "end"
		s.in, s.out = readBand(e.list("in")), readBand(e.list("out"))
		s.shiftBands()
		out = append(out, s)
	}
	return out
}

// shiftBands puts the bands of a session that crosses midnight where they belong: the start's may reach into the
// next day, of the end's what lies before the start is on the next day.
func (s *session) shiftBands() {
	if s.end < daySeconds {
		return
	}
	if s.in != nil && s.in.until <= s.in.from {
		s.in.until += daySeconds
	}
	if s.out != nil && s.out.from < s.start {
		s.out.from += daySeconds
	}
	if s.out != nil && s.out.until < s.start {
		s.out.until += daySeconds
	}
}

func readBand(list []node) *band {
	if len(list) != 2 {
		return nil
	}
	from, _ := parseClock(list[0].string())
	until, _ := parseClock(list[1].string())
	return &band{from, until}
}

// fillGrace gives sessions without a grace of their own that of the policy.
func (t *timetable) fillGrace(grace int64) {
	fill := func(list []session) {
		for i := range list {
			if list[i].grace < 0 {
				list[i].grace = grace
			}
		}
	}
	fill(t.sessions)
	for _, list := range t.weekdays {
		fill(list)
	}
}

func (p *policy) readPlaces(n node) {
	p.classes, p.windows = map[string]class{}, map[string]window{}
	for _, c := range n.list("classes") {
		p.classes[c.text("name")] = class{c.truth("punches", false), c.truth("ranked", false), c.truth("apart", false), c.truth("stand_in", false)}
	}
	for _, e := range n.list("windows") {
		w := window{id: e.text("id"), name: e.text("name"), number: e.whole("number", 0), assessed: e.truth("assessed", true)}
		var ok bool
		if w.from, ok = parseDate(e.text("from")); !ok {
			w.from = -1 << 40
		}
		if w.until, ok = parseDate(e.text("until")); !ok {
			w.until = 1 << 40
		}
		p.windows[w.id] = w
	}
}

func (p *policy) readPunctuality(n node) {
	p.grace = n.duration("grace", 0)
	p.punctuality = map[string]offence{}
	for _, kind := range punctualityKinds() {
		if n.has(kind) {
			p.punctuality[kind] = readOffence(n.at(kind))
		}
	}
	if n.has("tolerance") {
		t := n.at("tolerance")
		p.tolerance = &tolerance{t.set("kinds"), t.whole("per_month", 0), t.duration("up_to", 0)}
	}
	if n.has("repeat") {
		r := n.at("repeat")
		p.repeat = &repeat{r.set("kinds"), r.whole("after", 0), r.rational("factor", whole(1))}
	}
	c := n.at("correction")
	p.correction = correction{c.whole("within_workdays", noLimit), c.whole("own_per_month", noLimit), c.truth("breaks_full_attendance", false)}
}

func readOffence(n node) offence {
	o := offence{points: n.rational("points", zero()), from: n.duration("from", farAhead)}
	for _, s := range n.list("steps") {
		o.steps = append(o.steps, step{s.duration("from", 0), s.rational("points", zero())})
	}
	return o
}

func (p *policy) readKinds(n node) {
	p.leave, p.discipline, p.bonus = map[string]leaveKind{}, map[string]discipline{}, map[string]bonusKind{}
	for _, l := range n.list("leave") {
		p.leave[l.text("kind")] = leaveKind{l.truth("breaks_full_attendance", true), l.truth("covers", true)}
	}
	for _, e := range n.list("discipline") {
		d := discipline{subject: e.text("subject"), category: e.text("category"), points: e.rational("points", zero()),
			share: e.at("shared").rational("chief_rep", zero()), breaks: e.truth("breaks_full_attendance", false), veto: e.truth("veto", false), vetoFor: e.text("veto_for")}
		if e.has("repeat") {
			r := e.at("repeat")
			d.repeat = &repeat{nil, r.whole("after", 0), r.rational("factor", whole(1))}
		}
		p.discipline[e.text("kind")] = d
	}
	for i, e := range n.list("bonus") {
		p.bonus[e.text("kind")] = bonusKind{i, e.rational("points", zero()), e.rational("cap", nil), e.truth("needs_verification", false)}
	}
}

func (p *policy) readAssessment(n node) {
	staff, windows := n.at("staff"), n.at("windows")
	p.base = staff.rational("base", whole(100))
	p.staffCap, p.windowCap = staff.rational("bonus_cap", nil), windows.rational("bonus_cap", nil)
	p.fullBonus = staff.rational("full_attendance_bonus", zero())
	p.floor = staff.rational("floor", nil)
	p.top, p.bottom = staff.whole("top", 3), staff.whole("bottom", 3)
	p.minDays = staff.whole("min_days", 0)
	p.categories = map[string]*big.Rat{}
	for _, c := range staff.list("categories") {
		p.categories[c.text("name")] = c.rational("max", zero())
	}
	p.awards, p.title = windows.whole("awards", 0), windows.text("title")
	for _, b := range n.list("tie_breakers") {
		p.tieBreakers = append(p.tieBreakers, b.string())
	}
}

// apart are the pools of the classes that are ranked by themselves; the generator has one.
func (p *policy) apart() []string {
	var pools []string
	for _, name := range sortedKeys(p.classes) {
		if p.classes[name].apart {
			pools = append(pools, "apart "+name)
		}
	}
	return pools
}

// punctualityKinds from the mildest to the severest (contract 5.8).
func punctualityKinds() []string {
	return []string{"late", "early_leave", "missing_punch", "half_day_absence", "absence"}
}

// severity counts from 1; 0 is no punctuality kind.
func severity(kind string) int {
	for i, k := range punctualityKinds() {
		if k == kind {
			return i + 1
		}
	}
	return 0
}

// names says whether the policy knows a kind that inspectors may note.
func (p *policy) names(kind string) bool {
	_, a := p.discipline[kind]
	_, b := p.punctuality[kind]
	return a || b
}

// pointsOf: from punctuality where it has the kind, else from discipline (contract 5.5, 5.8).
func (p *policy) pointsOf(kind string, minutes *int64) *big.Rat {
	o, ok := p.punctuality[kind]
	if !ok {
		if d, ok := p.discipline[kind]; ok {
			return d.points
		}
		return zero()
	}
	if len(o.steps) == 0 {
		return o.points
	}
	if minutes == nil {
		return o.steps[0].points
	}
	points := zero()
	for _, s := range o.steps {
		if *minutes*60 >= s.from {
			points = s.points
		}
	}
	return points
}
