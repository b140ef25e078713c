package bench

import (
	"context"
	"errors"

	"rollcall/store"
)

// CPUTime is what this process has used of the cores.
var CPUTime = cpuTime

// Turns publishes a load to a log in dir and lets a raw read and the fold take
// turns; it returns what each used of the cores, in seconds.
func Turns(ctx context.Context, dir string, l Load, rounds int) (raw, fold []float64, err error) {
	r := &runner{Options: Options{Dir: dir, Load: l}, result: &Result{}}
	if err := r.fill(); err != nil {
		return nil, nil, err
	}
	if err := r.open(ctx); err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.publishLoad(ctx); err != nil {
		return nil, nil, err
	}
	for range rounds {
		_, cpu, err := clocked(func() error { return r.readRaw(ctx) })
		if err != nil {
			return nil, nil, err
		}
		raw = append(raw, cpu)
		dir, err := r.folder("store")
		if err != nil {
			return nil, nil, err
		}
		if _, cpu, err = clocked(func() error { return r.foldInto(ctx, dir, store.Options{}) }); err != nil {
			return nil, nil, err
		}
		fold = append(fold, cpu)
	}
	return raw, fold, nil
}
