package main

// Today in the invented hall: the same people, now.

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
)

// demoDay makes the events of the running day. It is owned by one goroutine.
type demoDay struct {
	zone   *time.Location
	start  time.Time
	random *rand.Rand
	made   int
}

func newDemoDay(now time.Time) *demoDay {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic("the zones are linked into the program: " + err.Error())
	}
	return &demoDay{zone: zone, start: now, random: rand.New(rand.NewPCG(uint64(now.Unix()), 1))}
}

// soFar yields new places of everybody from today on, so that the month before
// today stays empty, and the planned punches that have passed.
func (d *demoDay) soFar() iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		for w := range demoWindows {
			for place := range demoSize {
				for _, e := range d.arrival(w, place) {
					if !yield(e, nil) {
						return
					}
				}
			}
		}
	}
}

// arrival is a person's row until the end of 2020, the one from today on, and
// the punches of the day until now.
func (d *demoDay) arrival(window, place int) []bus.Outgoing {
	person := demoPerson(window, place)
	row := func(from, until string) bus.Outgoing {
		return d.event(hall.KindRoster, "desk", d.start, demoRow(window, place, from, until))
	}
	events := []bus.Outgoing{row(demoFrom, "2020-12-31"), row(hall.DateIn(d.zone, d.start).String(), "")}
	for _, session := range []string{"morning in", "morning out", "afternoon in", "afternoon out"} {
		edge := demoEdges[session]
		clock, err := hall.ParseClock(edge.from)
		if err != nil {
			panic("a time of the demo is none: " + err.Error())
		}
		at := hall.DateIn(d.zone, d.start).At(clock+hall.Clock(d.random.IntN(edge.seconds)), d.zone).Time()
		if at.Before(d.start) {
			events = append(events, d.punch(person, at))
		}
	}
	return events
}

func (d *demoDay) punch(person hall.PersonID, at time.Time) bus.Outgoing {
	terminal := []string{"T01", "T02"}[d.random.IntN(2)]
	return d.event(hall.KindPunch, terminal, at, fields{"person": person, "method": "face"})
}

// next is somebody at a terminal, and now and then an inspector's note or
// somebody whom the roster does not know.
func (d *demoDay) next(now time.Time) (e bus.Outgoing, what string) {
	window, place := d.random.IntN(len(demoWindows)), d.random.IntN(demoSize)
	person := demoPerson(window, place)
	switch d.random.IntN(12) {
	case 0:
		kind := []string{hall.PatrolClear, "badge", "tidiness"}[d.random.IntN(3)]
		f := fields{"inspector": demoInspector, "kind": kind, "window": demoWindows[window].id}
		if kind == "badge" {
			f["person"] = person
		}
		return d.event(hall.KindPatrol, "patrol", now, f), fmt.Sprintf("patrol %s at %s", kind, demoWindows[window].id)
	case 1:
		return d.punch("guest-7", now), "punch of guest-7"
	}
	return d.punch(person, now), fmt.Sprintf("punch of %s (%s)", person, demoWindows[window].id)
}

func (d *demoDay) event(kind hall.Kind, source string, at time.Time, f fields) bus.Outgoing {
	d.made++
	id := fmt.Sprintf("today-%06d", d.made)
	f["id"], f["time"] = id, at.In(d.zone).Format(time.RFC3339)
	body, err := json.Marshal(f)
	if err != nil {
		panic("an event of the demo is no JSON: " + err.Error())
	}
	return bus.Outgoing{Subject: hall.Subject(demoHall, kind, source), UID: hall.NewUID(demoHall, kind, source, id), Body: body}
}
