package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"rollcall/hall"
	"rollcall/ingest/sheet"
)

var made = time.Date(2020, 12, 1, 1, 0, 0, 0, time.UTC)

func policy(t testing.TB) *hall.Policy {
	t.Helper()
	return &hall.Policy{
		Windows: []hall.Window{{ID: "w1", Number: 1, Name: "综合窗口"}, {ID: "w2", Number: 2, Name: "住建(原房管)窗口", Former: []string{"房管窗口"}},
			{ID: "w3", Number: 3, Name: "联合、思源窗口"}},
		Classes:    []hall.Class{{Name: "resident"}, {Name: "stand_in"}},
		Leave:      []hall.LeaveKind{{Kind: "annual", Name: "公休假"}, {Kind: "away", Name: "外出"}},
		Discipline: []hall.Discipline{{Kind: "left_post", Name: "脱岗"}},
		Bonus:      []hall.BonusKind{{Kind: "home_visit", Name: "上门服务"}, {Kind: "time_cut", Name: "压缩办理时限"}},
	}
}

// shared is a policy with names of several.
var shared = &hall.Policy{
	Windows: []hall.Window{{ID: "w1", Number: 1, Name: "医保窗口"}, {ID: "w2", Number: 2, Name: "医保窗口"}},
	Bonus:   []hall.BonusKind{{Kind: "home_visit", Name: "上门服务"}, {Kind: "appointment", Name: "预约"}, {Kind: "booking", Name: "预约"}},
}

// read returns the bodies without id, and the errors.
func read(t testing.TB, name string, raw []byte, o sheet.Options) (rows []string, errs []string) {
	t.Helper()
	o.Hall, o.Source, o.Made = "h1", "import", made
	table, err := sheet.Open(name, raw, o)
	if err != nil {
		checkChinese(t, err)
		return nil, []string{err.Error()}
	}
	defer table.Close()
	for row, err := range table.Rows() {
		if err != nil {
			checkChinese(t, err)
			errs = append(errs, err.Error())
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(row.Body, &fields); err != nil {
			t.Fatalf("row %d: %v", row.Number, err)
		}
		delete(fields, "id")
		short, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, string(short))
	}
	return rows, errs
}

var (
	quotedCell  = regexp.MustCompile(`“[^”]*”|"[^"]*"|（zip: [^）]*）`)
	englishWord = regexp.MustCompile(`\b(a|an|and|as|bad|column|for|has|have|in|is|more|no|not|of|or|row|such|than|that|the|there|want|with)\b`)
)

// checkChinese makes sure that what is wrong with a row can be said without English.
func checkChinese(t testing.TB, err error) {
	t.Helper()
	bad, ok := errors.AsType[*sheet.RowError](err)
	if !ok {
		t.Errorf("%v is no RowError", err)
		return
	}
	if left := englishWord.FindString(quotedCell.ReplaceAllString(strings.TrimPrefix(bad.Zh(), bad.File), "")); left != "" {
		t.Errorf("%v\n%s\n%q is English", err, bad.Zh(), left)
	}
}

