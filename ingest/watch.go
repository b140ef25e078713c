package ingest

// The seam for those who look at what a batch changes: live announcements.

import (
	"cmp"
	"slices"

	"rollcall/hall"
	"rollcall/store"
)

// Watcher is told of every batch of news, that is of messages above the last one
// of the log when the fold began; never of history, never in a rebuild. Before
// sees the store as it is without the batch, After with it; between the two
// nothing else is applied. Both are called on the writer's goroutine, inside
// Store.View: they read, must not keep the view, must not nest one, and hold up
// the fold while they run. An error is logged and changes nothing.
type Watcher interface {
	Before(v *store.View, c Change) error
	After(v *store.View, c Change) error
}

// Change is what a batch may have changed.
type Change struct {
	AsOf    hall.Instant // the stream's time of the last message: what judges this change
	Touches []Touch      // by hall
}

// Touch is what a batch may have changed in a hall.
type Touch struct {
	Hall hall.ID
	// Broad: something came that may bear on anybody in any month: a policy, a
	// calendar, a roster row, an excuse, or how far a terminal is complete.
	Broad bool
	// Marks are the persons and windows that the other facts speak of, with the
	// time they do; sorted, once each. A session may cross midnight: the hall day
	// before a mark is touched too.
	Marks []Mark
	// Ruled are the uids and violation ids that rulings are on, sorted, once each.
	Ruled []string
}

// Mark is a stretch of time of a raw person (which may be an alias), of a window
// or of both. A moment has From equal to Until; both zero: the whole month of
// facts that have no day.
type Mark struct {
	Person      hall.PersonID
	Window      hall.WindowID
	From, Until hall.Bound
}

// touches are what events touch, by hall, from the events alone. An event of which
// another body counts touches what its own body says.
type touches map[hall.ID]*Touch

func (t touches) add(e *hall.Event) {
	h := e.UID.Hall()
	if t[h] == nil {
		t[h] = &Touch{Hall: h}
	}
	t[h].add(e.Fact)
}

func (t touches) sorted() []Touch {
	var list []Touch
	for _, touch := range t {
		slices.SortFunc(touch.Marks, compareMarks)
		touch.Marks = slices.Compact(touch.Marks)
		slices.Sort(touch.Ruled)
		touch.Ruled = slices.Compact(touch.Ruled)
		list = append(list, *touch)
	}
	slices.SortFunc(list, func(a, b Touch) int { return cmp.Compare(a.Hall, b.Hall) })
	return list
}

// add notes what a fact touches. Figures, texts, bonus, awards and seals judge
// nobody's day: they touch nothing here.
func (t *Touch) add(fact hall.Fact) {
	switch e := fact.(type) {
	case *hall.Punch:
		t.moment(e.Person, "", e.Time)
	case *hall.Patrol:
		t.moment(e.Person, e.Window, e.Time)
	case *hall.Correction:
		t.moment(e.Person, "", e.At)
	case *hall.Leave:
		t.Marks = append(t.Marks, Mark{Person: e.Person, From: e.From, Until: e.Until})
	case *hall.StandIn:
		t.Marks = append(t.Marks, Mark{Person: e.For, Window: e.Window, From: e.From, Until: e.Until})
	case *hall.Ruling:
		t.Ruled = append(t.Ruled, e.On)
		if e.Person != "" && e.Date != 0 {
			day := hall.Bound{Date: e.Date}
			t.Marks = append(t.Marks, Mark{Person: e.Person, From: day, Until: day})
		}
	case *hall.Terminal:
		t.Broad = t.Broad || e.CompleteUntil != 0 || e.Retired
	case *hall.PolicyEvent, *hall.CalendarYear, *hall.Roster, *hall.Excuse:
		t.Broad = true
	}
}

func (t *Touch) moment(person hall.PersonID, window hall.WindowID, at hall.Instant) {
	b := hall.Bound{At: at}
	t.Marks = append(t.Marks, Mark{Person: person, Window: window, From: b, Until: b})
}

func compareMarks(a, b Mark) int {
	return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Window, b.Window),
		compareBounds(a.From, b.From), compareBounds(a.Until, b.Until))
}

func compareBounds(a, b hall.Bound) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.At, b.At))
}
