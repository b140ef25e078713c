package ingest

// Live announcements: what a batch of news changes in the violations of the days
// it touches, and what changes because a band has closed.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// Announcer sends a message that nobody acknowledges; bus.Bus is one.
type Announcer interface {
	Announce(subject, id string, body []byte) error
}

// Live is the Watcher that announces. It judges the touched days of the touched
// people before and after a batch, without what is settled over the month, and
// says what differs: best effort, and marked provisional. Before and After are
// called by one goroutine at a time, Sweep by another.
//
// The fold waits for it, so it reads little: the punches of those who are touched
// alone, and who is who from a cache (rolls).
type Live struct {
	to        Announcer
	statutory hall.Calendar
	log       *slog.Logger
	counted   *prometheus.CounterVec
	before    map[hall.ID]map[string]hall.Violation // owned by Before and After
	from      store.Applied                         // owned by Before and After; what Before saw
	rolls     rolls                                 // owned by Before and After
}

// The changes that are announced.
const (
	LiveNew     = "new"
	LiveChanged = "changed"
	LiveGone    = "gone"
)

// LiveViolation is the body of `rollcall-live.<hall>.violation`.
type LiveViolation struct {
	Hall        hall.ID        `json:"hall"`
	Change      string         `json:"change"` // new, changed or gone
	Provisional bool           `json:"provisional"`
	Violation   hall.Violation `json:"violation"` // when gone: as it was
}

// LiveMonth is the body of `rollcall-live.<hall>.month-changed`: something came
// that may bear on anybody in any month.
type LiveMonth struct {
	Hall hall.ID `json:"hall"`
}

// maxLiveDays bounds how many dates of a batch are judged for announcements; a
// batch that touches more says month-changed.
const maxLiveDays = 40

// NewLive returns a watcher that announces to an announcer.
func NewLive(to Announcer, statutory hall.Calendar, log *slog.Logger, reg prometheus.Registerer) *Live {
	return &Live{
		to: to, statutory: statutory, log: log.With("component", "live"),
		before: map[hall.ID]map[string]hall.Violation{},
		counted: promauto.With(reg).NewCounterVec(prometheus.CounterOpts{Name: "rollcall_live_violations_total",
			Help: "Violations announced as they arose, by kind of violation rule and change."}, []string{"rule", "change"}),
	}
}

// Before judges what a batch touches as it was.
func (l *Live) Before(v *store.View, c Change) error {
	clear(l.before)
	l.from = v.Applied()
	return l.each(v, c, func(h hall.ID, lines map[string]hall.Violation) error {
		if lines != nil {
			l.before[h] = lines
		}
		return nil
	})
}

// After judges it as it is and announces the difference.
func (l *Live) After(v *store.View, c Change) error {
	applied := v.Applied()
	l.rolls.advance(l.from, applied, &c)
	return l.each(v, c, func(h hall.ID, lines map[string]hall.Violation) error {
		was, judged := l.before[h]
		if lines == nil || !judged {
			return l.announceMonth(h, applied.Sequence)
		}
		return l.announce(h, was, lines)
	})
}

// Sweep announces what has become a violation of a hall, or stopped being pending,
// only because time went on from one moment to another: bands that closed.
func (l *Live) Sweep(v *store.View, h hall.ID, from, until hall.Instant) error {
	everybody := func(hall.PersonID) bool { return true }
	first, last := from.UTCDate()-2, until.UTCDate()+1
	book, err := l.open(v, h, first, last)
	if err != nil {
		return err
	}
	dates := datesBetween(first, last)
	was := violations(rules.Provisional(book, dates, everybody, from))
	is := violations(rules.Provisional(book, dates, everybody, until))
	return l.announce(h, was, is)
}

// each judges what a change touches, hall by hall; where that may be anybody in
// any month it hands over nil.
func (l *Live) each(v *store.View, c Change, judged func(hall.ID, map[string]hall.Violation) error) error {
	for _, touch := range c.Touches {
		t, err := spellOut(v, touch)
		if err != nil {
			return err
		}
		dates := datesOf(&t)
		if t.Broad || len(dates) > maxLiveDays {
			if err := judged(t.Hall, nil); err != nil {
				return err
			}
			continue
		}
		if len(dates) == 0 {
			continue
		}
		lines, err := l.judge(v, &t, dates, c.AsOf)
		if err != nil {
			return err
		}
		if err := judged(t.Hall, violations(lines)); err != nil {
			return err
		}
	}
	return nil
}

// judge judges the people of a touch on some dates, from their punches alone where
// that is enough: whether a punch is pending may depend on what terminals have
// shown by the punches of all others.
func (l *Live) judge(v *store.View, t *Touch, dates []hall.Date, asOf hall.Instant) ([]rules.Line, error) {
	first, last := dates[0], dates[len(dates)-1]
	roll, err := l.rolls.of(v, t.Hall)
	if err != nil {
		return nil, fmt.Errorf("read who is who in %s: %w", t.Hall, err)
	}
	circle := roll.circleOf(t)
	asked := func(person hall.PersonID) bool { return circle.asked[person] }
	facts, err := roll.narrow(v, t.Hall, circle, first-daysBefore, last+daysAfter)
	if err != nil {
		return nil, fmt.Errorf("read the facts of some of %s for announcements: %w", t.Hall, err)
	}
	book := rules.Open(facts, l.statutory)
	lines := rules.Provisional(book, dates, asked, asOf)
	if !book.AskedTerminals() {
		return lines, nil
	}
	if book, err = l.withTerminals(v, t.Hall, roll, facts, first, last); err != nil {
		return nil, err
	}
	return rules.Provisional(book, dates, asked, asOf), nil
}

