package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// TestMissing: what a store misses of another makes it the same.
func TestMissing(t *testing.T) {
	for seed := range uint64(20) {
		events := sample(t, seed)
		whole, part := openStore(t), openStore(t)
		apply(t, whole, events...)
		var some []hall.Event
		for i, e := range events {
			if (uint64(i)*7+seed)%3 > 0 {
				some = append(some, e)
			}
		}
		apply(t, part, some...)
		missing := func() (lost []hall.Event) {
			view(t, whole, func(a *store.View) {
				view(t, part, func(b *store.View) {
					for _, line := range collect(t, store.Missing(a, b)) {
						e, err := hall.Decode(line.Subject, line.Body)
						if err != nil || e.UID != line.UID {
							t.Fatalf("%s %s comes back as %s, %v", line.UID, line.Body, e.UID, err)
						}
						lost = append(lost, e)
					}
				})
			})
			return lost
		}
		lost := missing()
		if len(lost) == 0 || len(lost) >= len(events) {
			t.Fatalf("%d of %d events are missing", len(lost), len(events))
		}
		apply(t, part, lost...)
		if digest(t, part) != digest(t, whole) || len(missing()) > 0 {
			t.Errorf("seed %d: with what was missing the stores are not the same", seed)
		}
	}
}

// TestSnapshot: a copy shows what was there, whatever is written afterwards, and
// leaves nothing.
func TestSnapshot(t *testing.T) {
	s := openStore(t)
	apply(t, s, sample(t, 1)...)
	was := digest(t, s)
	dir := filepath.Join(t.TempDir(), "copy")
	c, err := s.Snapshot(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Snapshot(dir); err == nil {
		t.Error("a second copy took the place of the first")
	}
	apply(t, s, sample(t, 2)...)
	if digest(t, c) != was || digest(t, s) == was {
		t.Error("the copy is not what the store was")
	}
	check(t, c)
	if err := c.CloseAndRemove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy left its directory: %v", err)
	}
}

// TestLongReader: while somebody reads a copy the file grows no more than without a
// reader, and beside one who reads the store itself it does.
func TestLongReader(t *testing.T) {
	grown := func(read func(s *store.Store, write func())) int64 {
		s := openStore(t)
		round := 0
		write := func() {
			for range 150 {
				round++
				var events []hall.Event
				for person := range 40 {
					events = append(events, event(t, hall.KindPunch, "T1", fmt.Sprintf(`{"id":"%d-%d","person":"%d","time":"2020-11-03T08:%02d:%02dZ"}`,
						round, person, person, round/60%60, round%60)))
				}
				apply(t, s, events...)
			}
		}
		read(s, write)
		var size int64
		view(t, s, func(v *store.View) { size = v.Stats().Bytes })
		return size
	}
	alone := grown(func(_ *store.Store, write func()) { write() })
	copied := grown(func(s *store.Store, write func()) {
		c, err := s.Snapshot(filepath.Join(t.TempDir(), "copy"))
		if err != nil {
			t.Fatal(err)
		}
		view(t, c, func(*store.View) { write() })
		if err := c.CloseAndRemove(); err != nil {
			t.Error(err)
		}
	})
	held := grown(func(s *store.Store, write func()) { view(t, s, func(*store.View) { write() }) })
	t.Logf("after 150 commits: %d KiB alone, %d KiB beside a copy that is read, %d KiB beside a long view", alone>>10, copied>>10, held>>10)
	if copied > alone*3/2 { // both are of a few pages more or less
		t.Errorf("the store grew to %d bytes beside a copy, %d without a reader", copied, alone)
	}
	if held < 2*alone {
		t.Errorf("beside a long view the store grew to %d bytes, without one to %d: the copy is of no use any more", held, alone)
	}
}
