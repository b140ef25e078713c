package ingest

// Reading lines that come from outside.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// LongLine is the error for a line that is longer than it may be.
type LongLine struct{ Limit int }

func (e *LongLine) Error() string { return fmt.Sprintf("a line of more than %d bytes", e.Limit) }

// ReadLine returns the next line without its end. One that is longer than limit is
// skipped whole, holding none of it, and is a *LongLine; what follows can be read. The last
// line needs no end; behind it io.EOF is returned.
func ReadLine(in *bufio.Reader, limit int) ([]byte, error) {
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
			return nil, &LongLine{limit}
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
