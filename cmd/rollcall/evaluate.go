package main

// The command evaluate: a month judged from files, without a daemon.

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

// evaluate folds a file and prints a month of it.
type evaluate struct {
	*cli
	asking
	files  fileFlags
	month  string
	strict bool
	whatIf string // file of another policy
}

func newEvaluate(c *cli) *cobra.Command {
	e := &evaluate{cli: c}
	cmd := &cobra.Command{
		Use:   "evaluate --policy FILE --events FILE",
		Short: "Judge a month from files, without a daemon",
		Long: `Fold a file of events with the code of the daemon and print the lists of a
month: that of the latest punch, as of the largest time in the file. Several
--policy are versions of one hall's policy, each governing from its effective
date on. Lines that are no events are set aside, counted on stderr and listed by
--list dead. Nothing is kept.`,
		Example: `  rollcall evaluate --policy hall.yaml --events events.jsonl
  rollcall evaluate --policy hall.yaml --events events.jsonl --list violations --format csv
  zcat log.jsonl.gz | rollcall evaluate --policy 2023.yaml --policy 2024.yaml --events - --month 2024-01`,
		GroupID: groupAsk,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return e.run(cmd.Context()) },
	}
	e.addFlags(cmd)
	e.files.addFlags(cmd)
	cmd.Flags().StringVar(&e.month, "month", "", "the `month` (default that of the latest punch), or a quarter (2020-Q4) or a year")
	cmd.Flags().StringVar(&e.whatIf, "what-if", "", "print what another policy, in a `file`, would change")
	cmd.Flags().BoolVar(&e.strict, "strict", false, "exit with status 1 if a line was set aside")
	return cmd
}

func (e *evaluate) run(ctx context.Context) (err error) {
	period, err := e.periodAsked()
	if err != nil {
		return err
	}
	asOf, err := e.asOfInstant()
	if err != nil {
		return err
	}
	month := period.Last
	switch {
	case len(e.files.policies) == 0:
		return usagef("no policy: name the hall's with --policy FILE (rollcall policy example > hall.yaml makes one to start from)")
	case e.files.events == "":
		return usagef("no events: name the file with --events FILE, or - for stdin")
	}
	f, err := e.fold(ctx, e.files, e.hall)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if month == 0 {
		if month = e.monthOf(f); month == 0 {
			return usagef("%s holds no punch of hall %s that could tell the month%s: say --month YYYY-MM", e.files.events, f.hall, aside(f))
		}
	}
	if asOf == 0 {
		asOf = f.done.Latest
	}
	if asOf == 0 { // no event tells a time: the month is over
		asOf = (month + 1).First().At(0, f.policy.Zone)
	}
	if e.whatIf != "" {
		return errors.Join(e.printWhatIf(ctx, f, report.Question{Hall: f.hall, Month: month, AsOf: asOf, Lists: paper.Keys(e.list), FromFile: true}), e.setAside(f))
	}
	if period.First != period.Last {
		return errors.Join(e.printPeriod(f, period, asOf), e.setAside(f))
	}
	return e.print(f, report.Question{Hall: f.hall, Month: month, AsOf: asOf, Lists: paper.Keys(e.list), FromFile: true})
}

// periodAsked reads --month, which may be a quarter or a year, and checks what is
// asked of it.
func (e *evaluate) periodAsked() (hall.Period, error) {
	period, long := longPeriod(e.month)
	check := func() error { return e.check(e.cli) }
	switch {
	case e.whatIf != "":
		check = e.checkWhatIf
	case long:
		return period, e.checkPeriod()
	}
	if err := check(); err != nil || e.month == "" {
		return hall.Period{}, err
	}
	month, err := hall.ParseMonth(e.month)
	if err != nil {
		return hall.Period{}, notMonthOrLonger(e.month)
	}
	return hall.Period{First: month, Last: month}, nil
}

// monthOf is the month of the latest punch, or 0. Lines that are no events are
// the same in every month, so that they are listed also where no punch tells it.
func (e *evaluate) monthOf(f *folded) hall.Month {
	switch {
	case f.done.LatestPunch != 0:
		return hall.DateIn(f.policy.Zone, f.done.LatestPunch.Time()).Month()
	case e.list == "dead" && f.done.Dead > 0:
		return f.policy.Effective.Month()
	}
	return 0
}

func (e *evaluate) print(f *folded, q report.Question) error {
	var r *hall.Report
	err := f.store.View(func(v *store.View) (err error) {
		r, err = report.Month(v, configs.Statutory(), q)
		return err
	})
	if err != nil {
		return err
	}
	r.Sequence = f.done.Lines
	if err := e.write(e.cli, r); err != nil {
		return err
	}
	return e.setAside(f)
}

// setAside counts the lines that were no events.
func (e *evaluate) setAside(f *folded) error {
	if f.done.Dead == 0 {
		return nil
	}
	e.warnf("%d of %d lines set aside: rollcall evaluate ... --list dead names each with its reason", f.done.Dead, f.done.Lines)
	if e.strict {
		return errReported
	}
	return nil
}

// aside says how many lines were no events.
func aside(f *folded) string {
	if f.done.Dead == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d of %d lines are no events, which --list dead explains)", f.done.Dead, f.done.Lines)
}
