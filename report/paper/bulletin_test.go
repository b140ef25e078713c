package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/report/paper"
)

// officeMonth is a month with something in each part that needs words.
func officeMonth() *hall.Report {
	wang, li := hall.PersonID("1"), hall.PersonID("2")
	day := func(d int) hall.Date { return hall.NewDate(2020, 12, d) }
	violation := func(window hall.WindowID, person *hall.PersonID, kind string, d int) hall.Violation {
		return hall.Violation{Window: window, Person: person, Kind: kind, Date: day(d)}
	}
	standIn := func(d int) hall.Violation {
		v := violation("tax", nil, hall.Late, d)
		v.StandIn = true
		return v
	}
	unnamed := violation("gas", nil, "chatting", 7)
	unnamed.Unnamed = 2
	appealed := violation("gas", &li, "phone_use", 9)
	appealed.Marks = []string{hall.MarkAppealed}
	one, two := 1, 2
	return &hall.Report{
		Hall: "demo", Name: "某大厅", Month: hall.NewMonth(2020, 12), AsOf: "2021-01-07T09:00:00+08:00", Workdays: 23,
		FullAttendance: []hall.FullAttendance{{Person: "1", Name: "王甲", Window: "tax"}},
		Violations: []hall.Violation{standIn(3), standIn(11), standIn(11), violation("gas", &li, hall.Late, 8), unnamed,
			violation("tax", &wang, "phone_use", 9), appealed},
		Contested: []hall.Violation{violation("gas", &li, "left_post", 10)},
		Pending:   []hall.PendingPunch{{Person: "2", Date: day(31)}},
		Staff: []hall.StaffScore{{Person: "1", Name: "王甲", Window: "tax", Score: 100 * hall.Point, Rank: &one, Tied: &one},
			{Person: "2", Name: "李乙", Window: "gas", Score: 99 * hall.Point, Rank: &two, Tied: &one},
			{Person: "3", Name: "赵丙", Window: "gas", Class: "stand_in", LeftOut: hall.LeftOutClass},
			{Person: "4", Name: "钱丁", Window: "gas", Class: "guide", Score: 100 * hall.Point, Rank: &one, Tied: &one}},
		Ranking: []hall.Ranking{
			{Ranked: 2, Top: []hall.RankedPerson{{Name: "王甲", Window: "tax", Rank: 1, Tied: 1}}, Bottom: []hall.RankedPerson{{Name: "李乙", Window: "gas", Rank: 2, Tied: 3}}},
			{Class: "guide", Ranked: 1, Top: []hall.RankedPerson{{Name: "钱丁", Window: "gas", Rank: 1, Tied: 1}}}},
		Windows: []hall.WindowScore{{Window: "tax", Rank: 1, Tied: 2, Award: true, Score: 100 * hall.Point, Bonus: hall.Point}, {Window: "gas", Rank: 1, Tied: 2, Score: 100 * hall.Point}},
		Bonus: []hall.BonusLine{{Windows: []hall.WindowID{"tax", "gas"}, Kind: "home_visit", Count: 3}, {Windows: []hall.WindowID{"tax", "gas"}, Kind: "time_cut", Count: 1},
			{Person: &li, Kind: "home_visit", Count: 2}},
		Cases: hall.CasesSummary{Reported: true, Total: new(int64(90)), Previous: new(int64(100)), GrowthPercent: new(-10 * hall.Point), Top: []hall.WindowID{"tax"},
			Windows: []hall.WindowCases{{Window: "tax", Accepted: 90, Completed: 80, OnTime: 80, SharePercent: new(100 * hall.Point)}}, Missing: []hall.WindowID{"gas"}},
		Awards: []hall.Awarded{{Title: "红旗窗口", Windows: []hall.WindowID{"tax"}, Tied: 2, Taken: 1},
			{Title: "服务之星", Persons: []hall.PersonID{"2"}, By: "1", Reason: "评议"}},
		Vetoes:  []hall.Veto{{Window: "gas", Kind: "quarrel", Date: day(2)}},
		Figures: []hall.MonthFigure{{Name: "好评率", Value: "99.6", Unit: "%"}, {Name: "好评率", Window: "tax", Value: "98", Unit: "%"}},
		Texts: []hall.Section{{Section: "focus", Items: []string{"一件事。"}}, {Section: "1月重点工作", Items: []string{"下一件事。"}},
			{Section: "党建工作", Items: []string{"另一件事。"}}, {Section: "patrol", Items: []string{"望引以为戒。"}}},
		Names: hall.Names{
			Windows: []hall.WindowName{{Window: "tax", Number: 1, Name: "税务窗口"}, {Window: "gas", Number: 2, Name: "燃气窗口"}},
			People:  map[hall.PersonID]string{"1": "王甲", "2": "李乙"}, Apart: []string{"guide"}, Award: "红旗窗口", Top: 1, Bottom: 1,
			Kinds:   map[string]string{hall.Late: "迟到", "phone_use": "玩手机", "chatting": "聊天", "home_visit": "上门服务", "time_cut": "压缩时限", "quarrel": "争吵"},
			Classes: map[string]string{"guide": "导服"},
		},
	}
}

