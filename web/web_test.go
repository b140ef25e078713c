package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/rogpeppe/go-internal/txtar"
	"go.uber.org/goleak"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/store"
	"rollcall/web"
)

var update = flag.Bool("update", false, "rewrite the responses in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	created = time.Date(2020, 11, 1, 0, 0, 0, 0, time.UTC)
	now     = time.Date(2020, 12, 7, 1, 0, 30, 0, time.UTC)
)

// daemon is a store and a log in memory, which is folded as it is published to.
type daemon struct {
	store    *store.Store
	messages []bus.Message
	lost     uint64
	uids     map[hall.UID]uint64
	halted   *web.Halt
	hold     chan struct{} // a view waits until it is closed; nil: none does
	behind   bool          // the fold stands still without saying so
	// meanwhile is called once before events are published together.
	meanwhile func()
}

func (d *daemon) View(fn func(*store.View) error) error {
	if d.hold != nil {
		<-d.hold
	}
	return d.store.View(fn)
}

func (d *daemon) Snapshot(_ context.Context, fn func(*store.View) error) error {
	return d.store.View(fn)
}

func (d *daemon) Wait(ctx context.Context, sequence uint64) error {
	if sequence <= uint64(len(d.messages)) && !d.behind {
		return nil
	}
	return context.DeadlineExceeded
}

func (d *daemon) Status() web.Status {
	applied, _ := d.store.Applied() // an open store answers
	return web.Status{
		Version: "test", Started: created, Stream: created, Applied: applied.Sequence, Last: uint64(len(d.messages)),
		Ready: d.halted == nil && !d.behind, Halted: d.halted, Bus: "127.0.0.1:4222", HTTP: "http://127.0.0.1:8080", Data: "data",
	}
}

func (d *daemon) Created() time.Time                    { return created }
func (d *daemon) Lost() uint64                          { return d.lost }
func (d *daemon) First(context.Context) (uint64, error) { return 1, nil }
func (d *daemon) Last(context.Context) (uint64, error)  { return uint64(len(d.messages)), nil }
func (d *daemon) Verify(context.Context, func(done, total uint64)) (web.Verification, error) {
	return web.Verification{Same: true, Differences: []string{}, Broken: []string{}}, nil
}
func (d *daemon) Heal(_ context.Context, trial bool, _ func(done, total uint64)) (web.Healing, error) {
	return web.Healing{Trial: trial, Lost: []web.Loss{{Hall: "demo", Kind: "punch", Month: "2020-11", Events: 3}}}, nil
}

func (d *daemon) Rebuild(context.Context, bool, func(done, total uint64)) error {
	return fmt.Errorf("%w: another verify or rebuild is running", hall.ErrConflict)
}

func (d *daemon) Read(_ context.Context, sequence uint64) (bus.Message, error) {
	if sequence == 0 || sequence > uint64(len(d.messages)) {
		return bus.Message{}, hall.ErrNotFound
	}
	return d.messages[sequence-1], nil
}

func (d *daemon) PublishRaw(_ context.Context, subject string, body []byte) (bus.Ack, error) {
	m := bus.Message{Sequence: uint64(len(d.messages) + 1), Subject: subject, Body: slices.Clone(body), Time: now}
	d.messages = append(d.messages, m)
	batch := store.BatchOf(store.Applied{Sequence: m.Sequence, Hash: m.Hash(), Time: hall.InstantOf(now), Created: created})
	event, err := hall.Decode(subject, m.Body)
	if rej, ok := err.(*hall.Rejection); ok {
		batch.AddDead(store.Dead{Sequence: m.Sequence, Subject: rej.Subject, Field: rej.Field, Reason: rej.Reason})
	} else {
		batch.Add(&event)
	}
	return bus.Ack{Sequence: m.Sequence}, d.store.Apply(batch)
}

func (d *daemon) PublishOnce(ctx context.Context, subject string, uid hall.UID, body []byte) (bus.Ack, error) {
	if sequence, ok := d.uids[uid]; ok {
		if !bytes.Equal(d.messages[sequence-1].Body, body) {
			return bus.Ack{}, hall.ErrConflict
		}
		return bus.Ack{Sequence: sequence, Duplicate: true}, nil
	}
	ack, err := d.PublishRaw(ctx, subject, body)
	d.uids[uid] = ack.Sequence
	return ack, err
}

