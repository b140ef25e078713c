package main

// docs/bulletin.md: the words of the bulletin, from their tables.

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/hall"
)

const bulletinIntro = `# 通报 / The bulletin

每月的运行情况分析（通报）全部由事件生成：满勤、违规、排名、加分、评先和办件取自当月各表；本月重点、下月重点等文字由人写，作为 ` + "`text`" + ` 事件写入。没有报送的写明“未报送”，从不写成 0。

The monthly bulletin is made of events alone. What people write comes as ` + "`text`" + ` events, what they count as ` + "`cases` and `figure`" + ` events; what was not reported is said to be missing, and is never zero.

` + "```sh" + `
rollcall text --month 2026-01 --section focus --items 召开窗口工作人员例会。 --items 增设人力资源服务窗口。
rollcall figure --month 2026-01 --name 好差评好评率 --value 99.6 --unit %
rollcall report 2026-01 --list bulletin
rollcall report 2026-01 --list bulletin -o bulletin.docx
rollcall report 2026-01 --list bulletin -o bulletin.html
` + "```" + `

| 格式 format | |
|---|---|
| ` + "`text`" + ` | 屏幕上看，或复制 / to read on a screen, or to paste |
| ` + "`docx`" + ` | 公文，按 GB/T 9704-2012：A4，版心 156 mm × 225 mm，每页 22 行、每行 28 字，页码居外，附件另页，表头逐页重复 / an official document: A4, 22 lines of 28 characters, page numbers outside, annexes on pages of their own |
| ` + "`html`" + ` | 一个文件，可直接打印，黑字白底；网页 ` + "`/halls/{hall}/{month}/bulletin`" + ` 是同一个 / one file to print; the daemon's page is the same |
| ` + "`json`" + ` | 通报的结构 / its parts |

字体只按名称引用（方正小标宋简体、仿宋_GB2312、楷体_GB2312、黑体、宋体），不随文件分发；没有这些字体的电脑用相近的代替。Fonts are named and never shipped; a machine without them takes the nearest it has.

没有封账的月份，每页标明“草稿”；封账后印“第 n 号”、落款日期为封账日期，并注明封账人和摘要。封账后又有变化的，现行结果仍是草稿。A month that was never sealed, or that changed since, is marked 草稿 on every page; an issue names its number, day and digest.

## 各部分 / Parts

由办法的 ` + "`bulletin.parts`" + ` 选择，按所写的次序，不写则全部。` + "`annexes`" + ` 打开附件；附件随它所属的部分，由程序编号，正文用编号指向它。The policy's ` + "`bulletin.parts`" + ` chooses them, in its order; annexes follow the part that points to them and are numbered by the program.

| part | 内容 | 附件 annex |
|---|---|---|
| ` + "`focus`" + ` | ` + "`text` 事件，section `focus` 或标题“本月重点”" + ` | |
| ` + "`cases`" + ` | 办法列出的指标、办件量、其他指标 | 审批业务统计表 |
| ` + "`attendance`" + ` | 满勤名单 | |
| ` + "`patrol`" + ` | 违规：同一人（窗口、替岗人员）同一类的日期并写，同一类同几天的人并写；申诉中的注明 | |
| ` + "`ranking`" + ` | 前几名、末几名，并列的注明；单独排名的类别另写 | 窗口人员考核排名表 |
| ` + "`bonus`" + ` | 加分，几个窗口联合的写全名，或写 ` + "`bulletin.joint`" + ` 的合称 | |
| ` + "`awards`" + ` | 评先：按得分，或会议决定；一票否决 | 窗口单位量化考评表 |
| ` + "`next_month`" + ` | ` + "`text` 事件，section `next_month`、“下月重点工作”或标题" + ` | |

` + "`text`" + ` 事件的 section 可以是任何部分的代号或标题，所写的话接在该部分之后；` + "`intro`" + ` 代替开头一段；其他 section 自成一节，排在下月重点之前。A text event may be for any part, by its name or title, and stands behind what the program says there; ` + "`intro`" + ` replaces the first paragraph; any other section has a heading of its own.

## 标题和句子 / Titles and sentences

办法可以改写每个标题和句子（` + "`bulletin.titles`、`bulletin.sentences`" + `）。大括号里的词由程序填写；` + "`rollcall policy check`" + ` 指出写错的部分、句子和词。` + "`\"\"`" + ` = 不写这一句。处处可用：`

func docsBulletin(_ testing.TB, w *strings.Builder) {
	w.WriteString(bulletinIntro + holders(hall.BulletinHolders) + "。\n\n")
	w.WriteString("The policy may replace each title and sentence. Words in braces are filled in by the program, everywhere " + holders(hall.BulletinHolders) +
		"; they are names and nothing more: nothing can be computed, repeated or run.\n")
	for _, table := range []struct {
		title string
		words []hall.BulletinWord
	}{{"标题 / Titles", hall.BulletinTitles}, {"句子 / Sentences", hall.BulletinSentences}} {
		fmt.Fprintf(w, "\n### %s\n\n| name | 通常 as usual | 另可用 placeholders | 用处 | for |\n|---|---|---|---|---|\n", table.title)
		for _, word := range table.words {
			fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s |\n", word.Name, cell(strings.ReplaceAll(word.Usual, "\n", `\n`)), holders(word.Holders), word.Zh, word.En)
		}
	}
}

func holders(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "`{" + name + "}`"
	}
	return strings.Join(quoted, " ")
}
