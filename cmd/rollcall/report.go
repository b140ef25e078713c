package main

// The command report: the lists of a month, a quarter or a year from the daemon.

import (
	"context"
	"io"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
)

func newReport(c *cli) *cobra.Command {
	var a asking
	var whatIf string
	cmd := &cobra.Command{
		Use:   "report MONTH | QUARTER | YEAR",
		Short: "Print the lists of a month, a quarter or a year from the running daemon",
		Long: `Print the lists of a month as it is now, or with --issue as it was sealed: what was
printed then is printed again, whatever came later. --changes prints line by line
what has changed since the last issue, and which events changed each line: those
without which it would be another, found by taking them away again.

A quarter (2020-Q4) or a year (2020) has the mean of the months' scores. A month
that was sealed counts as it was sealed. Its lists: months, staff, windows, awards,
vetoes, cases; its formats: text, json, csv.`,
		Example: `  rollcall report 2020-11
  rollcall report 2020-11 --list violations --by window
  rollcall report 2020-11 --issue 1 --list staff
  rollcall report 2020-11 --changes
  rollcall report 2020-11 --issue 2 --changes
  rollcall report 2020-11 --what-if stricter.yaml
  rollcall report 2020-Q4 --list windows
  rollcall report 2020-11 --hall demo --list staff -o staff.csv
  rollcall report 2020-11 --list all,sheet,days -o 2020-11.xlsx
  rollcall report 2020-11 --list full-attendance,staff --posting -o posting.html`,
		GroupID: groupAsk,
		Args:    exactly("MONTH, QUARTER or YEAR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if whatIf != "" {
				return c.printWhatIf(cmd.Context(), a, args[0], whatIf)
			}
			if period, ok := longPeriod(args[0]); ok {
				if a.issue != 0 || a.changes {
					return usagef("--issue and --changes are of a month: want YYYY-MM, for example 2020-11")
				}
				return c.printPeriod(cmd.Context(), a, period)
			}
			return c.printMonth(cmd.Context(), a, args[0])
		},
	}
	a.addFlags(cmd)
	cmd.Flags().BoolVar(&a.changes, "changes", false, "print what changed since the last issue, or in --issue since the one before it, and which events changed it")
	cmd.Flags().IntVar(&a.issue, "issue", 0, "print issue `number` of the month as it was sealed")
	cmd.Flags().StringVar(&whatIf, "what-if", "", "print what another policy, in a `file`, would change: nothing is stored")
	cmd.Flags().StringVar(&whatIf, "policy", "", "the same as --what-if `file`")
	c.addServerFlag(cmd)
	return cmd
}

// printMonth asks the daemon for a month as it was typed, and writes it.
func (c *cli) printMonth(ctx context.Context, a asking, typed string) error {
	month, err := hall.ParseMonth(typed)
	if err != nil {
		return notMonthOrLonger(typed)
	}
	if err := a.check(c); err != nil {
		return err
	}
	if a.changes {
		return c.printChanges(ctx, a, month)
	}
	r, err := c.askMonth(ctx, a, month)
	if err != nil {
		return err
	}
	return a.write(c, r)
}

// askMonth asks the daemon for a month with all its lists.
func (c *cli) askMonth(ctx context.Context, a asking, month hall.Month) (*hall.Report, error) {
	r := &hall.Report{}
	return r, c.askAboutMonth(ctx, a, month, r)
}

// printChanges asks what changed since an issue, and writes it.
func (c *cli) printChanges(ctx context.Context, a asking, month hall.Month) error {
	if a.format != "text" && a.format != "json" {
		return usagef("--changes has no format %s: want text or json", a.format)
	}
	d := &report.Difference{}
	if err := c.askAboutMonth(ctx, a, month, d); err != nil {
		return err
	}
	return c.output(a.out, func(w io.Writer) error { return paper.WriteDifference(w, d, a.format) })
}

// askAboutMonth asks the daemon for a month or an issue of it, or what changed.
func (c *cli) askAboutMonth(ctx context.Context, a asking, month hall.Month, answer any) error {
	asOf, err := a.asOfInstant()
	switch {
	case err != nil:
		return err
	case a.issue < 0:
		return usagef("--issue %d is no issue: they are numbered from 1 on", a.issue)
	case a.issue > 0 && asOf != 0:
		return usagef("--as-of and --issue exclude each other: an issue has its own")
	}
	return c.askHall(ctx, a, func(cl *client, id hall.ID, query url.Values) error {
		if a.changes {
			query.Set("changes", "1")
		}
		path := monthPath(id, month)
		if a.issue > 0 {
			path += "/issues/" + strconv.Itoa(a.issue)
		}
		return cl.get(ctx, path, query, answer)
	})
}
