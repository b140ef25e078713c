package ingest_test

// The fold under all that a log, a disk and a process can do to it. One seed
// decides the messages, the faults and the instants; the clock is that of
// synctest, so that hours pass in no time.
//
//	ROLLCALL_SEED=N    this seed alone
//	ROLLCALL_SEEDS=N   so many new ones (default 300)
//
// A seed that fails belongs into testdata/simulation.txt, which always runs.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

func TestSimulation(t *testing.T) {
	for _, seed := range simulationSeeds(t) {
		passed := t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { simulate(t, seed) })
		})
		if !passed {
			t.Fatalf("again: ROLLCALL_SEED=%d go test -count=20 -run '^TestSimulation$' ./ingest\n"+
				"(the order of goroutines at one instant is not the seed's: hence 20); then add %d to ingest/testdata/simulation.txt", seed, seed)
		}
	}
}

// simulationSeeds are those of the corpus and new ones, or the one that is asked
// for.
func simulationSeeds(t *testing.T) []uint64 {
	t.Helper()
	if text := os.Getenv("ROLLCALL_SEED"); text != "" {
		return []uint64{number(t, text)}
	}
	file, err := os.ReadFile(filepath.Join("testdata", "simulation.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var seeds []uint64
	for line := range strings.Lines(string(file)) {
		if word, _, _ := strings.Cut(line, "#"); strings.TrimSpace(word) != "" {
			seeds = append(seeds, number(t, strings.TrimSpace(word)))
		}
	}
	fresh := uint64(300)
	if testing.Short() {
		fresh = 50
	}
	if text := os.Getenv("ROLLCALL_SEEDS"); text != "" {
		fresh = number(t, text)
	}
	first := uint64(time.Now().UnixNano())
	t.Logf("%d seeds of the corpus, %d from %d on", len(seeds), fresh, first)
	for i := range fresh {
		seeds = append(seeds, first+i)
	}
	return seeds
}

func number(t *testing.T, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// simulation is one seed's story: lives of a fold, each with its own end.
type simulation struct {
	t     *testing.T
	seed  uint64
	r     *rand.Rand // of the script
	log   *simLog
	dir   string // of the store
	halls []hall.ID
	lives int
}

func simulate(t *testing.T, seed uint64) {
	s := &simulation{t: t, seed: seed, r: rand.New(rand.NewPCG(seed, 0)), log: newSimLog(), dir: t.TempDir()}
	if s.r.IntN(3) == 0 {
		s.halls = []hall.ID{"demo"}
	}
	lines := sent(s.r)
	for rest := lines; len(rest) > 0 && !t.Failed(); {
		n := min(len(rest), 1+s.r.IntN(60))
		s.live(rest[:n])
		rest = rest[n:]
	}
	if t.Failed() {
		return
	}
	s.finish(lines)
}

// sent draws what some senders send. Each sends in its own order; who got no
// answer sends again, at once or much later.
func sent(r *rand.Rand) [][2]string {
	senders := make([][][2]string, 1+r.IntN(5))
	for i := range senders {
		senders[i] = mixture(r.IntN(60), r.Uint64())
		if r.IntN(2) == 0 {
			senders[i] = append(senders[i], rare(r)...)
		}
	}
	var lines [][2]string
	for {
		senders = slices.DeleteFunc(senders, func(own [][2]string) bool { return len(own) == 0 })
		if len(senders) == 0 {
			return lines
		}
		i := r.IntN(len(senders))
		lines = append(lines, senders[i][0])
		senders[i] = senders[i][1:]
		if r.IntN(6) == 0 {
			lines = append(lines, lines[r.IntN(len(lines))])
		}
	}
}

// rare are events that touch anybody, and some that are of another kind of wrong.
func rare(r *rand.Rand) [][2]string {
	lines := [][2]string{
		event(hall.KindPolicy, `{"id":"p","time":"2020-01-01T00:00:00Z","policy":`+strings.ReplaceAll(livePolicy, "\n", "")+`}`),
		event(hall.KindRoster, `{"id":"r","time":"2020-01-01T00:00:00Z","person":"1","name":"甲","window":"w1","class":"resident","from":"2020-01-01","odd":1}`),
		event(hall.KindRuling, `{"id":"u","time":"2020-11-05T00:00:00Z","on":"2020-11-03/day/in/1","state":"rejected","by":"m","reason":"r"}`),
		event(hall.KindTerminal, `{"id":"t","time":"2020-11-05T00:00:00Z","terminal":"T1","state":"alive","complete_until":"2020-11-05T00:00:00Z"}`),
		{"rollcall.demo", "{}"}, {"rollcall.demo.punch.T1", ""}, {"rollcall.demo.nap.T1", `{"id":"x"}`},
	}
	r.Shuffle(len(lines), func(i, k int) { lines[i], lines[k] = lines[k], lines[i] })
	return lines
}

// open opens the store as it is.
func (s *simulation) open() *store.Store {
	s.t.Helper()
	file, err := store.Open(s.dir, store.Options{NoSync: true, Writer: "test"})
	if err != nil {
		s.t.Fatalf("life %d: Open: %v", s.lives, err)
	}
	return file
}

// live runs a fold while lines are published, until it is stopped, killed or
// stands still.
func (s *simulation) live(lines [][2]string) {
	s.t.Helper()
	s.lives++
	file := s.open()
	before, err := file.Applied()
	if err != nil {
		s.t.Fatal(err)
	}
	what, at := s.fault(before.Sequence, uint64(len(lines)))
	s.log.begin(what, at, rand.New(rand.NewPCG(s.seed, uint64(s.lives))))
	l := &life{simulation: s, file: file, before: before, witness: &teller{}}
	k := newKiller(s, l)
	s.log.committing = k.committing
	registry := prometheus.NewRegistry()
	l.running = run(s.t, ingest.Options{Store: file, Source: s.log, Halls: s.halls, Watch: l.witness, Registerer: registry,
		BatchSize: 1 + s.r.IntN(40), BatchAge: time.Duration(s.r.IntN(300)) * time.Millisecond})
	k.fold.Store(l.running.Fold)
	publishing := s.publish(lines)

	patience := time.Duration(1+s.r.IntN(20_000)) * time.Millisecond
	if what == gap || what.halts() {
		l.standsStill(what, at)
	} else {
		l.waits(patience, k.killed)
	}
	if err := l.stop(); err != nil {
		s.t.Errorf("life %d: Run = %v", s.lives, err)
	}
	publishing.Wait()
	s.log.committing = func() {}
	l.ends(registry)
	if err := file.Close(); err != nil {
		s.t.Fatal(err)
	}
	k.bury()
}

// fault draws what is wrong with the log, as far as it can be with what there
// is.
func (s *simulation) fault(applied, coming uint64) (what fault, at uint64) {
	what = faults[s.r.IntN(len(faults))]
	switch {
	case what.halts() && applied == 0, what == gap && s.log.len()+coming <= applied:
		return sound, 0
	case what == rewound:
		return what, s.r.Uint64N(applied)
	case what == altered:
		return what, 1 + s.r.Uint64N(applied)
	case what == gap:
		return what, applied + 1 + s.r.Uint64N(s.log.len()+coming-applied)
	}
	return what, 0
}

// publish adds lines little by little.
func (s *simulation) publish(lines [][2]string) *sync.WaitGroup {
	r := rand.New(rand.NewPCG(s.seed, uint64(1000+s.lives)))
	var publishing sync.WaitGroup
	publishing.Go(func() {
		for len(lines) > 0 {
			n := min(len(lines), 1+r.IntN(15))
			s.log.add(lines[:n]...)
			lines = lines[n:]
			if r.IntN(3) == 0 {
				time.Sleep(time.Duration(r.IntN(2000)) * time.Millisecond)
			}
		}
	})
	return &publishing
}

// life is one run of a fold.
type life struct {
	*simulation
	running
	file    *store.Store
	before  store.Applied
	witness *teller
}

// waits lets the fold work for a while, or until it is killed. Whoever waited for
// a sequence is told only when it is durable.
func (l *life) waits(patience time.Duration, killed <-chan struct{}) {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	sequence := l.before.Sequence + 1 + uint64(l.r.IntN(60))
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if l.Wait(ctx, sequence) != nil {
			return
		}
		if applied, err := l.file.Applied(); err != nil || applied.Sequence < sequence {
			l.t.Errorf("life %d: told that %d is stored, at %d (%v)", l.lives, sequence, applied.Sequence, err)
		}
	})
	select {
	case <-ctx.Done():
	case <-killed:
	}
	cancel()
	waiting.Wait()
}

// standsStill wants the fold to stop where the log is not the one that it folded,
// to commit what came before and nothing else, and to stay so.
func (l *life) standsStill(what fault, at uint64) {
	l.t.Helper()
	want := l.before.Sequence
	if what == gap {
		want = at - 1
	}
	err := l.Wait(l.t.Context(), math.MaxUint64)
	halt, ok := errors.AsType[*ingest.Halted](err)
	if !ok || halt.Disk || !strings.Contains(halt.What, string(what)) {
		l.t.Errorf("life %d: Wait = %v, want a halt because of %s", l.lives, err, what)
		return
	}
	for _, d := range []time.Duration{time.Minute, time.Hour} {
		time.Sleep(d)
		if st := l.Status(); st.Halted == nil || st.CaughtUp || st.Applied.Sequence != want || st.Seen != want {
			l.t.Errorf("life %d, %s at %d: %+v, want to stand still at %d", l.lives, what, at, st, want)
		}
	}
}

// ends compares what the fold says of itself with the file, when it has ended.
func (l *life) ends(registry *prometheus.Registry) {
	l.t.Helper()
	applied, err := l.file.Applied()
	if err != nil {
		l.t.Fatal(err)
	}
	st := l.Status()
	if st.Applied != applied {
		l.t.Errorf("life %d: Status says %+v, the file %+v", l.lives, st.Applied, applied)
	}
	if counted := countedEvents(l.t, registry); counted != applied.Sequence-l.before.Sequence {
		l.t.Errorf("life %d: %d events counted from %d to %d", l.lives, counted, l.before.Sequence, applied.Sequence)
	}
	check(l.t, l.file)
	l.witness.check(l.t, l, applied.Sequence)
}

// countedEvents is the sum of the counter of events.
func countedEvents(t *testing.T, registry *prometheus.Registry) (n uint64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "rollcall_ingest_events_total" {
			for _, m := range family.GetMetric() {
				n += uint64(m.GetCounter().GetValue())
			}
		}
	}
	return n
}

