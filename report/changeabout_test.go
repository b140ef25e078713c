package report_test

import (
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/report"
)

// TestAbout tells in words what changed lines are about.
func TestAbout(t *testing.T) {
	n := &hall.Names{
		Windows: []hall.WindowName{{Window: "w1", Number: 1, Name: "综合窗口"}, {Window: "w2", Number: 2, Name: "税务窗口"}},
		People:  map[hall.PersonID]string{"1001": "王甲"}, Kinds: map[string]string{"phone_use": "玩手机", "home_visit": "上门服务"},
		Sessions: map[string]string{"morning": "上午"}, Classes: map[string]string{"general": "综合窗口人员"},
	}
	for _, c := range []struct{ list, line, want string }{
		{"violations", "2020-11-03/morning/in/1001", "11月3日上午上班 王甲（1001）"},
		{"violations", "2020-11-03/morning/phone_use/@w2*", "11月3日上午玩手机 税务窗口未具名人员"},
		{"accounts", "2020-11-03/-/phone_use/@w2+", "11月3日玩手机 税务窗口替岗人员"},
		{"rejected", "demo/leave/console/l9", "demo/leave/console/l9"},
		{"staff", "1001", "王甲（1001）"},
		{"staff", "1009", "1009"},
		{"windows", "w1", "综合窗口"},
		{"cases.windows", "@w1", "综合窗口"},
		{"pending", "2020-11-03/morning/out/1001", "11月3日上午下班 王甲（1001）"},
		{"days", "2020-11-03 1001", "11月3日 王甲（1001）"},
		{"bonus", "@w1,@w2/home_visit", "综合窗口、税务窗口 上门服务"},
		{"bonus", "1001/home_visit#2", "王甲（1001） 上门服务（第2条）"},
		{"ranking", "-", "全体窗口人员"},
		{"ranking", "general", "综合窗口人员"},
		{"vetoes", "w1 2020-11-03/-/phone_use/@w1", "综合窗口 11月3日玩手机 综合窗口"},
		{"figures", "好评率 w2", "好评率 税务窗口"},
		{"cases", "growth_percent", "增长%"},
		{"workdays", "workdays", "工作日"},
		{"texts", "focus", "focus"},
		{"names", "award", "评先称号"},
		{"names.windows", "w2", "税务窗口"},
		{"names.people", "1001", "王甲（1001）"},
		{"names.kinds", "home_visit", "上门服务"},
		{"names.bulletin.titles", "focus", "标题：本月重点"},
		{"names.bulletin", "intro", "导语"},
	} {
		if got := report.About(c.list, c.line, n); got != c.want {
			t.Errorf("About(%s, %s) = %s, want %s", c.list, c.line, got, c.want)
		}
	}
}

// TestLineWithoutWords: a line that comes or goes is told field by field, never as JSON.
func TestLineWithoutWords(t *testing.T) {
	is := &hall.Report{Sheet: []hall.SheetRow{{Person: "7", Name: "甲乙", Absence: 42, Signs: []string{"旷", "-"}}}}
	changes, err := report.Changes(&hall.Report{Sheet: []hall.SheetRow{}}, is)
	if err != nil || len(changes) != 1 {
		t.Fatalf("Changes = %v, %v, want one", changes, err)
	}
	text := string(changes[0].Is)
	if strings.ContainsAny(text, `{"`) || !strings.Contains(text, "旷工 42，") {
		t.Errorf("a new row of the sheet is told as %s", text)
	}
}
