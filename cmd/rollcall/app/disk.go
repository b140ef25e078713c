package app

// The space that is left on the disks of log and store.

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"rollcall/configs"
	"rollcall/web"
)

// diskEvery is how often a look is taken. A look costs microseconds, and what can be
// written in between must be far less than what must stay free.
const diskEvery = time.Second

// diskSpare is by how much the space must be over the mark before events are taken
// again, in parts of the mark: it does not open and close all the time.
const diskSpare = 20

// disks watches the space.
type disks struct {
	mark   configs.DiskMark
	places []diskPlace
	gate   *gate
	log    *slog.Logger
	free   *prometheus.GaugeVec

	mu    sync.Mutex
	low   *web.Halt // guarded by mu; nil while there is room
	blind bool      // guarded by mu; it was said that nothing can be seen
}

// diskPlace is a directory and what is on its disk: store or log.
type diskPlace struct{ what, dir string }

func diskMark(c configs.Config) (configs.DiskMark, error) {
	if c.DiskLowWater == "" {
		return configs.DiskMark{}, nil
	}
	mark, err := configs.ParseDiskMark(c.DiskLowWater)
	if err != nil {
		return mark, fmt.Errorf("disk_low_water: %w", err)
	}
	return mark, nil
}

func (a *App) openDisks(context.Context, Options) error {
	d := &disks{mark: a.engine.mark, gate: a.gate, log: a.log, places: []diskPlace{{"store", a.config.Data}}}
	if a.config.Embedded() {
		d.places = append(d.places, diskPlace{"log", filepath.Join(a.config.Data, logFolder)})
	}
	auto := promauto.With(a.registry)
	d.free = auto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "rollcall_disk_free_bytes",
		Help: "Space left on the disk of the store and, with the embedded bus, of the log.",
	}, []string{"place"})
	auto.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rollcall_disk_low",
		Help: "1 while a disk has less space left than must stay free (disk_low_water) and no event is taken.",
	}, func() float64 {
		if d.lowNow() != nil {
			return 1
		}
		return 0
	})
	a.disks = d
	d.look(time.Now())
	return nil
}

// watch looks until ctx ends.
func (d *disks) watch(ctx context.Context) {
	tick := time.NewTicker(diskEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			d.look(now)
		}
	}
}

// lowNow returns why no event is taken, nil while there is room.
func (d *disks) lowNow() *web.Halt {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.low
}

// look measures every place, and opens or closes the gate where that changes anything.
func (d *disks) look(now time.Time) {
	d.mu.Lock()
	was := d.low
	d.mu.Unlock()
	low := ""
	for _, p := range d.places {
		free, total, err := diskSpace(p.dir)
		if err != nil {
			d.cannotSee(p, err)
			continue
		}
		d.free.WithLabelValues(p.what).Set(float64(free))
		mark := d.mark.Of(total)
		if was != nil {
			mark += mark / diskSpare
		}
		if free < mark && low == "" {
			low = fmt.Sprintf("the disk of the %s has %s left of %s, and %s must stay free (disk_low_water)", p.what, size(free), size(total), size(d.mark.Of(total)))
		}
	}
	d.judge(low, was, now)
}

func (d *disks) judge(low string, was *web.Halt, now time.Time) {
	switch {
	case low == "" && was != nil:
		d.log.Info("the disk has room again")
	case low != "" && was == nil:
		d.log.Error("the disk is nearly full: no event is taken", "cause", low)
	}
	var is *web.Halt
	if low != "" {
		is = &web.Halt{What: low, Do: "Make space on it, or make the mark smaller; events are taken again by themselves.", DiskFull: true, Since: now.Truncate(time.Second)}
		if was != nil {
			is.Since = was.Since
		}
	}
	d.mu.Lock()
	d.low = is
	d.mu.Unlock()
	d.gate.letDisk(is == nil)
}

// cannotSee says once that the mark is of no use here.
func (d *disks) cannotSee(p diskPlace, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.blind || d.mark == (configs.DiskMark{}) {
		return
	}
	d.blind = true
	d.log.Warn("the space of the disk cannot be seen: a full one is noticed when it is full", "path", p.dir, "err", err)
}

// size prints bytes for people.
func size(n uint64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}