func TestRows(t *testing.T) {
	punch := `{"person":"0012","terminal":"T1","time":"2020-11-03T08:21:07+08:00"}`
	tests := []struct {
		name string
		text string
		o    sheet.Options
		want []string
		errs []string // parts of the messages
	}{
		{name: "punches", text: "工号,姓名,打卡时间,考勤机\n0012,甲,2020-11-03 08:21:07,T1\n", want: []string{punch}},
		{name: "tabs, slashes and a leading apostrophe", text: "人员编号\t打卡时间\t设备号\r\n'0012\t2020/11/3 8:21:07\tT1\r\n", want: []string{punch}},
		{name: "formula text", text: "工号;刷卡时间;终端\n=\"0012\";2020年11月3日 上午8:21:07;T1", want: []string{punch}},
		{name: "date and time apart", text: "工号,日期,时间,考勤机\n0012,2020.11.3,08:21:07,T1\n", want: []string{punch}},
		{name: "an offset of its own", text: "person,time,terminal\n0012,2020-11-03T00:21:07Z,T1\n",
			want: []string{`{"person":"0012","terminal":"T1","time":"2020-11-03T00:21:07Z"}`}},
		{name: "no terminal is by hand", text: "工号,打卡时间,打卡方式\n7,2020-11-03 08:21,人脸\n",
			want: []string{`{"method":"manual","person":"7","time":"2020-11-03T08:21:00+08:00"}`}},
		{name: "method and direction", text: "工号,打卡时间,打卡方式,签到签退,考勤机\n7,2020-11-03 08:21,人脸识别,签退,T1\n",
			want: []string{`{"direction":"out","method":"face","person":"7","terminal":"T1","time":"2020-11-03T08:21:00+08:00"}`}},
		{name: "good rows are kept", text: "工号,打卡时间\n1,2020-11-03 08:21\n1e5,2020-11-03 08:21\n2,2020-11-31 08:21\n3\n4,08:20\n5,2020-11-03\n6,44138.34\n,2020-11-03 08:21\n7,2020-11-03 08:22\n",
			want: []string{`{"method":"manual","person":"1","time":"2020-11-03T08:21:00+08:00"}`, `{"method":"manual","person":"7","time":"2020-11-03T08:22:00+08:00"}`},
			errs: []string{
				`row 3, column A 工号: "1e5" is a number that a spreadsheet has rounded`, `row 4, column B 打卡时间: "2020-11-31 08:21" is no time`,
				"row 5, column B 打卡时间: is not there: the row has only 1 cells", "row 6, column B 打卡时间: \"08:20\" is a time of day without a date",
				"row 7, column B 打卡时间: \"2020-11-03\" is a date without", "row 8", "row 9, column A 工号: is empty",
			}},
		{name: "more cells than headings", text: "工号,打卡时间,考勤机\n0012,2020-11-03 08:21:07,T1,,\n0013,2020-11-03 08:21:07,南门,1号\n", want: []string{punch},
			errs: []string{`row 3, column D: "1号" stands behind the last heading`}},
		{name: "an open quote costs its line", text: "工号,打卡时间\n1,\"2020-11-03 08:21\n2,2020-11-03 08:21\n", want: []string{`{"method":"manual","person":"2","time":"2020-11-03T08:21:00+08:00"}`},
			errs: []string{"row 2, column B: has a quote that is not closed"}},
		{name: "a quoted cell of two lines", text: "工号,请假类型,开始时间,结束时间,备注\n1,公休假,2020-11-03,2020-11-04,\"一\n\"\"二\"\"\"\n2,外出,2020-11-03 09:00,2020-11-03 10:00,\n",
			o: sheet.Options{Policy: policy(t)},
			want: []string{`{"from":"2020-11-03","kind":"annual","note":"一\n\"二\"","person":"1","time":"2020-12-01T09:00:00+08:00","until":"2020-11-04"}`,
				`{"from":"2020-11-03T09:00:00+08:00","kind":"away","person":"2","time":"2020-12-01T09:00:00+08:00","until":"2020-11-03T10:00:00+08:00"}`}},
		{name: "roster by names", text: "工号,姓名,窗口,人员类别,开始日期,考勤组,角色,别名\n1,甲,房管窗口,常驻人员,2020-01-01,night,首席代表、巡查人员,\"17,T1:18\"\n2,䶮,2,替岗,2020-01-01,,,\n3,丙,水务窗口,常驻人员,2020-01-01,,,\n4,丁,w1,临时,2020-01-01,,,\n",
			o: sheet.Options{Policy: policy(t)},
			want: []string{`{"aliases":["17","T1:18"],"class":"resident","from":"2020-01-01","group":"night","name":"甲","person":"1","roles":["chief_rep","inspector"],"time":"2020-12-01T09:00:00+08:00","window":"w2"}`,
				`{"class":"stand_in","from":"2020-01-01","name":"䶮","person":"2","time":"2020-12-01T09:00:00+08:00","window":"w2"}`},
			errs: []string{`row 4, column C 窗口: "水务窗口" is no window of the hall's policy`, `row 5, column D 人员类别: "临时" is no class of the policy; want resident, stand_in`}},
		{name: "values for every row", text: "工号,姓名,窗口\n1,甲,w1\n", o: sheet.Options{Kind: hall.KindRoster, Values: map[string]string{"class": "resident", "from": "2020-01-01"}},
			want: []string{`{"class":"resident","from":"2020-01-01","name":"甲","person":"1","time":"2020-12-01T09:00:00+08:00","window":"w1"}`}},
		{name: "a map of headings", text: "卡号,刷于,机\n7,2020-11-03 08:21,T1\n", o: sheet.Options{Kind: hall.KindPunch, Columns: map[string]string{"卡号": "person", "刷于": "time", "机": "terminal"}},
			want: []string{`{"person":"7","terminal":"T1","time":"2020-11-03T08:21:00+08:00"}`}},
		{name: "cases", text: "月份,窗口,受理(件),办结(件),按时办结(件)\n2020年11月,综合窗口,\"1,234\",1e5,1\n202011,综合窗口,10,12,10\n", o: sheet.Options{Policy: policy(t)},
			want: []string{`{"accepted":10,"completed":12,"month":"2020-11","on_time":10,"time":"2020-12-01T09:00:00+08:00","window":"w1"}`},
			errs: []string{`row 2, column D 办结(件): "1e5" is no whole number`}},
		{name: "bonus", text: "月份,窗口,加分项,件数,状态\n2020-11,综合窗口、房管窗口,上门服务,3,已核实\n", o: sheet.Options{Policy: policy(t)},
			want: []string{`{"count":3,"kind":"home_visit","month":"2020-11","status":"verified","time":"2020-12-01T09:00:00+08:00","windows":["w1","w2"]}`}},
		{name: "a list of windows, or one whose name is one", text: "月份,窗口,加分项,件数\n2020-11,联合、思源窗口,上门服务,3\n2020-11,2；1,上门服务,1\n", o: sheet.Options{Policy: policy(t)},
			want: []string{`{"count":3,"kind":"home_visit","month":"2020-11","time":"2020-12-01T09:00:00+08:00","windows":["w3"]}`,
				`{"count":1,"kind":"home_visit","month":"2020-11","time":"2020-12-01T09:00:00+08:00","windows":["w2","w1"]}`}},
		{name: "a column for each kind of bonus", text: "序号,窗口,上门服务(次),压缩办理时限,备注\n1,综合窗口,4,0,\n2,房管窗口,,28,\n3,综合窗口,,,\n4,水务窗口,1,2,\n5,综合窗口,三,1,\n", o: sheet.Options{Policy: policy(t), Month: hall.NewMonth(2020, 11)},
			want: []string{`{"count":4,"kind":"home_visit","month":"2020-11","time":"2020-12-01T09:00:00+08:00","windows":["w1"]}`,
				`{"count":28,"kind":"time_cut","month":"2020-11","time":"2020-12-01T09:00:00+08:00","windows":["w2"]}`,
				`{"count":1,"kind":"time_cut","month":"2020-11","time":"2020-12-01T09:00:00+08:00","windows":["w1"]}`},
			errs: []string{`row 5, column B 窗口: "水务窗口" is no window`, `row 6, column C 上门服务(次): "三" is no whole number`}},
		{name: "an unknown bonus", text: "月份,窗口,加分项,件数\n2020-11,w1,送温暖,3\n", o: sheet.Options{Policy: policy(t)},
			errs: []string{"row 2, column C 加分项: \"送温暖\" is no kind that the hall's policy names; want a kind or name under `bonus:`"}},
		{name: "the name of several", text: "月份,窗口,加分项,件数\n2020-11,医保窗口,上门服务,1\n2020-11,w1,预约,1\n2020-11,w1,上门服务,1\n", o: sheet.Options{Policy: shared},
			want: []string{`{"count":1,"kind":"home_visit","month":"2020-11","time":"2020-12-01T09:00:00+08:00","windows":["w1"]}`},
			errs: []string{`row 2, column B 窗口: "医保窗口" is the name of several in the hall's policy; want one of w1, w2`,
				`row 3, column C 加分项: "预约" is the name of several in the hall's policy; want one of appointment, booking`}},
		{name: "the hall as a whole", text: "月份,窗口,受理,办结,按时办结\n2020-11,合计,10,10,10\n2020-11,,3,3,3\n", o: sheet.Options{Policy: policy(t)},
			want: []string{`{"accepted":10,"completed":10,"month":"2020-11","on_time":10,"time":"2020-12-01T09:00:00+08:00"}`},
			errs: []string{"row 3, column B 窗口: is empty; want a window, or 合计"}},
		{name: "a month for the file", text: "窗口,受理,办结,按时办结\nw1,1,1,1\n", o: sheet.Options{Month: hall.NewMonth(2020, 11), Kind: hall.KindCases},
			want: []string{`{"accepted":1,"completed":1,"month":"2020-11","on_time":1,"time":"2020-12-01T09:00:00+08:00","window":"w1"}`}},
		{name: "no month", text: "窗口,受理,办结,按时办结\nw1,1,1,1\n", errs: []string{"has no column for month or date (月份); want a heading 月份, --map heading=month, or --month MONTH"}},
		{name: "another month than the file's", text: "月份,日期,窗口,受理,办结,按时办结\n2020-11,,w1,1,1,1\n2020-10,,w1,1,1,1\n,2020-12-01,w1,1,1,1\n,,w2,2,2,2\n", o: sheet.Options{Month: hall.NewMonth(2020, 11), Kind: hall.KindCases},
			want: []string{`{"accepted":1,"completed":1,"month":"2020-11","on_time":1,"time":"2020-12-01T09:00:00+08:00","window":"w1"}`,
				`{"accepted":2,"completed":2,"month":"2020-11","on_time":2,"time":"2020-12-01T09:00:00+08:00","window":"w2"}`},
			errs: []string{`row 3, column A 月份: "2020-10" is another month than --month 2020-11`, `row 4, column B 日期: "2020-12" is another month`}},
		{name: "figures", text: "月份,指标,窗口,数值,单位,总数\n2020-11,一张网排名,合计,2,名,14\n2020-11,好评率,综合窗口,99.50%,,\n2020-11,12345,综合窗口,\"1,204\",件,\n2020-11,评价,综合窗口,优秀,,\n2020-11,x,综合窗口,1.2e5,,\n",
			o: sheet.Options{Policy: policy(t)},
			want: []string{`{"month":"2020-11","name":"一张网排名","of":14,"time":"2020-12-01T09:00:00+08:00","unit":"名","value":2}`,
				`{"month":"2020-11","name":"好评率","time":"2020-12-01T09:00:00+08:00","unit":"%","value":99.5,"window":"w1"}`,
				`{"month":"2020-11","name":"12345","time":"2020-12-01T09:00:00+08:00","unit":"件","value":1204,"window":"w1"}`,
				`{"month":"2020-11","name":"评价","time":"2020-12-01T09:00:00+08:00","value":"优秀","window":"w1"}`},
			errs: []string{`row 6, column D 数值: "1.2e5" is a number that a spreadsheet has rounded`}},
		{name: "patrol", text: "巡查日期,巡查时间,巡查人,窗口,工号,发现问题,是否替岗,未具名人数,来源,情形描述,证据\n2020-11-03,09:10,I1,综合窗口,,脱岗,是,,现场巡查,去向不明,cam-1、cam-2\n2020-11-03,15:00,I1,,,正常,,,,,\n2020-11-03,15:00,I1,1,,聊天,否,2,,,\n,2020-11-03,I1,1,,脱岗,,,,,\n2020-11-03,10:00,I1,1,,脱岗,也许,,,,\n",
			o: sheet.Options{Policy: policy(t)},
			want: []string{`{"channel":"patrol","evidence":["cam-1","cam-2"],"inspector":"I1","kind":"left_post","note":"去向不明","stand_in":true,"time":"2020-11-03T09:10:00+08:00","window":"w1"}`,
				`{"inspector":"I1","kind":"clear","time":"2020-11-03T15:00:00+08:00"}`},
			errs: []string{`row 4, column F 发现问题: "聊天" is no kind that the hall's policy names`, "row 5, column B 巡查时间: \"2020-11-03\" is a date without",
				`row 6, column G 是否替岗: "也许" is neither yes nor no`}},
		{name: "stand-ins", text: "窗口,开始时间,结束时间,替岗人员工号\n综合窗口,2020-11-03,2020-11-04,9\n", o: sheet.Options{Policy: policy(t)},
			want: []string{`{"by":"9","from":"2020-11-03","time":"2020-12-01T09:00:00+08:00","until":"2020-11-04","window":"w1"}`}},
		{name: "an end before its beginning", text: "工号,请假类型,开始时间,结束时间\n1,annual,2020-11-04,2020-11-03\n", errs: []string{"row 2, column D 结束时间: "}},
		{name: "half a last line", text: "工号,打卡时间,考勤机\n0012,2020-11-03 08:21:07,T1\n0013,2020-11-03 08:2", want: []string{punch}, errs: []string{"row 3, column B 打卡时间"}},
		{name: "half a last character", text: "工号,打卡时间,考勤机\n0012,2020-11-03 08:21:07,T1\n0013,2020-11-03 08:21:07,机\xe6\x9c", want: []string{punch}, errs: []string{"row 3, column C 考勤机: "}},
		{name: "unknown headings", text: "a,b\n1,2\n", errs: []string{"--kind, and --map heading=field"}},
		{name: "a title above the headings", text: "十一月打卡,\n工号,打卡时间\n1,2020-11-03 08:21\n", errs: []string{"row 1: is not the row of headings, which is row 2: delete the rows above"}},
		{name: "two columns of one meaning", text: "工号,打卡时间,时间\n1,2020-11-03 08:21,x\n", errs: []string{"means the same (time) as the column 打卡时间; want --map heading=time"}},
		{name: "a missing column", text: "工号,姓名\n1,甲\n", o: sheet.Options{Kind: hall.KindPunch}, errs: []string{"has no column for time (打卡时间)"}},
		{name: "a map to no field", text: "工号,姓名,打卡时间\n1,甲,2020-11-03 08:21\n", o: sheet.Options{Columns: map[string]string{"姓名": "nickname"}},
			errs: []string{"a.csv: --map 姓名=nickname: there is no such field; docs/import.md lists them"}},
		{name: "a map to a field of another kind", text: "工号,姓名,打卡时间\n1,甲,2020-11-03 08:21\n", o: sheet.Options{Kind: hall.KindPunch, Columns: map[string]string{"姓名": "name"}},
			errs: []string{"a.csv: --map 姓名=name: there is no such field"}},
		{name: "an image", text: "工号,打卡时间,考勤机\n1,2020-11-03 08:21,data:image/png;base64,AAAA\n", errs: []string{"row 2, column C 考勤机: "}},
		{name: "empty", text: "\n\n", errs: []string{"is empty"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, errs := read(t, "a.csv", []byte(tt.text), tt.o)
			compare(t, rows, tt.want, errs, tt.errs)
		})
	}
}

