package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/report"
)

// ruled settles what lake leaves open, so that nothing stands in the way.
func ruled(t *testing.T, f func(lines []byte) *folder, lines []byte) []byte {
	t.Helper()
	d := f(lines).draft(t, afterMonth)
	for i, o := range d.Obstacles {
		line := fmt.Sprintf(`{"subject":"rollcall.lake.ruling.desk","data":{"id":"z%d","time":"2021-04-05T09:00:00+08:00","on":%q,"state":"cancelled","by":"m01","reason":"核实"}}`, i, o.Line)
		if strings.HasPrefix(o.Line, "lake/punch/") {
			line = strings.Replace(line, `"state"`, `"person":"999","date":"2021-03-30","state"`, 1)
		}
		lines = append(lines, line+"\n"...)
	}
	return lines
}

// TestObstacles: each thing that stands in the way is named with what helps, and
// only what is dated in the month does.
func TestObstacles(t *testing.T) {
	policy, open := lake(t)
	of := func(policy []byte) func(lines []byte) *folder {
		return func(lines []byte) *folder { return fold(t, policy, lines) }
	}
	lines := ruled(t, of(policy), open)
	leave := `{"subject":"rollcall.lake.leave.office","data":{"id":"q1","time":"2021-04-01T09:00:00+08:00","person":%q,"kind":%q,"from":%q,"until":%[3]q}}`
	note := `{"subject":"rollcall.lake.patrol.I1","data":{"id":"q2","time":"2021-03-31T10:00:00+08:00","inspector":"I1","kind":"chatting","person":"101"}}`
	nothing := `{"subject":"rollcall.lake.ruling.office","data":{"id":"q3","time":"2021-04-01T09:00:00+08:00","on":"lake/leave/office/nothing",%s"state":"rejected","by":"m01","reason":"-"}}`
	for name, tt := range map[string]struct {
		policy []byte
		asOf   string
		events []string
		want   string // lists of the obstacles
		hint   string
	}{
		"nothing":                       {asOf: afterMonth, hint: "按办法应在2021-04-05封账，已晚5天"},
		"early":                         {asOf: "2021-04-03T09:00:00+08:00", hint: "提前了2天"},
		"not over":                      {asOf: "2021-03-31T09:00:00+08:00", want: "pending", hint: "2021-03尚未结束"},
		"unknown person":                {asOf: afterMonth, events: []string{fmt.Sprintf(leave, "888", "annual", "2021-03-30")}, want: "unresolved"},
		"unknown person, another month": {asOf: afterMonth, events: []string{fmt.Sprintf(leave, "888", "annual", "2021-04-02")}},
		"unknown kind":                  {asOf: afterMonth, events: []string{fmt.Sprintf(leave, "101", "nap", "2021-03-30")}, want: "unresolved"},
		"contested":                     {asOf: afterMonth, events: []string{fmt.Sprintf(leave, "101", "annual", "2021-03-31"), note}, want: "contested"},
		"a ruling on nothing":           {asOf: afterMonth, events: []string{fmt.Sprintf(nothing, "")}, hint: "lake/ruling/office/q3"},
		"a dated ruling on nothing":     {asOf: afterMonth, events: []string{fmt.Sprintf(nothing, `"date":"2021-03-30",`)}, want: "unresolved"},
		"no calendar":                   {policy: bytes.Replace(policy, []byte("statutory: none, "), nil, 1), asOf: afterMonth, want: "calendar_missing"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.policy == nil {
				tt.policy = policy
			}
			d := of(tt.policy)(append(slices.Clone(lines), strings.Join(tt.events, "\n")...)).draft(t, tt.asOf)
			var lists []string
			for _, o := range d.Obstacles {
				if o.Text == "" || o.Do == "" || o.Line == "" {
					t.Errorf("obstacle %+v says too little", o)
				}
				lists = append(lists, o.List)
			}
			if got := strings.Join(slices.Compact(lists), " "); got != tt.want {
				t.Errorf("obstacles %+v, want %s", d.Obstacles, tt.want)
			}
			if tt.hint != "" && !strings.Contains(strings.Join(d.Hints, "\n"), tt.hint) {
				t.Errorf("hints %q, want %s", d.Hints, tt.hint)
			}
		})
	}
}

// TestNumberOfAnIssue: a number of which parts are missing is passed over, and one far
// ahead takes no number away.
func TestNumberOfAnIssue(t *testing.T) {
	policy, lines := lake(t)
	part := func(number int) string {
		return fmt.Sprintf(`{"subject":"rollcall.lake.seal.T9","data":{"id":"p%d","time":"2021-04-05T09:00:00+08:00","month":"2021-03","number":%[1]d,"by":"x","as_of":"2021-04-05T09:00:00+08:00","sequence":1,"digest":"d","part":1,"parts":2,"result":"AAAA"}}`, number)
	}
	for name, tt := range map[string]struct {
		lacking []int
		want    int
	}{
		"none":         {nil, 1},
		"the next one": {[]int{1, 2}, 3},
		"far ahead":    {[]int{1_000_000_000}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var events []string
			for _, n := range tt.lacking {
				events = append(events, part(n))
			}
			d := fold(t, policy, append(slices.Clone(lines), strings.Join(events, "\n")...)).draft(t, afterMonth)
			if d.Number != tt.want {
				t.Errorf("the issue would be number %d, want %d", d.Number, tt.want)
			}
		})
	}
}

// TestPartsOfAnIssue: each part is an event of at most 48 KiB of result, and
// together they are the canonical JSON of their digest.
func TestPartsOfAnIssue(t *testing.T) {
	policy, lines, late := hallOfHundred(t)
	d := fold(t, policy, append(lines, late...)).draft(t, afterMonth)
	form := report.Form{By: "督查科", Forced: "试验", Made: parse(t, hall.ParseInstant, afterMonth), Source: "office"}
	parts, digest, err := d.Parts(form)
	if err != nil || len(parts) == 0 {
		t.Fatalf("Parts = %d, %v", len(parts), err)
	}
	for i, p := range parts {
		var body struct {
			ID, Result, Digest, Forced string
			Part, Parts                int
		}
		if err := json.Unmarshal(p.Body, &body); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("2021-03-1-%d", i+1); body.ID != want || body.Part != i+1 || body.Parts != len(parts) || body.Digest != digest ||
			body.Forced != "试验" || len(body.Result) > 48<<10 || len(p.Body) > hall.MaxBody || string(p.UID) != "lake/seal/office/"+want {
			t.Errorf("part %d = %s %s %d of %d, %d bytes", i, p.UID, body.ID, body.Part, body.Parts, len(p.Body))
		}
	}
	again, sameDigest, err := d.Parts(form)
	if err != nil || sameDigest != digest || !bytes.Equal(again[0].Body, parts[0].Body) {
		t.Errorf("the same issue is written otherwise: %s, %s, %v", digest, sameDigest, err)
	}
}
