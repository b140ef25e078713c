package ingest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

// witness notes what a watcher is told, and how far the store is then.
type witness struct {
	mu      sync.Mutex
	changes []ingest.Change // guarded by mu
	before  []uint64        // guarded by mu
	after   []uint64        // guarded by mu
}

func (w *witness) Before(v *store.View, c ingest.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes = append(w.changes, c)
	w.before = append(w.before, v.Applied().Sequence)
	return nil
}

func (w *witness) After(v *store.View, c ingest.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.after = append(w.after, v.Applied().Sequence)
	return nil
}

func TestWatcherSeesNewsOnly(t *testing.T) {
	s := openStore(t)
	log := newScript(punch("demo", "1", "1", "08:30"), punch("demo", "2", "1", "12:00"))
	w := &witness{}
	f := run(t, ingest.Options{Store: s, Source: log, Watch: w, BatchAge: time.Hour})
	f.wait(t, 2)
	log.add(
		punch("demo", "4", "2", "12:00"),
		punch("demo", "3", "1", "12:00"),
		punch("demo", "3", "1", "12:00"),
		punch("a", "3", "1", "12:00"),
		leave("l", "1", "2020-11-03", "2020-11-04"),
		[2]string{"rollcall.demo.ruling.c", `{"time":"2020-11-05T00:00:00Z","on":"2020-11-03/morning/in/1","state":"rejected","by":"m","reason":"r"}`},
		[2]string{"rollcall.a.excuse.c", `{"time":"2020-11-05T00:00:00Z","from":"2020-11-03","until":"2020-11-03","reason":"r"}`},
		[2]string{"rollcall.demo.terminal.T1", `{"time":"2020-11-05T00:00:00Z","terminal":"T1","state":"alive"}`},
		[2]string{"rollcall.demo.punch.T1", "dead"},
	)
	f.wait(t, 11)
	if err := f.stop(); err != nil {
		t.Fatal(err)
	}
	if len(w.changes) != 1 {
		t.Fatalf("%d changes, want one: %+v", len(w.changes), w.changes)
	}
	noon := hall.Bound{At: 1604376000}
	third, fourth := hall.Bound{Date: hall.NewDate(2020, 11, 3)}, hall.Bound{Date: hall.NewDate(2020, 11, 4)}
	want := ingest.Change{AsOf: hall.InstantOf(created) + 11, Touches: []ingest.Touch{
		{Hall: "a", Broad: true, Marks: []ingest.Mark{{Person: "1", From: noon, Until: noon}}},
		{Hall: "demo", Marks: []ingest.Mark{
			{Person: "1", From: noon, Until: noon},
			{Person: "1", From: third, Until: fourth},
			{Person: "2", From: noon, Until: noon},
		}, Ruled: []string{"2020-11-03/morning/in/1"}},
	}}
	if diff := cmp.Diff(want, w.changes[0]); diff != "" {
		t.Errorf("change: %s", diff)
	}
	if diff := cmp.Diff([][]uint64{{2}, {11}}, [][]uint64{w.before, w.after}); diff != "" {
		t.Errorf("the snapshots before and after: %s", diff)
	}
	check(t, s)
}

func TestWatcherIsNotToldOfARebuild(t *testing.T) {
	s := openStore(t)
	w := &witness{}
	f := run(t, ingest.Options{Store: s, Source: newScript(mixture(50, 4)...), Watch: w, BatchSize: 7})
	f.wait(t, 50)
	if len(w.changes) != 0 {
		t.Errorf("%d changes of history", len(w.changes))
	}
}
