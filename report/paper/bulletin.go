package paper

// The bulletin of a month (运行情况分析): one value, which every format writes in
// its own way. Its words stand in hall.Bulletin, its facts in the report.

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

// Bulletin is a month's bulletin, ready to be set. Its numbers are given by the
// formats, which all count in the order that stands here; annexes carry theirs,
// since the text points to them.
type Bulletin struct {
	Draft     bool              `json:"draft"`   // the month, as it stands here, was never sealed
	Number    *int              `json:"number"`  // of the issue, null for a draft
	Notices   []string          `json:"notices"` // what a reader must know before anything else
	Title     string            `json:"title"`
	Addressee string            `json:"addressee"`
	Intro     []string          `json:"intro"`
	Sections  []BulletinSection `json:"sections"`
	Annexes   []Annex           `json:"annexes"`
	Issuer    string            `json:"issuer"`
	Date      string            `json:"date"`  // 2020年12月7日: of the seal, else of as_of
	Basis     string            `json:"basis"` // the issue that it was made of, "" for a draft
}

// BulletinSection is what stands under one heading.
type BulletinSection struct {
	Title string         `json:"title"`
	Items []BulletinItem `json:"items"`
}

// BulletinItem is a numbered paragraph; the parts of a section of several have
// titles.
type BulletinItem struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Annex is a numbered annex with its tables.
type Annex struct {
	Number int          `json:"number"`
	Title  string       `json:"title"`
	Wide   bool         `json:"wide"` // needs a page on its side
	Tables []AnnexTable `json:"tables"`

	part string // that points to it
}

// AnnexTable is a table of an annex.
type AnnexTable struct {
	Caption string        `json:"caption"` // "" where it is the only one
	Columns []AnnexColumn `json:"columns"`
	Rows    [][]string    `json:"rows"`  // as many cells as columns; the last one may be a total
	Notes   []string      `json:"notes"` // what stands below it
}

// AnnexColumn is a column of an annex.
type AnnexColumn struct {
	Title  string `json:"title"`
	Number bool   `json:"number"` // its cells are numbers, or empty
}

// bulletinPart is a part of the bulletin, the heading that it stands under with
// others, and what the program says in it; nil where people alone write.
type bulletinPart struct {
	name  string
	under string   // "" = its own heading
	also  []string // names under which people may write for it, beside its own and its title
	write func(*bulletinWriter) []string
}

var bulletinParts = []bulletinPart{
	{name: "focus", also: []string{"本月重点工作"}},
	{name: "cases", write: (*bulletinWriter).cases},
	{name: "attendance", under: "people", write: (*bulletinWriter).attendance},
	{name: "patrol", under: "people", write: (*bulletinWriter).patrol},
	{name: "ranking", under: "people", write: (*bulletinWriter).ranking},
	{name: "bonus", under: "merit", write: (*bulletinWriter).bonus},
	{name: "awards", under: "merit", write: (*bulletinWriter).awards},
	{name: "next_month", also: []string{"下月重点", "下月重点工作"}},
}

// bulletinWriter writes the sentences of one bulletin.
type bulletinWriter struct {
	*page
	words   hall.Bulletin
	annexes []Annex
}

// NewBulletin makes the bulletin of a report.
func NewBulletin(r *hall.Report) *Bulletin {
	b := &bulletinWriter{page: newPage(r, Options{}), words: r.Names.Bulletin.Resolved()}
	b.annexes = b.makeAnnexes()
	bulletin := &Bulletin{
		Draft: true, Notices: some(b.notices()), Title: b.heading("bulletin"), Addressee: b.words.Addressee,
		Intro: b.intro(), Sections: b.sections(), Annexes: some(b.annexes),
		Issuer: cmp.Or(b.words.Issuer, b.hallName()), Date: chineseDate(r.AsOf),
	}
	if r.Sealed != nil && len(b.altered()) == 0 {
		bulletin.Draft, bulletin.Number, bulletin.Date = false, &r.Sealed.Number, chineseDate(r.Sealed.At)
		bulletin.Basis = fmt.Sprintf("根据第%d号封账结果编制：%s。", r.Sealed.Number, joined("，", r.Sealed.By, moment(r.Sealed.At), "摘要"+r.Sealed.Digest))
	}
	return bulletin
}

// fill puts values, which alternate with their names, in place of placeholders.
func (b *bulletinWriter) fill(text string, values ...string) string {
	return hall.FillHolders(text, func(name string) (string, bool) {
		switch name {
		case "hall":
			return b.hallName(), true
		case "year":
			return strconv.Itoa(int(b.Month) / 12), true
		case "month":
			return monthName(b.Month), true
		case "next_month":
			return monthName(b.Month + 1), true
		}
		for i := 0; i+1 < len(values); i += 2 {
			if values[i] == name {
				return values[i+1], true
			}
		}
		return "", false
	})
}