func (d *daemon) PublishAll(ctx context.Context, events iter.Seq2[bus.Outgoing, error], progress func(int)) (published, duplicates int, err error) {
	for e, err := range events {
		if err != nil {
			return published, duplicates, err
		}
		ack, err := d.PublishOnce(ctx, e.Subject, e.UID, e.Body)
		switch {
		case err != nil:
			return published, duplicates, err
		case ack.Duplicate:
			duplicates++
		default:
			published++
		}
	}
	return published, duplicates, nil
}

// LastOf knows the subjects that are asked for: all seals of a hall.
func (d *daemon) LastOf(_ context.Context, subject string) (bus.Message, error) {
	for _, m := range slices.Backward(d.messages) {
		if strings.HasPrefix(m.Subject, strings.TrimSuffix(subject, ">")) {
			return m, nil
		}
	}
	return bus.Message{}, hall.ErrNotFound
}

func (d *daemon) PublishTogether(ctx context.Context, events []bus.Outgoing, want bus.Expected) (bus.Ack, error) {
	if meanwhile := d.meanwhile; meanwhile != nil {
		d.meanwhile = nil
		meanwhile()
	}
	if m, err := d.LastOf(ctx, want.Subject); m.Sequence != want.Last {
		return bus.Ack{}, errors.Join(hall.ErrConflict, err)
	}
	var ack bus.Ack
	for _, e := range events {
		var err error
		if ack, err = d.PublishOnce(ctx, e.Subject, e.UID, e.Body); err != nil {
			return ack, err
		}
	}
	return ack, nil
}

func (d *daemon) Check(context.Context, bus.Position) error { return nil }

func (d *daemon) Consume(_ context.Context, from bus.Position, deliver func(bus.Message) error) error {
	for _, m := range d.messages[from.Sequence:] {
		if err := deliver(m); err != nil {
			return err
		}
	}
	return nil
}

var _ ingest.Source = (*daemon)(nil)

