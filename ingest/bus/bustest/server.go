package bustest

// An embedded server for tests.

import (
	"context"
	"errors"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// patience bounds every wait for a server. It is long, since a wait that ends for
// want of time says nothing: the machine may have much else to do.
const patience = time.Minute

// Server is a NATS server on an address and with options that it keeps when it is
// started again. Its methods are not for several goroutines at once.
type Server struct {
	Options server.Options // of the next Start

	t       testing.TB
	running *server.Server // nil while it is stopped
}

// New makes a server with JetStream in a directory of the test, which ends with the
// test. Change its options before Start.
func New(t testing.TB) *Server {
	t.Helper()
	host, port := split(t, Address(t))
	s := &Server{t: t, Options: server.Options{
		Host: host, Port: port, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: t.TempDir(), JetStreamMaxStore: 1 << 30,
	}}
	t.Cleanup(s.Stop)
	return s
}

// Started is New and Start.
func Started(t testing.TB) *Server {
	t.Helper()
	s := New(t)
	s.Start()
	return s
}

func split(t testing.TB, address string) (host string, port int) {
	t.Helper()
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil {
		t.Fatalf("address %s: %v", address, err)
	}
	return host, port
}

// Start starts the server and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	o := s.Options // the server writes into them
	running, err := server.NewServer(&o)
	if err != nil {
		s.t.Fatalf("make a NATS server: %v", err)
	}
	running.Start()
	if !running.ReadyForConnections(patience) {
		s.t.Fatalf("the NATS server on %s is not ready", s.Address())
	}
	s.running = running
}

// Stop stops the server, if it runs.
func (s *Server) Stop() {
	if s.running == nil {
		return
	}
	s.running.Shutdown()
	s.running.WaitForShutdown()
	s.running = nil
}

// Address is where the server listens, host and port.
func (s *Server) Address() string {
	return net.JoinHostPort(s.Options.Host, strconv.Itoa(s.Options.Port))
}

// URL is the address as clients want it.
func (s *Server) URL() string { return "nats://" + s.Address() }

// Admin is a client with all rights, which outlives a restart of the server.
func (s *Server) Admin() jetstream.JetStream {
	s.t.Helper()
	js, err := jetstream.New(Connect(s.t, s.URL(), nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond)),
		jetstream.WithDefaultTimeout(patience))
	if err != nil {
		s.t.Fatal(err)
	}
	return js
}

// Connect connects for as long as the test runs.
func Connect(t testing.TB, url string, options ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, append(options, nats.Timeout(patience))...)
	if err != nil {
		t.Fatalf("connect to %s: %v", url, err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// storeInTheWay is "error creating store for stream".
const storeInTheWay jetstream.ErrorCode = 10049

// MakeStream makes a stream, also behind one of the same name that was just deleted:
// the server moves the old one's files away in the background, and refuses as long as
// they are in its way.
func MakeStream(ctx context.Context, js jetstream.JetStream, c jetstream.StreamConfig) (jetstream.Stream, error) {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		s, err := js.CreateStream(ctx, c)
		apiErr, refused := errors.AsType[*jetstream.APIError](err)
		if !refused || apiErr.ErrorCode != storeInTheWay || time.Now().After(end) {
			return s, err
		}
	}
}
