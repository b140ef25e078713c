package main

// What the commands that print lists share: which list, in which format, as of
// when, and where to.

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/report/paper"
)

// asking are the flags of a command that prints lists.
type asking struct {
	hall    string
	list    string
	format  string
	by      string
	asOf    string
	out     string
	fell    bool // --rejected
	issue   int  // --issue, 0 = the month as it is now
	changes bool // --changes
	public  bool // --posting
}

func (a *asking) addFlags(cmd *cobra.Command) {
	a.addHallFlag(cmd)
	a.addAsOfFlag(cmd)
	a.addListFlags(cmd)
}

// addListFlags are those that say which list, how and where to.
func (a *asking) addListFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&a.list, "list", paper.All, "which `list`, or several parted by commas: "+strings.Join(listNames(), ", "))
	flags.StringVar(&a.format, "format", "", "the `format`: "+strings.Join(formatNames(), ", ")+" (default text, or what -o ends with)")
	flags.BoolVar(&a.fell, "rejected", false, "list what fell, why and by whom: the same as --list rejected")
	flags.BoolVar(&a.public, "posting", false, "write what may be posted (公示): names masked, no ids, no reasons of leave, no notes")
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
	cmd.Flags().StringVar(&a.asOf, "as-of", "", "judge as of this `time` with its offset, such as 2020-12-01T00:00:00+08:00 for the end of November 30")
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

// paperEndings are those that other programs open by what they promise; text
// under one of them is a broken file.
var paperEndings = []string{"xlsx", "xls", "docx", "doc", "html", "htm", "pdf"}

// check refuses an unknown list, format or place before anything is computed.
func (a *asking) check(c *cli) error {
	if a.fell {
		a.list = "rejected"
	}
	if a.format == "" {
		a.format = "text"
		ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(a.out)), ".")
		i := slices.IndexFunc(paper.Formats, func(f paper.Format) bool { return ending != "" && f.Extension == ending })
		switch {
		case i >= 0:
			a.format = paper.Formats[i].Name
		case slices.Contains(paperEndings, ending):
			return usagef("%s would be no %s file: there is no such format; there are %s", filepath.Base(a.out), ending, strings.Join(formatNames(), ", "))
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

func (a *asking) options() paper.Options { return paper.Options{By: a.by, Posting: a.public} }

// asOfInstant reads --as-of; 0 = not given.
func (a *asking) asOfInstant() (hall.Instant, error) {
	if a.asOf == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, a.asOf)
	if err != nil {
		return 0, usagef("--as-of %q is no time: %s", a.asOf, wantedTime(a.asOf))
	}
	return hall.InstantOf(t), nil
}

// wantedTime says how a time is written, with what was typed where that can be meant.
// A date alone is not taken: it may be its beginning or its end, and a day more closes
// the bands of a day.
func wantedTime(typed string) string {
	if day, err := time.Parse(time.DateOnly, typed); err == nil {
		return fmt.Sprintf("a date is not enough; its beginning is %sT00:00:00+08:00, its end %sT00:00:00+08:00", typed, day.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02 15:04", time.DateTime} {
		if at, err := time.Parse(layout, typed); err == nil {
			zone := "+08:00"
			if strings.HasSuffix(layout, "Z07:00") {
				zone = at.Format("Z07:00")
			}
			return "want seconds and an offset, as in " + at.Format("2006-01-02T15:04:05") + zone
		}
	}
	return "want one with an offset, for example 2020-12-01T00:00:00+08:00"
}

// write puts the report into a.out or onto stdout.
func (a *asking) write(c *cli, r *hall.Report) error {
	return c.output(a.out, func(w io.Writer) error {
		return paper.Write(w, r, a.list, a.format, a.options())
	})
}

// askHall asks the daemon something about the hall that was named, as of when it was
// asked for.
func (c *cli) askHall(ctx context.Context, a asking, ask func(cl *client, id hall.ID, query url.Values) error) error {
	asOf, err := a.asOfInstant()
	if err != nil {
		return err
	}
	cl, err := c.client()
	if err != nil {
		return err
	}
	defer cl.close()
	id, err := cl.theHall(ctx, a.hall)
	if err != nil {
		return err
	}
	query := url.Values{}
	if asOf != 0 {
		query.Set("as_of", a.asOf)
	}
	return ask(cl, id, query)
}