// teller is told of news, and of nothing else.
type teller struct {
	mu   sync.Mutex
	told [][2]uint64 // guarded by mu; where the store was before and after
	said [][]hall.ID // guarded by mu; the halls of each change
}

func (w *teller) Before(v *store.View, _ ingest.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, [2]uint64{v.Applied().Sequence})
	return nil
}

func (w *teller) After(v *store.View, c ingest.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told[len(w.told)-1][1] = v.Applied().Sequence
	var halls []hall.ID
	for _, touch := range c.Touches {
		halls = append(halls, touch.Hall)
	}
	w.said = append(w.said, halls)
	return nil
}

// check wants everything above the start to be told of, once, with the halls it
// is about.
func (w *teller) check(t *testing.T, l *life, applied uint64) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	start := l.Status().Start
	at := max(start, l.before.Sequence)
	for i, told := range w.told {
		if told[0] != at || told[1] <= told[0] {
			t.Errorf("life %d, started at %d: told of %v, want news from %d on", l.lives, start, w.told, at)
			return
		}
		if diff := cmp.Diff(l.touched(told[0], told[1]), w.said[i]); diff != "" {
			t.Errorf("life %d: halls of %v (-want +got):\n%s", l.lives, told, diff)
		}
		at = told[1]
	}
	if start > 0 && applied > start && at != applied {
		t.Errorf("life %d, started at %d: told of %v, want news up to %d", l.lives, start, w.told, applied)
	}
}

