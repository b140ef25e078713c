package web

// JSON lines in both directions: reading them with a limit, writing them with a
// deadline for each.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const ndjson = "application/x-ndjson"

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
