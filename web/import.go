package web

// Many events as JSON lines, in.

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// maxRefused is how many refused lines, and how many odd ones, an import names; the others
// are counted.
const maxRefused = 100

// importLine is a line of an import's answer: progress, a refused or an odd line of the
// file, or last of all the summary or a problem.
type importLine struct {
	Progress *importCount   `json:"progress,omitempty"`
	Refused  *refusedLine   `json:"refused,omitempty"`
	Doubted  *doubtedLine   `json:"doubted,omitempty"`
	Summary  *importSummary `json:"summary,omitempty"`
	Problem  *Problem       `json:"problem,omitempty"`
}

type importCount struct {
	Read      int `json:"read"`
	Published int `json:"published"`
	// Folded is the last sequence folded, once everything is published.
	Folded uint64 `json:"folded"`
}

type refusedLine struct {
	Line     int       `json:"line"`
	Subject  string    `json:"subject"`
	Field    hall.Name `json:"field"` // null where there is no JSON
	Reason   string    `json:"reason"`
	ReasonZh string    `json:"reason_zh"`
}

// doubtedLine was taken and is odd.
type doubtedLine struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

type importSummary struct {
	Read        int      `json:"read"`
	Published   int      `json:"published"`
	Duplicates  int      `json:"duplicates"` // folded before, or known to the stream
	Refused     int      `json:"refused"`
	Conflicts   int      `json:"conflicts"`   // stored beside the other content that their uid holds
	Conflicting []string `json:"conflicting"` // the first of them
	// Unresolved punches, leave and corrections name people whom no roster row names;
	// Strangers are the first of those. 0 where the fold stands still.
	Unresolved int             `json:"unresolved"`
	Strangers  []hall.PersonID `json:"strangers"`
	Sequence   uint64          `json:"sequence"` // the last of the stream: min_seq of what asks for them
	Stream     time.Time       `json:"stream"`
	Folded     bool            `json:"folded"` // false: stored, and the fold stands still
}

// importer publishes the lines of one request as they come.
type importer struct {
	server *Server
	out    *lineWriter
	in     *bufio.Reader
	force  bool
	now    time.Time

	read, refused int
	doubted       int
	before        int // lines that were folded before, and are not published again
	spoken        spoken
	lastSaid      time.Time
}

// importLines publishes JSON lines. A line that is no event is refused by its
// number and the rest goes on; what was published stays published, and sending
// the file again is safe.
func (s *Server) importLines(w http.ResponseWriter, r *request) error {
	force, err := r.params.flag("force")
	if err != nil {
		return err
	}
	if err := s.takesNoEvents(); err != nil {
		return err
	}
	out, err := newLineWriter(w, true)
	if err != nil {
		return err
	}
	im := &importer{server: s, out: out, in: bufio.NewReaderSize(r.Body, 64<<10), force: force, now: s.now(), spoken: spoken{}}
	published, duplicates, err := s.stream.PublishAll(r.Context(), im.lines(), im.progress)
	duplicates += im.before
	conflicts := conflictsOf(err)
	if err != nil && conflicts == nil {
		return im.fail(err)
	}
	last, err := s.stream.Last(r.Context())
	if err != nil {
		return im.fail(err)
	}
	folded, err := im.follow(r.Context(), last, published)
	if err != nil {
		return im.fail(err)
	}
	sum := &importSummary{
		Read: im.read, Published: published, Duplicates: duplicates, Refused: im.refused,
		Conflicts: im.read - im.refused - published - duplicates, Conflicting: nonNil(conflicts),
		Sequence: last, Stream: s.stream.Created(), Folded: folded,
	}
	if folded {
		err = s.state.View(func(v *store.View) (err error) {
			sum.Unresolved, sum.Strangers, err = im.spoken.strangers(v)
			return err
		})
		if err != nil {
			return im.fail(err)
		}
	}
	sum.Strangers = nonNil(sum.Strangers)
	return out.write(importLine{Summary: sum})
}

