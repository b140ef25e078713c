package main

// What the commands share.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"rollcall/store"
)

// cli is what every command is made with. It is owned by one run.
type cli struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            []string // KEY=value
	started        bool     // a RunE has begun: what fails now is no wrong use

	server string // --server, "" = not given
	data   string // --data of commands that may work without a daemon, "" = not given
}

// usageError is a wrong command line: exit code 2.
type usageError struct {
	err error
	try string // what to type instead, "" = the command's --help
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usagef returns a wrong use found by a command itself.
func usagef(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...)}
}

// errReported ends a command with exit code 1 that has already said why.
var errReported = errors.New("reported")

// getenv returns a variable of the run's environment, "" if it is not set.
func (c *cli) getenv(key string) string {
	value := ""
	for _, kv := range c.env {
		if k, v, ok := strings.Cut(kv, "="); ok && k == key {
			value = v // the last one holds, as for a shell
		}
	}
	return value
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// stdinIsTerminal reports whether somebody would have to type the input.
func (c *cli) stdinIsTerminal() bool {
	f, ok := c.stdin.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

const (
	defaultServer = "http://127.0.0.1:8080"
	envServer     = "ROLLCALL_SERVER"
	defaultData   = "./data"
)

// addServerFlag gives a command --server.
func (c *cli) addServerFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.server, "server", "",
		"the daemon's `URL` (default "+defaultServer+", or "+envServer+")")
}

// addDataFlag gives a command --server and --data: without a running daemon it
// works on the directory itself.
func (c *cli) addDataFlag(cmd *cobra.Command) {
	c.addServerFlag(cmd)
	cmd.Flags().StringVar(&c.data, "data", "",
		"the data `directory`: ask the daemon that has it, else open it (default "+defaultData+" where no daemon is running)")
	cmd.MarkFlagsMutuallyExclusive("server", "data")
}

// client returns the way to the daemon that --server, ROLLCALL_SERVER or the
// default names. It does not ask whether one is there.
func (c *cli) client() (*client, error) {
	server, _ := c.serverURL()
	return newClient(server)
}

func (c *cli) serverURL() (url string, chosen bool) {
	if c.server != "" {
		return c.server, true
	}
	if env := c.getenv(envServer); env != "" {
		return env, true
	}
	return defaultServer, false
}

// daemonOrLocal returns the way to the running daemon: the one that has the directory
// of --data; without that flag the one that --server or ROLLCALL_SERVER names, else the
// one that has the default directory, else the one at the default address. Where there
// is none and none was named, it starts the same program in-process on the directory,
// under its lock, and waits until it has read the log. Call release when done.
func (c *cli) daemonOrLocal(ctx context.Context) (cl *client, release func() error, err error) {
	server, chosen := c.serverURL()
	dir := cmp.Or(c.data, defaultData)
	if c.data != "" || !chosen {
		who, held, err := store.HeldBy(dir)
		switch {
		case err != nil:
			return nil, nil, err
		case held && who.Address != "":
			server, chosen = who.Address, true
		case c.data != "":
			return c.startLocal(ctx, dir)
		}
	}
	cl, err = newClient(server)
	if err != nil {
		return nil, nil, err
	}
	asked, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	err = cl.get(asked, "/api/v1/status", nil, nil)
	if err == nil {
		return cl, func() error { cl.close(); return nil }, nil
	}
	if chosen || !isNoDaemon(err) {
		return nil, nil, err
	}
	return c.startLocal(ctx, dir)
}

// isNoDaemon reports whether nobody listens at the address.
func isNoDaemon(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// progress is a bar on a terminal and nothing elsewhere.
type progress struct {
	bars *mpb.Progress
	bar  *mpb.Bar
}

// newProgress shows a bar on stderr if that is a terminal; total 0 = unknown.
// Call Done, also after an error.
func (c *cli) newProgress(what string, total int64) *progress {
	if !isTerminal(c.stderr) {
		return &progress{}
	}
	bars := mpb.New(mpb.WithOutput(c.stderr), mpb.WithWidth(48))
	bar := bars.AddBar(total,
		mpb.PrependDecorators(decor.Name(what+" "), decor.CountersNoUnit("%d/%d ")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.Elapsed(decor.ET_STYLE_MMSS)))
	return &progress{bars: bars, bar: bar}
}

// Set says how much of how much is done; total 0 keeps the one before.
func (p *progress) Set(done, total int64) {
	if p.bar == nil {
		return
	}
	if total > 0 {
		p.bar.SetTotal(total, false)
	}
	p.bar.SetCurrent(done)
}

// Done ends the bar.
func (p *progress) Done() {
	if p.bar == nil {
		return
	}
	p.bar.SetTotal(-1, true)
	p.bars.Wait()
}
