package bench

// The load: halls of people who punch four times a workday, with what else a
// hall sends. The same Load makes the same events.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"strconv"
	"time"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus"
)

// Load says how many events of which kinds there are.
type Load struct {
	Halls  int `json:"halls"`
	People int `json:"people"` // all halls together
	Days   int `json:"days"`   // workdays, Monday to Friday, from 2020-11-02 on
	Mix    Mix `json:"mix"`
}

// Mix is how many events of a kind come with a thousand punches.
type Mix struct {
	Patrol     int `json:"patrol"`
	Leave      int `json:"leave"`
	Correction int `json:"correction"`
	Ruling     int `json:"ruling"`
	Terminal   int `json:"terminal"` // heartbeats
}

// UsualMix is about what a hall of a hundred people sends.
var UsualMix = Mix{Patrol: 5, Leave: 4, Correction: 3, Ruling: 1, Terminal: 20}

// firstDay is a Monday. Its month has 21 workdays and no holiday.
var firstDay = hall.NewDate(2020, 11, 2)

// rounds are the stretches of a day in which everybody punches: from, and for how
// many seconds.
var rounds = [...]struct {
	from, seconds int
	edge          string
}{
	{8 * 3600, 1800, "in"}, {12 * 3600, 900, "out"}, {13*3600 + 1800, 1800, "in"}, {17*3600 + 1800, 900, "out"},
}

// One in so many punches is late, or is forgotten.
const (
	lateOne   = 100
	forgotOne = 200
)

func (l Load) validate() error {
	switch {
	case l.Halls < 1 || l.Halls > 9999:
		return fmt.Errorf("%w load: %d halls: want 1 to 9999", hall.ErrInvalid, l.Halls)
	case l.People < l.Halls || l.People > 2_000_000:
		return fmt.Errorf("%w load: %d people: want at least one for each of the %d halls and at most 2000000", hall.ErrInvalid, l.People, l.Halls)
	case l.Days < 1 || l.Days > 2*260:
		return fmt.Errorf("%w load: %d days: want 1 to 520 workdays", hall.ErrInvalid, l.Days)
	}
	for _, n := range []int{l.Mix.Patrol, l.Mix.Leave, l.Mix.Correction, l.Mix.Ruling, l.Mix.Terminal} {
		if n < 0 || n > 1000 {
			return fmt.Errorf("%w load: %d of a kind with a thousand punches: want 0 to 1000", hall.ErrInvalid, n)
		}
	}
	return nil
}

// zone is that of the halls.
var zone = time.FixedZone("hall", 8*3600)

// recentSerial is where the numbers of recent events begin, so that no id of the
// load comes again.
const recentSerial = 500_000

// recent yields the punches of the days before a moment and of its day up to it,
// so that what comes next meets people who were there yesterday.
func (l Load) recent(now time.Time, days int) iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		g := newGenerator(Load{Halls: l.Halls, People: l.People, Days: days})
		for i := range g.serials {
			g.serials[i] = recentSerial
		}
		g.until = hall.InstantOf(now)
		today := hall.DateIn(zone, now)
		for d := today - hall.Date(days); d <= today; d++ {
			if !g.workday(d, func(e bus.Outgoing) bool { return yield(e, nil) }) {
				return
			}
		}
	}
}

// day returns the nth workday.
func (l Load) day(n int) hall.Date { return firstDay + hall.Date(n/5*7+n%5) }

// hallID names a hall of the load, from 0 on.
func hallID(n int) hall.ID { return hall.ID(fmt.Sprintf("h%04d", n)) }

// personID names a person of a hall, from 0 on.
func personID(n int) hall.PersonID { return hall.PersonID(strconv.Itoa(1001 + n)) }

// Events yields the policies, the people, and day after day.
func (l Load) Events() iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		g := newGenerator(l)
		if err := g.readPolicy(); err != nil {
			yield(bus.Outgoing{}, err)
			return
		}
		emit := func(e bus.Outgoing) bool { return yield(e, nil) }
		if !g.setUp(emit) {
			return
		}
		for d := range l.Days {
			if !g.workday(l.day(d), emit) {
				return
			}
		}
	}
}

// generator makes the events one after the other.
type generator struct {
	load    Load
	random  *rand.Rand
	order   []int32 // people, shuffled before each round
	serials []int   // by hall: number of the last event
	owed    map[hall.Kind]int
	last    bus.Outgoing // the last patrol note, which a ruling speaks of
	policy  []byte
	windows []hall.WindowID
	until   hall.Instant // nobody punches later; 0 = no end
}

func newGenerator(l Load) *generator {
	g := &generator{load: l, random: rand.New(rand.NewPCG(2020, 11)), order: make([]int32, l.People),
		serials: make([]int, l.Halls), owed: map[hall.Kind]int{}}
	for i := range g.order {
		g.order[i] = int32(i)
	}
	return g
}

func (g *generator) readPolicy() error {
	policy, document, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		return fmt.Errorf("the example policy: %w", err)
	}
	g.policy = document
	for i := range policy.Windows {
		g.windows = append(g.windows, policy.Windows[i].ID)
	}
	return nil
}

// setUp makes the policy of each hall and the row of each person.
func (g *generator) setUp(emit func(bus.Outgoing) bool) bool {
	for h := range g.load.Halls {
		document := bytes.Replace(g.policy, []byte(`"demo"`), []byte(`"`+hallID(h)+`"`), 1)
		if !emit(g.event(h, hall.KindPolicy, "office", "2020-01-01T09:00:00+08:00", map[string]any{"policy": json.RawMessage(document)})) {
			return false
		}
	}
	for p := range g.load.People {
		h, n := p%g.load.Halls, p/g.load.Halls
		if !emit(g.event(h, hall.KindRoster, "office", "2020-10-30T09:00:00+08:00", map[string]any{
			"person": personID(n), "name": "某" + string(personID(n)), "window": g.windows[n%len(g.windows)],
			"class": "resident", "from": "2020-01-01",
		})) {
			return false
		}
	}
	return true
}

