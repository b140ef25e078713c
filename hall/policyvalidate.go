package hall

// What may not stand together in a policy.

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Validate returns everything that is wrong with p at once, as a PolicyErrors
// whose paths are those of the document, or nil.
func (p *Policy) Validate() error {
	r := &policyReader{}
	p.validate(r)
	if len(r.errs) > 0 {
		return r.errs
	}
	return nil
}

// validate skips what is empty: its own error has been noted when it was read.
func (p *Policy) validate(r *policyReader) {
	p.validateTimetables(r)
	unique(r, "$.classes", "name", p.Classes, func(c *Class) string { return c.Name })
	unique(r, "$.units", "id", p.Units, func(u *Unit) string { return u.ID })
	p.validateWindows(r)
	p.Punctuality.validate(r)
	unique(r, "$.leave", "kind", p.Leave, func(k *LeaveKind) string { return k.Kind })
	p.validateDiscipline(r)
	unique(r, "$.bonus", "kind", p.Bonus, func(k *BonusKind) string { return k.Kind })
	unique(r, "$.assessment.staff.categories", "name", p.Assessment.Staff.Categories,
		func(c *Category) string { return c.Name })
	p.validateBulletin(r)
}

// unique demands that no two elements of a list have the same key.
func unique[T any](r *policyReader, path, key string, list []T, of func(*T) string) {
	first := make(map[string]int, len(list))
	for i := range list {
		value := of(&list[i])
		if value == "" {
			continue
		}
		if j, ok := first[value]; ok {
			r.fail(fmt.Sprintf("%s[%d].%s", path, i, key), strconv.Quote(value),
				fmt.Sprintf("stands twice, first at %s[%d]", path, j), "each "+key+" once")
			continue
		}
		first[value] = i
	}
}

func (p *Policy) validateTimetables(r *policyReader) {
	hasOwn := false
	unique(r, "$.timetables", "from", p.Timetables, func(t *Timetable) string {
		if t.From == 0 {
			return ""
		}
		of := ""
		if t.Group != "" {
			of = " of group " + t.Group
		}
		return fmt.Sprintf("%02d-%02d", t.From/100, t.From%100) + of
	})
	for i := range p.Timetables {
		t := &p.Timetables[i]
		hasOwn = hasOwn || t.Group == ""
		path := fmt.Sprintf("$.timetables[%d]", i)
		validateDay(r, path+".sessions", t.Sessions)
		for day := range time.Weekday(7) {
			validateDay(r, path+".weekdays."+policyWeekdays[day], t.Weekdays[day])
		}
	}
	if !hasOwn {
		r.fail("$.timetables", "", "has no timetable of the hall itself", "at least one without group")
	}
}

// validateDay checks the sessions of one day, which stand in their order.
func validateDay(r *policyReader, path string, sessions []Session) {
	unique(r, path, "name", sessions, func(s *Session) string { return s.Name })
	last := -1
	for i := range sessions {
		s := &sessions[i]
		if s.End == 0 {
			continue // its times are unreadable
		}
		at := fmt.Sprintf("%s[%d]", path, i)
		if last >= 0 {
			validateOrder(r, at, &sessions[last], s)
		}
		validateBands(r, at, s)
		last = i
	}
	if last >= 0 && sessions[last].End > DayEnd {
		validateNight(r, fmt.Sprintf("%s[%d].end", path, last), &sessions[0], &sessions[last])
	}
	validateOverlaps(r, path, sessions)
}

// longestNight is how long a session that crosses midnight can be, in seconds,
// if it does not go round the clock; one that seems longer has its start and end
// mixed up.
const longestNight Clock = 16 * 3600

// validateNight tells a night from a session whose end stands before its start
// by mistake.
func validateNight(r *policyReader, at string, first, night *Session) {
	value := strconv.Quote((night.End - DayEnd).String())
	switch {
	case night.End-night.Start > longestNight && night.End-night.Start < DayEnd:
		r.fail(at, value, fmt.Sprintf("is not after the start %s, and a session over midnight until then would last %s hours", night.Start, night.End-night.Start),
			"an end after the start, at most 16 hours over midnight, or round the clock")
	case first != night && night.End-DayEnd > first.Start:
		r.fail(at, value, fmt.Sprintf("reaches over midnight into session %q, which starts at %s", first.Name, first.Start),
			"an end after the start, or one before the first session of the next day")
	}
}

func validateOrder(r *policyReader, at string, before, s *Session) {
	switch {
	case before.CrossesMidnight():
		r.fail(at, strconv.Quote(s.Name), fmt.Sprintf("follows session %q, which ends on the next day (%s to %s)",
			before.Name, before.Start, before.End),
			"a session that crosses midnight is the last of its day; is its end before its start by mistake?")
	case s.Start < before.Start:
		r.fail(at+".start", strconv.Quote(s.Start.String()),
			fmt.Sprintf("is before session %q, which stands above it", before.Name), "sessions in the order of the day")
	case s.Start < before.End:
		r.fail(at+".start", strconv.Quote(s.Start.String()),
			fmt.Sprintf("overlaps session %q, which ends at %s", before.Name, before.End),
			fmt.Sprintf("%s or later", before.End))
	}
}

