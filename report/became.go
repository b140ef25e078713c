package report

// What became of one event.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// Fate is what became of an event in the month it speaks of, all bands taken as
// closed: by the facts of today, and other ones may change it.
type Fate struct {
	Became string `json:"became"`
	Why    string `json:"why"` // "" where the word says it all
}

// What else became of an event than of a finding.
const (
	BecameConflict   = "conflict"   // another body of the uid counts
	BecameCancelled  = "cancelled"  // a ruling took it away
	BecameReplaced   = "replaced"   // a later event speaks of the same thing
	BecameOverQuota  = "over_quota" // a correction too many
	BecameIdle       = "idle"       // a correction that mends nothing
	BecameUnapproved = "unapproved" // nobody approved or verified it yet
	BecameLate       = "late"       // made after its time limit or the month's seal
)

// Became says what became of a uid. The error wraps hall.ErrNotFound where the
// store has none, and hall.ErrInvalid where it is no uid.
func Became(v *store.View, statutory hall.Calendar, uid hall.UID) (Fate, error) {
	if _, _, _, _, ok := uid.Split(); !ok {
		return Fate{}, fmt.Errorf("uid %q: %w: want <hall>/<kind>/<source>/<id>", uid, hall.ErrInvalid)
	}
	fact, conflict, err := lookUp(v, uid)
	if err != nil {
		return Fate{}, err
	}
	if conflict != nil {
		return Fate{BecameConflict, "several contents have this uid; the one with SHA-256 " + conflict.Counts + " counts"}, nil
	}
	month, err := monthOf(v, fact)
	if err != nil {
		return Fate{}, err
	}
	return becameIn(v, statutory, fact, month)
}

func lookUp(v *store.View, uid hall.UID) (hall.Fact, *hall.Conflict, error) {
	if uid.Kind() != hall.KindPunch {
		found, ok, err := v.Find(uid)
		if err == nil && !ok {
			err = fmt.Errorf("event %s: %w", uid, hall.ErrNotFound)
		}
		return found.Fact, found.Conflict, err
	}
	punches, err := v.FindPunch(uid, "", 0)
	if err == nil && len(punches) == 0 {
		err = fmt.Errorf("event %s: %w", uid, hall.ErrNotFound)
	}
	if err != nil {
		return nil, nil, err
	}
	return &punches[0], nil, nil
}

// monthOf returns the month that an event speaks of, the first one of a span.
func monthOf(v *store.View, fact hall.Fact) (hall.Month, error) {
	book, err := policiesOf(v, fact.GetHead().UID.Hall())
	if err != nil {
		return 0, err
	}
	at := func(i hall.Instant) hall.Month {
		date, _ := i.In(book.Zone())
		return date.Month()
	}
	bound := func(b hall.Bound) hall.Month {
		if b.Date != 0 {
			return b.Date.Month()
		}
		return at(b.At)
	}
	month := at(fact.GetHead().Time)
	switch e := fact.(type) {
	case *hall.Leave:
		month = bound(e.From)
	case *hall.StandIn:
		month = bound(e.From)
	case *hall.Excuse:
		month = bound(e.From)
	case *hall.Correction:
		month = at(e.At)
	case *hall.Bonus:
		month = e.Month
	case *hall.Cases:
		month = e.Month
	case *hall.Figure:
		month = e.Month
	case *hall.Text:
		month = e.Month
	case *hall.Award:
		month = e.Month
	case *hall.Seal:
		month = e.Month
	case *hall.Roster:
		month = e.From.Month()
	case *hall.PolicyEvent:
		month = e.Policy.Effective.Month()
	case *hall.Ruling:
		month, err = monthOfRuling(v, e, month)
	}
	return month, err
}

// monthOfRuling is that of its date, else of what it is on.
func monthOfRuling(v *store.View, r *hall.Ruling, otherwise hall.Month) (hall.Month, error) {
	if r.Date != 0 {
		return r.Date.Month(), nil
	}
	if r.OnViolation() {
		date, _, _ := strings.Cut(r.On, "/")
		d, err := hall.ParseDate(date)
		return d.Month(), err
	}
	on := hall.UID(r.On)
	if on.Kind() == hall.KindRuling || on.Kind() == hall.KindPunch {
		return otherwise, nil
	}
	found, ok, err := v.Find(on)
	if err != nil || !ok {
		return otherwise, err
	}
	return monthOf(v, found.Fact)
}

// policiesOf opens a book that knows nothing but the policies.
func policiesOf(v *store.View, h hall.ID) (*rules.Book, error) {
	var f hall.Facts
	for fact, err := range v.Of(h, hall.KindPolicy) {
		if err != nil {
			return nil, err
		}
		f.Add(fact)
	}
	return rules.Open(&f, nil), nil
}

// becameIn settles the month and looks the event up in what came out.
func becameIn(v *store.View, statutory hall.Calendar, fact hall.Fact, m hall.Month) (Fate, error) {
	h, uid := fact.GetHead().UID.Hall(), fact.GetHead().UID
	const allClosed = 60 // days after the month's end, at which nothing waits any more
	asOf := (m.Last() + allClosed).At(0, time.UTC)
	all, err := facts(v, h, m, asOf)
	if err != nil {
		return Fate{}, fmt.Errorf("read %s of %s: %w", m, h, err)
	}
	book := rules.Open(all, statutory)
	if fate, known := struckOrReplaced(book, fact); known {
		return fate, nil
	}
	if book.PolicyFor(m) == nil {
		return Fate{BecameUnresolved, "no policy governs " + m.String() + " yet"}, nil
	}
	month, err := rules.Settle(book, m, asOf)
	if err != nil {
		return Fate{}, err
	}
	for _, u := range month.Unresolved {
		if u.UID == uid {
			return unresolvedFate(u), nil
		}
	}
	if r, ok := fact.(*hall.Ruling); ok && r.State == hall.Appealed {
		c := &compiler{all: all, book: book, month: month, policy: month.Policy.Policy}
		return c.fateOfAppeal(r), nil
	}
	return settled(month, fact), nil
}

