package main

// The command serve: the daemon until a signal ends it.

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
)

// serveFlags are what the command line says on top of the configuration.
type serveFlags struct {
	config, data, http, bus      string
	nats, creds, context         string
	tlsCA, tlsCert, tlsKey       string
	logLevel, logFormat, profile string
}

func newServe(c *cli) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   "Run the daemon: bus, fold, HTTP",
		GroupID: groupRun,
		Long: `Run the daemon: the bus that terminals publish to, the fold that judges what
comes, and HTTP with the lists. It needs no configuration: without any it keeps
everything in ./data and listens on this machine only.`,
		Example: `  rollcall serve
  rollcall serve --data /var/lib/rollcall --http 127.0.0.1:9080
  rollcall serve --nats nats://nats.example:4222 --creds rollcall.creds`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.serve(cmd.Context(), cmd, &f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.config, "config", "", "configuration `file`; flags win over it")
	flags.StringVar(&f.data, "data", "", "data `directory` (default ./data)")
	flags.StringVar(&f.http, "http", "", "`address` of HTTP (default 127.0.0.1:8080)")
	flags.StringVar(&f.bus, "bus", "", "`address` of the embedded bus (default 127.0.0.1:4222)")
	flags.StringVar(&f.nats, "nats", "", "use the NATS server at `URL` instead of the embedded bus")
	flags.StringVar(&f.creds, "creds", "", "credentials `file` for --nats")
	flags.StringVar(&f.context, "context", "", "use the NATS context of that `name` instead of --nats")
	flags.StringVar(&f.tlsCA, "tls-ca", "", "certificate authority `file` for --nats")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "client certificate `file` for --nats")
	flags.StringVar(&f.tlsKey, "tls-key", "", "client key `file` for --nats")
	flags.StringVar(&f.logLevel, "log-level", "", "debug, info, warn or error (default info)")
	flags.StringVar(&f.logFormat, "log-format", "", "text or json (default text)")
	flags.StringVar(&f.profile, "pprof", "", "loopback `address` for profiles (default off)")
	cmd.MarkFlagsMutuallyExclusive("nats", "context")
	cmd.MarkFlagsMutuallyExclusive("nats", "bus")
	cmd.MarkFlagsMutuallyExclusive("context", "bus")
	return cmd
}

// serve runs the daemon until a signal or something fatal.
func (c *cli) serve(ctx context.Context, cmd *cobra.Command, f *serveFlags) error {
	config, err := configs.Load(f.config, c.env)
	if err != nil {
		return err
	}
	f.apply(&config)
	if err := config.Validate(); err != nil {
		return err
	}
	log, err := newLogger(c.stderr, config.Log.Level, config.Log.Format)
	if err != nil {
		return err
	}
	c.boundMemory()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	a, err := app.New(ctx, app.Options{Config: config, Log: log, Command: cmd.CommandPath()})
	if err != nil {
		return err
	}
	banner(c.stdout, a, config.Embedded())
	return a.Run(ctx)
}

// apply puts the flags over the configuration.
func (f *serveFlags) apply(c *configs.Config) {
	c.Data = cmp.Or(f.data, c.Data)
	c.HTTP = cmp.Or(f.http, c.HTTP)
	c.Pprof = cmp.Or(f.profile, c.Pprof)
	c.Log.Level = cmp.Or(f.logLevel, c.Log.Level)
	c.Log.Format = cmp.Or(f.logFormat, c.Log.Format)
	if f.bus != "" {
		c.Bus.Listen, c.Bus.URL, c.Bus.Context = f.bus, "", ""
	}
	if f.nats != "" {
		c.Bus.URL, c.Bus.Context = f.nats, ""
	}
	if f.context != "" {
		c.Bus.URL, c.Bus.Context = "", f.context
	}
	c.Bus.Creds = cmp.Or(f.creds, c.Bus.Creds)
	c.Bus.TLS.CA = cmp.Or(f.tlsCA, c.Bus.TLS.CA)
	c.Bus.TLS.Cert = cmp.Or(f.tlsCert, c.Bus.TLS.Cert)
	c.Bus.TLS.Key = cmp.Or(f.tlsKey, c.Bus.TLS.Key)
}

// newLogger writes text, in colours on a terminal, or JSON.
func newLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var at slog.Level
	if err := at.UnmarshalText([]byte(cmp.Or(level, "info"))); err != nil {
		return nil, usagef("log level %q: want debug, info, warn or error", level)
	}
	switch cmp.Or(format, "text") {
	case "text":
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: at, TimeFormat: "15:04:05.000", NoColor: !isTerminal(w)})), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: at})), nil
	}
	return nil, usagef("log format %q: want text or json", format)
}

// banner says where everything is and how the first event gets in.
func banner(w io.Writer, a *app.App, embedded bool) {
	where := "embedded bus"
	if !embedded {
		where = "NATS server"
	}
	address := strings.TrimPrefix(a.Bus().Addr(), "nats://")
	server := ""
	if a.URL() != defaultServer {
		server = " --server " + a.URL()
	}
	punch := `"person": "1001", "time": "` + time.Now().Format(time.RFC3339) + `"`
	fmt.Fprintf(w, `rollcall %[1]s
  pages and API   %[2]s
  %-15[3]s nats://%[4]s
  data            %[5]s

A first policy and a first punch, with the hall of the policy in the place of demo:
  rollcall policy apply hall.yaml%[7]s
  nats pub -s nats://%[4]s rollcall.demo.punch.T01 '{%[6]s}'
  curl %[2]s/api/v1/events --json '{"subject": "rollcall.demo.punch.T01", "data": {%[6]s}}'
Stop with Ctrl-C.
`, app.Version(), a.URL(), where, address, a.Data(), punch, server)
}
