package report

// The last issue of a month, and how the open month differs from it.

import (
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"rollcall/hall"
)

// issue is the last complete issue of a month; the zero issue is none.
type issue struct {
	info   *hall.SealInfo
	uid    hall.UID // of its first part
	parts  []hall.Seal
	result *hall.Report // nil where it cannot be read
	broken error
	// lacking are the numbers of issues of which parts are missing.
	lacking []int
}

// lastSeal finds the complete issue with the highest number. Of several with one
// number that were made elsewhere the first by (time, uid) stands.
func (c *compiler) lastSeal() issue {
	var last issue
	var lacking []int
	for _, parts := range c.issues() {
		if !complete(parts) {
			lacking = append(lacking, parts[0].Number)
			continue
		}
		if last.info == nil || parts[0].Number > last.info.Number {
			last = c.issue(parts)
		}
	}
	slices.Sort(lacking)
	last.lacking = slices.Compact(lacking)
	return last
}

// issues are the seals of the month, each with its parts in order.
func (c *compiler) issues() [][]hall.Seal {
	type key struct {
		number, parts  int
		digest, source string
	}
	byKey := map[key][]hall.Seal{}
	var keys []key
	seals := slices.Clone(c.book.Facts().Seals)
	slices.SortFunc(seals, func(a, b hall.Seal) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Time, b.Time), cmp.Compare(a.UID, b.UID))
	})
	for _, s := range seals {
		if s.Month != c.month.Month {
			continue
		}
		_, _, source, _, _ := s.UID.Split()
		k := key{s.Number, s.Parts, s.Digest, source}
		if byKey[k] == nil {
			keys = append(keys, k)
		}
		byKey[k] = append(byKey[k], s)
	}
	list := make([][]hall.Seal, len(keys))
	for i, k := range keys {
		list[i] = byKey[k]
	}
	return list
}

// complete reports whether the parts 1..n are there, and keeps each once.
func complete(parts []hall.Seal) bool {
	for n := 1; n <= parts[0].Parts; n++ {
		if !slices.ContainsFunc(parts, func(s hall.Seal) bool { return s.Part == n }) {
			return false
		}
	}
	return true
}

func (c *compiler) issue(parts []hall.Seal) issue {
	parts = slices.CompactFunc(slices.Clone(parts), func(a, b hall.Seal) bool { return a.Part == b.Part })
	first := &parts[0]
	i := issue{uid: first.UID, parts: parts,
		info: &hall.SealInfo{Number: first.Number, By: first.By, At: c.rfc3339(first.Time), Digest: first.Digest}}
	i.result, i.broken = decodeResult(parts)
	return i
}

// mostOfResult bounds what a result may unpack to.
const mostOfResult = 256 << 20

// decodeResult reads the lines of an issue: JSON, gzip, base64, in parts.
func decodeResult(parts []hall.Seal) (*hall.Report, error) {
	var packed strings.Builder
	for i := range parts {
		packed.WriteString(parts[i].Result)
	}
	zipped, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed.String())))
	if err != nil {
		return nil, fmt.Errorf("unpack the result of %s: %w", parts[0].UID, err)
	}
	text, err := io.ReadAll(io.LimitReader(zipped, mostOfResult))
	if err != nil {
		return nil, fmt.Errorf("unpack the result of %s: %w", parts[0].UID, err)
	}
	r := &hall.Report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("read the result of %s: %w", parts[0].UID, err)
	}
	return r, nil
}

// changes lists what differs from the issue, nil where there is none that can be
// read.
func (i *issue) changes(r *hall.Report) []hall.Change {
	if i.result == nil {
		return nil
	}
	return Changes(i.result, r)
}
