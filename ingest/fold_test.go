package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/store"
)

func TestReplaySameState(t *testing.T) {
	lines := mixture(400, 1)
	want := openStore(t)
	f := run(t, ingest.Options{Store: want, Source: newScript(lines...)})
	f.wait(t, 400)
	check(t, want)

	r := rand.New(rand.NewPCG(9, 9))
	dir := t.TempDir()
	for stands := uint64(0); stands < 400; {
		s, err := store.Open(dir, store.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		f := run(t, ingest.Options{Store: s, Source: newScript(lines...), BatchSize: 1 + r.IntN(50)})
		stands = min(400, stands+uint64(r.IntN(80)))
		f.wait(t, stands)
		if err := f.stop(); err != nil {
			t.Fatalf("Run: %v", err)
		}
		check(t, s)
		stands = f.Status().Applied.Sequence
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	got := openIn(t, dir)
	if digest(t, got) != digest(t, want) {
		t.Error("restarts give other content")
	}
	if diff := cmp.Diff(deadOf(t, want), deadOf(t, got)); diff != "" {
		t.Errorf("dead letters: %s", diff)
	}
	applied, err := got.Applied()
	if err != nil {
		t.Fatal(err)
	}
	last := bus.Message{Subject: lines[399][0], Body: []byte(lines[399][1])}
	if want := (store.Applied{Sequence: 400, Hash: last.Hash(), Time: hall.InstantOf(created) + 400, Created: created}); applied != want {
		t.Errorf("Applied = %+v, want %+v", applied, want)
	}
}

func TestCommitsAtOnceWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t)
		log := newScript()
		f := run(t, ingest.Options{Store: s, Source: log})
		begin := time.Now()
		log.add(punch("demo", "1", "1", "08:30"))
		f.wait(t, 1)
		if d := time.Since(begin); d != 0 {
			t.Errorf("a single message waited %v", d)
		}
		if st := f.Status(); !st.CaughtUp || st.Pending != 0 || st.Applied.Sequence != 1 {
			t.Errorf("Status = %+v, want caught up", st)
		}
		if err := f.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := f.Wait(t.Context(), 9); err == nil {
			t.Error("Wait for what a fold that has ended never folds succeeded")
		}
	})
}

func TestOldBatchIsCommitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t)
		f := run(t, ingest.Options{Store: s, Source: source{newScript(punch("demo", "1", "1", "08:30")), 7}})
		begin := time.Now()
		f.wait(t, 1)
		if d := time.Since(begin); d != 100*time.Millisecond {
			t.Errorf("a message waited %v for others, want 100ms", d)
		}
		if f.Status().CaughtUp {
			t.Error("caught up with 7 messages pending")
		}
		if err := f.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestLogFaultHaltsTheFoldAndNotTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t)
		log := newScript(mixture(10, 2)...)
		fault := &bus.Halt{What: "messages 11 to 12 are missing", Do: "restore"}
		log.fault = fault
		f := run(t, ingest.Options{Store: s, Source: log})
		err := f.Wait(t.Context(), 12)
		halted, ok := errors.AsType[*ingest.Halted](err)
		if !ok || !errors.Is(err, fault) || halted.What != fault.What || halted.Do != "restore" || halted.Disk {
			t.Fatalf("Wait = %v, want the halt", err)
		}
		synctest.Wait()
		if st := f.Status(); st.CaughtUp || st.Halted != halted || st.Applied.Sequence != 10 {
			t.Errorf("Status = %+v, want halted with 10 applied", st)
		}
		if err := f.Wait(t.Context(), 10); err != nil {
			t.Errorf("Wait for what is applied = %v", err)
		}
		if err := f.stop(); err != nil {
			t.Errorf("Run = %v, want nil after a halt", err)
		}
		check(t, s)
	})
}

