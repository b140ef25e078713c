package app

// Whether events may be taken now.

import (
	"log/slog"
	"sync"
)

// gate lets the bus take events while nothing speaks against it: the log must be the
// one that the fold folds, and the disks must have room.
type gate struct {
	admit func(bool) error
	log   *slog.Logger

	mu   sync.Mutex
	fold bool // guarded by mu; the fold lets events in
	disk bool // guarded by mu; the disks do
	open bool // guarded by mu; events are let in; the bus was opened closed
}

// letFold says what the fold thinks of it.
func (g *gate) letFold(in bool) { g.set(&g.fold, in) }

// letDisk says what the disks think of it.
func (g *gate) letDisk(in bool) { g.set(&g.disk, in) }

func (g *gate) set(which *bool, in bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	*which = in
	open := g.fold && g.disk
	if open == g.open {
		return
	}
	if err := g.admit(open); err != nil {
		g.log.Error("the bus cannot be opened or closed", "open", open, "err", err)
		return // the disks are looked at every second: it is tried again
	}
	g.open = open
}
