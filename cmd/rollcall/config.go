package main

// The command config: the configuration of the daemon, printed and checked.

import (
	"io"

	"github.com/spf13/cobra"

	"rollcall/configs"
)

func newConfig(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Print or check the configuration of the daemon",
		GroupID: groupRun,
	}
	cmd.AddCommand(newConfigPrint(c), newConfigCheck(c))
	return cmd
}

func newConfigPrint(c *cli) *cobra.Command {
	file, shipped := "", false
	cmd := &cobra.Command{
		Use:   "print",
		Short: "Print the configuration that holds: defaults, file and ROLLCALL_* variables",
		Example: `  rollcall config print
  rollcall config print --default > rollcall.yaml`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text := configs.ShippedConfig()
			if !shipped {
				config, err := configs.Load(file, c.env)
				if err != nil {
					return c.report(err)
				}
				if text, err = config.YAML(); err != nil {
					return err
				}
			}
			return c.output("", func(w io.Writer) error { _, err := w.Write(text); return err })
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "the configuration `file`")
	cmd.Flags().BoolVar(&shipped, "default", false, "print the shipped file, which says what holds without any")
	return cmd
}

func newConfigCheck(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:     "check FILE",
		Short:   "Check a configuration: every problem with line, caret and hint",
		Example: `  rollcall config check rollcall.yaml`,
		Args:    exactly("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if _, err := configs.Load(args[0], c.env); err != nil {
				return c.report(err)
			}
			return c.printf("%s: 正确 - fine\n", args[0])
		},
	}
}
