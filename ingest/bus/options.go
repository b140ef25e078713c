package bus

// Where the log is and how it is watched.

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rollcall/hall"
)

const (
	defaultListen  = "127.0.0.1:4222"
	defaultGuard   = 5 * time.Second
	defaultStartup = 2 * time.Minute
)

// Options say where the log is. With URL or Context it is on a server outside,
// else in this process.
type Options struct {
	// Dir is the directory of the embedded log. The caller holds a lock on it:
	// JetStream takes none, and two servers on one directory destroy it.
	Dir string
	// Listen is the client address of the embedded server, 127.0.0.1:4222 when
	// empty. Port 0 takes a free one; without a host it is 127.0.0.1, so that
	// nothing is open to the network unless somebody says so.
	Listen string

	// Closed: the embedded server takes no event before Admit.
	Closed bool
	// Fresh refuses a stream that is there: what is going to be published is no
	// event of any hall.
	Fresh bool

	// Restoring: the log is being made anew in Dir, by us alone. Nobody else may
	// connect, and it takes any message and deletion until Restored.
	Restoring bool

	URL     string // of an outside server, or several with commas
	Context string // or a NATS context: its name, or the path of its file
	Creds   string // credentials file for URL
	TLS     TLS    // for URL

	// Gaps are the losses that people accept.
	Gaps []Gap

	GuardEvery   time.Duration // between two looks at the log while reading; 5 s when 0
	StartTimeout time.Duration // for recovery of the embedded log; 2 min when 0

	Log        *slog.Logger
	Registerer prometheus.Registerer // nil: metrics are kept but not shown
}

// TLS names the files for a connection to an outside server.
type TLS struct {
	CA   string
	Cert string
	Key  string
}

func (o *Options) embedded() bool { return o.URL == "" && o.Context == "" }

// validate says what is missing and fills in what may be left out.
func (o *Options) validate() error {
	switch {
	case o.Log == nil:
		return fmt.Errorf("%w bus options: no logger", hall.ErrInvalid)
	case o.embedded() && o.Dir == "":
		return fmt.Errorf("%w bus options: no directory for the log", hall.ErrInvalid)
	case o.Restoring && !o.embedded():
		return fmt.Errorf("%w bus options: a log is restored into the embedded bus only", hall.ErrInvalid)
	case o.URL != "" && o.Context != "":
		return fmt.Errorf("%w bus options: both a URL and a NATS context; give one of them", hall.ErrInvalid)
	case (o.TLS.Cert == "") != (o.TLS.Key == ""):
		return fmt.Errorf("%w bus options: a TLS certificate and its key go together; give both or none", hall.ErrInvalid)
	}
	for _, file := range []struct{ what, path string }{
		{"credentials", o.Creds}, {"TLS CA", o.TLS.CA}, {"TLS certificate", o.TLS.Cert}, {"TLS key", o.TLS.Key},
	} {
		if file.path == "" {
			continue
		}
		if _, err := os.Stat(file.path); err != nil {
			return fmt.Errorf("%s file of the bus: %w; check the path", file.what, err)
		}
	}
	for _, g := range o.Gaps {
		if err := g.validate(); err != nil {
			return err
		}
	}
	o.Listen = cmp.Or(o.Listen, defaultListen)
	o.GuardEvery = cmp.Or(o.GuardEvery, defaultGuard)
	o.StartTimeout = cmp.Or(o.StartTimeout, defaultStartup)
	return nil
}
