package bench_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/cmd/rollcall/bench"
	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

// TestOutsideServer: the stream of a run goes with it, and one that was there
// before is left alone.
func TestOutsideServer(t *testing.T) {
	out := bustest.Started(t)
	url, js := out.URL(), out.Admin()
	o := bench.Options{Bus: configs.Bus{URL: url}, Load: bench.Load{Halls: 2, People: 20, Days: 2, Mix: bench.UsualMix},
		Size: bench.Quick, Only: []string{"fold", "ask", "visible"}}
	o.Dir = t.TempDir()
	result, err := bench.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if host := strings.TrimPrefix(url, "nats://"); !strings.Contains(result.Machine.Bus, host) {
		t.Errorf("measured on %q, want %s", result.Machine.Bus, host)
	}
	if _, err := js.Stream(t.Context(), bus.StreamName); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("after the run the stream is there: %v", err)
	}

	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: bus.StreamName, Subjects: []string{bus.Subjects}}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish(t.Context(), "rollcall.demo.punch.T1", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	o.Dir = t.TempDir()
	if _, err := bench.Run(t.Context(), o); !errors.Is(err, hall.ErrConflict) {
		t.Errorf("Run beside a stream that is there: %v, want %v", err, hall.ErrConflict)
	}
	s, err := js.Stream(t.Context(), bus.StreamName)
	if err != nil || s.CachedInfo().State.Msgs != 1 {
		t.Errorf("the stream that was there: %v, %v", s, err)
	}
}
