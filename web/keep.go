package web

// Care of the store: compare it with the log, make it anew. Both answer with
// JSON lines: progress, and last of all the result or a problem.

import (
	"context"
	"net/http"
	"time"
)

// Verification is what a comparison of the store with the log found.
type Verification struct {
	Sequence    uint64   `json:"sequence"` // up to which both were folded
	Same        bool     `json:"same"`
	Differences []string `json:"differences"` // at most some hundred
	Broken      []string `json:"broken"`      // invariants of the kept store that do not hold
}

type keepLine struct {
	Progress     *keepProgress `json:"progress,omitempty"`
	Verification *Verification `json:"verification,omitempty"`
	Rebuilt      *Status       `json:"rebuilt,omitempty"`
	Problem      *Problem      `json:"problem,omitempty"`
}

type keepProgress struct {
	Done  uint64 `json:"done"`
	Total uint64 `json:"total"`
}

func (s *Server) verify(w http.ResponseWriter, r *request) error {
	return s.keep(w, r, func(ctx context.Context, progress func(done, total uint64)) (keepLine, error) {
		v, err := s.keeper.Verify(ctx, progress)
		return keepLine{Verification: &v}, err
	})
}

func (s *Server) rebuild(w http.ResponseWriter, r *request) error {
	return s.keep(w, r, func(ctx context.Context, progress func(done, total uint64)) (keepLine, error) {
		err := s.keeper.Rebuild(ctx, progress)
		return keepLine{Rebuilt: new(s.state.Status())}, err
	})
}

func (s *Server) keep(w http.ResponseWriter, r *request, do func(context.Context, func(done, total uint64)) (keepLine, error)) error {
	out, err := newLineWriter(w, false)
	if err != nil {
		return err
	}
	if err := writeLine(out, keepLine{Progress: &keepProgress{}}); err != nil {
		return err
	}
	last := time.Now()
	line, err := do(r.Context(), func(done, total uint64) {
		if now := time.Now(); now.Sub(last) >= 500*time.Millisecond {
			last = now
			_ = writeLine(out, keepLine{Progress: &keepProgress{Done: done, Total: total}}) // a gone client cancels the request
		}
	})
	if err != nil {
		s.log.Warn("care of the store", "path", r.Pattern, "err", err)
		line = keepLine{Problem: keepProblem(err)}
	}
	return writeLine(out, line)
}

// keepProblem shows more than other routes: who cares for a store needs the
// reason.
func keepProblem(err error) *Problem {
	p := asProblem(err)
	if p.Status != http.StatusInternalServerError {
		return p
	}
	return problem(p.Status, "keep_failed", err.Error()+"; nothing was changed, try again", "操作未完成："+err.Error()+"；没有改动，请重试")
}