// newServer returns a server over a hall of one policy, two people and a few
// events.
func newServer(t testing.TB) (*web.Server, *daemon) {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &daemon{store: s, uids: map[hall.UID]uint64{}}
	_, policy, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	publish := func(kind hall.Kind, body string) {
		t.Helper()
		if _, err := d.PublishRaw(t.Context(), hall.Subject("demo", kind, "desk"), []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	publish(hall.KindPolicy, `{"id":"p1","time":"2020-01-01T09:00:00+08:00","policy":`+string(policy)+`}`)
	publish(hall.KindRoster, `{"id":"r1","time":"2020-01-01T09:00:00+08:00","person":"1001","name":"尤禾岚","window":"general","class":"resident","from":"2020-01-01"}`)
	publish(hall.KindPunch, `{"id":"1","time":"2020-11-03T08:41:00+08:00","person":"1001"}`)
	publish(hall.KindPunch, `{"id":"2","time":"2020-11-03T08:41:00","person":"1001"}`)
	publish(hall.KindPatrol, `{"id":"n1","time":"2020-11-03T10:00:00+08:00","inspector":"9","kind":"chatting","person":"7777","note":"<script>alert(1)</script>"}`)
	return newServerOf(t, d, d), d
}

// newServerOf returns a server over a daemon whose log may answer otherwise.
func newServerOf(t testing.TB, d *daemon, log web.Log) *web.Server {
	t.Helper()
	registry := prometheus.NewRegistry()
	server, err := web.New(web.Options{
		Log: slog.New(slog.DiscardHandler), Registerer: registry, Gatherer: registry, State: d, Stream: log, Keeper: d,
		Statutory: configs.Statutory(), Version: "test", Loopback: true, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// TestRequests plays testdata/*.txtar: requests and what they are answered with.
func TestRequests(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { play(t, path) })
	}
}

func play(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	server, d := newServer(t)
	for i := range archive.Files {
		f := &archive.Files[i]
		switch f.Name {
		case "state":
			setState(t, d, strings.TrimSpace(string(f.Data)))
		case "request":
			got := answer(t, server, f.Data)
			if i+1 == len(archive.Files) || archive.Files[i+1].Name != "response" {
				t.Fatalf("request %d has no response after it", i)
			}
			want := &archive.Files[i+1]
			if *update {
				want.Data = []byte(got)
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("%s\n%s", f.Data, diff)
			}
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func setState(t *testing.T, d *daemon, state string) {
	t.Helper()
	d.halted, d.behind = nil, false
	halt := web.Halt{What: "the log ends at message 2", Do: "Bring it back.", Since: created}
	switch state {
	case "running":
	case "behind":
		d.behind = true
	case "log fault":
		d.halted = &halt
	case "disk full":
		halt.DiskFull = true
		d.halted = &halt
	default:
		t.Fatalf("unknown state %q", state)
	}
}

// shownHeaders are the ones that responses in testdata have.
var shownHeaders = []string{"Allow", "Cache-Control", "Content-Type", "ETag", "Location", "Retry-After"}

// answer sends `METHOD target`, header lines, an empty line and a body.
func answer(t *testing.T, server http.Handler, request []byte) string {
	t.Helper()
	head, body, _ := strings.Cut(string(request), "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, target, _ := strings.Cut(lines[0], " ")
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(strings.TrimSuffix(body, "\n")))
	r.Host = "127.0.0.1:8080"
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	var out strings.Builder
	fmt.Fprintln(&out, w.Code)
	for _, name := range shownHeaders {
		if value := w.Header().Get(name); value != "" {
			fmt.Fprintf(&out, "%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&out, "\n%s", pretty(w.Body.Bytes()))
	return out.String()
}

func pretty(body []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", " ") != nil {
		out.Reset()
		out.Write(body)
	}
	if out.Len() > 0 && !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
		out.WriteByte('\n')
	}
	return out.String()
}

func TestSecurityHeaders(t *testing.T) {
	server, _ := newServer(t)
	for _, target := range []string{"/", "/nope", "/api/v1/halls", "/api/v1/halls?bad=1", "/metrics", "/halls/demo/2020-11"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Host = "localhost"
		server.ServeHTTP(w, r)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		} {
			if got := w.Header().Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s = %q, want %q", target, name, got, want)
			}
		}
	}
}

// TestBulletinPages serves the bulletin to read and to keep; the only style that
// is let pass is the one that stands in it.
func TestBulletinPages(t *testing.T) {
	server, _ := newServer(t)
	get := func(target string) (*httptest.ResponseRecorder, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Host = "localhost"
		server.ServeHTTP(w, r)
		return w, w.Body.String()
	}
	w, page := get("/halls/demo/2020-11/bulletin")
	if w.Code != http.StatusOK || !strings.Contains(page, "运行情况分析") || !strings.Contains(page, "草稿") {
		t.Fatalf("bulletin = %d:\n%s", w.Code, page)
	}
	_, rest, _ := strings.Cut(page, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"
	if got := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, want) {
		t.Errorf("Content-Security-Policy = %q, want %q", got, want)
	}
	w, document := get("/halls/demo/2020-11/bulletin.docx")
	if w.Code != http.StatusOK || !strings.HasPrefix(document, "PK") || w.Header().Get("Content-Disposition") != `attachment; filename="demo-2020-11.docx"` {
		t.Errorf("bulletin.docx = %d, %v", w.Code, w.Header())
	}
	for target, want := range map[string]int{
		"/halls/nowhere/2020-11/bulletin": http.StatusNotFound, "/halls/demo/2020-11/bulletin?issue=1": http.StatusNotFound,
		"/halls/demo/2020-11/bulletin?issue=0": http.StatusBadRequest,
	} {
		if w, _ := get(target); w.Code != want {
			t.Errorf("%s = %d, want %d", target, w.Code, want)
		}
	}
	if code := ask(t, server, http.MethodPost, november+"/issues", forced, nil); code != http.StatusCreated {
		t.Fatalf("seal = %d", code)
	}
	if w, page := get("/halls/demo/2020-11/bulletin?issue=1"); w.Code != http.StatusOK || strings.Contains(page, "<p class=\"mark\">") || !strings.Contains(page, "第1号") {
		t.Errorf("bulletin of issue 1 = %d:\n%s", w.Code, page)
	}
}

// TestNotModified: a client that has the answer gets none, and a new event makes
// a new answer.
func TestNotModified(t *testing.T) {
	server, d := newServer(t)
	ask := func(tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/halls/demo/months/2020-11", nil)
		r.Host = "127.0.0.1"
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	first := ask("")
	tag := first.Header().Get("ETag")
	if first.Code != http.StatusOK || tag == "" {
		t.Fatalf("month = %d, ETag %q", first.Code, tag)
	}
	for _, given := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		w := ask(given)
		if w.Code != http.StatusNotModified || w.Header().Get("ETag") != tag || w.Body.Len() > 0 {
			t.Errorf("If-None-Match %s = %d, ETag %q, %d bytes", given, w.Code, w.Header().Get("ETag"), w.Body.Len())
		}
	}
	if _, err := d.PublishRaw(t.Context(), "rollcall.demo.punch.T01", []byte(`{"id":"9","time":"2020-11-03T12:01:00+08:00","person":"1001"}`)); err != nil {
		t.Fatal(err)
	}
	if w := ask(tag); w.Code != http.StatusOK || w.Header().Get("ETag") == tag {
		t.Errorf("after an event: %d, ETag %q", w.Code, w.Header().Get("ETag"))
	}
}

// TestLimits: whatever a client sends is bounded.
func TestLimits(t *testing.T) {
	server, _ := newServer(t)
	for _, c := range []struct {
		name, target, body string
		status             int
		want               string
	}{
		{"event", "/api/v1/events", strings.Repeat("x", 81<<10), 413, "too_large"},
		{"line", "/api/v1/import", strings.Repeat("x", 200<<10) + "\n{}", 200, `"refused":2`},
		{"many bad lines", "/api/v1/import", strings.Repeat("{}\n", 5000), 200, `"refused":5000`},
	} {
		r := httptest.NewRequest(http.MethodPost, c.target, strings.NewReader(c.body))
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || w.Body.Len() > 64<<10 {
			t.Errorf("%s: %d, %d bytes: %.300s", c.name, w.Code, w.Body.Len(), w.Body)
		}
	}
}

// TestImportAgain: what is folded with the same content is not published again, long
// after the stream has forgotten it.
func TestImportAgain(t *testing.T) {
	server, d := newServer(t) // its events were published without a message id
	before := len(d.messages)
	for _, lines := range []struct {
		name, text            string
		published, duplicates int
		lost                  uint64 // by the log
	}{
		{"the same", `{"subject":"rollcall.demo.roster.desk","data":{"id":"r1","time":"2020-01-01T09:00:00+08:00","person":"1001","name":"尤禾岚","window":"general","class":"resident","from":"2020-01-01"}}
{"subject":"rollcall.demo.punch.desk","data":{"id":"1","time":"2020-11-03T00:41:00Z","person":"1001"}}
`, 0, 2, 0},
		{"other content", `{"subject":"rollcall.demo.punch.desk","data":{"id":"1","time":"2020-11-03T08:41:00+08:00","person":"1001","method":"face"}}
{"subject":"rollcall.demo.patrol.desk","data":{"id":"n1","time":"2020-11-03T10:00:00+08:00","inspector":"9","kind":"eating","person":"7777"}}
{"subject":"rollcall.demo.punch.desk","data":{"id":"3","time":"2020-11-03T08:41:00+08:00","person":"1001"}}
`, 3, 0, 0},
		{"the same into a log that lost something", `{"subject":"rollcall.demo.roster.desk","data":{"id":"r1","time":"2020-01-01T09:00:00+08:00","person":"1001","name":"尤禾岚","window":"general","class":"resident","from":"2020-01-01"}}
`, 1, 0, 1},
	} {
		d.lost = lines.lost
		r := httptest.NewRequest(http.MethodPost, "/api/v1/import", strings.NewReader(lines.text))
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		want := fmt.Sprintf(`"published":%d,"duplicates":%d,"refused":0,"conflicts":0`, lines.published, lines.duplicates)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s, want %s", lines.name, w.Body, want)
		}
		if got := len(d.messages) - before; got != lines.published {
			t.Errorf("%s: %d messages more in the log, want %d", lines.name, got, lines.published)
		}
		before = len(d.messages)
	}
}

// TestSlowHeaders: who does not get on with the request is cut off.
func TestSlowHeaders(t *testing.T) {
	server, _ := newServer(t)
	synctest.Test(t, func(t *testing.T) {
		s := server.HTTPServer(t.Context())
		client, conn := net.Pipe()
		l := pipes{conns: make(chan net.Conn, 1)}
		l.conns <- conn
		served := make(chan error, 1)
		go func() { served <- s.Serve(l) }()
		fmt.Fprint(client, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
		begin := time.Now()
		if _, err := io.ReadAll(client); err != nil {
			t.Errorf("read: %v", err)
		}
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("the connection was closed after %s, want 5s", took)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		<-served
	})
}

// pipes is a listener for connections inside the process.
type pipes struct{ conns chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error {
	close(p.conns)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestMetricNames: names, units and help are as Prometheus wants them.
func TestMetricNames(t *testing.T) {
	registry := prometheus.NewRegistry()
	_, d := newServer(t)
	_, err := web.New(web.Options{Log: slog.New(slog.DiscardHandler), Registerer: registry, Gatherer: registry, State: d, Stream: d, Keeper: d})
	if err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("GatherAndLint = %v, %v", problems, err)
	}
}

// TestMetricsNameNobody: labels come from closed sets.
func TestMetricsNameNobody(t *testing.T) {
	server, _ := newServer(t)
	for _, target := range []string{"/api/v1/halls/demo/people/somebody/days/2020-11-03", "/secret-somebody", "/metrics"} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if target == "/metrics" && (strings.Contains(w.Body.String(), "somebody") || !strings.Contains(w.Body.String(), `route="other"`)) {
			t.Errorf("metrics: %s", w.Body)
		}
	}
}

// TestMetricsCountUnresolved counts facts that name something unknown: the log of
// the tests holds one, and one comes.
func TestMetricsCountUnresolved(t *testing.T) {
	server, d := newServer(t)
	body := []byte(`{"id":"nobody","person":"9999","time":"2020-12-01T08:20:00+08:00"}`)
	if _, err := d.PublishRaw(t.Context(), "rollcall.demo.punch.T1", body); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), "rollcall_unresolved 2\n") {
		t.Errorf("metrics do not say `rollcall_unresolved 2`: %s", w.Body)
	}
}

// TestBusy: more requests than fit are refused, a few compute at a time, and whoever asks
// how we are is always answered.
func TestBusy(t *testing.T) {
	server, d := newServer(t)
	d.hold = make(chan struct{})
	ask := func(path string) int {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil))
		return w.Code
	}
	const month = "/api/v1/halls/demo/months/2020-11"
	var asking sync.WaitGroup
	var busy atomic.Int64
	for range 600 {
		asking.Go(func() {
			switch code := ask(month); code {
			case http.StatusServiceUnavailable:
				busy.Add(1)
			case http.StatusOK:
			default:
				t.Errorf("month = %d", code)
			}
		})
	}
	for busy.Load() < 600-512 {
		runtime.Gosched() // the others wait for hold
	}
	if code := ask("/healthz"); code != http.StatusOK {
		t.Errorf("/healthz = %d while busy", code)
	}
	if code := ask(month); code != http.StatusServiceUnavailable {
		t.Errorf("month = %d, want 503", code)
	}
	close(d.hold)
	asking.Wait()
	if n := busy.Load(); n != 600-512 {
		t.Errorf("%d were refused, want %d", n, 600-512)
	}
	if code := ask(month); code != http.StatusOK {
		t.Errorf("month = %d once there is room", code)
	}
}
