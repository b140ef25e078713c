package store_test

// Reading: ranges, uids, export.

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/store"
)

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }

func day(text string) hall.Date {
	d, err := hall.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for x, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	return all
}

func TestPunchIsLossless(t *testing.T) {
	bodies := []string{
		`{"id":"1","person":"1001","time":"2020-11-03T23:30:00+08:00"}`,
		`{"id":"2","person":"1001","time":"2020-11-03T12:00:00Z","method":"face","direction":"out","terminal":"T77","seq":12,"received_at":"2020-11-09T00:00:01Z"}`,
		`{"id":"3","person":"1001","time":"2020-11-03T12:00:00Z","method":"palm","direction":"through","seq":{"a":[1]}}`,
		`{"person":"1001","time":"2020-11-03T00:00:00Z","method":"manual"}`,
		`{"id":"h-0123456789ABCDEF0123456789ABCDEF","person":"1001","time":"2020-11-03T23:59:59Z"}`,
	}
	s := openStore(t)
	var want []hall.Punch
	for _, body := range bodies {
		e := event(t, hall.KindPunch, "T1", body)
		apply(t, s, e)
		want = append(want, *e.Fact.(*hall.Punch))
	}
	slices.SortFunc(want, func(a, b hall.Punch) int {
		if a.Before(b.Head) {
			return -1
		}
		return 1
	})
	view(t, s, func(v *store.View) {
		got := collect(t, v.Punches("demo", day("2020-11-03"), day("2020-11-03")))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Punches: %s", diff)
		}
	})
	check(t, s)
}

func TestPunchesOfPersonsAndDays(t *testing.T) {
	s := openStore(t)
	for _, h := range words("demo demo-2 dem") {
		for _, person := range words("1 10 2") {
			for _, date := range words("2020-10-31 2020-11-01 2020-11-02") {
				apply(t, s, eventOf(t, hall.ID(h), hall.KindPunch, "T", `{"id":"`+person+date+`","person":"`+person+`","time":"`+date+`T08:00:00Z"}`))
			}
		}
	}
	ids := func(punches []hall.Punch) (got []string) {
		for _, p := range punches {
			_, _, _, id, _ := p.UID.Split()
			got = append(got, id)
		}
		return got
	}
	view(t, s, func(v *store.View) {
		got := ids(collect(t, v.Punches("demo", day("2020-11-01"), day("2020-11-02"))))
		want := words("102020-11-01 12020-11-01 22020-11-01 102020-11-02 12020-11-02 22020-11-02")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("two days: %s", diff)
		}
		got = ids(collect(t, v.Punches("demo", 0, day("2099-01-01"), "2", "10", "2", "none")))
		want = words("102020-10-31 22020-10-31 102020-11-01 22020-11-01 102020-11-02 22020-11-02")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("two persons: %s", diff)
		}
		if got := collect(t, v.Punches("nobody", 0, day("2099-01-01"), "1")); len(got) > 0 {
			t.Errorf("punches of an unknown hall: %v", got)
		}
		if diff := cmp.Diff([]hall.ID{"dem", "demo", "demo-2"}, v.Halls()); diff != "" {
			t.Errorf("Halls: %s", diff)
		}
		if diff := cmp.Diff([]hall.Month{hall.NewMonth(2020, 10), hall.NewMonth(2020, 11)}, v.Months("demo")); diff != "" {
			t.Errorf("Months: %s", diff)
		}
	})
}