func validateBands(r *policyReader, at string, s *Session) {
	for _, edge := range []struct {
		key  string
		band *Band
	}{{EdgeIn, s.In}, {EdgeOut, s.Out}} {
		b := edge.band
		if b == nil {
			continue
		}
		value := fmt.Sprintf("[%s, %s]", b.From, b.Until)
		if b.Until <= b.From {
			r.fail(at+"."+edge.key, value, "does not end after it begins", `for example ["07:00", "10:15"]`)
		}
	}
}

// givenBand is the given band of a planned punch.
type givenBand struct {
	Band
	path string
}

// validateOverlaps checks the given bands of the planned punches of one day.
func validateOverlaps(r *policyReader, path string, sessions []Session) {
	var bands []givenBand
	for i := range sessions {
		s := &sessions[i]
		at := fmt.Sprintf("%s[%d].", path, i)
		if s.PunchIn && s.In != nil && s.In.From < s.In.Until {
			bands = append(bands, givenBand{*s.In, at + EdgeIn})
		}
		if s.PunchOut && s.Out != nil && s.Out.From < s.Out.Until {
			bands = append(bands, givenBand{*s.Out, at + EdgeOut})
		}
	}
	slices.SortStableFunc(bands, func(a, b givenBand) int { return int(a.From - b.From) })
	var widest *givenBand
	for i := range bands {
		b := &bands[i]
		if widest != nil && b.From < widest.Until {
			r.fail(b.path, fmt.Sprintf("[%s, %s]", b.From, b.Until),
				fmt.Sprintf("overlaps the band [%s, %s] at %s", widest.From, widest.Until, widest.path),
				"bands of a day that do not overlap; a band ends just before its second time")
		}
		if widest == nil || b.Until > widest.Until {
			widest = b
		}
	}
}

func (p *Policy) validateWindows(r *policyReader) {
	unique(r, "$.windows", "id", p.Windows, func(w *Window) string { return string(w.ID) })
	unique(r, "$.windows", "number", p.Windows, func(w *Window) string {
		if w.Number < 0 || w.ID == "" && w.Number == 0 {
			return ""
		}
		return strconv.Itoa(w.Number)
	})
	units := make(map[string]bool, len(p.Units))
	var names []string
	for i := range p.Units {
		units[p.Units[i].ID] = true
		names = append(names, p.Units[i].ID)
	}
	for i := range p.Windows {
		w := &p.Windows[i]
		path := fmt.Sprintf("$.windows[%d]", i)
		if w.Unit != "" && !units[w.Unit] {
			r.fail(path+".unit", strconv.Quote(w.Unit), "is no unit", Suggest(w.Unit, names, "units"))
		}
		if w.From != 0 && w.Until != 0 && w.Until < w.From {
			r.fail(path+".until", w.Until.String(), "is before from", w.From.String()+" or later")
		}
	}
	p.validateWindowNames(r)
}

// validateWindowNames keeps an alias or former name from being the very name of
// another window.
func (p *Policy) validateWindowNames(r *policyReader) {
	owner := make(map[string]int, len(p.Windows))
	for i := range p.Windows {
		owner[p.Windows[i].Name] = i
	}
	for i := range p.Windows {
		w := &p.Windows[i]
		for _, list := range []struct {
			key   string
			names []string
		}{{"former", w.Former}, {"aliases", w.Aliases}} {
			for k, name := range list.names {
				j, taken := owner[name]
				if name == "" || !taken || j == i || w.Name == name {
					continue
				}
				r.fail(fmt.Sprintf("$.windows[%d].%s[%d]", i, list.key, k), strconv.Quote(name),
					fmt.Sprintf("is the name of window %q", p.Windows[j].ID), "a name that no other window has")
			}
		}
	}
}

func (p *Punctuality) validate(r *policyReader) {
	for _, kind := range PunctualityKinds {
		if o := p.Offence(kind); o != nil {
			validateSteps(r, "$.punctuality."+kind+".steps", o.Steps)
		}
	}
	if p.Repeat != nil {
		validateFactor(r, "$.punctuality.repeat", &p.Repeat.Repeat)
	}
}

func validateSteps(r *policyReader, path string, steps []Step) {
	for i := 1; i < len(steps); i++ {
		if steps[i].From <= steps[i-1].From {
			r.fail(fmt.Sprintf("%s[%d].from", path, i), fmt.Sprintf("%dm", steps[i].From),
				"is not after the step before it", fmt.Sprintf("more than %dm: steps ascend", steps[i-1].From))
		}
	}
}

func validateFactor(r *policyReader, path string, repeat *Repeat) {
	if repeat.Factor <= 0 {
		r.fail(path+".factor", repeat.Factor.String(), "is not greater than 0", "for example 2: double")
	}
}

func (p *Policy) validateDiscipline(r *policyReader) {
	unique(r, "$.discipline", "kind", p.Discipline, func(d *Discipline) string { return d.Kind })
	for i := range p.Discipline {
		if repeat := p.Discipline[i].Repeat; repeat != nil {
			validateFactor(r, fmt.Sprintf("$.discipline[%d].repeat", i), repeat)
		}
	}
}
