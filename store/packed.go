package store

// The record of a hall's quarter of an hour: punches packed one behind the other.

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"rollcall/hall"
)

// quarter is a quarter of an hour of a UTC day, counted from midnight. A punch
// stands in that of its own time, so that where it stands depends on nothing else.
type quarter uint8

const (
	quarterSeconds = 15 * 60
	dayQuarters    = 86400 / quarterSeconds
)

// placeOf returns the UTC day and the quarter in which a punch stands.
func placeOf(t hall.Instant) (hall.Date, quarter) {
	return t.UTCDate(), quarter(secondOf(t) / quarterSeconds)
}

// secondOf is the second since midnight UTC.
func secondOf(t hall.Instant) uint32 { return uint32(t - midnight(t.UTCDate())) }

// begin is the second since midnight UTC with which the quarter begins.
func (q quarter) begin() uint32 { return uint32(q) * quarterSeconds }

// packed is a punch inside the record of its quarter of an hour:
//
//	record   = sources, each once and sorted: count, then length and bytes; then punches up to the end
//	punch    = seconds since the punch before (the first: since the quarter began)
//	           length of all that follows, by which others' punches are passed over
//	           length of the raw person, person
//	           number of its source, left out where there is only one
//	           length of the id, id; length 0: `h-` and 32 hex digits, packed into 16 bytes
//	           details
//	details  = flags: bits 0-2 method, bits 3-4 direction, bit 5 more
//	           method and direction as text where they are another word
//	           more: a bit for each of terminal, seq, received_at; then these
//
// Every number is a uvarint. The punches stand by (time, uid, person), each once.
type packed struct {
	second  uint32 // since midnight UTC
	person  []byte
	source  []byte
	id      []byte
	details []byte

	from int // number of its source in the record that it was read from
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

// compare orders by (time, uid, person).
func (p *packed) compare(o *packed) int {
	if p.second != o.second {
		return cmp.Compare(p.second, o.second)
	}
	return cmp.Or(compareSources(p.source, o.source), bytes.Compare(p.id, o.id), bytes.Compare(p.person, o.person))
}

// compareSources orders sources as they stand in a uid, which has a slash behind them:
// it sorts after a hyphen.
func compareSources(a, b []byte) int {
	n := min(len(a), len(b))
	switch c := bytes.Compare(a[:n], b[:n]); {
	case c != 0:
		return c
	case len(a) > n:
		return cmp.Compare(a[n], '/')
	case len(b) > n:
		return cmp.Compare('/', b[n])
	}
	return 0
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

// unpacker makes punches of what the records of a hall hold. It keeps each name once:
// a hall has a few sources, a hundred people, and thousands of punches of each.
type unpacker struct {
	hall    hall.ID
	sources map[string]source
	persons map[string]hall.PersonID
	opened  []source // those of the record that was opened last
	uids    []byte   // of its punches
}

// source is a source's name and what the uids of its punches begin with.
type source struct{ name, prefix string }

func newUnpacker(h hall.ID) *unpacker {
	return &unpacker{hall: h, sources: map[string]source{}, persons: map[string]hall.PersonID{}}
}

// open turns to the punches of a record.
func (u *unpacker) open(r *punchRecord) {
	u.opened = u.opened[:0]
	for _, name := range r.sources {
		s, ok := u.sources[string(name)]
		if !ok {
			s.name = string(name)
			s.prefix = string(hall.NewUID(u.hall, hall.KindPunch, s.name, ""))
			u.sources[s.name] = s
		}
		u.opened = append(u.opened, s)
	}
}

func (u *unpacker) person(name []byte) hall.PersonID {
	p, ok := u.persons[string(name)]
	if !ok {
		p = hall.PersonID(name)
		u.persons[string(p)] = p
	}
	return p
}

// punch unpacks p, which was read from the record that is open, of a UTC day. The
// strings are copies.
func (u *unpacker) punch(p *packed, day hall.Date) (hall.Punch, error) {
	return u.named(p, hall.UID(u.opened[p.from].prefix+string(p.id)), day)
}

// appendTo appends the punches of a record to list. Their uids are cut out of one
// text, which is one allocation for all of them.
func (u *unpacker) appendTo(list []hall.Punch, r *punchRecord, day hall.Date) ([]hall.Punch, error) {
	u.open(r)
	u.uids = u.uids[:0]
	for i := range r.punches {
		p := &r.punches[i]
		u.uids = append(append(u.uids, u.opened[p.from].prefix...), p.id...)
	}
	uids := string(u.uids)
	for i := range r.punches {
		p := &r.punches[i]
		n := len(u.opened[p.from].prefix) + len(p.id)
		punch, err := u.named(p, hall.UID(uids[:n]), day)
		if err != nil {
			return list, err
		}
		list, uids = append(list, punch), uids[n:]
	}
	return list, nil
}

// named unpacks a punch whose uid is known.
func (u *unpacker) named(p *packed, uid hall.UID, day hall.Date) (hall.Punch, error) {
	source := &u.opened[p.from]
	punch := hall.Punch{
		Head: hall.Head{
			UID:  uid,
			Time: midnight(day) + hall.Instant(p.second),
		},
		Person:   u.person(p.person),
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
	if r.bad || len(r.left()) > 0 {
		return punch, fmt.Errorf("%w: details %x of punch %s", ErrCorrupt, p.details, punch.UID)
	}
	return punch, nil
}

func midnight(d hall.Date) hall.Instant { return hall.Instant(d-epoch) * 86400 }

// epoch is the day at which instants begin.
var epoch = hall.Instant(0).UTCDate()

// merge brings sorted punches into one sorted list, each once. Of two that are
// the same (uid, person and time) the smaller details stay, whichever came first.
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

// appendPunches encodes the sorted punches of a quarter of an hour.
func appendPunches(b []byte, punches []packed, q quarter) []byte {
	var few [8][]byte
	sources := few[:0]
	for i := range punches {
		if at, found := sourceAt(sources, punches[i].source); !found {
			sources = slices.Insert(sources, at, punches[i].source)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(sources)))
	for _, s := range sources {
		b = appendString(b, s)
	}
	before := q.begin()
	var room [128]byte
	punch := room[:0]
	for i := range punches {
		p := &punches[i]
		punch = appendString(punch[:0], p.person)
		if len(sources) > 1 {
			at, _ := sourceAt(sources, p.source)
			punch = binary.AppendUvarint(punch, uint64(at))
		}
		punch = append(appendID(punch, p.id), p.details...)
		b = binary.AppendUvarint(b, uint64(p.second-before))
		b = appendString(b, punch)
		before = p.second
	}
	return b
}

// sourceAt returns where a source stands among sorted ones, or would. A hall has a
// few, of which most punches find theirs by looking at each.
func sourceAt(sources [][]byte, source []byte) (at int, found bool) {
	if len(sources) <= 8 {
		for i := range sources {
			if bytes.Equal(sources[i], source) {
				return i, true
			}
		}
	}
	return slices.BinarySearchFunc(sources, source, bytes.Compare)
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