func TestFactsOfRange(t *testing.T) {
	s := openStore(t)
	put := func(kind hall.Kind, id, rest string) {
		apply(t, s, event(t, kind, "c", `{"id":"`+id+`","time":"2020-06-01T00:00:00Z",`+rest+`}`))
	}
	at := func(kind hall.Kind, id, time, rest string) {
		apply(t, s, event(t, kind, "c", `{"id":"`+id+`","time":"`+time+`",`+rest+`}`))
	}
	for _, d := range words("2020-10-31 2020-11-01 2020-11-30 2020-12-01") {
		at(hall.KindPatrol, d, d+"T10:00:00Z", `"inspector":"I","kind":"clear"`)
		at(hall.KindTerminal, d, d+"T10:00:00Z", `"terminal":"T1","state":"retired","complete_until":"`+d+`T09:00:00Z"`)
		put(hall.KindCorrection, d, `"person":"1","at":"`+d+`T10:00:00Z","reason":"own"`)
	}
	for id, span := range map[string][2]string{
		"long before": {"2020-01-01", "2020-10-29"}, "margin before": {"2020-10-01", "2020-10-30"},
		"over": {"2020-01-01", "2021-12-31"}, "in": {"2020-11-05T10:00:00Z", "2020-11-05T11:00:00Z"},
		"margin after": {"2020-12-02", "2020-12-09"}, "long after": {"2020-12-03", "2020-12-09"},
	} {
		id = string(bytes.ReplaceAll([]byte(id), []byte(" "), []byte("-")))
		put(hall.KindLeave, id, `"person":"1","kind":"k","from":"`+span[0]+`","until":"`+span[1]+`"`)
		put(hall.KindExcuse, id, `"reason":"r","from":"`+span[0]+`","until":"`+span[1]+`"`)
		put(hall.KindStandIn, id, `"window":"w","from":"`+span[0]+`","until":"`+span[1]+`"`)
	}
	for _, m := range words("2020-09 2020-10 2020-11 2020-12") {
		put(hall.KindBonus, m, `"month":"`+m+`","windows":["w"],"kind":"k","count":1`)
		put(hall.KindFigure, m, `"month":"`+m+`","name":"n","value":1`)
		put(hall.KindText, m, `"month":"`+m+`","section":"s","items":["i"]`)
		put(hall.KindAward, m, `"month":"`+m+`","title":"t","windows":["w"],"by":"b","reason":"r"`)
		put(hall.KindCases, m, `"date":"`+m+`-07","accepted":1,"completed":1,"on_time":1`)
	}
	put(hall.KindRoster, "r", `"person":"1","name":"n","window":"w","class":"c","from":"2000-01-01"`)
	put(hall.KindRuling, "u", `"on":"demo/patrol/c/x","state":"rejected","by":"b","reason":"r"`)
	put(hall.KindCalendar, "y", `"year":1999,"days":[{"date":"1999-01-01","name":"n","off":true}]`)
	check(t, s)

	view(t, s, func(v *store.View) {
		f, err := v.Facts("demo", day("2020-11-01"), day("2020-11-30"))
		if err != nil {
			t.Fatal(err)
		}
		inside := words("2020-11-01 2020-11-30")
		months := words("2020-10 2020-11")
		spans := words("in margin-after margin-before over")
		for name, pair := range map[string][2][]string{
			"patrols": {inside, idsOf(f.Patrols)}, "terminals": {inside, idsOf(f.Terminals)}, "corrections": {inside, idsOf(f.Corrections)},
			"leaves": {spans, idsOf(f.Leaves)}, "excuses": {spans, idsOf(f.Excuses)}, "stand-ins": {spans, idsOf(f.StandIns)},
			"bonuses": {months, idsOf(f.Bonuses)}, "figures": {months, idsOf(f.Figures)}, "texts": {months, idsOf(f.Texts)},
			"awards": {months, idsOf(f.Awards)}, "cases": {months, idsOf(f.Cases)},
			"roster": {words("r"), idsOf(f.Roster)}, "rulings": {words("u"), idsOf(f.Rulings)}, "calendars": {words("y"), idsOf(f.Calendars)},
		} {
			if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		want, _, err := v.Find("demo/terminal/c/2020-11-01")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Fact, hall.Fact(&f.Terminals[0])); diff != "" {
			t.Errorf("a heartbeat of the index: %s", diff)
		}
	})
}

