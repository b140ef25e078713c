// Command rollcall judges punctuality and discipline of service halls: it takes
// punches and patrol notes off a stream, keeps them in one file and answers who
// had full attendance, who broke which rule, how people and windows rank and
// what the month's bulletin says.
//
// A file per sub-command; the table below names them all. What they share (the
// streams, the environment, the way to a daemon) is the cli in cli.go. The
// daemon itself is wired in app.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	_ "time/tzdata" // the halls' zones, also where the system has none

	"github.com/spf13/cobra"

	"rollcall/configs"
	"rollcall/web"
)

// commands are the sub-commands in the order of the help page; see groups.
var commands = []func(*cli) *cobra.Command{
	newServe,
	newDemo,
	newVersion,

	newReport,
	newExplain,
	newUnresolved,
	newEvaluate,

	newImport,
	newExport,
	newPolicy,
	newCalendar,
	newConfig,
	newDeadLetters,
	newVerify,
	newRebuild,
	newHeal,
	newBackup,
	newRestore,
	newBench,
}

// The groups of the help page, each command's GroupID.
const (
	groupRun   = "run"   // the daemon
	groupAsk   = "ask"   // lists and proofs
	groupEvent = "event" // one event by hand
	groupKeep  = "keep"  // care of the log and the store
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// run is the program without its process: it executes one command line and
// returns the exit code. Several may run at once.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &cli{stdin: stdin, stdout: stdout, stderr: stderr, env: env}
	root := newRoot(c)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	if errors.Is(err, errReported) {
		return exitFailed
	}
	return c.complain(cmd, err)
}

// complain prints an error in one line, and what to type where the command line
// was wrong.
func (c *cli) complain(cmd *cobra.Command, err error) int {
	text := strings.TrimSpace(err.Error())
	if p, ok := errors.AsType[*web.Problem](err); ok && !strings.Contains(p.DetailZh, p.Detail) {
		text = strings.Replace(text, p.Detail, p.DetailZh+" - "+p.Detail, 1)
	}
	if _, ok := errors.AsType[*configs.FileError](err); !ok { // that one has a line and a caret
		text = strings.ReplaceAll(text, "\n", "; ")
	}
	wrong, isUsage := errors.AsType[*usageError](err)
	if c.started && !isUsage {
		fmt.Fprintf(c.stderr, "%s: %s\n", cmd.CommandPath(), text)
		if errors.Is(err, errNoDaemon) {
			return exitUsage // the text says what to type
		}
		return exitFailed
	}
	try := cmd.CommandPath() + " --help"
	if isUsage && wrong.try != "" {
		try = wrong.try
	}
	fmt.Fprintf(c.stderr, "%s: %s; try: %s\n", cmd.CommandPath(), text, try)
	return exitUsage
}

func newRoot(c *cli) *cobra.Command {
	root := &cobra.Command{
		Use:   "rollcall",
		Short: "Attendance and discipline of service halls, from the punch to the bulletin",
		Long: `rollcall takes the punches of face terminals and the notes of inspectors off a
stream and answers: who had full attendance, who broke which rule on which
dates, how people and windows rank, and what the month's bulletin says.

To see it work:    rollcall demo
To run the daemon: rollcall serve`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	root.SetFlagErrorFunc(flagErrorOf)
	root.AddGroup(
		&cobra.Group{ID: groupRun, Title: "Run:"},
		&cobra.Group{ID: groupAsk, Title: "Ask:"},
		&cobra.Group{ID: groupEvent, Title: "Make one event by hand:"},
		&cobra.Group{ID: groupKeep, Title: "Keep:"},
	)
	for _, command := range commands {
		root.AddCommand(command(c))
	}
	for _, command := range eventCommands {
		root.AddCommand(newEvent(c, command))
	}
	root.AddCommand(newAppeal(c), newSeal(c))
	root.InitDefaultCompletionCmd()
	c.prepare(root)
	return root
}

// prepare lets run tell a wrong command line (exit 2) from a command that
// failed (exit 1): whatever fails before a RunE begins is wrong use. A command
// that only groups others asks for one of them.
func (c *cli) prepare(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		c.prepare(sub)
	}
	if cmd.HasSubCommands() && !cmd.Runnable() {
		cmd.Args = cobra.ArbitraryArgs
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return askForSub(cmd, args) }
		return
	}
	runE := cmd.RunE
	if runE == nil {
		return
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c.started = true
		return runE(cmd, args)
	}
}

func askForSub(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && !cmd.HasParent() {
		return cmd.Help()
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	want := strings.Join(names, ", ")
	if len(args) == 0 {
		return usagef("say what to do: %s", want)
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return &usageError{
			err: fmt.Errorf("there is no command %q", args[0]),
			try: cmd.CommandPath() + " " + near[0],
		}
	}
	return usagef("there is no command %q; there are: %s", args[0], want)
}
