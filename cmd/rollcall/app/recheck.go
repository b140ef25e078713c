package app

// Issues computed anew while the log is folded beside the store.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"rollcall/configs"
	"rollcall/ingest"
	"rollcall/report"
	"rollcall/store"
	"rollcall/web"
)

// recheck folds a log up to a sequence into a store beside the kept one. It stops
// where issues of the kept store were sealed and computes them from what the log
// said there; those of another stream, or of a log that has lost something since,
// from the events that they name.
type recheck struct {
	*engine
	log    *losses
	last   uint64
	kept   *store.View
	issues []report.Sealed // of the kept store
	found  *web.Verification
}

// ofThisLog reports whether an issue was computed over the log up to its sequence
// as it still is. It is known once the log was read that far.
func (r *recheck) ofThisLog(s *report.Sealed) bool {
	gap := func(g report.Gap) bool { return g.From <= s.Sequence }
	return s.In(r.source.Created()) && s.Sequence > 0 && s.Sequence <= r.last &&
		(r.log.first == 0 || r.log.first > s.Sequence) && !slices.ContainsFunc(r.lost, gap)
}

// steps are the sequences at which the fold stops, the last one among them.
func (r *recheck) steps() []uint64 {
	steps := []uint64{r.last}
	for i := range r.issues {
		if r.ofThisLog(&r.issues[i]) {
			steps = append(steps, r.issues[i].Sequence)
		}
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

// fold fills the store beside from step to step. The caller closes it.
func (r *recheck) fold(ctx context.Context, progress func(done, total uint64)) (beside *store.Store, dir string, err error) {
	tell := func(done, _ uint64) { progress(done, r.last) }
	steps := r.steps()
	beside, dir, err = r.refold(ctx, "verify", r.log, steps[0], tell)
	if err != nil {
		return nil, dir, err
	}
	for i, step := range steps {
		if i > 0 {
			err = foldUpTo(ctx, ingest.Options{
				Store: beside, Source: upTo{r.log, step}, Halls: r.halls, Log: r.engine.log.With("store", "beside"),
			}, step, tell)
		}
		if err == nil {
			err = r.compute(beside, func(s *report.Sealed) bool { return r.ofThisLog(s) && s.Sequence == step }, false)
		}
		if err != nil {
			return nil, dir, errors.Join(err, beside.Close(), os.RemoveAll(dir))
		}
	}
	err = r.compute(beside, func(s *report.Sealed) bool { return !r.ofThisLog(s) }, true)
	if err != nil {
		return nil, dir, errors.Join(err, beside.Close(), os.RemoveAll(dir))
	}
	return beside, dir, nil
}

// compute computes the issues that are wanted.
func (r *recheck) compute(beside *store.Store, wanted func(*report.Sealed) bool, byContent bool) error {
	return beside.View(func(anew *store.View) error {
		for i := range r.issues {
			s := &r.issues[i]
			if !wanted(s) {
				continue
			}
			checked, err := s.Recheck(r.kept, anew, configs.Statutory(), r.lost, byContent)
			if err != nil {
				return fmt.Errorf("compute issue %d of %s of %s: %w", s.Number, s.Month, s.Hall, err)
			}
			r.found.Issues = append(r.found.Issues, checked)
		}
		return nil
	})
}

// standing names the issues of the kept store in whose place another one stands by
// the log.
func (r *recheck) standing(anew *store.View) error {
	list, err := report.AllIssues(anew)
	for i := range r.issues {
		s := &r.issues[i]
		same := func(o report.Sealed) bool {
			return o.Hall == s.Hall && o.Month == s.Month && o.Number == s.Number && o.Digest == s.Digest
		}
		if !slices.ContainsFunc(list, same) {
			r.found.Differing++
			r.found.Differences = append(r.found.Differences, fmt.Sprintf("issue %d of %s of %s: by the log another one stands, or none", s.Number, s.Month, s.Hall))
		}
	}
	return err
}