func unresolvedFate(u hall.Unresolved) Fate {
	if u.Value == "" {
		return Fate{BecameUnresolved, "neither a person nor a window is named"}
	}
	return Fate{BecameUnresolved, fmt.Sprintf("unknown %s %s", u.Reason, u.Value)}
}

// struckOrReplaced looks at rulings on the event and at later events that speak
// of the same thing.
func struckOrReplaced(book *rules.Book, fact hall.Fact) (Fate, bool) {
	uid := fact.GetHead().UID
	if uid.Kind() == hall.KindRuling || uid.Kind() == hall.KindSeal {
		return Fate{}, false // nobody rules on them
	}
	if r := book.Decisive(string(uid)); r != nil && r.State.Strikes() {
		return Fate{BecameCancelled, fmt.Sprintf("%s by %s: %s", r.State, r.By, r.Reason)}, true
	}
	if holds, replaceable := holding(book.Facts(), fact); replaceable && !holds {
		return Fate{BecameReplaced, "a later event speaks of the same thing"}, true
	}
	return Fate{}, false
}

// holding reports whether an event of a kind that others replace still holds.
func holding(f *hall.Facts, fact hall.Fact) (holds, replaceable bool) {
	uid := fact.GetHead().UID
	switch fact.(type) {
	case *hall.Roster:
		return among(f.RosterRows(), uid), true
	case *hall.PolicyEvent:
		return among(f.PolicyVersions(), uid), true
	case *hall.CalendarYear:
		return among(f.CalendarYears(), uid), true
	case *hall.Cases:
		return among(f.CasesFigures(), uid), true
	case *hall.Figure:
		return among(f.MonthFigures(), uid), true
	case *hall.Text:
		return among(f.Sections(), uid), true
	case *hall.Award:
		return among(f.Choices(), uid), true
	}
	return true, false
}

func among[E any, P interface {
	*E
	GetHead() hall.Head
}](events []E, uid hall.UID) bool {
	return slices.ContainsFunc(events, func(e E) bool { return P(&e).GetHead().UID == uid })
}

// settled looks an event up in a settled month.
func settled(m *rules.Month, fact hall.Fact) Fate {
	uid := fact.GetHead().UID
	for i := range m.Contested {
		if slices.Contains(m.Contested[i].Proofs, uid) {
			return Fate{BecameContested, "terminal or leave say otherwise: a ruling on " + m.Contested[i].ID + " decides"}
		}
	}
	switch e := fact.(type) {
	case *hall.Correction:
		for i := range m.Corrections {
			if m.Corrections[i].UID == uid {
				return fateOfCorrection(m.Corrections[i].Fate)
			}
		}
	case *hall.Ruling:
		return fateOfRuling(m, e)
	case *hall.Bonus:
		kind := m.Policy.Policy.BonusKind(e.Kind)
		if kind != nil && kind.NeedsVerification && e.Status != "verified" {
			return Fate{BecameUnapproved, "it counts once an event with status verified is there"}
		}
	case *hall.Patrol:
		if e.Kind == hall.PatrolClear || e.Kind == hall.PatrolPraise {
			return Fate{BecameCounts, "a note of the kind " + e.Kind + " accuses nobody"}
		}
		return Fate{BecameCounts, m.Patrols[uid]}
	}
	return Fate{Became: BecameCounts}
}

// fateOfRuling is that of a ruling that is no appeal.
func fateOfRuling(m *rules.Month, r *hall.Ruling) Fate {
	kind := hall.UID(r.On).Kind()
	switch {
	case r.OnViolation() && !hasViolation(m, r.On):
		return Fate{BecameNothing, "no violation of the month is " + r.On}
	case !r.OnViolation() && (kind == hall.KindRuling || kind == hall.KindSeal):
		return Fate{BecameNothing, "rulings and seals cannot be ruled on: a later ruling on the same thing takes the place of one"}
	}
	if other := m.Book.Decisive(r.On); other != nil && other.UID != r.UID {
		return Fate{BecameReplaced, "a later ruling decides on " + r.On}
	}
	return Fate{Became: BecameCounts}
}

// hasViolation reports whether a month has a violation, be it contested or taken away.
func hasViolation(m *rules.Month, id string) bool {
	is := func(l rules.Line) bool { return l.ID == id }
	return slices.ContainsFunc(m.Lines, is) || slices.ContainsFunc(m.Contested, is) ||
		slices.ContainsFunc(m.Fell, func(f rules.Fallen) bool { return f.On == id || f.Line != nil && f.Line.ID == id })
}

func fateOfCorrection(fate string) Fate {
	switch fate {
	case rules.CorrectionUnapproved:
		return Fate{BecameUnapproved, "it counts once an approved one is there"}
	case rules.CorrectionSealed:
		return Fate{BecameLate, "it was made after the month was sealed"}
	case rules.CorrectionLate:
		return Fate{BecameLate, "it was made after the workdays that the policy allows"}
	case rules.CorrectionIdle:
		return Fate{BecameIdle, "no planned punch of its day is better with it"}
	case rules.CorrectionQuota:
		return Fate{BecameOverQuota, "the corrections for own reasons of this month are used up"}
	}
	return Fate{Became: BecameCounts}
}
