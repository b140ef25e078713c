package ingest

// What the fold shows to Prometheus.

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"rollcall/hall"
	"rollcall/store"
)

type metrics struct {
	events       *prometheus.CounterVec
	deadLetters  prometheus.Counter
	unknown      *prometheus.CounterVec
	newest       *prometheus.GaugeVec
	ahead        *prometheus.CounterVec
	batchSeconds prometheus.Histogram
	batchSize    prometheus.Histogram
}

// newMetrics registers the counters, and gauges that ask f when they are read.
func newMetrics(reg prometheus.Registerer, f *Fold) *metrics {
	auto := promauto.With(reg)
	gauge := func(name, help string, value func() float64) {
		auto.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	gauge("rollcall_ingest_applied_sequence", "Last sequence of the log that is durable in the store.",
		func() float64 { return float64(f.Status().Applied.Sequence) })
	gauge("rollcall_ingest_lag_messages", "Messages of the log that are not in the store yet.", f.lagMessages)
	gauge("rollcall_ingest_waiting_messages", "Messages that were read from the log and wait in memory for their commit.", f.waitingMessages)
	gauge("rollcall_ingest_lag_seconds", "Age of the last message in the store while others wait, else 0.", f.lagSeconds)
	gauge("rollcall_ingest_halted", "1 while the fold is halted by a log fault or a full disk.",
		func() float64 { return boolean(f.Status().Halted != nil) })
	gauge("rollcall_ingest_caught_up", "1 while everything that the log had is in the store.",
		func() float64 { return boolean(f.Status().CaughtUp) })
	gauge("rollcall_store_size_bytes", "Size of the store's pages.", f.storeSize)
	m := &metrics{
		events: auto.NewCounterVec(prometheus.CounterOpts{Name: "rollcall_ingest_events_total",
			Help: "Events read from the log, by kind and by what became of them: folded, dead, foreign (a hall that is not kept)."},
			[]string{"kind", "outcome"}),
		deadLetters: auto.NewCounter(prometheus.CounterOpts{Name: "rollcall_ingest_dead_letters_total",
			Help: "Events that could not be read."}),
		unknown: auto.NewCounterVec(prometheus.CounterOpts{Name: "rollcall_ingest_unknown_fields_total",
			Help: "Fields of events that no kind knows; the status lists their names."}, []string{"kind"}),
		newest: auto.NewGaugeVec(prometheus.GaugeOpts{Name: "rollcall_ingest_last_event_time_seconds",
			Help: "When the log took the last event of a kind, in Unix time."}, []string{"kind"}),
		ahead: auto.NewCounterVec(prometheus.CounterOpts{Name: "rollcall_ingest_ahead_events_total",
			Help: "Events that were made more than ten minutes after the log took them, by kind: a clock is wrong."}, []string{"kind"}),
		batchSeconds: auto.NewHistogram(prometheus.HistogramOpts{Name: "rollcall_ingest_batch_seconds",
			Help: "Time to write a batch.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}),
		batchSize: auto.NewHistogram(prometheus.HistogramOpts{Name: "rollcall_ingest_batch_messages",
			Help: "Messages in a batch.", Buckets: prometheus.ExponentialBuckets(1, 4, 10)}),
	}
	for i := range hall.Kinds { // a counter that begins with its first event shows no increase
		m.ahead.WithLabelValues(string(hall.Kinds[i].Kind))
	}
	return m
}

// committed counts a batch that is durable.
func (m *metrics) committed(b *batch, elapsed time.Duration) {
	m.batchSeconds.Observe(elapsed.Seconds())
	m.batchSize.Observe(float64(b.count))
	for o, n := range b.tally.outcomes {
		m.events.WithLabelValues(string(o.kind), o.what).Add(float64(n))
		if o.what == dead {
			m.deadLetters.Add(float64(n))
		}
	}
	for kind, n := range b.tally.unknown {
		m.unknown.WithLabelValues(string(kind)).Add(float64(n))
	}
	for kind, n := range b.tally.ahead {
		m.ahead.WithLabelValues(string(kind)).Add(float64(n))
	}
	for kind, t := range b.tally.newest {
		m.newest.WithLabelValues(string(kind)).Set(float64(t.UnixMilli()) / 1000)
	}
}

func (f *Fold) lagMessages() float64 {
	s := f.Status()
	return float64(s.Seen - s.Applied.Sequence + s.Pending)
}

func (f *Fold) waitingMessages() float64 {
	s := f.Status()
	return float64(s.Seen - s.Applied.Sequence)
}

func (f *Fold) lagSeconds() float64 {
	s := f.Status()
	if s.CaughtUp || s.Applied.Sequence == 0 {
		return 0
	}
	return max(0, time.Since(s.Applied.Time.Time()).Seconds())
}

func (f *Fold) storeSize() float64 {
	var size int64
	err := f.o.Store.View(func(v *store.View) error {
		size = v.Stats().Bytes
		return nil
	})
	if err != nil {
		return 0 // the store is closed: the process is ending
	}
	return float64(size)
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
