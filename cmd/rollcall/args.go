package main

// The arguments and flags that several commands share.

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rollcall/hall"
)

// exactly demands the arguments that a usage line names.
func exactly(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return usagef("%s is missing", names[len(args)])
		}
		if len(args) > len(names) {
			return usagef("%q is one argument too many", args[len(names)])
		}
		return nil
	}
}

// atLeastOne demands one argument or more.
func atLeastOne(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usagef("%s is missing", name)
		}
		return nil
	}
}

// monthArg reads a MONTH argument.
func monthArg(s string) (hall.Month, error) {
	m, err := hall.ParseMonth(s)
	if err != nil {
		return 0, usagef("%q is no month: want YYYY-MM, for example 2020-11", s)
	}
	return m, nil
}

// notMonthOrLonger refuses what is no month, no quarter and no year where each may be.
func notMonthOrLonger(s string) error {
	return usagef("%q is no month, quarter or year: want for example 2020-11, 2020-Q4 or 2020", s)
}

// dateArg reads a DATE argument.
func dateArg(s string) (hall.Date, error) {
	d, err := hall.ParseDate(s)
	if err != nil {
		return 0, usagef("%q is no date: want YYYY-MM-DD, for example 2020-11-30", s)
	}
	return d, nil
}

func hallToken(s string) (hall.ID, error) {
	if _, _, _, err := hall.ParseSubject(hall.Subject(hall.ID(s), hall.KindPunch, "x")); err != nil {
		return "", usagef("--hall %q is no hall: want 1 to 32 letters, digits, _ or -, and no date", s)
	}
	return hall.ID(s), nil
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

// flagErrorOf says in words what is wrong with a flag: which one was meant by one that
// is not there, and that a number was wanted.
func flagErrorOf(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := hall.Suggest(unknown.GetSpecifiedName(), names, ""); strings.HasPrefix(near, "did you mean") {
			return fmt.Errorf("%w: %s", err, strings.Replace(near, `"`, `"--`, 1))
		}
		return err
	}
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if _, number := errors.AsType[*strconv.NumError](err); ok && number {
		return fmt.Errorf("--%s %q: want a number", invalid.GetFlag().Name, invalid.GetValue())
	}
	return err
}
