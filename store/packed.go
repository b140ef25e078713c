package store

// The record of a person's day: punches packed one behind the other.

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"rollcall/hall"
)

// packed is a punch inside the record of its person and day:
//
//	record   = sources, each once and sorted: count, then length and bytes; then punches up to the end
//	punch    = seconds since the punch before (the first: since midnight UTC)
//	           number of its source, left out where there is only one
//	           length of the id, id; length 0: `h-` and 32 hex digits, packed into 16 bytes
//	           details
//	details  = flags: bits 0-2 method, bits 3-4 direction, bit 5 more
//	           method and direction as text where they are another word
//	           more: a bit for each of terminal, seq, received_at; then these
//
// Every number is a uvarint. The punches stand by (time, uid), each once.
type packed struct {
	second  uint32 // since midnight UTC
	source  []byte
	id      []byte
	details []byte
}

// The bits of details.
const (
	methodBits     = 0
	directionBits  = 3
	moreBit        = 1 << 5
	otherMethod    = 7
	otherDirection = 3

	moreTerminal = 1
	moreSeq      = 2
	moreReceived = 4
)

// methods and directions are the words that need no text; 0 is none.
var (
	methods    = []string{"", "face", "card", "fingerprint", "phone", "manual"}
	directions = []string{"", "in", "out"}
)

// compare orders by (time, uid).
func (p *packed) compare(o *packed) int {
	if c := cmp.Compare(p.second, o.second); c != 0 {
		return c
	}
	if bytes.Equal(p.source, o.source) {
		return bytes.Compare(p.id, o.id)
	}
	// The uid has a slash behind the source, which sorts after a hyphen.
	n := min(len(p.source), len(o.source))
	if c := bytes.Compare(p.source[:n], o.source[:n]); c != 0 {
		return c
	}
	if len(p.source) == n {
		return cmp.Compare('/', o.source[n])
	}
	return cmp.Compare(p.source[n], '/')
}

// appendDetails encodes what a punch says beside its person, time and uid, which is
// of a source.
func appendDetails(b []byte, p *hall.Punch, source string) []byte {
	method, direction := index(methods, p.Method, otherMethod), index(directions, p.Direction, otherDirection)
	more := 0
	if p.Terminal != source {
		more |= moreTerminal
	}
	if p.Seq != "" {
		more |= moreSeq
	}
	if p.ReceivedAt != 0 {
		more |= moreReceived
	}
	flags := method<<methodBits | direction<<directionBits
	if more != 0 {
		flags |= moreBit
	}
	b = binary.AppendUvarint(b, uint64(flags))
	if method == otherMethod {
		b = appendString(b, p.Method)
	}
	if direction == otherDirection {
		b = appendString(b, p.Direction)
	}
	if more == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(more))
	if more&moreTerminal != 0 {
		b = appendString(b, p.Terminal)
	}
	if more&moreSeq != 0 {
		b = appendString(b, p.Seq)
	}
	if more&moreReceived != 0 {
		b = binary.AppendVarint(b, int64(p.ReceivedAt))
	}
	return b
}

func index(words []string, word string, other int) int {
	if i := slices.Index(words, word); i >= 0 {
		return i
	}
	return other
}

