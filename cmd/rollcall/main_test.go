package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
	"rollcall/ingest/bus/bustest"
)

// patience bounds every wait; a wait that ends for want of time is no verdict.
const patience = time.Minute

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"rollcall": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestScripts runs testdata/*.txt: one script a feature. Beside testscript's own
// commands there are
//
//	daemon [DIR]         starts a daemon on free ports until the script ends, or
//	                     until it is called again, and sets ROLLCALL_SERVER and BUS
//	addresses NAME...    sets variables to loopback addresses that nobody else takes
//	                     until the script ends
//	answers URL PATTERN  waits until that is answered with a text that matches
//	publish SUBJECT BODY puts a message into the daemon's log as a terminal does,
//	                     unchecked, and waits until it is folded
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("TMPDIR", env.WorkDir)
			env.Values[daemonKey{}] = &scriptDaemon{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"daemon": startScriptDaemon, "addresses": keepAddresses, "answers": waitForAnswer, "publish": publishRaw,
		},
	})
}

type daemonKey struct{}

// scriptDaemon is the daemon of a script.
type scriptDaemon struct{ app *app.App }

func (d *scriptDaemon) stop() error {
	if d.app == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	defer func() { d.app = nil }()
	return d.app.Stop(ctx)
}

func startScriptDaemon(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: daemon [directory]")
	}
	d, ok := ts.Value(daemonKey{}).(*scriptDaemon)
	if !ok {
		ts.Fatalf("the script has no place for a daemon")
	}
	ts.Check(d.stop())
	config := configs.Default()
	config.Data, config.HTTP, config.Bus.Listen = ts.MkAbs("data"), "127.0.0.1:0", "127.0.0.1:0"
	if len(args) == 1 {
		config.Data = ts.MkAbs(args[0])
	}
	a, err := app.New(context.Background(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler), Command: "rollcall serve"})
	ts.Check(err)
	d.app = a
	ts.Defer(func() { _ = d.stop() }) // the script has passed or failed by now
	a.Start()
	ts.Setenv("ROLLCALL_SERVER", a.URL())
	ts.Setenv("BUS", strings.TrimPrefix(a.Bus().Addr(), "nats://"))
}

func publishRaw(ts *testscript.TestScript, neg bool, args []string) {
	d, ok := ts.Value(daemonKey{}).(*scriptDaemon)
	if neg || len(args) != 2 || !ok || d.app == nil {
		ts.Fatalf("usage: publish subject body, after daemon")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ack, err := d.app.Bus().PublishRaw(ctx, args[0], []byte(args[1]))
	ts.Check(err)
	ts.Check(d.app.Wait(ctx, ack.Sequence))
}

func keepAddresses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: addresses NAME...")
	}
	for _, name := range args {
		address, release, err := bustest.Keep()
		ts.Check(err)
		ts.Defer(func() { _ = release() }) // the script has passed or failed by now
		ts.Setenv(name, address)
	}
}

func waitForAnswer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: answers URL PATTERN")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	last := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(25 * time.Millisecond) { // another process: nothing else to wait for
		last, err = ask(args[0])
		if err == nil && pattern.MatchString(last) {
			return
		}
	}
	ts.Fatalf("%s answers %q (%v), want %s", args[0], last, err, pattern)
}

// ask returns the body of an answer with status 200.
func ask(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status)
	}
	return string(body), err
}

// TestDemoMonth: the invented hall is what the demo says of it.
func TestDemoMonth(t *testing.T) {
	first, second := demoDigest(t), demoDigest(t)
	if first != second {
		t.Error("the demo's month differs from run to run")
	}
	if _, err := os.Stat(filepath.Join("testdata", "demo.txt")); err != nil {
		t.Error(err)
	}
}

func demoDigest(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	uids := map[string]bool{}
	for e, err := range demoEvents() {
		if err != nil {
			t.Fatal(err)
		}
		if uids[string(e.UID)] {
			t.Errorf("uid %s is used twice", e.UID)
		}
		uids[string(e.UID)] = true
		fmt.Fprintln(&all, e.Subject, string(e.Body))
	}
	return all.String()
}
