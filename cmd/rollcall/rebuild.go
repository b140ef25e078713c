package main

// The command rebuild: the store made anew from the log.

import (
	"net/url"

	"github.com/spf13/cobra"
)

func newRebuild(c *cli) *cobra.Command {
	var discard bool
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make the store anew from the log",
		Long: `Fold the log into a new store and put it in the place of the old one once
it is complete and checked. Lists are answered from the old one meanwhile. It is
refused where the old one has events that the log has lost: heal publishes them
again, --discard gives them up.`,
		Example: `  rollcall rebuild
  rollcall rebuild --data /var/lib/rollcall`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				query := url.Values{}
				if discard {
					query.Set("discard", "1")
				}
				line, err := c.keep(cmd.Context(), cl, "rebuild", query)
				if err != nil || line.Rebuilt == nil {
					return err
				}
				return c.printf("已重建 - the store is made anew, up to event %d\n", line.Rebuilt.Applied)
			})
		},
	}
	cmd.Flags().BoolVar(&discard, "discard", false, "give up what the store has and the log has lost")
	c.addDataFlag(cmd)
	return cmd
}
