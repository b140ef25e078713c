package store

// Taking records apart, and memory for new ones.

import (
	"encoding/binary"
	"encoding/hex"
)

// reader takes a record apart; bad stays set after the first thing that is missing,
// and nothing is left then.
type reader struct {
	b   []byte
	at  int // what of b was read
	bad bool
}

// left is what was not read yet.
func (r *reader) left() []byte { return r.b[r.at:] }

func (r *reader) fail() { r.bad, r.at = true, len(r.b) }

func (r *reader) uvarint() uint64 {
	if r.at < len(r.b) && r.b[r.at] < 0x80 { // nearly all are this small
		r.at++
		return uint64(r.b[r.at-1])
	}
	return r.longUvarint()
}

func (r *reader) longUvarint() uint64 {
	v, n := binary.Uvarint(r.left())
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.left())
	if n <= 0 {
		r.fail()
		return 0
	}
	r.at += n
	return v
}

func (r *reader) take(n uint64) []byte {
	left := r.left()
	if n > uint64(len(left)) {
		r.fail()
		return nil
	}
	r.at += int(n)
	return left[:n:n]
}

func (r *reader) bytes() []byte { return r.take(r.uvarint()) }

func (r *reader) word(words []string, i, other int) string {
	if i == other {
		return string(r.bytes())
	}
	if i >= len(words) {
		r.bad = true
		return ""
	}
	return words[i]
}

func (r *reader) id() []byte {
	if n := r.uvarint(); n > 0 {
		return r.take(n)
	}
	sum := r.take(16)
	return hex.AppendEncode(append(make([]byte, 0, 34), "h-"...), sum)
}

// arena keeps bytes until the transaction ends, without an allocation for each.
type arena struct {
	chunk []byte   // the one that is filled
	spare [][]byte // empty ones
	full  [][]byte
}

const arenaChunk = 1 << 20

// take returns what build appends, which is about size bytes; it stays valid until
// reset. What is large has memory of its own.
func (a *arena) take(size int, build func([]byte) []byte) []byte {
	if size > arenaChunk/16 {
		return build(make([]byte, 0, size))
	}
	if cap(a.chunk)-len(a.chunk) < size {
		a.next()
	}
	start := len(a.chunk)
	grown := build(a.chunk)
	if cap(grown) == cap(a.chunk) {
		a.chunk = grown // else it did not fit and has memory of its own
	}
	return grown[start:len(grown):len(grown)]
}

func (a *arena) next() {
	if a.chunk != nil {
		a.full = append(a.full, a.chunk[:0])
	}
	if n := len(a.spare); n > 0 {
		a.chunk, a.spare = a.spare[n-1], a.spare[:n-1]
		return
	}
	a.chunk = make([]byte, 0, arenaChunk)
}

// maxSpare bounds what an arena holds on to between transactions.
const maxSpare = 16

// reset takes all memory back.
func (a *arena) reset() {
	if a.chunk != nil {
		a.full = append(a.full, a.chunk[:0])
		a.chunk = nil
	}
	a.spare = append(a.spare, a.full...)
	a.spare = a.spare[:min(len(a.spare), maxSpare)]
	clear(a.spare[len(a.spare):cap(a.spare)])
	clear(a.full)
	a.full = a.full[:0]
}
