package bus_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

func TestPublishAndRead(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx := t.Context()
	if first, err := b.First(ctx); first != 1 || err != nil {
		t.Errorf("First of an empty log = %d, %v, want 1", first, err)
	}
	p := punch(1)
	ack, err := b.Publish(ctx, p.Subject, p.UID, p.Body)
	if err != nil || ack != (bus.Ack{Sequence: 1}) {
		t.Fatalf("Publish = %+v, %v", ack, err)
	}
	if last, err := b.Last(ctx); last != 1 || err != nil {
		t.Errorf("Last = %d, %v, want 1", last, err)
	}
	m, err := b.Read(ctx, 1)
	if err != nil || m.Time.IsZero() {
		t.Fatalf("Read = %+v, %v", m, err)
	}
	want := bus.Message{Sequence: 1, Subject: p.Subject, Body: p.Body, Time: m.Time}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
	if _, err := b.Read(ctx, 2); !errors.Is(err, hall.ErrNotFound) {
		t.Errorf("Read(2) = %v, want not found", err)
	}
}

func TestReopenKeepsTheStream(t *testing.T) {
	dir := t.TempDir()
	b := open(t, anywhere(dir))
	fill(t, b, 1, 10)
	pos := consume(t, b, bus.Position{}, 10)
	stop(t, b)

	again := open(t, anywhere(dir))
	if !again.Created().Equal(pos.Created) {
		t.Errorf("Created = %s, was %s", again.Created(), pos.Created)
	}
	fill(t, again, 11, 12)
	if pos = consume(t, again, pos, 12); pos.Sequence != 12 {
		t.Errorf("read to %d, want 12", pos.Sequence)
	}
}

func TestStoppedBus(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx := t.Context()
	ended := make(chan error, 1)
	got := make(chan struct{}, 1)
	go func() {
		ended <- b.Consume(ctx, bus.Position{}, func(bus.Message) error { got <- struct{}{}; return nil })
	}()
	fill(t, b, 1, 1)
	<-got
	stop(t, b)
	if err := <-ended; !errors.Is(err, bus.ErrStopped) {
		t.Errorf("Consume = %v, want ErrStopped", err)
	}
	p := punch(2)
	if _, err := b.Publish(ctx, p.Subject, p.UID, p.Body); !errors.Is(err, bus.ErrStopped) {
		t.Errorf("Publish = %v, want ErrStopped", err)
	}
	if _, err := b.Last(ctx); !errors.Is(err, bus.ErrStopped) {
		t.Errorf("Last = %v, want ErrStopped", err)
	}
	if _, _, err := b.PublishAll(ctx, punches(1, 2), nil); !errors.Is(err, bus.ErrStopped) {
		t.Errorf("PublishAll = %v, want ErrStopped", err)
	}
	if err := b.Announce("rollcall-live.H1.violation", "x", nil); !errors.Is(err, bus.ErrStopped) {
		t.Errorf("Announce = %v, want ErrStopped", err)
	}
}

func TestOpenFailsWithAdvice(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		opts bus.Options
		want []string
	}{
		"port taken":      {bus.Options{Dir: t.TempDir(), Listen: addr}, []string{addr, "taken", "--bus 127.0.0.1:0", "--nats nats://" + addr}},
		"no directory":    {bus.Options{}, []string{"no directory"}},
		"not a directory": {bus.Options{Dir: file, Listen: ":0"}, []string{file, "directory can be written"}},
		"bad address":     {bus.Options{Dir: t.TempDir(), Listen: "4222"}, []string{"HOST:PORT"}},
		"bad port":        {bus.Options{Dir: t.TempDir(), Listen: ":70000"}, []string{"65535"}},
		"foreign address": {bus.Options{Dir: t.TempDir(), Listen: "192.0.2.1:0"}, []string{"192.0.2.1", "--bus"}},
		"nobody there":    {bus.Options{URL: "nats://who:secret@" + "127.0.0.1:1"}, []string{"nats://who:xxxxx@127.0.0.1:1", "server runs"}},
		"unknown context": {bus.Options{Context: "nowhere"}, []string{"nowhere", "nats context"}},
		"both":            {bus.Options{URL: "nats://h", Context: "c"}, []string{"one of them"}},
		"no creds":        {bus.Options{URL: "nats://h", Creds: "/nowhere.creds"}, []string{"credentials", "/nowhere.creds"}},
		"half a key pair": {bus.Options{URL: "nats://h", TLS: bus.TLS{Cert: file}}, []string{"both or none"}},
		"empty gap": {bus.Options{Dir: t.TempDir(), Gaps: []bus.Gap{{Created: time.Unix(1, 0), From: 3, To: 2, Reason: "x"}}},
			[]string{"accepted gap 3 to 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := tryOpen(t, tt.opts)
			if err == nil {
				stop(t, b)
				t.Fatal("Open = nil, want an error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Open = %q, want %q in it", err, want)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("Open = %q shows a password", err)
			}
		})
	}
	if _, err := bus.Open(t.Context(), bus.Options{Dir: t.TempDir()}); !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("Open without a logger = %v", err)
	}
}

func TestOpenHeedsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bus.Open(ctx, bus.Options{Dir: t.TempDir(), Listen: ":0", Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Open = %v, want context canceled", err)
	}
}

// A guest of the client port publishes events and listens to live messages;
// everything else is refused.
func TestGuestOfTheClientPort(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	refused := make(chan error, 10)
	nc := bustest.Connect(t, b.Addr(), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))

	reply, err := nc.Request("rollcall.H1.punch.T01", []byte(`{}`), patience)
	if err != nil || !strings.Contains(string(reply.Data), `"seq":1`) {
		t.Fatalf("publish with a reply = %v, %v, want an ack", reply, err)
	}
	live, err := nc.SubscribeSync("rollcall-live.H1.>")
	if err != nil || nc.Flush() != nil {
		t.Fatal(err)
	}
	if err := b.Announce("rollcall-live.H1.violation", "v1", []byte(`{"kind":"late"}`)); err != nil {
		t.Fatal(err)
	}
	m, err := live.NextMsg(patience)
	if err != nil || m.Header.Get(nats.MsgIdHdr) != "v1" || string(m.Data) != `{"kind":"late"}` {
		t.Errorf("live message = %v, %v", m, err)
	}
	if err := b.Announce("rollcall.H1.punch.T01", "", nil); !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("Announce on a subject of the log = %v, want invalid", err)
	}

	violation := func(what string) {
		t.Helper()
		select {
		case err := <-refused:
			if !errors.Is(err, nats.ErrPermissionViolation) {
				t.Errorf("%s: %v, want a permission violation", what, err)
			}
		case <-time.After(patience):
			t.Errorf("%s is allowed", what)
		}
	}
	for _, subject := range []string{
		"$JS.API.STREAM.INFO.ROLLCALL", "$JS.API.STREAM.DELETE.ROLLCALL", "$JS.API.STREAM.PURGE.ROLLCALL",
		"$JS.API.STREAM.MSG.GET.ROLLCALL", "$JS.API.CONSUMER.CREATE.ROLLCALL", "$SYS.REQ.SERVER.PING",
		"rollcall.H1.punch", "rollcall.H1.punch.T01.more", "rollcall-live.H1.violation", "other", "_INBOX.x",
	} {
		if err := nc.PublishRequest(subject, "_INBOX.me", nil); err != nil {
			t.Fatal(err)
		}
		violation("publish " + subject)
	}
	for _, subject := range []string{"rollcall.>", ">", "$JS.>", "$SYS.>", "_ROLLCALL.>", "other"} {
		if _, err := nc.SubscribeSync(subject); err != nil {
			t.Fatal(err)
		}
		violation("subscribe " + subject)
	}
}

// A guest must not reach the JetStream API by giving it as the place for the
// ack, nor hear what the daemon itself reads.
func TestGuestCannotGoRound(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	nc := bustest.Connect(t, b.Addr())
	inboxes, err := nc.SubscribeSync("_INBOX.>")
	if err != nil || nc.Flush() != nil {
		t.Fatal(err)
	}
	for _, api := range []string{"STREAM.DELETE.ROLLCALL", "STREAM.PURGE.ROLLCALL", "STREAM.MSG.DELETE.ROLLCALL", "STREAM.UPDATE.ROLLCALL"} {
		if err := nc.PublishRequest("rollcall.H1.punch.T01", "$JS.API."+api, []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	fill(t, b, 1, 100)
	pos := consume(t, b, bus.Position{}, 104)
	if _, err := b.Read(t.Context(), 1); err != nil {
		t.Errorf("message 1: %v", err)
	}
	if pos.Sequence != 104 {
		t.Errorf("read to %d", pos.Sequence)
	}
	if n, _, err := inboxes.Pending(); n != 0 || err != nil {
		t.Errorf("the guest heard %d messages, %v", n, err)
	}
}

// TestAdmit: while nobody is admitted publishers hear that no stream answers and
// stay connected.
func TestAdmit(t *testing.T) {
	o := anywhere(t.TempDir())
	o.Closed = true
	b := open(t, o)
	guest := bustest.Connect(t, b.Addr())
	for i, admitted := range []bool{false, true, false, true} {
		if err := b.Admit(admitted); err != nil {
			t.Fatal(err)
		}
		p := punch(i)
		_, err := guest.Request(p.Subject, p.Body, patience)
		if admitted && err != nil || !admitted && !errors.Is(err, nats.ErrNoResponders) {
			t.Errorf("request while admitted is %t: %v", admitted, err)
		}
	}
	if last, err := b.Last(t.Context()); last != 2 || err != nil {
		t.Errorf("the log ends at %d (%v), want 2", last, err)
	}
}
