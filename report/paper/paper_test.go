package paper_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
)

func write(t *testing.T, r *hall.Report, list, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, r, list, format, paper.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestEveryFormat writes every list of an empty report in every format.
func TestEveryFormat(t *testing.T) {
	for _, f := range paper.Formats {
		for _, l := range paper.Lists {
			if paper.Check(l.Name, f.Name, paper.Options{}) != nil {
				continue // TestBulletinFormats
			}
			text := write(t, &hall.Report{Month: hall.NewMonth(2020, 11)}, l.Name, f.Name)
			if f.Name == "text" && !strings.Contains(text, l.Nil) {
				t.Errorf("%s of nothing as text does not say %q:\n%s", l.Name, l.Nil, text)
			}
			if f.Name == "json" && strings.Contains(text, `"`+l.Key+`": null`) {
				t.Errorf("%s of nothing as json is null, want []:\n%s", l.Name, text)
			}
		}
		if f.Extension == "" || f.MediaType == "" || f.Title == "" {
			t.Errorf("format %s lacks its extension, media type or title", f.Name)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, c := range []struct{ name, list, format, by, want string }{
		{"list", "gossip", "text", "", `invalid list "gossip": want one of full-attendance, violations,`},
		{"format", "all", "papyrus", "", `invalid format "papyrus": want one of text, json, csv`},
		{"grouping", "violations", "text", "mood", `invalid grouping "mood": want one of person, date, window, kind`},
		{"csv of all", "all", "csv", "", "csv holds one list at a time"},
		{"csv of the default", "", "csv", "", "--list violations"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			err := paper.Write(&out, &hall.Report{}, c.list, c.format, paper.Options{By: c.by})
			if !errors.Is(err, hall.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Write(%q, %q) = %v, want %q", c.list, c.format, err, c.want)
			}
			if out.Len() > 0 {
				t.Errorf("Write(%q, %q) wrote %q before it refused", c.list, c.format, out.String())
			}
			if got := paper.Check(c.list, c.format, paper.Options{By: c.by}); got == nil || got.Error() != err.Error() {
				t.Errorf("Check(%q, %q) = %v, want %v", c.list, c.format, got, err)
			}
		})
	}
}

// TestSafeCells reads the csv back: no text cell begins with what a spreadsheet
// runs, and numbers stay numbers.
func TestSafeCells(t *testing.T) {
	r := &hall.Report{Staff: []hall.StaffScore{
		{Person: "1", Name: "=1+1", Score: -5000}, {Person: "2", Name: "+86"}, {Person: "3", Name: "-x"}, {Person: "4", Name: "@y"},
		{Person: "5", Name: "\tz"}, {Person: "6", Name: "\x1b=z"}, {Person: "7", Name: "＝1"}, {Person: "8", Name: "a=b"}, {Person: "9", Name: "　=1"},
		{Person: "10", Name: "\t\u200e＝1"}, {Person: "11", Name: "-"}}}
	text, ok := strings.CutPrefix(write(t, r, "staff", "csv"), "\ufeff")
	if !ok {
		t.Fatal("csv has no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[slices.Index(rows[0], "姓名")])
	}
	want := []string{"'=1+1", "'+86", "'-x", "'@y", " z", "'=z", "'＝1", "a=b", "' =1", "' ＝1", "-"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if score := rows[1][slices.Index(rows[0], "总分")]; score != "-0.5" {
		t.Errorf("score = %q, want the number -0.5", score)
	}
}

// TestPrintable writes a name that would move a cursor or turn a line around.
func TestPrintable(t *testing.T) {
	r := &hall.Report{FullAttendance: []hall.FullAttendance{{Person: "1", Name: "甲\x1b[31m\u202e木\n第二行"}}}
	text := write(t, r, "full-attendance", "text")
	if strings.ContainsAny(text, "\x1b\u202e") || !strings.Contains(text, "甲[31m木 第二行") {
		t.Errorf("text = %q, want no control codes", text)
	}
}

// TestAligned gives a Chinese character two columns, whatever the locale.
func TestAligned(t *testing.T) {
	t.Setenv("LANG", "zh_CN.UTF-8")
	r := &hall.Report{Month: hall.NewMonth(2020, 11), Sheet: []hall.SheetRow{{Person: "1", Name: "甲木", Signs: []string{"√", "迟"}}, {Person: "2", Name: "乙", Signs: []string{"-", "√"}}}}
	lines := strings.Split(strings.TrimSpace(write(t, r, "sheet", "text")), "\n")
	rows := lines[len(lines)-2:]
	if a, b := column(rows[0], "迟"), column(rows[1], "√"); a != b {
		t.Errorf("the second day stands in columns %d and %d, want one:\n%s", a, b, strings.Join(rows, "\n"))
	}
}

// column is where a sign stands in a line.
func column(line, sign string) int {
	before, _, _ := strings.Cut(line, sign)
	n := 0
	for _, r := range before {
		n++
		if r > 0x2e80 {
			n++
		}
	}
	return n
}

// TestRankings says who shares a rank, and where a tie reaches beyond the list.
func TestRankings(t *testing.T) {
	ranked := func(name string, rank, tied int) hall.RankedPerson {
		return hall.RankedPerson{Person: hall.PersonID(name), Name: name, Rank: rank, Tied: tied}
	}
	for _, c := range []struct {
		name    string
		ranking []hall.Ranking
		want    []string
	}{
		{"a tie beyond the list", []hall.Ranking{{Ranked: 4, Top: []hall.RankedPerson{ranked("a", 1, 2)}, Bottom: []hall.RankedPerson{ranked("d", 4, 1)}}},
			[]string{"窗口人员考核排名前一位：a（第1名2人并列，按窗口号取1人）。", "窗口人员考核排名末一位：d。"}},
		{"a tie inside it", []hall.Ranking{{Ranked: 2, Top: []hall.RankedPerson{ranked("a", 1, 2), ranked("b", 1, 2)}}},
			[]string{"窗口人员考核排名前二位：a、b（第1名2人并列）。"}},
		{"all tied, nobody is last", []hall.Ranking{{Ranked: 3, Top: []hall.RankedPerson{ranked("a", 1, 3)}, Bottom: []hall.RankedPerson{ranked("b", 1, 3), ranked("c", 1, 3)}}},
			[]string{"窗口人员考核排名前一位：a（第1名3人并列，按窗口号取1人）。"}},
		{"of those tied for the first nobody is last", []hall.Ranking{{Ranked: 4, Top: []hall.RankedPerson{ranked("a", 1, 3)}, Bottom: []hall.RankedPerson{ranked("b", 1, 3), ranked("c", 1, 3), ranked("d", 4, 1)}}},
			[]string{"窗口人员考核排名前一位：a（第1名3人并列，按窗口号取1人）。", "窗口人员考核排名末一位：d。"}},
		{"a class apart", []hall.Ranking{{Ranked: 1, Top: []hall.RankedPerson{ranked("a", 1, 1)}}, {Class: "apart", Ranked: 2, Top: []hall.RankedPerson{ranked("g", 1, 1)}, Bottom: []hall.RankedPerson{ranked("h", 2, 1)}}},
			[]string{"窗口人员考核排名前一位：a。", "apart人员考核排名前一位：g。", "apart人员考核排名末一位：h。"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &hall.Report{Ranking: c.ranking, Staff: []hall.StaffScore{{Person: "a", Name: "a"}}}
			var got []string
			for line := range strings.Lines(write(t, r, "staff", "text")) {
				if strings.Contains(line, "考核排名") {
					got = append(got, strings.TrimSpace(line))
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("rankings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAwards says who decided, that a computed award was cut through a tie, and
// what kept windows from it.
func TestAwards(t *testing.T) {
	windows := []hall.WindowScore{{Window: "w1", Rank: 1}, {Window: "w2", Rank: 2, Tied: 3}}
	names := hall.Names{Award: "红旗窗口", Windows: []hall.WindowName{{Window: "w1", Number: 1, Name: "甲窗口"}, {Window: "w2", Number: 2, Name: "乙窗口"}},
		People: map[hall.PersonID]string{"101": "丁一"}, Kinds: map[string]string{"quarrel": "争吵"}}
	for _, c := range []struct {
		name   string
		awards []hall.Awarded
		vetoes []hall.Veto
		want   []string
	}{
		{"nobody", nil, nil, []string{"本月未评出红旗窗口。"}},
		{"computed, cut through a tie", []hall.Awarded{{Title: "红旗窗口", Windows: []hall.WindowID{"w1", "w2"}, Tied: 3, Taken: 1}}, nil,
			[]string{"本月评出红旗窗口2个：甲窗口、乙窗口（第2名3个并列，取其中1个）。"}},
		{"a meeting's, and another for a person", []hall.Awarded{{Title: "红旗窗口", Windows: []hall.WindowID{"w2"}, By: "月度例会", Reason: "票决", UID: "x"},
			{Title: "服务标兵", Persons: []hall.PersonID{"101"}, By: "月度例会", Reason: "群众来信", UID: "y"}}, nil,
			[]string{"本月评出红旗窗口1个：乙窗口（由月度例会评定：票决）。", "本月评出服务标兵1人：丁一（由月度例会评定：群众来信）。"}},
		{"a meeting that gave it to nobody", []hall.Awarded{{Title: "红旗窗口", By: "月度例会", Reason: "无合适人选", UID: "x"}}, nil,
			[]string{"本月红旗窗口空缺（由月度例会评定：无合适人选）。"}},
		{"a veto", nil, []hall.Veto{{Window: "w1", Violation: "v", Kind: "quarrel", Date: hall.NewDate(2020, 11, 3), Until: hall.NewDate(2020, 11, 30)}},
			[]string{"本月未评出红旗窗口。", "一票否决：甲窗口11月3日争吵，至11月30日不参加评先（v）。"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &hall.Report{Names: names, Windows: windows, Awards: c.awards, Vetoes: c.vetoes}
			_, list, _ := strings.Cut(write(t, r, "windows", "text"), "【窗口考评】\n")
			got := strings.Split(list, "\n")
			for i := range got {
				got[i] = strings.TrimSpace(got[i])
			}
			if diff := cmp.Diff(c.want, got[:len(c.want)]); diff != "" {
				t.Errorf("awards (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFigures writes the hall's figure of a name before those of the windows,
// each as it was reported.
func TestFigures(t *testing.T) {
	r := &hall.Report{Names: hall.Names{Windows: []hall.WindowName{{Window: "w1", Number: 1, Name: "甲窗口"}}}, Figures: []hall.MonthFigure{
		{Name: "一张网排名", Value: "2", Of: "14"}, {Name: "好差评", Value: "99.50", Unit: "%"}, {Name: "好差评", Window: "w1", Value: "100", Unit: "%"}}}
	text := write(t, r, "figures", "text")
	for _, want := range []string{"  一张网排名：2（共14）。\n", "  好差评：99.50%、甲窗口100%。\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
}

// TestSealedHead shows the issue and what changed since.
func TestSealedHead(t *testing.T) {
	r := &hall.Report{Name: "示例", Month: hall.NewMonth(2020, 11), AsOf: "2020-12-07T09:00:00+08:00",
		Sealed:       &hall.SealInfo{Number: 1, By: "督查科", At: "2020-12-05T10:00:00+08:00", Digest: "ab"},
		ChangedSince: []hall.Change{{List: "staff", Line: "101", Was: "得分99", Is: "得分100"}, {List: "pending", Line: "x", Is: "12:00"}}}
	got := write(t, r, "violations", "text")
	for _, want := range []string{"已封账：第1号，督查科，2020-12-05 10:00，摘要ab", "！与第1号封账结果相比有2处不同", "人员考核  101   得分99  得分100", "（无）"} {
		if !strings.Contains(got, want) {
			t.Errorf("text lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "草稿") {
		t.Errorf("a sealed month is called a draft:\n%s", got)
	}
}

func TestKeysAlone(t *testing.T) {
	text := write(t, &hall.Report{Month: hall.NewMonth(2020, 11)}, "cases", "json")
	var keys []string
	for line := range strings.Lines(text) {
		if key, _, ok := strings.Cut(line, ":"); ok {
			keys = append(keys, strings.Trim(strings.TrimSpace(key), `"`))
		}
	}
	want := []string{"hall", "name", "month", "as_of", "sequence", "workdays", "calendar_missing", "sealed", "changed_since", "cases"}
	if !slices.Equal(keys, want) {
		t.Errorf("keys = %v, want %v", keys, want)
	}
}

func TestStoryFormat(t *testing.T) {
	err := paper.WriteStory(&bytes.Buffer{}, &report.Story{}, "csv")
	if !errors.Is(err, hall.ErrInvalid) || !strings.Contains(err.Error(), "text, json") {
		t.Errorf("WriteStory(csv) = %v, want the allowed formats", err)
	}
}

// TestPendingOfDaysToCome counts them in the text and lists them elsewhere.
func TestPendingOfDaysToCome(t *testing.T) {
	pending := func(date hall.Date) hall.PendingPunch {
		return hall.PendingPunch{Person: "1001", Date: date, Session: "morning", Edge: hall.EdgeIn, Due: "08:30"}
	}
	day := hall.NewDate(2020, 11, 3)
	r := &hall.Report{AsOf: "2020-11-03T09:00:00+08:00", Pending: []hall.PendingPunch{pending(day), pending(day + 1), pending(day + 2)}}
	text := write(t, r, "pending", "text")
	if !strings.Contains(text, "另有2次打卡的日期未到") || strings.Contains(text, "2020-11-04") || !strings.Contains(text, "2020-11-03") {
		t.Errorf("text lists the days to come, or does not count them:\n%s", text)
	}
	r.Pending = r.Pending[1:]
	if text := write(t, r, "pending", "text"); strings.Contains(text, "应打卡") {
		t.Errorf("headings of a table without rows:\n%s", text)
	}
	for _, format := range []string{"csv", "json"} {
		if !strings.Contains(write(t, r, "pending", format), "2020-11-05") {
			t.Errorf("%s leaves out a day to come", format)
		}
	}
}

// TestManyChanges: a text lists the first differences to an issue, each cut, and says
// where the others are.
func TestManyChanges(t *testing.T) {
	r := &hall.Report{Month: hall.NewMonth(2020, 11), AsOf: "2020-12-01T09:00:00+08:00", Sealed: &hall.SealInfo{Number: 1}}
	for i := range 50 {
		r.ChangedSince = append(r.ChangedSince, hall.Change{List: "warnings", Line: fmt.Sprintf("w%02d", i), Was: hall.Name(strings.Repeat("长", 500))})
	}
	text := write(t, r, "violations", "text")
	for _, want := range []string{"有50处不同", "w29", strings.Repeat("长", 40) + "…", "另有20处（含月度汇总、每日统计等明细），用 rollcall report 2020-11 --changes 逐项列出"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%.3000s", want, text)
		}
	}
	if strings.Contains(text, "w30") || strings.Contains(text, strings.Repeat("长", 41)) {
		t.Errorf("too much is listed:\n%.3000s", text)
	}
	r.Sealed.Printed, r.Sealed.Number = true, 2
	if text := write(t, r, "violations", "text"); !strings.Contains(text, "rollcall report 2020-11 --issue 2 --changes") {
		t.Errorf("an issue is not named:\n%.3000s", text)
	}
}

// TestManyReasons: what breaks full attendance is said by kind, and no more than a few
// of each.
func TestManyReasons(t *testing.T) {
	s := &report.Story{WhyNot: []string{"请假：l1", "有违规：a", "有违规：b", "有违规：c", "有违规：d", "有违规：e", "本月无应出勤日"}}
	var b strings.Builder
	if err := paper.WriteStory(&b, s, "text"); err != nil {
		t.Fatal(err)
	}
	if want := "本月不满勤：请假：l1；有违规：a、b、c、d等5项；本月无应出勤日。"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in\n%s", want, b.String())
	}
}

// TestSeenBy: a machine is named only where one made the punch.
func TestSeenBy(t *testing.T) {
	seen := []report.StorySeen{
		{At: "08:21", Terminal: "T1", Method: "face"}, {At: "08:22", Terminal: "console", Method: "manual"},
		{At: "08:23", Terminal: "app", Method: "phone"}, {At: "08:24", Correction: true},
	}
	var b strings.Builder
	if err := paper.WriteStory(&b, &report.Story{Planned: []report.StoryPunch{{Seen: seen}}}, "text"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"打卡 考勤机T1 08:21：", "人工打卡 08:22：", "手机打卡 08:23：", "补卡 08:24："} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

// TestOutcomes: a punch of the other band that counts is named, and half a day's absence
// says by how much somebody was late or early.
func TestOutcomes(t *testing.T) {
	planned := func(edge, verdict string, at hall.Name, minutes int) report.StoryPunch {
		return report.StoryPunch{PlannedPunch: hall.PlannedPunch{Session: "day", Edge: edge, At: at, Verdict: verdict, Minutes: &minutes}}
	}
	s := &report.Story{Kinds: map[string]string{hall.HalfDayAbsence: "半天旷工", hall.Absence: "旷工"}, Planned: []report.StoryPunch{
		planned(hall.EdgeOut, "ok", "15:03:00", 0), planned(hall.EdgeIn, hall.HalfDayAbsence, "09:00:00", 30),
		planned(hall.EdgeOut, hall.HalfDayAbsence, "11:00:00", 60), planned(hall.EdgeIn, hall.Absence, "", 0),
	}}
	var b strings.Builder
	if err := paper.WriteStory(&b, s, "text"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"有效时段内没有打卡，计入同一时段另一端的15:03:00", "半天旷工（迟到30分钟）", "半天旷工（早退60分钟）", "  没有打卡\n  结果：旷工"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
