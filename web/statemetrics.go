package web

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"rollcall/hall"
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
	missing := &calendarGauge{server: s}
	with.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_calendar_missing",
		Help: "Halls whose policy needs the statutory calendar of this year, or of a year with events, and there is none.",
	}, missing.value)
}

// calendarGauge counts halls without a calendar. What it reads changes once a
// year, so a scrape reads it at most once a minute.
type calendarGauge struct {
	server *Server

	mu    sync.Mutex
	at    time.Time // guarded by mu
	count float64   // guarded by mu
}

func (g *calendarGauge) value() float64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.server.now()
	if !g.at.IsZero() && now.Sub(g.at) < time.Minute {
		return g.count
	}
	count := 0
	err := g.server.state.View(func(v *store.View) error {
		for _, id := range v.Halls() {
			missing, err := g.server.calendarMissing(v, id, now.Year())
			if err != nil {
				return err
			}
			if missing {
				count++
			}
		}
		return nil
	})
	if err != nil {
		g.server.log.Warn("calendars not counted", "err", err)
		return g.count
	}
	g.at, g.count = now, float64(count)
	return g.count
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