// TestAnnexes shows what is known and says what is missing.
func TestAnnexes(t *testing.T) {
	r := officeMonth()
	r.Cases.Categories = []hall.CategoryCases{{Category: "工程建设", Accepted: 7, Completed: 7, OnTime: 7}}
	want := []paper.Annex{
		{Number: 1, Title: "2020年12月审批业务统计表", Tables: []paper.AnnexTable{
			{Caption: "按窗口", Rows: [][]string{{"1", "税务窗口", "90", "100.00", "80", "80", ""}, {"", "合计", "90", "100.00", "80", "80", ""}}, Notes: []string{"未报送办件数据的窗口：燃气窗口。"}},
			{Caption: "按类别", Rows: [][]string{{"1", "工程建设", "7", "7", "7", ""}}, Notes: []string{}},
		}},
		{Number: 2, Title: "2020年12月窗口人员考核排名表", Tables: []paper.AnnexTable{
			{Caption: "窗口人员", Rows: [][]string{{"1", "王甲", "税务窗口", "100.0"}, {"2", "李乙", "燃气窗口", "99.0"}}, Notes: []string{}},
			{Caption: "导服人员", Rows: [][]string{{"1", "钱丁", "燃气窗口", "100.0"}}, Notes: []string{"未参加排名：所属类别不参加排名的1人。"}},
		}},
		{Number: 3, Title: "2020年12月窗口单位量化考评表", Wide: true, Tables: []paper.AnnexTable{{Rows: [][]string{
			{"1", "税务窗口", "0.00", "0", "上门服务3、压缩时限1", "1", "90", "100.00", "", "98%", "100.00", "红旗窗口"},
			{"1", "燃气窗口", "0.00", "0", "上门服务3、压缩时限1", "0", "未报送", "", "", "未报送", "100.00", ""},
		}, Notes: []string{}}}},
	}
	got := paper.NewBulletin(r).Annexes
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(paper.AnnexTable{}, "Columns"), cmpopts.IgnoreUnexported(paper.Annex{})); diff != "" {
		t.Errorf("annexes (-want +got):\n%s", diff)
	}
	for _, a := range got {
		for _, table := range a.Tables {
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Errorf("annex %d: %q has not the %d cells of its columns", a.Number, row, len(table.Columns))
				}
			}
		}
	}
}

// said returns the paragraphs under a heading, or the one with a title.
func said(b *paper.Bulletin, title string) []string {
	var texts []string
	for _, s := range b.Sections {
		for _, i := range s.Items {
			if s.Title == title || i.Title == title {
				texts = append(texts, i.Text)
			}
		}
	}
	return texts
}

