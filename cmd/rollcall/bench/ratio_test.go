package bench_test

// A check that finds a loss of speed on any machine: not how long something takes,
// but how much more it uses of the cores than something else that is measured in
// turns with it in the same process. `.ci/run ratio` runs it.

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"rollcall/cmd/rollcall/bench"
	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/report"
	"rollcall/store"
)

// ratioRounds is how often the two sides take turns.
const ratioRounds = 7

func needRatio(t *testing.T) {
	t.Helper()
	if os.Getenv("ROLLCALL_RATIO") == "" {
		t.Skip("set ROLLCALL_RATIO=1, on a machine that tells what a process uses of the cores")
	}
	if bench.CPUTime() == 0 {
		t.Skip("this system does not tell")
	}
}

// check compares the median of the rounds with a bound that is about half as much
// again as what is usual: twice as much is caught, a noisy neighbour is not.
func check(t *testing.T, what string, ratios []float64, most float64) {
	t.Helper()
	slices.Sort(ratios)
	median := ratios[len(ratios)/2]
	t.Logf("%s: %.2f (%.2f to %.2f), at most %.2f", what, median, ratios[0], ratios[len(ratios)-1], most)
	if median > most {
		t.Errorf("%s: %.2f, want at most %.2f: something became slower; the benchmarks of this package say where", what, median, most)
	}
}

// TestRatioFold: what the fold uses beside a raw read of the same stream.
func TestRatioFold(t *testing.T) {
	needRatio(t)
	raw, fold, err := bench.Turns(t.Context(), t.TempDir(), bench.Load{Halls: 20, People: 2000, Days: 10, Mix: bench.UsualMix}, ratioRounds)
	if err != nil {
		t.Fatal(err)
	}
	for i := range fold {
		fold[i] /= raw[i]
	}
	check(t, "fold / raw read", fold, 3)
}

// side is one of two things that are compared, done so often in a round.
type side struct {
	times int
	do    func() error
}

func (s side) cost(t *testing.T) float64 {
	t.Helper()
	used := bench.CPUTime()
	for range s.times {
		if err := s.do(); err != nil {
			t.Fatal(err)
		}
	}
	return (bench.CPUTime() - used).Seconds() / float64(s.times)
}

func TestRatioStages(t *testing.T) {
	needRatio(t)
	s := filled(t, oneHall)
	statutory := configs.Statutory()
	list := messages(t, oneHall, -1)
	list = list[len(list)-1000:]
	facts := side{30, func() error {
		return s.View(func(v *store.View) error {
			_, err := monthFacts(v)
			return err
		})
	}}
	month := func(lists ...string) side {
		return side{10, func() error {
			return s.View(func(v *store.View) error {
				_, err := report.Month(v, statutory, report.Question{Hall: stageHall, Month: stageMonth, AsOf: stageAsOf, Lists: lists})
				return err
			})
		}}
	}
	explain := side{10, func() error {
		return s.View(func(v *store.View) error {
			_, err := report.Explain(v, statutory, stageHall, "1050", hall.NewDate(2020, 11, 12), stageAsOf)
			return err
		})
	}}
	live := ingest.NewLive(silent{}, statutory, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	decode := side{30, func() error {
		for i := range list {
			if _, err := hall.Decode(list[i].Subject, list[i].Body); err != nil {
				return err
			}
		}
		return nil
	}}
	naive := side{30, func() error {
		for i := range list {
			var fields map[string]any
			if err := json.Unmarshal(list[i].Body, &fields); err != nil {
				return err
			}
		}
		return nil
	}}
	for _, pair := range []struct {
		what string
		a, b side
		most float64
	}{
		{"decode / encoding/json into a map", decode, naive, 0.5},
		{"month of a hall / reading its facts", month("full_attendance"), facts, 5.5},
		{"every list / month", month(), month("full_attendance"), 4},
		{"explain / month", explain, month("full_attendance"), 0.18},
		{"live judging of a punch / reading a month's facts", side{100, liveJudging(s, live)}, facts, 0.5},
	} {
		ratios := make([]float64, ratioRounds)
		for i := range ratios {
			ratios[i] = pair.a.cost(t) / pair.b.cost(t)
		}
		check(t, pair.what, ratios, pair.most)
	}
}

// liveJudging judges what one new punch touches, before and after.
func liveJudging(s *store.Store, live *ingest.Live) func() error {
	at := hall.NewDate(2020, 11, 12).At(8*3600, stageAsOf.Time().Location())
	moment := hall.Bound{At: at}
	change := ingest.Change{AsOf: at + 60, Touches: []ingest.Touch{{Hall: stageHall, Marks: []ingest.Mark{{Person: "1050", From: moment, Until: moment}}}}}
	return func() error {
		return errors.Join(
			s.View(func(v *store.View) error { return live.Before(v, change) }),
			s.View(func(v *store.View) error { return live.After(v, change) }))
	}
}
