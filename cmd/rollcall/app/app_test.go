package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; a wait that ends for want of time is no verdict.
const patience = time.Minute

func newApp(t *testing.T, dir string) *app.App {
	t.Helper()
	config := configs.Default()
	config.Data, config.HTTP, config.Bus.Listen = dir, "127.0.0.1:0", "127.0.0.1:0"
	a, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler), Command: "test"})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() { stopApp(t, a) })
	return a
}

func startApp(t *testing.T, dir string) *app.App {
	t.Helper()
	a := newApp(t, dir)
	a.Start()
	return a
}

func stopApp(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := a.Stop(ctx); err != nil {
		t.Errorf("Stop: %v", err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// line is an event as the API and files have it.
func line(kind hall.Kind, source string, fields map[string]any) string {
	body, err := json.Marshal(map[string]any{"subject": hall.Subject("demo", kind, source), "data": fields})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// aHall is a policy and two people, then their punches of a day.
func aHall(t *testing.T) []string {
	t.Helper()
	_, document, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	made := "2020-01-01T09:00:00+08:00"
	lines := []string{line(hall.KindPolicy, "desk", map[string]any{"id": "p1", "time": made, "policy": json.RawMessage(document)})}
	for i, person := range []string{"1001", "1002"} {
		lines = append(lines, line(hall.KindRoster, "desk", map[string]any{
			"id": fmt.Sprintf("r%d", i), "time": made, "person": person, "name": "人" + person, "window": "general", "class": "resident", "from": "2020-01-01",
		}))
		for j, clock := range []string{"08:21:07", "12:01:00", "13:50:00", "17:31:00"} {
			lines = append(lines, line(hall.KindPunch, "T01", map[string]any{
				"id": fmt.Sprintf("%s-%d", person, j), "time": "2020-11-03T" + clock + "+08:00", "person": person,
			}))
		}
	}
	return lines
}

func post(t *testing.T, url, contentType, body string) (status int, answer string) {
	t.Helper()
	resp, err := http.Post(url, contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}

func get(t *testing.T, url string) (status int, answer string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, resp)
}

func read(t *testing.T, resp *http.Response) (status int, answer string) {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func importAll(t *testing.T, a *app.App, lines []string) (sequence uint64) {
	t.Helper()
	status, answer := post(t, a.URL()+"/api/v1/import", "application/x-ndjson", strings.Join(lines, "\n")+"\n")
	if status != http.StatusOK {
		t.Fatalf("import = %d %s", status, answer)
	}
	var last struct {
		Summary *struct {
			Refused  int
			Sequence uint64
		}
	}
	rows := strings.Split(strings.TrimSpace(answer), "\n")
	if err := json.Unmarshal([]byte(rows[len(rows)-1]), &last); err != nil || last.Summary == nil || last.Summary.Refused > 0 {
		t.Fatalf("import answered %s (%v)", answer, err)
	}
	return last.Summary.Sequence
}

// TestPublishFoldQuery goes the whole way: lines in, lists out, and again after
// a restart.
func TestPublishFoldQuery(t *testing.T) {
	dir := t.TempDir()
	a := startApp(t, dir)
	last := importAll(t, a, aHall(t))
	ask := func(a *app.App) string {
		url := fmt.Sprintf("%s/api/v1/halls/demo/months/2020-11?as_of=2020-12-07T09:00:00%%2B08:00&min_seq=%d", a.URL(), last)
		status, answer := get(t, url)
		if status != http.StatusOK {
			t.Fatalf("month = %d %s", status, answer)
		}
		return answer
	}
	first := ask(a)
	var rep hall.Report
	if err := json.Unmarshal([]byte(first), &struct{ Sequence *uint64 }{&rep.Sequence}); err != nil {
		t.Fatal(err)
	}
	if rep.Sequence != last || !strings.Contains(first, `"hall":"demo"`) || !strings.Contains(first, `"name":"人1001"`) {
		t.Errorf("month = %s", first)
	}
	stopApp(t, a)
	if again := ask(startApp(t, dir)); again != first {
		t.Errorf("after a restart the month is another one:\n%s\n%s", first, again)
	}
}

// TestStopAtRandomMoments stops while events come in: what was acknowledged is
// there afterwards, once.
func TestStopAtRandomMoments(t *testing.T) {
	dir := t.TempDir()
	acked := map[string]bool{}
	for round := range 4 {
		a := startApp(t, dir)
		var stopping sync.WaitGroup
		for i := 0; ; i++ {
			if i == 1 { // something is acknowledged in each round
				stopping.Go(func() {
					time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond) // any moment will do
					stopApp(t, a)
				})
			}
			id := fmt.Sprintf("%d-%d", round, i)
			e := bus.Outgoing{
				Subject: hall.Subject("demo", hall.KindTerminal, "T01"), UID: hall.NewUID("demo", hall.KindTerminal, "T01", id),
				Body: fmt.Appendf(nil, `{"id":%q,"time":"2020-11-03T08:00:00+08:00","terminal":"T01","state":"alive"}`, id),
			}
			_, err := a.Bus().Publish(t.Context(), e.Subject, e.UID, e.Body)
			if err != nil && i == 0 {
				t.Fatal(err)
			}
			if err != nil {
				break
			}
			acked[string(e.UID)] = true
		}
		stopping.Wait()
	}
	a := startApp(t, dir)
	last, err := a.Bus().Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Wait(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	err = a.View(func(v *store.View) error {
		for uid := range acked {
			if _, ok, err := v.Find(hall.UID(uid)); !ok {
				t.Errorf("acknowledged %s is lost (%v)", uid, err)
			}
		}
		return v.Check(t.Context())
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTwoDaemons(t *testing.T) {
	one, two := startApp(t, t.TempDir()), startApp(t, t.TempDir())
	importAll(t, one, aHall(t))
	if _, answer := get(t, two.URL()+"/api/v1/halls"); strings.TrimSpace(answer) != `{"halls":[]}` {
		t.Errorf("the other daemon has halls: %s", answer)
	}
}

// TestSecondDaemonNamesTheFirst: one directory has one daemon.
func TestSecondDaemonNamesTheFirst(t *testing.T) {
	dir := t.TempDir()
	one := newApp(t, dir)
	config := configs.Default()
	config.Data = dir
	_, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler)})
	locked, ok := errors.AsType[*store.LockedError](err)
	if !ok || locked.Holder.PID != os.Getpid() || locked.Holder.Address != one.URL() {
		t.Errorf("New on a locked directory = %v, want an error that names process %d at %s", err, os.Getpid(), one.URL())
	}
}

// TestNewUndoes: what fails late leaves nothing behind.
func TestNewUndoes(t *testing.T) {
	busy := startApp(t, t.TempDir())
	dir := t.TempDir()
	config := configs.Default()
	config.Data, config.Bus.Listen, config.HTTP = dir, "127.0.0.1:0", strings.TrimPrefix(busy.URL(), "http://")
	if _, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "listen for HTTP") {
		t.Fatalf("New on a busy address = %v", err)
	}
	startApp(t, dir)
}

func TestVerifyAndRebuild(t *testing.T) {
	dir := t.TempDir()
	a := startApp(t, dir)
	if err := a.Wait(t.Context(), importAll(t, a, aHall(t))); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"verify", "rebuild", "verify"} {
		status, answer := post(t, a.URL()+"/api/v1/"+path, "", "")
		if status != http.StatusOK || strings.Contains(answer, "problem") || path == "verify" && !strings.Contains(answer, `"same":true`) {
			t.Errorf("%s = %d %s", path, status, answer)
		}
	}
	if status, answer := get(t, a.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("after a rebuild: %d %s", status, answer)
	}
	if status, answer := get(t, a.URL()+"/metrics"); status != http.StatusOK || !strings.Contains(answer, "rollcall_ready 1") {
		t.Errorf("metrics after a rebuild: %d %s", status, answer)
	}
}

// TestQueriesDuringRebuild: a rebuild swaps the store under running questions.
func TestQueriesDuringRebuild(t *testing.T) {
	a := startApp(t, t.TempDir())
	importAll(t, a, aHall(t))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	rebuilt := make(chan struct{})
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for ctx.Err() == nil {
				select {
				case <-rebuilt:
					return
				default:
				}
				if status, answer := get(t, a.URL()+"/api/v1/halls/demo/months/2020-11"); status != http.StatusOK {
					t.Errorf("month = %d %s", status, answer)
				}
			}
		})
	}
	for range 5 {
		if _, answer := post(t, a.URL()+"/api/v1/rebuild", "", ""); !strings.Contains(answer, `"rebuilt"`) {
			t.Errorf("rebuild = %s", answer)
		}
	}
	close(rebuilt)
	asking.Wait()
	if ctx.Err() != nil {
		t.Error("questions and rebuilds wait for each other")
	}
}