func TestBulletinSays(t *testing.T) {
	b := paper.NewBulletin(officeMonth())
	for _, c := range []struct {
		title string
		want  []string
	}{
		{"本月重点", []string{"一件事。"}},
		{"办件情况", []string{
			"本月，某大厅共受理各类业务90件，相比上月下降10.00%。其中：受理业务量最多的是税务窗口。按时办结率数据未报送。（具体情况详见附件1）",
			"本月好评率99.6%。"}},
		{"考勤情况", []string{"本月满勤（无迟到早退、无请假、无缺卡）的工作人员有：税务窗口王甲，共1人。另有1次打卡待定，满勤名单可能变动。"}},
		{"巡查情况", []string{"本月考勤和巡查共发现违反工作纪律的情况7项：税务窗口替岗人员12月3日、11日（2次）迟到；燃气窗口李乙12月8日迟到；" +
			"12月9日发现税务窗口王甲、燃气窗口李乙（申诉中）玩手机；12月7日发现燃气窗口未具名2人聊天。" +
			"请各窗口单位对照检查，督促本单位工作人员严格遵守工作纪律，切实整改到位。另有1项巡查记录待核实，核实之前不计。望引以为戒。"}},
		{"考核情况", []string{"结合巡查情况和上下班打卡记录进行考核排名，窗口人员考核排名前一位的是税务窗口王甲；排名末一位的是燃气窗口李乙（第2名3人并列，按窗口号取1人）；" +
			"导服人员考核排名前一位的是燃气窗口钱丁。（具体情况详见附件2）"}},
		{"加分情况", []string{"本月加分的有：税务窗口、燃气窗口联合提供上门服务3次、压缩时限1次；燃气窗口李乙提供上门服务2次。"}},
		{"评先结果", []string{"对某大厅2个窗口单位进行量化考评，本月按得分评出红旗窗口1个，分别是：税务窗口（第1名2个窗口并列，按窗口号取1个）。" +
			"经王甲评定（评议），本月评出服务之星1名，分别是：燃气窗口李乙。燃气窗口因12月2日争吵被一票否决，不参加评先。（具体情况详见附件3）"}},
		{"党建工作", []string{"另一件事。"}},
		{"1月重点工作", []string{"下一件事。"}},
	} {
		if diff := cmp.Diff(c.want, said(b, c.title)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.title, diff)
		}
	}
	if b.Title != "2020年12月某大厅\n运行情况分析" || b.Issuer != "某大厅" || b.Date != "2021年1月7日" {
		t.Errorf("title %q, issuer %q, date %q", b.Title, b.Issuer, b.Date)
	}
	if !b.Draft || b.Number != nil || len(b.Notices) == 0 || !strings.Contains(b.Notices[0], "草稿，未封账：待定1项、存疑1项") {
		t.Errorf("a month that was never sealed is no draft: %+v", b)
	}
	if diff := cmp.Diff([]string{"12月", "本月重点", "办件情况", "人员管理", "创先争优", "党建工作", "1月重点工作"}, append([]string{"12月"}, headings(b)...)); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
}

func headings(b *paper.Bulletin) []string {
	var list []string
	for _, s := range b.Sections {
		list = append(list, s.Title)
	}
	return list
}

// TestBulletinOfNothing says what is missing, and never zero.
func TestBulletinOfNothing(t *testing.T) {
	b := paper.NewBulletin(&hall.Report{Hall: "demo", Month: hall.NewMonth(2020, 11), AsOf: "2020-12-07T09:00:00+08:00",
		Names: hall.Names{Award: "红旗窗口", Bulletin: hall.Bulletin{Figures: []hall.BulletinFigure{{Name: "好评率"}}}}})
	for title, want := range map[string][]string{
		"本月重点":    {"本月重点工作未报送。"},
		"办件情况":    {"本月好评率未报送。", "本月办件数据未报送。"},
		"考勤情况":    {"本月无满勤（无迟到早退、无请假、无缺卡）的工作人员。"},
		"巡查情况":    {"本月考勤和巡查未发现违反工作纪律的情况。"},
		"考核情况":    {"本月无参加考核排名的人员。"},
		"加分情况":    {"本月无加分项目。"},
		"评先结果":    {"对demo0个窗口单位进行量化考评，本月未评出红旗窗口。"},
		"12月重点工作": {"12月重点工作未报送。"},
	} {
		if diff := cmp.Diff(want, said(b, title)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", title, diff)
		}
	}
	if len(b.Annexes) > 0 {
		t.Errorf("a month without anything has %d annexes", len(b.Annexes))
	}
}

