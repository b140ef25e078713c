package store_test

// Writing: order, repetition and batching change nothing; all or nothing.

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/store"
)

func TestAnyOrderSameContent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := sample(t, rapid.Uint64Range(0, 1000).Draw(rt, "seed"))
		want, other := openStore(t), openStore(t)
		apply(t, want, events...)
		check(t, want)

		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 2))
		again := slices.Clone(events)
		for range rapid.IntRange(0, 60).Draw(rt, "repeated") {
			again = append(again, events[r.IntN(len(events))])
		}
		r.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		for size := rapid.SampledFrom([]int{1 + r.IntN(20), 100, 10000}).Draw(rt, "batch"); len(again) > 0; {
			n := min(size, len(again))
			apply(t, other, again[:n]...)
			again = again[n:]
		}
		check(t, other)
		if digest(t, other) != digest(t, want) {
			rt.Fatalf("another order, repetition and batching gives other content")
		}
	})
}

func TestConflictEitherOrder(t *testing.T) {
	a := event(t, hall.KindLeave, "c", `{"id":"l1","time":"2020-11-01T00:00:00Z","person":"1","kind":"sick","from":"2020-11-03","until":"2020-11-04"}`)
	b := event(t, hall.KindLeave, "c", `{"id":"l1","time":"2020-11-01T00:00:00Z","person":"1","kind":"sick","from":"2020-12-03","until":"2020-12-04"}`)
	counts, falls := a, b
	if slices.Compare(b.Sum[:], a.Sum[:]) < 0 {
		counts, falls = b, a
	}
	var sums [][32]byte
	for _, order := range [][]hall.Event{{a, b}, {b, a}, {b, a, a, b}} {
		s := openStore(t)
		for _, e := range order {
			apply(t, s, e)
			check(t, s)
		}
		sums = append(sums, digest(t, s))
		view(t, s, func(v *store.View) {
			found, ok, err := v.Find(a.UID)
			if err != nil || !ok || found.Conflict == nil {
				t.Fatalf("Find = %+v, %t, %v, want a conflict", found, ok, err)
			}
			if diff := cmp.Diff(counts.Body, found.Body); diff != "" {
				t.Errorf("the body that counts: %s", diff)
			}
			want := hall.Conflict{UID: a.UID, Counts: hexOf(counts.Sum), Others: []string{hexOf(falls.Sum)}}
			facts, err := v.Facts("demo", hall.NewDate(2020, 1, 1), hall.NewDate(2021, 1, 1))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]hall.Conflict{want}, facts.Conflicts); diff != "" {
				t.Errorf("conflicts: %s", diff)
			}
			if diff := cmp.Diff([]hall.Leave{*counts.Fact.(*hall.Leave)}, facts.Leaves); diff != "" {
				t.Errorf("leaves: %s", diff)
			}
		})
	}
	if sums[0] != sums[1] || sums[1] != sums[2] {
		t.Errorf("the order of conflicting bodies matters")
	}
}

func TestBatchIsAllOrNothing(t *testing.T) {
	s := openStore(t)
	apply(t, s, sample(t, 1)...)
	before := digest(t, s)
	applied, _ := s.Applied()

	next := applied
	next.Sequence++
	bad := event(t, hall.KindText, "c", `{"time":"2020-11-01T00:00:00Z","month":"2020-11","section":"s","items":["i"]}`)
	bad.Body = nil
	batch := store.BatchOf(next, append(sample(t, 2), bad)...)
	batch.AddDead(store.Dead{Sequence: next.Sequence, Reason: "r"})
	if err := s.Apply(batch); err == nil {
		t.Fatal("Apply of a broken event succeeded")
	}
	if digest(t, s) != before {
		t.Error("a batch that was refused left something")
	}
	if got, _ := s.Applied(); got != applied {
		t.Errorf("Applied = %+v, want %+v", got, applied)
	}
	check(t, s)
}

func TestSequenceNeverGoesBack(t *testing.T) {
	s := openStore(t)
	apply(t, s, sample(t, 1)...)
	applied, _ := s.Applied()
	if err := s.Apply(store.BatchOf(applied)); err == nil || errors.Is(err, store.ErrNoSpace) {
		t.Errorf("Apply of the same sequence = %v, want an error", err)
	}
}

func TestDeadLettersAndCounters(t *testing.T) {
	s := openStore(t)
	dead := []store.Dead{
		{Sequence: 2, Subject: "rollcall.demo.punch.T1", Field: "time", Reason: "no offset"},
		{Sequence: 3, Subject: "rollcall.other.punch.T1", Reason: "no JSON"},
		{Sequence: 5, Subject: "", Reason: "a blank line"},
	}
	known := event(t, hall.KindPunch, "T1", `{"id":"1","person":"1","time":"2020-11-01T00:00:00Z","odd":1}`)
	batch := store.BatchOf(store.Applied{Sequence: 6}, known, known)
	for _, d := range dead {
		batch.AddDead(d)
	}
	if err := s.Apply(batch); err != nil {
		t.Fatal(err)
	}
	check(t, s)
	view(t, s, func(v *store.View) {
		for _, c := range []struct {
			hall  hall.ID
			after uint64
			want  []store.Dead
		}{
			{"", 0, dead}, {"demo", 0, []store.Dead{dead[0], dead[2]}}, {"none", 0, dead[2:]},
			{"", 1, dead}, {"", 2, dead[1:]}, {"", 4, dead[2:]}, {"demo", 2, dead[2:]}, {"", 5, nil}, {"", math.MaxUint64, nil},
		} {
			var got []store.Dead
			for d, err := range v.Dead(c.hall, c.after) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, d)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("Dead(%q, %d): %s", c.hall, c.after, diff)
			}
		}
		if d, ok, err := v.DeadAt(3); err != nil || !ok || d != dead[1] {
			t.Errorf("DeadAt(3) = %+v, %t, %v", d, ok, err)
		}
		if _, ok, err := v.DeadAt(4); ok || err != nil {
			t.Errorf("DeadAt(4) = %t, %v, want nothing", ok, err)
		}
		stats := v.Stats()
		if diff := cmp.Diff(map[hall.Kind]uint64{hall.KindPunch: 1}, stats.Events); diff != "" || stats.Dead != 3 || stats.Bytes == 0 {
			t.Errorf("Stats = %+v: %s", stats, diff)
		}
		if diff := cmp.Diff(map[hall.Kind][]string{hall.KindPunch: {"odd"}}, v.Unknown()); diff != "" {
			t.Errorf("Unknown: %s", diff)
		}
	})
}

func TestUnknownNamesAreBounded(t *testing.T) {
	s := openStore(t)
	for i := range 100 {
		e := event(t, hall.KindPunch, "T1", `{"id":"1","person":"1","time":"2020-11-01T00:00:00Z"}`)
		e.Unknown = []string{"name" + string(rune('A'+i%50)) + string(rune('A'+i/50))}
		apply(t, s, e)
	}
	view(t, s, func(v *store.View) {
		if n := len(v.Unknown()[hall.KindPunch]); n != 64 {
			t.Errorf("%d names are kept, want 64", n)
		}
	})
}
