package ingest_test

// Live announcements: what is said of news, and only of news.

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

// crier remembers what was announced, as "subject change id points", or "subject
// message-id" of what is no violation.
type crier struct {
	mu   sync.Mutex
	said []string // guarded by mu
}

func (c *crier) Announce(subject, id string, body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var v ingest.LiveViolation
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	line := subject + " " + id
	if v.Change != "" {
		line = fmt.Sprintf("%s %s %s %v", subject, v.Change, v.Violation.ID, v.Violation.Points)
	}
	c.said = append(c.said, line)
	return nil
}

// heard returns what was announced since it was asked last.
func (c *crier) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

// finished tells when a batch of news was announced.
type finished struct {
	*ingest.Live
	batch chan struct{}
}

func (f finished) After(v *store.View, c ingest.Change) error {
	defer func() { f.batch <- struct{}{} }()
	return f.Live.After(v, c)
}

const livePolicy = `{"hall":"demo","name":"示例大厅","timezone":"Asia/Shanghai","effective":"2020-01-01","calendar":{"statutory":"none"},
"timetables":[{"name":"all","from":"01-01","sessions":[{"name":"day","start":"09:00","end":"17:00","punch":"both"}]}],
"classes":[{"name":"resident","punches":true,"ranked":true}],"windows":[{"id":"w1","number":1,"name":"综合窗口"}],
"punctuality":{"late":{"points":1},"early_leave":{"points":1},"absence":{"points":5},"missing_punch":{"points":2}},
"leave":[{"kind":"trip","name":"出差"}],"discipline":[{"kind":"phone_use","name":"玩手机","subject":"person","points":2}],"terminals":{"wait":"0m"}}`

func event(kind hall.Kind, body string) [2]string {
	return [2]string{hall.Subject("demo", kind, "office"), body}
}

func TestLiveSaysWhatNewsChange(t *testing.T) {
	log := newScript(
		event(hall.KindPolicy, `{"id":"p","time":"2020-01-01T00:00:00Z","policy":`+livePolicy+`}`),
		event(hall.KindRoster, `{"id":"r","time":"2020-01-01T00:00:00Z","person":"P1","name":"甲","window":"w1","class":"resident","from":"2020-01-01","aliases":["77"]}`),
		punch("demo", "old", "P1", "09:20"), // history: nobody is told
	)
	s, cries := openStore(t), &crier{}
	live := finished{ingest.NewLive(cries, hall.Calendar{}, slog.New(slog.DiscardHandler), prometheus.NewRegistry()), make(chan struct{})}
	r := run(t, ingest.Options{Store: s, Source: log, Watch: live})
	r.wait(t, 3)
	if said := cries.heard(); said != nil {
		t.Errorf("of history was said %q, want nothing", said)
	}

	steps := []struct {
		name string
		line [2]string
		want []string
	}{
		{"an earlier punch takes the lateness away", punch("demo", "first", "77", "08:50"),
			[]string{"rollcall-live.demo.violation gone 2020-11-03/day/in/P1 1"}},
		{"a note", event(hall.KindPatrol, `{"id":"n1","time":"2020-11-03T10:00:00+08:00","inspector":"I1","kind":"phone_use","person":"P1"}`),
			[]string{"rollcall-live.demo.violation new 2020-11-03/day/phone_use/P1 2"}},
		{"the same again says nothing", event(hall.KindPatrol, `{"id":"n1","time":"2020-11-03T10:00:00+08:00","inspector":"I1","kind":"phone_use","person":"P1"}`), nil},
		{"a ruling takes it away", event(hall.KindRuling, `{"id":"u1","time":"2020-11-03T12:00:00+08:00","on":"demo/patrol/office/n1","state":"rejected","by":"M1","reason":"核实"}`),
			[]string{"rollcall-live.demo.violation gone 2020-11-03/day/phone_use/P1 2"}},
		{"an excuse may bear on anybody", event(hall.KindExcuse, `{"id":"x1","time":"2020-11-03T12:00:00+08:00","from":"2020-11-03","until":"2020-11-03","reason":"停电"}`),
			[]string{"rollcall-live.demo.month-changed demo/month-changed/8"}},
		{"a new person may bear on anybody", event(hall.KindRoster, `{"id":"r2","time":"2020-01-01T00:00:00Z","person":"P2","name":"乙","window":"w1","class":"resident","from":"2020-11-03"}`),
			[]string{"rollcall-live.demo.month-changed demo/month-changed/9"}},
		{"and is known from then on", event(hall.KindPatrol, `{"id":"n2","time":"2020-11-04T10:00:00+08:00","inspector":"I1","kind":"phone_use","person":"P2"}`),
			[]string{"rollcall-live.demo.violation new 2020-11-04/day/phone_use/P2 2"}},
	}
	for _, step := range steps {
		log.add(step.line)
		<-live.batch
		if diff := cmp.Diff(step.want, cries.heard()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

// TestLiveFromNothing: the first event of all may be news.
func TestLiveFromNothing(t *testing.T) {
	s, cries := openStore(t), &crier{}
	live := finished{ingest.NewLive(cries, hall.Calendar{}, slog.New(slog.DiscardHandler), prometheus.NewRegistry()), make(chan struct{})}
	log := newScript()
	r := run(t, ingest.Options{Store: s, Source: log, Watch: live})
	if err := r.Begun(t.Context()); err != nil {
		t.Fatal(err)
	}
	log.add(punch("demo", "1", "P1", "09:20"))
	<-live.batch
	if said := cries.heard(); said != nil {
		t.Errorf("of nobody was said %q, want nothing", said)
	}
}

func TestSweepSaysWhatTimeBrings(t *testing.T) {
	s, cries := openStore(t), &crier{}
	lines := strings.NewReader(fmt.Sprintf("{\"subject\":\"rollcall.demo.policy.office\",\"data\":{\"id\":\"p\",\"time\":\"2020-01-01T00:00:00Z\",\"policy\":%s}}\n", strings.ReplaceAll(livePolicy, "\n", "")) +
		`{"subject":"rollcall.demo.roster.office","data":{"id":"r","time":"2020-01-01T00:00:00Z","person":"P1","name":"甲","window":"w1","class":"resident","from":"2020-11-03"}}` + "\n" +
		`{"subject":"rollcall.demo.punch.T1","data":{"id":"1","time":"2020-11-03T17:30:00+08:00","person":"P1"}}` + "\n")
	if done, err := ingest.Replay(t.Context(), lines, ingest.ReplayOptions{Store: s}); err != nil || done.Dead > 0 {
		t.Fatalf("Replay = %+v, %v", done, err)
	}
	live := ingest.NewLive(cries, hall.Calendar{}, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	before, err := hall.ParseInstant("2020-11-03T12:59:00+08:00")
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(v *store.View) {
		if err := live.Sweep(v, "demo", before, before+60); err != nil { // the start's band ends at 13:00
			t.Error(err)
		}
	})
	want := []string{"rollcall-live.demo.violation new 2020-11-03/day/in/P1 2"}
	if diff := cmp.Diff(want, cries.heard()); diff != "" {
		t.Errorf("at the end of the band (-want +got):\n%s", diff)
	}
}