// TestBulletinWords puts the policy's own parts, titles and sentences in place.
func TestBulletinWords(t *testing.T) {
	r := officeMonth()
	r.Names.Bulletin = hall.Bulletin{
		Issuer: "某局", Addressee: "各单位：", Intro: "{hall}{month}通报。", Parts: []string{"bonus", "attendance", "awards", "annexes"},
		Titles:    map[string]string{"bonus": "好事", "bulletin": "{hall}简报"},
		Sentences: map[string]string{"attendance": "{n}人满勤：{people}。", "attendance_pending": ""},
		Joint:     []hall.JointWindows{{Windows: []hall.WindowID{"gas", "tax"}, Name: "税气窗口"}},
	}
	b := paper.NewBulletin(r)
	if diff := cmp.Diff([]string{"创先争优", "人员管理", "党建工作"}, headings(b)); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	got := []string{b.Title, b.Issuer, b.Addressee, b.Intro[0], said(b, "好事")[0], said(b, "考勤情况")[0], b.Annexes[0].Title}
	want := []string{"某大厅简报", "某局", "各单位：", "某大厅12月通报。", "本月加分的有：税气窗口提供上门服务3次、压缩时限1次；燃气窗口李乙提供上门服务2次。", "1人满勤：税务窗口王甲。", "2020年12月窗口单位量化考评表"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if len(b.Annexes) != 1 || b.Annexes[0].Number != 1 || !strings.Contains(said(b, "评先结果")[0], "详见附件1") {
		t.Errorf("annexes %+v, want that of the awards as number 1", b.Annexes)
	}
}

// TestEmptySentences leaves out what the policy has no words for, and the
// heading above nothing.
func TestEmptySentences(t *testing.T) {
	r := officeMonth()
	r.Bonus, r.Texts = nil, nil
	r.Names.Bulletin = hall.Bulletin{Parts: []string{"focus", "bonus", "attendance"},
		Sentences: map[string]string{"focus_none": "", "bonus_none": "", "attendance_pending": ""}}
	if diff := cmp.Diff([]string{"人员管理"}, headings(paper.NewBulletin(r))); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
}

// TestPostedBulletin masks names and does not say that the program decided what a
// meeting did.
func TestPostedBulletin(t *testing.T) {
	r := officeMonth()
	r.Sealed = &hall.SealInfo{Number: 1, By: "某科长", At: "2021-01-05T10:00:00+08:00", Digest: "ab12"}
	r.Awards[0].By, r.Awards[0].Reason = "某会", "某理由"
	for _, format := range []string{"text", "html", "docx", "json"} {
		var out bytes.Buffer
		if err := paper.Write(&out, r, "bulletin", format, paper.Options{Posting: true}); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if format == "docx" {
			text = part(t, out.Bytes(), "word/document.xml")
		}
		for _, secret := range []string{"王甲", "李乙", "某科长", "某会", "某理由"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s posts %s", format, secret)
			}
		}
		for _, want := range []string{"王*", "经会议评定，本月评出红旗窗口1个", "根据第1号封账结果编制：2021-01-05 10:00，摘要ab12。"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s of a posting lacks %q", format, want)
			}
		}
	}
}

// TestSealedBulletin tells an issue from a month that changed since.
func TestSealedBulletin(t *testing.T) {
	r := officeMonth()
	r.Pending, r.Contested = nil, nil
	r.Sealed = &hall.SealInfo{Number: 2, By: "督查科", At: "2021-01-05T10:00:00+08:00", Digest: "ab12"}
	b := paper.NewBulletin(r)
	if b.Draft || b.Number == nil || *b.Number != 2 || b.Date != "2021年1月5日" || !strings.Contains(b.Basis, "第2号封账结果编制：督查科，2021-01-05 10:00，摘要ab12") || len(b.Notices) > 0 {
		t.Errorf("an issue = %+v", b)
	}
	for _, format := range []string{"text", "html", "docx"} {
		if got := written(t, r, format); strings.Contains(got, "草稿") || !strings.Contains(got, "第2号") || !strings.Contains(got, "ab12") {
			t.Errorf("%s of an issue calls itself a draft, or does not name the issue", format)
		}
	}
	r.Unresolved, r.Warnings = []hall.Unresolved{{UID: "x"}}, []hall.Warning{{Text: "y"}}
	if diff := cmp.Diff([]string{"封账时仍有未解决1项。"}, paper.NewBulletin(r).Notices); diff != "" {
		t.Errorf("notices of an issue that was forced (-want +got):\n%s", diff)
	}
	r.ChangedSince = []hall.Change{{List: "staff", Line: "1"}}
	if b = paper.NewBulletin(r); !b.Draft || b.Number != nil || b.Basis != "" || !strings.Contains(strings.Join(b.Notices, ""), "与第2号封账结果相比有1处不同") {
		t.Errorf("a month that changed since its seal = %+v", b)
	}
}

// written is what people see of the bulletin in a format.
func written(t testing.TB, r *hall.Report, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, r, "bulletin", format, paper.Options{}); err != nil {
		t.Fatal(err)
	}
	if format != "docx" {
		_, body, styled := strings.Cut(out.String(), "</style>")
		if styled {
			return body
		}
		return out.String()
	}
	text := out.Bytes()
	document := part(t, text, "word/document.xml")
	if strings.Contains(document, "rIdDraft") {
		document += part(t, text, "word/header2.xml")
	}
	return document
}

