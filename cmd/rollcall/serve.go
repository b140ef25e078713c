package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func newServe(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:     "serve",
		Short:   "Run the daemon: bus, fold, HTTP",
		GroupID: groupRun,
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return errors.New("not there yet") },
	}
}
