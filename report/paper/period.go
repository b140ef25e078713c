package paper

// A quarter or a year on paper: text, JSON and CSV.

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// periodPage is a period with its words at hand.
type periodPage struct {
	*page
	period *hall.PeriodReport
}

// periodList is one of the lists of a period.
type periodList struct {
	name  string // as --list takes it, and its key in JSON
	title string // Chinese
	none  string // what is said of an empty one
	value func(r *hall.PeriodReport) any
	table func(p *periodPage) Table
	say   func(p *periodPage) []string // nil = nothing
	prose bool                         // text needs no table
}

// periodLists are the lists of a period, in the order in which they are printed.
var periodLists = []periodList{
	{name: "months", title: "各月", value: func(r *hall.PeriodReport) any { return r.Months }, table: monthsTable},
	{name: "staff", title: "人员考核", none: "没有计分的月份。", value: func(r *hall.PeriodReport) any { return some(r.Staff) },
		table: periodStaffTable, say: func(p *periodPage) []string { return sayStaff(p.page) }},
	{name: "windows", title: "窗口考评", none: "没有计分的月份。", value: func(r *hall.PeriodReport) any { return some(r.Windows) }, table: periodWindowsTable},
	{name: "awards", title: "评先", none: "各月均未评先。", value: func(r *hall.PeriodReport) any { return some(r.Awards) },
		table: periodAwardsTable, say: sayPeriodAwards, prose: true},
	{name: "vetoes", title: "一票否决", none: "无一票否决。", value: func(r *hall.PeriodReport) any { return some(r.Vetoes) },
		table: vetoesTable},
	{name: "cases", title: "办件", none: "未报送办件数据。", value: func(r *hall.PeriodReport) any { return r.Cases }, table: periodCasesTable, say: sayPeriodCases},
}

// PeriodLists are the names of the lists of a period, and PeriodFormats those of
// the formats in which they are written.
func PeriodLists() []string {
	return append(names(periodLists, func(l periodList) string { return l.name }), All)
}

// PeriodFormats are the formats in which a period is written.
func PeriodFormats() []string { return []string{"text", "json", "csv"} }

// WritePeriod writes one list of a period, or All, in a format; of the Options only
// Posting says anything. The error of an
// unknown list or format wraps hall.ErrInvalid and names the allowed ones.
func WritePeriod(w io.Writer, r *hall.PeriodReport, list, format string, o Options) error {
	lists, err := choosePeriod(list, format)
	if err != nil {
		return err
	}
	if o.Posting {
		r = postedPeriod(r)
	}
	p := newPeriodPage(r, o)
	switch format {
	case "json":
		return p.writeJSON(w, lists)
	case "csv":
		return writeRows(w, p.shown(lists[0].table(p)))
	}
	return p.writeText(w, lists)
}

// CheckPeriod reports what WritePeriod would refuse, before there is a period.
func CheckPeriod(list, format string) error {
	_, err := choosePeriod(list, format)
	return err
}

func choosePeriod(list, format string) ([]periodList, error) {
	if !slices.Contains(PeriodFormats(), format) {
		return nil, unknown("format of a period", format, PeriodFormats())
	}
	var lists []periodList
	for _, l := range periodLists {
		if l.name == list || list == All || list == "" {
			lists = append(lists, l)
		}
	}
	if len(lists) == 0 {
		return nil, unknown("list of a period", list, PeriodLists())
	}
	if format == "csv" && len(lists) > 1 {
		return nil, fmt.Errorf("%w list %q: csv holds one list at a time; ask for one, for example --list staff", hall.ErrInvalid, All)
	}
	return lists, nil
}

// newPeriodPage lends the words of a month to its period.
func newPeriodPage(r *hall.PeriodReport, o Options) *periodPage {
	words := &hall.Report{Hall: r.Hall, Name: r.Name, Names: r.Names, Ranking: r.Ranking}
	for i := range r.Staff {
		words.Staff = append(words.Staff, hall.StaffScore{Person: r.Staff[i].Person, Window: r.Staff[i].Window})
	}
	return &periodPage{page: newPage(words, o), period: r}
}

