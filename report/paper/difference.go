package paper

// What changed since an issue, and what changed it.

import (
	"fmt"
	"io"
	"strings"

	"rollcall/report"
)

// WriteDifference writes a difference as text or JSON.
func WriteDifference(w io.Writer, d *report.Difference, format string) error {
	switch format {
	case "json":
		text, err := indented(d)
		if err != nil {
			return fmt.Errorf("write the changes of %s as json: %w", d.Month, err)
		}
		_, err = w.Write(text)
		return err
	case "text":
		_, err := io.WriteString(w, strings.Join(differenceLines(d), "\n")+"\n")
		return err
	}
	return unknown("format", format, []string{"text", "json"})
}

func differenceLines(d *report.Difference) []string {
	is := "现在（截至" + moment(d.AsOf) + "）"
	if d.Issue != nil {
		is = fmt.Sprintf("第%d号封账", *d.Issue)
	}
	name := d.Name
	if name == "" {
		name = string(d.Hall)
	}
	lines := []string{printable(fmt.Sprintf("%s %s：%s与第%d号封账相比有%d处不同", name, monthTitle(d.Month), is, d.Since, len(d.Changes)))}
	if !d.Complete {
		lines = append(lines, "变动太多，部分起因没有查找（标“未查”）；请先逐项处理，或查看单个事件。")
	}
	if len(d.Changes) == 0 {
		return lines
	}
	list := ""
	for i := range d.Changes {
		c := &d.Changes[i]
		if title := listTitle(c.List); title != list {
			list = title
			lines = append(lines, "", printable("【"+list+"】"))
		}
		lines = append(lines, changeLines(c)...)
	}
	return lines
}

// changeLines write a change below each other: a table of them would be wider than
// any screen or sheet.
func changeLines(c *report.Explained) []string {
	lines := []string{"  " + c.About}
	if c.From != nil || c.Was != "" {
		lines = append(lines, "    原为："+cut(orNone(c.Was)))
	}
	lines = append(lines, "    现为："+cut(orNone(c.Is)), "    起因："+causesText(c))
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return lines
}

// cut keeps a line readable; JSON has the whole.
func cut(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// mostCauses is how many causes of a line text names.
const mostCauses = 6

func causesText(c *report.Explained) string {
	if c.Causes == nil {
		return "未查"
	}
	var texts []string
	for i, cause := range c.Causes {
		if i == mostCauses {
			texts = append(texts, fmt.Sprintf("等%d项", len(c.Causes)))
			break
		}
		text := cause.Text
		if cause.UID != "" {
			text += "（" + string(cause.UID) + "）"
		}
		texts = append(texts, text)
	}
	together := ""
	if c.Together {
		together = "共同："
	}
	return together + strings.Join(texts, "；")
}
