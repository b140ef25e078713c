package ingest

// Folding a file.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// ReplayOptions say into what a file is folded.
type ReplayOptions struct {
	Store *store.Store // sequences go on from where it stands
	// Halls are the ones to keep; lines of others are ignored, even bad ones.
	// Empty: all.
	Halls []hall.ID
	// BatchSize is the number of lines a transaction, 0 = 20000.
	BatchSize int
}

// Replayed is what a file held. Lines of other halls count in Lines and Foreign
// alone.
type Replayed struct {
	Lines   uint64
	Dead    int
	Foreign int
	// Latest is the largest time of an event that could be read, LatestPunch that
	// of a punch; 0 = none.
	Latest      hall.Instant
	LatestPunch hall.Instant
}

// Replay folds JSON lines into a store with the code that folds the log. A line
// has the sequence of its number, from 1 on in a new store; a line that cannot
// be read is a dead letter under it, a blank one too; a newline at the end of
// the file begins no line.
func Replay(ctx context.Context, lines io.Reader, o ReplayOptions) (Replayed, error) {
	applied, err := o.Store.Applied()
	if err != nil {
		return Replayed{}, fmt.Errorf("read where the store stands: %w", err)
	}
	r := replay{
		store: o.Store, decoder: newDecoder(o.Halls), size: defaulted(o.BatchSize, 20_000),
		sequence: applied.Sequence, created: applied.Created, batch: newBatch(),
	}
	in := bufio.NewReaderSize(lines, 64<<10)
	for ctx.Err() == nil {
		line, err := ReadLine(in, maxLine)
		if errors.Is(err, io.EOF) {
			return r.done, r.flush()
		}
		if _, long := errors.AsType[*LongLine](err); err != nil && !long {
			return r.done, fmt.Errorf("read line %d: %w", r.done.Lines+1, err)
		}
		if err := r.line(line, err); err != nil {
			return r.done, err
		}
	}
	return r.done, context.Cause(ctx)
}

// maxLine bounds the memory that a line takes: a body is limited, and four
// times as much leaves room for a body over the limit to be named as such.
const maxLine = 4 << 20

// replay is a file that is being folded.
type replay struct {
	store    *store.Store
	decoder  decoder
	size     int
	sequence uint64
	created  time.Time
	batch    *batch
	done     Replayed
}

func (r *replay) line(line []byte, err error) error {
	r.sequence++
	r.done.Lines++
	subject, data := "", []byte(nil)
	if err == nil {
		subject, data, err = hall.DecodeLine(line)
	}
	var d decoded
	switch {
	case err == nil:
		d = r.decoder.decode(r.sequence, subject, data)
	case r.decoder.foreign(subject):
		d = decoded{kind: kindOf(subject), what: foreign}
	default:
		d = deadLetter(r.sequence, subject, err)
	}
	r.note(d)
	r.batch.add(&bus.Message{Sequence: r.sequence, Subject: subject, Body: data}, &d)
	if r.batch.count < r.size && !r.batch.full() {
		return nil
	}
	return r.flush()
}

func (r *replay) note(d decoded) {
	switch d.what {
	case dead:
		r.done.Dead++
	case foreign:
		r.done.Foreign++
	case folded:
		at := d.event.Fact.GetHead().Time
		r.done.Latest = max(r.done.Latest, at)
		if d.kind == hall.KindPunch {
			r.done.LatestPunch = max(r.done.LatestPunch, at)
		}
	}
}

func (r *replay) flush() error {
	if r.batch.count == 0 {
		return nil
	}
	b := r.batch.ended(r.created)
	b.Applied.Time = max(r.done.Latest, 0) // a file has no clock of its own
	if err := r.store.Apply(b); err != nil {
		return fmt.Errorf("fold up to line %d: %w", r.done.Lines, err)
	}
	r.batch.reset()
	return nil
}
