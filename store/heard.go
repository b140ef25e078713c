package store

// What terminals have shown, without the punches themselves.

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"

	"rollcall/hall"
)

// dayMinutes are the minutes of a day, a bit each.
type dayMinutes [1440 / 64]uint64

type terminalDay struct {
	terminal string
	day      hall.Date
}

// Heard returns the minutes of the UTC days from..until in which each terminal
// showed a punch that speaks for it, by terminal. It unpacks no punch, and takes a
// tenth of what Punches does.
func (v *View) Heard(h hall.ID, from, until hall.Date) ([]hall.Heard, error) {
	days := map[terminalDay]*dayMinutes{}
	u := newUnpacker(h)
	for r, err := range v.punchRecords(h, from, until, nil) {
		if err != nil {
			return nil, err
		}
		u.open(&r.punchRecord)
		for i := range r.punches {
			p := &r.punches[i]
			terminal, speaks := u.terminal(p)
			if !speaks {
				continue
			}
			key := terminalDay{terminal, r.day}
			if days[key] == nil {
				days[key] = &dayMinutes{}
			}
			minute := p.second / 60
			days[key][minute/64] |= 1 << (minute % 64)
		}
	}
	return heardOf(days), nil
}

// heardOf lists the minutes by terminal and day.
func heardOf(days map[terminalDay]*dayMinutes) []hall.Heard {
	var list []hall.Heard
	for _, key := range slices.SortedFunc(maps.Keys(days), func(a, b terminalDay) int {
		return cmp.Or(cmp.Compare(a.terminal, b.terminal), cmp.Compare(a.day, b.day))
	}) {
		if n := len(list); n == 0 || list[n-1].Terminal != key.terminal {
			list = append(list, hall.Heard{Terminal: key.terminal})
		}
		last := &list[len(list)-1]
		for i, word := range days[key] {
			for ; word != 0; word &= word - 1 {
				minute := i*64 + bits.TrailingZeros64(word)
				last.Minutes = append(last.Minutes, midnight(key.day)+hall.Instant(minute*60))
			}
		}
	}
	return list
}

// terminal returns where a punch was made, and whether it speaks for that terminal.
func (u *unpacker) terminal(p *packed) (string, bool) {
	if len(p.details) == 1 { // nothing but a known method and direction
		punch := hall.Punch{Method: methods[min(int(p.details[0]&7), len(methods)-1)]}
		return u.opened[p.from].name, punch.SpeaksForTerminal()
	}
	punch, err := u.punch(p, 0)
	return punch.Terminal, err == nil && punch.SpeaksForTerminal()
}
