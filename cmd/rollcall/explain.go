package main

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

// explain tells how a person's day came to its verdict.
type explain struct {
	*cli
	asking
	files fileFlags
}

func newExplain(c *cli) *cobra.Command {
	e := &explain{cli: c}
	cmd := &cobra.Command{
		Use:   "explain PERSON DATE",
		Short: "Explain a person's day: what was planned, seen and decided, and what would change it",
		Example: `  rollcall explain 1023 2020-11-03
  rollcall explain 1023 2020-11-03 --policy hall.yaml --events events.jsonl`,
		GroupID: groupAsk,
		Args:    exactly("PERSON", "DATE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			date, err := dateArg(args[1])
			if err != nil {
				return err
			}
			return e.run(cmd.Context(), hall.PersonID(args[0]), date)
		},
	}
	e.addHallFlag(cmd)
	e.addAsOfFlag(cmd)
	e.files.addFlags(cmd)
	cmd.Flags().StringVar(&e.format, "format", "text", "the `format`: text or json")
	complete(cmd, "format", func() []string { return []string{"text", "json"} })
	c.addServerFlag(cmd)
	return cmd
}

func (e *explain) run(ctx context.Context, person hall.PersonID, date hall.Date) error {
	if e.format != "text" && e.format != "json" {
		return usagef("there is no format %q here: want text or json", e.format)
	}
	asOf, err := e.asOfInstant()
	if err != nil {
		return err
	}
	var story *report.Story
	switch files := e.files; {
	case (len(files.policies) > 0) != (files.events != ""):
		return usagef("--policy and --events go together; without both the daemon is asked")
	case files.events != "":
		story, err = e.ofFile(ctx, person, date, asOf)
	default:
		story, err = e.ofDaemon(ctx, person, date)
	}
	if err != nil {
		return err
	}
	return e.output("", func(w io.Writer) error { return paper.WriteStory(w, story, e.format) })
}

func (e *explain) ofFile(ctx context.Context, person hall.PersonID, date hall.Date, asOf hall.Instant) (story *report.Story, err error) {
	f, err := e.fold(ctx, e.files, e.hall)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.close()) }()
	if asOf == 0 {
		asOf = f.done.Latest
	}
	err = f.store.View(func(v *store.View) (err error) {
		story, err = report.Explain(v, configs.Statutory(), f.hall, person, date, asOf)
		return err
	})
	return story, err
}

func (e *explain) ofDaemon(ctx context.Context, person hall.PersonID, date hall.Date) (*report.Story, error) {
	if person == "" || strings.ContainsAny(string(person), "/ ") {
		return nil, usagef("%q is no id of a person", person)
	}
	cl, err := e.client()
	if err != nil {
		return nil, err
	}
	defer cl.close()
	id, err := cl.theHall(ctx, e.hall)
	if err != nil {
		return nil, err
	}
	query := url.Values{}
	if e.asOf != "" {
		query.Set("as_of", e.asOf)
	}
	var story report.Story
	path := "/api/v1/halls/" + segment(string(id)) + "/people/" + segment(string(person)) + "/days/" + date.String()
	return &story, cl.get(ctx, path, query, &story)
}
