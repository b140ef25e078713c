package main

// Quarters and years, from a daemon or from files.

import (
	"context"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

// longPeriod reads a quarter or a year.
func longPeriod(s string) (hall.Period, bool) {
	period, err := hall.ParsePeriod(s)
	return period, err == nil && period.First != period.Last
}

// printPeriod asks the daemon for a quarter or a year, and writes it.
func (c *cli) printPeriod(ctx context.Context, a asking, period hall.Period) error {
	if err := a.checkPeriod(); err != nil {
		return err
	}
	var r hall.PeriodReport
	err := c.askHall(ctx, a, func(cl *client, id hall.ID, query url.Values) error {
		return cl.get(ctx, "/api/v1/halls/"+segment(string(id))+"/periods/"+period.String(), query, &r)
	})
	if err != nil {
		return err
	}
	return a.writePeriod(c, &r)
}

func (a *asking) writePeriod(c *cli, r *hall.PeriodReport) error {
	return c.output(a.out, func(w io.Writer) error { return paper.WritePeriod(w, r, a.list, a.format, a.options()) })
}

// printPeriod judges a quarter or a year from files.
func (e *evaluate) printPeriod(f *folded, period hall.Period, asOf hall.Instant) error {
	var r *hall.PeriodReport
	err := f.store.View(func(v *store.View) (err error) {
		r, err = report.Period(v, configs.Statutory(), report.Question{Hall: f.hall, AsOf: asOf, FromFile: true}, period)
		return err
	})
	if err != nil {
		return err
	}
	r.Sequence = f.done.Lines
	return e.writePeriod(e.cli, r)
}

// checkPeriod refuses what a period does not have, before anything is computed.
func (a *asking) checkPeriod() error {
	if a.fell || a.by != "" || a.issue != 0 {
		return usagef("--rejected, --by and --issue are of a month: ask for one, for example 2020-11")
	}
	if a.format == "" {
		ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(a.out)), ".")
		switch {
		case slices.Contains(paper.PeriodFormats(), ending):
			a.format = ending
		case slices.Contains(paperEndings, ending):
			return usagef("%s would be no %s file: a quarter or a year is written as %s", filepath.Base(a.out), ending, strings.Join(paper.PeriodFormats(), ", "))
		default:
			a.format = "text"
		}
	}
	if err := paper.CheckPeriod(a.list, a.format); err != nil {
		return &usageError{err: err}
	}
	return checkOutput(a.out)
}