// withTerminals adds to the facts about some people what the terminals of the hall
// have shown, of which punches the minutes are enough. Only where rulings are on
// punches everything is read: a struck one speaks for no terminal.
func (l *Live) withTerminals(v *store.View, h hall.ID, r *roll, facts *hall.Facts, first, last hall.Date) (*rules.Book, error) {
	if r.ruledPunches {
		return l.open(v, h, first, last)
	}
	from, until := first-daysBefore, last+daysAfter
	var err error
	if facts.Heard, err = v.Heard(h, from, until); err != nil {
		return nil, fmt.Errorf("read what the terminals of %s have shown: %w", h, err)
	}
	for t, err := range v.Heartbeats(h, from, until) {
		if err != nil {
			return nil, fmt.Errorf("read what the terminals of %s have said: %w", h, err)
		}
		facts.Terminals = append(facts.Terminals, t)
	}
	return rules.Open(facts, l.statutory), nil
}

// How far around dates their facts lie, in days: terminals are remembered for a
// week, nights reach into the next day.
const (
	daysBefore = 9
	daysAfter  = 3
)

// open reads everything that bears on some dates.
func (l *Live) open(v *store.View, h hall.ID, first, last hall.Date) (*rules.Book, error) {
	facts, err := v.Facts(h, first-daysBefore, last+daysAfter)
	if err != nil {
		return nil, fmt.Errorf("read the facts of %s for announcements: %w", h, err)
	}
	return rules.Open(facts, l.statutory), nil
}

// datesOf are the dates that a touch bears on in any zone, and the day before
// each, from which a session may reach over midnight.
func datesOf(t *Touch) []hall.Date {
	dates := map[hall.Date]bool{}
	for _, m := range t.Marks {
		if m.From.IsZero() || m.Until.IsZero() {
			continue
		}
		for d := boundDate(m.From) - 2; d <= boundDate(m.Until)+1 && len(dates) <= maxLiveDays; d++ {
			dates[d] = true
		}
	}
	return slices.Sorted(maps.Keys(dates))
}

// spellOut adds to a touch the marks of what its rulings are on.
func spellOut(v *store.View, t Touch) (Touch, error) {
	for _, on := range t.Ruled {
		if hall.IsViolationID(on) {
			date, err := hall.ParseDate(on[:len("2006-01-02")])
			if err != nil {
				return t, err
			}
			day := hall.Bound{Date: date}
			subject := (&hall.Violation{ID: on}).Subject()
			t.Marks = append(t.Marks, Mark{Person: hall.PersonID(subject), From: day, Until: day})
			continue
		}
		found, ok, err := v.Find(hall.UID(on))
		if err != nil {
			return t, fmt.Errorf("find what a ruling is on: %w", err)
		}
		if ok {
			t.add(found.Fact)
		}
	}
	return t, nil
}

func boundDate(b hall.Bound) hall.Date {
	if b.Date != 0 {
		return b.Date
	}
	return b.At.UTCDate()
}

func datesBetween(first, last hall.Date) []hall.Date {
	var dates []hall.Date
	for d := first; d <= last; d++ {
		dates = append(dates, d)
	}
	return dates
}

func violations(lines []rules.Line) map[string]hall.Violation {
	byID := make(map[string]hall.Violation, len(lines)) // never nil
	for i := range lines {
		byID[lines[i].ID] = lines[i].Violation
	}
	return byID
}

// announce says what differs, by id.
func (l *Live) announce(h hall.ID, was, is map[string]hall.Violation) error {
	ids := maps.Clone(was)
	if ids == nil {
		ids = map[string]hall.Violation{}
	}
	maps.Copy(ids, is)
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		before, had := was[id]
		after, has := is[id]
		switch {
		case !had:
			errs = append(errs, l.say(h, LiveNew, after))
		case !has:
			errs = append(errs, l.say(h, LiveGone, before))
		case !same(before, after):
			errs = append(errs, l.say(h, LiveChanged, after))
		}
	}
	return errors.Join(errs...)
}

func same(a, b hall.Violation) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// say announces one change. Its message id is the violation's and a hash of what
// is said, so that receivers can drop repetitions.
func (l *Live) say(h hall.ID, change string, violation hall.Violation) error {
	body, err := json.Marshal(LiveViolation{Hall: h, Change: change, Provisional: true, Violation: violation})
	if err != nil {
		return fmt.Errorf("announce %s: %w", violation.ID, err)
	}
	l.counted.WithLabelValues(rule(violation.Kind), change).Inc()
	sum := sha256.Sum256(body)
	id := violation.ID + "/" + hex.EncodeToString(sum[:8])
	if err := l.to.Announce("rollcall-live."+string(h)+".violation", id, body); err != nil {
		return fmt.Errorf("announce %s: %w", violation.ID, err)
	}
	return nil
}

// rule is a label from a closed set: a punctuality kind, or finding.
func rule(kind string) string {
	if hall.Severity(kind) > 0 {
		return kind
	}
	return "finding"
}

// announceMonth has the last message that changed it in its id.
func (l *Live) announceMonth(h hall.ID, sequence uint64) error {
	body, err := json.Marshal(LiveMonth{Hall: h})
	if err != nil {
		return fmt.Errorf("announce a changed month: %w", err)
	}
	return l.to.Announce("rollcall-live."+string(h)+".month-changed", fmt.Sprintf("%s/month-changed/%d", h, sequence), body)
}
