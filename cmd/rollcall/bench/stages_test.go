package bench_test

// A benchmark for each stage an event goes through, all with the load of
// `rollcall bench`, ready for benchstat:
//
//	go test -run '^$' -bench . -count 10 ./cmd/rollcall/bench | tee new.txt
//	benchstat old.txt new.txt

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"rollcall/cmd/rollcall/bench"
	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/rules"
	"rollcall/store"
)

// loop runs do again and again and reports, beside the time, what it used of the
// cores: a second witness on a machine that others use too.
func loop(b *testing.B, do func() error) {
	b.Helper()
	b.ReportAllocs()
	used := bench.CPUTime()
	for b.Loop() {
		if err := do(); err != nil {
			b.Fatal(err)
		}
	}
	if used = bench.CPUTime() - used; used > 0 {
		b.ReportMetric(float64(used.Nanoseconds())/float64(b.N), "cpu-ns/op")
	}
}

// oneHall is the month of a hall of a hundred.
var oneHall = bench.Load{Halls: 1, People: 100, Days: 21, Mix: bench.UsualMix}

const stageHall = hall.ID("h0000")

var (
	stageMonth = hall.NewMonth(2020, 11)
	stageAsOf  = hall.NewDate(2020, 12, 31).At(0, hall.Instant(0).Time().Location())
)

func messages(tb testing.TB, l bench.Load, most int) []bus.Outgoing {
	tb.Helper()
	var list []bus.Outgoing
	for e, err := range l.Events() {
		if err != nil {
			tb.Fatal(err)
		}
		if list = append(list, e); len(list) == most {
			break
		}
	}
	return list
}

func decoded(tb testing.TB, list []bus.Outgoing) []hall.Event {
	tb.Helper()
	events := make([]hall.Event, len(list))
	for i, m := range list {
		e, err := hall.Decode(m.Subject, m.Body)
		if err != nil {
			tb.Fatal(err)
		}
		events[i] = e
	}
	return events
}

// filled is a store with a whole load.
func filled(tb testing.TB, l bench.Load) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.TempDir(), store.Options{NoSync: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() }) // only read from
	events := decoded(tb, messages(tb, l, -1))
	if err := s.Apply(store.BatchOf(store.Applied{Sequence: uint64(len(events))}, events...)); err != nil {
		tb.Fatal(err)
	}
	return s
}

// BenchmarkDecode reads events from their bytes.
func BenchmarkDecode(b *testing.B) {
	list := messages(b, oneHall, -1)
	i := 0
	loop(b, func() error {
		m := &list[i%len(list)]
		i++
		_, err := hall.Decode(m.Subject, m.Body)
		return err
	})
}

// BenchmarkApply writes 100 000 decoded events of a city into a new store.
func BenchmarkApply(b *testing.B) {
	events := decoded(b, messages(b, bench.Load{Halls: 200, People: 20_000, Days: 2}, 100_000))
	loop(b, func() error {
		s, err := store.Open(b.TempDir(), store.Options{})
		if err != nil {
			return err
		}
		return errors.Join(s.Apply(store.BatchOf(store.Applied{Sequence: 1}, events...)), s.Close())
	})
	b.ReportMetric(float64(b.N*len(events))/b.Elapsed().Seconds(), "events/s")
}

func monthFacts(v *store.View) (*hall.Facts, error) {
	return v.Facts(stageHall, stageMonth.First()-9, stageMonth.Last()+3)
}

// BenchmarkFacts reads the month of a hall out of the store.
func BenchmarkFacts(b *testing.B) {
	s := filled(b, oneHall)
	loop(b, func() error {
		return s.View(func(v *store.View) error {
			_, err := monthFacts(v)
			return err
		})
	})
}

// BenchmarkJudge opens, judges, settles and assesses the month of a hall.
func BenchmarkJudge(b *testing.B) {
	s := filled(b, oneHall)
	var facts *hall.Facts
	err := s.View(func(v *store.View) (err error) {
		facts, err = monthFacts(v)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	statutory := configs.Statutory()
	loop(b, func() error {
		m, err := rules.Settle(rules.Open(facts, statutory), stageMonth, stageAsOf)
		if err == nil {
			rules.Assess(m, nil)
		}
		return err
	})
}

// BenchmarkMonth asks for the month of a hall, as its page does.
func BenchmarkMonth(b *testing.B) { benchmarkMonth(b, []string{"full_attendance"}) }

// BenchmarkEveryList asks for all lists of it, the long ones too.
func BenchmarkEveryList(b *testing.B) { benchmarkMonth(b, nil) }

func benchmarkMonth(b *testing.B, lists []string) {
	s := filled(b, oneHall)
	statutory := configs.Statutory()
	loop(b, func() error {
		return s.View(func(v *store.View) error {
			_, err := report.Month(v, statutory, report.Question{Hall: stageHall, Month: stageMonth, AsOf: stageAsOf, Lists: lists})
			return err
		})
	})
}

// BenchmarkExplain asks for the story of a person's day.
func BenchmarkExplain(b *testing.B) {
	s := filled(b, oneHall)
	statutory := configs.Statutory()
	loop(b, func() error {
		return s.View(func(v *store.View) error {
			_, err := report.Explain(v, statutory, stageHall, "1050", hall.NewDate(2020, 11, 12), stageAsOf)
			return err
		})
	})
}

// issues is how many issues a month has that was sealed again and again.
const issues = 40

// sealed is the month of a hall with its issues.
func sealed(b *testing.B) *store.Store {
	b.Helper()
	s := filled(b, oneHall)
	var d *report.Draft
	err := s.View(func(v *store.View) (err error) {
		d, err = report.Prepare(v, configs.Statutory(), report.Question{Hall: stageHall, Month: stageMonth, AsOf: stageAsOf})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	batch := store.Batch{Applied: store.Applied{Sequence: d.Report.Sequence}}
	for d.Number = 1; d.Number <= issues; d.Number++ {
		parts, _, err := d.Parts(report.Form{By: "office", Made: stageAsOf, Source: "office"})
		if err != nil {
			b.Fatal(err)
		}
		for _, p := range parts {
			batch.Add(&decoded(b, []bus.Outgoing{{Subject: p.Subject, Body: p.Body}})[0])
			batch.Applied.Sequence++
		}
	}
	if err := s.Apply(&batch); err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkIssues lists the issues of a month.
func BenchmarkIssues(b *testing.B) {
	s := sealed(b)
	loop(b, func() error {
		return s.View(func(v *store.View) error {
			_, _, err := report.Issues(v, stageHall, stageMonth)
			return err
		})
	})
}

// BenchmarkIssue reads one of them.
func BenchmarkIssue(b *testing.B) {
	s := sealed(b)
	loop(b, func() error {
		return s.View(func(v *store.View) error {
			_, err := report.Issue(v, stageHall, stageMonth, issues/2)
			return err
		})
	})
}

// silent announces to nobody.
type silent struct{}

func (silent) Announce(string, string, []byte) error { return nil }

// BenchmarkLive judges what one new punch touches, before and after.
func BenchmarkLive(b *testing.B) {
	s := filled(b, oneHall)
	live := ingest.NewLive(silent{}, configs.Statutory(), slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	loop(b, liveJudging(s, live))
}
