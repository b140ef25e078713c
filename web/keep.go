package web

// Care of log and store: compare them, make the store anew, heal the log. All answer with
// JSON lines: progress, and last of all the result or a problem.

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"rollcall/report"
)

// Verification is what a comparison of the store with the log found.
type Verification struct {
	Sequence    uint64   `json:"sequence"` // up to which both were folded
	Same        bool     `json:"same"`
	Differences []string `json:"differences"` // at most some hundred
	StoreOnly   int      `json:"store_only"`  // events that the log has not: heal publishes them again
	LogOnly     int      `json:"log_only"`    // events that the store has not: rebuild brings them
	Differing   int      `json:"differing"`   // events of which the two have other bodies: rebuild
	Lost        []string `json:"lost"`        // messages that the log has lost and nobody has accepted
	Broken      []string `json:"broken"`      // invariants of the kept store that do not hold
	// Issues are the issues of all months, each computed anew.
	Issues []report.Checked `json:"issues"`
}

// Healing is what the log had lost and the store still had.
type Healing struct {
	Trial      bool   `json:"trial"`      // nothing was published
	Lost       []Loss `json:"lost"`       // by hall, kind and month
	Published  int    `json:"published"`  // of them
	Duplicates int    `json:"duplicates"` // of them: the stream had them after all
	Last       uint64 `json:"last"`       // last sequence of the log then, 0 where nothing was published
}

// Loss is how many events of a hall, a kind and a month (of their time, in UTC) were
// lost.
type Loss struct {
	Hall   string `json:"hall"`
	Kind   string `json:"kind"`
	Month  string `json:"month"`
	Events int    `json:"events"`
}

// Compare orders losses by hall, kind and month.
func (l Loss) Compare(o Loss) int {
	return cmp.Or(cmp.Compare(l.Hall, o.Hall), cmp.Compare(l.Kind, o.Kind), cmp.Compare(l.Month, o.Month))
}

type keepLine struct {
	Progress     *keepProgress `json:"progress,omitempty"`
	Verification *Verification `json:"verification,omitempty"`
	Rebuilt      *Status       `json:"rebuilt,omitempty"`
	Healing      *Healing      `json:"healing,omitempty"`
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
	discard, err := r.params.flag("discard")
	if err != nil {
		return err
	}
	return s.keep(w, r, func(ctx context.Context, progress func(done, total uint64)) (keepLine, error) {
		err := s.keeper.Rebuild(ctx, discard, progress)
		return keepLine{Rebuilt: new(s.state.Status())}, err
	})
}

// heal publishes, so it needs room on the disk; a halted fold is when it is needed.
func (s *Server) heal(w http.ResponseWriter, r *request) error {
	trial, err := r.params.flag("trial")
	if err != nil {
		return err
	}
	if low := s.state.Status().DiskLow; low != nil && !trial {
		return diskLow(low, http.StatusInsufficientStorage)
	}
	return s.keep(w, r, func(ctx context.Context, progress func(done, total uint64)) (keepLine, error) {
		h, err := s.keeper.Heal(ctx, trial, progress)
		return keepLine{Healing: &h}, err
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
