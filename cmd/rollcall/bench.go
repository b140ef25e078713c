package main

// The command bench: this program measured on this machine.

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"rollcall/cmd/rollcall/app"
	"rollcall/cmd/rollcall/bench"
	"rollcall/configs"
)

// benchFlags are what to measure, and where.
type benchFlags struct {
	quick, full         bool
	halls, people, days int
	mix, only           []string
	rounds              int
	postgres, json      bool
	dir, output         string
	bus                 configs.Bus
}

func newBench(c *cli) *cobra.Command {
	var f benchFlags
	cmd := &cobra.Command{
		Use:     "bench",
		Short:   "Measure this program on this machine",
		GroupID: groupKeep,
		Long: `Measure in one run, side by side: a raw read of the stream (the limit), the
fold, a naive consumer and, if asked, PostgreSQL; how fast events are taken; bytes
an event; the peak of memory; questions while nothing happens and while the fold
runs; a rebuild; growth; and how soon an acknowledged punch is in the lists.

The load is invented, the same each time, and of the size that is asked for. It
goes into a temporary directory and a stream of its own; a stream that is there
before is never touched. With --quick it takes seconds, without a minute or two,
and with --full, at the size of the goals, half an hour, 8 GB of disk and both
cores.`,
		Example: `  rollcall bench --quick
  rollcall bench --postgres --json -o bench.json
  rollcall bench --halls 200 --people 50000 --days 5 --mix patrol=10,leave=2
  rollcall bench --nats nats://127.0.0.1:4222`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.bench(cmd.Context(), &f) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.quick, "quick", false, "a small load and one round: is it all there?")
	flags.BoolVar(&f.full, "full", false, "the size of the goals: a city's month, a province's morning")
	flags.IntVar(&f.halls, "halls", 0, "`number` of halls")
	flags.IntVar(&f.people, "people", 0, "`number` of people, all halls together")
	flags.IntVar(&f.days, "days", 0, "`number` of workdays")
	flags.StringSliceVar(&f.mix, "mix", nil, "how many of a kind come with a thousand punches: `kind=number`, of patrol, leave, correction, ruling, terminal")
	flags.StringSliceVar(&f.only, "only", nil, "measure these `parts` alone: "+strings.Join(bench.Parts(), ", "))
	complete(cmd, "only", bench.Parts)
	flags.IntVar(&f.rounds, "rounds", 0, "`number` of times that raw read, fold and rivals take turns")
	flags.BoolVar(&f.postgres, "postgres", false, "measure PostgreSQL too, in a private cluster; needs the package postgresql")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.StringVarP(&f.output, "output", "o", "", "write to this `file`")
	flags.StringVar(&f.dir, "dir", "", "the `directory` in which the temporary one is made: measure the disk that will be used")
	flags.StringVar(&f.bus.URL, "nats", "", "use the NATS server at `URL`; it must have no stream ROLLCALL")
	flags.StringVar(&f.bus.Creds, "creds", "", "credentials `file` for --nats")
	flags.StringVar(&f.bus.Context, "context", "", "use the NATS context of that `name` instead of --nats")
	flags.StringVar(&f.bus.TLS.CA, "tls-ca", "", "certificate authority `file` for --nats")
	flags.StringVar(&f.bus.TLS.Cert, "tls-cert", "", "client certificate `file` for --nats")
	flags.StringVar(&f.bus.TLS.Key, "tls-key", "", "client key `file` for --nats")
	cmd.MarkFlagsMutuallyExclusive("quick", "full")
	cmd.MarkFlagsMutuallyExclusive("nats", "context")
	return cmd
}

// bench measures and prints. Ctrl-C ends it and leaves nothing behind.
func (c *cli) bench(ctx context.Context, f *benchFlags) (err error) {
	o, err := f.options()
	if err != nil {
		return err
	}
	if err := checkOutput(f.output); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if o.Dir, err = os.MkdirTemp(f.dir, "rollcall-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()
	c.boundMemory()
	bar := c.newProgress("measuring", 0)
	o.Progress = func(_ string, done, total int) { bar.Set(int64(done), int64(total)) }
	result, failed := bench.Run(ctx, o)
	bar.Done()
	if result == nil {
		return failed
	}
	printed := c.output(f.output, func(w io.Writer) error {
		if !f.json {
			return result.WriteText(w)
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(result)
	})
	return errors.Join(failed, printed)
}

// options are the size that was asked for, with what the flags say otherwise.
func (f *benchFlags) options() (bench.Options, error) {
	o := bench.Options{Load: bench.UsualLoad, Size: bench.Usual, Bus: f.bus, Postgres: f.postgres, Only: f.only, Version: app.Version()}
	switch {
	case f.quick:
		o.Load, o.Size = bench.QuickLoad, bench.Quick
	case f.full:
		o.Load, o.Size = bench.FullLoad, bench.Full
	}
	for _, flag := range []struct {
		name  string
		given int
		set   *int
	}{
		{"halls", f.halls, &o.Load.Halls}, {"people", f.people, &o.Load.People}, {"days", f.days, &o.Load.Days}, {"rounds", f.rounds, &o.Size.Rounds},
	} {
		if flag.given < 0 {
			return o, usagef("--%s %d: want at least 1", flag.name, flag.given)
		}
		if flag.given > 0 {
			*flag.set = flag.given
		}
	}
	for _, part := range f.only {
		if !slices.Contains(bench.Parts(), part) {
			return o, usagef("--only %q: want %s", part, strings.Join(bench.Parts(), ", "))
		}
	}
	return o, readMix(f.mix, &o.Load.Mix)
}

// readMix reads kind=number.
func readMix(given []string, mix *bench.Mix) error {
	kinds := map[string]*int{"patrol": &mix.Patrol, "leave": &mix.Leave, "correction": &mix.Correction, "ruling": &mix.Ruling, "terminal": &mix.Terminal}
	for _, g := range given {
		kind, text, _ := strings.Cut(g, "=")
		n, err := strconv.Atoi(text)
		if kinds[kind] == nil || err != nil {
			return usagef("--mix %q: want kind=number, with a kind of patrol, leave, correction, ruling, terminal", g)
		}
		*kinds[kind] = n
	}
	return nil
}
