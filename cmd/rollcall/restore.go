package main

// The command restore: a data directory made of a backup.

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
	"rollcall/ingest/backup"
)

func newRestore(c *cli) *cobra.Command {
	var identity string
	cmd := &cobra.Command{
		Use:   "restore FILE --data DIR",
		Short: "Make a data directory of a backup",
		Long: `Make a data directory of a backup: every event under its sequence of before, and
the store folded anew from them. The directory must be empty or missing. Nothing
gets its place before everything was checked: that the file is whole and unaltered,
that no event is missing, and that the store comes out as it was.`,
		Example: `  rollcall restore rollcall.backup --data /var/lib/rollcall
  rollcall restore rollcall.backup --data ./data --identity key.txt
  age -d -i key.txt rollcall.backup | rollcall restore - --data ./data`,
		GroupID: groupKeep,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("data") {
				return usagef("say into which empty directory: --data DIR")
			}
			return c.restore(cmd.Context(), args[0], identity)
		},
	}
	cmd.Flags().StringVar(&identity, "identity", "", "decrypt with the age keys of this `file`")
	cmd.Flags().StringVar(&c.data, "data", "", "the `directory` to make")
	return cmd
}

func (c *cli) restore(ctx context.Context, path, identity string) error {
	keys := ""
	if identity != "" {
		text, err := c.readAll(identity, 1<<20)
		if err != nil {
			return err
		}
		keys = string(text)
	}
	identities, err := backup.ParseIdentities(keys)
	if keys != "" && err != nil {
		return usagef("%s: %w: want a file with keys that begin with AGE-SECRET-KEY-, as age-keygen makes it", identity, err)
	}
	config, err := configs.Load("", c.env)
	if err != nil {
		return err
	}
	config.Data = c.data
	in, err := c.open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	content, err := backup.Unwrap(in, identities)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer content.Close()
	bar := c.newProgress("restore", 0)
	done, err := app.Restore(ctx, config, content, func(done, total uint64) { bar.Set(int64(done), int64(total)) })
	bar.Done()
	if err != nil {
		return fmt.Errorf("restore %s: %w", path, err)
	}
	return c.sayRestored(done)
}

func (c *cli) sayRestored(r app.Restored) error {
	for _, g := range r.Gaps {
		c.warnf("events %d to %d were lost before the backup was made. Accept it in the configuration, or the daemon halts:\n  gaps: [{created: %s, from: %d, to: %d, reason: %q}]",
			g.From, g.To, r.Created.Format(time.RFC3339Nano), g.From, g.To, g.Reason)
	}
	if r.Differs != "" {
		c.warnf("%s", r.Differs)
	}
	return c.printf("已恢复 - %s holds the log of %s up to event %d, and the store folded from it\n",
		c.data, r.Made.Format("2006-01-02 15:04 MST"), r.Last)
}
