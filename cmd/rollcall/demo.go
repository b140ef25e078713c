package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func newDemo(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:     "demo",
		Short:   "Run an invented hall in a temporary directory, with events arriving",
		GroupID: groupRun,
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return errors.New("not there yet") },
	}
}