func (b *bulletinWriter) heading(name string) string { return b.fill(b.words.Titles[name]) }

// say fills a sentence of the policy.
func (b *bulletinWriter) say(name string, values ...string) string {
	return b.fill(b.words.Sentences[name], values...)
}

// intro is what somebody wrote for this month, else what the policy says.
func (b *bulletinWriter) intro() []string {
	if written := b.written("intro", "开头"); len(written) > 0 {
		return written
	}
	return []string{b.fill(b.words.Intro)}
}

// written returns the paragraphs that people wrote for a section, under any of
// its names.
func (b *bulletinWriter) written(names ...string) []string {
	var items []string
	for _, t := range b.Texts {
		if slices.Contains(names, t.Section) {
			items = append(items, t.Items...)
		}
	}
	return items
}

// sections writes the parts under their headings, in the order of the policy;
// what people wrote beyond them stands before the outlook.
func (b *bulletinWriter) sections() []BulletinSection {
	sections := []BulletinSection{}
	at := map[string]int{}
	for _, name := range b.words.Parts {
		i := slices.IndexFunc(bulletinParts, func(p bulletinPart) bool { return p.name == name })
		if i < 0 {
			continue // annexes, or a part of a newer program
		}
		part := &bulletinParts[i]
		under := cmp.Or(part.under, part.name)
		if _, ok := at[under]; !ok {
			at[under] = len(sections)
			sections = append(sections, BulletinSection{Title: b.heading(under), Items: []BulletinItem{}})
		}
		section := &sections[at[under]]
		section.Items = append(section.Items, b.items(part)...)
	}
	outlook := len(sections)
	if i, ok := at["next_month"]; ok {
		outlook = i
	}
	sections = slices.Insert(sections, outlook, b.furtherSections()...)
	return slices.DeleteFunc(sections, func(s BulletinSection) bool { return len(s.Items) == 0 })
}

// items are the paragraphs of a part: one with a title where it shares a heading,
// as many as it has where it has its own.
func (b *bulletinWriter) items(part *bulletinPart) []BulletinItem {
	var paragraphs []string
	if part.write != nil {
		paragraphs = part.write(b)
	}
	paragraphs = append(paragraphs, b.written(b.names(part)...)...)
	if len(paragraphs) == 0 {
		paragraphs = []string{b.say(part.name + "_none")}
	}
	paragraphs = slices.DeleteFunc(paragraphs, func(s string) bool { return s == "" })
	if part.under != "" && len(paragraphs) > 0 {
		return []BulletinItem{{Title: b.heading(part.name), Text: strings.Join(paragraphs, "")}}
	}
	items := make([]BulletinItem, len(paragraphs))
	for i, text := range paragraphs {
		items[i].Text = text
	}
	return items
}

// names are those under which people may write for a part.
func (b *bulletinWriter) names(part *bulletinPart) []string {
	return slices.Concat([]string{part.name, b.heading(part.name)}, part.also)
}

// furtherSections are what people wrote under a heading of their own.
func (b *bulletinWriter) furtherSections() []BulletinSection {
	taken := []string{"intro", "开头"}
	for i := range bulletinParts {
		taken = append(taken, b.names(&bulletinParts[i])...)
	}
	var sections []BulletinSection
	for _, t := range b.Texts {
		if slices.Contains(taken, t.Section) {
			continue
		}
		section := BulletinSection{Title: t.Section, Items: []BulletinItem{}}
		for _, text := range t.Items {
			section.Items = append(section.Items, BulletinItem{Text: text})
		}
		sections = append(sections, section)
	}
	return sections
}

// has reports whether the policy switched a part on.
func (b *bulletinWriter) has(part string) bool { return slices.Contains(b.words.Parts, part) }

// monthName writes `11月`.
func monthName(m hall.Month) string { return strconv.Itoa(int(m)%12+1) + "月" }

// chineseDate writes the date of an RFC 3339 time: `2020年12月7日`.
func chineseDate(rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		return rfc3339
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

// bulletinList is the bulletin among the lists. It is no table: each format that
// holds it has its own way to set it.
var bulletinList = List{Name: "bulletin", Title: "通报", Key: "bulletin", Long: true,
	of: func(r *hall.Report) (value any, lines int) { return NewBulletin(r), 1 }}

func bulletinJSON(w io.Writer, r *hall.Report) error {
	return writeJSON(w, r, []List{bulletinList}, Options{})
}