// part reads a part of a docx.
func part(t testing.TB, docx []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDraftOnEveryPaper marks a month that was never sealed.
func TestDraftOnEveryPaper(t *testing.T) {
	for _, format := range []string{"text", "html", "docx", "json"} {
		got := written(t, officeMonth(), format)
		if !strings.Contains(got, "草稿") {
			t.Errorf("%s of an open month is not marked 草稿", format)
		}
	}
}

// TestDOCXIsXML reads every part of a docx back, whatever the texts are.
func TestDOCXIsXML(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := officeMonth()
		nasty := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"<script>alert(1)</script>", "\x00\x08", "a\u202eb", "𬭩𠀀䶮", "]]>", "&amp;", "\ufffe", "{hall}{", "\xff\xfe", "a\nb"}))
		r.Name = nasty.Draw(rt, "hall")
		r.Texts[0].Items[0] = nasty.Draw(rt, "text")
		r.Names.Windows[0].Name = nasty.Draw(rt, "window")
		r.Names.Bulletin.Issuer = nasty.Draw(rt, "issuer")
		var out, again bytes.Buffer
		for _, w := range []io.Writer{&out, &again} {
			if err := paper.Write(w, r, "bulletin", "docx", paper.Options{}); err != nil {
				rt.Fatal(err)
			}
		}
		if !bytes.Equal(out.Bytes(), again.Bytes()) {
			rt.Error("the same month has other bytes")
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range z.File {
			if err := wellFormed(part(t, out.Bytes(), f.Name)); err != nil {
				rt.Errorf("%s: %v", f.Name, err)
			}
		}
	})
}

func wellFormed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true
	for {
		switch _, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// TestRareCharacters keep their way into every format.
func TestRareCharacters(t *testing.T) {
	r := officeMonth()
	r.FullAttendance[0].Name = "𬭩𠀀䶮"
	for _, format := range []string{"text", "html", "docx", "json"} {
		if !strings.Contains(written(t, r, format), "𬭩𠀀䶮") {
			t.Errorf("%s loses rare characters", format)
		}
	}
}

// TestHTMLRunsNothing escapes whatever people write.
func TestHTMLRunsNothing(t *testing.T) {
	r := officeMonth()
	r.Texts[0].Items[0] = `<script>alert(1)</script><img src=x onerror=y>`
	r.Names.Windows[0].Name = `"><svg onload=z>`
	r.Name = "</title><script>"
	allowed := strings.Fields("!DOCTYPE html head header meta title style body h1 h2 h3 span p section ol li table thead tbody tr th td")
	var out bytes.Buffer
	if err := paper.Write(&out, r, "bulletin", "html", paper.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, tag := range tags.FindAllStringSubmatch(out.String(), -1) {
		if !slices.Contains(allowed, tag[1]) || !plainAttributes.MatchString(tag[2]) {
			t.Errorf("the page has %q", tag[0])
		}
	}
}

// tags finds whatever a browser might take for one.
var (
	tags            = regexp.MustCompile(`</?([^\s>/]*)([^>]*)>?`)
	plainAttributes = regexp.MustCompile(`^( html|( (lang|charset|name|content|class)="[^"<>]*")*)$`)
)

// TestDOCXPage holds the measures of GB/T 9704-2012 in twentieths of a point.
func TestDOCXPage(t *testing.T) {
	document := written(t, officeMonth(), "docx")
	for _, want := range []string{
		`<w:pgSz w:w="11906" w:h="16838"/>`,
		`<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, // 37, 26, 35 and 28 mm
		`<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`,
		`<w:tblHeader/>`, `<w:cantSplit/>`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("document.xml lacks %s", want)
		}
	}
	if n := strings.Count(document, "<w:sectPr>"); n != 4 {
		t.Errorf("document.xml has %d sections, want the text and three annexes", n)
	}
}

// TestBulletinFormats says which format holds what.
func TestBulletinFormats(t *testing.T) {
	for _, c := range []struct{ list, format, want string }{
		{"bulletin", "csv", `invalid list "bulletin": csv holds no bulletin; ask for it in one of text, json, docx, html`},
		{"staff", "docx", `invalid list "staff": docx holds the bulletin alone; ask for --list bulletin, or in one of text, json, csv`},
		{"bulletin,staff", "text", `the bulletin stands by itself`},
		{"", "docx", `invalid list "all": docx holds the bulletin alone`},
	} {
		err := paper.Check(c.list, c.format, paper.Options{})
		if !errors.Is(err, hall.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Check(%q, %q) = %v, want %q", c.list, c.format, err, c.want)
		}
	}
}
