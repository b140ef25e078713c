package web

// What the server counts.

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics are those of one server. The label route is a pattern of the table of
// routes, code a class of status: no path, no person.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	waiting  prometheus.Gauge
	posted   *prometheus.CounterVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	with := promauto.With(reg)
	return &metrics{
		requests: with.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_web_requests_total",
			Help: "HTTP requests by route and class of status.",
		}, []string{"route", "code"}),
		seconds: with.NewHistogramVec(prometheus.HistogramOpts{
			Name:                        "rollcall_web_request_seconds",
			Help:                        "Time to answer, by route.",
			Buckets:                     []float64{.001, .005, .02, .1, .5, 2, 10},
			NativeHistogramBucketFactor: 1.1,
		}, []string{"route"}),
		inFlight: with.NewGauge(prometheus.GaugeOpts{
			Name: "rollcall_web_requests_in_flight",
			Help: "HTTP requests being answered.",
		}),
		waiting: with.NewGauge(prometheus.GaugeOpts{
			Name: "rollcall_web_waiting_requests",
			Help: "Questions about a month or a day that wait for others to be answered.",
		}),
		posted: with.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_web_events_total",
			Help: "Events posted over HTTP by outcome: stored, duplicate, refused, conflict, unknown.",
		}, []string{"outcome"}),
	}
}

func (m *metrics) answered(route string, status int, elapsed time.Duration) {
	m.requests.WithLabelValues(route, classOf(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(elapsed.Seconds())
}

func classOf(status int) string {
	switch status / 100 {
	case 2:
		return "2xx"
	case 3:
		return "3xx"
	case 4:
		return "4xx"
	default:
		return "5xx"
	}
}