// event makes an event of another kind than punch.
func (g *generator) event(h int, kind hall.Kind, source, at string, fields map[string]any) bus.Outgoing {
	g.serials[h]++
	id := fmt.Sprintf("%s-%06d", kind[:1], g.serials[h])
	fields["id"], fields["time"] = id, at
	body, err := json.Marshal(fields)
	if err != nil {
		panic("a made-up event is no JSON: " + err.Error())
	}
	return bus.Outgoing{Subject: hall.Subject(hallID(h), kind, source), UID: hall.NewUID(hallID(h), kind, source, id), Body: body}
}

// workday lets everybody punch four times, in another order each time.
func (g *generator) workday(d hall.Date, emit func(bus.Outgoing) bool) bool {
	for _, round := range rounds {
		g.random.Shuffle(len(g.order), func(i, j int) { g.order[i], g.order[j] = g.order[j], g.order[i] })
		for i, p := range g.order {
			second := round.from + int(int64(i)*int64(round.seconds)/int64(len(g.order)))
			if round.edge == "in" && g.random.IntN(lateOne) == 0 {
				second += 2400
			}
			if g.until != 0 && d.At(hall.Clock(second), zone) > g.until {
				return true
			}
			if g.random.IntN(forgotOne) != 0 && !emit(g.punch(int(p), d, second, round.edge)) {
				return false
			}
			if !g.others(int(p), d, second, emit) {
				return false
			}
		}
	}
	return true
}

// punch makes a punch of 90 bytes with an id of ten characters.
func (g *generator) punch(p int, d hall.Date, second int, edge string) bus.Outgoing {
	h := p % g.load.Halls
	g.serials[h]++
	source := terminals[p/g.load.Halls%len(terminals)]
	id := appendNumber(append(append(make([]byte, 0, 12), source...), '-'), g.serials[h], 6)
	b := append(append(append(make([]byte, 0, 96), `{"id":"`...), id...), `","time":"`...)
	b = append(appendTime(b, d, second), `","person":"`...)
	b = append(strconv.AppendInt(b, int64(1001+p/g.load.Halls), 10), `","method":"face"}`...)
	return bus.Outgoing{Subject: hall.Subject(hallID(h), hall.KindPunch, source), UID: hall.NewUID(hallID(h), hall.KindPunch, source, string(id)), Body: b}
}

var terminals = [...]string{"T01", "T02", "T03", "T04"}

func appendTime(b []byte, d hall.Date, second int) []byte {
	b = append(d.Midnight().AppendFormat(b, "2006-01-02"), 'T')
	b = append(appendNumber(b, second/3600, 2), ':')
	b = append(appendNumber(b, second/60%60, 2), ':')
	return append(appendNumber(b, second%60, 2), "+08:00"...)
}

// appendNumber writes a number with leading zeros.
func appendNumber(b []byte, n, width int) []byte {
	var digits [20]byte
	i := len(digits)
	for ; n > 0 || len(digits)-i < width; n /= 10 {
		i--
		digits[i] = byte('0' + n%10)
	}
	return append(b, digits[i:]...)
}

// others makes, as often as the mix says, what the hall of a person sends beside
// punches.
func (g *generator) others(p int, d hall.Date, second int, emit func(bus.Outgoing) bool) bool {
	for _, kind := range []struct {
		kind hall.Kind
		rate int
	}{
		{hall.KindPatrol, g.load.Mix.Patrol}, {hall.KindLeave, g.load.Mix.Leave}, {hall.KindCorrection, g.load.Mix.Correction},
		{hall.KindRuling, g.load.Mix.Ruling}, {hall.KindTerminal, g.load.Mix.Terminal},
	} {
		if g.owed[kind.kind] += kind.rate; g.owed[kind.kind] < 1000 {
			continue
		}
		g.owed[kind.kind] -= 1000
		if e, ok := g.other(kind.kind, p, d, string(appendTime(nil, d, second))); ok && !emit(e) {
			return false
		}
	}
	return true
}

func (g *generator) other(kind hall.Kind, p int, d hall.Date, at string) (bus.Outgoing, bool) {
	h, n := p%g.load.Halls, p/g.load.Halls
	switch kind {
	case hall.KindPatrol:
		g.last = g.event(h, kind, "patrol", at, map[string]any{"inspector": "9001", "kind": "phone_use", "person": personID(n)})
		return g.last, true
	case hall.KindLeave:
		return g.event(h, kind, "office", at, map[string]any{"person": personID(n), "kind": "annual", "from": (d + 1).String(), "until": (d + 1).String(), "approved_by": "9001"}), true
	case hall.KindCorrection:
		return g.event(h, kind, "office", at, map[string]any{"person": personID(n), "at": at, "reason": "own", "approved_by": "9001"}), true
	case hall.KindRuling:
		if g.last.UID == "" {
			return bus.Outgoing{}, false
		}
		noted, err := strconv.Atoi(string(g.last.UID.Hall())[1:])
		if err != nil {
			panic("a made-up hall has no number: " + err.Error())
		}
		return g.event(noted, kind, "office", at, map[string]any{"on": g.last.UID, "state": "confirmed", "by": "9001", "reason": "属实"}), true
	case hall.KindTerminal:
		terminal := terminals[n%len(terminals)]
		return g.event(h, kind, terminal, at, map[string]any{"terminal": terminal, "state": "alive", "complete_until": at}), true
	}
	panic("the load makes no " + string(kind))
}