func appendString[T ~string | ~[]byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// unpacker takes the punches of a hall out of records. It keeps each source once:
// a hall has a few and thousands of punches of each.
type unpacker struct {
	hall    hall.ID
	sources map[string]source
	last    source // the one asked last
	uids    []byte // of the record that is read
}

// source is a source's name and what the uids of its punches begin with.
type source struct{ name, prefix string }

func newUnpacker(h hall.ID) *unpacker { return &unpacker{hall: h, sources: map[string]source{}} }

func (u *unpacker) source(name []byte) source {
	if string(name) == u.last.name && u.last.prefix != "" {
		return u.last
	}
	s, ok := u.sources[string(name)]
	if !ok {
		s.name = string(name)
		s.prefix = string(hall.NewUID(u.hall, hall.KindPunch, s.name, ""))
		u.sources[s.name] = s
	}
	u.last = s
	return s
}

// punch unpacks p, which stands under day and person. The strings are copies.
func (u *unpacker) punch(p *packed, day hall.Date, person hall.PersonID) (hall.Punch, error) {
	return u.named(p, hall.UID(u.source(p.source).prefix+string(p.id)), day, person)
}

// record appends the punches of a record to list. Their uids are cut out of one
// text, which is one allocation for all of them.
func (u *unpacker) record(list []hall.Punch, punches []packed, day hall.Date, person hall.PersonID) ([]hall.Punch, error) {
	u.uids = u.uids[:0]
	for i := range punches {
		u.uids = append(append(u.uids, u.source(punches[i].source).prefix...), punches[i].id...)
	}
	uids := string(u.uids)
	for i := range punches {
		n := len(u.source(punches[i].source).prefix) + len(punches[i].id)
		p, err := u.named(&punches[i], hall.UID(uids[:n]), day, person)
		if err != nil {
			return list, err
		}
		list, uids = append(list, p), uids[n:]
	}
	return list, nil
}

// named unpacks a punch whose uid is known.
func (u *unpacker) named(p *packed, uid hall.UID, day hall.Date, person hall.PersonID) (hall.Punch, error) {
	source := u.source(p.source)
	punch := hall.Punch{
		Head: hall.Head{
			UID:  uid,
			Time: midnight(day) + hall.Instant(p.second),
		},
		Person:   person,
		Terminal: source.name,
	}
	r := reader{b: p.details}
	flags := r.uvarint()
	punch.Method = r.word(methods, int(flags>>methodBits&7), otherMethod)
	punch.Direction = r.word(directions, int(flags>>directionBits&3), otherDirection)
	if flags&moreBit != 0 {
		more := r.uvarint()
		if more&moreTerminal != 0 {
			punch.Terminal = string(r.bytes())
		}
		if more&moreSeq != 0 {
			punch.Seq = string(r.bytes())
		}
		if more&moreReceived != 0 {
			punch.ReceivedAt = hall.Instant(r.varint())
		}
	}
	if r.bad || len(r.b) > 0 {
		return punch, fmt.Errorf("%w: details %x of punch %s", ErrCorrupt, p.details, punch.UID)
	}
	return punch, nil
}

func midnight(d hall.Date) hall.Instant { return hall.Instant(d-epoch) * 86400 }

// epoch is the day at which instants begin.
var epoch = hall.Instant(0).UTCDate()

// merge brings sorted punches into one sorted list, each once. Of two that are
// the same (source, id and time) the smaller details stay, whichever came first.
func merge(dst, a, b []packed) []packed {
	add := func(p packed) {
		if n := len(dst); n > 0 && dst[n-1].compare(&p) == 0 {
			if bytes.Compare(p.details, dst[n-1].details) < 0 {
				dst[n-1].details = p.details
			}
			return
		}
		dst = append(dst, p)
	}
	for len(a) > 0 && len(b) > 0 {
		if a[0].compare(&b[0]) <= 0 {
			add(a[0])
			a = a[1:]
			continue
		}
		add(b[0])
		b = b[1:]
	}
	for _, p := range a {
		add(p)
	}
	for _, p := range b {
		add(p)
	}
	return dst
}

// appendPunches encodes a person's day.
func appendPunches(b []byte, punches []packed) []byte {
	var few [8][]byte
	sources := few[:0]
	for i := range punches {
		if at, found := slices.BinarySearchFunc(sources, punches[i].source, bytes.Compare); !found {
			sources = slices.Insert(sources, at, punches[i].source)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(sources)))
	for _, s := range sources {
		b = appendString(b, s)
	}
	before := uint32(0)
	for i := range punches {
		p := &punches[i]
		b = binary.AppendUvarint(b, uint64(p.second-before))
		before = p.second
		if len(sources) > 1 {
			at, _ := slices.BinarySearchFunc(sources, p.source, bytes.Compare)
			b = binary.AppendUvarint(b, uint64(at))
		}
		b = appendID(b, p.id)
		b = append(b, p.details...)
	}
	return b
}

func appendID(b, id []byte) []byte {
	if sum, ok := derived(id); ok {
		return append(append(b, 0), sum[:]...)
	}
	return appendString(b, id)
}

// derived returns the 16 bytes of an id that was made from a body: `h-` and 32
// lower case hex digits.
func derived(id []byte) (sum [16]byte, ok bool) {
	if len(id) != 34 || id[0] != 'h' || id[1] != '-' || bytes.ContainsAny(id[2:], "ABCDEF") {
		return sum, false
	}
	_, err := hex.Decode(sum[:], id[2:])
	return sum, err == nil
}

// readPunches appends the punches of a record to dst; they point into it.
func readPunches(dst []packed, record []byte) ([]packed, error) {
	r := reader{b: record}
	var few [8][]byte
	sources := few[:0]
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		sources = append(sources, r.bytes())
	}
	second := uint64(0)
	for len(r.b) > 0 && !r.bad {
		var p packed
		second += r.uvarint()
		p.second = uint32(second)
		at := uint64(0)
		if len(sources) > 1 {
			at = r.uvarint()
		}
		if at >= uint64(len(sources)) || second >= 86400 {
			r.bad = true
			break
		}
		p.source = sources[at]
		p.id = r.id()
		p.details = r.details()
		dst = append(dst, p)
	}
	if r.bad {
		return dst, fmt.Errorf("%w: a day's punches of %d bytes cannot be read", ErrCorrupt, len(record))
	}
	return dst, nil
}
