package report

// The difference of two reports of a month, line by line.

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// Changes lists the lines in which a report differs from an earlier one of the
// same month: full attendance, violations, contested, pending, unresolved,
// scores, bonus and cases, in this order and by what the line is about. It is
// never nil.
func Changes(was, is *hall.Report) []hall.Change {
	list := []hall.Change{}
	for _, part := range compared {
		list = append(list, compare(part.list, part.lines(was, &is.Names), part.lines(is, &is.Names))...)
	}
	return list
}

// compared are the lists that are compared: what each line is about, and what it
// says of it.
var compared = []struct {
	list  string
	lines func(r *hall.Report, n *hall.Names) map[string]string
}{
	{"workdays", func(r *hall.Report, _ *hall.Names) map[string]string {
		return map[string]string{"workdays": strconv.Itoa(r.Workdays)}
	}},
	{"full_attendance", func(r *hall.Report, _ *hall.Names) map[string]string {
		return index(r.FullAttendance, func(f *hall.FullAttendance) (string, string) {
			return string(f.Person), said(f.Name, string(f.Window))
		})
	}},
	{"violations", func(r *hall.Report, n *hall.Names) map[string]string { return index(r.Violations, aboutViolation(n)) }},
	{"pending", func(r *hall.Report, _ *hall.Names) map[string]string {
		return index(r.Pending, func(p *hall.PendingPunch) (string, string) {
			return p.Date.String() + "/" + p.Session + "/" + p.Edge + "/" + string(p.Person), p.Due
		})
	}},
	{"contested", func(r *hall.Report, n *hall.Names) map[string]string { return index(r.Contested, aboutViolation(n)) }},
	{"unresolved", func(r *hall.Report, _ *hall.Names) map[string]string {
		return index(r.Unresolved, func(u *hall.Unresolved) (string, string) {
			return string(u.UID), said(u.Reason, string(u.Value))
		})
	}},
	{"staff", func(r *hall.Report, _ *hall.Names) map[string]string {
		return index(r.Staff, func(s *hall.StaffScore) (string, string) {
			return string(s.Person), said(s.Name, string(s.Window), "得分"+s.Score.String(), "名次"+number(s.Rank))
		})
	}},
	{"windows", func(r *hall.Report, _ *hall.Names) map[string]string {
		return index(r.Windows, func(w *hall.WindowScore) (string, string) {
			award := ""
			if w.Award {
				award = "评先"
			}
			return string(w.Window), said(w.Name, "得分"+w.Score.String(), "名次"+strconv.Itoa(w.Rank), award)
		})
	}},
	{"bonus", func(r *hall.Report, _ *hall.Names) map[string]string { return index(r.Bonus, aboutBonus) }},
	{"cases", aboutCases},
}

func index[T any](list []T, about func(*T) (line, text string)) map[string]string {
	lines := make(map[string]string, len(list))
	for i := range list {
		line, text := about(&list[i])
		lines[line] = text
	}
	return lines
}

// aboutViolation says of a violation what a reader of the issue would see.
func aboutViolation(n *hall.Names) func(v *hall.Violation) (line, text string) {
	return func(v *hall.Violation) (line, text string) {
		kind := cmp.Or(n.Kinds[v.Kind], v.Kind)
		if v.Minutes != nil {
			kind += strconv.Itoa(*v.Minutes) + "分钟"
		}
		unnamed := ""
		if v.Unnamed > 0 {
			unnamed = "未具名" + strconv.Itoa(v.Unnamed) + "人"
		}
		return v.ID, said(append([]string{string(v.Window), unnamed, kind, "扣" + v.Points.String() + "分", stateText(v.State)}, markTexts(v.Marks)...)...)
	}
}

func markTexts(marks []string) []string {
	texts := make([]string, len(marks))
	for i, m := range marks {
		switch m {
		case hall.MarkContradicted:
			texts[i] = "有相反记录"
		case hall.MarkRepeated:
			texts[i] = "重犯加重"
		case hall.MarkTolerated:
			texts[i] = "容错"
		}
	}
	return texts
}

func aboutBonus(b *hall.BonusLine) (line, text string) {
	names := make([]string, len(b.Windows))
	for i, w := range b.Windows {
		names[i] = "@" + string(w)
	}
	who := strings.Join(names, ",")
	if b.Person != nil {
		who = string(*b.Person)
	}
	return who + "/" + b.Kind, strconv.FormatInt(b.Count, 10)
}

func aboutCases(r *hall.Report, _ *hall.Names) map[string]string {
	lines := index(r.Cases.Windows, func(c *hall.WindowCases) (string, string) {
		return "@" + string(c.Window), strconv.FormatInt(c.Accepted, 10) + "/" + strconv.FormatInt(c.Completed, 10) + "/" + strconv.FormatInt(c.OnTime, 10)
	})
	if r.Cases.Total != nil {
		lines["total"] = strconv.FormatInt(*r.Cases.Total, 10)
	}
	if r.Cases.GrowthPercent != nil {
		lines["growth_percent"] = r.Cases.GrowthPercent.String()
	}
	return lines
}

func said(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

func number(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}

// compare lists what differs, by what the lines are about.
func compare(list string, was, is map[string]string) []hall.Change {
	var changes []hall.Change
	for line, text := range was {
		if now, ok := is[line]; !ok || now != text {
			changes = append(changes, hall.Change{List: list, Line: line, Was: hall.Name(text), Is: hall.Name(now)})
		}
	}
	for line, text := range is {
		if _, ok := was[line]; !ok {
			changes = append(changes, hall.Change{List: list, Line: line, Is: hall.Name(text)})
		}
	}
	slices.SortFunc(changes, func(a, b hall.Change) int { return cmp.Compare(a.Line, b.Line) })
	return changes
}
