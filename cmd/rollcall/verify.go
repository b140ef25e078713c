package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"rollcall/web"
)

func newVerify(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Fold the log anew and compare it with the store",
		Long: `Fold the log anew beside the store, up to the same message, and compare: every
fact, every index, every invariant. Nothing is changed. Exit status 1 if
anything differs.`,
		Example: `  rollcall verify
  rollcall verify --data /var/lib/rollcall`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				line, err := c.keep(cmd.Context(), cl, "verify")
				if err != nil {
					return err
				}
				return c.sayVerification(line.Verification)
			})
		},
	}
	c.addDataFlag(cmd)
	return cmd
}

// keepLine is a line of the answer to verify or rebuild.
type keepLine struct {
	Progress *struct {
		Done  uint64 `json:"done"`
		Total uint64 `json:"total"`
	} `json:"progress"`
	Verification *web.Verification `json:"verification"`
	Rebuilt      *web.Status       `json:"rebuilt"`
	Problem      *web.Problem      `json:"problem"`
}

// keep asks for the care of the store and returns the last line of the answer.
func (c *cli) keep(ctx context.Context, cl *client, what string) (keepLine, error) {
	resp, err := cl.stream(ctx, http.MethodPost, "/api/v1/"+what, nil, "", nil)
	if err != nil {
		return keepLine{}, err
	}
	defer resp.Body.Close()
	bar := c.newProgress(what, 0)
	defer bar.Done()
	answers := json.NewDecoder(resp.Body)
	for {
		var line keepLine
		switch err := answers.Decode(&line); {
		case err != nil:
			return keepLine{}, fmt.Errorf("the answer broke off (%w): look at the daemon's log and try again", err)
		case line.Problem != nil:
			return keepLine{}, line.Problem
		case line.Progress != nil:
			bar.Set(int64(line.Progress.Done), int64(line.Progress.Total))
		case line.Verification != nil || line.Rebuilt != nil:
			return line, nil
		}
	}
}

func (c *cli) sayVerification(v *web.Verification) error {
	for _, d := range v.Differences {
		c.warnf("difference: %s", d)
	}
	for _, b := range v.Broken {
		c.warnf("broken: %s", b)
	}
	if v.Same && len(v.Broken) == 0 {
		return c.printf("一致 - the store is what the log says, up to event %d\n", v.Sequence)
	}
	c.warnf("不一致 - the store differs from the log (event %d): `rollcall rebuild` makes it anew", v.Sequence)
	return errReported
}
