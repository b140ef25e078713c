package sheet_test

import (
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

func TestKnown(t *testing.T) {
	roster := `{"subject":"rollcall.h1.roster.console","data":{"id":"r1","time":"2020-01-01T00:00:00Z","person":"1","name":"甲","window":"w1","class":"resident","from":"2020-01-01","group":"night"}}`
	moved := `{"subject":"rollcall.h1.roster.console","data":{"id":"r2","time":"2020-02-01T00:00:00Z","person":"1","name":"甲","window":"w2","class":"resident","from":"2020-01-01","group":"night"}}`
	undo := `{"subject":"rollcall.h1.ruling.console","data":{"id":"u1","time":"2020-02-02T00:00:00Z","on":"h1/roster/console/r2","state":"cancelled","by":"m","reason":"x"}}`
	leave := `{"subject":"rollcall.h1.leave.console","data":{"id":"l1","time":"2020-01-01T00:00:00Z","person":"1","kind":"annual","from":"2020-11-03T00:30:00Z","until":"2020-11-03T04:00:00Z"}}`
	bonus := `{"subject":"rollcall.h1.bonus.console","data":{"id":"b1","time":"2020-01-01T00:00:00Z","month":"2020-11","windows":["w1"],"kind":"home_visit","count":3}}`
	cases := `{"subject":"rollcall.h1.cases.console","data":{"id":"k1","time":"2020-01-01T00:00:00Z","month":"2020-11","window":"w1","accepted":3,"completed":3,"on_time":3}}`

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

	t.Run("what replaces is made later", func(t *testing.T) {
		now := strings.Replace(roster, "2020-01-01T00:00:00Z", made.Format(time.RFC3339), 1)
		_, rows := beside(t, known(t, now), heads+"1,甲,w2,resident,2020-01-01\n")
		if body := string(rows[0].Body); !strings.Contains(body, `"time":"2020-12-01T09:00:01+08:00"`) {
			t.Errorf("got %s, want a second later than %s", body, made)
		}
	})
}