// TestNothingBeginsBeforeTheLogIsChecked: the log may be slow to answer; when it is
// another one not a message of it is read.
func TestNothingBeginsBeforeTheLogIsChecked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fault := &bus.Halt{What: "another stream", Do: "restore"}
		log := newScript(mixture(10, 2)...)
		log.checks = []error{errors.New("no answer"), errors.New("no answer"), fault}
		f := run(t, ingest.Options{Store: openStore(t), Source: log})
		synctest.Wait()
		early, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := f.Begun(early); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Begun without an answer = %v, want to wait", err)
		}
		if err := f.Begun(t.Context()); !errors.Is(err, fault) {
			t.Errorf("Begun = %v, want the halt", err)
		}
		if st := f.Status(); st.Halted == nil || st.Seen != 0 || st.CaughtUp {
			t.Errorf("Status = %+v, want halted with nothing read", st)
		}
		if err := f.stop(); err != nil {
			t.Errorf("Run = %v", err)
		}

		log.checks = []error{errors.New("no answer")}
		f = run(t, ingest.Options{Store: openStore(t), Source: log})
		if err := f.Begun(t.Context()); err != nil {
			t.Errorf("Begun = %v", err)
		}
		if err := f.Wait(t.Context(), 10); err != nil {
			t.Errorf("Wait = %v", err)
		}
		if err := f.stop(); err != nil {
			t.Errorf("Run = %v", err)
		}
	})
}

func TestBrokenCommitIsFatal(t *testing.T) {
	s := openStore(t)
	log := newScript()
	reg := prometheus.NewRegistry()
	f := run(t, ingest.Options{Store: s, Source: log, Registerer: reg})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	log.add(punch("demo", "1", "1", "08:30"))
	if err := f.Wait(t.Context(), 1); err == nil {
		t.Fatal("Wait succeeded without a store")
	}
	if n := countedEvents(t, reg); n > 0 || f.Status().Applied.Sequence > 0 {
		t.Errorf("%d events counted, %d applied: memory is ahead of the disk", n, f.Status().Applied.Sequence)
	}
	if err := f.stop(); err == nil {
		t.Error("Run = nil after a commit that failed, want an error")
	}
}

func TestOnlyKeptHalls(t *testing.T) {
	s := openStore(t)
	f := run(t, ingest.Options{Store: s, Halls: []hall.ID{"demo"}, Source: newScript(
		punch("demo", "1", "1", "08:30"),
		punch("other", "1", "1", "08:30"),
		[2]string{"rollcall.other.odd.T1", "no JSON"},
		[2]string{"rollcall.other.punch", "{}"},
		[2]string{"rollcall.demo.odd.T1", "{}"},
	)})
	f.wait(t, 5)
	view(t, s, func(v *store.View) {
		if diff := cmp.Diff([]hall.ID{"demo"}, v.Halls()); diff != "" {
			t.Errorf("Halls: %s", diff)
		}
	})
	var sequences []uint64
	for _, d := range deadOf(t, s) {
		sequences = append(sequences, d.Sequence)
	}
	if diff := cmp.Diff([]uint64{4, 5}, sequences); diff != "" {
		t.Errorf("dead letters: %s", diff)
	}
	check(t, s)
}

func TestDeadLetterBlocksNothing(t *testing.T) {
	good := [][2]string{punch("demo", "1", "1", "08:30"), leave("l", "1", "2020-11-03", "2020-11-04"), punch("demo", "2", "1", "12:00")}
	bad := [][2]string{{"rollcall.demo.punch.T1", ""}, {"rollcall.demo.punch.T1", "[]"}, {"rollcall", "{}"}, {"rollcall.demo.leave.c", `{"time":7}`}}
	with, without := openStore(t), openStore(t)
	a := run(t, ingest.Options{Store: with, Source: newScript(good[0], bad[0], bad[1], good[1], bad[2], bad[3], good[2])})
	b := run(t, ingest.Options{Store: without, Source: newScript(good...)})
	a.wait(t, 7)
	b.wait(t, 3)
	if digest(t, with) != digest(t, without) {
		t.Error("dead letters change what is stored")
	}
	dead := deadOf(t, with)
	if len(dead) != 4 || dead[3].Field != "time" || dead[0].Field != "" || dead[0].Sequence != 2 || dead[2].Field != "subject" {
		t.Errorf("dead letters = %+v", dead)
	}
	check(t, with)
}

