package bus

// What the bus counts.

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// The outcomes of a publication.
const (
	outcomeStored    = "stored"
	outcomeDuplicate = "duplicate"
	outcomeConflict  = "conflict"
	outcomeRefused   = "refused"
	outcomeUnknown   = "unknown"
)

// The outcomes of a look of the guard.
const (
	guardOK     = "ok"
	guardHalted = "halted"
	guardFailed = "failed"
)

type metrics struct {
	published   *prometheus.CounterVec
	unanswered  prometheus.Gauge
	connected   prometheus.Gauge
	reconnects  prometheus.Counter
	errors      prometheus.Counter
	resets      *prometheus.CounterVec
	guardChecks *prometheus.CounterVec
	missing     prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	f := promauto.With(reg)
	return &metrics{
		published: f.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_bus_published_total",
			Help: "Events sent to the stream by outcome: stored, duplicate, conflict, refused, unknown.",
		}, []string{"outcome"}),
		unanswered: f.NewGauge(prometheus.GaugeOpts{
			Name: "rollcall_bus_unanswered_events",
			Help: "Publications that the stream has not answered yet; an atomic batch is one.",
		}),
		connected: f.NewGauge(prometheus.GaugeOpts{
			Name: "rollcall_bus_connected",
			Help: "1 while the bus is connected; lists know nothing of what comes meanwhile.",
		}),
		reconnects: f.NewCounter(prometheus.CounterOpts{
			Name: "rollcall_bus_reconnects_total",
			Help: "Connections to the server that were lost and made again.",
		}),
		errors: f.NewCounter(prometheus.CounterOpts{
			Name: "rollcall_bus_consumer_errors_total",
			Help: "Errors of the consumer, missed heartbeats among them; reading goes on after each.",
		}),
		resets: f.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_bus_consumer_resets_total",
			Help: "Consumers that were given up and made anew, by reason.",
		}, []string{"reason"}),
		guardChecks: f.NewCounterVec(prometheus.CounterOpts{
			Name: "rollcall_bus_guard_checks_total",
			Help: "Looks at the log by outcome: ok, halted, failed (no answer).",
		}, []string{"outcome"}),
		missing: f.NewGauge(prometheus.GaugeOpts{
			Name: "rollcall_bus_missing_messages",
			Help: "Messages that the stream once had and no longer has, as of the last look of the guard; accepted gaps aside.",
		}),
	}
}
