package paper

// The annexes of the bulletin, numbered in their order.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rollcall/hall"
)

// wideColumns is how many columns a page on its side is for.
const wideColumns = 8

// bulletinAnnex is the annex of a part.
type bulletinAnnex struct {
	part, title string
	tables      func(*bulletinWriter) []AnnexTable
}

var bulletinAnnexes = []bulletinAnnex{
	{"cases", "annex_cases", (*bulletinWriter).casesAnnex},
	{"ranking", "annex_staff", (*bulletinWriter).staffAnnex},
	{"awards", "annex_windows", (*bulletinWriter).windowsAnnex},
}

// makeAnnexes makes the annexes of the parts that are switched on and have
// something to show, in the order of those parts.
func (b *bulletinWriter) makeAnnexes() []Annex {
	if !b.has("annexes") {
		return nil
	}
	var list []Annex
	for _, part := range b.words.Parts {
		i := slices.IndexFunc(bulletinAnnexes, func(a bulletinAnnex) bool { return a.part == part })
		if i < 0 {
			continue
		}
		if tables := bulletinAnnexes[i].tables(b); len(tables) > 0 {
			wide := slices.ContainsFunc(tables, func(t AnnexTable) bool { return len(t.Columns) > wideColumns })
			list = append(list, Annex{Number: len(list) + 1, Title: b.heading(bulletinAnnexes[i].title), Wide: wide, Tables: tables, part: part})
		}
	}
	return list
}

// newAnnexTable makes an empty table.
func newAnnexTable(columns ...[]Column) AnnexTable {
	t := AnnexTable{Rows: [][]string{}, Notes: []string{}}
	for _, c := range slices.Concat(columns...) {
		t.Columns = append(t.Columns, AnnexColumn{Title: c.Title, Number: c.Type == Number})
	}
	return t
}

// casesAnnex lists the case volumes by window. Its total is the hall's, which
// need not be the sum of the windows.
func (b *bulletinWriter) casesAnnex() []AnnexTable {
	if !b.Cases.Reported || len(b.Cases.Windows) == 0 {
		return nil
	}
	t := newAnnexTable(numbers("序号"), words("窗口"), numbers("受理（件）", "占比（%）", "办结（件）", "按时办结（件）", "按时办结率（%）"))
	var sum hall.WindowCases
	for i := range b.Cases.Windows {
		c := &b.Cases.Windows[i]
		t.Rows = append(t.Rows, append([]string{strconv.Itoa(i + 1), b.window(c.Window)}, volume(c)...))
		sum.Accepted += c.Accepted
		sum.Completed += c.Completed
		sum.OnTime += c.OnTime
	}
	if *b.Cases.Total == sum.Accepted {
		sum.OnTimePercent = b.Cases.OnTimePercent
		if sum.Accepted > 0 {
			sum.SharePercent = new(100 * hall.Point)
		}
		t.Rows = append(t.Rows, append([]string{"", "合计"}, volume(&sum)...))
	} else {
		t.Rows = append(t.Rows, []string{"", "全大厅", number(b.Cases.Total), "", "", "", percent(b.Cases.OnTimePercent)})
	}
	if missing := b.Cases.Missing; len(missing) > 0 {
		t.Notes = append(t.Notes, b.say("cases_missing", "windows", b.windowNames(missing)))
	}
	if len(b.Cases.Categories) == 0 {
		return []AnnexTable{t}
	}
	t.Caption = "按窗口"
	return []AnnexTable{t, b.categoriesTable()}
}

// categoriesTable lists the case volumes by category.
func (b *bulletinWriter) categoriesTable() AnnexTable {
	t := newAnnexTable(numbers("序号"), words("类别"), numbers("受理（件）", "办结（件）", "按时办结（件）", "按时办结率（%）"))
	t.Caption = "按类别"
	for i := range b.Cases.Categories {
		c := &b.Cases.Categories[i]
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), c.Category, number(&c.Accepted), number(&c.Completed), number(&c.OnTime), percent(c.OnTimePercent)})
	}
	return t
}

// volume writes the figures of a window: accepted, share, completed, on time and
// its rate.
func volume(c *hall.WindowCases) []string {
	return []string{number(&c.Accepted), percent(c.SharePercent), number(&c.Completed), number(&c.OnTime), percent(c.OnTimePercent)}
}

func (b *bulletinWriter) casesOf(id hall.WindowID) *hall.WindowCases {
	for i := range b.Cases.Windows {
		if c := &b.Cases.Windows[i]; c.Window == id {
			return c
		}
	}
	return nil
}

