package main

// The command heal: what only the store still has, published again.

import (
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"rollcall/ingest/bus"
	"rollcall/web"
)

func newHeal(c *cli) *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use:   "heal",
		Short: "Publish again what the log has lost and the store still has",
		Long: `Compare the store with what is left of the log, and publish the events that only
the store has, under the ids of before, so that each counts once. It works while
the fold is halted by what the log has lost: that is when it is needed. Doing it
again does no harm. It closes no gap: what the log has lost before it reached the
store is gone, and a gap has to be accepted in the configuration.`,
		Example: `  rollcall heal --dry-run
  rollcall heal`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				query := url.Values{}
				if dry {
					query.Set("trial", "1")
				}
				line, err := c.keep(cmd.Context(), cl, "heal", query)
				if err != nil || line.Healing == nil {
					return err
				}
				var st web.Status
				if err := cl.get(cmd.Context(), "/api/v1/status", nil, &st); err != nil {
					return err
				}
				return c.sayHealing(line.Healing, st.Halted)
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only show what would be published")
	c.addDataFlag(cmd)
	return cmd
}

func (c *cli) sayHealing(h *web.Healing, stopped *web.Halt) error {
	for _, loss := range h.Lost {
		if err := c.printf("%s  %s  %s  %d\n", loss.Hall, loss.Month, loss.Kind, loss.Events); err != nil {
			return err
		}
	}
	text := ""
	switch {
	case len(h.Lost) == 0:
		text = "日志完整 - the log has everything that the store has\n"
	case h.Trial:
		text = "未发布 - nothing was published: rollcall heal publishes them\n"
	default:
		text = fmt.Sprintf("已补发 - published %d events again, %d were there after all; the log ends at %d\n", h.Published, h.Duplicates, h.Last)
	}
	if err := c.printf("%s", text); err != nil || stopped == nil || h.Trial {
		return err
	}
	next := "rollcall rebuild, which folds the log as it is now"
	if stopped.Fault == string(bus.FaultGap) {
		next = stopped.Do
	}
	return c.printf("仍停止 - the fold stands still: %s. Now: %s\n", stopped.What, next)
}