func idsOf[E any, P interface {
	*E
	GetHead() hall.Head
}](facts []E) (ids []string) {
	for i := range facts {
		_, _, _, id, _ := P(&facts[i]).GetHead().UID.Split()
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func TestFindPunch(t *testing.T) {
	s := openStore(t)
	e := event(t, hall.KindPunch, "T1", `{"id":"1","person":"17","time":"2020-11-03T23:30:00Z"}`)
	apply(t, s, e, event(t, hall.KindPunch, "T1", `{"id":"2","person":"17","time":"2020-11-03T23:30:00Z"}`))
	view(t, s, func(v *store.View) {
		for name, hint := range map[string]struct {
			person hall.PersonID
			date   hall.Date
		}{
			"the hall's date": {"17", day("2020-11-04")}, "another person": {"1001", day("2020-11-04")},
			"another date": {"17", day("2020-12-04")}, "none": {},
		} {
			got, err := v.FindPunch(e.UID, hint.person, hint.date)
			if diff := cmp.Diff([]hall.Punch{*e.Fact.(*hall.Punch)}, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s", name, err, diff)
			}
		}
		for _, uid := range []hall.UID{"", "x", "demo/punch/T1/3", "demo/leave/T1/1"} {
			if got, err := v.FindPunch(uid, "", 0); len(got) > 0 || err != nil {
				t.Errorf("FindPunch(%q) = %v, %v, want nothing", uid, got, err)
			}
			if _, ok, err := v.Find(uid); ok || err != nil {
				t.Errorf("Find(%q) = %t, %v, want nothing", uid, ok, err)
			}
		}
	})
}

// TestHolds: the very content, whoever else has the uid.
func TestHolds(t *testing.T) {
	s := openStore(t)
	punch := func(rest string) hall.Event {
		return event(t, hall.KindPunch, "T1", `{"id":"1","person":"17",`+rest+`}`)
	}
	leave := func(day string) hall.Event {
		return event(t, hall.KindLeave, "c", `{"id":"l1","time":"2020-11-01T00:00:00Z","person":"17","kind":"sick","from":"2020-11-03","until":"`+day+`"}`)
	}
	there := []hall.Event{punch(`"time":"2020-11-03T08:00:00+08:00","method":"face"`), leave("2020-11-04"), leave("2020-11-05")}
	apply(t, s, there...)
	there = append(there, punch(`"method":"face","time":"2020-11-03T00:00:00Z"`))
	for want, events := range map[bool][]hall.Event{
		true: there,
		false: {
			leave("2020-11-06"), punch(`"time":"2020-11-03T08:00:00+08:00"`), punch(`"time":"2020-11-03T08:00:01+08:00","method":"face"`),
			event(t, hall.KindPunch, "T1", `{"id":"1","person":"18","time":"2020-11-03T08:00:00+08:00","method":"face"}`),
			event(t, hall.KindPunch, "T2", `{"id":"1","person":"17","time":"2020-11-03T08:00:00+08:00","method":"face"}`),
			eventOf(t, "dem", hall.KindPunch, "T1", `{"id":"1","person":"17","time":"2020-11-03T08:00:00+08:00","method":"face"}`),
			event(t, hall.KindLeave, "d", `{"id":"l1","time":"2020-11-01T00:00:00Z","person":"17","kind":"sick","from":"2020-11-03","until":"2020-11-04"}`),
		},
	} {
		view(t, s, func(v *store.View) {
			for i := range events {
				if got, err := v.Holds(&events[i]); got != want || err != nil {
					t.Errorf("Holds(%s %s) = %t, %v, want %t", events[i].UID, events[i].Canonical(), got, err, want)
				}
			}
		})
	}
}

func TestExportGivesTheSameContent(t *testing.T) {
	s, copied := openStore(t), openStore(t)
	apply(t, s, sample(t, 3)...)
	view(t, s, func(v *store.View) {
		var events []hall.Event
		for _, h := range v.Halls() {
			for _, line := range collect(t, v.Export(h)) {
				e, err := hall.Decode(line.Subject, line.Body)
				if err != nil || e.UID != line.UID {
					t.Fatalf("%s comes back as %s, %v", line.UID, e.UID, err)
				}
				events = append(events, e)
			}
		}
		slices.Reverse(events)
		apply(t, copied, events...)
	})
	if digest(t, s) != digest(t, copied) {
		t.Error("what was exported gives other content")
	}
}

func TestBackupOpens(t *testing.T) {
	s := openStore(t)
	apply(t, s, sample(t, 4)...)
	var file bytes.Buffer
	view(t, s, func(v *store.View) {
		if err := v.Backup(&file); err != nil {
			t.Fatal(err)
		}
	})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.FileName), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if digest(t, s) != digest(t, again) {
		t.Error("the copy has other content")
	}
}

// TestFactsNaming: of notes, corrections and leave only those of the person are
// there, of what may hold for anybody all.
func TestFactsNaming(t *testing.T) {
	s := openStore(t)
	for i, person := range []string{"1001", "1002"} {
		of := fmt.Sprintf(`"id":"%d","time":"2020-11-03T09:00:00+08:00","person":%q`, i, person)
		apply(t, s,
			event(t, hall.KindPunch, "T1", `{`+of+`}`),
			event(t, hall.KindPatrol, "p", `{`+of+`,"inspector":"9","kind":"phone_use"}`),
			event(t, hall.KindCorrection, "o", `{`+of+`,"at":"2020-11-03T09:00:00+08:00","reason":"own"}`),
			event(t, hall.KindLeave, "o", `{`+of+`,"kind":"annual","from":"2020-11-03","until":"2020-11-03"}`))
	}
	apply(t, s, event(t, hall.KindExcuse, "o", `{"id":"e","time":"2020-11-03T09:00:00+08:00","reason":"power_cut","from":"2020-11-03","until":"2020-11-03"}`))
	view(t, s, func(v *store.View) {
		f, err := v.FactsNaming("demo", day("2020-11-01"), day("2020-11-30"), "1002", []hall.PersonID{"1002"})
		if err != nil {
			t.Fatal(err)
		}
		var named []hall.PersonID
		for _, p := range f.Punches {
			named = append(named, p.Person)
		}
		for _, p := range f.Patrols {
			named = append(named, p.Person)
		}
		for _, c := range f.Corrections {
			named = append(named, c.Person)
		}
		for _, l := range f.Leaves {
			named = append(named, l.Person)
		}
		if want := []hall.PersonID{"1002", "1002", "1002", "1002"}; !slices.Equal(named, want) || len(f.Excuses) != 1 {
			t.Errorf("the facts name %v, with %d excuses, want %v and 1", named, len(f.Excuses), want)
		}
	})
}
