package web

// Many events as JSON lines, in and out.

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

const ndjson = "application/x-ndjson"

// maxRefused is how many refused lines an import names; the others are counted.
const maxRefused = 100

// importLine is a line of an import's answer: progress, a refused line of the
// file, or last of all the summary or a problem.
type importLine struct {
	Progress *importCount   `json:"progress,omitempty"`
	Refused  *refusedLine   `json:"refused,omitempty"`
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
	Line    int       `json:"line"`
	Subject string    `json:"subject"`
	Field   hall.Name `json:"field"` // null where there is no JSON
	Reason  string    `json:"reason"`
}

type importSummary struct {
	Read        int       `json:"read"`
	Published   int       `json:"published"`
	Duplicates  int       `json:"duplicates"`
	Refused     int       `json:"refused"`
	Conflicts   int       `json:"conflicts"`   // left out: their uid holds another content
	Conflicting []string  `json:"conflicting"` // the first of them
	Sequence    uint64    `json:"sequence"`    // the last of the stream: min_seq of what asks for them
	Stream      time.Time `json:"stream"`
	Folded      bool      `json:"folded"` // false: stored, and the fold stands still
}

// importer publishes the lines of one request as they come.
type importer struct {
	server *Server
	out    *lineWriter
	in     *bufio.Reader
	force  bool
	now    time.Time

	read, refused int
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
	if stopped := s.state.Status().Halted; stopped != nil {
		return halted(stopped)
	}
	out, err := newLineWriter(w, true)
	if err != nil {
		return err
	}
	im := &importer{server: s, out: out, in: bufio.NewReaderSize(r.Body, 64<<10), force: force, now: s.now()}
	published, duplicates, err := s.stream.PublishAll(r.Context(), im.lines(), im.progress)
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
	return out.write(importLine{Summary: &importSummary{
		Read: im.read, Published: published, Duplicates: duplicates, Refused: im.refused,
		Conflicts: im.read - im.refused - published - duplicates, Conflicting: nonNil(conflicts),
		Sequence: last, Stream: s.stream.Created(), Folded: folded,
	}})
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
			line, err := readLine(im.in, maxBody)
			if errors.Is(err, io.EOF) {
				if err := im.out.read(); err != nil {
					yield(bus.Outgoing{}, err)
				}
				return
			}
			if err != nil && !errors.Is(err, errLongLine) {
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
	if bad == nil {
		bad = checkPolicyKeys(event, body)
	}
	if bad == nil && !im.force {
		bad = plausible(event, im.now, false)
	}
	if bad != nil {
		return bus.Outgoing{}, false, im.refuse(subject, bad)
	}
	return bus.Outgoing{Subject: subject, UID: event.UID, Body: body}, true, nil
}

func (im *importer) refuse(subject string, bad error) error {
	im.refused++
	if im.refused > maxRefused {
		return nil
	}
	line := &refusedLine{Line: im.read, Subject: subject, Reason: bad.Error()}
	if p, ok := errors.AsType[*Problem](bad); ok {
		line.Field = hall.Name(p.Field)
	}
	if rej, ok := errors.AsType[*hall.Rejection](bad); ok {
		line.Field, line.Reason = hall.Name(rej.Field), rej.Reason
	}
	return im.out.write(importLine{Refused: line})
}

var (
	errLongLine   = errors.New("line of more than 80 KiB")
	errClientGone = errors.New("client gone")
)

// readLine returns the next line without its end; one that is too long is
// skipped whole and reported. The last line needs no end.
func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			long = len(line) > limit
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(line) == 0):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return trimEnd(line), nil
	}
}

