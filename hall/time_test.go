package hall_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones, also where the system has none

	"pgregory.net/rapid"

	"rollcall/hall"
)

// clocks are zones with and without summer time, one that changes at midnight, one
// that changes by half an hour, one that changed a minute after midnight, and one that
// once left out a day.
var clocks = []string{"America/St_Johns", "Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia"}

func zones(t *testing.T) []*time.Location {
	t.Helper()
	list := []*time.Location{time.FixedZone("hall", 8*3600), time.FixedZone("west", -3*3600-1800)}
	for _, name := range clocks {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, zone)
	}
	return list
}

// TestClocksAsTimeHasThem: dates, clocks and moments are those of the package time,
// also on the days on which clocks are put forward and back, and of a clock that
// remembers whatever it was asked before.
func TestClocksAsTimeHasThem(t *testing.T) {
	zones := zones(t)
	walls := map[*time.Location]*hall.WallClock{}
	for _, zone := range zones {
		walls[zone] = hall.NewWallClock(zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		instant := hall.Instant(rapid.Int64Range(-1<<33, 1<<33).Draw(t, "instant"))
		if rapid.Bool().Draw(t, "change") {
			if _, end := instant.Time().In(zone).ZoneBounds(); !end.IsZero() {
				instant = hall.InstantOf(end) + hall.Instant(rapid.Int64Range(-90_000, 90_000).Draw(t, "off"))
			}
		}
		date, clock := instant.In(zone)
		at := instant.Time().In(zone)
		if h, m, s := at.Clock(); date != hall.NewDate(at.Date()) || clock != hall.Clock(h*3600+m*60+s) {
			t.Fatalf("%v In = %v %v", at, date, clock)
		}
		if wallDate, wall := walls[zone].Read(instant); wallDate != date || wall != clock {
			t.Fatalf("%v Read = %v %v, want %v %v", at, wallDate, wall, date, clock)
		}
		clock = hall.Clock(rapid.IntRange(-100_000, 300_000).Draw(t, "clock"))
		want := hall.InstantOf(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, int(clock), 0, zone))
		if got := date.At(clock, zone); got != want {
			t.Fatalf("%v At %d s in %v = %v, want %v", date, clock, zone, got.Time(), want.Time())
		}
	})
}

func TestDateString(t *testing.T) {
	for _, d := range []hall.Date{1, 365, 366, hall.NewDate(2020, 2, 29), hall.NewDate(2099, 12, 31), hall.NewDate(9999, 12, 31), hall.NewDate(10000, 1, 1)} {
		if got, want := d.String(), d.Midnight().Format(time.DateOnly); got != want {
			t.Errorf("%d = %q, want %q", d, got, want)
		}
	}
	if got := hall.Date(0).String(); got != "" {
		t.Errorf("no date = %q", got)
	}
}
