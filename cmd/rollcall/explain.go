package main

// The command explain: a person's day, or a score and rank, with its whole proof.

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

// explain tells how a day came to its verdict, or a month to its score and rank.
type explain struct {
	*cli
	asking
	files  fileFlags
	window string
}

func newExplain(c *cli) *cobra.Command {
	e := &explain{cli: c}
	cmd := &cobra.Command{
		Use:   "explain PERSON DATE | PERSON MONTH | --window WINDOW MONTH",
		Short: "Explain a person's day, or the score and rank of a person or a window",
		Long: `A day: what was planned, seen and decided, and what would change it. A month: every
part of the score with its points and proofs, who is ranked before and behind and
by what, why somebody is not ranked, and what an award was lost by.`,
		Example: `  rollcall explain 1023 2020-11-03
  rollcall explain 1023 2020-11
  rollcall explain --window w08 2020-11
  rollcall explain 1023 2020-11-03 --policy hall.yaml --events events.jsonl`,
		GroupID: groupAsk,
		Args: func(cmd *cobra.Command, args []string) error {
			if e.window != "" {
				return exactly("MONTH")(cmd, args)
			}
			return exactly("PERSON", "DATE or MONTH")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return e.run(cmd.Context(), args) },
	}
	e.addHallFlag(cmd)
	e.addAsOfFlag(cmd)
	e.files.addFlags(cmd)
	cmd.Flags().StringVar(&e.format, "format", "text", "the `format`: text or json")
	cmd.Flags().StringVar(&e.window, "window", "", "explain the month of this `window`")
	complete(cmd, "format", func() []string { return []string{"text", "json"} })
	c.addServerFlag(cmd)
	return cmd
}

func (e *explain) run(ctx context.Context, args []string) error {
	if e.format != "text" && e.format != "json" {
		return usagef("there is no format %q here: want text or json", e.format)
	}
	if (len(e.files.policies) > 0) != (e.files.events != "") {
		return usagef("--policy and --events go together; without both the daemon is asked")
	}
	if e.window == "" && strings.Count(args[1], "-") != 1 {
		date, err := dateArg(args[1])
		if err != nil {
			return err
		}
		return e.day(ctx, hall.PersonID(args[0]), date)
	}
	month, err := monthArg(args[len(args)-1])
	if err != nil {
		return err
	}
	if e.window != "" {
		return e.month(ctx, month, "windows", e.window, func(v *store.View, q report.Question) (*report.Standing, error) {
			return report.ExplainWindow(v, configs.Statutory(), q, hall.WindowID(e.window))
		})
	}
	return e.month(ctx, month, "people", args[0], func(v *store.View, q report.Question) (*report.Standing, error) {
		return report.ExplainPerson(v, configs.Statutory(), q, hall.PersonID(args[0]))
	})
}

// day tells the story of a day.
func (e *explain) day(ctx context.Context, person hall.PersonID, date hall.Date) error {
	var story *report.Story
	err := e.ask(ctx, "people", string(person), "days/"+date.String(), &story, func(v *store.View, id hall.ID, asOf hall.Instant) (err error) {
		story, err = report.Explain(v, configs.Statutory(), id, person, date, asOf)
		return err
	})
	if err != nil {
		return err
	}
	return e.output("", func(w io.Writer) error { return paper.WriteStory(w, story, e.format) })
}

// month tells the story of a score; whose is "people" or "windows".
func (e *explain) month(ctx context.Context, month hall.Month, whose, id string, tell func(*store.View, report.Question) (*report.Standing, error)) error {
	var standing *report.Standing
	err := e.ask(ctx, whose, id, "months/"+month.String(), &standing, func(v *store.View, h hall.ID, asOf hall.Instant) (err error) {
		standing, err = tell(v, report.Question{Hall: h, Month: month, AsOf: asOf, FromFile: true})
		return err
	})
	if err != nil {
		return err
	}
	return e.output("", func(w io.Writer) error { return paper.WriteStanding(w, standing, e.format) })
}

// ask takes the answer from files with tell, or from the daemon into a value.
func (e *explain) ask(ctx context.Context, whose, id, what string, into any, tell func(*store.View, hall.ID, hall.Instant) error) error {
	asOf, err := e.asOfInstant()
	if err != nil {
		return err
	}
	if e.files.events != "" {
		return e.ofFile(ctx, asOf, tell)
	}
	return e.ofDaemon(ctx, whose, id, what, into)
}

func (e *explain) ofFile(ctx context.Context, asOf hall.Instant, tell func(*store.View, hall.ID, hall.Instant) error) (err error) {
	f, err := e.fold(ctx, e.files, e.hall)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if asOf == 0 {
		asOf = f.done.Latest
	}
	return f.store.View(func(v *store.View) error { return tell(v, f.hall, asOf) })
}

func (e *explain) ofDaemon(ctx context.Context, whose, id, what string, into any) error {
	if id == "" || strings.ContainsAny(id, "/ ") {
		return usagef("%q is no id of a person or window", id)
	}
	return e.askHall(ctx, e.asking, func(cl *client, h hall.ID, query url.Values) error {
		return cl.get(ctx, "/api/v1/halls/"+segment(string(h))+"/"+whose+"/"+segment(id)+"/"+what, query, into)
	})
}
