package rules

// Which terminals are silent, so that a missing punch may still lie in one.

import (
	"maps"
	"slices"
	"time"

	"rollcall/hall"
)

// heardWithin is how long before a band's end a terminal must have been heard
// to be waited for.
const heardWithin = hall.Instant(7 * 24 * time.Hour / time.Second)

// terminals remember when each terminal of a hall that is not retired was
// heard, and up to when it has shown what it holds.
type terminals struct {
	ids   []string
	heard map[string][]hall.Instant // sorted
	shown map[string]hall.Instant   // latest punch or complete_until
	proof map[string]hall.UID       // the event that showed it
}

// newTerminals reads punches as the minute that a terminal shows, as every punch
// is read.
func newTerminals(f *hall.Facts) *terminals {
	t := &terminals{heard: map[string][]hall.Instant{}, shown: map[string]hall.Instant{}, proof: map[string]hall.UID{}}
	for i := range f.Punches {
		p := &f.Punches[i]
		if p.SpeaksForTerminal() {
			t.hear(p.Terminal, p.Time.Minute())
			t.show(p.Terminal, p.Time.Minute(), p.UID)
		}
	}
	for i := range f.Terminals {
		e := &f.Terminals[i]
		t.hear(e.Terminal, e.Time)
		if e.CompleteUntil != 0 {
			t.hear(e.Terminal, e.CompleteUntil)
			t.show(e.Terminal, e.CompleteUntil, e.UID)
		}
	}
	for _, last := range f.TerminalStates() {
		if last.Retired {
			delete(t.heard, last.Terminal)
		}
	}
	t.ids = slices.Sorted(maps.Keys(t.heard))
	for _, id := range t.ids {
		slices.Sort(t.heard[id])
	}
	return t
}

func (t *terminals) hear(id string, at hall.Instant) { t.heard[id] = append(t.heard[id], at) }

func (t *terminals) show(id string, at hall.Instant, by hall.UID) {
	if at > t.shown[id] || at == t.shown[id] && by < t.proof[id] {
		t.shown[id], t.proof[id] = at, by
	}
}

// silent returns the terminals that were heard within seven days before end and
// have shown nothing as late as end, sorted.
func (t *terminals) silent(end hall.Instant) []string {
	var silent []string
	for _, id := range t.ids {
		if t.shown[id] < end && t.heardBefore(id, end) {
			silent = append(silent, id)
		}
	}
	return silent
}

func (t *terminals) heardBefore(id string, end hall.Instant) bool {
	times := t.heard[id]
	after, _ := slices.BinarySearch(times, end+1)
	return after > 0 && times[after-1] >= end-heardWithin
}

// witnesses returns the events that show that terminals are not silent at end.
func (t *terminals) witnesses(end hall.Instant) []hall.UID {
	var uids []hall.UID
	for _, id := range t.ids {
		if t.shown[id] >= end && t.heardBefore(id, end) {
			uids = append(uids, t.proof[id])
		}
	}
	return uids
}
