package main

// The command backup: the log in one file, while the daemon runs.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/ingest/backup"
)

// backupFlags say where a backup goes and who can read it.
type backupFlags struct {
	out        string
	recipients []string
	file       string // of recipients
}

func newBackup(c *cli) *cobra.Command {
	var f backupFlags
	cmd := &cobra.Command{
		Use:   "backup -o FILE",
		Short: "Copy the log into one file, while the daemon runs",
		Long: `Copy the log, up to the last event that is acknowledged now, into one
compressed file that restore brings back. Events go on being taken meanwhile. The
file is checked while it is written and gets its name only when it is whole; it
can be read by its owner only, and by nobody without the key if recipients of age
(https://age-encryption.org) are named. With -o - it goes to stdout.`,
		Example: `  rollcall backup -o rollcall.backup
  rollcall backup -o rollcall.backup --recipients-file keys.txt
  rollcall backup -o - | ssh vault 'cat > rollcall.backup'`,
		GroupID: groupKeep,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.backup(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "output", "o", "", "write to this `file`, - for stdout")
	flags.StringArrayVar(&f.recipients, "recipient", nil, "encrypt to this `age-key` (age1...); may be repeated")
	flags.StringVar(&f.file, "recipients-file", "", "encrypt to the age keys of this `file`, one a line")
	c.addDataFlag(cmd)
	return cmd
}

func (c *cli) backup(ctx context.Context, f backupFlags) (err error) {
	if f.out == "" || f.out == "-" && isTerminal(c.stdout) {
		return usagef("say where the backup goes: -o FILE, or -o - into a pipe")
	}
	list, err := c.recipients(f)
	if err != nil {
		return err
	}
	recipients, err := backup.ParseRecipients(list)
	if list != "" && err != nil {
		return usagef("recipients: %w: want keys that begin with age1, as age-keygen prints them", err)
	}
	if f.out != "-" {
		if err := checkOutput(f.out); err != nil {
			return err
		}
	}
	cl, release, err := c.daemonOrLocal(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	resp, err := cl.stream(ctx, http.MethodGet, "/api/v1/backup", nil, "", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var manifest backup.Manifest
	write := func(w io.Writer) error {
		wrapped, err := backup.Wrap(w, recipients)
		if err != nil {
			return err
		}
		if manifest, err = c.copyBackup(wrapped, resp.Body); err != nil {
			return err
		}
		return wrapped.Close()
	}
	if f.out == "-" {
		return write(c.stdout)
	}
	if err := writeSecret(f.out, write); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return c.printf("已备份 - %s holds the log up to event %d\n", f.out, manifest.Last)
}

// recipients are those of the command line and those of the file, one a line.
func (c *cli) recipients(f backupFlags) (string, error) {
	list := strings.Join(f.recipients, "\n")
	if f.file == "" {
		return list, nil
	}
	text, err := c.readAll(f.file, 1<<20)
	if err != nil {
		return "", err
	}
	if strings.TrimSpace(string(text)) == "" {
		return "", usagef("%s names no recipient: nobody could read the backup", f.file)
	}
	return list + "\n" + string(text), nil
}

// copyBackup copies the content of a backup and reads it as restore will: what passes
// is whole.
func (c *cli) copyBackup(w io.Writer, r io.Reader) (backup.Manifest, error) {
	content, err := backup.NewReader(io.TeeReader(r, w))
	if err != nil {
		return backup.Manifest{}, err
	}
	bar := c.newProgress("backup", int64(content.Manifest.Last))
	defer bar.Done()
	for {
		m, err := content.Next()
		if errors.Is(err, io.EOF) {
			return content.Manifest, nil
		}
		if errors.Is(err, backup.ErrIncomplete) {
			err = errors.New("the daemon broke off, so nothing was written: its log says why, and rollcall verify whether the log has lost something")
		}
		if err != nil {
			return content.Manifest, err
		}
		bar.Set(int64(m.Sequence), 0)
	}
}

// writeSecret makes a file for its owner only, which is there whole and synced, or not
// at all.
func writeSecret(path string, write func(io.Writer) error) error {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // nothing is left of it once it was renamed
	err = write(file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes the names in a directory durable, on systems that can.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