// windowsAnnex is the assessment of the windows, with a column for each figure
// that some window has.
func (b *bulletinWriter) windowsAnnex() []AnnexTable {
	if len(b.Windows) == 0 {
		return nil
	}
	figures := b.windowFigures()
	t := newAnnexTable(numbers("名次"), words("窗口"), numbers("人均得分", "窗口扣分"), words("加分项目"), numbers("加分", "办件量", "占比（%）", "按时办结率（%）"),
		words(figures...), numbers("合计"), words("评定"))
	for i := range b.Windows {
		t.Rows = append(t.Rows, b.windowRow(&b.Windows[i], figures))
	}
	if none := b.unmanned(); len(none) > 0 {
		t.Notes = append(t.Notes, "没有参加排名的人员、人均得分按基础分计的窗口："+b.windowNames(none)+"。")
	}
	return []AnnexTable{t}
}

func (b *bulletinWriter) windowRow(w *hall.WindowScore, figures []string) []string {
	row := []string{strconv.Itoa(w.Rank), b.window(w.Window), w.StaffMean.Fixed(2), w.Deductions.String(), b.bonusOf(w.Window), w.Bonus.String()}
	if c := b.casesOf(w.Window); c != nil {
		v := volume(c)
		row = append(row, v[0], v[1], v[4])
	} else {
		row = append(row, notReported, "", "")
	}
	for _, name := range figures {
		row = append(row, b.windowFigure(name, w.Window))
	}
	var titles []string
	for _, a := range b.Awards {
		if slices.Contains(a.Windows, w.Window) {
			titles = append(titles, a.Title)
		}
	}
	return append(row, w.Score.Fixed(2), strings.Join(titles, "、"))
}

// bonusOf sums up what a window did, alone and jointly.
func (b *bulletinWriter) bonusOf(id hall.WindowID) string {
	var kinds []string
	counts := map[string]int64{}
	for _, line := range b.Bonus {
		if line.Person != nil || !slices.Contains(line.Windows, id) {
			continue
		}
		if _, ok := counts[line.Kind]; !ok {
			kinds = append(kinds, line.Kind)
		}
		counts[line.Kind] += line.Count
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%s%d", b.kind(kind), counts[kind])
	}
	return strings.Join(kinds, "、")
}

// staffAnnex ranks the staff, each class that is ranked apart by itself, and
// says how many are left out and why.
func (b *bulletinWriter) staffAnnex() []AnnexTable {
	var tables []AnnexTable
	for i := range b.Ranking {
		r := &b.Ranking[i]
		t := newAnnexTable(numbers("名次"), words("姓名", "窗口"), numbers("得分"))
		if len(b.Ranking) > 1 {
			t.Caption = b.rankedTogether(r)
		}
		for _, s := range b.Staff {
			if s.Rank != nil && b.rankedIn(&s, r) {
				t.Rows = append(t.Rows, []string{count(s.Rank), s.Name, b.window(s.Window), s.Score.Fixed(1)})
			}
		}
		tables = append(tables, t)
	}
	if out := b.leftOut(); out != "" && len(tables) > 0 {
		last := &tables[len(tables)-1]
		last.Notes = append(last.Notes, "未参加排名："+out+"。")
	}
	return tables
}

// rankedIn reports whether a person is ranked in r: with their class where that
// is apart, else in the hall's list.
func (b *bulletinWriter) rankedIn(s *hall.StaffScore, r *hall.Ranking) bool {
	if slices.Contains(b.Names.Apart, s.Class) {
		return s.Class == string(r.Class)
	}
	return r.Class == ""
}

// leftOut counts who is not ranked, by reason.
func (b *bulletinWriter) leftOut() string {
	var parts []string
	for _, reason := range []hall.Name{hall.LeftOutClass, hall.LeftOutNotDue, hall.LeftOutMinDays} {
		n := 0
		for _, s := range b.Staff {
			if s.LeftOut == reason {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s的%d人", leftOut(reason), n))
		}
	}
	return strings.Join(parts, "、")
}

// How many places of a Latin letter a table has in the size of its type, upright
// and on its side, and how many a column needs beside its text.
const (
	uprightPlaces = 84
	widePlaces    = 121
	margin        = 2
	// unbroken is the heading that stands in one line.
	unbroken = 4
	// flexible columns, wider than this, share what the others leave.
	flexible = 16
)

// widths shares a width of 1000 among the columns by what they hold: a number or
// a short word is never broken, a heading may be, into two lines.
func (t *AnnexTable) widths(wide bool) []int {
	shares := make([]int, len(t.Columns))
	room := uprightPlaces
	if wide {
		room = widePlaces
	}
	long := 0
	for i, c := range t.Columns {
		shares[i] = margin + max((places(c.Title)+1)/2, min(places(c.Title), unbroken))
		for _, row := range t.Rows {
			shares[i] = max(shares[i], margin+places(row[i]))
		}
		if room -= shares[i]; shares[i] > flexible && !c.Number {
			long += shares[i]
			room += shares[i]
		}
	}
	total := 0
	for i, c := range t.Columns {
		if shares[i] > flexible && !c.Number {
			shares[i] = max(flexible, shares[i]*max(room, 0)/long)
		}
		total += shares[i]
	}
	for i := range shares {
		shares[i] = shares[i] * 1000 / total
	}
	return shares
}
