package backup

// The content: manifest, messages, digest.

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"rollcall/ingest/bus"
)

// What can be wrong with a backup. Test with errors.Is.
var (
	// ErrForeign: it is no backup of rollcall.
	ErrForeign = errors.New("this is no backup of rollcall: check the path")
	// ErrIncomplete: it ends too early.
	ErrIncomplete = errors.New("the backup is not complete, its end is missing: take another one")
	// ErrAltered: it is not what was written.
	ErrAltered = errors.New("the backup is damaged or was altered: take another one")
)

// Manifest says what a backup is of.
type Manifest struct {
	Made    time.Time `json:"made"`    // when the backup was made
	Program string    `json:"program"` // and by which version
	Created time.Time `json:"created"` // when the stream was created that it is a copy of
	Last    uint64    `json:"last"`    // the last sequence
	Gaps    []Gap     `json:"gaps"`    // losses that people had accepted
	Store   *Store    `json:"store"`   // null when the store was not at Last
}

// Gap is a loss of the log that people had accepted.
type Gap struct {
	From   uint64 `json:"from"`
	To     uint64 `json:"to"`
	Reason string `json:"reason"`
}

// Store is what the store was that had folded the log up to Last.
type Store struct {
	Digest string   `json:"digest"` // hex
	Schema int      `json:"schema"` // stores of another schema have another digest
	Halls  []string `json:"halls"`  // the halls that it kept; empty = all
}

// The words of the form.
const (
	magic   = "rollcall-backup "
	version = 1
	wordGap = "gap"
	wordEnd = "end"

	maxHead = 4 << 20 // of the manifest, which lists gaps
	maxLine = 4 << 10 // of a message's line: subjects are short
	maxBody = 8 << 20 // of a message
)

// Writer writes a backup. Each message is written once, in the order of the log.
type Writer struct {
	w        *bufio.Writer
	sum      hash.Hash
	last     uint64
	messages uint64
}

// NewWriter writes the beginning.
func NewWriter(w io.Writer, m Manifest) (*Writer, error) {
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	b := &Writer{sum: sha256.New()}
	b.w = bufio.NewWriterSize(io.MultiWriter(w, b.sum), 64<<10)
	_, err = fmt.Fprintf(b.w, "%s%d\n%s\n", magic, version, head)
	return b, err
}

// Message writes the next message, and before it what is missing.
func (b *Writer) Message(m bus.Message) error {
	if m.Sequence <= b.last {
		return fmt.Errorf("message %d behind %d: the log goes back", m.Sequence, b.last)
	}
	if len(m.Body) > maxBody {
		return fmt.Errorf("message %d has %d bytes, a backup takes %d", m.Sequence, len(m.Body), maxBody)
	}
	if err := b.gap(m.Sequence - 1); err != nil {
		return err
	}
	b.last = m.Sequence
	b.messages++
	line := b.w.AvailableBuffer()
	line = strconv.AppendUint(line, m.Sequence, 10)
	line = m.Time.UTC().AppendFormat(append(line, ' '), time.RFC3339Nano)
	line = append(append(append(line, ' '), m.Subject...), ' ')
	line = append(strconv.AppendInt(line, int64(len(m.Body)), 10), '\n')
	b.w.Write(line) // bufio keeps the first error
	b.w.Write(m.Body)
	return b.w.WriteByte('\n')
}

// gap says that nothing is left up to a sequence.
func (b *Writer) gap(to uint64) error {
	if to <= b.last {
		return nil
	}
	_, err := fmt.Fprintf(b.w, "%s %d %d\n", wordGap, b.last+1, to)
	b.last = to
	return err
}

// Close writes the end: the log was copied up to last.
func (b *Writer) Close(last uint64) error {
	if err := b.gap(last); err != nil {
		return err
	}
	if err := b.w.Flush(); err != nil {
		return err
	}
	sum := b.sum.Sum(nil)
	if _, err := fmt.Fprintf(b.w, "%s %d %d %x\n", wordEnd, b.last, b.messages, sum); err != nil {
		return err
	}
	return b.w.Flush()
}

// Reader reads a backup and checks it meanwhile.
type Reader struct {
	Manifest Manifest

	r        *bufio.Reader
	sum      hash.Hash
	last     uint64
	messages uint64
	gaps     []Gap
	done     bool
}

