package sheet

// What is wrong with rows, in Chinese.

import (
	"fmt"
	"strings"

	"rollcall/hall"
)

// Zh says in Chinese what Error says in English.
func (e *RowError) Zh() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Row > 0 {
		fmt.Fprintf(&b, " 第%d行", e.Row)
	}
	if letter, heading, _ := strings.Cut(e.Column, " "); letter != "" {
		fmt.Fprintf(&b, " %s列%s", letter, heading)
	}
	b.WriteString("：")
	if e.Value != "" {
		fmt.Fprintf(&b, "“%s”", clipped(e.Value))
	}
	b.WriteString(inChinese(e.Problem))
	switch want := inChinese(e.Want); {
	case want == "":
	case strings.HasPrefix(want, "请"):
		b.WriteString("；" + want)
	default:
		b.WriteString("；应为" + want)
	}
	return b.String()
}

// inChinese also knows what an event is refused for.
func inChinese(text string) string {
	if zh := sayings.Zh(text); zh != text {
		return zh
	}
	return hall.ReasonZh(text)
}

// sayings are tried in this order; TestRowErrorsInChinese finds what was forgotten.
var sayings = hall.Sayings{
	// What is wrong with a cell.
	hall.Phrase("is empty", "为空"),
	hall.Say(`is not there: the row has only (\d+) cells`, "没有内容：该行只有%s个单元格"),
	hall.Phrase(`has text behind a closing quote: write a quote inside a cell as ""`, `在引号结束之后还有文字：单元格中的引号应写作 ""`),
	hall.Phrase("has a quote that is not closed", "引号没有结束"),
	hall.Phrase("has characters that cannot be read", "含有无法识别的字符"),
	hall.Phrase("is longer than 4 KiB", "超过 4 KiB"),
	hall.Phrase("is the error of a formula", "是公式的错误值"),
	hall.Phrase("is an image or other file", "是图片或其他文件"),
	hall.Phrase("is a number that a spreadsheet has rounded", "是被电子表格舍入的数字"),
	hall.Phrase("is no id of a person", "不是人员编号"),
	hall.Phrase("is no class of the policy", "不是办法中的人员类别"),
	hall.Phrase("is neither yes nor no", "不是“是”或“否”"),
	hall.Phrase("is the name of several in the hall's policy", "在办法中是几项共用的名称"),
	hall.Phrase("is no kind that the hall's policy names", "不是办法中的类型"),
	hall.Phrase("is no window of the hall's policy", "不是办法中的窗口"),
	hall.Phrase("is no whole number", "不是整数"),
	hall.Phrase("may be shown as a percentage, which is not looked up in a workbook this large", "可能显示为百分数，工作簿过大，无法查明"),
	hall.Phrase("is no month", "不是月份"),
	hall.Phrase("is no date", "不是日期"),
	hall.Phrase("is no date or time", "不是日期或时间"),
	hall.Phrase("is no time", "不是时间"),
	hall.Phrase("is a time of day without a date", "只有时刻，没有日期"),
	hall.Phrase("is a date without a time of day", "只有日期，没有时刻"),

	// What is wrong with a row or a file.
	hall.Phrase("stands behind the last heading", "在最后一个栏名之后"),
	hall.Say(`speaks of the same as row (\d+) and differs from it: (.+)`, "与第%s行说的是同一事项而内容不同：%s"),
	hall.Say(`is another month than --month (\S+)`, "不是 --month 给出的 %s"),
	hall.Say(`has neither (.+) nor (.+)`, "既无 %s 也无 %s"),
	hall.Say(`has no column for (.+) or (\w+) \((.+)\)`, "缺少 %[3]s 栏（%[1]s 或 %[2]s）"),
	hall.Say(`has no column for (\w+) \((.+)\)`, "缺少 %[2]s 栏（%[1]s）"),
	hall.Phrase("are the headings of no kind of sheet that is known (docs/import.md)", "不是任何一类表格的栏名（见 docs/import.md）"),
	hall.Say(`may be headings of (\w+) or (\w+)`, "可能是 %s 的栏名，也可能是 %s 的"),
	hall.Say(`is mapped to "(.+)", which is no field of (\w+)`, "所对应的 %s 不是 %s 的字段"),
	hall.Say(`means the same \((\w+)\) as the column (.+)`, "与 %[2]s 栏含义相同（%[1]s）"),
	hall.Phrase("is mapped and no heading of the file", "给出了对应字段，但文件中没有这个栏名"),
	hall.Phrase("is empty: want a row of headings and rows below it", "文件为空：应有一行栏名，其下各行为内容"),
	hall.Say(`is not the row of headings, which is row (\d+)(.*): delete the rows above it and try again`, "不是栏名，栏名在第%s行%s：请删去其上各行后重新导入"),
	hall.Say(`is larger than (\d+) MB: cut it into several files`, "超过 %s MB，请分成几个文件"),
	hall.Phrase("is no text: want CSV or .xlsx", "不是文本：应为 CSV 或 .xlsx"),
	hall.Say(`is protected by a password: remove it \((.+)\) and save again`, "有密码保护：请取消（%s）后另存"),
	hall.Phrase("is a file of Excel 97-2003 (.xls): save it as .xlsx (另存为 .xlsx)", "是 Excel 97-2003 文件（.xls）：请另存为 .xlsx"),
	hall.Say(`unpacks to more than (\d+) MB, which no list of a hall does: save the sheet as CSV`, "解压后超过 %s MB，大厅的名单不会这样大：请将工作表另存为 CSV"),
	hall.Say(`is no readable workbook \((.+)\): open it in a spreadsheet program and save it as .xlsx`, "不是可读的工作簿（%s）：请用电子表格程序打开后另存为 .xlsx"),
	hall.Phrase("has no visible sheet", "没有可见的工作表"),
	hall.Say(`has no sheet "(.+)"; there are: (.+)`, "没有工作表“%s”，现有：%s"),
	hall.Say(`read the text as (.+): save it as CSV UTF-8 \((.+)\)`, "文字编码无法识别（%s）：请另存（%s）"),
	hall.Say(`cannot be read: (.+)`, "无法读取：%s"),
	hall.Say(`cannot be read as (\w+)`, "不能作为 %s 导入"),
	hall.Phrase("has more than 256 columns", "超过 256 栏"),
	hall.Say(`--set (\w+): (\w+) has no such field; there are: (.+)`, "--set %s：%s 没有这个字段，可用的有：%s"),
	hall.Say(`--map (.+): there is no such field; docs/import.md lists them`, "--map %s：没有这个字段，现有的见 docs/import.md"),

	// What is wanted.
	hall.Say(`<say> \(cells (.+) are merged\): unmerge them \(取消合并单元格\) so that each column has its heading in one row`, "%s（%s 已合并：请取消合并单元格，每栏的栏名只占一行）"),
	hall.Phrase(wantText, "文本格式的原值（设置单元格格式 > 文本）"),
	hall.Phrase(wantDate+", or "+wantMoment, "日期，如 2020-11-03，或日期和时间，如 2020-11-03 08:21:07（年在前）"),
	hall.Phrase(wantDate, "日期，如 2020-11-03（年在前）"),
	hall.Phrase(wantMoment, "日期和时间，如 2020-11-03 08:21:07（年在前）"),
	hall.Phrase("a file saved as CSV UTF-8 or .xlsx", "请另存为 CSV UTF-8 或 .xlsx 文件"),
	hall.Phrase("a shorter text", "较短的文字"),
	hall.Phrase("the sheet in a workbook of its own, or saved as CSV (另存为 CSV)", "请将该表单独存为一个工作簿，或另存为 CSV"),
	hall.Phrase("a value", "数值或文字"),
	hall.Phrase("a text", "文字"),
	hall.Phrase("1 to 64 characters without space and slash", "1 至 64 个字符，不含空格和斜杠"),
	hall.Phrase("是 or 否", "是 或 否"),
	hall.Say("one of (.+, .+)", "其中之一：%s"),
	hall.Phrase("one of them", "其中之一"),
	hall.Say("a kind or name under `(\\w+):` of the policy \\(rollcall policy show\\)", "办法中 %s 之下的类型或名称（见 rollcall policy show）"),
	hall.Phrase("a window's id, number or whole name (rollcall policy show)", "窗口的编号、序号或全称（见 rollcall policy show）"),
	hall.Phrase("a number such as 14, without exponent", "数字，如 14，不用科学记数法"),
	hall.Phrase("a month such as 2020-11", "月份，如 2020-11"),
	hall.Say("one row for each (.+)", "每个 %s 一行"),
	hall.Phrase("as many cells as headings; a text with a comma in quotes", "与栏名同样多的单元格；含逗号的文字加引号"),
	hall.Phrase("only rows of that month, or no --month", "只有该月的行，或不用 --month"),
	hall.Phrase("a window, or 合计 for the hall as a whole", "窗口，或以“合计”表示全大厅"),
	hall.Say(`(.+) in every row \(no merged cells, no formula without value\)`, "请在每行都填 %s（不合并单元格，公式要有值）"),
	hall.Phrase("--kind, and --map heading=field for headings of your own", "请用 --kind 指明种类，自定的栏名用 --map 栏名=字段 指明"),
	hall.Phrase("--kind", "请用 --kind 指明"),
	hall.Say(`--map heading=(\w+) for the one that counts`, "请用 --map 栏名=%s 指明用哪一栏"),
	hall.Say(`a heading (.+), --map heading=(\w+), or (--.+)`, "栏名 %s，或 --map 栏名=%s，或 %s"),
}
