package report

// An issue computed anew: from the log up to where it was sealed, or, where that
// log is gone, from the events that it names.

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rollcall/hall"
	"rollcall/store"
)

// Checked is an issue that was computed anew.
type Checked struct {
	Hall   hall.ID    `json:"hall"`
	Month  hall.Month `json:"month"`
	Number int        `json:"number"`
	// ByContent says that the issue is of another stream: it was computed from the
	// events that it names, among those that are there.
	ByContent bool `json:"by_content"`
	// Differences are empty where the issue is what the log says.
	Differences []string `json:"differences"`
}

// mostDifferences is how many differences of an issue are named.
const mostDifferences = 50

// AllIssues returns the issues of every hall and month of a store, without their
// lines: there may be years of them.
func AllIssues(v *store.View) ([]Sealed, error) {
	var all []Sealed
	for _, h := range v.Halls() {
		for _, m := range v.Months(h) {
			list, _, err := headers(v, h, m)
			if errors.Is(err, hall.ErrNotFound) {
				continue // never sealed
			}
			if err != nil {
				return nil, err
			}
			previous := ""
			for i := range list {
				list[i].packed = hall.Issue{}
				all = append(all, Sealed{Hall: h, Month: m, Issued: list[i], chained: string(list[i].Previous) == previous})
				previous = list[i].Digest
			}
		}
	}
	return all, nil
}

// Sealed is an issue of a month of a hall.
type Sealed struct {
	Issued
	Hall  hall.ID
	Month hall.Month

	chained bool // it names the digest of the issue before
}

// In reports whether the issue was computed over the stream that was created at a
// moment, so that its sequence means something there.
func (s *Sealed) In(created time.Time) bool {
	stream, err := time.Parse(time.RFC3339Nano, string(s.Stream))
	return err == nil && stream.Equal(created)
}

// Recheck reads an issue out of the store that it is of, computes it from one that
// was folded up to its sequence, or, by content, from any that has its events, and
// says line by line what differs.
func (s *Sealed) Recheck(kept, v *store.View, statutory hall.Calendar, gaps []Gap, byContent bool) (Checked, error) {
	done := Checked{Hall: s.Hall, Month: s.Month, Number: s.Number, ByContent: byContent, Differences: []string{}}
	if !s.chained {
		done.Differences = append(done.Differences, fmt.Sprintf("it names %q as the digest of the issue before, which is another", s.Previous))
	}
	was, err := s.read(kept)
	if err != nil {
		done.Differences = append(done.Differences, err.Error())
		return done, nil
	}
	d, err := s.again(v, was, statutory, gaps, byContent)
	if err != nil {
		done.Differences = append(done.Differences, "it cannot be computed: "+err.Error())
		return done, nil
	}
	list, err := s.differences(was, d, byContent)
	if len(list) > mostDifferences {
		list = append(list[:mostDifferences], fmt.Sprintf("and %d more", len(list)-mostDifferences))
	}
	done.Differences = append(done.Differences, list...)
	return done, err
}

// read decodes the lines of the issue.
func (s *Sealed) read(kept *store.View) (*hall.Result, error) {
	i, err := issueOf(kept, s.Hall, s.Month, s.Number)
	if err != nil {
		return nil, err
	}
	return i.decode()
}

// again prepares the issue once more.
func (s *Sealed) again(v *store.View, was *hall.Result, statutory hall.Calendar, gaps []Gap, byContent bool) (*Draft, error) {
	asOf, err := hall.ParseInstant(s.AsOf)
	if err != nil {
		return nil, err
	}
	q := Question{Hall: s.Hall, Month: s.Month, AsOf: asOf, Gaps: gaps}
	if !byContent {
		return Prepare(v, statutory, q)
	}
	in, err := inputsOf(v, was, q)
	if err != nil {
		return nil, err
	}
	c, err := in.compile(statutory)
	if err != nil {
		return nil, err
	}
	return c.draft()
}

// differences compares what was issued with what was computed.
func (s *Sealed) differences(was *hall.Result, d *Draft, byContent bool) ([]string, error) {
	var list []string
	changes, err := Changes(&was.Report, d.Report)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		list = append(list, fmt.Sprintf("%s %s: issued %q, computed %q", c.List, c.Line, c.Was, c.Is))
	}
	if was.Sequence != s.Sequence || was.AsOf != s.AsOf {
		list = append(list, fmt.Sprintf("it says that it is as of %s, up to %d, and its seal %s, up to %d", was.AsOf, was.Sequence, s.AsOf, s.Sequence))
	}
	if !sameChanges(was.ChangedSince, d.Report.ChangedSince) {
		list = append(list, fmt.Sprintf("its difference to the issue before has %d lines, computed %d, or other ones", len(was.ChangedSince), len(d.Report.ChangedSince)))
	}
	if !byContent && (!slices.Equal(was.Events, d.events) || !slices.Equal(was.Around, d.around)) {
		list = append(list, fmt.Sprintf("it names %d events, the log has %d, or other ones", len(was.Events)+len(was.Around), len(d.events)+len(d.around)))
	}
	return list, nil
}

// sameChanges compares what changed and where, by lists, lines, places and values: the
// words for it may have become others since an issue was sealed.
func sameChanges(a, b []hall.Change) bool {
	x, errX := json.Marshal(wordless(a))
	y, errY := json.Marshal(wordless(b))
	return errX == nil && errY == nil && string(x) == string(y)
}

func wordless(changes []hall.Change) []hall.Change {
	list := slices.Clone(changes)
	for i := range list {
		for _, words := range []*hall.Name{&list[i].Was, &list[i].Is} {
			if *words != "" {
				*words = "-"
			}
		}
	}
	return list
}
