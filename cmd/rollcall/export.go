package main

// The command export: the events as JSON lines.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

func newExport(c *cli) *cobra.Command {
	var only, from, out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the events as JSON lines",
		Long: `Write the events as JSON lines, which import and evaluate read: those of the
store, each uid once, or those of the log as they came. What the store says is
enough to make an empty log anew.`,
		Example: `  rollcall export -o events.jsonl
  rollcall export --hall demo --from log | gzip > demo.jsonl.gz`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from != "store" && from != "log" {
				return usagef("--from %q: want store or log", from)
			}
			return c.export(cmd.Context(), only, from, out)
		},
	}
	cmd.Flags().StringVar(&only, "hall", "", "only this `hall`")
	cmd.Flags().StringVar(&from, "from", "store", "from the `store` or the log")
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to this `file`")
	complete(cmd, "from", func() []string { return []string{"store", "log"} })
	c.addDataFlag(cmd)
	return cmd
}

func (c *cli) export(ctx context.Context, only, from, out string) (err error) {
	if err := checkOutput(out); err != nil {
		return err
	}
	cl, release, err := c.daemonOrLocal(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	query := url.Values{"from": {from}}
	if only != "" {
		query.Set("hall", only)
	}
	resp, err := cl.stream(ctx, http.MethodGet, "/api/v1/export", query, "", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == "" {
		err = copyLines(c.stdout, resp.Body)
		if quiet := quietPipe(err); quiet == nil && err != nil {
			return nil
		}
	} else {
		err = c.output(out, func(w io.Writer) error { return copyLines(w, resp.Body) })
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if skipped := resp.Trailer.Get("Rollcall-Skipped"); skipped != "" && skipped != "0" {
		c.warnf("%s messages of the log are no events and were left out: rollcall deadletters list", skipped)
	}
	return nil
}

// copyLines copies without holding more than a buffer.
func copyLines(w io.Writer, r io.Reader) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if _, err := b.ReadFrom(r); err != nil {
		return err
	}
	return b.Flush()
}
