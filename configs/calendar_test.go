package configs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/configs"
	"rollcall/hall"
)

// TestStatutoryFrozen holds that the shipped tables never change: days judged by
// them would change with the program. What a later notice says is an event.
func TestStatutoryFrozen(t *testing.T) {
	const want = "46576652041b527a064a4fc711facfb48f439ab334d7b44b6d699faa5502618a"
	digest := sha256.New()
	calendar := configs.Statutory()
	for _, year := range slices.Sorted(maps.Keys(calendar)) {
		fmt.Fprintln(digest, year)
		for _, date := range slices.Sorted(maps.Keys(calendar[year])) {
			day := calendar[year][date]
			fmt.Fprintln(digest, day.Date, day.Name, day.Off)
		}
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != want {
		t.Errorf("digest of the shipped calendars = %s, want %s", got, want)
	}
}

// TestWorkdays compares the workdays of each month with those counted by people.
func TestWorkdays(t *testing.T) {
	want := map[int]string{
		2014: "22 17 21 21 21 20 23 21 22 19 20 23",
		2015: "21 17 22 21 20 21 23 21 21 18 21 23",
		2016: "20 18 23 20 21 21 21 23 21 18 22 22",
		2017: "19 19 23 19 21 22 21 23 22 17 22 21",
		2018: "22 17 22 20 22 20 22 23 21 18 22 21",
		2019: "22 17 21 22 21 19 23 22 21 19 21 22",
		2020: "17 20 22 22 19 21 23 21 23 17 21 23",
		2021: "20 17 23 22 19 21 22 22 22 17 22 23",
		2022: "21 16 23 21 20 21 21 23 21 18 22 22",
		2023: "18 20 23 20 21 21 21 23 20 19 22 21",
		2024: "22 18 21 22 21 19 23 22 21 19 21 22",
		2025: "19 19 21 22 19 20 23 21 23 18 20 23",
		2026: "21 16 22 21 19 21 23 21 22 18 21 23",
	}
	statutory := configs.Statutory()
	p := hall.Policy{Calendar: hall.CalendarRules{
		Statutory: true, Weekend: []time.Weekday{time.Saturday, time.Sunday},
	}}
	for year, months := range want {
		var got []string
		for month := time.January; month <= time.December; month++ {
			m := hall.NewMonth(year, month)
			n := 0
			for d := m.First(); d <= m.Last(); d++ {
				works, unknown := p.Works(nil, d, statutory)
				if unknown {
					t.Errorf("%s is in no table", d)
				}
				if works {
					n++
				}
			}
			got = append(got, strconv.Itoa(n))
		}
		if diff := cmp.Diff(months, strings.Join(got, " ")); diff != "" {
			t.Errorf("workdays of %d (-want +got):\n%s", year, diff)
		}
	}
	if statutory.Has(2013) || statutory.Has(2027) || len(statutory) != len(want) {
		t.Errorf("tables of %d years, want 2014 to 2026", len(statutory))
	}
}

func TestImportTable(t *testing.T) {
	src := `{
  "$schema": "schema.json", "year": 2027, "papers": [],
  "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2026-12-31", "isOffDay": true},
    {"name": "春节", "date": "2027-02-14", "isOffDay": false}
  ]
}`
	got, err := configs.ImportCalendar("2027.json", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := []hall.CalendarYear{{Year: 2027, Days: []hall.CalendarDay{
		{Date: hall.NewDate(2026, 12, 31), Name: "元旦", Off: true},
		{Date: hall.NewDate(2027, 1, 1), Name: "元旦", Off: true},
		{Date: hall.NewDate(2027, 2, 14), Name: "春节", Off: false},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ImportCalendar (-want +got):\n%s", diff)
	}
}

func TestImportTableProblems(t *testing.T) {
	tests := map[string]struct{ src, want string }{
		"empty year": {`{"year": 2027, "days": []}`, "the table of 2027 is empty"},
		"no year":    {`{"days": []}`, "year is no year"},
		"bad year":   {`{"year": "2027", "days": []}`, "year is no year"},
		"no days":    {`{"year": 2027}`, "days is no list"},
		"list":       {`[]`, "is no calendar"},
		"text":       {`holidays`, "is no calendar"},
		"nothing":    {``, "is empty"},
		"all at once": {`{"year": 2027, "days": [
 {"name": "a", "date": "2027-02-30", "isOffDay": true},
 {"name": "a", "date": "2028-01-01", "isOffDay": true},
 {"name": "a", "date": "2026-11-30", "isOffDay": true},
 {"name": "", "date": "2027-01-01", "isOffDay": true},
 {"name": "a", "date": "2027-01-01", "isOffDay": "yes"},
 {"name": "a", "date": "2027-01-02"},
 7]}`, `x.json:2:24: date is no date
     1 | {"year": 2027, "days": [
     2 |  {"name": "a", "date": "2027-02-30", "isOffDay": true},
       |                        ^
       such as 2027-10-01
x.json:3:24: 2028-01-01 does not belong to the table of 2027
     2 |  {"name": "a", "date": "2027-02-30", "isOffDay": true},
     3 |  {"name": "a", "date": "2028-01-01", "isOffDay": true},
       |                        ^
       its days, or those of the December before it
x.json:4:24: 2026-11-30 does not belong to the table of 2027
     3 |  {"name": "a", "date": "2028-01-01", "isOffDay": true},
     4 |  {"name": "a", "date": "2026-11-30", "isOffDay": true},
       |                        ^
       its days, or those of the December before it
x.json:5:11: name is no text
     4 |  {"name": "a", "date": "2026-11-30", "isOffDay": true},
     5 |  {"name": "", "date": "2027-01-01", "isOffDay": true},
       |           ^
       the name of the holiday
x.json:6:24: 2027-01-01 stands twice, first in line 5
     5 |  {"name": "", "date": "2027-01-01", "isOffDay": true},
     6 |  {"name": "a", "date": "2027-01-01", "isOffDay": "yes"},
       |                        ^
       each day once
x.json:7:2: isOffDay is neither true nor false
     6 |  {"name": "a", "date": "2027-01-01", "isOffDay": "yes"},
     7 |  {"name": "a", "date": "2027-01-02"},
       |  ^
       true: day off; false: make-up workday
x.json:8:2: is no day
     7 |  {"name": "a", "date": "2027-01-02"},
     8 |  7]}
       |  ^
       want a map of date, name and isOffDay`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := configs.ImportCalendar("x.json", []byte(test.src))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ImportCalendar = %v, want %q", err, test.want)
			}
		})
	}
}

// ics builds a calendar of events, each a list of lines.
func ics(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//CN\nX-WR-CALNAME:中国节假日\n" +
		"BEGIN:VTIMEZONE\nTZID:Asia/Shanghai\nBEGIN:STANDARD\nTZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nTZNAME:CST\n" +
		"DTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\nTIMEZONE-ID:Asia/Shanghai\n")
	for i, event := range events {
		fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:%d\nDTSTAMP:20260305T110113\n%s\nEND:VEVENT\n", i, event)
	}
	b.WriteString("END:VCALENDAR\n")
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}

func TestImportICS(t *testing.T) {
	src := ics(
		"DTSTART;VALUE=DATE:20261229\nDTEND;VALUE=DATE:20261230\nSUMMARY:元旦(班)",
		"DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270102\nSUMMARY:元旦(休)\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
		"DTSTART;VALUE=DATE:20270204\nSUMMARY:立春",
		"DTSTART;VALUE=DATE:20270206\nSUMMARY:春节\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
		"DTSTART;TZID=Asia/Shanghai:20270220T090000\nDTEND;TZID=Asia/Shanghai:20270220T180000\nSUMMARY:春节调休上班",
		"DTSTART;VALUE=DATE:20271001\nDURATION:P2D\nSUMMARY:国庆\n 节 假期\nBEGIN:VALARM\nSUMMARY:提醒(班)\nEND:VALARM",
	)
	got, err := configs.ImportCalendar("x.ics", src)
	if err != nil {
		t.Fatal(err)
	}
	want := []hall.CalendarYear{{Year: 2027, Days: []hall.CalendarDay{
		{Date: hall.NewDate(2026, 12, 29), Name: "元旦", Off: false},
		{Date: hall.NewDate(2026, 12, 31), Name: "元旦", Off: true},
		{Date: hall.NewDate(2027, 1, 1), Name: "元旦", Off: true},
		{Date: hall.NewDate(2027, 2, 6), Name: "春节", Off: false},
		{Date: hall.NewDate(2027, 2, 20), Name: "春节", Off: false},
		{Date: hall.NewDate(2027, 10, 1), Name: "国庆节", Off: true},
		{Date: hall.NewDate(2027, 10, 2), Name: "国庆节", Off: true},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ImportCalendar (-want +got):\n%s", diff)
	}
}

func TestImportICSProblems(t *testing.T) {
	tests := map[string]struct {
		src  []byte
		want string
	}{
		"nothing marked": {ics("DTSTART;VALUE=DATE:20270204\nSUMMARY:立春"), "has no day off and no make-up workday"},
		"cut off":        {ics("DTSTART;VALUE=DATE:20270101\nSUMMARY:元旦(休)")[:330], "ends before END:VCALENDAR"},
		"broken line":    {ics("DTSTART"), "x.ics:18:1: is no line of an iCalendar file"},
		"no start":       {ics("SUMMARY:元旦(休)"), `x.ics:15:1: event "元旦(休)" has no date in DTSTART`},
		"too long":       {ics("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20280101\nSUMMARY:元旦(休)"), "x.ics:19:1: event \"元旦(休)\" does not end 1 to 31 days after 2027-01-01"},
		"backwards":      {ics("DTSTART;VALUE=DATE:20270102\nDTEND;VALUE=DATE:20270101\nSUMMARY:元旦(休)"), "does not end"},
		"repeats":        {ics("DTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY\nSUMMARY:元旦(休)"), "repeats"},
		"both":           {ics("DTSTART;VALUE=DATE:20270101\nSUMMARY:元旦(休)", "DTSTART;VALUE=DATE:20270101\nSUMMARY:春节(班)"), "a day off and a workday at once"},
		"only workdays":  {ics("DTSTART;VALUE=DATE:20270103\nSUMMARY:元旦(班)"), "has make-up workdays but no day off"},
		"huge":           {append(ics(), make([]byte, 2<<20)...), "bytes; at most"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := configs.ImportCalendar("x.ics", test.src)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ImportCalendar = %v, want %q", err, test.want)
			}
		})
	}
}

func FuzzImportCalendar(f *testing.F) {
	f.Add(ics("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270104\nSUMMARY:元旦(休)"))
	f.Add([]byte(`{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		years, err := configs.ImportCalendar("x", data)
		if (err == nil) != (len(years) > 0) {
			t.Errorf("ImportCalendar = %d years, %v", len(years), err)
		}
	})
}
