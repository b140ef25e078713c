package paper

// The bulletin as text: to read on a screen, or to paste.

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"rollcall/hall"
)

// indent opens a paragraph: two characters of Chinese.
const indent = "　　"

func bulletinText(w io.Writer, r *hall.Report) error {
	b := NewBulletin(r)
	lines := b.textHead()
	for _, s := range b.Sections {
		lines = append(lines, "", "【"+s.Title+"】")
		for i := range s.Items {
			lines = append(lines, indent+numbered(i, len(s.Items))+s.Items[i].sentence())
		}
	}
	lines = append(lines, b.textFoot()...)
	for i := range b.Annexes {
		lines = append(lines, b.Annexes[i].text()...)
	}
	for i, line := range lines {
		rest := strings.TrimLeft(line, "　")
		lines[i] = line[:len(line)-len(rest)] + printable(rest)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

func (b *Bulletin) textHead() []string {
	var lines []string
	if b.Draft {
		lines = append(lines, draftMark)
	}
	lines = append(lines, strings.Split(b.Title, "\n")...)
	if b.Number != nil {
		lines = append(lines, issueTitle(*b.Number))
	}
	for _, notice := range b.Notices {
		lines = append(lines, "！"+notice)
	}
	lines = append(lines, "")
	if b.Addressee != "" {
		lines = append(lines, b.Addressee)
	}
	for _, text := range b.Intro {
		lines = append(lines, indent+text)
	}
	return lines
}

func (b *Bulletin) textFoot() []string {
	lines := []string{""}
	for i := range b.Annexes {
		lines = append(lines, b.annexLine(i))
	}
	lines = append(lines, strings.Repeat(indent, 6)+b.Issuer, strings.Repeat(indent, 6)+b.Date)
	if b.Basis != "" {
		lines = append(lines, "", b.Basis)
	}
	return lines
}

// annexLine is a line of the list of annexes: `附件：1.…`, then `　　　2.…`.
func (b *Bulletin) annexLine(i int) string {
	head := indent + "　　　"
	if i == 0 {
		head = indent + "附件："
	}
	return head + fmt.Sprintf("%d.%s", b.Annexes[i].Number, b.Annexes[i].Title)
}

func (a *Annex) text() []string {
	lines := []string{"", fmt.Sprintf("附件%d　%s", a.Number, a.Title)}
	for i := range a.Tables {
		t := &a.Tables[i]
		if t.Caption != "" {
			lines = append(lines, "  "+t.Caption)
		}
		lines = append(lines, grid(t.plain())...)
		for _, note := range t.Notes {
			lines = append(lines, "  "+note)
		}
	}
	return lines
}

// plain is the table as text has its tables.
func (t *AnnexTable) plain() Table {
	plain := Table{Rows: t.Rows}
	for _, c := range t.Columns {
		columns := words(c.Title)
		if c.Number {
			columns = numbers(c.Title)
		}
		plain.Columns = append(plain.Columns, columns...)
	}
	return plain
}

// draftMark stands on every paper of a month that was never sealed.
const draftMark = "草稿"

func issueTitle(number int) string { return "第" + strconv.Itoa(number) + "号" }

// numbered writes `1、` before one paragraph of several.
func numbered(i, of int) string {
	if of < 2 {
		return ""
	}
	return strconv.Itoa(i+1) + "、"
}

// sentence is the paragraph behind its title.
func (i *BulletinItem) sentence() string {
	if i.Title == "" {
		return i.Text
	}
	return i.Title + "。" + i.Text
}
