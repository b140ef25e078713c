package main

// The command verify: the log folded anew and compared with the store.

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"rollcall/web"
)

func newVerify(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Fold the log anew and compare it with the store",
		Long: `Fold the log anew beside the store, up to the same message, and compare: every
fact, every index, every invariant. On the way each issue of a month is computed
once more from the log up to where it was sealed, and held against its digest and
the issue before it; one of another stream from the events that it names. Nothing
is changed. Exit status 1 if anything differs.`,
		Example: `  rollcall verify
  rollcall verify --data /var/lib/rollcall`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				line, err := c.keep(cmd.Context(), cl, "verify", nil)
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

// keepLine is a line of the answer to verify, rebuild or heal.
type keepLine struct {
	Progress *struct {
		Done  uint64 `json:"done"`
		Total uint64 `json:"total"`
	} `json:"progress"`
	Verification *web.Verification `json:"verification"`
	Rebuilt      *web.Status       `json:"rebuilt"`
	Healing      *web.Healing      `json:"healing"`
	Problem      *web.Problem      `json:"problem"`
}

// keep asks for the care of log or store and returns the last line of the answer.
func (c *cli) keep(ctx context.Context, cl *client, what string, query url.Values) (keepLine, error) {
	resp, err := cl.stream(ctx, http.MethodPost, "/api/v1/"+what, query, "", nil)
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
		case line.Verification != nil || line.Rebuilt != nil || line.Healing != nil:
			return line, nil
		}
	}
}

func (c *cli) sayVerification(v *web.Verification) error {
	for _, d := range v.Differences {
		c.warnf("difference: %s", d)
	}
	wrong := 0
	for _, i := range v.Issues {
		for _, d := range i.Differences {
			c.warnf("issue %d of %s of %s: %s", i.Number, i.Month, i.Hall, d)
		}
		if len(i.Differences) > 0 {
			wrong++
		}
	}
	for _, b := range v.Broken {
		c.warnf("broken: %s", b)
	}
	for _, l := range v.Lost {
		c.warnf("lost: %s", l)
	}
	if v.Same && len(v.Broken) == 0 {
		return c.printf("一致 - the store is what the log says, up to event %d, and so are %d issues\n", v.Sequence, len(v.Issues))
	}
	if wrong > 0 {
		c.warnf("封账结果不符 - %d of %d issues are not what the log says: somebody changed the log, or another program computed them; compare with the digests that were published", wrong, len(v.Issues))
	}
	if wrong > 0 && len(v.Differences)+len(v.Broken)+len(v.Lost) == 0 {
		return errReported
	}
	c.warnf("不一致 - the store differs from the log (event %d)", v.Sequence)
	for _, mend := range mends(v) {
		c.warnf("%s", mend)
	}
	return errReported
}

// mends says how to mend each kind of difference, in the order in which it is done: what
// only the store has must be in the log before the store is made anew.
func mends(v *web.Verification) []string {
	var list []string
	if len(v.Lost) > 0 {
		list = append(list, "the log has lost messages: bring it back (rollcall restore, or a copy of the folder log); if they are gone for good, accept the gap in the configuration, see docs/operations.md")
	}
	if v.StoreOnly > 0 {
		list = append(list, fmt.Sprintf("%d events are in the store and not in the log: `rollcall heal` publishes them again", v.StoreOnly))
	}
	if n := v.LogOnly + v.Differing; n > 0 || len(v.Broken) > 0 {
		list = append(list, fmt.Sprintf("%d events of the log are not in the store or differ, %d invariants are broken: `rollcall rebuild` makes the store anew", n, len(v.Broken)))
	}
	return list
}
