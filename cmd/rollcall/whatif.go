package main

// What another policy would change, asked with --what-if.

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

// checkWhatIf refuses what the difference of two policies does not have.
func (a *asking) checkWhatIf() error {
	if a.fell || a.changes || a.by != "" || a.issue != 0 || a.list != paper.All {
		return usagef("--what-if prints the difference of all lists: leave --list, --rejected, --changes, --by and --issue out")
	}
	if a.format == "" {
		a.format = "text"
		if strings.HasSuffix(a.out, ".json") {
			a.format = "json"
		}
	}
	if err := paper.WriteWhatIf(io.Discard, &report.WhatIf{}, a.format); err != nil {
		return &usageError{err: err}
	}
	return checkOutput(a.out)
}

func (a *asking) writeWhatIf(c *cli, d *report.WhatIf) error {
	return c.output(a.out, func(w io.Writer) error { return paper.WriteWhatIf(w, d, a.format) })
}

// printWhatIf asks the daemon what a month would be under another policy. Nothing
// is stored for it.
func (c *cli) printWhatIf(ctx context.Context, a asking, typed, file string) error {
	month, err := monthArg(typed)
	if err != nil {
		return err
	}
	if err := a.checkWhatIf(); err != nil {
		return err
	}
	policy, doc, err := c.readPolicy(file)
	if err != nil {
		return err
	}
	if a.hall == "" {
		a.hall = string(policy.Hall)
	}
	var d report.WhatIf
	err = c.askHall(ctx, a, func(cl *client, id hall.ID, query url.Values) error {
		return cl.post(ctx, monthPath(id, month)+"/what-if", query, "application/json", bytes.NewReader(doc), &d)
	})
	if err != nil {
		return err
	}
	return a.writeWhatIf(c, &d)
}

// printWhatIf judges a month from files under the governing policies and under
// another one.
func (e *evaluate) printWhatIf(ctx context.Context, f *folded, q report.Question) error {
	_, doc, err := e.readPolicy(e.whatIf)
	if err != nil {
		return err
	}
	var d *report.WhatIf
	err = f.store.View(func(v *store.View) (err error) {
		d, err = report.Suppose(ctx, v, configs.Statutory(), q, doc)
		return err
	})
	if err != nil {
		return err
	}
	d.Sequence = f.done.Lines
	return e.writeWhatIf(e.cli, d)
}
