package sheet_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/hall"
	"rollcall/ingest/sheet"
)

// beside reads a file against what is known and says what each row is.
func beside(t *testing.T, k *sheet.Known, text string) (what []string, rows []sheet.Row) {
	t.Helper()
	table, err := sheet.Open("a.csv", []byte(text), sheet.Options{Hall: "h1", Source: "import", Made: made})
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		row, d, err := k.Beside(table, row)
		if err != nil {
			t.Fatal(err)
		}
		var word strings.Builder
		word.WriteString(d.What)
		for _, f := range d.Fields {
			word.WriteString(" " + f.Name + ":" + f.Was + ">" + f.Is)
		}
		what = append(what, word.String())
		rows = append(rows, row)
	}
	return what, rows
}

func known(t *testing.T, lines ...string) *sheet.Known {
	t.Helper()
	k := &sheet.Known{}
	for _, l := range lines {
		subject, body, err := hall.DecodeLine([]byte(l))
		if err == nil {
			err = k.Add(subject, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// TestTwice refuses the second of two rows of one file that cannot both hold.
func TestTwice(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"one number of two people", "工号,姓名,窗口,人员类别,开始日期\n1002,李乙,w1,resident,2026-10-01\n1003,王丙,w1,resident,2026-10-01\n1002,郑辛,w2,resident,2026-10-01\n",
			`a.csv: row 4: speaks of the same as row 2 and differs from it: name "李乙" and "郑辛", window "w1" and "w2"; want one row for each person and from`},
		{"the same row twice", "工号,姓名,窗口,人员类别,开始日期\n1002,李乙,w1,resident,2026-10-01\n1002,李乙,w1,resident,2026-10-01\n", ""},
		{"somebody who moves", "工号,姓名,窗口,人员类别,开始日期\n1002,李乙,w1,resident,2026-10-01\n1002,李乙,w2,resident,2026-10-12\n", ""},
		{"a window with two volumes", "月份,窗口,受理,办结,按时办结\n2026-10,w1,3,3,3\n2026-10,w1,4,3,3\n",
			`a.csv: row 3: speaks of the same as row 2 and differs from it: accepted "3" and "4"; want one row for each month or date, window and category`},
		{"a figure with two values", "月份,指标,窗口,数值,单位\n2026-10,好评率,w1,99,%\n2026-10,好评率,w1,98,%\n",
			`a.csv: row 3: speaks of the same as row 2 and differs from it: value "99" and "98"; want one row for each month, name and window`},
		{"two bonuses", "月份,窗口,加分项,件数\n2026-10,w1,home_visit,3\n2026-10,w1,home_visit,4\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := sheet.Open("a.csv", []byte(tt.text), sheet.Options{Hall: "h1", Source: "import", Made: made})
			if err != nil {
				t.Fatal(err)
			}
			var refused []string
			for _, err := range table.Rows() {
				if err != nil {
					refused = append(refused, err.Error())
				}
			}
			if got := strings.Join(refused, "\n"); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestKnown(t *testing.T) {
	roster := `{"subject":"rollcall.h1.roster.console","data":{"id":"r1","time":"2020-01-01T00:00:00Z","person":"1","name":"甲","window":"w1","class":"resident","from":"2020-01-01","group":"night"}}`
	moved := `{"subject":"rollcall.h1.roster.console","data":{"id":"r2","time":"2020-02-01T00:00:00Z","person":"1","name":"甲","window":"w2","class":"resident","from":"2020-01-01","group":"night"}}`
	undo := `{"subject":"rollcall.h1.ruling.console","data":{"id":"u1","time":"2020-02-02T00:00:00Z","on":"h1/roster/console/r2","state":"cancelled","by":"m","reason":"x"}}`
	leave := `{"subject":"rollcall.h1.leave.console","data":{"id":"l1","time":"2020-01-01T00:00:00Z","person":"1","kind":"annual","from":"2020-11-03T00:30:00Z","until":"2020-11-03T04:00:00Z"}}`
	bonus := `{"subject":"rollcall.h1.bonus.console","data":{"id":"b1","time":"2020-01-01T00:00:00Z","month":"2020-11","windows":["w1"],"kind":"home_visit","count":3}}`
	cases := `{"subject":"rollcall.h1.cases.console","data":{"id":"k1","time":"2020-01-01T00:00:00Z","month":"2020-11","window":"w1","accepted":3,"completed":3,"on_time":3}}`

	note := `{"subject":"rollcall.h1.patrol.I1","data":{"id":"n1","time":"2020-11-03T01:10:00Z","inspector":"I1","kind":"left_post","window":"w1","note":"去向不明"}}`
	standin := `{"subject":"rollcall.h1.standin.console","data":{"id":"s1","time":"2020-01-01T00:00:00Z","window":"w1","from":"2020-11-03","until":"2020-11-03","by":"9"}}`
	figure := `{"subject":"rollcall.h1.figure.console","data":{"id":"f1","time":"2020-01-01T00:00:00Z","month":"2020-11","name":"好评率","window":"w1","value":99.5,"unit":"%"}}`
	joint := `{"subject":"rollcall.h1.bonus.console","data":{"id":"b2","time":"2020-01-01T00:00:00Z","month":"2020-11","windows":["w2","w1"],"kind":"home_visit","count":3}}`

	heads := "工号,姓名,窗口,人员类别,开始日期\n"
	tests := []struct {
		name  string
		known []string
		text  string
		want  string
	}{
		{"the same", []string{roster}, heads + "1,甲,w1,resident,2020-01-01\n", "same"},
		{"new from another date", []string{roster}, heads + "1,甲,w2,resident,2020-03-01\n", "new"},
		{"moved", []string{roster}, heads + "1,甲,w2,resident,2020-01-01\n", "changed window:w1>w2"},
		{"the later one holds", []string{moved, roster}, heads + "1,甲,w1,resident,2020-01-01\n", "changed window:w2>w1"},
		{"a cancelled one holds nothing", []string{moved, undo, roster}, heads + "1,甲,w1,resident,2020-01-01\n", "same"},
		{"leave with another offset", []string{leave}, "工号,请假类型,开始时间,结束时间\n1,annual,2020-11-03 08:30,2020-11-03 12:00\n", "same"},
		{"leave of another length", []string{leave}, "工号,请假类型,开始时间,结束时间\n1,annual,2020-11-03 08:30,2020-11-03 17:30\n", "differs until:2020-11-03T04:00:00Z>2020-11-03T09:30:00Z"},
		{"one bonus twice in the file", []string{bonus}, "月份,窗口,加分项,件数\n2020-11,w1,home_visit,3\n2020-11,w1,home_visit,3\n", "same,new"},
		{"another count", []string{bonus}, "月份,窗口,加分项,件数\n2020-11,w1,home_visit,4\n", "differs count:3>4"},
		{"a note", []string{note}, "巡查时间,巡查人,窗口,发现问题,替岗,情形\n2020-11-03 09:10,I1,w1,left_post,否,去向不明\n2020-11-03 09:10,I1,w1,left_post,,在打印室\n2020-11-03 09:11,I1,w1,left_post,,\n", "same,new,new"},
		{"a stand-in", []string{standin}, "窗口,开始时间,结束时间,替岗人员工号\nw1,2020-11-03,2020-11-03,9\nw1,2020-11-04,2020-11-04,9\n", "same,new"},
		{"a figure", []string{figure}, "月份,指标,窗口,数值,单位\n2020-11,好评率,w1,99.5,%\n2020-11,好评率,合计,98,%\n2020-11,好评率,w2,99.5%,\n", "same,new,new"},
		{"a figure with another number of decimals", []string{figure}, "月份,指标,窗口,数值,单位\n2020-11,好评率,w1,99.50,%\n", "changed value:99.5>99.50"},
		{"joint windows in another order", []string{joint}, "月份,窗口,加分项,件数\n2020-11,\"w1,w2\",home_visit,3\n", "same"},
		{"cases", []string{cases}, "月份,窗口,受理,办结,按时办结\n2020-11,w1,3,4,3\n2020-11,w2,3,4,3\n", "changed completed:3>4,new"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			what, _ := beside(t, known(t, tt.known...), tt.text)
			if got := strings.Join(what, ","); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}

	t.Run("what the file does not say is kept", func(t *testing.T) {
		_, rows := beside(t, known(t, roster), heads+"1,甲,w2,resident,2020-01-01\n")
		if body := string(rows[0].Body); !strings.Contains(body, `"group":"night"`) || !strings.Contains(body, `"window":"w2"`) {
			t.Errorf("got %s, want the group kept", body)
		}
	})

	t.Run("what was taken back can be said again", func(t *testing.T) {
		text := "月份,窗口,加分项,件数\n2020-11,w1,home_visit,3\n"
		events := []string{}
		seen := map[string]bool{}
		for round := range 4 {
			what, rows := beside(t, known(t, events...), text)
			if what[0] != "new" {
				t.Fatalf("round %d: %v, want new", round, what)
			}
			line := string(hall.EncodeLine(rows[0].Subject, rows[0].Body))
			event, err := hall.Decode(rows[0].Subject, rows[0].Body)
			if err != nil || seen[string(event.UID)] {
				t.Fatalf("round %d: %s, %v, want an id of its own", round, event.UID, err)
			}
			seen[string(event.UID)] = true
			events = append(events, line, fmt.Sprintf(`{"subject":"rollcall.h1.ruling.console","data":{"id":"u%d","time":"2020-12-02T00:00:00Z","on":"%s","state":"cancelled","by":"m","reason":"x"}}`, round, event.UID))
			if what, _ := beside(t, known(t, events[:len(events)-1]...), text); what[0] != "same" {
				t.Errorf("round %d, before it is taken back: %v, want same", round, what)
			}
		}
	})

	t.Run("what replaces is made later", func(t *testing.T) {
		now := strings.Replace(roster, "2020-01-01T00:00:00Z", made.Format(time.RFC3339), 1)
		_, rows := beside(t, known(t, now), heads+"1,甲,w2,resident,2020-01-01\n")
		if body := string(rows[0].Body); !strings.Contains(body, `"time":"2020-12-01T09:00:01+08:00"`) {
			t.Errorf("got %s, want a second later than %s", body, made)
		}
	})
}

// TestMovedKeepsAliases: who moves keeps the number in the terminals where the file has
// no column for it, and loses it where the file says so.
func TestMovedKeepsAliases(t *testing.T) {
	row := `{"subject":"rollcall.h1.roster.console","data":{"id":"%s","time":"2020-01-01T00:00:00Z","person":"1","name":"甲","window":"w1","class":"resident","from":"%s","group":"night","aliases":["%s"]}}`
	k := known(t, fmt.Sprintf(row, "r1", "2020-01-01", "16"), fmt.Sprintf(row, "r2", "2020-03-01", "17"), fmt.Sprintf(row, "r3", "2021-01-01", "18"))
	what, rows := beside(t, k, "person,name,window,class,from\n1,甲,w2,resident,2020-11-01\n2,乙,w2,resident,2020-11-01\n")
	if got := strings.Join(what, "; "); got != "new; new" {
		t.Errorf("Beside = %s, want two new rows", got)
	}
	if body := string(rows[0].Body); !strings.Contains(body, `"aliases":["17"]`) || strings.Contains(body, "night") {
		t.Errorf("the row of 1 = %s, want the aliases of the row before and nothing of its place", body)
	}
	if body := string(rows[1].Body); strings.Contains(body, "aliases") {
		t.Errorf("the row of 2 = %s, want no aliases", body)
	}
	if _, rows = beside(t, k, "person,name,window,class,from,aliases\n1,甲,w2,resident,2020-11-01,\n"); strings.Contains(string(rows[0].Body), "17") {
		t.Errorf("the row of 1 = %s, want no aliases: the file has the column", rows[0].Body)
	}
}
