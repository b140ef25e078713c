package web

// Many events as JSON lines, out.

import (
	"bufio"
	"context"
	"fmt"
	"net/http"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// export sends events as JSON lines: those of the store, which knows each uid
// once, or those of the log as they came. What cannot be read as an event is
// left out and counted in the trailer Rollcall-Skipped.
func (s *Server) export(w http.ResponseWriter, r *request) error {
	only := hall.ID(r.params.Get("hall"))
	from := r.params.Get("from")
	if r.params.Has("from") && from != "store" && from != "log" {
		return badParameter("from", from, "store or log", " store 或 log")
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
		err = s.exportStore(r.Context(), only, ex)
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

// exportStore reads a copy: the client may be slow.
func (s *Server) exportStore(ctx context.Context, only hall.ID, ex *exporter) error {
	return s.state.Snapshot(ctx, func(v *store.View) error {
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

func (s *Server) exportLog(ctx context.Context, only hall.ID, ex *exporter) error {
	last, err := s.stream.Last(ctx)
	if err != nil {
		return err
	}
	return s.readLog(ctx, last, func(m bus.Message) error { return ex.message(m, only) })
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
