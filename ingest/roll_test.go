package ingest_test

// Judging some people from their own punches alone says what judging them from
// everything says.

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/rules"
	"rollcall/store"
)

// smallHall draws events of four people who share numbers, on a few days.
func smallHall(t *rapid.T) []hall.Event {
	events := []hall.Event{decodeOne(t, hall.KindPolicy, "office", `{"id":"p","time":"2020-01-01T00:00:00Z","policy":`+
		strings.Replace(livePolicy, `"wait":"0m"`, `"wait":"24h"`, 1)+`}`)}
	day := func() string { return fmt.Sprintf("2020-11-%02d", rapid.IntRange(2, 6).Draw(t, "day")) }
	clock := func() string {
		return fmt.Sprintf("%sT%02d:%02d:00+08:00", day(), rapid.SampledFrom([]int{1, 8, 9, 12, 13, 17, 23}).Draw(t, "hour"), rapid.SampledFrom([]int{0, 20, 59}).Draw(t, "minute"))
	}
	person := func() string { return rapid.SampledFrom([]string{"P1", "P2", "P3", "P4"}).Draw(t, "person") }
	name := func() string {
		return rapid.SampledFrom([]string{"P1", "P2", "P3", "P4", "7", "8"}).Draw(t, "name")
	}
	alias := func() string { return rapid.SampledFrom([]string{"7", "8", "T1:7", "T2:8", "P2"}).Draw(t, "alias") }
	for i := range rapid.IntRange(1, 8).Draw(t, "rows") {
		events = append(events, decodeOne(t, hall.KindRoster, "office", fmt.Sprintf(
			`{"id":"r%d","time":"2020-01-0%dT00:00:00Z","person":%q,"name":"某","window":"w1","class":"resident","from":%q,"aliases":[%q]}`,
			i, i+1, person(), rapid.SampledFrom([]string{"2020-01-01", "2020-11-04"}).Draw(t, "from"), alias())))
	}
	for i := range rapid.IntRange(0, 30).Draw(t, "others") {
		source := rapid.SampledFrom([]string{"T1", "T2"}).Draw(t, "source")
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			events = append(events, decodeOne(t, hall.KindPatrol, "patrol", fmt.Sprintf(
				`{"id":"n%d","time":%q,"inspector":"I","kind":"phone_use","person":%q,"stand_in":%t}`, i, clock(), name(), rapid.Bool().Draw(t, "stand-in"))))
		case 1:
			d := day()
			events = append(events, decodeOne(t, hall.KindLeave, "office", fmt.Sprintf(`{"id":"l%d","time":"2020-11-01T00:00:00Z","person":%q,"kind":"trip","from":%q,"until":%q}`, i, person(), d, d)))
		case 2:
			events = append(events, decodeOne(t, hall.KindRuling, "office", fmt.Sprintf(`{"id":"u%d","time":%q,"on":%q,"state":"rejected","by":"M","reason":"核实","person":"P1","date":"2020-11-03"}`, i, clock(),
				rapid.SampledFrom([]string{fmt.Sprintf("demo/patrol/patrol/n%d", max(0, i-1)), fmt.Sprintf("demo/punch/T1/x%d", max(0, i-1))}).Draw(t, "on"))))
		case 3:
			events = append(events, decodeOne(t, hall.KindTerminal, source, fmt.Sprintf(`{"id":"t%d","time":%q,"terminal":%q,"state":"alive","complete_until":%q}`, i, clock(), source, clock())))
		default:
			events = append(events, decodeOne(t, hall.KindPunch, source, fmt.Sprintf(`{"id":"x%d","time":%q,"person":%q,"method":%q}`, i, clock(), name(),
				rapid.SampledFrom([]string{"", "face", "phone", "manual", "iris"}).Draw(t, "method"))))
		}
	}
	return events
}

func decodeOne(t *rapid.T, kind hall.Kind, source, body string) hall.Event {
	e, err := hall.Decode(hall.Subject("demo", kind, source), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// meant are the people who go by one of some names.
func meant(names []hall.PersonID) func(*rules.Book) func(hall.PersonID) bool {
	return func(b *rules.Book) func(hall.PersonID) bool {
		return func(person hall.PersonID) bool {
			if len(b.Rows(person)) == 0 {
				return false
			}
			return slices.Contains(names, person) || slices.ContainsFunc(b.Rows(person), func(row hall.Roster) bool {
				return slices.ContainsFunc(row.Aliases, func(alias string) bool {
					_, behind, _ := strings.Cut(alias, ":")
					return slices.Contains(names, hall.PersonID(alias)) || slices.Contains(names, hall.PersonID(behind))
				})
			})
		}
	}
}

func everybody(*rules.Book) func(hall.PersonID) bool {
	return func(hall.PersonID) bool { return true }
}

func TestNarrowIsEnough(t *testing.T) {
	live := ingest.NewLive(&crier{}, hall.Calendar{}, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	dir := t.TempDir()
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		s, err := store.Open(fmt.Sprint(dir, "/", round), store.Options{NoSync: true})
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		events := smallHall(rt)
		if err := s.Apply(store.BatchOf(store.Applied{Sequence: uint64(round)}, events...)); err != nil {
			rt.Fatal(err)
		}
		names := rapid.SliceOfN(rapid.SampledFrom([]hall.PersonID{"P1", "P2", "P3", "P4", "7", "8", "9"}), 1, 3).Draw(rt, "names")
		touch := ingest.Touch{Hall: "demo"}
		for _, name := range names {
			at := hall.Bound{At: hall.NewDate(2020, 11, rapid.IntRange(3, 5).Draw(rt, "touched")).At(9*3600, hall.Instant(0).Time().Location())}
			touch.Marks = append(touch.Marks, ingest.Mark{Person: name, From: at, Until: at})
		}
		asOf := hall.NewDate(2020, 11, rapid.IntRange(4, 8).Draw(rt, "as_of")).At(hall.Clock(rapid.IntRange(0, 23).Draw(rt, "as_of hour")*3600), hall.Instant(0).Time().Location())
		err = s.View(func(v *store.View) error {
			got, err := live.JudgeNarrow(v, touch, asOf)
			if err != nil {
				return err
			}
			want, err := live.JudgeWide(v, touch, meant(names), asOf)
			if err != nil {
				return err
			}
			everything, err := live.JudgeWide(v, touch, everybody, asOf)
			for id, line := range everything {
				_, asked := want[id]
				if said, ok := got[id]; ok || asked { // who went by the name in a row that was replaced may be judged too
					if diff := cmp.Diff(line, said); diff != "" {
						rt.Errorf("narrow differs from wide (-wide +narrow):\n%s", diff)
					}
				}
				delete(got, id)
			}
			if len(got) > 0 {
				rt.Errorf("narrow alone has %v", got)
			}
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}
