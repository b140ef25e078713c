package bus

// What goes over the bus: messages that are read and events that are published.

import (
	"crypto/sha256"
	"time"

	"rollcall/hall"
)

// Message is one message of the stream. Whoever gets it owns Body but must not
// change it before the next message was delivered: the guard hashes it.
type Message struct {
	Sequence uint64
	Subject  string
	Body     []byte
	Time     time.Time // when the stream took it
	Pending  uint64    // how many are behind it in the stream, as of its delivery
}

// Hash is the SHA-256 of subject, a zero byte and body. It anchors a store to
// the message that it applied last.
func (m Message) Hash() [32]byte {
	b := make([]byte, 0, len(m.Subject)+1+len(m.Body))
	b = append(b, m.Subject...)
	b = append(b, 0)
	b = append(b, m.Body...)
	return sha256.Sum256(b)
}

// Position is how far a store has applied a stream. The zero Position is that
// of an empty store.
type Position struct {
	Created  time.Time // of the stream, to the nanosecond
	Sequence uint64    // of the last applied message
	Hash     [32]byte  // of that message; zero = not known, then not compared
}

// Outgoing is an event to be published. Without a UID it has no message id, and
// the stream takes it as often as it comes.
type Outgoing struct {
	Subject string
	UID     hall.UID
	Body    []byte

	door string // before the subject; see Bus.Mend
}

// Ack says that the stream holds an event durably.
type Ack struct {
	Sequence uint64
	// Duplicate: nothing was stored, Sequence is that of an earlier message with
	// the same id. Its body may differ; PublishOnce compares.
	Duplicate bool
}
