package report_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

// TestAnyOrder gives the same lists whatever the order of the lines, some of
// them sent twice.
func TestAnyOrder(t *testing.T) {
	policy, lines := lake(t)
	want := fold(t, policy, lines).month(t, "2021-03", afterMonth)
	all := strings.Split(strings.TrimSpace(string(lines)), "\n")
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 1))
		shuffled := append(slices.Clone(all), all[:20]...)
		shuffled = slices.DeleteFunc(shuffled, func(l string) bool { return strings.Contains(l, `"x1"`) })
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got := fold(t, policy, []byte(strings.Join(shuffled, "\n"))).month(t, "2021-03", afterMonth)
		got.Sequence, got.Dead = want.Sequence, want.Dead
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

// TestSpokeLater reads beyond the month where a terminal may still be waited
// for: what it sends in the next month shows that it spoke.
func TestSpokeLater(t *testing.T) {
	policy, lines := lake(t)
	pending := func(more string) int {
		f := fold(t, policy, append(slices.Clone(lines), more...))
		return len(f.month(t, "2021-03", "2021-04-01T12:00:00+08:00").Pending)
	}
	punch := `{"subject":"rollcall.lake.punch.%s","data":{"id":"later","time":"2021-04-20T08:00:00+08:00","person":"101"}}` + "\n"
	retired := `{"subject":"rollcall.lake.terminal.gw","data":{"id":"later","time":"%s","terminal":"%s","state":"retired"}}` + "\n"
	t1, t2 := fmt.Sprintf(punch, "T1"), fmt.Sprintf(punch, "T2")
	for _, c := range []struct {
		name, more string
		want       int
	}{
		{"both silent", "", 4},
		{"one spoke", t1, 4},
		{"both spoke", t1 + t2, 0},
		{"one spoke, one was retired later", t1 + fmt.Sprintf(retired, "2021-05-02T08:00:00+08:00", "T2"), 0},
		{"one spoke by hand only", t1 + strings.Replace(t2, `"person"`, `"method":"manual","person"`, 1), 4},
		{"the punch that spoke was rejected", t1 + t2 +
			`{"subject":"rollcall.lake.ruling.office","data":{"id":"later","time":"2021-04-21T08:00:00+08:00","on":"lake/punch/T2/later","state":"rejected","by":"主任","reason":"误传","person":"101","date":"2021-04-20"}}`, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := pending(c.more); got != c.want {
				t.Errorf("%d punches are pending, want %d", got, c.want)
			}
		})
	}
}

func TestQuestions(t *testing.T) {
	policy, lines := lake(t)
	f := fold(t, policy, lines)
	whole := report.Question{Hall: "lake", Month: hall.NewMonth(2021, 3), AsOf: parse(t, hall.ParseInstant, afterMonth)}
	for _, c := range []struct {
		name   string
		change func(q *report.Question)
		want   error
	}{
		{"no hall", func(q *report.Question) { q.Hall = "" }, hall.ErrInvalid},
		{"no month", func(q *report.Question) { q.Month = 0 }, hall.ErrInvalid},
		{"no as_of", func(q *report.Question) { q.AsOf = 0 }, hall.ErrInvalid},
		{"before the first policy", func(q *report.Question) { q.Month = hall.NewMonth(2021, 2) }, hall.ErrNotFound},
		{"another hall", func(q *report.Question) { q.Hall = "sea" }, hall.ErrNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := whole
			c.change(&q)
			err := f.store.View(func(v *store.View) error {
				_, err := report.Month(v, nil, q)
				return err
			})
			if !errors.Is(err, c.want) {
				t.Errorf("Month() = %v, want %v", err, c.want)
			}
		})
	}
	t.Run("some lists", func(t *testing.T) {
		q := whole
		q.Lists = []string{"days"}
		if r := f.ask(t, q); r.Days == nil || r.Sheet != nil || r.Punches != nil || r.Patrol != nil {
			t.Errorf("Lists days: days %d, sheet %d, punches %d, patrol %d, want days alone", len(r.Days), len(r.Sheet), len(r.Punches), len(r.Patrol))
		}
	})
	t.Run("gaps", func(t *testing.T) {
		q := whole
		q.Gaps = []report.Gap{{From: 5, To: 9, Reason: "磁盘损坏"}}
		if r := f.ask(t, q); !warned(r, report.WarnGap) {
			t.Errorf("Warnings = %v, want the gap", r.Warnings)
		}
	})
	t.Run("a daemon's dead letter", func(t *testing.T) {
		if d := f.ask(t, whole).Dead; len(d) != 1 || d[0].Line != nil || d[0].Sequence == nil {
			t.Errorf("Dead = %+v, want one with its sequence", d)
		}
	})
}

func TestNobody(t *testing.T) {
	policy, lines := lake(t)
	f := fold(t, policy, lines)
	for who, want := range map[string]string{"甲木": "ask by id: 101", "9999": "no roster row"} {
		err := f.store.View(func(v *store.View) error {
			_, err := report.Explain(v, nil, "lake", hall.PersonID(who), hall.NewDate(2021, 3, 30), parse(t, hall.ParseInstant, afterMonth))
			return err
		})
		if !errors.Is(err, hall.ErrNotFound) || !strings.Contains(err.Error(), want) {
			t.Errorf("Explain(%s) = %v, want %q", who, err, want)
		}
	}
}

// ExampleMonth asks a store for a month in which nobody was there and nothing
// happened.
func ExampleMonth() {
	dir, err := os.MkdirTemp("", "rollcall")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	policy, err := hall.Decode("rollcall.calm.policy.office", []byte(`{"id": "v1", "time": "2021-01-01T00:00:00+08:00", "policy": {
		"hall": "calm", "name": "静水示例大厅", "timezone": "Asia/Shanghai", "effective": "2021-01-01",
		"calendar": {"statutory": "none", "weekend": ["saturday", "sunday"]},
		"timetables": [{"name": "all", "from": "01-01", "sessions": [{"name": "day", "start": "09:00", "end": "17:00", "punch": "both"}]}],
		"classes": [{"name": "resident", "punches": true, "ranked": true}],
		"windows": [{"id": "w1", "number": 1, "name": "综合窗口"}],
		"punctuality": {"late": {"points": 1}},
		"assessment": {"staff": {"base": 100}, "windows": {"awards": 1, "title": "优秀服务窗口"}, "ties": "same_rank"}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Apply(store.BatchOf(store.Applied{Sequence: 1}, policy)); err != nil {
		fmt.Println(err)
		return
	}
	zone := time.FixedZone("", 8*3600)
	q := report.Question{Hall: "calm", Month: hall.NewMonth(2021, 5), AsOf: hall.NewDate(2021, 6, 5).At(0, zone)}
	err = s.View(func(v *store.View) error {
		r, err := report.Month(v, nil, q)
		if err != nil {
			return err
		}
		return paper.Write(os.Stdout, r, "violations", "text", paper.Options{})
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// 静水示例大厅 2021年5月考勤考核
	// 截至2021-06-05 00:00，工作日21天，已处理事件1条
	// ！草稿，未封账：提醒1项，以下结果还可能变动。
	// ！本月没有任何打卡和巡查记录，得分、名次和评定均无依据；请先核对月份、大厅和考勤机。
	//
	// 【违规】
	//   本月无违规。
}
