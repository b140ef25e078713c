package faults_test

// A daemon as a process, and commands.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rollcall/web"
)

// patience bounds every wait for a daemon; a wait that ends for want of time is no
// verdict.
const patience = time.Minute

// daemon is `rollcall serve` on free loopback ports.
type daemon struct {
	t      testing.TB
	dir    string
	url    string // of HTTP
	bus    string // nats://...
	cmd    *exec.Cmd
	out    *output
	log    *output
	exited chan struct{} // closed when the process has ended
	http   *http.Client
}

// output keeps what a process writes and says when a word has come.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer  // guarded by mu
	word string        // "" once it was seen
	seen chan struct{} // closed when it was
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := o.text.Write(p)
	if o.word != "" && strings.Contains(o.text.String(), o.word) {
		o.word = ""
		close(o.seen)
	}
	return n, err
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// environ is this process's environment without what configures the program.
func environ(t testing.TB) []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "ROLLCALL_") && !strings.HasPrefix(kv, "TMPDIR=") {
			env = append(env, kv)
		}
	}
	return append(env, "TMPDIR="+t.TempDir())
}

// launch starts a daemon and does not wait for it.
func launch(t testing.TB, dir string, flags ...string) *daemon {
	t.Helper()
	return launchUnder(t, nil, dir, flags...)
}

// launchUnder starts a daemon by another program, which must become the daemon.
func launchUnder(t testing.TB, under []string, dir string, flags ...string) *daemon {
	t.Helper()
	d := &daemon{
		t: t, dir: dir, exited: make(chan struct{}), log: &output{},
		out:  &output{word: "Stop with Ctrl-C.", seen: make(chan struct{})},
		http: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 16}},
	}
	args := []string{"serve", "--data", dir, "--http", "127.0.0.1:0"} // flags that come later win
	if !strings.Contains(strings.Join(flags, " "), "--nats") {
		args = append(args, "--bus", "127.0.0.1:0")
	}
	args = slices.Concat(under, []string{program}, args, flags)
	d.cmd = exec.Command(args[0], args[1:]...)
	d.cmd.Env, d.cmd.Stdout, d.cmd.Stderr = environ(t), d.out, d.log
	tie(d.cmd)
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(d.exited)
		_ = d.cmd.Wait() // its state says it
	}()
	t.Cleanup(func() {
		d.kill()
		if t.Failed() {
			t.Logf("daemon %d said:\n%s", d.cmd.Process.Pid, d.log)
		}
	})
	return d
}

var whereHTTP, whereBus = regexp.MustCompile(`API +(http://\S+)`), regexp.MustCompile(`(?:bus|server) +(nats://\S+)`)

// listening waits until the daemon has bound its addresses.
func (d *daemon) listening() *daemon {
	d.t.Helper()
	select {
	case <-d.out.seen:
	case <-d.exited:
		d.t.Fatalf("the daemon ended with %d", d.code())
	case <-time.After(patience):
		d.t.Fatal("the daemon does not listen")
	}
	d.addresses()
	return d
}

// addresses reads what the daemon says of itself.
func (d *daemon) addresses() {
	text := d.out.String()
	d.url, d.bus = whereHTTP.FindStringSubmatch(text)[1], whereBus.FindStringSubmatch(text)[1]
}

// start starts a daemon and waits until it is ready.
func start(t testing.TB, dir string, flags ...string) *daemon {
	t.Helper()
	return launch(t, dir, flags...).ready()
}

// ready waits until the daemon is.
func (d *daemon) ready() *daemon {
	d.t.Helper()
	d.listening()
	d.eventually("is ready", func() error { return d.answers("/readyz", http.StatusOK) })
	return d
}

// eventually waits for a state of another process, for which there is nothing
// else to wait for.
func (d *daemon) eventually(what string, try func() error) {
	d.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) || !d.alive() {
			d.t.Fatalf("the daemon never %s: %v", what, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (d *daemon) answers(path string, status int) error {
	got, body := d.get(path)
	if got != status {
		return fmt.Errorf("%s answers %d %s", path, got, body)
	}
	return nil
}

func (d *daemon) alive() bool {
	select {
	case <-d.exited:
		return false
	default:
		return true
	}
}

// kill is kill -9, of this child alone.
func (d *daemon) kill() {
	_ = d.cmd.Process.Kill() // it may have ended
	<-d.exited
	d.http.CloseIdleConnections()
}

// code is the exit status; of a process that a signal ended -1.
func (d *daemon) code() int {
	<-d.exited
	return d.cmd.ProcessState.ExitCode()
}

// stop sends SIGTERM and wants the daemon to end well, which it does only if it needs
// no longer than its own limit.
func (d *daemon) stop() {
	d.t.Helper()
	d.http.CloseIdleConnections() // one that was opened and never used holds up a stop for 5 s
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	select {
	case <-d.exited:
	case <-time.After(patience):
		d.t.Fatal("SIGTERM does not end the daemon")
	}
	d.http.CloseIdleConnections()
	if d.code() != 0 {
		d.t.Errorf("SIGTERM ended the daemon with %d, want 0", d.code())
	}
}

// get asks; status 0 where nobody answers.
func (d *daemon) get(path string) (status int, body string) {
	resp, err := d.http.Get(d.url + path)
	return answerOf(resp, err)
}

func (d *daemon) post(path, body string) (status int, answer string) {
	resp, err := d.http.Post(d.url+path, "application/json", strings.NewReader(body))
	return answerOf(resp, err)
}

func answerOf(resp *http.Response, err error) (int, string) {
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error() // half an answer is none
	}
	return resp.StatusCode, string(body)
}

func (d *daemon) status() (web.Status, error) {
	var st web.Status
	code, body := d.get("/api/v1/status")
	if code != http.StatusOK {
		return st, fmt.Errorf("status answers %d %s", code, body)
	}
	return st, json.Unmarshal([]byte(body), &st)
}

// folded waits until the daemon has folded a sequence.
func (d *daemon) folded(sequence uint64) {
	d.t.Helper()
	d.eventually(fmt.Sprintf("has folded %d", sequence), func() error {
		st, err := d.status()
		if err == nil && st.Applied < sequence {
			err = fmt.Errorf("it is at %d", st.Applied)
		}
		return err
	})
}

// halted waits until the fold stands still and returns why.
func (d *daemon) halted() *web.Halt {
	d.t.Helper()
	var halt *web.Halt
	d.eventually("has halted", func() error {
		st, err := d.status()
		if halt = st.Halted; err == nil && halt == nil {
			err = errors.New("it runs")
		}
		return err
	})
	return halt
}

// result is what a command left.
type result struct {
	code        int
	out, stderr string
}

// command runs the program to its end.
func command(t testing.TB, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	var out, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = environ(t), &out, &stderr
	tie(cmd)
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatalf("rollcall %s: %v", strings.Join(args, " "), err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// succeeds runs a command that must end with 0, and returns what it printed.
func succeeds(t testing.TB, args ...string) string {
	t.Helper()
	r := command(t, args...)
	if r.code != 0 {
		t.Fatalf("rollcall %s = %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.stderr)
	}
	return r.out
}
