package hall

// From a policy document to its timetables: sessions and the bands of their
// punches, and what crosses midnight.

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

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
				Problem: "is no weekday", Allowed: Suggest(name, policyWeekdays, "allowed"),
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
	crosses := end <= start || end == DayEnd
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
	if end <= start {
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
