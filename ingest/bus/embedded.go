package bus

// The server inside this process: JetStream on our own disk, and a client port
// on which strangers may publish events and nothing else.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"
	"github.com/nats-io/nuid"

	"rollcall/hall"
)

const (
	// maxPayload leaves room above the stream's own limit, so that a message a
	// little too large gets an answer instead of a closed connection.
	maxPayload = MaxMessage + 8<<10
	// maxStore is "no limit": the server's own default is a share of the disk
	// that is free at start, and would refuse events long before the disk is full.
	maxStore = math.MaxInt64 / 4
)

type embedded struct {
	server *server.Server
	log    *serverLog
	// owner is the key of our own user. It is made at each start and never leaves
	// the process: the server gets its public half, the client signs with it.
	owner nkeys.KeyPair
	wg    sync.WaitGroup
	// door comes before the subjects of what is published while nobody is admitted;
	// see openDoor. It is a secret as the key is.
	door string
	// writable ends when the log can no longer be written; its cause is a *Halt.
	writable context.Context
}

// startServer returns when the server has recovered its log and listens.
func startServer(ctx context.Context, o Options, log *slog.Logger) (*embedded, error) {
	host, port, err := parseListen(o.Listen)
	if err != nil {
		return nil, err
	}
	if err := checkFree(ctx, host, port); err != nil {
		return nil, err
	}
	opts, owner, err := serverOptions(o.Dir, host, port)
	if err != nil {
		return nil, err
	}
	if o.Restoring {
		opts.MaxPayload = maxRestored + 8<<10
		opts.NoAuthUser, opts.Nkeys = "", opts.Nkeys[:1] // the owner's alone
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("make the embedded bus: %w", err)
	}
	writable, broken := context.WithCancelCause(context.WithoutCancel(ctx))
	e := &embedded{
		server: s, owner: owner, writable: writable, door: "_ROLLCALL." + nuid.Next() + ".",
		log: newServerLog(log, func(text string) { broken(haltUnwritable(text)) }),
	}
	s.SetLoggerV2(e.log, false, false, false)
	if o.Closed {
		if err := e.admit(false); err != nil {
			return nil, err
		}
	}
	e.wg.Go(s.Start)
	if err := e.ready(ctx, o.Dir, o.StartTimeout); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
		defer cancel()
		return nil, errors.Join(err, e.stop(stop))
	}
	return e, nil
}

func (e *embedded) ready(ctx context.Context, dir string, timeout time.Duration) error {
	deadline := time.Now().Add(timeout)
	for !e.server.ReadyForConnections(20 * time.Millisecond) {
		select {
		case text := <-e.log.fatal:
			return fmt.Errorf("start the embedded bus on %s: %s; check that the directory can be written and the disk is sound", dir, text)
		case <-ctx.Done():
			return fmt.Errorf("start the embedded bus: %w", context.Cause(ctx))
		default:
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("start the embedded bus: the log in %s is not ready after %s; a large log that was not stopped in order takes its time: start again", dir, timeout)
		}
	}
	return nil
}

// closedSubjects is where events go while nobody is admitted: nobody listens, and
// who waits for an answer hears just that. Clients stay connected.
const closedSubjects = "rollcall-closed.>"

func (e *embedded) admit(admitted bool) error {
	account := e.server.GlobalAccount()
	if admitted {
		account.RemoveMapping(Subjects)
		return nil
	}
	if err := account.AddMapping(Subjects, closedSubjects); err != nil {
		return fmt.Errorf("close the embedded bus: %w", err)
	}
	return nil
}

// openDoor lets in what is published behind the door's secret, also while nobody
// is admitted. Close it again.
func (e *embedded) openDoor() (shut func(), err error) {
	account, inside := e.server.GlobalAccount(), e.door+Subjects
	if err := account.AddMapping(inside, Subjects); err != nil {
		return nil, fmt.Errorf("open the door of the embedded bus: %w", err)
	}
	return func() { account.RemoveMapping(inside) }, nil
}

func (e *embedded) addr() string { return e.server.Addr().String() }

func (e *embedded) stop(ctx context.Context) error {
	done := make(chan struct{})
	e.wg.Go(func() {
		e.server.Shutdown()
		e.server.WaitForShutdown()
		close(done)
	})
	select {
	case <-done:
		e.wg.Wait()
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop the embedded bus: %w", context.Cause(ctx))
	}
}

func serverOptions(dir, host string, port int) (*server.Options, nkeys.KeyPair, error) {
	owner, ownerKey, err := newUser()
	if err != nil {
		return nil, nil, err
	}
	_, guestKey, err := newUser() // its seed is thrown away: nobody signs as the guest
	if err != nil {
		return nil, nil, err
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return &server.Options{
		ServerName:             "rollcall",
		Host:                   host,
		Port:                   port,
		NoSigs:                 true,
		MaxPayload:             maxPayload,
		JetStream:              true,
		StoreDir:               dir,
		SyncAlways:             true, // an ack survives the loss of power
		JetStreamMaxStore:      maxStore,
		DisableJetStreamBanner: true,
		NoAuthUser:             guestKey,
		Nkeys: []*server.NkeyUser{
			{Nkey: ownerKey},
			{Nkey: guestKey, Permissions: &server.Permissions{
				Publish:   &server.SubjectPermission{Allow: []string{"rollcall.*.*.*", "rollcall-closed.*.*.*"}},
				Subscribe: &server.SubjectPermission{Allow: []string{LiveSubject, "_INBOX.>"}},
			}},
		},
	}, owner, nil
}

func newUser() (nkeys.KeyPair, string, error) {
	pair, err := nkeys.CreateUser()
	if err != nil {
		return nil, "", fmt.Errorf("make a key for the bus: %w", err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		return nil, "", fmt.Errorf("make a key for the bus: %w", err)
	}
	return pair, public, nil
}

func parseListen(listen string) (string, int, error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, fmt.Errorf("%w bus address %q: want HOST:PORT, for example %s", hall.ErrInvalid, listen, defaultListen)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("%w bus address %q: the port is a number from 0 (any free one) to 65535", hall.ErrInvalid, listen)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return host, int(port), nil
}

// checkFree asks the system for the address before the server touches its log:
// the server itself reports a taken port in a log line only.
func checkFree(ctx context.Context, host string, port int) error {
	addr := net.JoinHostPort(host, strconv.Itoa(port))
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return l.Close()
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("bus address %s is taken by another program: give a free one with --bus %s, or if a NATS server runs there use it with --nats nats://%s: %w",
			addr, net.JoinHostPort(host, "0"), addr, err)
	}
	return fmt.Errorf("bus address %s cannot be listened on: give another with --bus HOST:PORT: %w", addr, err)
}
