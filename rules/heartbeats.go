package rules

// Which heartbeats bear on a month: a few of very many.

import (
	"maps"
	"slices"

	"rollcall/hall"
)

// Heartbeats are the terminal events on which the month rests, sorted: of each
// terminal the last one, the one that says that it has shown most, and the last one
// before each end of a band that may wait for it; and those that were ruled on.
// Without the others the month would be the same.
func (m *Month) Heartbeats() []hall.UID {
	ends := m.waitingEnds()
	uids := map[hall.UID]bool{}
	shown := map[string]heard{}
	last := map[heardBefore]heard{}
	for i := range m.Book.words.Terminals {
		e := &m.Book.words.Terminals[i]
		later(last, before(ends, e.Terminal, e.Time), heard{e.Time, e.UID})
		if e.CompleteUntil != 0 {
			later(shown, e.Terminal, heard{e.CompleteUntil, e.UID})
			later(last, before(ends, e.Terminal, e.CompleteUntil), heard{e.CompleteUntil, e.UID})
		}
	}
	for _, h := range shown {
		uids[h.by] = true
	}
	for key, h := range last {
		if key.end < len(ends) {
			uids[h.by] = true
		}
	}
	for _, state := range m.Book.words.TerminalStates() {
		uids[state.UID] = true
	}
	for i := range m.Book.all.Terminals {
		if uid := m.Book.all.Terminals[i].UID; len(m.Book.rulings[string(uid)]) > 0 {
			uids[uid] = true
		}
	}
	return slices.Sorted(maps.Keys(uids))
}

// waitingEnds are the moments at which bands of the month have closed that may still
// wait for terminals, ascending.
func (m *Month) waitingEnds() []hall.Instant {
	ends := map[hall.Instant]bool{}
	for _, day := range m.Days {
		for i := range day.Planned {
			if p := &day.Planned[i]; p.waits(day.Policy.Policy.Wait, m.AsOf) {
				ends[p.Closes] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ends))
}

// heardBefore is a stretch in which a terminal was heard: behind one end and no later
// than the next, by its place.
type heardBefore struct {
	terminal string
	end      int
}

func before(ends []hall.Instant, terminal string, at hall.Instant) heardBefore {
	end, _ := slices.BinarySearch(ends, at)
	return heardBefore{terminal, end}
}

// later keeps the later of two moments.
func later[K comparable](kept map[K]heard, key K, h heard) {
	if compareHeard(h, kept[key]) > 0 {
		kept[key] = h
	}
}
