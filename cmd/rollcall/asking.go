package main

// What the commands that print lists share: which list, in which format, as of
// when, and where to.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/report/paper"
)

// asking are the flags of a command that prints lists.
type asking struct {
	hall   string
	list   string
	format string
	by     string
	asOf   string
	out    string
	fell   bool // --rejected
}

func (a *asking) addFlags(cmd *cobra.Command) {
	a.addHallFlag(cmd)
	a.addAsOfFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&a.list, "list", paper.All, "which `list`: "+strings.Join(listNames(), ", "))
	flags.StringVar(&a.format, "format", "", "the `format`: "+strings.Join(formatNames(), ", ")+" (default text, or what -o ends with)")
	flags.BoolVar(&a.fell, "rejected", false, "list what fell, why and by whom: the same as --list rejected")
	flags.StringVar(&a.by, "by", "", "group violations by `person`, date, window or kind")
	flags.StringVarP(&a.out, "output", "o", "", "write to this `file`")
	complete(cmd, "list", func() []string {
		names := []string{paper.All + "\t全部"}
		for _, l := range paper.Lists {
			names = append(names, l.Name+"\t"+l.Title)
		}
		return names
	})
	complete(cmd, "format", func() []string {
		var names []string
		for _, f := range paper.Formats {
			names = append(names, f.Name+"\t"+f.Title)
		}
		return names
	})
	complete(cmd, "by", func() []string { return []string{paper.ByPerson, paper.ByDate, paper.ByWindow, paper.ByKind} })
}

func (a *asking) addHallFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.hall, "hall", "", "the `hall`; not needed where there is only one")
}

func (a *asking) addAsOfFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.asOf, "as-of", "", "judge as of this `time`, such as 2020-12-01T00:00:00+08:00")
}

// complete gives a flag its words for the shell. Words are found when they are
// asked for.
func complete(cmd *cobra.Command, flag string, words func() []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic("completion of a flag that " + cmd.Name() + " does not have: " + flag)
	}
}

func listNames() []string {
	var names []string
	for _, l := range paper.Lists {
		names = append(names, l.Name)
	}
	return append(names, paper.All)
}

func formatNames() []string {
	var names []string
	for _, f := range paper.Formats {
		names = append(names, f.Name)
	}
	return names
}

// check refuses an unknown list, format or place before anything is computed.
func (a *asking) check(c *cli) error {
	if a.fell {
		a.list = "rejected"
	}
	if a.format == "" {
		a.format = "text"
		ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(a.out)), ".")
		i := slices.IndexFunc(paper.Formats, func(f paper.Format) bool { return ending != "" && f.Extension == ending })
		if i >= 0 {
			a.format = paper.Formats[i].Name
		}
	}
	if err := paper.Check(a.list, a.format, a.options()); err != nil {
		return &usageError{err: err}
	}
	if (a.format == "xlsx" || a.format == "docx") && a.out == "" && isTerminal(c.stdout) {
		return usagef("%s is no text for a terminal: say where to with -o FILE.%s", a.format, a.format)
	}
	return checkOutput(a.out)
}

// checkOutput refuses a file in a directory that is not there.
func checkOutput(path string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("there is no directory %s to write %s into: make it (mkdir -p %s) or choose another", dir, filepath.Base(path), dir)
	case err != nil:
		return fmt.Errorf("write %s: %w", path, err)
	case !info.IsDir():
		return usagef("%s is no directory: choose another place for %s", dir, filepath.Base(path))
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("%s is a directory: name a file in it", path)
	}
	return nil
}

func (a *asking) options() paper.Options { return paper.Options{By: a.by} }

// asOfInstant reads --as-of; 0 = not given.
func (a *asking) asOfInstant() (hall.Instant, error) {
	if a.asOf == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, a.asOf)
	if err != nil {
		return 0, usagef("--as-of %q is no time: want one with an offset, for example 2020-12-01T00:00:00+08:00", a.asOf)
	}
	return hall.InstantOf(t), nil
}

// write puts the report into a.out or onto stdout.
func (a *asking) write(c *cli, r *hall.Report) error {
	return c.output(a.out, func(w io.Writer) error {
		return paper.Write(w, r, a.list, a.format, a.options())
	})
}

// output calls write for a file, which is there whole or not at all, or for
// stdout where path is empty. A reader that goes away is no error.
func (c *cli) output(path string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if path == "" {
		if err := write(&b); err != nil {
			return err
		}
		_, err := b.WriteTo(c.stdout)
		return quietPipe(err)
	}
	if err := checkOutput(path); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(file.Name()) // nothing is left of it once it was renamed
	err = write(file)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// quietPipe forgets that the reader of a pipe has gone: it has seen enough.
func quietPipe(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return err
}

// printf writes a line of an answer to stdout.
func (c *cli) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(c.stdout, format, args...)
	return quietPipe(err)
}

// warnf writes a remark to stderr.
func (c *cli) warnf(format string, args ...any) {
	_, _ = fmt.Fprintf(c.stderr, format+"\n", args...) // nowhere is left to say that stderr is gone
}

// report prints an error of several lines as it is and ends with exit code 1.
func (c *cli) report(err error) error {
	c.warnf("%s", strings.TrimRight(err.Error(), "\n"))
	return errReported
}

// open returns a file, or stdin for `-`.
func (c *cli) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(c.stdin), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: check the path, or use - for stdin", err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fmt.Errorf("%s is a directory: name a file", path), file.Close())
	}
	return file, nil
}

// hallInfo is a hall that the daemon knows.
type hallInfo struct {
	Hall   hall.ID      `json:"hall"`
	Name   string       `json:"name"`
	Months []hall.Month `json:"months"`
}

// halls asks the daemon which halls there are.
func (cl *client) halls(ctx context.Context) ([]hallInfo, error) {
	var answer struct {
		Halls []hallInfo `json:"halls"`
	}
	err := cl.get(ctx, "/api/v1/halls", nil, &answer)
	return answer.Halls, err
}

// theHall returns the hall that was named, or the only one of the daemon.
func (cl *client) theHall(ctx context.Context, named string) (hall.ID, error) {
	if named != "" {
		return hallToken(named)
	}
	list, err := cl.halls(ctx)
	if err != nil {
		return "", err
	}
	switch len(list) {
	case 1:
		return list[0].Hall, nil
	case 0:
		return "", errors.New("the daemon has no hall yet: give it one with `rollcall policy apply FILE` (rollcall policy example prints one), or name it with --hall")
	}
	var names []string
	for _, h := range list {
		names = append(names, string(h.Hall))
	}
	return "", usagef("there are several halls, say which: --hall %s", strings.Join(names, ", "))
}

func hallToken(s string) (hall.ID, error) {
	if _, _, _, err := hall.ParseSubject(hall.Subject(hall.ID(s), hall.KindPunch, "x")); err != nil {
		return "", usagef("--hall %q is no hall: want 1 to 32 letters, digits, _ or -, and no date", s)
	}
	return hall.ID(s), nil
}

// monthArg reads a MONTH argument.
func monthArg(s string) (hall.Month, error) {
	m, err := hall.ParseMonth(s)
	if err != nil {
		return 0, usagef("%q is no month: want YYYY-MM, for example 2020-11", s)
	}
	return m, nil
}

// dateArg reads a DATE argument.
func dateArg(s string) (hall.Date, error) {
	d, err := hall.ParseDate(s)
	if err != nil {
		return 0, usagef("%q is no date: want YYYY-MM-DD, for example 2020-11-30", s)
	}
	return d, nil
}
