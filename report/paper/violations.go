package paper

// Violations: several dates of one subject and kind on one line, by person,
// date, window or kind.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

func sayViolations(p *page) []string {
	var total hall.Points
	for i := range p.Violations {
		total += p.Violations[i].Points
	}
	head := fmt.Sprintf("本月违规%d项，共扣%s分：", len(p.Violations), total)
	return append([]string{head}, p.grouped(p.Violations)...)
}

func sayContested(p *page) []string {
	head := fmt.Sprintf("与请假、外出或休息日矛盾的巡查记录%d项，核实之前不计：", len(p.Contested))
	return append([]string{head}, p.grouped(p.Contested)...)
}

// bunch is the violations of one subject and kind, in the order of the list.
type bunch struct {
	first *hall.Violation
	list  []*hall.Violation
}

// bunches puts the violations together that differ in date and session only,
// by window number, person (null last) and first date.
func (p *page) bunches(violations []hall.Violation) []bunch {
	var list []bunch
	at := map[string]int{}
	for i := range violations {
		v := &violations[i]
		key := strings.Join([]string{string(v.Window), v.Subject(), strconv.Itoa(v.Unnamed), v.Kind}, "\x00")
		j, ok := at[key]
		if !ok {
			j = len(list)
			at[key] = j
			list = append(list, bunch{first: v})
		}
		list[j].list = append(list[j].list, v)
	}
	slices.SortStableFunc(list, func(a, b bunch) int { return p.bySubject(a.first, b.first) })
	return list
}

// bySubject orders violations by window number and person, null last.
func (p *page) bySubject(a, b *hall.Violation) int {
	return cmp.Or(cmp.Compare(p.number(a.Window), p.number(b.Window)), cmp.Compare(a.Window, b.Window),
		comparePersons(a.Person, b.Person))
}

func comparePersons(a, b *hall.PersonID) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// grouped writes violations in the way that was asked for.
func (p *page) grouped(violations []hall.Violation) []string {
	switch p.opts.By {
	case ByDate:
		return p.headed(violations, func(v *hall.Violation) string { return dayTitle(v.Date) + "（周" + weekday(v.Date) + "）" }, p.single)
	case ByWindow:
		list := p.bunches(violations)
		return headed(list, func(b bunch) string { return p.window(b.first.Window) },
			func(b bunch) string { return p.who(b.first) + p.when(b) + p.kind(b.first.Kind) + b.notes() })
	case ByKind:
		list := p.bunches(violations)
		slices.SortStableFunc(list, func(a, b bunch) int {
			return cmp.Or(cmp.Compare(severity(a.first.Kind), severity(b.first.Kind)), cmp.Compare(a.first.Kind, b.first.Kind))
		})
		return headed(list, func(b bunch) string { return p.kind(b.first.Kind) },
			func(b bunch) string { return p.subject(b.first) + p.when(b) + b.notes() })
	}
	return headed(p.bunches(violations), nil,
		func(b bunch) string { return p.subject(b.first) + p.when(b) + p.kind(b.first.Kind) + b.notes() })
}

// severity puts punctuality first, the severest at its head.
func severity(kind string) int {
	if n := hall.Severity(kind); n > 0 {
		return -n
	}
	return 0
}

// single writes one violation under its date.
func (p *page) single(v *hall.Violation) string {
	text := p.subject(v)
	if v.Session != "" {
		text += p.session(string(v.Session))
	}
	text += p.kind(v.Kind)
	if v.Minutes != nil {
		text += fmt.Sprintf("%d分钟", *v.Minutes)
	}
	return text + bunch{v, []*hall.Violation{v}}.notes()
}

func (p *page) headed(violations []hall.Violation, head, line func(*hall.Violation) string) []string {
	list := make([]*hall.Violation, len(violations))
	for i := range violations {
		list[i] = &violations[i]
	}
	return headed(list, head, line)
}

// headed writes a line for each element, under a heading wherever it changes.
func headed[T any](list []T, head, line func(T) string) []string {
	var lines []string
	last := ""
	for _, e := range list {
		indent := ""
		if head != nil {
			indent = "  "
			if h := head(e); h != last {
				lines = append(lines, h+"：")
				last = h
			}
		}
		lines = append(lines, indent+line(e)+"。")
	}
	return lines
}

// when writes the dates of a bunch.
func (p *page) when(b bunch) string {
	dates := make([]hall.Date, len(b.list))
	for i, v := range b.list {
		dates[i] = v.Date
	}
	slices.Sort(dates)
	return days(dates)
}

// notes writes points, and the states and marks that a reader must know.
func (b bunch) notes() string {
	var points hall.Points
	marks := map[string]int{}
	for _, v := range b.list {
		points += v.Points
		for _, m := range v.Marks {
			marks[m]++
		}
	}
	parts := []string{"扣" + points.String() + "分"}
	if points == 0 {
		parts[0] = "不扣分"
	}
	for _, m := range []string{hall.MarkContradicted, hall.MarkAppealed, hall.MarkRepeated, hall.MarkTolerated} {
		switch n := marks[m]; {
		case n == 0:
		case n == len(b.list):
			parts = append(parts, word(m))
		default:
			parts = append(parts, fmt.Sprintf("%s%d次", word(m), n))
		}
	}
	return "（" + strings.Join(parts, "，") + "）"
}

// sorted orders violations in the way that was asked for; by person where
// nothing was asked would part the dates, so then it is the order of the list.
func (p *page) sorted(violations []hall.Violation) []*hall.Violation {
	list := make([]*hall.Violation, len(violations))
	for i := range violations {
		list[i] = &violations[i]
	}
	switch p.opts.By {
	case ByPerson, ByWindow:
		slices.SortStableFunc(list, p.bySubject)
	case ByKind:
		slices.SortStableFunc(list, func(a, b *hall.Violation) int {
			return cmp.Or(cmp.Compare(severity(a.Kind), severity(b.Kind)), cmp.Compare(a.Kind, b.Kind))
		})
	}
	return list
}