// touched are the halls of the events of some messages.
func (s *simulation) touched(after, until uint64) []hall.ID {
	found := map[hall.ID]bool{}
	for _, m := range s.log.messages[after:until] {
		if e, err := hall.Decode(m.Subject, m.Body); err == nil && (s.halls == nil || slices.Contains(s.halls, e.UID.Hall())) {
			found[e.UID.Hall()] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// finish folds the rest and compares with a clean fold of the same log, and of
// the same messages in another order.
func (s *simulation) finish(lines [][2]string) {
	s.t.Helper()
	last := s.log.len()
	s.log.begin(sound, 0, nil)
	file := s.open()
	defer file.Close()
	f := run(s.t, ingest.Options{Store: file, Source: s.log, Halls: s.halls})
	f.wait(s.t, last)
	synctest.Wait()
	if st := f.Status(); last > 0 && (!st.CaughtUp || st.Halted != nil || st.Applied.Sequence != last) {
		s.t.Errorf("in the end %+v, want all %d", st, last)
	}
	if err := f.stop(); err != nil {
		s.t.Errorf("Run = %v", err)
	}
	check(s.t, file)

	clean := s.clean(lines)
	if digest(s.t, file) != digest(s.t, clean) {
		s.t.Error("the content is not that of a clean fold")
	}
	if diff := cmp.Diff(deadOf(s.t, clean), deadOf(s.t, file)); diff != "" {
		s.t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(meta(s.t, clean), meta(s.t, file)); diff != "" {
		s.t.Errorf("where it stands and what it counts (-want +got):\n%s", diff)
	}
	mixed := slices.Clone(lines)
	s.r.Shuffle(len(mixed), func(i, k int) { mixed[i], mixed[k] = mixed[k], mixed[i] })
	if digest(s.t, file) != digest(s.t, s.clean(mixed)) {
		s.t.Error("another order gives other content")
	}
}

// clean folds lines at once.
func (s *simulation) clean(lines [][2]string) *store.Store {
	s.t.Helper()
	log := newSimLog()
	log.add(lines...)
	file := openStore(s.t)
	f := run(s.t, ingest.Options{Store: file, Source: log, Halls: s.halls})
	f.wait(s.t, uint64(len(lines)))
	if err := f.stop(); err != nil {
		s.t.Errorf("Run = %v", err)
	}
	return file
}

// standing is what meta holds.
type standing struct {
	Applied store.Applied
	Events  map[hall.Kind]uint64
	Dead    uint64
}

func meta(t *testing.T, file *store.Store) (m standing) {
	t.Helper()
	view(t, file, func(v *store.View) {
		stats := v.Stats()
		m = standing{v.Applied(), stats.Events, stats.Dead}
	})
	return m
}
