package main

// The command demo: an invented hall in a temporary directory.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

type demoFlags struct {
	asking
	once      bool
	http, bus string
	speed     float64
}

func newDemo(c *cli) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "Run an invented hall in a temporary directory, with events arriving",
		GroupID: groupRun,
		Long: `Run an invented hall of twenty windows and sixty people in a temporary
directory: its whole November 2020 is published through the bus and its lists
are printed, then people of today arrive one after the other until Ctrl-C.
Nothing is kept.`,
		Example: `  rollcall demo
  rollcall demo --once
  rollcall demo --once --list bulletin
  rollcall demo --speed 10`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.demo(cmd.Context(), &f) },
	}
	f.addListFlags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&f.once, "once", false, "print the lists of the month and end")
	flags.StringVar(&f.http, "http", "", "`address` of HTTP (default 127.0.0.1:8080, a free port where that is busy)")
	flags.StringVar(&f.bus, "bus", "", "`address` of the bus (default 127.0.0.1:4222, a free port where that is busy)")
	flags.Float64Var(&f.speed, "speed", 1, "how many `times` as fast people arrive")
	return cmd
}

// demo runs the invented hall until a signal, or once.
func (c *cli) demo(ctx context.Context, f *demoFlags) (err error) {
	if f.speed <= 0 || f.speed > 1000 {
		return usagef("speed %g: want more than 0 and at most 1000", f.speed)
	}
	if err := f.check(c); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "rollcall-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	a, err := c.startDemo(ctx, dir, f)
	if err != nil {
		return err
	}
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, a.Stop(ending))
	}()
	if err := c.demoMonth(ctx, a, f); err != nil {
		return quietly(ctx, err)
	}
	if f.once {
		return nil
	}
	return quietly(ctx, c.demoToday(ctx, a, f.speed))
}

// quietly forgets the error of a demo that somebody ended.
func quietly(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c *cli) startDemo(ctx context.Context, dir string, f *demoFlags) (*app.App, error) {
	config := configs.Default()
	config.Data = dir
	config.HTTP = c.freeAddress(f.http, config.HTTP, "HTTP")
	config.Bus.Listen = c.freeAddress(f.bus, config.Bus.Listen, "the bus")
	// Warnings would drown in the lists; what is fatal ends the demo.
	log := slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.New(ctx, app.Options{Config: config, Log: log, Command: "rollcall demo"})
	if err != nil {
		return nil, err
	}
	a.Start()
	return a, nil
}

// freeAddress returns the address that was asked for, else the usual one, else
// one with a free port, and says so.
func (c *cli) freeAddress(asked, usual, what string) string {
	if asked != "" {
		return asked
	}
	l, err := net.Listen("tcp", usual)
	if err == nil {
		_ = l.Close() // it was only tried
		return usual
	}
	fmt.Fprintf(c.stderr, "%s is busy: %s takes a free port\n", usual, what)
	return "127.0.0.1:0"
}

// demoMonth publishes the month through the bus, waits for the fold and prints
// the lists.
func (c *cli) demoMonth(ctx context.Context, a *app.App, f *demoFlags) error {
	bar := c.newProgress("November 2020", 0)
	start := time.Now()
	published, _, err := a.Bus().PublishAll(ctx, demoEvents(), func(n int) { bar.Set(int64(n), 0) })
	bar.Done()
	if err != nil {
		return fmt.Errorf("publish the month: %w", err)
	}
	last, err := a.Bus().Last(ctx)
	if err != nil {
		return err
	}
	if err := a.Wait(ctx, last); err != nil {
		return fmt.Errorf("fold the month: %w", err)
	}
	fmt.Fprintf(c.stderr, "%d events published and folded in %s\n", published, time.Since(start).Round(time.Millisecond))
	r, err := demoReport(a, paper.Keys(f.list))
	if err != nil {
		return err
	}
	if err := f.write(c, r); err != nil {
		return err
	}
	if f.once {
		return nil // nobody would answer there any more
	}
	return c.printf("\n%s/halls/%s/%s\n%[1]s/halls/%[2]s/%[3]s/bulletin\n", a.URL(), demoHall, demoMonth)
}

// demoReport is the report of the month.
func demoReport(a *app.App, lists []string) (*hall.Report, error) {
	asOf, err := time.Parse(time.RFC3339, demoAsOf)
	if err != nil {
		return nil, err
	}
	month, err := hall.ParseMonth(demoMonth)
	if err != nil {
		return nil, err
	}
	var r *hall.Report
	err = a.View(func(v *store.View) (err error) {
		r, err = report.Month(v, configs.Statutory(), report.Question{Hall: demoHall, Month: month, AsOf: hall.InstantOf(asOf), Lists: lists})
		return err
	})
	return r, err
}

// demoToday lets today's people arrive until ctx ends, a line each.
func (c *cli) demoToday(ctx context.Context, a *app.App, speed float64) error {
	today := newDemoDay(time.Now())
	if _, _, err := a.Bus().PublishAll(ctx, today.soFar(), nil); err != nil {
		return fmt.Errorf("publish today so far: %w", err)
	}
	fmt.Fprintf(c.stdout, "%s/halls/%s/%s\n\nToday's punches and notes, as they come (Ctrl-C ends):\n",
		a.URL(), demoHall, hall.DateIn(today.zone, time.Now()).Month())
	fmt.Fprintf(c.stdout, "  nats sub -s nats://%s 'rollcall-live.>'\n\n", strings.TrimPrefix(a.Bus().Addr(), "nats://"))
	tick := time.NewTicker(max(time.Millisecond, time.Duration(float64(3*time.Second)/speed)))
	defer tick.Stop()
	for {
		if err := c.demoArrival(ctx, a, today); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case err := <-a.Failed():
			return err
		case <-tick.C:
		}
	}
}

// demoArrival publishes the next event and prints what became of it.
func (c *cli) demoArrival(ctx context.Context, a *app.App, today *demoDay) error {
	e, what := today.next(time.Now())
	ack, err := a.Bus().PublishOnce(ctx, e.Subject, e.UID, e.Body)
	if err != nil {
		return fmt.Errorf("publish %s: %w", e.UID, err)
	}
	if err := a.Wait(ctx, ack.Sequence); err != nil {
		return err
	}
	var fate report.Fate
	err = a.View(func(v *store.View) (err error) {
		fate, err = report.Became(v, configs.Statutory(), e.UID)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%s  #%d  %-44s %s\n", time.Now().In(today.zone).Format(time.TimeOnly), ack.Sequence, what,
		strings.TrimSuffix(cmp.Or(fate.Became, "?")+": "+fate.Why, ": "))
	return nil
}
