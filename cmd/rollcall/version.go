package main

// The command version.

import (
	"fmt"

	"github.com/spf13/cobra"

	"rollcall/cmd/rollcall/app"
)

func newVersion(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of this program",
		GroupID: groupRun,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(c.stdout, "rollcall", app.Version())
			return err
		},
	}
}
