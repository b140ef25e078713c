package hall

// What Rejections say, in Chinese.

// ReasonZh says in Chinese what the Reason of a Rejection says in English, or a part of
// it such as Allowed. Names of fields, values and the words that an event may hold stay as
// they are written, and so does what an older program noted with a dead letter in other
// words.
func ReasonZh(reason string) string { return reasons.Zh(reason) }

// reasons are tried in this order. What reader.go or codec.go words anew is worded anew
// here; TestReasonZh finds what was forgotten.
var reasons = Sayings{
	// What is wrong.
	Say(`missing field (\w+): want <say>`, `缺少字段 %s，应为%s`),
	Say(`bad policy: (.+)`, `办法有误（请用 rollcall policy check 检查，逐处指明改法）：%s`),
	Say(`bad (\w+), in it <say>: want <say>`, `字段 %s 中有%s；%s`),
	Say(`bad subject (".*"): want <say>`, `主题 %s 不对，应为 %s`),
	Say(`bad hall in subject (".*"): want <say>`, `主题 %s 中的大厅不对，应为%s`),
	Say(`bad source in subject (".*"): want <say>`, `主题 %s 中的来源不对，应为%s`),
	Say(`unknown kind in subject (".*"): want <say>`, `主题 %s 中的事件种类不对，应为 %s 之一`),
	Say(`bad days (\[\d+\]): <say>: want <say>`, `字段 days 第 %s 项%s；应为%s`),
	Say(`bad (\w+) <say> in the list: want <say>`, `字段 %s 的列表中 %s 不对，每一项应为%s`),
	Say(`bad (\w+) <say>: want <say>`, `字段 %s 的内容 %s 不对，应为%s`),
	Say(`not an object: <say>`, `不是对象，而是%s`),
	Say(`the name of a field is <say>: want <say>`, `字段名是%s；%s`),
	Say(`the body has (\d+) bytes, over the limit: want at most (\d+) bytes`, `内容有 %s 字节，超过上限 %s 字节`),
	Say(`a line of more than (\d+) bytes`, `一行超过 %s 字节`), // of package ingest
	Say(`the body is <say>, no object: want <say>`, `内容是%s，不是对象；应为%s`),
	Say(`no JSON object: it is <say>: want <say>`, `不是 JSON 对象，而是%s；应为%s`),
	Say(`no JSON: it is empty: want <say>`, `内容为空；应为%s`),
	Say(`no JSON: it is not UTF-8: want <say>`, `内容不是 UTF-8 编码；应为%s`),
	Say(`no JSON: (.+), at byte (\d+): want <say>`, `不是合法的 JSON，第 %[2]s 字节处有误（%[1]s）；应为%[3]s`),
	Say(`no JSON: want <say>`, `不是合法的 JSON；应为%s`),

	// What stands there.
	Phrase("(an object)", "（对象）"),
	Phrase("(a list)", "（列表）"),
	Phrase("an image or file as data: URL", "以 data: 开头的图片或文件"),
	Say(`a string of (\d+) bytes`, `长达 %s 字节的文字`),

	// What is allowed.
	Phrase(wantBody, "一个 JSON 对象"),
	Phrase(wantSmall, "不得含有图片，文字不得超过 4096 字节"),
	Phrase(wantID, "1 至 128 个字母、数字或 . _ : ~ + -"),
	Phrase(wantToken, "1 至 32 个字母、数字、_ 或 -"),
	Phrase(wantToken+", and no date", "1 至 32 个字母、数字、_ 或 -，且不是日期"),
	Phrase(wantPerson, "人员编号（1 至 64 个字符，不含空格、控制字符和斜杠）"),
	Phrase(wantText, "文字"),
	Phrase(wantFlag, "true（是）或 false（否）"),
	Phrase(wantNumber, "数字或文字"),
	Phrase(wantBound, "日期（如 2020-11-03），或带时区的时间（如 2020-11-03T08:30:00+08:00，2000-01-01 至 2099-12-31 UTC）"),
	Phrase(wantInstant, "带时区的时间，如 2020-11-03T08:30:00+08:00，在 2000-01-01 至 2099-12-31（UTC）之间"),
	Phrase(wantDate, "日期，如 2020-11-03"),
	Phrase(wantMonth, "月份，如 2020-11"),
	Say(`an integer from (-?\d+) to (\d+)`, `%s 至 %s 的整数`),
	Say(`no earlier than (\w+), (.+)`, `不早于 %s（%s）`),
	Say(`no more than parts, (\d+)`, `不大于 parts（%s）`),
	Say(`a list of windows, or in the field person <say>`, `窗口的列表，或在字段 person 中给出%s`),
	Say(`a list of days such as (.+)`, `各日的列表，如 %s`),
	Say(`a list, each of them <say>`, `列表，每一项为%s`),
	Say(`<say>, or in the field date <say>`, `%s，或在字段 date 中给出%s`),
	Say(`<say>, or true or false`, `%s，或 true（是）、false（否）`),
	Say(`(\w+(?:, \w+)*) or (\w+)`, `%s 或 %s`),
}
