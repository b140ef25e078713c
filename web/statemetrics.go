package web

// Gauges of the state, read at each scrape.

import (
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

// newStateMetrics shows what is read from the state at each scrape.
func newStateMetrics(reg prometheus.Registerer, s *Server) {
	with := promauto.With(reg)
	with.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_ready",
		Help: "1 when the fold has caught up and runs.",
	}, func() float64 {
		if s.state.Status().Ready {
			return 1
		}
		return 0
	})
	with.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_halted",
		Help: "1 when the fold stands still until a person has done something; /readyz says what.",
	}, func() float64 {
		if s.state.Status().Halted != nil {
			return 1
		}
		return 0
	})
	with.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_calendar_missing",
		Help: "Halls whose policy needs the statutory calendar of this year, or of a year with events, and there is none.",
	}, (&hallGauge{server: s, every: time.Minute, count: s.unchartedHall}).value)
	with.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_unresolved",
		Help: "Facts of this month and the last that name something unknown and do not count yet.",
	}, (&hallGauge{server: s, every: 5 * time.Minute, count: s.unresolvedFacts}).value)
}

// hallGauge adds up a figure over all halls. Reading it takes a while, so a
// scrape reads it anew only every so often.
type hallGauge struct {
	server *Server
	every  time.Duration
	count  func(v *store.View, id hall.ID, now time.Time) (int, error)

	mu  sync.Mutex
	at  time.Time // guarded by mu
	sum float64   // guarded by mu
}

func (g *hallGauge) value() float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.server.now()
	if !g.at.IsZero() && now.Sub(g.at) < g.every {
		return g.sum
	}
	sum := 0
	err := g.server.state.View(func(v *store.View) error {
		for _, id := range v.Halls() {
			n, err := g.count(v, id, now)
			if err != nil {
				return err
			}
			sum += n
		}
		return nil
	})
	if err != nil {
		g.server.log.Warn("state not counted for metrics", "err", err)
		return g.sum
	}
	g.at, g.sum = now, float64(sum)
	return g.sum
}

// unresolvedFacts counts those of a hall's month and the one before. A month that
// no policy governs has none.
func (s *Server) unresolvedFacts(v *store.View, id hall.ID, now time.Time) (int, error) {
	count := 0
	this := hall.DateIn(time.UTC, now).Month()
	for _, month := range []hall.Month{this - 1, this} {
		rep, err := report.Month(v, s.statutory, report.Question{Hall: id, Month: month, AsOf: hall.InstantOf(now), Lists: []string{"unresolved"}})
		if errors.Is(err, hall.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		count += len(rep.Unresolved)
	}
	return count, nil
}

// unchartedHall is 1 for a hall without a calendar that it needs.
func (s *Server) unchartedHall(v *store.View, id hall.ID, now time.Time) (int, error) {
	missing, err := s.calendarMissing(v, id, now.Year())
	if err != nil || !missing {
		return 0, err
	}
	return 1, nil
}

// calendarMissing reports whether the last policy of a hall relies on the
// statutory calendar and a year that the hall needs has none.
func (s *Server) calendarMissing(v *store.View, id hall.ID, thisYear int) (bool, error) {
	var facts hall.Facts
	for _, kind := range []hall.Kind{hall.KindPolicy, hall.KindCalendar} {
		for fact, err := range v.Of(id, kind) {
			if err != nil {
				return false, err
			}
			facts.Add(fact)
		}
	}
	versions := facts.PolicyVersions()
	if len(versions) == 0 || !versions[len(versions)-1].Policy.Calendar.Statutory {
		return false, nil
	}
	own := hall.NewCalendar(facts.CalendarYears()...)
	known := func(year int) bool { return s.statutory.Has(year) || own.Has(year) }
	first := versions[0].Policy.Effective.Year()
	for _, month := range v.Months(id) {
		if year := month.First().Year(); year >= first && !known(year) {
			return true, nil
		}
	}
	return !known(thisYear), nil
}