func trimEnd(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

// lineWriter streams NDJSON: each line is sent at once, and both ends have a
// while for each line instead of one for the whole.
type lineWriter struct {
	rc     *http.ResponseController
	enc    *json.Encoder
	duplex bool // the body is still being read
}

// newLineWriter begins the answer; duplex lets the body be read meanwhile.
func newLineWriter(w http.ResponseWriter, duplex bool) (*lineWriter, error) {
	rc := http.NewResponseController(w)
	if duplex {
		if err := gone(rc.EnableFullDuplex()); err != nil {
			return nil, err
		}
	}
	h := w.Header()
	h.Set("Content-Type", ndjson)
	h.Set("Cache-Control", "no-store")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	l := &lineWriter{rc: rc, enc: enc, duplex: duplex}
	if !duplex {
		return l, l.read()
	}
	return l, nil
}

// read says that the body is read: without a deadline the server only watches
// for a client that goes away, with one it would take its passing for that.
func (l *lineWriter) read() error {
	l.duplex = false
	return gone(l.rc.SetReadDeadline(time.Time{}))
}

// gone marks the errors of a connection. What a test's recorder cannot do is no
// error.
func gone(err error) error {
	if err == nil || errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return fmt.Errorf("%w: %w", errClientGone, err)
}

// extend grants both ends another while.
func (l *lineWriter) extend() error {
	deadline := time.Now().Add(lineTimeout)
	if l.duplex {
		if err := gone(l.rc.SetReadDeadline(deadline)); err != nil {
			return err
		}
	}
	return gone(l.rc.SetWriteDeadline(deadline))
}

func (l *lineWriter) write(line importLine) error { return writeLine(l, line) }

func writeLine[T any](l *lineWriter, line T) error {
	if err := l.extend(); err != nil {
		return err
	}
	if err := l.enc.Encode(line); err != nil {
		return gone(err)
	}
	return gone(l.rc.Flush())
}

// export sends events as JSON lines: those of the store, which knows each uid
// once, or those of the log as they came. What cannot be read as an event is
// left out and counted in the trailer Rollcall-Skipped.
func (s *Server) export(w http.ResponseWriter, r *request) error {
	only := hall.ID(r.params.Get("hall"))
	from := r.params.Get("from")
	if r.params.Has("from") && from != "store" && from != "log" {
		return badParameter("from", from, "store or log")
	}
	if only != "" {
		if err := s.state.View(func(v *store.View) error { return checkHall(v, only) }); err != nil {
			return err
		}
	}
	w.Header().Set("Trailer", trailerSkipped)
	out, err := newLineWriter(w, false)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 64<<10)
	ex := &exporter{out: out, buf: buffered}
	if from == "log" {
		err = s.exportLog(r.Context(), only, ex)
	} else {
		err = s.exportStore(only, ex)
	}
	if err == nil {
		err = buffered.Flush()
	}
	w.Header().Set(trailerSkipped, fmt.Sprint(ex.skipped))
	return err
}

const trailerSkipped = "Rollcall-Skipped"

type exporter struct {
	out     *lineWriter
	buf     *bufio.Writer
	lines   int
	skipped int
}

// put writes a line; every thousand the client gets another while.
func (e *exporter) put(line []byte) error {
	if e.lines%1000 == 0 {
		if err := e.out.extend(); err != nil {
			return err
		}
	}
	e.lines++
	e.buf.Write(line)
	return e.buf.WriteByte('\n') // bufio keeps the first error
}

func (s *Server) exportStore(only hall.ID, ex *exporter) error {
	return s.state.View(func(v *store.View) error {
		for _, id := range v.Halls() {
			if only != "" && id != only {
				continue
			}
			for line, err := range v.Export(id) {
				if err != nil {
					return err
				}
				if err := ex.put(hall.EncodeLine(line.Subject, line.Body)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// errEnd ends the reading of the log at what was its last message.
var errEnd = errors.New("end of the log")

func (s *Server) exportLog(ctx context.Context, only hall.ID, ex *exporter) error {
	last, err := s.stream.Last(ctx)
	if err != nil || last == 0 {
		return err
	}
	err = s.stream.Consume(ctx, bus.Position{}, func(m bus.Message) error {
		if err := ex.message(m, only); err != nil {
			return err
		}
		if m.Sequence >= last {
			return errEnd
		}
		return nil
	})
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

func (e *exporter) message(m bus.Message, only hall.ID) error {
	event, err := hall.Decode(m.Subject, m.Body)
	if err != nil {
		e.skipped++
		return nil
	}
	if only != "" && event.UID.Hall() != only {
		return nil
	}
	return e.put(hall.EncodeLine(m.Subject, m.Body))
}