func compare(t *testing.T, rows, wantRows, errs, wantErrs []string) {
	t.Helper()
	if diff := cmp.Diff(wantRows, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if len(errs) != len(wantErrs) {
		t.Fatalf("errors:\n%s\nwant %d", strings.Join(errs, "\n"), len(wantErrs))
	}
	for i := range errs {
		if !strings.Contains(errs[i], wantErrs[i]) {
			t.Errorf("error %d = %s, want a part %s", i, errs[i], wantErrs[i])
		}
	}
}

func TestEncodings(t *testing.T) {
	text := "工号,姓名,打卡时间,考勤机\n1,䶮𬭩,2020-11-03 08:21,一号机\n"
	want := []string{`{"person":"1","terminal":"一号机","time":"2020-11-03T08:21:00+08:00"}`}
	encode := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, raw := range map[string][]byte{
		"utf-8":      []byte(text),
		"utf-8 bom":  []byte("\ufeff" + text),
		"utf-16le":   encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))),
		"utf-16be":   encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))),
		"gb18030":    encode(simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))),
		"old mac cr": []byte(strings.ReplaceAll(text, "\n", "\r")),
	} {
		rows, errs := read(t, "a.csv", raw, sheet.Options{})
		if diff := cmp.Diff(want, rows); diff != "" || len(errs) > 0 {
			t.Errorf("%s: %v (-want +got):\n%s", name, errs, diff)
		}
	}
}

