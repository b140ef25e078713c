package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/store"
)

func TestCompare(t *testing.T) {
	punch := func(id, rest string) hall.Event {
		return event(t, hall.KindPunch, "T1", `{"id":"`+id+`","person":"1","time":"2020-11-03T08:00:00Z"`+rest+`}`)
	}
	text := func(id, item string) hall.Event {
		return event(t, hall.KindText, "c", `{"id":"`+id+`","time":"2020-11-03T08:00:00Z","month":"2020-11","section":"s","items":["`+item+`"]}`)
	}
	a, b := openStore(t), openStore(t)
	apply(t, a, sample(t, 1)...)
	apply(t, b, sample(t, 1)...)
	apply(t, a, punch("both", ""), punch("details", ""), punch("a", ""), text("both", "x"), text("bodies", "x"), text("a", "x"))
	apply(t, b, punch("both", ""), punch("details", `,"method":"face"`), punch("b", ""), text("both", "x"), text("bodies", "y"), text("b", "x"))
	view(t, a, func(va *store.View) {
		view(t, b, func(vb *store.View) {
			third := day("2020-11-03")
			want := []store.Difference{
				{UID: "demo/text/c/a", A: true},
				{UID: "demo/text/c/b", B: true},
				{UID: "demo/text/c/bodies", A: true, B: true},
				{UID: "demo/punch/T1/a", Person: "1", Day: third, A: true},
				{UID: "demo/punch/T1/b", Person: "1", Day: third, B: true},
				{UID: "demo/punch/T1/details", Person: "1", Day: third, A: true, B: true},
			}
			if diff := cmp.Diff(want, collect(t, store.Compare(va, vb))); diff != "" {
				t.Errorf("Compare: %s", diff)
			}
			if got := collect(t, store.Compare(va, va)); len(got) > 0 {
				t.Errorf("a store differs from itself: %v", got)
			}
		})
	})
}
