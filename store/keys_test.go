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
	f.Add("demo", int32(737000), "1", "demo-2", int32(736000), "1")
	f.Add("demo", int32(737000), "1", "demo", int32(737000), "10")
	f.Fuzz(func(t *testing.T, h1 string, d1 int32, p1, h2 string, d2 int32, p2 string) {
		if strings.ContainsRune(h1+h2, 0) || p1 == "" || p2 == "" || d1 < 0 || d2 < 0 {
			t.Skip("no hall, person or day")
		}
		a := store.PunchKey(hall.ID(h1), hall.Date(d1), hall.PersonID(p1))
		b := store.PunchKey(hall.ID(h2), hall.Date(d2), hall.PersonID(p2))
		want := cmp.Or(cmp.Compare(h1, h2), cmp.Compare(d1, d2), cmp.Compare(p1, p2))
		if got := bytes.Compare(a, b); got != want {
			t.Errorf("keys compare %d, values %d", got, want)
		}
		h, d, p, err := store.ParsePunchKey(a)
		if err != nil || string(h) != h1 || int32(d) != d1 || string(p) != p1 {
			t.Errorf("ParsePunchKey = %q, %d, %q, %v", h, d, p, err)
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
	record, err := store.PackDay(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(record)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, record []byte) {
		_, _, _ = store.UnpackDay(record, "demo", 737000, "1") // must not panic
	})
}

// TestPunchOrder holds the order inside a record against that of uids.
// TestSortedAsKeys: a batch is sorted by the beginnings of names, and comes out in
// the order of the keys.
func TestSortedAsKeys(t *testing.T) {
	name := rapid.StringMatching(`(a|ab|hall-01|hall-012|hall-0123)[0-2]{0,2}`)
	rapid.Check(t, func(t *rapid.T) {
		draw := func() hall.Punch {
			h, day := hall.ID(name.Draw(t, "hall")), hall.Instant(rapid.IntRange(0, 2).Draw(t, "day"))
			return hall.Punch{Head: hall.Head{UID: hall.NewUID(h, hall.KindPunch, "T1", "1"), Time: 1604361600 + day*86400},
				Person: hall.PersonID(name.Draw(t, "person"))}
		}
		a, b := draw(), draw()
		if keys, sorted := store.CompareDays(a, b); cmp.Compare(keys, 0) != cmp.Compare(sorted, 0) {
			t.Errorf("%s %s and %s %s: keys compare %d, the batch %d", a.UID, a.Person, b.UID, b.Person, keys, sorted)
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
					Time: 1604361600 + hall.Instant(rapid.IntRange(0, 2).Draw(t, "time")*43199),
				},
				Person: "1", Terminal: source,
				Method:     rapid.SampledFrom([]string{"", "face", "manual", "other"}).Draw(t, "method"),
				Direction:  rapid.SampledFrom([]string{"", "in", "?"}).Draw(t, "direction"),
				Seq:        rapid.SampledFrom([]string{"", "7"}).Draw(t, "seq"),
				ReceivedAt: hall.Instant(rapid.SampledFrom([]int64{0, 5, 1604361600}).Draw(t, "received")),
			})
		}
		record, err := store.PackDay(punches...)
		if err != nil {
			t.Fatal(err)
		}
		got, canonical, err := store.UnpackDay(record, "demo", punches[0].Time.UTCDate(), "1")
		if err != nil || !canonical {
			t.Fatalf("UnpackDay: one form %t, %v", canonical, err)
		}
		known := map[hall.Punch]bool{}
		heads := map[hall.Head]bool{}
		for _, p := range punches {
			known[p], heads[p.Head] = true, true
		}
		for i, p := range got {
			if !known[p] || i > 0 && !got[i-1].Before(p.Head) {
				t.Fatalf("%+v is unknown or out of order", p)
			}
		}
		if len(got) != len(heads) {
			t.Fatalf("%d punches, want %d", len(got), len(heads))
		}
	})
}
