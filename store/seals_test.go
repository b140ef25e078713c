package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/store"
)

// sealEvent is part 1 of 1 of issue number of a month.
func sealEvent(t testing.TB, month string, number int, by string) hall.Event {
	t.Helper()
	return event(t, hall.KindSeal, "office", fmt.Sprintf(
		`{"id":"2020-11-%d-1","time":"2020-12-05T09:00:00+08:00","month":%q,"number":%d,"by":%q,"as_of":"2020-12-05T09:00:00+08:00","sequence":9,"digest":"d-%[4]s","result":"AAAA"}`,
		number, month, number, by))
}

// bySealers are those who made the seals of a month, in the order of the log.
func bySealers(t testing.TB, s *store.Store, month string) string {
	t.Helper()
	m, err := hall.ParseMonth(month)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	view(t, s, func(v *store.View) {
		seals, err := v.Seals("demo", m)
		if err != nil {
			t.Fatal(err)
		}
		for i := range seals {
			names = append(names, seals[i].By)
		}
	})
	return strings.Join(names, " ")
}

// TestSealsKeepTheOrderOfTheLog has three bodies of one uid, one of another month,
// and whatever the hashes and times of the bodies are: the order is that of the
// log, also where the events are published again.
func TestSealsKeepTheOrderOfTheLog(t *testing.T) {
	for _, names := range [][]string{{"a", "b", "c"}, {"c", "a", "b"}, {"b", "c", "a"}} {
		s := openStore(t)
		events := []hall.Event{sealEvent(t, "2020-11", 1, names[0]), sealEvent(t, "2020-10", 1, "x"), sealEvent(t, "2020-11", 1, names[1])}
		apply(t, s, events...)
		apply(t, s, sealEvent(t, "2020-11", 1, names[0]), sealEvent(t, "2020-11", 1, names[2]), sealEvent(t, "2020-11", 2, "z"))
		check(t, s)
		want := strings.Join(names, " ") + " z"
		if got := bySealers(t, s, "2020-11"); got != want {
			t.Errorf("seals by %s, want %s", got, want)
		}
		if got := bySealers(t, s, "2020-10"); got != "x" {
			t.Errorf("seals of October by %s, want x", got)
		}
		again := openStore(t)
		view(t, s, func(v *store.View) {
			for line, err := range v.Export("demo") {
				if err != nil {
					t.Fatal(err)
				}
				e, err := hall.Decode(line.Subject, line.Body)
				if err != nil {
					t.Fatal(err)
				}
				apply(t, again, e)
			}
		})
		check(t, again)
		if got := bySealers(t, again, "2020-11"); got != want || digest(t, again) != digest(t, s) {
			t.Errorf("published again: seals by %s, want %s", got, want)
		}
	}
}

// TestConflictOfSeals: of the bodies of a seal the one that came first counts,
// whatever their hashes are.
func TestConflictOfSeals(t *testing.T) {
	a, b := sealEvent(t, "2020-11", 1, "a"), sealEvent(t, "2020-11", 1, "b")
	for _, order := range [][2]hall.Event{{a, b}, {b, a}} {
		s := openStore(t)
		apply(t, s, order[0])
		apply(t, s, order[1])
		want := hall.Conflict{UID: a.UID, Counts: hexOf(order[0].Sum), Others: []string{hexOf(order[1].Sum)}}
		view(t, s, func(v *store.View) {
			facts, err := v.Facts("demo", day("2020-11-01"), day("2020-11-30"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]hall.Conflict{want}, facts.Conflicts); diff != "" {
				t.Errorf("conflicts: %s", diff)
			}
			found, ok, err := v.Find(a.UID)
			if err != nil || !ok {
				t.Fatalf("Find = %t, %v", ok, err)
			}
			if diff := cmp.Diff(&want, found.Conflict); diff != "" {
				t.Errorf("conflict of Find: %s", diff)
			}
			if diff := cmp.Diff(order[0].Body, found.Body); diff != "" {
				t.Errorf("the body that counts: %s", diff)
			}
		})
	}
}

func TestSealsAreNoFactsOfAMonth(t *testing.T) {
	s := openStore(t)
	apply(t, s, sealEvent(t, "2020-11", 1, "a"))
	view(t, s, func(v *store.View) {
		facts, err := v.Facts("demo", day("2020-11-01"), day("2020-11-30"))
		if err != nil || len(facts.Seals) > 0 {
			t.Errorf("Facts = %d seals, %v, want none", len(facts.Seals), err)
		}
		if diff := cmp.Diff([]hall.Month{hall.NewMonth(2020, 11)}, v.Months("demo")); diff != "" {
			t.Errorf("Months: %s", diff)
		}
	})
}
