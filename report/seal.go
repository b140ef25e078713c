package report

// The issues of a month as they were made: reading them, never recomputing.

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/store"
)

// Issued is an issue of a month as it can be asked for.
type Issued struct {
	Number   int       `json:"number"`
	By       string    `json:"by"`
	At       string    `json:"at"`    // RFC 3339 in the hall's zone of then
	AsOf     string    `json:"as_of"` // the same
	Sequence uint64    `json:"sequence"`
	Stream   hall.Name `json:"stream"` // when the stream of Sequence was created
	Digest   string    `json:"digest"`
	Previous hall.Name `json:"previous"` // digest of the issue before
	Forced   hall.Name `json:"forced"`   // the reason, null = nothing stood in the way
	Parts    int       `json:"parts"`
	UID      hall.UID  `json:"uid"`    // of the first part
	Broken   hall.Name `json:"broken"` // why it cannot be read

	result *hall.Result // nil where it is broken
}

// Issues returns the issues of a month that stand, by number, and the numbers of
// those of which parts are missing. The error wraps hall.ErrNotFound where the
// hall was never sealed in that month and nothing is lacking.
func Issues(v *store.View, h hall.ID, m hall.Month) (list []Issued, lacking []int, err error) {
	seals, err := v.Seals(h, m)
	if err != nil {
		return nil, nil, fmt.Errorf("read the issues of %s of %s: %w", m, h, err)
	}
	issues, lacking := hall.Issues(seals, m)
	if len(issues) == 0 && len(lacking) == 0 {
		return nil, nil, fmt.Errorf("issues of %s: %w: the month was never sealed", m, hall.ErrNotFound)
	}
	list = make([]Issued, len(issues))
	for i := range issues {
		list[i] = issued(&issues[i], time.UTC)
	}
	return list, lacking, nil
}

// Issue returns an issue of a month as it was printed. The error wraps
// hall.ErrNotFound and names the issues that there are.
func Issue(v *store.View, h hall.ID, m hall.Month, number int) (*hall.Report, error) {
	list, _, err := Issues(v, h, m)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(i Issued) bool { return i.Number == number })
	if i < 0 {
		return nil, noIssue(m, number, list)
	}
	return list[i].Report()
}

func noIssue(m hall.Month, number int, list []Issued) error {
	var numbers []string
	for _, i := range list {
		numbers = append(numbers, fmt.Sprint(i.Number))
	}
	there := "no issue is complete"
	if len(numbers) > 0 {
		there = "there are " + strings.Join(numbers, ", ")
	}
	return fmt.Errorf("issue %d of %s: %w: %s", number, m, hall.ErrNotFound, there)
}

// ErrUnreadable is an issue that is not what its digest says.
var ErrUnreadable = errors.New("cannot be read")

// Report returns what was issued, with its seal. Its lists are not to be changed.
// The error wraps ErrUnreadable.
func (i *Issued) Report() (*hall.Report, error) {
	if i.result == nil {
		return nil, fmt.Errorf("issue %d %w: %s: run `rollcall verify`", i.Number, ErrUnreadable, i.Broken)
	}
	r := i.result.Report
	r.Sealed = i.info()
	r.Sealed.Printed = true
	return &r, nil
}

func (i *Issued) info() *hall.SealInfo {
	return &hall.SealInfo{Number: i.Number, By: i.By, At: i.At, Digest: i.Digest}
}

// issued reads an issue. Its times are in the zone in which it was printed; where
// it cannot be read in the given one.
func issued(issue *hall.Issue, zone *time.Location) Issued {
	first := issue.First()
	i := Issued{Number: first.Number, By: first.By, Sequence: first.Sequence, Stream: hall.Name(first.Stream), Digest: first.Digest,
		Previous: hall.Name(first.Previous), Forced: hall.Name(first.Forced), Parts: first.Parts, UID: first.UID}
	result, err := readResult(issue)
	if err != nil {
		i.Broken = hall.Name(err.Error())
	} else {
		i.result, zone = result, zoneOf(result.AsOf)
	}
	i.At = first.Time.Time().In(zone).Format(time.RFC3339)
	i.AsOf = first.AsOf.Time().In(zone).Format(time.RFC3339)
	return i
}

// mostOfResult bounds what a result may unpack to.
const mostOfResult = 256 << 20

// readResult unpacks the lines of an issue and holds them against its digest.
func readResult(issue *hall.Issue) (*hall.Result, error) {
	first := issue.First()
	text, err := unpack(issue.Parts)
	if err != nil {
		return nil, fmt.Errorf("unpack the result of %s: %w", first.UID, err)
	}
	if digest := digestOf(text); digest != first.Digest {
		return nil, fmt.Errorf("the result of %s has the digest %s and not %s", first.UID, digest, first.Digest)
	}
	r := &hall.Result{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("read the result of %s: %w", first.UID, err)
	}
	if r.Hall != first.UID.Hall() || r.Month != first.Month {
		return nil, fmt.Errorf("the result of %s is that of %s of %s", first.UID, r.Month, r.Hall)
	}
	return r, nil
}

// unpack joins parts: base64, gzip.
func unpack(parts []hall.Seal) ([]byte, error) {
	var packed strings.Builder
	for i := range parts {
		packed.WriteString(parts[i].Result)
	}
	zipped, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed.String())))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(zipped, mostOfResult+1))
	if err == nil && len(text) > mostOfResult {
		err = errors.New("it is too large")
	}
	return text, err
}

// digestOf is the SHA-256 of the uncompressed canonical JSON.
func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// sealing is what a month in question knows of its issues.
type sealing struct {
	last    *Issued // nil: never sealed
	lacking []int
}

func (c *compiler) sealing() sealing {
	issues, lacking := hall.Issues(c.all.Seals, c.month.Month)
	s := sealing{lacking: lacking}
	if len(issues) > 0 {
		s.last = new(issued(&issues[len(issues)-1], c.book.Zone()))
	}
	return s
}

// compare says what of the last issue differs, in the lists that were asked for.
func (s *sealing) compare(r *hall.Report) error {
	if s.last == nil {
		return nil
	}
	r.Sealed = s.last.info()
	if s.last.result == nil {
		return nil
	}
	changes, err := Changes(&s.last.result.Report, r)
	r.ChangedSince = changes
	return err
}
