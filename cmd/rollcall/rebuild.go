package main

import (
	"github.com/spf13/cobra"
)

func newRebuild(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make the store anew from the log",
		Long: `Fold the log into a new store and put it in the place of the old one once
it is complete. Lists are answered from the old one meanwhile.`,
		Example: `  rollcall rebuild
  rollcall rebuild --data /var/lib/rollcall`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				line, err := c.keep(cmd.Context(), cl, "rebuild")
				if err != nil || line.Rebuilt == nil {
					return err
				}
				return c.printf("已重建 - the store is made anew, up to event %d\n", line.Rebuilt.Applied)
			})
		},
	}
	c.addDataFlag(cmd)
	return cmd
}
