package paper_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/report/paper"
)

// TestMasked keeps the surname and nothing else.
func TestMasked(t *testing.T) {
	for name, want := range map[string]string{
		"张三": "张*", "张三丰": "张**", "欧阳修": "欧阳*", "司马相如": "司马**", "上官": "上*", "歐陽修": "歐陽*", "东方明珠塔": "东方**",
		"王": "*", "": "*", " 张三 ": "张*", "买买提·艾合买提": "买**", "𠮷野家": "𠮷**", "䶮甲": "䶮*", "John Smith": "J**", "Ó": "*", "张\u202e三": "张*",
	} {
		r := &hall.Report{FullAttendance: []hall.FullAttendance{{Person: "x", Name: name}}, Names: hall.Names{People: map[hall.PersonID]string{"x": name}}}
		got := posted(t, r, "full-attendance", "csv")
		if row := strings.Split(strings.Split(got, "\n")[1], ","); row[len(row)-1] != want {
			t.Errorf("%q is posted as %q, want %q", name, row[len(row)-1], want)
		}
	}
}

// TestMaskedNumbers tells two people of one window apart who would look the same,
// and nobody else.
func TestMaskedNumbers(t *testing.T) {
	r := &hall.Report{Staff: []hall.StaffScore{{Person: "7", Name: "李乙", Window: "a"}, {Person: "8", Name: "李甲", Window: "a"},
		{Person: "9", Name: "李丙", Window: "b"}, {Person: "10", Name: "赵丁", Window: "a"}}}
	want := []string{"李*（1）", "李*（2）", "李*", "赵*"}
	var got []string
	for _, row := range strings.Split(strings.TrimSpace(posted(t, r, "staff", "csv")), "\n")[1:] {
		got = append(got, strings.Split(row, ",")[2])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestPostedLeave says of leave that there was some, and nothing of its kind.
func TestPostedLeave(t *testing.T) {
	r := &hall.Report{Month: hall.NewMonth(2020, 11), Names: hall.Names{Leaves: []hall.LeaveName{{Kind: "sick", Name: "病假", Sign: hall.SignSick},
		{Kind: "home", Name: "探亲假", Sign: hall.SignLeave}, {Kind: "outing", Name: "外出", Sign: hall.SignOuting}}, Kinds: map[string]string{"sick": "病假"}},
		Sheet: []hall.SheetRow{{Person: "1", Name: "张三", Leave: map[string]int{"sick": 2, "home": 1}, Leaves: []hall.LeaveTaken{{Kind: "home", Days: hall.Point}, {Kind: "outing", Days: hall.Point, Times: 2},
			{Kind: "sick", Days: 3 * hall.Point / 2}}, Signs: []string{"病", "迟病事", "外", "√"}}}}
	for _, format := range []string{"text", "csv", "json"} {
		got := posted(t, r, "sheet", format)
		for _, secret := range []string{"病", "事假", "外出(次)", "sick", "home", "探亲", "张三"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s says %s:\n%s", format, secret, got)
			}
		}
	}
	got := posted(t, r, "sheet", "csv")
	if !strings.Contains(got, "请假(天),公差外出(天)") || !strings.Contains(got, ",2.5,1,") || !strings.Contains(got, ",假,迟假,公,√,") {
		t.Errorf("csv lacks the leave:\n%s", got)
	}
	if got := posted(t, r, "sheet", "json"); !strings.Contains(got, `"leave":{"leave":3}`) {
		t.Errorf("json lacks the leave:\n%s", got)
	}
}

func posted(t testing.TB, r *hall.Report, list, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := paper.Write(&out, r, list, format, paper.Options{Posting: true}); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(out.String(), "\ufeff")
}

// TestNotPosted refuses what only the office should see, and leaves it out of all.
func TestNotPosted(t *testing.T) {
	for _, l := range paper.Lists {
		err := paper.Check(l.Name, "json", paper.Options{Posting: true})
		if l.Inner != (err != nil) {
			t.Errorf("Check(%s) of a posting = %v, want an error: %v", l.Name, err, l.Inner)
		}
		all := posted(t, &hall.Report{}, "all,sheet,days,patrol", "json")
		if l.Key != "bulletin" && strings.Contains(all, `"`+l.Key+`":`) == l.Inner {
			t.Errorf("all of a posting holds %s: %v", l.Name, !l.Inner)
		}
	}
}

// public are the fields of a report that a posting may show as they are. Whoever
// adds a field of text to a report decides here and in posting.go.
var public = []string{
	"Hall", "Name", "AsOf", "Sealed.At", "Sealed.Digest", "ChangedSince.List",
	"FullAttendance.Window", "Violations.Window", "Violations.Kind", "Violations.Session", "Violations.State", "Violations.Marks",
	"Pending.Session", "Pending.Edge", "Pending.Due",
	"Staff.Window", "Staff.Class", "Staff.LeftOut", "Ranking.Class", "Ranking.Top.Window", "Ranking.Bottom.Window",
	"Windows.Window", "Windows.Name", "Bonus.Windows", "Bonus.Kind", "Awards.Title", "Awards.Windows", "Vetoes.Window", "Vetoes.Kind",
	"Cases.Top", "Cases.Missing", "Cases.PreviousMissing", "Cases.Windows.Window", "Cases.Categories.Category", "Cases.Categories.Windows.Window",
	"Figures.Name", "Figures.Window", "Figures.Value", "Figures.Unit", "Figures.Of", "Texts.Section", "Texts.Items",
	"Accounts.Clause", "Accounts.Due", "Accounts.At", "Accounts.Sources", "Accounts.Noted", "Accounts.RectifyBy", "Accounts.Rectified",
	"Appeals.Window", "Appeals.Steps.State", "Appeals.Steps.At",
	"Sheet.Window", "Sheet.Class", "Sheet.LeftOut", "Sheet.Places.Window",
	"Days.Window", "Days.Timetable", "Days.Punches.Session", "Days.Punches.Edge", "Days.Punches.Due", "Days.Punches.At", "Days.Punches.Verdict",
	"Patrol.Time", "Patrol.Until", "Patrol.Kind", "Patrol.Window", "Patrol.Channel", "Patrol.State", "Patrol.RectifyBy", "Patrol.Rectified",
	"Names.Windows.Window", "Names.Windows.Name", "Names.Windows.Unit", "Names.Award",
}

// TestNothingElsePosted fills every text of a report with the name of its field,
// posts every list in every format, and finds no field but the public ones. So
// that lists fit together people, windows and kinds are some that occur.
func TestNothingElsePosted(t *testing.T) {
	r := &hall.Report{}
	fill(reflect.ValueOf(r).Elem(), "")
	seen := map[string]bool{}
	for _, f := range paper.Formats {
		for _, l := range paper.Lists {
			if paper.Check(l.Name, f.Name, paper.Options{Posting: true}) != nil {
				continue
			}
			for _, text := range texts(t, posted(t, r, l.Name, f.Name), f.Name) {
				for _, field := range regexp.MustCompile(`<<([A-Za-z.]+)>>`).FindAllStringSubmatch(text, -1) {
					seen[field[1]] = true
				}
			}
		}
	}
	for field := range seen {
		if !slices.Contains(public, field) && !strings.HasPrefix(field, "Names.Bulletin.") {
			t.Errorf("a posting shows %s: take it out in posting.go, or name it among the public ones", field)
		}
	}
	if len(seen) < 30 {
		t.Errorf("a posting shows only %v: the test sees nothing", slices.Sorted(maps.Keys(seen)))
	}
}

// publicOfPeriod are the same of a quarter or a year.
var publicOfPeriod = []string{
	"Hall", "Name", "AsOf", "Months.State", "Months.Sealed.At", "Months.Sealed.Digest",
	"Staff.Window", "Staff.Class", "Staff.LeftOut", "Staff.Scores.LeftOut", "Ranking.Class", "Ranking.Top.Window", "Ranking.Bottom.Window",
	"Windows.Window", "Windows.Name", "Windows.Scores.LeftOut", "Awards.Awarded.Title", "Awards.Awarded.Windows", "Vetoes.Window", "Vetoes.Kind",
	"Cases.Windows.Window", "Names.Windows.Window", "Names.Windows.Name", "Names.Windows.Unit", "Names.Award",
}

// TestNothingElsePostedOfPeriod does the same with a quarter or a year.
func TestNothingElsePostedOfPeriod(t *testing.T) {
	r := &hall.PeriodReport{}
	fill(reflect.ValueOf(r).Elem(), "")
	r.Period = hall.NewMonth(2020, 11).Quarter()
	seen := map[string]bool{}
	for _, format := range paper.PeriodFormats() {
		for _, list := range paper.PeriodLists() {
			if paper.CheckPeriod(list, format) != nil {
				continue
			}
			var out bytes.Buffer
			if err := paper.WritePeriod(&out, r, list, format, paper.Options{Posting: true}); err != nil {
				t.Fatal(err)
			}
			for _, field := range regexp.MustCompile(`<<([A-Za-z.]+)>>`).FindAllStringSubmatch(texts(t, out.String(), format)[0], -1) {
				seen[field[1]] = true
			}
		}
	}
	for field := range seen {
		if !slices.Contains(publicOfPeriod, field) {
			t.Errorf("a posting of a period shows %s: take it out in postingperiod.go, or name it among the public ones", field)
		}
	}
	if len(seen) < 10 {
		t.Errorf("a posting of a period shows only %v: the test sees nothing", slices.Sorted(maps.Keys(seen)))
	}
}

// fill puts two of everything into a value; texts name their field.
func fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path)
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`"<<` + path + `>>"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), path)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, path)
		fill(value, path)
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("<<" + path + ">>")
	case reflect.Int, reflect.Int32, reflect.Int64:
		if v.Type() == reflect.TypeFor[hall.Month]() {
			v.SetInt(int64(hall.NewMonth(2020, 11)))
			return
		}
		v.SetInt(int64(hall.NewDate(2020, 11, 3)))
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// texts are what somebody can read in an output: of what is packed each part.
func texts(t testing.TB, out, format string) []string {
	t.Helper()
	unescape := strings.NewReplacer("&lt;", "<", "&gt;", ">", `\u003c`, "<", `\u003e`, ">", "&amp;", "&", `\u0026`, "&")
	if format != "xlsx" && format != "docx" {
		return []string{unescape.Replace(out)}
	}
	var list []string
	for _, text := range parts(t, out) {
		list = append(list, unescape.Replace(text))
	}
	return list
}

// TestPostingKeepsSecrets posts generated people, notes and ids in every list and
// format, and finds none of them.
func TestPostingKeepsSecrets(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		secret := func(label string) string {
			return rapid.StringMatching(`[甲乙丙丁]{1}[㐀-㐯𠀀-𠀏=<&/]{2,4}`).Draw(rt, label)
		}
		name, id, note, uid := secret("name"), "ID"+secret("id"), "N"+secret("note"), "h/punch/t/"+secret("uid")
		person := hall.PersonID(id)
		violation := hall.ViolationID(hall.NewDate(2020, 11, 3), "morning", "in", id)
		r := &hall.Report{Month: hall.NewMonth(2020, 11), AsOf: "2020-12-01T00:00:00+08:00",
			FullAttendance: []hall.FullAttendance{{Person: person, Name: name}},
			Violations:     []hall.Violation{{ID: violation, Person: &person, Kind: hall.Late, Proofs: []hall.UID{hall.UID(uid)}}},
			Accounts:       []hall.Account{{Violation: violation, Inspectors: []string{id}, Notes: []string{note}, Evidence: []string{note}, Shares: []hall.Share{{Person: person}}}},
			Appeals:        []hall.Appeal{{Violation: violation, Person: &person, Steps: []hall.AppealStep{{On: violation, By: name, Reason: note, State: hall.Appealed}}}},
			Staff:          []hall.StaffScore{{Person: person, Name: name}},
			Ranking:        []hall.Ranking{{Top: []hall.RankedPerson{{Person: person, Name: name, Rank: 1}}}},
			Awards:         []hall.Awarded{{Title: "标兵", Persons: []hall.PersonID{person}, By: hall.Name(name), Reason: hall.Name(note)}},
			Bonus:          []hall.BonusLine{{Person: &person, Kind: "time_cut", Count: 1}},
			Sheet:          []hall.SheetRow{{Person: person, Name: name}},
			Days:           []hall.PersonDay{{Person: person, Punches: []hall.PlannedPunch{{Session: "morning", Edge: hall.EdgeIn, Proofs: []hall.UID{hall.UID(uid)}, CoveredBy: hall.Name(uid)}}}},
			Patrol:         []hall.PatrolEntry{{UID: hall.UID(uid), Person: hall.Name(id), Inspector: name, Note: hall.Name(note), Violation: hall.Name(violation), Reason: hall.Name(note)}},
			Contested:      []hall.Violation{{ID: violation, Person: &person}},
			Pending:        []hall.PendingPunch{{Person: person}},
			Warnings:       []hall.Warning{{Text: name}},
			Names:          hall.Names{People: map[hall.PersonID]string{person: name, "somebody": name + "二"}},
		}
		for _, f := range paper.Formats {
			lists := []string{"all,sheet,days,patrol", "bulletin"}
			if f.OneList {
				lists = []string{"bulletin", "full-attendance", "violations", "staff", "bonus", "sheet", "days", "patrol"}
			}
			for _, list := range lists {
				if paper.Check(list, f.Name, paper.Options{Posting: true}) != nil {
					continue // not in this format
				}
				for _, text := range texts(t, posted(t, r, list, f.Name), f.Name) {
					for _, s := range []string{name, id, note, uid, "somebody"} {
						if strings.Contains(text, s) {
							rt.Fatalf("%s as %s shows %q:\n%s", list, f.Name, s, text)
						}
					}
				}
			}
		}
	})
}

func ExampleOptions_posting() {
	r := &hall.Report{Month: hall.NewMonth(2020, 11), FullAttendance: []hall.FullAttendance{{Person: "1006", Name: "欧阳春晓", Window: "w02"}},
		Names: hall.Names{Windows: []hall.WindowName{{Window: "w02", Number: 2, Name: "税务窗口"}}, People: map[hall.PersonID]string{"1006": "欧阳春晓"}}}
	var out bytes.Buffer
	if err := paper.Write(&out, r, "full-attendance", "text", paper.Options{Posting: true}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Split(out.String(), "\n")[5])
	// Output: 满勤（无迟到早退、无请假、无缺卡）：税务窗口欧阳**。共1人。
}
