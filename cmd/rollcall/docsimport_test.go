package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rollcall/ingest/sheet"
)

// docsImport writes the kinds of sheets with their columns.
func docsImport(_ testing.TB, b *strings.Builder) {
	b.WriteString(`# Import of sheets 表格导入

` + "`rollcall import FILE...`" + ` takes the rows of CSV (UTF-8, GB18030 or UTF-16) and XLSX files. The kind is told by the headings; ` + "`--kind`" + ` says it. The row of headings is the first one; a heading is known from the tables below (the field's own name is one, too), in any case, without spaces and what stands in brackets, or mapped with ` + "`--map 栏名=field`" + `. ` + "`--set field=value`" + ` gives a field to every row, ` + "`--month 2020-11`" + ` the month.

` + "```sh" + `
rollcall import 办件量.xlsx --month 2020-11 --dry-run
rollcall import 办件量.xlsx --month 2020-11
` + "```" + `

- A window is found by its id, number, name, former name or alias, each exactly; several are parted by a comma or 、. For case volumes and figures 合计 (总计, 全大厅) is the hall as a whole; an empty cell is an error.
- Kinds of leave, findings and bonus are found by their id or the name that the policy gives them. A name of several windows or kinds is refused; ` + "`policy check`" + ` tells of it.
- Bonus may stand in a column for each kind, headed by the name that the policy gives it, with the counts below: 窗口, 上门服务(次), 压缩办理时限(次).
- A row that cannot be read is named with its column and costs no other row; the exit status is 1 then.
- The same file again changes nothing. Of roster, case volumes and figures a changed row takes the place of what held; of leave, stand-ins, notes and bonus nothing replaces another, so that a row which differs from one that is there is held back (` + "`--add`" + ` sends it all the same).
- A later roster row of somebody who moves keeps the aliases and the sort key of the row before where the file has no column for them.
- Of two rows of one file that speak of the same (a number with two names from one day on, a window with two volumes) only the first is taken; the second is named, and so is a number whose name changes.
- A number that a spreadsheet shows as 98.5% is a figure of 98.5 with the unit %.

`)
	for _, k := range sheet.Kinds {
		docsSheet(b, &k)
	}
}

func docsSheet(b *strings.Builder, k *sheet.Kind) {
	needs := make([]string, len(k.Needs))
	for i, group := range k.Needs {
		needs[i] = "`" + strings.Join(group, "` or `") + "`"
	}
	fmt.Fprintf(b, "## %s `%s`\n\nEach row needs %s.\n\n| field | headings | cells may say |\n|---|---|---|\n", k.Zh, k.Kind, strings.Join(needs, ", "))
	for _, f := range k.Fields {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Name, strings.Join(f.Headings, ", "), said(f.Words()))
	}
	b.WriteString("\n")
}

// said writes words by what they mean.
func said(words map[string]string) string {
	meant := map[string][]string{}
	for word, token := range words {
		meant[token] = append(meant[token], word)
	}
	var list []string
	for _, token := range slices.Sorted(maps.Keys(meant)) {
		list = append(list, strings.Join(slices.Sorted(slices.Values(meant[token])), " ")+" = `"+token+"`")
	}
	return strings.Join(list, "; ")
}
