package main

// The command unresolved: what names something unknown.

import (
	"github.com/spf13/cobra"
)

func newUnresolved(c *cli) *cobra.Command {
	var a asking
	cmd := &cobra.Command{
		Use:   "unresolved MONTH",
		Short: "List what names an unknown person, window, kind or event",
		Long: `List the events of a month that name somebody or something unknown. They are kept
and count as soon as the missing part arrives: a roster row, a policy that names
the window or kind, the event that a ruling is on.`,
		Example: `  rollcall unresolved 2020-11`,
		GroupID: groupAsk,
		Args:    exactly("MONTH"),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.list = "unresolved"
			return c.printMonth(cmd.Context(), a, args[0])
		},
	}
	a.addHallFlag(cmd)
	a.addAsOfFlag(cmd)
	cmd.Flags().StringVar(&a.format, "format", "", "the `format`, as for report")
	cmd.Flags().StringVarP(&a.out, "output", "o", "", "write to this `file`")
	complete(cmd, "format", formatNames)
	c.addServerFlag(cmd)
	return cmd
}
