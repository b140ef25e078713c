package rules

// Which terminals are silent, so that a missing punch may still lie in one.

import (
	"cmp"
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
	ids     []string
	heard   map[string][]heard  // sorted
	shown   map[string]heard    // latest punch or complete_until
	alive   map[string]hall.UID // the event that says of a terminal that it is not retired
	retired []hall.UID          // the events that took the others out
}

// terminals reads what the terminals of the hall have shown, once: a month that is
// over asks for none of it.
func (b *Book) terminals() *terminals {
	if b.silence == nil {
		b.silence = newTerminals(b.words)
	}
	return b.silence
}

// AskedTerminals reports whether a judgement has asked what the terminals of the
// hall have shown. Only then does it rest on punches of others.
func (b *Book) AskedTerminals() bool { return b.silence != nil }

// HearFrom lets the terminals have said what they said to another book, whatever
// punches this one has. It is asked for before anything is judged.
func (b *Book) HearFrom(other *Book) {
	b.words, b.silence, b.shown = other.words, other.terminals(), other.shown
}

// Shown returns up to when each terminal has shown what it holds, retired or not: by
// its punches, or by a heartbeat that says so.
func (b *Book) Shown() map[string]hall.Instant {
	shown := map[string]hall.Instant{}
	for terminal, at := range b.shown {
		if *at != 0 {
			shown[terminal] = *at
		}
	}
	for i := range b.words.Terminals {
		if t := &b.words.Terminals[i]; t.CompleteUntil > shown[t.Terminal] {
			shown[t.Terminal] = t.CompleteUntil
		}
	}
	return shown
}

// Words are the facts from which it is taken what terminals have said.
func (b *Book) Words() *hall.Facts { return b.words }

// heard is a moment at which a terminal was heard, by an event.
type heard struct {
	at hall.Instant
	by hall.UID
}

func compareHeard(a, b heard) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by))
}

// newTerminals reads punches as the minute that a terminal shows, as every punch
// is read.
func newTerminals(f *hall.Facts) *terminals {
	t := &terminals{heard: map[string][]heard{}, shown: map[string]heard{}, alive: map[string]hall.UID{}}
	for i := range f.Punches {
		p := &f.Punches[i]
		if p.SpeaksForTerminal() {
			t.hear(p.Terminal, heard{p.Time.Minute(), p.UID}, true)
		}
	}
	for i := range f.Heard {
		for _, at := range f.Heard[i].Minutes {
			t.hear(f.Heard[i].Terminal, heard{at: at}, true)
		}
	}
	for i := range f.Terminals {
		e := &f.Terminals[i]
		t.hear(e.Terminal, heard{e.Time, e.UID}, false)
		if e.CompleteUntil != 0 {
			t.hear(e.Terminal, heard{e.CompleteUntil, e.UID}, true)
		}
	}
	for _, last := range f.TerminalStates() {
		if last.Retired {
			delete(t.heard, last.Terminal)
			t.retired = append(t.retired, last.UID)
			continue
		}
		t.alive[last.Terminal] = last.UID
	}
	t.ids = slices.Sorted(maps.Keys(t.heard))
	for _, id := range t.ids {
		slices.SortFunc(t.heard[id], compareHeard)
	}
	return t
}

// hear notes that a terminal was heard, and whether it showed its punches up to
// then.
func (t *terminals) hear(id string, h heard, shows bool) {
	t.heard[id] = append(t.heard[id], h)
	if shows && compareHeard(h, t.shown[id]) > 0 {
		t.shown[id] = h
	}
}

// silent returns the terminals that were heard within seven days before end and
// have shown nothing as late as end, sorted, and the events by which they were
// heard last, with those that say that they are not retired.
func (t *terminals) silent(end hall.Instant) (ids []string, by []hall.UID) {
	for _, id := range t.ids {
		if t.shown[id].at >= end {
			continue
		}
		if last, ok := t.lastBefore(id, end); ok {
			ids, by = append(ids, id), append(by, last.by)
			if uid, told := t.alive[id]; told {
				by = append(by, uid)
			}
		}
	}
	return ids, by
}

// lastBefore returns when a terminal was last heard in the seven days up to end.
func (t *terminals) lastBefore(id string, end hall.Instant) (heard, bool) {
	times := t.heard[id]
	after, _ := slices.BinarySearchFunc(times, heard{at: end + 1}, compareHeard)
	if after == 0 || times[after-1].at < end-heardWithin {
		return heard{}, false
	}
	return times[after-1], true
}

// witnesses returns the events that show that terminals are not silent at end,
// and those that retired the others.
func (t *terminals) witnesses(end hall.Instant) []hall.UID {
	uids := slices.Clone(t.retired)
	for _, id := range t.ids {
		if _, ok := t.lastBefore(id, end); ok && t.shown[id].at >= end {
			uids = append(uids, t.shown[id].by)
		}
	}
	return uids
}