// follow waits until the fold has everything, however long the file was: who
// asks for a list next must find it there. It gives up only when the fold
// stands still.
func (im *importer) follow(ctx context.Context, last uint64, published int) (folded bool, err error) {
	for {
		waited, cancel := context.WithTimeout(ctx, time.Second)
		err := im.server.state.Wait(waited, last)
		cancel()
		if err == nil {
			return true, nil
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		st := im.server.state.Status()
		if st.Halted != nil || !errors.Is(err, context.DeadlineExceeded) {
			return false, nil
		}
		if err := im.out.write(importLine{Progress: &importCount{Read: im.read, Published: published, Folded: st.Applied}}); err != nil {
			return false, err
		}
	}
}

// conflictsOf returns what an import says of uids that hold another content, nil
// where something else went wrong too.
func conflictsOf(err error) []string {
	if !errors.Is(err, hall.ErrConflict) {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []string{err.Error()}
	}
	var texts []string
	for _, part := range joined.Unwrap() {
		if !errors.Is(part, hall.ErrConflict) {
			return nil
		}
		texts = append(texts, strings.Split(part.Error(), "\n")...)
	}
	return texts
}

// fail says in the last line why the import ended early.
func (im *importer) fail(err error) error {
	if errors.Is(err, errClientGone) {
		return err
	}
	p := asProblem(err)
	if p.Status == http.StatusInternalServerError {
		im.server.log.Warn("import broken off", "read", im.read, "err", err)
		p = problem(http.StatusServiceUnavailable, "import_broken_off",
			"the import broke off: import the same file again, which is safe", "导入中断：请重新导入同一文件，不会重复计算")
	}
	return im.out.write(importLine{Problem: p})
}

func (im *importer) progress(published int) {
	if now := time.Now(); now.Sub(im.lastSaid) >= time.Second {
		im.lastSaid = now
		_ = im.out.write(importLine{Progress: &importCount{Read: im.read, Published: published}}) // a gone client ends the reading
	}
}

// lines yields the events of the body.
func (im *importer) lines() iter.Seq2[bus.Outgoing, error] {
	return func(yield func(bus.Outgoing, error) bool) {
		for {
			if err := im.out.extend(); err != nil {
				yield(bus.Outgoing{}, err)
				return
			}
			line, err := ingest.ReadLine(im.in, MaxBody)
			if errors.Is(err, io.EOF) {
				if err := im.out.read(); err != nil {
					yield(bus.Outgoing{}, err)
				}
				return
			}
			if _, long := errors.AsType[*ingest.LongLine](err); err != nil && !long {
				yield(bus.Outgoing{}, fmt.Errorf("%w: read line %d: %w", errClientGone, im.read+1, err))
				return
			}
			im.read++
			event, ok, err := im.event(line, err)
			if err != nil {
				yield(bus.Outgoing{}, err)
				return
			}
			if ok && !yield(event, nil) {
				return
			}
		}
	}
}

// event decodes a line; ok is false for one that was refused.
func (im *importer) event(line []byte, bad error) (out bus.Outgoing, ok bool, err error) {
	subject, body := "", []byte(nil)
	if bad == nil {
		subject, body, bad = hall.DecodeLine(line)
	}
	var event hall.Event
	if bad == nil {
		event, bad = hall.Decode(subject, body)
	}
	if bad == nil && !im.force {
		bad = cmp.Or(checkPolicy(event, body), plausible(event, im.now, false))
	}
	if bad != nil {
		return bus.Outgoing{}, false, im.refuse(subject, bad)
	}
	im.spoken.note(event)
	held, err := im.holds(&event)
	if err != nil {
		return bus.Outgoing{}, false, err
	}
	if held {
		im.before++
		return bus.Outgoing{}, false, nil
	}
	if odd := doubt(event, im.now); odd != "" && im.doubted < maxRefused {
		im.doubted++
		if err := im.out.write(importLine{Doubted: &doubtedLine{Line: im.read, Reason: odd}}); err != nil {
			return bus.Outgoing{}, false, err
		}
	}
	return bus.Outgoing{Subject: subject, UID: event.UID, Body: body}, true, nil
}

// holds reports whether an event is folded already: the stream forgets within seconds
// which events it has, the store never does. A log that has lost messages gets
// everything: it may be what it lost.
func (im *importer) holds(e *hall.Event) (held bool, err error) {
	if im.server.stream.Lost() > 0 {
		return false, nil
	}
	err = im.server.state.View(func(v *store.View) error {
		held, err = v.Holds(e)
		return err
	})
	return held, err
}

func (im *importer) refuse(subject string, bad error) error {
	im.refused++
	if im.refused > maxRefused {
		return nil
	}
	line := &refusedLine{Line: im.read, Subject: subject, Reason: bad.Error(), ReasonZh: hall.ReasonZh(bad.Error())}
	if p, ok := errors.AsType[*Problem](bad); ok {
		line.Field, line.ReasonZh = hall.Name(p.Field), p.DetailZh
	}
	if rej, ok := errors.AsType[*hall.Rejection](bad); ok {
		line.Field, line.Reason, line.ReasonZh = hall.Name(rej.Field), rej.Reason, hall.ReasonZh(rej.Reason)
	}
	return im.out.write(importLine{Refused: line})
}
