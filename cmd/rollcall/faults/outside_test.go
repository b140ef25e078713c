package faults_test

// A NATS server outside that comes and goes, behind a network that does too.

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/ingest/bus/bustest"
)

// newOutside is a server that syncs as the embedded one does.
func newOutside(t *testing.T) *bustest.Server {
	t.Helper()
	o := bustest.New(t)
	o.Options.SyncAlways = true
	o.Start()
	return o
}

// proxy is a network between a daemon and a server.
type proxy struct {
	listener net.Listener
	target   string
	running  sync.WaitGroup

	mu    sync.Mutex
	cut   bool                  // guarded by mu; nobody gets through
	still chan struct{}         // guarded by mu; closed: bytes flow, else they wait
	conns map[net.Conn]struct{} // guarded by mu
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: target, still: make(chan struct{}), conns: map[net.Conn]struct{}{}}
	close(p.still)
	p.running.Go(p.accept)
	t.Cleanup(func() {
		l.Close()
		p.reset(true)
		p.running.Wait()
	})
	return p
}

func (p *proxy) accept() {
	for {
		in, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		cut := p.cut
		p.mu.Unlock()
		out, err := net.Dial("tcp", p.target)
		if err != nil || cut {
			in.Close()
			if err == nil {
				out.Close()
			}
			continue
		}
		p.mu.Lock()
		p.conns[in], p.conns[out] = struct{}{}, struct{}{}
		p.mu.Unlock()
		p.running.Go(func() { p.copy(in, out) })
		p.running.Go(func() { p.copy(out, in) })
	}
}

func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		still := p.still
		p.mu.Unlock()
		<-still
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// reset closes every connection, and lets nobody through while cut.
func (p *proxy) reset(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
}

// freeze holds every byte back until the function that it returns is called.
func (p *proxy) freeze() (thaw func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	still := make(chan struct{})
	p.still = still
	return func() { close(still) }
}

// TestOutsideServerComesAndGoes: connections break and hang, the server is
// restarted, terminals go on publishing; nothing is missed and nothing counts
// twice.
func TestOutsideServerComesAndGoes(t *testing.T) {
	r := chances(t)
	o := newOutside(t)
	p := newProxy(t, o.Address())
	dir := t.TempDir()
	d := start(t, dir, "--nats", "nats://"+p.listener.Addr().String())
	events := someMonth(t, 300)
	d.load(events[:people+1])
	last := uint64(0)
	rest := events[people+1:]
	publishSome := func() {
		n := min(len(rest), 1+r.IntN(20))
		if n > 0 {
			last = publishRaw(t, o.URL(), rest[:n])
			rest = rest[n:]
		}
	}
	for i := range rounds(t, 6) {
		publishSome()
		switch i % 3 {
		case 0:
			p.reset(true)
			publishSome()
			p.reset(false)
		case 1:
			thaw := p.freeze()
			publishSome()
			time.Sleep(time.Duration(r.IntN(500)) * time.Millisecond)
			thaw()
		case 2:
			o.Stop()
			o.Start()
		}
		publishSome()
	}
	d.folded(last)
	if err := d.answers("/readyz", http.StatusOK); err != nil {
		t.Error(err)
	}
	o.Stop()
	d.eventually("says that the bus is away", func() error {
		if status, body := d.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "bus_away") {
			return fmt.Errorf("/readyz answers %d %s", status, body)
		}
		return nil
	})
	o.Start()
	d.eventually("is ready again", func() error { return d.answers("/readyz", http.StatusOK) })
	succeeds(t, "verify", "--server", d.url)
	log := filepath.Join(t.TempDir(), "log.jsonl")
	succeeds(t, "export", "--from", "log", "--server", d.url, "-o", log)
	same(t, "behind a bad network", d.lists(), evaluated(t, []string{policyFile(t)}, log, theMonth, theAsOf))
	same(t, "what was sent", d.lists(), evaluated(t, []string{policyFile(t)}, written(t, linesOf(events[:len(events)-len(rest)])), theMonth, theAsOf))
	d.stop()
}

