package store

// Records: what the values look like but for punches (packed.go). With the version
// of the schema testdata holds them as they are: whoever changes one, or adds one
// that must be there, raises the version, and older files are folded anew.

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rollcall/hall"
)

// appendBodies encodes the bodies of a fact, the one that counts first.
func appendBodies(b []byte, bodies [][]byte) []byte {
	for _, body := range bodies {
		b = appendString(b, body)
	}
	return b
}

// readBodies returns the bodies of a fact, at least one; they point into the
// record.
func readBodies(record []byte) ([][]byte, error) {
	r := reader{b: record}
	var bodies [][]byte
	for len(r.left()) > 0 {
		bodies = append(bodies, r.bytes())
	}
	if r.bad || len(bodies) == 0 {
		return nil, fmt.Errorf("%w: a fact of %d bytes cannot be read", ErrCorrupt, len(record))
	}
	return bodies, nil
}

// appendTerminal packs a heartbeat: flags (bit 0 retired), seconds since
// midnight UTC of its day, complete_until (0 = none), terminal.
func appendTerminal(b []byte, t *hall.Terminal) []byte {
	flags := uint64(0)
	if t.Retired {
		flags = 1
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(t.Time-midnight(t.Time.UTCDate())))
	b = binary.AppendVarint(b, int64(t.CompleteUntil))
	return appendString(b, t.Terminal)
}

func readTerminal(record []byte, uid hall.UID, day hall.Date) (hall.Terminal, error) {
	r := reader{b: record}
	flags, second, complete := r.uvarint(), r.uvarint(), r.varint()
	t := hall.Terminal{
		Head:          hall.Head{UID: uid, Time: midnight(day) + hall.Instant(second)},
		Retired:       flags&1 != 0,
		CompleteUntil: hall.Instant(complete),
		Terminal:      string(r.bytes()),
	}
	if r.bad || len(r.left()) > 0 {
		return t, fmt.Errorf("%w: heartbeat %s", ErrCorrupt, uid)
	}
	return t, nil
}

// schemaRecord says what wrote the file.
type schemaRecord struct {
	Version int    `json:"version"`
	Writer  string `json:"writer"` // program and version that made the file
}

// appliedRecord is the point of the log that the file has reached.
type appliedRecord struct {
	Sequence uint64 `json:"sequence"`
	Hash     string `json:"hash"`    // hex
	Time     int64  `json:"time"`    // seconds, the stream's time of the message
	Created  string `json:"created"` // RFC 3339 with nanoseconds, of the stream
}

// deadRecord is an event that could not be read.
type deadRecord struct {
	Subject string `json:"subject"`
	Field   string `json:"field,omitempty"`
	Reason  string `json:"reason"`
}

func encode(record any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(record); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}

func encodeApplied(a Applied) ([]byte, error) {
	return encode(appliedRecord{
		Sequence: a.Sequence,
		Hash:     hex.EncodeToString(a.Hash[:]),
		Time:     int64(a.Time),
		Created:  a.Created.UTC().Format(time.RFC3339Nano),
	})
}

func (r *appliedRecord) applied() (Applied, error) {
	a := Applied{Sequence: r.Sequence, Time: hall.Instant(r.Time)}
	hash, err := hex.DecodeString(r.Hash)
	if err != nil || copy(a.Hash[:], hash) != len(a.Hash) {
		return a, fmt.Errorf("%w (applied: hash %q)", ErrCorrupt, r.Hash)
	}
	if a.Created, err = time.Parse(time.RFC3339Nano, r.Created); err != nil {
		return a, fmt.Errorf("%w (applied: %w)", ErrCorrupt, err)
	}
	return a, nil
}
