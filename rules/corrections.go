package rules

// Which corrections count: in the order in which they were made, so that a later
// form takes back no earlier one.

import (
	"cmp"
	"slices"

	"rollcall/hall"
)

// dayKey names a person's date.
type dayKey struct {
	person hall.PersonID
	date   hall.Date
}

// desk decides on the corrections of a month.
type desk struct {
	book     *Book
	rules    hall.CorrectionRules
	sealed   hall.Instant // when the month's first issue was made, 0 = never
	used     map[hall.PersonID]int
	accepted map[dayKey][]hall.Correction
	days     map[dayKey]*Day // judged with what is accepted so far, all bands closed
}

func (b *Book) newDesk(m hall.Month, rules hall.CorrectionRules) *desk {
	return &desk{book: b, rules: rules, sealed: b.firstSeal(m), used: map[hall.PersonID]int{},
		accepted: map[dayKey][]hall.Correction{}, days: map[dayKey]*Day{}}
}

// firstSeal returns when the first complete issue of a month was made, 0 if there
// is none. An issue is complete with its last part.
func (b *Book) firstSeal(m hall.Month) hall.Instant {
	var first hall.Instant
	issues, _ := hall.Issues(b.facts.Seals, m)
	for i := range issues {
		if made := issues[i].Made(); first == 0 || made < first {
			first = made
		}
	}
	return first
}

// decide gives each correction of the month its fate, by (time, uid). A
// correction speaks of the day in whose band it falls, else of its own.
func (d *desk) decide(m hall.Month, people []*page) []CorrectionFate {
	var fates []CorrectionFate
	for _, p := range people {
		for _, c := range p.corrections {
			date, _, ok := d.book.owner(p, c.At)
			if !ok {
				date, _ = c.At.In(d.book.zone)
			}
			if m.Contains(date) {
				fates = append(fates, CorrectionFate{Correction: c, Date: date})
			}
		}
	}
	slices.SortFunc(fates, func(x, y CorrectionFate) int { return compareHeads(x.Head, y.Head) })
	for i := range fates {
		d.rule(&fates[i])
	}
	return fates
}

func (d *desk) rule(f *CorrectionFate) {
	key := dayKey{f.Person, f.Date}
	switch {
	case f.ApprovedBy == "":
		f.Fate = CorrectionUnapproved
	case d.sealed != 0 && f.Time > d.sealed:
		f.Fate = CorrectionSealed
	case d.tooLate(f):
		f.Fate = CorrectionLate
	case !d.mends(key, f.Correction):
		f.Fate = CorrectionIdle
	case f.Own && d.rules.OwnPerMonth != nil && d.used[f.Person] >= *d.rules.OwnPerMonth:
		f.Fate = CorrectionQuota
	default:
		f.Fate = CorrectionCounts
		if f.Own {
			d.used[f.Person]++
		}
		d.accepted[key] = append(d.accepted[key], f.Correction)
		delete(d.days, key)
	}
}

// tooLate reports whether more of the hall's workdays than allowed have passed
// since the planned date.
func (d *desk) tooLate(f *CorrectionFate) bool {
	if d.rules.WithinWorkdays == nil {
		return false
	}
	made, _ := f.Time.In(d.book.zone)
	return made > d.book.AddWorkdays(f.Date, *d.rules.WithinWorkdays)
}

// AddWorkdays returns the n-th workday of the hall after d. Where no workday is
// found within a year the search ends there.
func (b *Book) AddWorkdays(d hall.Date, n int) hall.Date {
	end := d + 366
	for ; n > 0 && d < end; n-- {
		for d++; d < end; d++ {
			if works, _ := b.Workday(d); works {
				break
			}
		}
	}
	return d
}

// mends reports whether some planned punch of the day is better with the
// correction and none worse, all bands taken as closed.
func (d *desk) mends(key dayKey, c hall.Correction) bool {
	before, ok := d.days[key]
	if !ok {
		before = Judge(d.book, key.person, key.date, d.accepted[key], never)
		d.days[key] = before
	}
	with := append(slices.Clone(d.accepted[key]), c)
	after := Judge(d.book, key.person, key.date, with, never)
	better := false
	for i := range before.Planned {
		switch compareVerdicts(&after.Planned[i], &before.Planned[i]) {
		case 1:
			return false
		case -1:
			better = true
		}
	}
	return better
}

// compareVerdicts orders by severity, then minutes.
func compareVerdicts(a, b *Planned) int {
	minutes := func(p *Planned) int {
		if minutes := p.Minutes(); minutes != nil {
			return *minutes
		}
		return 0
	}
	return cmp.Or(cmp.Compare(hall.Severity(a.Verdict), hall.Severity(b.Verdict)), cmp.Compare(minutes(a), minutes(b)))
}
