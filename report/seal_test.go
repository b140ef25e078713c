package report_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"rollcall/hall"
	"rollcall/report"
)

// lake returns the policy and the events of testdata/lake.txtar.
func lake(t *testing.T) (policy, lines []byte) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/lake.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return section(t, archive, "hall.yaml"), section(t, archive, "events.jsonl")
}

// sealed returns the lines of an issue of a report, in parts.
func sealed(t *testing.T, r *hall.Report, number, parts int) []string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := json.NewEncoder(w).Encode(r); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(packed.Bytes())
	size := len(text)/parts + 1
	var lines []string
	for part := range parts {
		lines = append(lines, fmt.Sprintf(`{"subject":"rollcall.lake.seal.office","data":{"id":"2021-03-%d-%d","time":"2021-04-05T10:00:00+08:00","month":"2021-03","number":%d,"by":"督查科","as_of":"2021-04-05T09:00:00+08:00","sequence":80,"digest":"d%d","part":%d,"parts":%d,"result":%q}}`,
			number, part+1, number, number, part+1, parts, text[part*size:min(len(text), (part+1)*size)]))
	}
	return lines
}

const (
	lateFound  = `{"subject":"rollcall.lake.ruling.office","data":{"id":"u9","time":"2021-04-06T09:00:00+08:00","on":"2021-03-30/morning/in/102","state":"rejected","by":"主任","reason":"当日电梯故障"}}`
	afterMonth = "2021-04-10T00:00:00+08:00"
)

func TestSealed(t *testing.T) {
	policy, lines := lake(t)
	first := fold(t, policy, lines).month(t, "2021-03", "2021-04-05T09:00:00+08:00")
	issue := sealed(t, first, 1, 2)
	with := func(more ...string) *hall.Report {
		return fold(t, policy, append(slices.Clone(lines), strings.Join(more, "\n")...)).month(t, "2021-03", afterMonth)
	}

	t.Run("unchanged", func(t *testing.T) {
		r := with(issue...)
		want := &hall.SealInfo{Number: 1, By: "督查科", At: "2021-04-05T10:00:00+08:00", Digest: "d1"}
		if diff := cmp.Diff(want, r.Sealed); diff != "" {
			t.Errorf("Sealed (-want +got):\n%s", diff)
		}
		if r.ChangedSince == nil || len(r.ChangedSince) > 0 {
			t.Errorf("ChangedSince = %v, want an empty list", r.ChangedSince)
		}
	})
	t.Run("changed", func(t *testing.T) {
		r := with(append(issue, lateFound)...)
		var got []string
		for _, c := range r.ChangedSince {
			got = append(got, c.List+" "+c.Line+": "+string(c.Was)+" -> "+string(c.Is))
		}
		if diff := cmp.Diff([]string{
			"violations 2021-03-30/morning/in/102: b2 迟到4分钟 扣0.5分 已记录 -> ",
			"violations 2021-03-31/morning/in/102: b2 迟到12分钟 扣2分 已记录 重犯加重 -> b2 迟到12分钟 扣1分 已记录",
			"staff 102: 乙火 b2 得分96.5 名次2 -> 乙火 b2 得分98 名次1",
			"windows b2: 渡船(原码头)窗口 得分92.15 名次3 -> 渡船(原码头)窗口 得分92.9 名次3",
		}, got); diff != "" {
			t.Errorf("ChangedSince (-want +got):\n%s", diff)
		}
	})
	t.Run("a part is missing", func(t *testing.T) {
		r := with(issue[0])
		if r.Sealed != nil || r.ChangedSince != nil || !warned(r, report.WarnSealIncomplete) {
			t.Errorf("Sealed = %v, ChangedSince = %v, Warnings = %v, want an incomplete issue", r.Sealed, r.ChangedSince, r.Warnings)
		}
	})
	t.Run("the higher number stands", func(t *testing.T) {
		second := with(append(issue, lateFound)...)
		r := with(append(append(issue, lateFound), sealed(t, second, 2, 1)...)...)
		if r.Sealed == nil || r.Sealed.Number != 2 || len(r.ChangedSince) > 0 {
			t.Errorf("Sealed = %v, ChangedSince = %v, want issue 2 without changes", r.Sealed, r.ChangedSince)
		}
	})
	t.Run("unreadable", func(t *testing.T) {
		broken := strings.Replace(sealed(t, first, 1, 1)[0], `"result":"`, `"result":"AAAA`, 1)
		r := with(broken)
		if r.Sealed == nil || r.ChangedSince != nil || !warned(r, report.WarnSealUnreadable) {
			t.Errorf("Sealed = %v, ChangedSince = %v, Warnings = %v, want an unreadable issue", r.Sealed, r.ChangedSince, r.Warnings)
		}
	})
}

func warned(r *hall.Report, code string) bool {
	return slices.ContainsFunc(r.Warnings, func(w hall.Warning) bool { return w.Code == code })
}
