package faults_test

// Logs that are not what the store was folded from.

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus/bustest"
)

// TestStreamRecreated: the log is gone and an empty one has taken its place.
func TestStreamRecreated(t *testing.T) {
	dir := t.TempDir()
	d := start(t, dir)
	d.load(someMonth(t, 60))
	want := d.lists()
	d.stop()
	remove(t, filepath.Join(dir, "log"))

	d = launch(t, dir).listening()
	standsStill(t, d, "was created at", "rollcall rebuild")

	// What the halt says to do: publish what the store has, fold the log that there is.
	heals(t, d)
	succeeds(t, "rebuild", "--server", d.url)
	if status, body := d.get("/readyz"); status != http.StatusOK {
		t.Errorf("after heal and rebuild /readyz = %d %s", status, body)
	}
	same(t, "after heal and rebuild", d.lists(), want)
	d.stop()
	d = start(t, dir)
	same(t, "after heal, rebuild and a restart", d.lists(), want)
	d.stop()
}

// TestNoEventIntoAnotherLog: also before the fold has looked, nothing is
// acknowledged into a log that is not the store's. The clients knock from the
// first moment on, so that they are let in as early as anybody can be.
func TestNoEventIntoAnotherLog(t *testing.T) {
	dir := t.TempDir()
	d := start(t, dir)
	d.load(founding(t))
	d.stop()
	for range rounds(t, 3) {
		remove(t, filepath.Join(dir, "log"))
		address := bustest.Address(t)
		d = launch(t, dir, "--http", address)
		var knocking sync.WaitGroup
		for i := range 4 {
			knocking.Go(func() {
				e := event(hall.KindPunch, "T01", fmt.Sprint("early-", i), map[string]any{"time": "2020-11-03T08:20:00+08:00", "person": "1001"})
				for d.alive() {
					status, body := answerOf(d.http.Post("http://"+address+"/api/v1/events?force=1", "application/json", strings.NewReader(e.line())))
					switch status {
					case 0:
						continue // it does not listen yet
					case http.StatusServiceUnavailable:
					default:
						t.Errorf("POST into another log = %d %s", status, body)
					}
					return
				}
			})
		}
		knocking.Wait()
		d.listening().halted()
		d.stop()
	}
}

// TestStreamRewound: the log is an older copy of itself; then it grows past where
// the store stands.
func TestStreamRewound(t *testing.T) {
	dir := t.TempDir()
	log, older, whole := filepath.Join(dir, "log"), filepath.Join(t.TempDir(), "older"), filepath.Join(t.TempDir(), "whole")
	d := start(t, dir)
	events := someMonth(t, 80)
	d.load(events[:60])
	d.stop()
	copyTree(t, log, older)
	d = start(t, dir)
	d.load(events[60:])
	want := d.lists()
	d.stop()
	copyTree(t, log, whole)

	remove(t, log)
	copyTree(t, older, log)
	d = launch(t, dir).listening()
	standsStill(t, d, "the log ends at message 60, but the store has applied message 105", "rollcall rebuild")
	d.stop()

	growLog(t, log, someMonth(t, 200)[105:])
	d = launch(t, dir).listening()
	standsStill(t, d, "message 105 of the log is not the one that the store applied", "bring the log back from a copy (the folder log of the data directory)")
	d.stop()

	remove(t, log)
	copyTree(t, whole, log)
	d = start(t, dir)
	same(t, "with the log brought back", d.lists(), want)
	d.stop()
}

// growLog publishes into a log through a daemon that has another store.
func growLog(t *testing.T, log string, events []outgoing) {
	t.Helper()
	dir := t.TempDir()
	copyTree(t, log, filepath.Join(dir, "log"))
	d := start(t, dir)
	d.folded(publishRaw(t, d.bus, events))
	d.stop()
	remove(t, log)
	copyTree(t, filepath.Join(dir, "log"), log)
}

// standsStill wants a daemon that lives, says what is wrong and what to do, and
// neither takes events nor shows the lists of an open month.
func standsStill(t *testing.T, d *daemon, what, do string) {
	t.Helper()
	halt := d.halted()
	if !strings.Contains(halt.What, what) || !strings.Contains(halt.Do, do) {
		t.Errorf("halted: %q, do: %q; want %q and %q", halt.What, halt.Do, what, do)
	}
	e := someMonth(t, 1)[people+1]
	month := "/api/v1/halls/demo/months/" + theMonth
	for name, ask := range map[string]func() (int, string){
		"GET /readyz":                      func() (int, string) { return d.get("/readyz") },
		"GET of a month":                   func() (int, string) { return d.get(month) },
		"GET of a day":                     func() (int, string) { return d.get("/api/v1/halls/demo/people/1001/days/2020-11-03") },
		"POST /api/v1/events":              func() (int, string) { return d.post("/api/v1/events?force=1", e.line()) },
		"POST /api/v1/import":              func() (int, string) { return d.post("/api/v1/import?force=1", e.line()+"\n") },
		"GET /api/v1/deadletters/1 resent": func() (int, string) { return d.post("/api/v1/deadletters/1/resend", "") },
	} {
		status, body := ask()
		if name == "GET /api/v1/deadletters/1 resent" && status == http.StatusNotFound {
			continue // there is none
		}
		if status != http.StatusServiceUnavailable || !strings.Contains(body, what) || !strings.Contains(body, do) {
			t.Errorf("%s = %d %s, want 503 that says %q and %q", name, status, body, what, do)
		}
	}
	takesNothing(t, d)
	if r := command(t, "report", theMonth, "--server", d.url); r.code != 1 || !strings.Contains(r.stderr, what) || r.out != "" {
		t.Errorf("report = %d %s%s, want 1 with the reason", r.code, r.out, r.stderr)
	}
	if status, _ := d.get("/healthz"); status != http.StatusOK || !d.alive() {
		t.Errorf("/healthz = %d, want a process that lives", status)
	}
}

// takesNothing wants no acknowledgement for terminals either.
func takesNothing(t *testing.T, d *daemon) {
	t.Helper()
	nc := bustest.Connect(t, d.bus)
	d.eventually("refuses terminals", func() error {
		answer, err := nc.Request(byPunch, []byte(`{"person":"1001",`+goodTime+`}`), time.Second)
		if err == nil {
			return fmt.Errorf("it acknowledged with %s", answer.Data)
		}
		return nil
	})
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