// TestImportConflict: a uid keeps its first content, and the rest goes on.
func TestImportConflict(t *testing.T) {
	a := startApp(t, t.TempDir())
	lines := aHall(t)
	importAll(t, a, lines)
	other := strings.Replace(lines[2], "08:21:07", "08:20:00", 1)
	_, answer := post(t, a.URL()+"/api/v1/import", "", other+"\n{}\n"+lines[3])
	for _, want := range []string{`"refused":{"line":2,`, `"read":3,"published":0,"duplicates":1,"refused":1,"conflicts":1,`} {
		if !strings.Contains(answer, want) {
			t.Errorf("import = %s, want %s", answer, want)
		}
	}
	if status, answer := post(t, a.URL()+"/api/v1/events?force=1", "", other); status != http.StatusConflict {
		t.Errorf("event = %d %s", status, answer)
	}
}

// TestExportIsImport: what the store exports makes the same store.
func TestExportIsImport(t *testing.T) {
	one := startApp(t, t.TempDir())
	importAll(t, one, aHall(t))
	digest := func(a *app.App) (sum [32]byte) {
		t.Helper()
		last, err := a.Bus().Last(t.Context())
		if err == nil {
			err = a.Wait(t.Context(), last)
		}
		if err == nil {
			err = a.View(func(v *store.View) error { sum = v.Digest(); return nil })
		}
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	want := digest(one)
	for _, from := range []string{"store", "log"} {
		_, lines := get(t, one.URL()+"/api/v1/export?from="+from)
		two := startApp(t, t.TempDir())
		importAll(t, two, strings.Split(strings.TrimSpace(lines), "\n"))
		if got := digest(two); got != want {
			t.Errorf("after import of the export from the %s the store differs", from)
		}
	}
}

// TestUnreadableStore: the log makes it again, and the old file is kept aside under a
// name that says why.
func TestUnreadableStore(t *testing.T) {
	t.Run("damaged", func(t *testing.T) {
		madeAgain(t, "damaged", func(file []byte) []byte { return file[:3*4096] })
	})
	t.Run("older", func(t *testing.T) {
		madeAgain(t, "older", func(file []byte) []byte {
			return regexp.MustCompile(`\{"version":\d,`).ReplaceAll(file, []byte(`{"version":1,`))
		})
	})
}

func madeAgain(t *testing.T, mark string, spoil func(file []byte) []byte) {
	t.Helper()
	dir := t.TempDir()
	a := startApp(t, dir)
	last := importAll(t, a, aHall(t))
	if err := a.Wait(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	stopApp(t, a)
	path := filepath.Join(dir, store.FileName)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, spoil(content), 0o600); err != nil {
		t.Fatal(err)
	}
	b := startApp(t, dir)
	if err := b.Wait(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if aside, _ := filepath.Glob(path + ".*-*"); len(aside) != 1 || !strings.HasPrefix(aside[0], path+"."+mark+"-") {
		t.Errorf("kept aside: %v, want one that is %s", aside, mark)
	}
}

// TestLogFault: a log that is not the one that was folded halts the fold and
// not the process; nothing is taken, and it says what to do.
func TestLogFault(t *testing.T) {
	dir := t.TempDir()
	a := startApp(t, dir)
	if err := a.Wait(t.Context(), importAll(t, a, aHall(t))); err != nil {
		t.Fatal(err)
	}
	stopApp(t, a)
	if err := os.RemoveAll(filepath.Join(dir, "log")); err != nil {
		t.Fatal(err)
	}
	b := startApp(t, dir)
	deadline := time.After(patience)
	for b.Status().Halted == nil {
		select {
		case <-deadline:
			t.Fatal("the fold of another log is not halted")
		case err := <-b.Failed():
			t.Fatalf("the process ends: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	event := aHall(t)[1]
	for _, c := range []struct {
		name   string
		status int
		ask    func() (int, string)
	}{
		{"ready", 503, func() (int, string) { return get(t, b.URL()+"/readyz") }},
		{"healthy", 200, func() (int, string) { return get(t, b.URL()+"/healthz") }},
		{"event", 503, func() (int, string) { return post(t, b.URL()+"/api/v1/events", "", event) }},
		{"import", 503, func() (int, string) { return post(t, b.URL()+"/api/v1/import", "", event) }},
		{"open month", 503, func() (int, string) { return get(t, b.URL()+"/api/v1/halls/demo/months/2020-11") }},
	} {
		status, answer := c.ask()
		if status != c.status || status == 503 && (!strings.Contains(answer, `"code":"halted"`) || !strings.Contains(answer, "rollcall re")) {
			t.Errorf("%s = %d %s, want %d", c.name, status, answer, c.status)
		}
	}
	if status, answer := post(t, b.URL()+"/api/v1/rebuild", "", ""); status != 200 || !strings.Contains(answer, "11 events that the log has lost") {
		t.Fatalf("rebuild before heal = %d %s, want a refusal", status, answer)
	}
	for _, c := range []struct{ path, want string }{
		{"heal?trial=1", `{"hall":"demo","kind":"punch","month":"2020-11","events":8}`},
		{"heal", `"published":11,"duplicates":0,"last":11`},
		{"heal", `"lost":[],"published":0,`},
	} {
		if status, answer := post(t, b.URL()+"/api/v1/"+c.path, "", ""); status != 200 || !strings.Contains(answer, c.want) {
			t.Errorf("%s = %d %s, want %s", c.path, status, answer, c.want)
		}
	}
	if status, answer := post(t, b.URL()+"/api/v1/rebuild", "", ""); status != 200 || strings.Contains(answer, "problem") {
		t.Fatalf("rebuild after heal = %d %s", status, answer)
	}
	if status, answer := get(t, b.URL()+"/readyz"); status != http.StatusOK {
		t.Errorf("after the rebuild: %d %s", status, answer)
	}
}

// TestRun: a daemon runs until its context ends, and stops in time.
func TestRun(t *testing.T) {
	a := newApp(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	if _, answer := get(t, a.URL()+"/healthz"); answer != "ok\n" {
		t.Errorf("healthz = %q", answer)
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("Run = %v", err)
		}
	case <-time.After(patience):
		t.Error("Run does not end")
	}
}

// TestFatal: what the process must not outlive ends Run, and everything is
// stopped in order.
func TestFatal(t *testing.T) {
	dir := t.TempDir()
	a := newApp(t, dir)
	broken := errors.New("an invariant is broken")
	app.Fail(a, broken)
	if err := a.Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("Run = %v, want %v", err, broken)
	}
	startApp(t, dir) // the lock is free again
}

func TestPprof(t *testing.T) {
	config := configs.Default()
	config.Data, config.HTTP, config.Bus.Listen, config.Pprof = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0", "0.0.0.0:0"
	_, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, hall.ErrInvalid) || !strings.Contains(err.Error(), "127.0.0.1:6060") {
		t.Errorf("New with open pprof = %v", err)
	}
	config.Pprof = "127.0.0.1:0"
	a, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	stopApp(t, a)
}

// TestLogHasNoNames: what the daemon logs names nobody.
func TestLogHasNoNames(t *testing.T) {
	var log bytes.Buffer
	config := configs.Default()
	config.Data, config.HTTP, config.Bus.Listen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	handler := slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})
	a, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(handler)})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	lines := aHall(t)
	for i := range lines { // no number: times, ports and durations have digits too
		lines[i] = strings.ReplaceAll(lines[i], `"1001"`, `"somebody"`)
	}
	importAll(t, a, lines)
	if status, answer := get(t, a.URL()+"/api/v1/halls/demo/people/somebody/days/2020-11-03"); status != http.StatusOK {
		t.Errorf("a day = %d %s", status, answer)
	}
	stopApp(t, a)
	if text := log.String(); strings.Contains(text, "somebody") || strings.Contains(text, "人") {
		t.Errorf("the log names people: %s", text)
	}
}