func (p *periodPage) writeJSON(w io.Writer, lists []periodList) error {
	r := p.period
	var o object
	o.put("hall", r.Hall)
	o.put("name", r.Name)
	o.put("period", r.Period)
	o.put("as_of", r.AsOf)
	o.put("sequence", r.Sequence)
	o.put("draft", r.Draft)
	for _, l := range lists {
		o.put(l.name, l.value(r))
		if l.name == "staff" {
			o.put("ranking", some(r.Ranking))
		}
	}
	o.put("warnings", some(r.Warnings))
	return o.writeTo(w)
}

func (p *periodPage) writeText(w io.Writer, lists []periodList) error {
	out := p.head()
	for _, l := range lists {
		out = append(out, "", "【"+l.title+"】")
		t := p.shown(l.table(p))
		var said []string
		if l.say != nil {
			said = l.say(p)
		}
		if len(t.Rows) == 0 && len(said) == 0 {
			said = []string{l.none}
		}
		for _, line := range said {
			out = append(out, "  "+line)
		}
		if !l.prose && len(t.Rows) > 0 {
			out = append(out, grid(t.without(func(c *Column) bool { return c.Wide }))...)
		}
	}
	for i, line := range out {
		out[i] = printable(line)
	}
	_, err := io.WriteString(w, strings.Join(out, "\n")+"\n")
	return err
}

func (p *periodPage) head() []string {
	r := p.period
	lines := []string{p.hallName() + " " + periodTitle(r.Period) + "考核", fmt.Sprintf("截至%s，已处理事件%d条", moment(r.AsOf), r.Sequence)}
	if r.Draft {
		lines = append(lines, "！草稿："+p.drafts()+"，以下结果还可能变动。")
	}
	for _, w := range r.Warnings {
		lines = append(lines, "！"+w.Text)
	}
	return lines
}

// drafts names the months that are not sealed, by what they are.
func (p *periodPage) drafts() string {
	var parts []string
	for _, state := range []string{hall.MonthDraft, hall.MonthNoData, hall.MonthNoPolicy, hall.MonthAhead} {
		var months []hall.Month
		for i := range p.period.Months {
			if m := &p.period.Months[i]; m.State == state {
				months = append(months, m.Month)
			}
		}
		if len(months) > 0 {
			parts = append(parts, shortMonths(months)+monthState(state))
		}
	}
	return strings.Join(parts, "；")
}

func monthState(state string) string {
	switch state {
	case hall.MonthSealed:
		return "已封账"
	case hall.MonthDraft:
		return "未封账"
	case hall.MonthAhead:
		return "未到"
	case hall.MonthNoPolicy:
		return "没有生效的办法"
	case hall.MonthNoData:
		return "没有打卡和巡查记录，不计分"
	}
	return state
}

// periodTitle writes `2020年第四季度` or `2020年度`.
func periodTitle(p hall.Period) string {
	year := p.First.String()[:4]
	switch p {
	case p.First.Year():
		return year + "年度"
	case p.First.Quarter():
		return year + "年第" + chinese(int(p.First)%12/3+1) + "季度"
	}
	return monthTitle(p.First)
}

// shortMonth writes `11月`.
func shortMonth(m hall.Month) string { return strconv.Itoa(int(m)%12+1) + "月" }

// shortMonths writes sorted months: `1月、2月`, `1月至10月、12月`.
func shortMonths(list []hall.Month) string {
	var parts []string
	for i := 0; i < len(list); {
		n := 1
		for i+n < len(list) && list[i+n] == list[i]+hall.Month(n) {
			n++
		}
		switch {
		case n > 2:
			parts = append(parts, shortMonth(list[i])+"至"+shortMonth(list[i+n-1]))
		case n == 2:
			parts = append(parts, shortMonth(list[i]), shortMonth(list[i+1]))
		default:
			parts = append(parts, shortMonth(list[i]))
		}
		i += n
	}
	return strings.Join(parts, "、")
}