// workbook writes cells; a time.Time becomes a date cell.
func workbook(t testing.TB, from1904 bool, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	return save(t, f)
}

func save(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	head := []any{"工号", "打卡时间", "考勤机"}
	want := []string{`{"person":"12","terminal":"T1","time":"2020-11-03T08:21:07+08:00"}`}
	tests := []struct {
		name string
		raw  []byte
		want []string
		errs []string
	}{
		{"text", workbook(t, false, head, []any{"12", "2020-11-03 08:21:07", "T1"}), want, nil},
		{"serial", workbook(t, false, head, []any{12, 44138 + (8*3600+21*60+7)/86400.0, "T1"}), want, nil},
		{"serial of 1904", workbook(t, true, head, []any{12, 42676 + (8*3600+21*60+7)/86400.0, "T1"}), want, nil},
		{"serial out of range", workbook(t, false, head, []any{12, 99999.5, "T1"}), nil, []string{"row 2, column B 打卡时间: "}},
		{"rounded id", workbook(t, false, head, []any{"1.23456789012346E+17", "2020-11-03 08:21:07", "T1"}), nil, []string{"rounded"}},
		{"error of a formula", workbook(t, false, head, []any{12, "#N/A", "T1"}), nil, []string{"is the error of a formula"}},
		{"blank rows between", workbook(t, false, nil, head, nil, nil, []any{12, "2020-11-03 08:21:07", "T1"}), want, nil},
		{"old excel", append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, make([]byte, 600)...), nil, []string{"另存为 .xlsx"}},
		{"broken", []byte("PK\x03\x04nonsense"), nil, []string{"is no readable workbook"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, errs := read(t, "a.xlsx", tt.raw, sheet.Options{})
			compare(t, rows, tt.want, errs, tt.errs)
		})
	}
}

