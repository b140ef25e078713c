package main

// The daemon in this process, for commands that find none running.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
)

// startLocal runs the daemon in-process on the data directory, on loopback ports
// that nobody knows, until release is called. It returns once the log is folded
// or the fold is halted, which the API then says.
func (c *cli) startLocal(ctx context.Context, dir string) (cl *client, release func() error, err error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, nil, fmt.Errorf("no daemon answers, and there is no data directory %s: start one with rollcall serve, or name the directory with --data: %w", dir, err)
	}
	config, err := configs.Load("", c.env)
	if err != nil {
		return nil, nil, err
	}
	config.Data, config.HTTP, config.Bus.Listen = dir, "127.0.0.1:0", "127.0.0.1:0"
	config.Live = new(false)
	c.boundMemory()
	a, err := app.New(ctx, app.Options{Config: config, Log: slog.New(slog.DiscardHandler), Command: "rollcall"})
	if err != nil {
		return nil, nil, err
	}
	a.Start()
	stop := func() error {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return a.Stop(ending)
	}
	if err := c.catchUp(ctx, a); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	cl, err = newClient(a.URL())
	if err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return cl, func() error {
		cl.close()
		return stop()
	}, nil
}

// catchUp waits for the fold, which may have a long log to read.
func (c *cli) catchUp(ctx context.Context, a *app.App) error {
	last, err := a.Bus().Last(ctx)
	if err != nil {
		return err
	}
	bar := c.newProgress("reading the log", int64(last))
	defer bar.Done()
	for {
		step, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		err := a.Wait(step, last)
		cancel()
		st := a.Status()
		bar.Set(int64(st.Applied), int64(last))
		if err == nil || ctx.Err() != nil || st.Halted != nil {
			return ctx.Err()
		}
		select {
		case fatal := <-a.Failed():
			return fatal
		default:
		}
	}
}
