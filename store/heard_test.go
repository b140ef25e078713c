package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/store"
)

// TestHeard: a minute once a terminal, of punches that speak for it.
func TestHeard(t *testing.T) {
	s := openStore(t)
	var events []hall.Event
	for _, body := range []string{
		`{"id":"1","person":"P1","time":"2020-11-03T08:30:10+08:00","method":"face"}`,
		`{"id":"2","person":"P2","time":"2020-11-03T08:30:50+08:00"}`,
		`{"id":"3","person":"P1","time":"2020-11-03T08:31:00+08:00","method":"phone"}`,
		`{"id":"4","person":"P1","time":"2020-11-03T08:32:00+08:00","method":"iris"}`,
		`{"id":"5","person":"P1","time":"2020-11-03T08:33:00+08:00","terminal":"T9"}`,
		`{"id":"6","person":"P1","time":"2020-11-04T08:30:00+08:00"}`,
		`{"id":"7","person":"P1","time":"2020-11-06T08:30:00+08:00"}`,
	} {
		e, err := hall.Decode(hall.Subject("demo", hall.KindPunch, "T1"), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	if err := s.Apply(store.BatchOf(store.Applied{Sequence: 1}, events...)); err != nil {
		t.Fatal(err)
	}
	day := hall.NewDate(2020, 11, 3)
	at := func(d hall.Date, minute int) hall.Instant {
		return d.At(hall.Clock(minute*60), hall.Instant(0).Time().Location())
	}
	want := []hall.Heard{
		{Terminal: "T1", Minutes: []hall.Instant{at(day, 30), at(day, 32), at(day+1, 30)}},
		{Terminal: "T9", Minutes: []hall.Instant{at(day, 33)}},
	}
	err := s.View(func(v *store.View) error {
		got, err := v.Heard("demo", day, day+1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Heard (-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
