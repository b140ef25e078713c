package main

// November 2020 of the invented hall: the same events each time, so that what
// the demo prints can be checked line by line. Nobody in it exists.

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus"
)

const (
	demoHall  = hall.ID("demo")
	demoMonth = "2020-11"
	// demoSize is how many people a window has.
	demoSize = 3
)

// demoAsOf is when the month's bulletin is printed.
var demoAsOf = demoClock(time.December, 7, "09:00")

// demoWindows are the windows of the example policy with their case volumes of
// the month; they sum to 3710.
var demoWindows = []struct {
	id    hall.WindowID
	cases int
}{
	{"general", 148}, {"housing", 412}, {"market", 205}, {"market-branch", 131}, {"estate", 187},
	{"environment", 22}, {"fire", 17}, {"water-union", 96}, {"labour", 143}, {"gas", 618},
	{"power", 119}, {"seals", 64}, {"foreign", 28}, {"tax", 1236}, {"planning", 31},
	{"emergency", 14}, {"fund", 77}, {"police", 58}, {"medical", 84}, {"water-siyuan", 20},
}

// demoFull are the windows whose first person has full attendance. Everybody
// else loses it by leave, and one by coming late.
var demoFull = []hall.WindowID{"general", "market", "market-branch", "environment", "fire", "water-union", "labour", "gas"}

// demoBonus is the good service of the month.
var demoBonus = []struct {
	windows []hall.WindowID
	kind    string
	count   int
}{
	{[]hall.WindowID{"environment"}, "home_visit", 4},
	{[]hall.WindowID{"environment"}, "time_cut", 4},
	{[]hall.WindowID{"environment"}, "appointment", 1},
	{[]hall.WindowID{"estate"}, "time_cut", 14},
	{[]hall.WindowID{"housing"}, "time_cut", 28},
	{[]hall.WindowID{"water-union", "water-siyuan"}, "time_cut", 4},
	{[]hall.WindowID{"water-union", "water-siyuan"}, "home_visit", 4},
	{[]hall.WindowID{"power"}, "appointment", 3},
	{[]hall.WindowID{"power"}, "time_cut", 1},
	{[]hall.WindowID{"market-branch"}, "time_cut", 20},
	{[]hall.WindowID{"market"}, "time_cut", 9},
	{[]hall.WindowID{"planning"}, "after_hours", 1},
	{[]hall.WindowID{"planning"}, "approval_cut", 1},
	{[]hall.WindowID{"labour"}, "simplified", 1},
	{[]hall.WindowID{"labour"}, "after_hours", 1},
	{[]hall.WindowID{"emergency"}, "approval_cut", 2},
}

// demoStandIns are the mornings on which a window's stand-in came late, and who
// of the window was away that day, counted from 0.
var demoStandIns = []struct {
	window hall.WindowID
	away   int
	days   []int
}{
	{"housing", 0, []int{4, 12, 25}},
	{"market-branch", 1, []int{10}},
	{"power", 1, []int{9}},
}

// demoPerson returns the person at a place of a window, both from 0 on.
func demoPerson(window, place int) hall.PersonID {
	return hall.PersonID(fmt.Sprint(1001 + window*demoSize + place))
}

func demoOf(id hall.WindowID, place int) hall.PersonID {
	for i, w := range demoWindows {
		if w.id == id {
			return demoPerson(i, place)
		}
	}
	panic("demo names a window that it does not have: " + string(id))
}

// demoName makes a name that is nobody's.
func demoName(n int) string {
	family := []rune("尤严秦褚卫蒋沈韩杨朱许何吕施孔曹金陶姜戚")
	given := []string{"禾岚", "知远", "若溪", "一鸣", "雪思", "景行", "宁凯", "清和", "书言", "望舒", "子衿", "云帆"}
	return string(family[n*7%len(family)]) + given[n*5%len(given)]
}

// demoClock is a moment of 2020 in the hall.
func demoClock(month time.Month, day int, clock string) string {
	return fmt.Sprintf("2020-%02d-%02dT%s:00+08:00", int(month), day, clock)
}

// monthMaker collects the events of the month.
type monthMaker struct {
	random *rand.Rand
	events []bus.Outgoing
	late   []bus.Outgoing // of a terminal that was offline and sent them a day later
	count  map[hall.Kind]int
	leave  map[hall.PersonID][]demoLeave
	err    error
}

// demoLeave is leave on a day, whole or of one session.
type demoLeave struct {
	day     int
	session string // "" = the whole day
}

// fields are those of an event's body; JSON sorts them.
type fields map[string]any

