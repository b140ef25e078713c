package paper_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/report/paper"
)

// hundred is a month of a hundred people at twenty windows.
func hundred() *hall.Report {
	r := &hall.Report{Hall: "demo", Name: "示例高新区政务服务大厅", Month: hall.NewMonth(2020, 11), AsOf: "2020-12-07T09:00:00+08:00", Workdays: 21,
		Names: hall.Names{People: map[hall.PersonID]string{}, Sessions: map[string]string{"morning": "上午", "afternoon": "下午"}, Classes: map[string]string{"resident": "常驻"},
			Kinds: map[string]string{hall.Late: "迟到", "annual": "公休假"}, Leaves: []hall.LeaveName{{Kind: "annual", Name: "公休假", Sign: hall.SignAnnual}}}}
	for n := range 20 {
		id := hall.WindowID(fmt.Sprintf("w%02d", n+1))
		r.Names.Windows = append(r.Names.Windows, hall.WindowName{Window: id, Number: n + 1, Name: fmt.Sprintf("第%d示例业务分局窗口", n+1)})
		r.Windows = append(r.Windows, hall.WindowScore{Window: id, Score: 100 * hall.Point, StaffMean: 100 * hall.Point, Rank: n + 1, Tied: 1})
	}
	var work []hall.Date
	for d := r.Month.First(); d <= r.Month.Last(); d++ {
		if d.Weekday() == 0 || d.Weekday() == 6 {
			r.OffDays = append(r.OffDays, d)
		} else {
			work = append(work, d)
		}
	}
	for n := range 100 {
		addPerson(r, n, work)
	}
	return r
}

// addPerson adds one person to all lists of people.
func addPerson(r *hall.Report, n int, work []hall.Date) {
	id, name, window := hall.PersonID(fmt.Sprint(1001+n)), fmt.Sprintf("某某%02d", n), hall.WindowID(fmt.Sprintf("w%02d", n/5+1))
	r.Names.People[id] = name
	rank, tied, minutes := n+1, 1, 12
	r.Staff = append(r.Staff, hall.StaffScore{Person: id, Name: name, Window: window, Class: "resident", Score: 99 * hall.Point, Deductions: hall.Point, Rank: &rank, Tied: &tied})
	signs := make([]string, 30)
	for d := r.Month.First(); d <= r.Month.Last(); d++ {
		signs[d-r.Month.First()] = "-"
	}
	for _, d := range work {
		signs[d-r.Month.First()] = "√"
		day := hall.PersonDay{Person: id, Date: d, Window: window, Timetable: "winter"}
		for _, e := range [][3]string{{"morning", hall.EdgeIn, "08:21:07"}, {"morning", hall.EdgeOut, "12:01:10"}, {"afternoon", hall.EdgeIn, "13:50:00"}, {"afternoon", hall.EdgeOut, "17:31:00"}} {
			day.Punches = append(day.Punches, hall.PlannedPunch{Session: e[0], Edge: e[1], At: hall.Name(e[2]), Verdict: hall.OK, Proofs: []hall.UID{"demo/punch/T01/x"}})
		}
		r.Days = append(r.Days, day)
	}
	signs[2], signs[9] = "迟", "休"
	r.Sheet = append(r.Sheet, hall.SheetRow{Person: id, Name: name, Window: window, Class: "resident", DueDays: 21, AttendedDays: 20, Late: 1, LateMinutes: minutes,
		Leaves: []hall.LeaveTaken{{Kind: "annual", Days: hall.Point / 2, Times: 1, Minutes: 210}}, Violations: 1, Deductions: hall.Point, Score: 99 * hall.Point, Rank: &rank, Signs: signs})
	violation := fmt.Sprintf("2020-11-03/morning/in/%s", id)
	r.Violations = append(r.Violations, hall.Violation{ID: violation, Date: hall.NewDate(2020, 11, 3), Window: window, Person: &id, Kind: hall.Late, Session: "morning",
		Minutes: &minutes, Points: hall.Point, State: hall.Reported, Proofs: []hall.UID{"demo/punch/T01/x"}})
	r.Accounts = append(r.Accounts, hall.Account{Violation: violation, Clause: "上下班刷脸考勤", Due: "08:30", At: "08:42:10", Sources: []string{"punch"}})
}

