package store_test

// What the tests share: events, stores, and their content.

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/store"
)

func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{NoSync: true, Writer: "test"})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// event decodes `kind source {body}`, of the hall demo.
func event(t testing.TB, kind hall.Kind, source, body string) hall.Event {
	t.Helper()
	return eventOf(t, "demo", kind, source, body)
}

func eventOf(t testing.TB, h hall.ID, kind hall.Kind, source, body string) hall.Event {
	t.Helper()
	e, err := hall.Decode(hall.Subject(h, kind, source), []byte(body))
	if err != nil {
		t.Fatalf("Decode(%s %s): %v", kind, body, err)
	}
	return e
}

// apply writes events as one batch behind what is there.
func apply(t testing.TB, s *store.Store, events ...hall.Event) {
	t.Helper()
	applied, err := s.Applied()
	if err != nil {
		t.Fatalf("Applied: %v", err)
	}
	applied.Sequence += uint64(max(1, len(events)))
	if err := s.Apply(store.BatchOf(applied, events...)); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

func view(t testing.TB, s *store.Store, fn func(*store.View)) {
	t.Helper()
	err := s.View(func(v *store.View) error {
		fn(v)
		return nil
	})
	if err != nil {
		t.Fatalf("View: %v", err)
	}
}

func check(t testing.TB, s *store.Store) {
	t.Helper()
	if err := s.CheckPages(); err != nil {
		t.Errorf("CheckPages: %v", err)
	}
	view(t, s, func(v *store.View) {
		if err := v.Check(t.Context()); err != nil {
			t.Errorf("Check: %v", err)
		}
	})
}

func digest(t testing.TB, s *store.Store) (sum [32]byte) {
	t.Helper()
	view(t, s, func(v *store.View) { sum = v.Digest() })
	return sum
}

// sample makes events of every kind but policy, some of one uid with several
// bodies, some without id, punches that differ in details alone.
func sample(t testing.TB, seed uint64) []hall.Event {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	at := func() string {
		return fmt.Sprintf("2020-1%d-%02dT%02d:%02d:%02d+08:00", r.IntN(3), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(3))
	}
	id := func() string { return fmt.Sprintf(`"id":"%s-%d",`, pick("a", "b.c", "x~"), r.IntN(6)) }
	date := func() string { return fmt.Sprintf("2020-1%d-%02d", r.IntN(3), 1+r.IntN(28)) }
	month := func() string { return fmt.Sprintf("2020-1%d", r.IntN(3)) }
	person := func() string { return pick("1001", "1002", "17", "李") }

	var events []hall.Event
	add := func(kind hall.Kind, format string, args ...any) {
		body := fmt.Sprintf(format, args...)
		if r.IntN(3) > 0 {
			body = "{" + id() + body + "}"
		} else {
			body = "{" + body + "}"
		}
		events = append(events, eventOf(t, hall.ID(pick("demo", "demo-2", "d")), kind, pick("T1", "T1-a", "c"), body))
	}
	for range 12 {
		for range 4 {
			more := pick("", `,"method":"face"`, `,"method":"odd","direction":"in"`, `,"direction":"round","seq":7`,
				`,"terminal":"T9"`, `,"seq":"a","received_at":"2020-11-03T10:00:00Z"`, `,"note":"x"`)
			add(hall.KindPunch, `"person":%q,"time":"2020-11-0%dT08:0%d:00+08:00"%s`, person(), 1+r.IntN(2), r.IntN(3), more)
		}
		add(hall.KindPatrol, `"time":%q,"inspector":"I","kind":"phone","window":"w1"`, at())
		from, until := date(), date()
		if from > until {
			from, until = until, from
		}
		add(hall.KindLeave, `"time":%q,"person":%q,"kind":"sick","from":%q,"until":%q`, at(), person(), from, until)
		add(hall.KindStandIn, `"time":%q,"window":"w1","from":%q,"until":%q`, at(), from, until)
		add(hall.KindExcuse, `"time":%q,"from":%q,"until":%q,"reason":"r"`, at(), from, until)
		add(hall.KindCorrection, `"time":%q,"person":%q,"at":%q,"reason":"own"`, at(), person(), at())
		add(hall.KindRuling, `"time":%q,"on":"demo/patrol/I/p","state":"rejected","by":"m","reason":%q`, at(), pick("a", "b"))
		add(hall.KindBonus, `"time":%q,"month":%q,"windows":["w1"],"kind":"k","count":%d`, at(), month(), r.IntN(3))
		add(hall.KindCases, `"time":%q,"month":%q,"accepted":%d,"completed":1,"on_time":1`, at(), month(), r.IntN(3))
		add(hall.KindFigure, `"time":%q,"month":%q,"name":"n","value":%d`, at(), month(), r.IntN(3))
		add(hall.KindText, `"time":%q,"month":%q,"section":"s","items":["i"]`, at(), month())
		add(hall.KindAward, `"time":%q,"month":%q,"title":"t","windows":["w1"],"by":"b","reason":"r"`, at(), month())
		add(hall.KindRoster, `"time":%q,"person":%q,"name":"n","window":"w1","class":"c","from":%q`, at(), person(), date())
		add(hall.KindTerminal, `"time":%q,"terminal":"T1","state":%q`, at(), pick("alive", "retired"))
		add(hall.KindCalendar, `"time":%q,"year":2020,"days":[{"date":%q,"name":"n","off":true}]`, at(), date())
	}
	return events
}

func words(s string) []string { return strings.Fields(s) }