// demoEvents yields the policy, the people and the whole month.
func demoEvents() iter.Seq2[bus.Outgoing, error] {
	m := &monthMaker{
		random: rand.New(rand.NewPCG(2020, 11)),
		count:  map[hall.Kind]int{},
		leave:  map[hall.PersonID][]demoLeave{},
	}
	m.policy()
	m.roster()
	m.leaves()
	m.days()
	m.forms()
	m.figures()
	return func(yield func(bus.Outgoing, error) bool) {
		for _, e := range slices.Concat(m.events, m.late) {
			if !yield(e, nil) {
				return
			}
		}
		if m.err != nil {
			yield(bus.Outgoing{}, m.err)
		}
	}
}

// event makes an event; its id is its number among those of its kind.
func (m *monthMaker) event(kind hall.Kind, source, at string, f fields) bus.Outgoing {
	m.count[kind]++
	id := fmt.Sprintf("%s-%05d", kind, m.count[kind])
	f["id"], f["time"] = id, at
	body, err := json.Marshal(f)
	if err != nil && m.err == nil {
		m.err = fmt.Errorf("make %s of the demo: %w", id, err)
	}
	return bus.Outgoing{
		Subject: hall.Subject(demoHall, kind, source), UID: hall.NewUID(demoHall, kind, source, id), Body: body,
	}
}

func (m *monthMaker) add(kind hall.Kind, source, at string, f fields) hall.UID {
	e := m.event(kind, source, at, f)
	m.events = append(m.events, e)
	return e.UID
}

func (m *monthMaker) policy() {
	_, document, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		m.err = fmt.Errorf("the example policy: %w", err)
		return
	}
	m.add(hall.KindPolicy, "desk", demoClock(time.January, 1, "09:00"), fields{"policy": json.RawMessage(document)})
}

func (m *monthMaker) roster() {
	for w := range demoWindows {
		for place := range demoSize {
			m.add(hall.KindRoster, "desk", demoClock(time.October, 30, "09:00"), demoRow(w, place, demoFrom, ""))
		}
	}
}

// demoFrom is the first day of everybody: the month before has case volumes and
// nobody who could be late.
const demoFrom = demoMonth + "-01"

// demoRow is a person's place; until may be empty.
func demoRow(window, place int, from, until string) fields {
	row := fields{
		"person": demoPerson(window, place), "name": demoName(window*demoSize + place), "window": demoWindows[window].id,
		"class": "resident", "from": from, "until": until,
	}
	if place == 0 {
		row["roles"] = []string{hall.RoleChiefRep}
	}
	return row
}

// leaves gives leave to everybody but those with full attendance and the one who
// loses it by coming late.
func (m *monthMaker) leaves() {
	for _, s := range demoStandIns {
		for _, day := range s.days {
			m.away(demoOf(s.window, s.away), "sick", demoLeave{day: day})
			m.add(hall.KindStandIn, "desk", demoClock(time.November, day, "08:00"), fields{
				"window": s.window, "from": demoDate(day), "until": demoDate(day), "for": demoOf(s.window, s.away),
			})
		}
	}
	kinds := []string{"annual", "personal", "sick"}
	for w := range demoWindows {
		for place := range demoSize {
			person := demoPerson(w, place)
			if len(m.leave[person]) > 0 || m.keepsFull(w, place) || person == demoOf("foreign", 0) {
				continue
			}
			l := demoLeave{day: m.quietDay(), session: []string{"", "morning", "afternoon"}[m.random.IntN(3)]}
			m.away(person, kinds[m.random.IntN(len(kinds))], l)
		}
	}
	// A trip covers and breaks nothing.
	m.away(demoOf("environment", 0), "trip", demoLeave{day: 19, session: "afternoon"})
}

func (m *monthMaker) keepsFull(window, place int) bool {
	return place == 0 && slices.Contains(demoFull, demoWindows[window].id)
}

// quietDay is a workday on which nothing else is told.
func (m *monthMaker) quietDay() int {
	for {
		day := 2 + m.random.IntN(29)
		if isDemoWorkday(day) && day != 13 && day != 17 {
			return day
		}
	}
}

