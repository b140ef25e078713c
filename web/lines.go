package web

// JSON lines out, each with a deadline of its own.

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const ndjson = "application/x-ndjson"

var errClientGone = errors.New("client gone")

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