func TestMetricsMoveAfterTheCommit(t *testing.T) {
	s := openStore(t)
	reg := prometheus.NewPedanticRegistry()
	f := run(t, ingest.Options{Store: s, Registerer: reg, Halls: []hall.ID{"demo"}, Source: newScript(
		punch("demo", "1", "1", "08:30"),
		[2]string{"rollcall.demo.punch.T1", `{"id":"2","person":"1","time":"2020-11-03T08:00:00Z","odd":1}`},
		[2]string{"rollcall.demo.leave.c", "{}"},
		[2]string{"rollcall.odd", "{}"},
		punch("other", "1", "1", "08:30"),
	)})
	f.wait(t, 5)
	problems, err := testutil.GatherAndLint(reg)
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			parts := []string{family.GetName()}
			for _, l := range m.GetLabel() {
				parts = append(parts, l.GetValue())
			}
			got[strings.Join(parts, " ")] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	for name, want := range map[string]float64{
		"rollcall_ingest_events_total punch folded":  2,
		"rollcall_ingest_events_total leave dead":    1,
		"rollcall_ingest_events_total unknown dead":  1,
		"rollcall_ingest_events_total punch foreign": 1,
		"rollcall_ingest_dead_letters_total":         2,
		"rollcall_ingest_unknown_fields_total punch": 1,
		"rollcall_ingest_applied_sequence":           5,
		"rollcall_ingest_lag_messages":               0,
		"rollcall_ingest_lag_seconds":                0,
		"rollcall_ingest_halted":                     0,
		"rollcall_ingest_caught_up":                  1,
	} {
		if value, ok := got[name]; !ok || value != want {
			t.Errorf("%s = %v, %t, want %v", name, value, ok, want)
		}
	}
	if got["rollcall_store_size_bytes"] <= 0 || got["rollcall_ingest_last_event_time_seconds punch"] <= 0 {
		t.Errorf("size or time is missing: %v", got)
	}
}

// TestCountsClocksAhead: what was made long after the log took it is counted and named,
// and folded as it is.
func TestCountsClocksAhead(t *testing.T) {
	at := func(id string, ahead time.Duration) [2]string { // the script's messages come at created and a few seconds
		return [2]string{"rollcall.demo.punch.T1", fmt.Sprintf(`{"id":%q,"person":"1","time":%q}`, id, created.Add(ahead).Format(time.RFC3339))}
	}
	s := openStore(t)
	reg := prometheus.NewPedanticRegistry()
	var log strings.Builder
	script := newScript(at("early", -time.Hour), at("close", 9*time.Minute))
	f := run(t, ingest.Options{Store: s, Registerer: reg, Source: script, Log: slog.New(slog.NewTextHandler(&log, nil))})
	f.wait(t, 2)
	script.add(at("2063", 43*365*24*time.Hour))
	f.wait(t, 3)
	if err := f.stop(); err != nil {
		t.Fatal(err)
	}
	var want strings.Builder // with the kinds of which there is none, so that the first one is an increase
	want.WriteString("# HELP rollcall_ingest_ahead_events_total Events that were made more than ten minutes after the log took them, by kind: a clock is wrong.\n" +
		"# TYPE rollcall_ingest_ahead_events_total counter\n")
	for i := range hall.Kinds {
		n := 0
		if hall.Kinds[i].Kind == hall.KindPunch {
			n = 1
		}
		fmt.Fprintf(&want, "rollcall_ingest_ahead_events_total{kind=%q} %d\n", hall.Kinds[i].Kind, n)
	}
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want.String()), "rollcall_ingest_ahead_events_total"); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "event=demo/punch/T1/2063") {
		t.Errorf("the log does not name it:\n%s", &log)
	}
}

func TestOptionsSayWhatIsMissing(t *testing.T) {
	s := openStore(t)
	for i, o := range []ingest.Options{
		{}, {Store: s}, {Store: s, Source: newScript()},
	} {
		if _, err := ingest.New(o); !errors.Is(err, hall.ErrInvalid) {
			t.Errorf("New(%d) = %v, want ErrInvalid", i, err)
		}
	}
	if _, err := ingest.New(ingest.Options{Store: s, Source: newScript(), Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Errorf("New = %v", err)
	}
}

// source claims that more messages are pending than it has.
type source struct {
	*script
	more uint64
}

func (s source) Consume(ctx context.Context, from bus.Position, deliver func(bus.Message) error) error {
	return s.script.Consume(ctx, from, func(m bus.Message) error {
		m.Pending += s.more
		return deliver(m)
	})
}
