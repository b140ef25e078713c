package paper

// Figures of the month that people reported.

import (
	"slices"
	"strings"

	"rollcall/hall"
)

func figuresTable(p *page) Table {
	t := Table{Columns: slices.Concat(words("指标", "窗口"), words("数值", "单位", "总数"), references("编号"))}
	for _, f := range p.Figures {
		t.Rows = append(t.Rows, []string{f.Name, p.window(hall.WindowID(f.Window)), f.Value, string(f.Unit), string(f.Of), string(f.UID)})
	}
	return t
}

// sayFigures writes a line for each name: the hall's figure, then those of the
// windows.
func sayFigures(p *page) []string {
	var lines, parts []string
	for i, f := range p.Figures {
		part := figureText(&f)
		if f.Window != "" {
			part = p.window(hall.WindowID(f.Window)) + part
		}
		parts = append(parts, part)
		if i+1 == len(p.Figures) || p.Figures[i+1].Name != f.Name {
			lines = append(lines, f.Name+"："+strings.Join(parts, "、")+"。")
			parts = nil
		}
	}
	return lines
}

// figureText writes `第2（共14）`: the value with its unit, and of how many.
func figureText(f *hall.MonthFigure) string {
	text := f.Value + string(f.Unit)
	if f.Of != "" {
		text += "（共" + string(f.Of) + string(f.Unit) + "）"
	}
	return text
}
