package hall

import (
	"cmp"
	"strconv"
)

// Seal is one part of an issue of a month: the result with all its lines as it
// was printed. A fold copies it and never computes it (contract 9).
type Seal struct {
	Head
	Month    Month
	Number   int
	By       string
	AsOf     Instant
	Offset   int // of as_of, in seconds: the zone in which the lines were written
	Sequence uint64
	Digest   string // of the uncompressed canonical JSON
	Part     int    // 1 when not given
	Parts    int    // 1 when not given
	Previous string // digest of the issue before, "" = none
	Stream   string // when the stream was created, "" = not given
	Forced   string // the reason, "" = not forced
	Result   string // JSON, gzip, base64: this part of it
}

func (*Seal) isFact() {}

// maxSequence is the largest number of a message that JSON readers keep exactly.
const maxSequence = 1<<53 - 1

func readSeal(r *reader, h Head) Fact {
	s := &Seal{
		Head:     h,
		Month:    r.need("month").month(),
		Number:   int(r.need("number").integer(1, maxCount)),
		By:       r.need("by").text(),
		AsOf:     r.need("as_of").instant(),
		Sequence: uint64(r.need("sequence").integer(0, maxSequence)),
		Digest:   r.need("digest").text(),
	}
	s.Offset = offsetOf(r.need("as_of").text())
	s.Part, s.Parts = r.parts()
	s.Previous = r.may("previous").text()
	s.Stream = r.may("stream").text()
	s.Forced = r.may("forced").text()
	s.Result = r.need("result").text()
	return s
}

// parts reads part and parts, which are 1 of 1 where they are not given.
func (r *reader) parts() (part, parts int) {
	one, all := r.may("part"), r.may("parts")
	part = cmp.Or(int(one.integer(1, maxCount)), 1)
	parts = cmp.Or(int(all.integer(1, maxCount)), 1)
	if r.err == nil && part > parts {
		one.bad("no more than parts, " + strconv.Itoa(parts))
	}
	return part, parts
}