// TestAdministratorOfTheStream: what an administrator can do to an outside stream
// stops the fold, and no list of an open month is shown from then on.
func TestAdministratorOfTheStream(t *testing.T) {
	for _, test := range []struct {
		name string
		act  func(ctx context.Context, js jetstream.JetStream, s jetstream.Stream) error
		what string
	}{
		{"delete", func(ctx context.Context, js jetstream.JetStream, _ jetstream.Stream) error {
			return js.DeleteStream(ctx, "ROLLCALL")
		}, "the stream ROLLCALL no longer exists"},
		{"delete and make anew", func(ctx context.Context, js jetstream.JetStream, s jetstream.Stream) error {
			if err := js.DeleteStream(ctx, "ROLLCALL"); err != nil {
				return err
			}
			_, err := bustest.MakeStream(ctx, js, s.CachedInfo().Config)
			return err
		}, "was created at|no longer exists"}, // as the guard comes before or after
		{"purge", func(ctx context.Context, _ jetstream.JetStream, s jetstream.Stream) error { return s.Purge(ctx) },
			"the last one that the store applied, is missing"},
		{"delete the last message", func(ctx context.Context, _ jetstream.JetStream, s jetstream.Stream) error {
			return s.DeleteMsg(ctx, s.CachedInfo().State.LastSeq)
		}, "the last one that the store applied, is missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // the guard looks every few seconds
			o := newOutside(t)
			js := o.Admin()
			// A stream made by others, without the locks against purging and deleting.
			if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "ROLLCALL", Subjects: []string{"rollcall.>"}, MaxMsgSize: 72 << 10}); err != nil {
				t.Fatal(err)
			}
			d := start(t, t.TempDir(), "--nats", o.URL())
			d.load(someMonth(t, 40))
			s, err := js.Stream(t.Context(), "ROLLCALL")
			if err != nil {
				t.Fatal(err)
			}
			if err := test.act(t.Context(), js, s); err != nil {
				t.Fatal(err)
			}
			halt := d.halted()
			what := regexp.MustCompile(test.what)
			if !what.MatchString(halt.What) || halt.Do == "" {
				t.Errorf("halted: %q, do: %q; want %q", halt.What, halt.Do, test.what)
			}
			for _, ask := range []func() (int, string){
				func() (int, string) { return d.get("/readyz") },
				func() (int, string) { return d.get("/api/v1/halls/demo/months/" + theMonth) },
				func() (int, string) { return d.post("/api/v1/events?force=1", someMonth(t, 41)[people+41].line()) },
			} {
				if status, body := ask(); status != http.StatusServiceUnavailable || !what.MatchString(body) {
					t.Errorf("answer = %d %s, want 503 that says %q", status, body, test.what)
				}
			}
			d.stop()
		})
	}
}

// TestGapBehindTheStore: messages that were not folded yet are missing. Nothing is
// folded past them.
func TestGapBehindTheStore(t *testing.T) {
	o := newOutside(t)
	js := o.Admin()
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "ROLLCALL", Subjects: []string{"rollcall.>"}, MaxMsgSize: 72 << 10}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d := start(t, dir, "--nats", o.URL())
	events := someMonth(t, 60)
	d.load(events[:50])
	d.stop()
	publishRaw(t, o.URL(), events[50:])
	s, err := js.Stream(t.Context(), "ROLLCALL")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteMsg(t.Context(), 55); err != nil {
		t.Fatal(err)
	}
	d = launch(t, dir, "--nats", o.URL()).listening()
	halt := d.halted()
	if want := "1 messages are missing from the log: 55 to 55"; !strings.Contains(halt.What, want) {
		t.Errorf("halted: %q, want %q", halt.What, want)
	}
	d.folded(54)
	if st, err := d.status(); err != nil || st.Applied != 54 {
		t.Errorf("status = %+v, %v, want to stand at 54", st, err)
	}
	d.stop()

	// The loss is accepted, as the halt says; every list says so.
	accepted := filepath.Join(t.TempDir(), "rollcall.yaml")
	write(t, accepted, fmt.Appendf(nil, "gaps: [{created: %s, from: 55, to: 55, reason: lost}]\n", s.CachedInfo().Created.UTC().Format(time.RFC3339Nano)))
	d = start(t, dir, "--nats", o.URL(), "--config", accepted)
	d.folded(uint64(len(events)))
	if l := d.lists(); !strings.Contains(string(l["warnings"]), "55") {
		t.Errorf("no warning of the gap: %s", l["warnings"])
	}
	d.stop()
}