// asFile writes lists into a file.
func asFile(t *testing.T, r *hall.Report, list, format string, o paper.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, r, list, format, o); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lists."+format)
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOfficeXLSX prints a month of a hundred people with LibreOffice: each list on
// the pages that it needs and no page more, whole width on each, every page with
// what it is of, 草稿, its number and the headings.
func TestOfficeXLSX(t *testing.T) {
	for _, c := range []struct {
		list, title, heading, size string
		least, most                int
	}{
		{"sheet", "月度汇总", "应出勤", "1190.55 x 841.89", 2, 2}, // A3 on its side, 60 to 70 people a page
		{"violations", "违规通报表", "情形描述", "841.89 x 595.", 2, 3},
		{"staff", "人员排名", "总分", "595.304 x 841.89", 2, 3},
		{"windows", "量化考评表", "人均得分", "841.89 x 595.", 1, 1},
		{"days", "每日统计", "关联审批单", "841.89 x 595.", 42, 55}, // 2100 rows
	} {
		t.Run(c.list, func(t *testing.T) {
			pdf := toPDF(t, asFile(t, hundred(), c.list, "xlsx", paper.Options{}))
			printed := pages(t, pdf)
			if n := len(printed); n < c.least || n > c.most {
				t.Errorf("%s takes %d pages, want %d to %d", c.list, n, c.least, c.most)
			}
			if about := runProgram(t, program(t, "pdfinfo"), pdf); !strings.Contains(about, c.size) {
				t.Errorf("the page is %s, want %s", about, c.size)
			}
			for i, page := range printed {
				page = strings.ReplaceAll(page, " ", "")
				for _, want := range []string{c.title, c.heading, "草稿，未封账", fmt.Sprintf("第%d页，共%d页", i+1, len(printed))} {
					if !strings.Contains(page, want) {
						t.Errorf("page %d lacks %s:\n%s", i+1, want, page)
					}
				}
				if strings.Contains(page, "demo/punch") {
					t.Errorf("page %d prints proofs", i+1)
				}
			}
		})
	}
}

// utf8Commas tells LibreOffice of a csv: commas, double quotes, UTF-8, all lines.
const utf8Commas = "44,34,76,1"

// TestOfficeRunsNothing opens workbook and csv of hostile texts with LibreOffice
// and has it write what the cells hold: each text is what it was, none was
// computed.
func TestOfficeRunsNothing(t *testing.T) {
	r := &hall.Report{Staff: []hall.StaffScore{{Person: "1", Name: "=1+1"}, {Person: "2", Name: "+2+3"}, {Person: "3", Name: "-4"}, {Person: "4", Name: "@SUM(1,2)"},
		{Person: "5", Name: " =6+1"}, {Person: "6", Name: "\t=7+1"}, {Person: "7", Name: "＝8+1"}, {Person: "8", Name: "=HYPERLINK(\"http://x\",\"y\")"}}}
	for _, format := range []string{"csv", "xlsx"} {
		t.Run(format, func(t *testing.T) {
			file := asFile(t, r, "staff", format, paper.Options{})
			dir := t.TempDir()
			args := []string{"--headless", "--norestore", "-env:UserInstallation=file://" + dir + "/profile", "--convert-to", "csv:Text - txt - csv (StarCalc):" + utf8Commas}
			if format == "csv" {
				args = append(args, "--infilter=CSV:"+utf8Commas)
			}
			runProgram(t, program(t, "soffice"), append(args, "--outdir", dir, file)...)
			text, err := os.ReadFile(filepath.Join(dir, "lists.csv"))
			if err != nil {
				t.Fatal(err)
			}
			lines := csv.NewReader(bytes.NewReader(text))
			lines.FieldsPerRecord = -1
			rows, err := lines.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			held := map[string]bool{}
			for _, row := range rows {
				for _, cell := range row {
					held[strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(cell), "'"))] = true
				}
			}
			for _, s := range r.Staff {
				if !held[strings.TrimSpace(s.Name)] {
					t.Errorf("no cell holds %q:\n%s", s.Name, text)
				}
			}
		})
	}
}

// TestOfficePage prints lists as a page with Chromium.
func TestOfficePage(t *testing.T) {
	browser := program(t, "chromium")
	dir := t.TempDir()
	pdf := filepath.Join(dir, "lists.pdf")
	runProgram(t, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+dir+"/profile", "--no-pdf-header-footer", "--print-to-pdf="+pdf,
		"file://"+asFile(t, hundred(), "staff,sheet", "html", paper.Options{}))
	printed := pages(t, pdf)
	if n := len(printed); n < 5 || n > 8 {
		t.Errorf("staff and sheet of a hundred people take %d pages, want 5 to 8", n)
	}
	for i, page := range printed {
		if !strings.Contains(page, "姓名") {
			t.Errorf("page %d has no headings:\n%s", i+1, page)
		}
	}
}