// NewReader reads the beginning.
func NewReader(r io.Reader) (*Reader, error) {
	b := &Reader{r: bufio.NewReaderSize(r, 64<<10), sum: sha256.New()}
	if head, err := b.r.Peek(len(magic)); !strings.HasPrefix(magic, string(head)) {
		return nil, ErrForeign
	} else if err != nil {
		return nil, incomplete(err)
	}
	line, err := b.line(maxLine)
	if err != nil {
		return nil, err
	}
	b.count(line)
	found, err := strconv.Atoi(line[len(magic):])
	switch {
	case err != nil:
		return nil, ErrForeign
	case found != version:
		return nil, fmt.Errorf("the backup has form %d, and this program reads %d: take the program that made it or a newer one", found, version)
	}
	if line, err = b.line(maxHead); err != nil {
		return nil, err
	}
	b.count(line)
	if err := json.Unmarshal([]byte(line), &b.Manifest); err != nil {
		return nil, fmt.Errorf("%w (manifest: %w)", ErrAltered, err)
	}
	return b, nil
}

// Next returns the next message. io.EOF means that there is none and that the backup
// is whole; until then nothing of it should be trusted.
func (b *Reader) Next() (bus.Message, error) {
	if b.done {
		return bus.Message{}, io.EOF
	}
	for {
		line, err := b.line(maxLine)
		if err != nil {
			return bus.Message{}, err
		}
		if end, ok := strings.CutPrefix(line, wordEnd+" "); ok {
			return bus.Message{}, b.readEnd(end)
		}
		b.count(line)
		gap, ok := strings.CutPrefix(line, wordGap+" ")
		if !ok {
			return b.readMessage(line)
		}
		if err := b.readGap(gap); err != nil {
			return bus.Message{}, err
		}
	}
}

// Gaps are the messages that the log had lost, as far as was read, each with the
// reason for which people had accepted it, if the manifest has one.
func (b *Reader) Gaps() []Gap { return b.gaps }

func (b *Reader) readGap(text string) error {
	var g Gap
	if n, err := fmt.Sscanf(text, "%d %d", &g.From, &g.To); n != 2 || err != nil || g.From != b.last+1 || g.To < g.From {
		return fmt.Errorf("%w (gap %q behind message %d)", ErrAltered, text, b.last)
	}
	for _, known := range b.Manifest.Gaps {
		if known.From <= g.From && g.To <= known.To {
			g.Reason = known.Reason
		}
	}
	b.gaps = append(b.gaps, g)
	b.last = g.To
	return nil
}

func (b *Reader) readMessage(line string) (bus.Message, error) {
	parts := strings.Split(line, " ")
	if len(parts) != 4 {
		return bus.Message{}, fmt.Errorf("%w (behind message %d)", ErrAltered, b.last)
	}
	seq, errSeq := strconv.ParseUint(parts[0], 10, 64)
	taken, errTime := time.Parse(time.RFC3339Nano, parts[1])
	size, errSize := strconv.ParseUint(parts[3], 10, 32)
	if err := errors.Join(errSeq, errTime, errSize); err != nil || seq != b.last+1 || size > maxBody {
		return bus.Message{}, fmt.Errorf("%w (message %.80q behind %d)", ErrAltered, line, b.last)
	}
	body := make([]byte, size+1)
	if _, err := io.ReadFull(b.r, body); err != nil {
		return bus.Message{}, incomplete(err)
	}
	b.sum.Write(body)
	if body[size] != '\n' {
		return bus.Message{}, fmt.Errorf("%w (message %d is longer than it says)", ErrAltered, seq)
	}
	b.last = seq
	b.messages++
	return bus.Message{Sequence: seq, Subject: parts[2], Body: body[:size:size], Time: taken}, nil
}

func (b *Reader) readEnd(text string) error {
	before := b.sum.Sum(nil)
	var last, messages uint64
	var digest string
	if n, err := fmt.Sscanf(text, "%d %d %s", &last, &messages, &digest); n != 3 || err != nil {
		return fmt.Errorf("%w (end %.80q)", ErrAltered, text)
	}
	switch {
	case digest != hex.EncodeToString(before):
		return fmt.Errorf("%w (its SHA-256 is %x, written was %s)", ErrAltered, before, digest)
	case last != b.last || last != b.Manifest.Last || messages != b.messages:
		return fmt.Errorf("%w (it ends at %d, wanted %d)", ErrAltered, b.last, b.Manifest.Last)
	}
	if _, err := b.r.ReadByte(); !errors.Is(err, io.EOF) {
		if err != nil {
			return err
		}
		return fmt.Errorf("%w (something follows its end)", ErrAltered)
	}
	b.done = true
	return io.EOF
}

// line returns the next line without its newline.
func (b *Reader) line(limit int) (string, error) {
	var line []byte
	for {
		part, err := b.r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > limit:
			return "", fmt.Errorf("%w (a line of more than %d bytes)", ErrAltered, limit)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return "", incomplete(err)
		}
		return string(line[:len(line)-1]), nil
	}
}

// count adds a line to what the digest is of.
func (b *Reader) count(line string) {
	io.WriteString(b.sum, line) // a hash never fails
	b.sum.Write([]byte{'\n'})
}

// incomplete puts the end of a file in the middle into our words.
func incomplete(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrIncomplete
	}
	return err
}
