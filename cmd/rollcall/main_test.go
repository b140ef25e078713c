package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
)

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
//	addresses NAME...    sets variables to free loopback addresses
//	ready ADDRESS        waits until a daemon there is ready
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
			"daemon": startScriptDaemon, "addresses": freeAddresses, "ready": waitReady, "publish": publishRaw,
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
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
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
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ack, err := d.app.Bus().PublishRaw(ctx, args[0], []byte(args[1]))
	ts.Check(err)
	ts.Check(d.app.Wait(ctx, ack.Sequence))
}

func freeAddresses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: addresses NAME...")
	}
	var held []net.Listener
	for _, name := range args {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		held = append(held, l)
		ts.Setenv(name, l.Addr().String())
	}
	for _, l := range held {
		ts.Check(l.Close())
	}
}

func waitReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ready ADDRESS")
	}
	last := ""
	for range 400 {
		resp, err := http.Get("http://" + args[0] + "/readyz")
		if err == nil {
			_ = resp.Body.Close() // only the status is asked for
			if resp.StatusCode == http.StatusOK {
				return
			}
			last = resp.Status
		} else {
			last = err.Error()
		}
		time.Sleep(25 * time.Millisecond) // another process: nothing else to wait for
	}
	ts.Fatalf("%s is not ready: %s", args[0], last)
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
