package report

// The issues of a month as they were made: reading them, never recomputing.

import (
	"bytes"
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
	Broken   hall.Name `json:"broken"` // why its lines cannot be unpacked, or that their digest is another

	packed hall.Issue
	result *hall.Result // of lines, nil until they were asked for
}

// Issues returns the issues of a month that stand, by number, each held against its
// digest, and the numbers of those of which parts are missing. The lines of an issue
// are decoded when they are asked for. The error wraps hall.ErrNotFound where the
// hall was never sealed in that month and nothing is lacking.
func Issues(v *store.View, h hall.ID, m hall.Month) (list []Issued, lacking []int, err error) {
	list, lacking, err = headers(v, h, m)
	for i := range list {
		if why := list[i].check(); why != nil {
			list[i].Broken = hall.Name(why.Error())
		}
	}
	return list, lacking, err
}

// headers are the issues of a month as Issues returns them, unchecked: who reads the
// lines of one finds out what is wrong with it.
func headers(v *store.View, h hall.ID, m hall.Month) (list []Issued, lacking []int, err error) {
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
		list[i] = issued(issues[i])
	}
	return list, lacking, nil
}

// Issue returns an issue of a month as it was printed. The error wraps
// hall.ErrNotFound and names the issues that there are.
func Issue(v *store.View, h hall.ID, m hall.Month, number int) (*hall.Report, error) {
	i, err := issueOf(v, h, m, number)
	if err != nil {
		return nil, err
	}
	return i.Report()
}

func issueOf(v *store.View, h hall.ID, m hall.Month, number int) (*Issued, error) {
	list, _, err := headers(v, h, m)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(i Issued) bool { return i.Number == number })
	if i < 0 {
		return nil, noIssue(m, number, list)
	}
	return &list[i], nil
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
	result, err := i.lines()
	if err != nil {
		return nil, err
	}
	r := result.Report
	r.Sealed = i.info()
	r.Sealed.Printed = true
	return &r, nil
}

func (i *Issued) info() *hall.SealInfo {
	return &hall.SealInfo{Number: i.Number, By: i.By, At: i.At, Digest: i.Digest}
}

// issued is an issue with its times in the zone in which it was printed.
func issued(issue hall.Issue) Issued {
	first := issue.First()
	zone := time.FixedZone("", first.Offset)
	return Issued{Number: first.Number, By: first.By, At: rfc3339(first.Time, zone), AsOf: rfc3339(first.AsOf, zone),
		Sequence: first.Sequence, Stream: hall.Name(first.Stream), Digest: first.Digest, Previous: hall.Name(first.Previous),
		Forced: hall.Name(first.Forced), Parts: first.Parts, UID: first.UID, packed: issue}
}

// mostOfResult bounds what a result may unpack to.
const mostOfResult = 256 << 20

// lines returns what was issued, decoded the first time. The error wraps
// ErrUnreadable.
func (i *Issued) lines() (*hall.Result, error) {
	if i.result == nil {
		result, err := i.decode()
		if err != nil {
			return nil, fmt.Errorf("issue %d %w: %w: run `rollcall verify`", i.Number, ErrUnreadable, err)
		}
		i.result = result
	}
	return i.result, nil
}

// decode reads the lines of an issue and holds them against its digest, hall and month.
func (i *Issued) decode() (*hall.Result, error) {
	var text bytes.Buffer
	if err := i.unpack(&text); err != nil {
		return nil, err
	}
	r := &hall.Result{}
	if err := json.Unmarshal(text.Bytes(), r); err != nil {
		return nil, fmt.Errorf("read the result of %s: %w", i.UID, err)
	}
	if month := i.packed.First().Month; r.Hall != i.UID.Hall() || r.Month != month {
		return nil, fmt.Errorf("the result of %s is that of %s of %s", i.UID, r.Month, r.Hall)
	}
	return r, nil
}

// check holds an issue against its digest, whatever its lines say.
func (i *Issued) check() error { return i.unpack(io.Discard) }

// unpack writes the lines of an issue as they were issued. The error says also, at
// the end, that their digest is another.
func (i *Issued) unpack(w io.Writer) error {
	sum := sha256.New()
	if err := unpack(i.packed.Parts, io.MultiWriter(w, sum)); err != nil {
		return fmt.Errorf("unpack the result of %s: %w", i.UID, err)
	}
	if digest := hex.EncodeToString(sum.Sum(nil)); digest != i.Digest {
		return fmt.Errorf("the result of %s has the digest %s and not %s", i.UID, digest, i.Digest)
	}
	return nil
}

// unpack joins parts: base64, gzip.
func unpack(parts []hall.Seal, w io.Writer) error {
	packed := make([]io.Reader, len(parts))
	for i := range parts {
		packed[i] = strings.NewReader(parts[i].Result)
	}
	zipped, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, io.MultiReader(packed...)))
	if err != nil {
		return err
	}
	n, err := io.Copy(w, io.LimitReader(zipped, mostOfResult+1))
	if err == nil && n > mostOfResult {
		err = errors.New("it is too large")
	}
	return err
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
		s.last = new(issued(issues[len(issues)-1]))
	}
	return s
}

// unreadable reports whether there is an issue of which nobody can say what it says.
func (s *sealing) unreadable() bool {
	if s.last == nil {
		return false
	}
	_, err := s.last.lines()
	return err != nil
}

// compare says what of the last issue differs, in the lists that were asked for.
func (s *sealing) compare(r *hall.Report) error {
	if s.last == nil {
		return nil
	}
	r.Sealed = s.last.info()
	issued, err := s.last.lines()
	if err != nil {
		return nil // a warning says so
	}
	changes, err := Changes(&issued.Report, r)
	r.ChangedSince = changes
	return err
}