// TestPercentCells reads what a spreadsheet shows as a percentage as that, in the
// column of figures only.
func TestPercentCells(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"指标", "窗口", "数值", "总数"}, {"好评率", 1, 0.9846, 1}, {"满意率", 1, 1, 0.5}, {"系数", 1, 0.985, ""}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	style, err := f.NewStyle(&excelize.Style{NumFmt: 9})
	if err == nil {
		err = f.SetCellStyle("Sheet1", "C2", "C3", style)
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, errs := read(t, "a.xlsx", save(t, f), sheet.Options{Policy: policy(t), Month: hall.NewMonth(2020, 11)})
	compare(t, rows, []string{
		`{"month":"2020-11","name":"好评率","of":1,"time":"2020-12-01T09:00:00+08:00","unit":"%","value":98.46,"window":"w1"}`,
		`{"month":"2020-11","name":"满意率","of":0.5,"time":"2020-12-01T09:00:00+08:00","unit":"%","value":100,"window":"w1"}`,
		`{"month":"2020-11","name":"系数","time":"2020-12-01T09:00:00+08:00","value":0.985,"window":"w1"}`,
	}, errs, nil)
}

func TestMergedHeadings(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for _, row := range [][]any{{"A1", "工号"}, {"B1", "打卡"}, {"B2", "日期"}, {"C2", "时间"}, {"A3", "1"}, {"B3", "2020-11-03"}, {"C3", "08:20"}} {
		if err := f.SetCellValue("Sheet1", row[0].(string), row[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range [][2]string{{"A1", "A2"}, {"B1", "C1"}} {
		if err := f.MergeCell("Sheet1", r[0], r[1]); err != nil {
			t.Fatal(err)
		}
	}
	_, errs := read(t, "a.xlsx", save(t, f), sheet.Options{Kind: hall.KindPunch})
	compare(t, nil, nil, errs, []string{"unmerge them (取消合并单元格)"})
}

// TestLargeWorkbook has workbooks of a few kilobytes that unpack to more than may be
// looked through whole: what that would tell is not guessed.
func TestLargeWorkbook(t *testing.T) {
	merged := excelize.NewFile()
	defer merged.Close()
	for _, row := range [][]any{{"A1", "工号"}, {"B1", "打卡"}, {"B2", "日期"}, {"C2", "时间"}} {
		if err := merged.SetCellValue("Sheet1", row[0].(string), row[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := merged.MergeCell("Sheet1", "B1", "C1"); err != nil {
		t.Fatal(err)
	}
	punches, figures := save(t, merged), workbook(t, false, []any{"指标", "窗口", "数值"}, []any{"好评率", 1, 0.9846})
	o := sheet.Options{Policy: policy(t), Month: hall.NewMonth(2020, 11)}
	for _, raw := range [][]byte{punches, figures} {
		if large := padded(t, raw); len(large) > 64<<10 {
			t.Fatalf("a workbook of %d bytes, want a small file", len(large))
		}
	}
	if _, errs := read(t, "a.xlsx", padded(t, punches), sheet.Options{Kind: hall.KindPunch}); len(errs) != 1 || strings.Contains(errs[0], "merged") {
		t.Errorf("headings: %q, want an error of headings without a look at all cells", errs)
	}
	rows, errs := read(t, "a.xlsx", padded(t, figures), o)
	compare(t, rows, nil, errs, []string{"row 2, column C 数值: \"0.9846\" may be shown as a percentage"})
}

// padded adds a part that says nothing and unpacks to more than the limit.
func padded(t *testing.T, raw []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, part := range r.File {
		err = errors.Join(err, w.Copy(part))
	}
	part, createErr := w.Create("docProps/padding.xml")
	if err = errors.Join(err, createErr); err == nil {
		_, err = part.Write(bytes.Repeat([]byte(" "), sheet.WholeLimit))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncrypted(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	_, errs := read(t, "a.xlsx", b.Bytes(), sheet.Options{})
	compare(t, nil, nil, errs, []string{"is protected by a password"})
}

func TestIDs(t *testing.T) {
	ids := func(text string, made time.Time) (ids []string) {
		table, err := sheet.Open("a.csv", []byte(text), sheet.Options{Hall: "h1", Source: "import", Made: made})
		if err != nil {
			t.Fatal(err)
		}
		for row, err := range table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			ev, err := hall.Decode(row.Subject, row.Body)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, string(ev.UID))
		}
		return ids
	}
	later := made.Add(time.Hour)
	same := func(a, b []string) bool { return cmp.Equal(a, b) }

	punches := "工号,打卡时间\n1,2020-11-03 08:21\n1,2020/11/3 8:21:00\n"
	p := ids(punches, made)
	if p[0] != p[1] || !same(p, ids(punches, later)) {
		t.Errorf("punches: %v, want one id at any time", p)
	}
	bonus := "月份,窗口,加分项,件数\n2020-11,w1,home_visit,3\n2020-11,w1,home_visit,3\n"
	b := ids(bonus, made)
	if b[0] == b[1] || !same(b, ids(bonus, later)) {
		t.Errorf("bonus: %v, want two ids, the same at any time", b)
	}
	roster := "工号,姓名,窗口,人员类别,开始日期\n1,甲,w1,resident,2020-01-01\n"
	if same(ids(roster, made), ids(roster, later)) {
		t.Error("roster: one id at two times; what is said again could not replace what was said between")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add("a.csv", []byte("工号,打卡时间\n1,\"2020-11-03 08:21\"\n\"x\n"))
	f.Add("a.csv", []byte("\xff\xfe1\x00,\x002\x00"))
	f.Add("a.csv", []byte("人员编号;请假类型;开始时间;结束时间\r\n1;事假;20201103;2020年11月4日 下午1:05\r\n"))
	f.Add("a.csv", []byte("月份,窗口,受理,办结,按时办结\n2020-11,w1,1,2,3\n"))
	f.Add("a.csv", []byte("月份,窗口,上门服务,压缩办理时限\n2020-11,w1,4,28\n2020-11,w2,,x\n"))
	f.Add("a.csv", []byte("月份,指标,窗口,数值,单位\n2020-11,好评率,合计,99.5%,\n2020-11,x,w1,\"1,204\",件\n"))
	f.Add("a.xlsx", workbook(f, false, []any{"月份", "指标", "数值"}, []any{44138, "好评率", 0.985}))
	f.Add("a.xlsx", workbook(f, true, []any{"工号", "打卡时间"}, []any{1, 44138.5}))
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		table, err := sheet.Open(name, raw, sheet.Options{Hall: "h1", Source: "import", Made: made, Policy: policy(t)})
		if err != nil {
			return
		}
		defer table.Close()
		last := 0
		for row, err := range table.Rows() {
			if row.Number < last {
				t.Fatalf("row %d after row %d", row.Number, last)
			}
			last = row.Number
			if err != nil {
				continue
			}
			if _, err := hall.Decode(row.Subject, row.Body); err != nil {
				t.Fatalf("%s: %v", row.Body, err)
			}
		}
	})
}

func TestZh(t *testing.T) {
	for _, tt := range []struct {
		e    sheet.RowError
		want string
	}{
		{sheet.RowError{File: "a.csv", Row: 3, Column: "B 打卡时间", Value: "8点", Problem: "is no time", Want: "是 or 否"}, "a.csv 第3行 B列打卡时间：“8点”不是时间；应为是 或 否"},
		{sheet.RowError{File: "a.csv", Row: 4, Column: "A 工号", Problem: "is empty", Want: "person in every row (no merged cells, no formula without value)"},
			"a.csv 第4行 A列工号：为空；请在每行都填 person（不合并单元格，公式要有值）"},
		{sheet.RowError{File: "a.csv", Problem: "is empty: want a row of headings and rows below it"}, "a.csv：文件为空：应有一行栏名，其下各行为内容"},
	} {
		if got := tt.e.Zh(); got != tt.want {
			t.Errorf("Zh = %s, want %s", got, tt.want)
		}
	}
}
