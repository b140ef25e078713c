package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
)

// TestCarriedVeto reads the earlier months of a year: what stands there keeps the
// window from the award, until the year is over or the circular is cancelled.
func TestCarriedVeto(t *testing.T) {
	policy := []byte(`
hall: pier
timezone: Asia/Shanghai
effective: 2020-07-01
calendar: {statutory: none}
timetables: [{from: "01-01", sessions: [{name: day, start: "09:00", end: "17:00"}]}]
classes: [{name: resident, punches: true, ranked: true}]
windows: [{id: w1, number: 1, name: 甲窗口}, {id: w2, number: 2, name: 乙窗口}]
punctuality: {}
discipline: [{kind: press, subject: window, points: 15, veto: true, veto_for: year}]
assessment: {staff: {base: 100}, windows: {awards: 2, title: 红旗窗口}, ties: same_rank}
`)
	lines := `{"subject":"rollcall.pier.patrol.i1","data":{"id":"n1","time":"2020-07-01T08:00:00+08:00","inspector":"i1","kind":"press","window":"w1"}}` + "\n"
	cancelled := `{"subject":"rollcall.pier.ruling.office","data":{"id":"r1","time":"2020-09-01T08:00:00+08:00","on":"pier/patrol/i1/n1","state":"cancelled","by":"主任","reason":"查无此事"}}` + "\n"
	veto := []hall.Veto{{Window: "w1", Violation: "2020-07-01/day/press/@w1", Kind: "press", Date: hall.NewDate(2020, 7, 1), Until: hall.NewDate(2020, 12, 31)}}
	for _, c := range []struct {
		name, lines, month, asOf string
		vetoes                   []hall.Veto
		awarded                  []hall.WindowID
	}{
		{"its own month", lines, "2020-07", "2020-08-05T00:00:00+08:00", veto, []hall.WindowID{"w2"}},
		{"a later month", lines, "2020-11", "2020-12-05T00:00:00+08:00", veto, []hall.WindowID{"w2"}},
		{"the next year", lines, "2021-01", "2021-02-05T00:00:00+08:00", []hall.Veto{}, []hall.WindowID{"w1", "w2"}},
		{"cancelled since", lines + cancelled, "2020-11", "2020-12-05T00:00:00+08:00", []hall.Veto{}, []hall.WindowID{"w1", "w2"}},
		{"no term", strings.ReplaceAll(lines, "press", "gossip"), "2020-11", "2020-12-05T00:00:00+08:00", []hall.Veto{}, []hall.WindowID{"w1", "w2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := fold(t, policy, []byte(c.lines)).month(t, c.month, c.asOf)
			if diff := cmp.Diff(c.vetoes, r.Vetoes); diff != "" {
				t.Errorf("vetoes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.awarded, r.Awards[0].Windows); diff != "" {
				t.Errorf("awarded (-want +got):\n%s", diff)
			}
		})
	}
}
