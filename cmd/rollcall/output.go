package main

// Where answers go, and where input comes from.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// checkOutput refuses a file in a directory that is not there.
func checkOutput(path string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("there is no directory %s to write %s into: make it (mkdir -p %s) or choose another", dir, filepath.Base(path), dir)
	case err != nil:
		return fmt.Errorf("write %s: %w", path, err)
	case !info.IsDir():
		return usagef("%s is no directory: choose another place for %s", dir, filepath.Base(path))
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return usagef("%s is a directory: name a file in it", path)
	}
	return nil
}

// output calls write for a file, which is there whole or not at all, or for
// stdout where path is empty. A reader that goes away is no error.
func (c *cli) output(path string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if path == "" {
		if err := write(&b); err != nil {
			return err
		}
		_, err := b.WriteTo(c.stdout)
		return quietPipe(err)
	}
	if err := checkOutput(path); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeInto(path, write)
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(file.Name()) // nothing is left of it once it was renamed
	err = write(file)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// writeInto writes into a device or a named pipe, which stays what it is.
func writeInto(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = quietPipe(write(file))
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// quietPipe forgets that the reader of a pipe has gone: it has seen enough.
func quietPipe(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return err
}

// printf writes a line of an answer to stdout.
func (c *cli) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(c.stdout, format, args...)
	return quietPipe(err)
}

// warnf writes a remark to stderr.
func (c *cli) warnf(format string, args ...any) {
	_, _ = fmt.Fprintf(c.stderr, format+"\n", args...) // nowhere is left to say that stderr is gone
}

// report prints an error of several lines as it is and ends with exit code 1.
func (c *cli) report(err error) error {
	c.warnf("%s", strings.TrimRight(err.Error(), "\n"))
	return errReported
}

// open returns a file, or stdin for `-`.
func (c *cli) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		if c.stdinIsTerminal() {
			c.warnf("reading from the keyboard; Ctrl-D ends")
		}
		return io.NopCloser(c.stdin), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: check the path, or use - for stdin", err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fmt.Errorf("%s is a directory: name a file", path), file.Close())
	}
	return file, nil
}

// readAll reads a file of at most limit bytes.
func (c *cli) readAll(path string, limit int64) ([]byte, error) {
	in, err := c.open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	all, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(all)) > limit {
		return nil, fmt.Errorf("%s is larger than %d MB: is it the right file?", path, limit>>20)
	}
	return all, nil
}
