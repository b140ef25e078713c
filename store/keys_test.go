package store_test

// The order of keys is the order of values, and keys and records read as they
// were written.

import (
	"bytes"
	"cmp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/store"
)

func FuzzPunchKeyOrder(f *testing.F) {
	f.Add("demo", int32(737000), uint8(1), "demo-2", int32(736000), uint8(1))
	f.Add("demo", int32(737000), uint8(1), "demo", int32(737000), uint8(10))
	f.Fuzz(func(t *testing.T, h1 string, d1 int32, q1 uint8, h2 string, d2 int32, q2 uint8) {
		if strings.ContainsRune(h1+h2, 0) || d1 < 0 || d2 < 0 {
			t.Skip("no hall or day")
		}
		a := store.PunchKey(hall.ID(h1), hall.Date(d1), q1)
		b := store.PunchKey(hall.ID(h2), hall.Date(d2), q2)
		want := cmp.Or(cmp.Compare(h1, h2), cmp.Compare(d1, d2), cmp.Compare(q1, q2))
		if got := bytes.Compare(a, b); got != want {
			t.Errorf("keys compare %d, values %d", got, want)
		}
		h, d, q, err := store.ParsePunchKey(a)
		if q1 >= store.DayQuarters {
			if err == nil {
				t.Errorf("ParsePunchKey of quarter %d succeeded", q1)
			}
			return
		}
		if err != nil || string(h) != h1 || int32(d) != d1 || uint8(q) != q1 {
			t.Errorf("ParsePunchKey = %q, %d, %d, %v", h, d, q, err)
		}
	})
}

func FuzzFactKeyOrder(f *testing.F) {
	f.Add("demo", "leave", "c", "1", int32(1), "demo", "leave", "c-1", "0", int32(2))
	f.Add("demo", "leave", "c", "1", int32(1), "demo-2", "leave", "c", "1", int32(2))
	f.Fuzz(func(t *testing.T, h1, k1, s1, i1 string, d1 int32, h2, k2, s2, i2 string, d2 int32) {
		if strings.ContainsAny(h1+k1+s1+i1+h2+k2+s2+i2, "\x00/") || d1 < 0 || d2 < 0 {
			t.Skip("no uid or day")
		}
		u1, u2 := hall.NewUID(hall.ID(h1), hall.Kind(k1), s1, i1), hall.NewUID(hall.ID(h2), hall.Kind(k2), s2, i2)
		a, b := store.FactKey(u1), store.FactKey(u2)
		head, tail := cmp.Or(cmp.Compare(h1, h2), cmp.Compare(k1, k2)), cmp.Or(cmp.Compare(s1, s2), cmp.Compare(i1, i2))
		if got, want := bytes.Compare(a, b), cmp.Or(head, tail); got != want {
			t.Errorf("fact keys compare %d, values %d", got, want)
		}
		if uid, err := store.ParseFactKey(a); err != nil || uid != u1 {
			t.Errorf("ParseFactKey = %q, %v, want %q", uid, err, u1)
		}
		x, y := store.DateKey(a, hall.Date(d1)), store.DateKey(b, hall.Date(d2))
		if got, want := bytes.Compare(x, y), cmp.Or(head, cmp.Compare(d1, d2), tail); got != want {
			t.Errorf("date keys compare %d, values %d", got, want)
		}
		if d, key, err := store.ParseDateKey(x); err != nil || int32(d) != d1 || !bytes.Equal(key, a) {
			t.Errorf("ParseDateKey = %d, %q, %v", d, key, err)
		}
	})
}

// FuzzRecord reads foreign bytes: an error or one form, never a panic.
func FuzzRecord(f *testing.F) {
	p := hall.Punch{Head: hall.Head{UID: "demo/punch/T1/1", Time: 1604361600}, Person: "1", Terminal: "T1", Method: "face"}
	record, err := store.PackQuarter(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(record)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, record []byte) {
		_, _, _ = store.UnpackQuarter(record, "demo", p.Time) // must not panic
	})
}

// TestPunchOrder holds the order inside a record against that of uids.
// TestSortedAsKeys: a batch comes out in the order of the keys.
func TestSortedAsKeys(t *testing.T) {
	name := rapid.StringMatching(`(a|ab|hall-01|hall-012|hall-0123)[0-2]{0,2}`)
	rapid.Check(t, func(t *rapid.T) {
		draw := func() hall.Punch {
			h, at := hall.ID(name.Draw(t, "hall")), hall.Instant(rapid.SampledFrom([]int{0, 1, 899, 900, 86399, 86400}).Draw(t, "time"))
			return hall.Punch{Head: hall.Head{UID: hall.NewUID(h, hall.KindPunch, "T1", "1"), Time: 1604361600 + at}, Person: "1"}
		}
		a, b := draw(), draw()
		if keys, sorted := store.ComparePlaces(a, b); cmp.Compare(keys, 0) != cmp.Compare(sorted, 0) {
			t.Errorf("%s at %d and %s at %d: keys compare %d, the batch %d", a.UID, a.Time, b.UID, b.Time, keys, sorted)
		}
	})
}

func TestPunchOrder(t *testing.T) {
	token := rapid.StringMatching(`[A0_-]{1,3}`)
	id := rapid.OneOf(rapid.StringMatching(`[a0.:-]{1,3}`), rapid.StringMatching(`h-[0-9a-f]{32}`))
	rapid.Check(t, func(t *rapid.T) {
		var punches []hall.Punch
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			source := token.Draw(t, "source")
			punches = append(punches, hall.Punch{
				Head: hall.Head{
					UID:  hall.NewUID("demo", hall.KindPunch, source, id.Draw(t, "id")),
					Time: 1604361600 + hall.Instant(rapid.IntRange(0, 2).Draw(t, "time")*449),
				},
				Person: hall.PersonID(rapid.SampledFrom([]string{"1", "10", "2"}).Draw(t, "person")), Terminal: source,
				Method:     rapid.SampledFrom([]string{"", "face", "manual", "other"}).Draw(t, "method"),
				Direction:  rapid.SampledFrom([]string{"", "in", "?"}).Draw(t, "direction"),
				Seq:        rapid.SampledFrom([]string{"", "7"}).Draw(t, "seq"),
				ReceivedAt: hall.Instant(rapid.SampledFrom([]int64{0, 5, 1604361600}).Draw(t, "received")),
			})
		}
		record, err := store.PackQuarter(punches...)
		if err != nil {
			t.Fatal(err)
		}
		got, canonical, err := store.UnpackQuarter(record, "demo", punches[0].Time)
		if err != nil || !canonical {
			t.Fatalf("UnpackQuarter: one form %t, %v", canonical, err)
		}
		known := map[hall.Punch]bool{}
		type name struct {
			hall.Head
			person hall.PersonID
		}
		names := map[name]bool{}
		for _, p := range punches {
			known[p], names[name{p.Head, p.Person}] = true, true
		}
		for i, p := range got {
			if !known[p] || i > 0 && p.Before(got[i-1].Head) {
				t.Fatalf("%+v is unknown or out of order", p)
			}
		}
		if len(got) != len(names) {
			t.Fatalf("%d punches, want %d", len(got), len(names))
		}
	})
}
