package report

// The difference of two reports of a month, line by line and without loss: the
// later one is made of the earlier one and the difference.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"rollcall/hall"
)

// apart are the keys of a report that say which one it is, not what it lists.
var apart = []string{"hall", "month", "as_of", "sequence", "sealed", "changed_since"}

// Changes lists the lines in which a report differs from an earlier one of the
// same month, in the order of the report's keys and lists. Long lists that one of
// them lacks are not compared. It is never nil.
func Changes(was, is *hall.Report) ([]hall.Change, error) {
	x, y := unequal(was, is)
	before, err := treeOf(&x)
	if err != nil {
		return nil, err
	}
	now, err := treeOf(&y)
	if err != nil {
		return nil, err
	}
	d := difference{changes: []hall.Change{}, names: &is.Names}
	for _, key := range apart {
		delete(before, key)
		delete(now, key)
	}
	for _, key := range []string{"sheet", "days", "punches", "patrol"} {
		if isNull(before[key]) || isNull(now[key]) {
			delete(before, key)
			delete(now, key)
		}
	}
	err = d.objects("", before, now)
	slices.SortStableFunc(d.changes, func(a, b hall.Change) int {
		return cmp.Or(cmp.Compare(rankOfList(a.List), rankOfList(b.List)), cmp.Compare(a.List, b.List), cmp.Compare(placeOf(&a), placeOf(&b)))
	})
	return d.changes, err
}

// unequal leaves out the longest lists where they are the same, as they mostly are:
// they are nine tenths of a report.
func unequal(was, is *hall.Report) (a, b hall.Report) {
	a, b = *was, *is
	if slices.Equal(a.Punches, b.Punches) {
		a.Punches, b.Punches = nil, nil
	}
	if slices.EqualFunc(a.Days, b.Days, equalDays) {
		a.Days, b.Days = nil, nil
	}
	return a, b
}

func equalDays(a, b hall.PersonDay) bool {
	return a.Person == b.Person && a.Date == b.Date && a.Window == b.Window && a.Timetable == b.Timetable && slices.EqualFunc(a.Punches, b.Punches, func(p, q hall.PlannedPunch) bool {
		if (p.Minutes == nil) != (q.Minutes == nil) || p.Minutes != nil && *p.Minutes != *q.Minutes {
			return false
		}
		return p.Session == q.Session && p.Edge == q.Edge && p.Due == q.Due && p.At == q.At && p.Verdict == q.Verdict &&
			p.Corrected == q.Corrected && p.CoveredBy == q.CoveredBy && slices.Equal(p.Proofs, q.Proofs)
	})
}

// placeOf is where a changed line stands, or stood.
func placeOf(c *hall.Change) int {
	switch {
	case c.To != nil:
		return *c.To
	case c.From != nil:
		return *c.From
	}
	return 0
}

// Apply makes of a report the one from which it differs, as of that one's as_of,
// which says what may still be appealed. What else says which report it is
// (sequence, sealed, changed_since) stays that of the first.
func Apply(was *hall.Report, changes []hall.Change, asOf string) (*hall.Report, error) {
	t, err := treeOf(was)
	if err != nil {
		return nil, err
	}
	byList := map[string][]hall.Change{}
	for _, c := range changes {
		byList[c.List] = append(byList[c.List], c)
	}
	for list, changes := range byList {
		if err := t.apply(list, changes); err != nil {
			return nil, fmt.Errorf("apply the changes of %s: %w", list, err)
		}
	}
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	r := &hall.Report{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, err
	}
	r.AsOf = asOf
	openAppeals(r)
	return r, nil
}

// tree is a JSON object.
type tree map[string]json.RawMessage

// treeOf writes a report as this program does, so that reports of other programs
// compare as they are read here. That the time for an appeal is over is no change.
func treeOf(r *hall.Report) (tree, error) {
	timeless := *r
	timeless.Appeals = slices.Clone(r.Appeals)
	for i := range timeless.Appeals {
		timeless.Appeals[i].Open = false
	}
	text, err := json.Marshal(&timeless)
	if err != nil {
		return nil, fmt.Errorf("write the report of %s: %w", r.Month, err)
	}
	if text, err = hall.Canonical(text); err != nil {
		return nil, err
	}
	t := tree{}
	return t, json.Unmarshal(text, &t)
}

func isNull(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }
func isList(value json.RawMessage) bool { return len(value) > 0 && value[0] == '[' }
func isObject(value json.RawMessage) bool {
	return len(value) > 0 && value[0] == '{'
}

// difference collects changes.
type difference struct {
	changes []hall.Change
	names   *hall.Names
}

