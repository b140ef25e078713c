package app

// Profiles of the running daemon.

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"rollcall/hall"
)

// openPprof listens where profiles are asked for, on loopback only: they show
// what is in memory.
func (a *App) openPprof(context.Context, Options) error {
	if a.config.Pprof == "" {
		return nil
	}
	listener, err := net.Listen("tcp", a.config.Pprof)
	if err != nil {
		return err
	}
	if !isLoopback(listener.Addr()) {
		_ = listener.Close() // it was never used
		return fmt.Errorf("%w pprof address %s: profiles show personal data, so take a loopback address like 127.0.0.1:6060", hall.ErrInvalid, a.config.Pprof)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	a.debug = listener
	a.pprof = &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	a.onStop("pprof address", func(context.Context) error { return ignoreClosed(listener.Close()) })
	a.onStop("pprof", func(ctx context.Context) error { return shutdown(ctx, a.pprof) })
	return nil
}
