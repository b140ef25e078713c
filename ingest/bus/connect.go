package bus

// The connection to the server, which is kept for ever once it was made.

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
	"github.com/synadia-io/orbit.go/natscontext"
)

const (
	dialTimeout = 5 * time.Second
	// A dead link is noticed after two unanswered pings.
	pingEvery = 10 * time.Second
)

// connectInside goes over loopback TCP, which is faster than the in-process
// pipe. Its inboxes have a prefix of their own that changes with each start:
// guests may listen on _INBOX.> and would hear the whole log.
func (b *Bus) connectInside() error {
	key, err := b.server.owner.PublicKey()
	if err != nil {
		return fmt.Errorf("connect to the embedded bus: %w", err)
	}
	b.dial = func(extra ...nats.Option) (*nats.Conn, error) {
		return nats.Connect(b.server.server.ClientURL(), append(extra,
			nats.Nkey(key, b.server.owner.Sign),
			nats.CustomInboxPrefix("_ROLLCALL."+nuid.Next()))...)
	}
	nc, err := b.dial(b.connectOptions()...)
	if err != nil {
		return fmt.Errorf("connect to the embedded bus: %w", err)
	}
	return b.use(nc, "", "")
}

func (b *Bus) connectOutside(o Options) error {
	opts := append(b.connectOptions(), o.files()...)
	if o.Context != "" {
		b.dial = func(extra ...nats.Option) (*nats.Conn, error) {
			nc, _, err := natscontext.Connect(contextName(o.Context), append(extra, o.files()...)...)
			return nc, err
		}
		nc, settings, err := natscontext.Connect(contextName(o.Context), opts...)
		if err != nil {
			return fmt.Errorf("connect with NATS context %s: %w; see `nats context show`, and that its server runs and can be reached", o.Context, err)
		}
		return b.use(nc, settings.JSAPIPrefix, settings.JSDomain)
	}
	b.dial = func(extra ...nats.Option) (*nats.Conn, error) {
		return nats.Connect(o.URL, append(extra, o.files()...)...)
	}
	nc, err := nats.Connect(o.URL, opts...)
	if err != nil {
		return explainConnect(redact(o.URL), err)
	}
	return b.use(nc, "", "")
}

func (b *Bus) use(nc *nats.Conn, apiPrefix, domain string) (err error) {
	b.nc = nc
	timeout := jetstream.WithDefaultTimeout(requestTimeout)
	switch {
	case apiPrefix != "":
		b.js, err = jetstream.NewWithAPIPrefix(nc, apiPrefix, timeout)
	case domain != "":
		b.js, err = jetstream.NewWithDomain(nc, domain, timeout)
	default:
		b.js, err = jetstream.New(nc, timeout)
	}
	if err != nil {
		return fmt.Errorf("use JetStream of the bus: %w", err)
	}
	return nil
}

func (b *Bus) connectOptions() []nats.Option {
	return []nats.Option{
		nats.Name("rollcall"),
		nats.Timeout(dialTimeout),
		nats.PingInterval(pingEvery),
		nats.MaxPingsOutstanding(2),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(), // credentials may be mended on the server
		nats.CustomReconnectDelay(backoff),
		nats.DisconnectErrHandler(func(nc *nats.Conn, err error) {
			b.metrics.connected.Set(0)
			if !nc.IsClosed() {
				b.log.Warn("bus disconnected, trying again for ever", "err", err)
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			b.metrics.connected.Set(1)
			b.metrics.reconnects.Inc()
			b.log.Info("bus connected again", "addr", nc.ConnectedAddr())
			b.announceChange()
		}),
		nats.ClosedHandler(func(*nats.Conn) { b.announceChange() }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.log.Warn("bus connection", "err", err)
		}),
	}
}

// change returns a channel that is closed when the connection next comes back,
// or ends.
func (b *Bus) change() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}

func (b *Bus) announceChange() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.changed)
	b.changed = make(chan struct{})
}

// backoff waits 50 ms, doubled with each attempt, at most 5 s.
func backoff(attempts int) time.Duration {
	return min(50*time.Millisecond<<min(max(attempts, 0), 10), 5*time.Second)
}

func (o *Options) files() []nats.Option {
	var opts []nats.Option
	if o.Creds != "" {
		opts = append(opts, nats.UserCredentials(o.Creds))
	}
	if o.TLS.CA != "" {
		opts = append(opts, nats.RootCAs(o.TLS.CA))
	}
	if o.TLS.Cert != "" {
		opts = append(opts, nats.ClientCert(o.TLS.Cert, o.TLS.Key))
	}
	return opts
}

// contextName lets a context be given as a path: the library wants it absolute.
func contextName(name string) string {
	if !strings.ContainsRune(name, os.PathSeparator) && filepath.Ext(name) != ".json" {
		return name
	}
	path, err := filepath.Abs(name)
	if err != nil { // unreachable: there is a working directory
		return name
	}
	return path
}

func explainConnect(where string, err error) error {
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked):
		return fmt.Errorf("connect to NATS at %s: %w; check the credentials file or the user and password of the URL", where, err)
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("connect to NATS at %s: %w; check that the server runs and its port can be reached from here, or leave --nats away to use the embedded bus", where, err)
	}
	return fmt.Errorf("connect to NATS at %s: %w; check the URL, the credentials file and the TLS files", where, err)
}

// redact hides passwords in a list of URLs.
func redact(list string) string {
	parts := strings.Split(list, ",")
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if !strings.Contains(p, "://") {
			p = "nats://" + p
		}
		u, err := url.Parse(p)
		if err != nil {
			parts[i] = "(unreadable URL)"
			continue
		}
		if u.User != nil {
			if _, secret := u.User.Password(); !secret {
				u.User = url.User("xxxxx") // a token
			}
		}
		parts[i] = u.Redacted()
	}
	return strings.Join(parts, ", ")
}