// objects compares the fields of two objects: lists line by line, objects inside,
// anything else whole.
func (d *difference) objects(path string, was, is tree) error {
	keys := slices.Sorted(maps.Keys(was))
	for key := range is {
		if _, ok := was[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		a, b := was[key], is[key]
		inside := strings.TrimPrefix(path+"."+key, ".")
		var err error
		switch {
		case bytes.Equal(a, b) || isNull(a) && isNull(b):
		case isList(a) && isList(b):
			err = d.lists(inside, a, b)
		case isObject(a) && isObject(b):
			var x, y tree
			if err = cmp.Or(json.Unmarshal(a, &x), json.Unmarshal(b, &y)); err == nil {
				err = d.objects(inside, x, y)
			}
		default:
			d.changes = append(d.changes, hall.Change{List: cmp.Or(path, key), Line: key, Was: plain(a), Is: plain(b), Value: filledIn(b)})
		}
		if err != nil {
			return fmt.Errorf("compare %s: %w", inside, err)
		}
	}
	return nil
}

// filledIn is a value, nil for null.
func filledIn(value json.RawMessage) json.RawMessage {
	if isNull(value) {
		return nil
	}
	return value
}

// element is a line of a list.
type element struct {
	id    string
	value json.RawMessage
}

// elements gives each line of a list what it is about; of several about the same
// the second has #2 behind it.
func elements(list string, value json.RawMessage) ([]element, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(value, &values); err != nil {
		return nil, err
	}
	seen := map[string]int{}
	all := make([]element, len(values))
	for i, v := range values {
		id, err := lineID(list, v)
		if err != nil {
			return nil, err
		}
		if seen[id]++; seen[id] > 1 {
			id += "#" + strconv.Itoa(seen[id])
		}
		all[i] = element{id, v}
	}
	return all, nil
}

// lists compares line by line. As many lines as possible stay where they are
// among each other; the others have moved.
func (d *difference) lists(list string, a, b json.RawMessage) error {
	was, err := elements(list, a)
	if err != nil {
		return err
	}
	is, err := elements(list, b)
	if err != nil {
		return err
	}
	places := make(map[string]int, len(was))
	for i := range was {
		places[was[i].id] = i
	}
	stay := staying(was, is, places)
	there := make(map[string]bool, len(is))
	for i := range is {
		there[is[i].id] = true
		if stay[i] {
			continue
		}
		c := hall.Change{List: list, Line: is[i].id, To: new(i + 1), Value: is[i].value}
		var before json.RawMessage
		if place, ok := places[is[i].id]; ok {
			c.From, before = new(place+1), was[place].value
			if bytes.Equal(before, c.Value) {
				c.Value = nil
			}
		}
		c.Was, c.Is = d.words(list, before, is[i].value, c.From, c.To)
		d.changes = append(d.changes, c)
	}
	for i := range was {
		if !there[was[i].id] {
			c := hall.Change{List: list, Line: was[i].id, From: new(i + 1)}
			c.Was, c.Is = d.words(list, was[i].value, nil, c.From, nil)
			d.changes = append(d.changes, c)
		}
	}
	return nil
}

// staying marks the lines of is that are the same and in the same order as
// before: a longest increasing sequence of their places.
func staying(was, is []element, places map[string]int) []bool {
	type link struct{ index, place, before int }
	var links []link
	var ends []int // the link with which the best sequence of each length ends
	for i := range is {
		place, ok := places[is[i].id]
		if !ok || !bytes.Equal(was[place].value, is[i].value) {
			continue
		}
		at := sort.Search(len(ends), func(k int) bool { return links[ends[k]].place >= place })
		l := link{i, place, -1}
		if at > 0 {
			l.before = ends[at-1]
		}
		links = append(links, l)
		if at == len(ends) {
			ends = append(ends, 0)
		}
		ends[at] = len(links) - 1
	}
	stay := make([]bool, len(is))
	if len(ends) == 0 {
		return stay
	}
	for k := ends[len(ends)-1]; k >= 0; k = links[k].before {
		stay[links[k].index] = true
	}
	return stay
}

// apply makes the changes of one list, or of the fields of one object.
func (t tree) apply(list string, changes []hall.Change) error {
	field, rest, inside := strings.Cut(list, ".")
	if !inside && len(changes) == 1 && changes[0].Line == list && changes[0].From == nil && changes[0].To == nil {
		t.set(list, changes[0].Value)
		return nil
	}
	if inside || isObject(t[field]) {
		var object tree
		if err := json.Unmarshal(t[field], &object); err != nil {
			return err
		}
		if err := object.applyInside(rest, changes); err != nil {
			return err
		}
		text, err := json.Marshal(object)
		t[field] = text
		return err
	}
	text, err := applyToList(t[field], changes)
	t[field] = text
	return err
}

func (t tree) applyInside(list string, changes []hall.Change) error {
	if list != "" {
		return t.apply(list, changes)
	}
	for _, c := range changes {
		t.set(c.Line, c.Value)
	}
	return nil
}

func (t tree) set(key string, value json.RawMessage) {
	if isNull(value) {
		delete(t, key)
		return
	}
	t[key] = value
}

var errForeignChange = fmt.Errorf("%w difference: it is of another report", hall.ErrInvalid)

// applyToList takes out what changed, moved or went, and puts what changed, moved
// or came to its place; the others keep their order.
func applyToList(value json.RawMessage, changes []hall.Change) (json.RawMessage, error) {
	var was []json.RawMessage
	if err := json.Unmarshal(value, &was); err != nil {
		return nil, err
	}
	gone := make([]bool, len(was))
	size := len(was)
	for _, c := range changes {
		if c.From != nil {
			if *c.From < 1 || *c.From > len(was) || gone[*c.From-1] {
				return nil, errForeignChange
			}
			gone[*c.From-1] = true
			size--
		}
		if c.To != nil {
			size++
		}
	}
	is := make([]json.RawMessage, size)
	for _, c := range changes {
		if c.To == nil {
			continue
		}
		line := c.Value
		if isNull(line) && c.From != nil {
			line = was[*c.From-1]
		}
		if *c.To < 1 || *c.To > size || is[*c.To-1] != nil || line == nil {
			return nil, errForeignChange
		}
		is[*c.To-1] = line
	}
	next := 0
	for i := range is {
		if is[i] != nil {
			continue
		}
		for gone[next] {
			next++
		}
		is[i] = was[next]
		next++
	}
	return json.Marshal(is)
}