// isDemoWorkday: November 2020 has weekends and no holiday.
func isDemoWorkday(day int) bool {
	weekday := time.Date(2020, time.November, day, 0, 0, 0, 0, time.UTC).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

func demoDate(day int) string { return fmt.Sprintf("%s-%02d", demoMonth, day) }

func (m *monthMaker) away(person hall.PersonID, kind string, l demoLeave) {
	m.leave[person] = append(m.leave[person], l)
	from, until := demoDate(l.day), demoDate(l.day)
	switch l.session {
	case "morning":
		from, until = demoClock(time.November, l.day, "08:30"), demoClock(time.November, l.day, "12:00")
	case "afternoon":
		from, until = demoClock(time.November, l.day, "14:00"), demoClock(time.November, l.day, "17:30")
	}
	m.add(hall.KindLeave, "desk", demoClock(time.November, max(1, l.day-1), "16:00"), fields{
		"person": person, "kind": kind, "from": from, "until": until, "approved_by": "9001",
	})
}

func (m *monthMaker) isAway(person hall.PersonID, day int, session string) bool {
	return slices.ContainsFunc(m.leave[person], func(l demoLeave) bool {
		return l.day == day && (l.session == "" || l.session == session)
	})
}

// days makes the punches, the patrols and the heartbeats of each workday.
func (m *monthMaker) days() {
	for day := 1; day <= 30; day++ {
		if !isDemoWorkday(day) {
			continue
		}
		m.punches(day, "morning", "in")
		m.patrols(day, "morning", "09:20")
		m.punches(day, "morning", "out")
		m.punches(day, "afternoon", "in")
		m.patrols(day, "afternoon", "15:10")
		m.punches(day, "afternoon", "out")
		for _, terminal := range []string{"T01", "T02"} {
			m.add(hall.KindTerminal, terminal, demoClock(time.November, day, "20:00"), fields{
				"terminal": terminal, "state": "alive", "complete_until": demoClock(time.November, day, "19:00"),
			})
		}
	}
}

// demoEdges are the stretches in which people punch: from, and for how many
// seconds.
var demoEdges = map[string]struct {
	from    string
	seconds int
}{
	"morning in": {"08:02", 27 * 60}, "morning out": {"12:00", 14 * 60},
	"afternoon in": {"13:31", 28 * 60}, "afternoon out": {"17:30", 21 * 60},
}

func (m *monthMaker) punches(day int, session, edge string) {
	at := demoEdges[session+" "+edge]
	start, err := time.Parse(time.RFC3339, demoClock(time.November, day, at.from))
	if err != nil {
		panic("a time of the demo is none: " + err.Error())
	}
	var round []demoPunch
	for w := range demoWindows {
		for place := range demoSize {
			// Drawn for everybody: leave of one must not move the others.
			p := demoPunch{person: demoPerson(w, place), terminal: "T01"}
			p.at = start.Add(time.Duration(m.random.IntN(at.seconds)) * time.Second)
			if m.random.IntN(2) == 1 {
				p.terminal = "T02"
			}
			if m.isAway(p.person, day, session) || m.missed(p.person, day, session, edge) {
				continue
			}
			if late := demoLate(p.person, day, session, edge); late > 0 {
				p.at = start.Add(28*time.Minute + late)
			}
			round = append(round, p)
		}
	}
	slices.SortStableFunc(round, func(a, b demoPunch) int { return a.at.Compare(b.at) })
	for _, p := range round {
		m.punch(p, edge, day)
	}
}

// demoPunch is a punch before it has an id.
type demoPunch struct {
	person   hall.PersonID
	at       time.Time
	terminal string
}

// punch makes the event. T02 was cut off on the 24th and sent its day on the
// 25th.
func (m *monthMaker) punch(p demoPunch, edge string, day int) {
	f := fields{"person": p.person, "method": "face", "direction": edge, "terminal": p.terminal}
	at := p.at.Format(time.RFC3339)
	if day != 24 || p.terminal != "T02" {
		m.add(hall.KindPunch, p.terminal, at, f)
		return
	}
	f["received_at"] = demoClock(time.November, 25, "08:05")
	m.late = append(m.late, m.event(hall.KindPunch, p.terminal, at, f))
}

// missed are the punches that nobody made: a power cut on the 17th, and one
// that was forgotten on the 20th.
func (m *monthMaker) missed(person hall.PersonID, day int, session, edge string) bool {
	return day == 17 && session == "morning" && edge == "in" ||
		day == 20 && session == "morning" && edge == "out" && person == demoOf("gas", 0)
}

// demoLate is by how much somebody comes late.
func demoLate(person hall.PersonID, day int, session, edge string) time.Duration {
	if person != demoOf("foreign", 0) || session != "morning" || edge != "in" {
		return 0
	}
	return map[int]time.Duration{6: 8*time.Minute + 20*time.Second, 9: 17*time.Minute + 5*time.Second}[day]
}
