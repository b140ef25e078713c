package store

// Taking records apart, and memory for new ones.

import (
	"encoding/binary"
	"encoding/hex"
)

// reader takes a record apart; bad stays set after the first thing that is
// missing.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	taken := r.b[:n:n]
	r.b = r.b[n:]
	return taken
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

// details returns those of the next punch without reading them.
func (r *reader) details() []byte {
	whole := r.b
	flags := r.uvarint()
	if flags>>methodBits&7 == otherMethod {
		r.bytes()
	}
	if flags>>directionBits&3 == otherDirection {
		r.bytes()
	}
	if flags&moreBit != 0 {
		more := r.uvarint()
		if more&moreTerminal != 0 {
			r.bytes()
		}
		if more&moreSeq != 0 {
			r.bytes()
		}
		if more&moreReceived != 0 {
			r.varint()
		}
	}
	n := len(whole) - len(r.b)
	return whole[:n:n]
}

// arena keeps bytes until the transaction ends, without an allocation for each.
type arena struct {
	chunk []byte   // the one that is filled
	spare [][]byte // empty ones
	full  [][]byte
}

const arenaChunk = 1 << 20

// take returns what build appends; it stays valid until reset.
func (a *arena) take(build func([]byte) []byte) []byte {
	if cap(a.chunk)-len(a.chunk) < arenaChunk/16 {
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
