package report_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
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

// draft prepares an issue of the month of lake.
func (f *folder) draft(t *testing.T, asOf string) *report.Draft {
	t.Helper()
	var d *report.Draft
	err := f.store.View(func(v *store.View) (err error) {
		d, err = report.Prepare(v, statutory(t), report.Question{Hall: f.hall, Month: parse(t, hall.ParseMonth, "2021-03"), AsOf: parse(t, hall.ParseInstant, asOf), FromFile: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sealed returns the lines of an issue, cut into as many parts, and its digest.
func sealed(t *testing.T, d *report.Draft, parts int) (lines []string, digest string) {
	t.Helper()
	whole, digest, err := d.Parts(report.Form{By: "督查科", Made: parse(t, hall.ParseInstant, "2021-04-05T10:00:00+08:00"), Source: "office"})
	if err != nil || len(whole) != 1 {
		t.Fatalf("Parts = %d, %v, want one", len(whole), err)
	}
	var body map[string]any
	if err := json.Unmarshal(whole[0].Body, &body); err != nil {
		t.Fatal(err)
	}
	text := body["result"].(string)
	size := len(text)/parts + 1
	for part := range parts {
		body["id"] = fmt.Sprintf("2021-03-%d-%d", d.Number, part+1)
		body["part"], body["parts"], body["result"] = part+1, parts, text[part*size:min(len(text), (part+1)*size)]
		cut, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(hall.EncodeLine(whole[0].Subject, cut)))
	}
	return lines, digest
}

const (
	lateFound  = `{"subject":"rollcall.lake.ruling.office","data":{"id":"u9","time":"2021-04-06T09:00:00+08:00","on":"2021-03-30/morning/in/102","state":"rejected","by":"主任","reason":"当日电梯故障"}}`
	afterMonth = "2021-04-10T00:00:00+08:00"
)

func TestSealed(t *testing.T) {
	policy, lines := lake(t)
	first := fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00")
	issue, digest := sealed(t, first, 2)
	folded := func(more ...string) *folder {
		return fold(t, policy, append(slices.Clone(lines), strings.Join(more, "\n")...))
	}
	with := func(more ...string) *hall.Report { return folded(more...).month(t, "2021-03", afterMonth) }

	t.Run("unchanged", func(t *testing.T) {
		r := with(issue...)
		want := &hall.SealInfo{Number: 1, By: "督查科", At: "2021-04-05T10:00:00+08:00", Digest: digest}
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
			"violations 2021-03-30/morning/in/102: 渡船(原码头)窗口 迟到4分钟 扣0.5分 已记录 -> ",
			"violations 2021-03-31/morning/in/102: 渡船(原码头)窗口 迟到12分钟 扣2分 已记录 重犯加重 -> 渡船(原码头)窗口 迟到12分钟 扣1分 已记录",
			"staff 102: 乙火 渡船(原码头)窗口 得分96.5 名次2 -> 乙火 渡船(原码头)窗口 得分98 名次1",
			"staff 104: 丁金 渡船新区窗口 得分98 名次1 并列 1 -> 丁金 渡船新区窗口 得分98 名次1 并列 2",
			"windows b2: 渡船(原码头)窗口 得分92.15 名次3 -> 渡船(原码头)窗口 得分92.9 名次3",
			"rejected 2021-03-30/morning/in/102:  -> 驳回 主任 当日电梯故障",
		}, slices.DeleteFunc(slices.Clone(got), func(c string) bool {
			list, _, _ := strings.Cut(c, " ")
			return !slices.Contains([]string{"violations", "staff", "windows", "rejected"}, list)
		})); diff != "" {
			t.Errorf("ChangedSince (-want +got):\n%s", diff)
		}
		if !slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, "sheet 102: 扣分 3.5，") }) {
			t.Errorf("ChangedSince has no line of the sheet: %v", got)
		}
	})
	t.Run("a part is missing", func(t *testing.T) {
		f := folded(issue[0])
		r := f.month(t, "2021-03", afterMonth)
		if r.Sealed != nil || r.ChangedSince != nil || !warned(r, report.WarnSealIncomplete) {
			t.Errorf("Sealed = %v, ChangedSince = %v, Warnings = %v, want an incomplete issue", r.Sealed, r.ChangedSince, r.Warnings)
		}
		if d := f.draft(t, afterMonth); d.Number != 2 {
			t.Errorf("the next issue is %d, want 2: the missing part may still come", d.Number)
		}
	})
	t.Run("the higher number stands", func(t *testing.T) {
		second, _ := sealed(t, folded(append(issue, lateFound)...).draft(t, afterMonth), 1)
		r := with(append(append(issue, lateFound), second...)...)
		if r.Sealed == nil || r.Sealed.Number != 2 || len(r.ChangedSince) > 0 {
			t.Errorf("Sealed = %v, ChangedSince = %v, want issue 2 without changes", r.Sealed, r.ChangedSince)
		}
	})
	t.Run("the first one of a number stands", func(t *testing.T) {
		other, _ := sealed(t, folded(lateFound).draft(t, afterMonth), 1) // also number 1, of the same uid
		for _, events := range [][]string{append(slices.Clone(other), issue...), append(slices.Clone(issue), other...)} {
			r := with(append([]string{lateFound}, events...)...)
			changed := slices.ContainsFunc(r.ChangedSince, func(c hall.Change) bool { return c.List == "violations" })
			if changed != (events[0] == issue[0]) || len(r.Conflicts) != 1 {
				t.Errorf("changed: %t, %d conflicts, though the issue that came first is %.80s", changed, len(r.Conflicts), events[0])
			}
		}
	})
	t.Run("unreadable", func(t *testing.T) {
		broken := strings.Replace(issue[0]+"\n"+issue[1], `"result":"`, `"result":"AAAA`, 1)
		r := with(broken)
		if r.Sealed == nil || r.ChangedSince != nil || !warned(r, report.WarnSealUnreadable) {
			t.Errorf("Sealed = %v, ChangedSince = %v, Warnings = %v, want an unreadable issue", r.Sealed, r.ChangedSince, r.Warnings)
		}
	})
	t.Run("another result under the digest", func(t *testing.T) {
		forged := strings.Replace(issueOf(t, folded(lateFound).draft(t, afterMonth)), mustDigest(t, folded(lateFound).draft(t, afterMonth)), digest, 1)
		if r := with(forged); r.ChangedSince != nil || !warned(r, report.WarnSealUnreadable) {
			t.Errorf("ChangedSince = %v, Warnings = %v, want an unreadable issue", r.ChangedSince, r.Warnings)
		}
	})
}

// TestIssueList tells of each issue whether it is what its digest says, without
// reading its lines.
func TestIssueList(t *testing.T) {
	policy, lines := lake(t)
	first := fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00")
	issue, digest := sealed(t, first, 2)
	noLines := issueOfText(t, `no lines at all`)
	for name, c := range map[string]struct {
		log             []string
		broken, lacking string
		readable        bool
	}{
		"whole":              {log: issue, broken: "", lacking: "[]", readable: true},
		"a part is missing":  {log: issue[1:], lacking: "[1]"},
		"it does not unpack": {log: replaced(issue, `"result":"`, `"result":"AAAA`), broken: "unpack the result of lake/seal/office/2021-03-1-1: ", lacking: "[]"},
		"another digest":     {log: replaced(issue, digest, strings.Repeat("0", 64)), broken: "the result of lake/seal/office/2021-03-1-1 has the digest " + digest, lacking: "[]"},
		"its digest, and yet not the lines of a month": {log: noLines, lacking: "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			f := fold(t, policy, append(slices.Clone(lines), strings.Join(c.log, "\n")...))
			list, lacking, err := f.issues(t)
			if err != nil || fmt.Sprint(lacking) != c.lacking {
				t.Fatalf("Issues: lacking %v, %v, want %s", lacking, err, c.lacking)
			}
			for _, i := range list {
				if !strings.HasPrefix(string(i.Broken), c.broken) || (i.Broken == "") != (c.broken == "") {
					t.Errorf("Broken = %q, want %q", i.Broken, c.broken)
				}
				if i.At != "2021-04-05T10:00:00+08:00" || i.AsOf != "2021-04-05T09:00:00+08:00" {
					t.Errorf("At = %s, AsOf = %s, want the zone in which it was printed", i.At, i.AsOf)
				}
				if r, err := i.Report(); (err == nil) != c.readable || err != nil && !errors.Is(err, report.ErrUnreadable) || err == nil && r.Sealed.At != i.At {
					t.Errorf("Report = %v, want an issue: %t", err, c.readable)
				}
			}
		})
	}
}

func replaced(lines []string, old, with string) []string {
	list := slices.Clone(lines)
	for i := range list {
		list[i] = strings.ReplaceAll(list[i], old, with)
	}
	return list
}

// issues asks for the issues of the month of lake.
func (f *folder) issues(t *testing.T) (list []report.Issued, lacking []int, err error) {
	t.Helper()
	_ = f.store.View(func(v *store.View) error {
		list, lacking, err = report.Issues(v, f.hall, parse(t, hall.ParseMonth, "2021-03"))
		return nil
	})
	return list, lacking, err
}

// issueOfText is the line of an issue whose lines are a text, with its digest.
func issueOfText(t *testing.T, text string) []string {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"id":"2021-03-1-1","time":"2021-04-05T10:00:00+08:00","month":"2021-03","number":1,"by":"督查科","as_of":"2021-04-05T09:00:00+08:00","sequence":9,"digest":"%x","result":%q}`,
		sha256.Sum256([]byte(text)), base64.StdEncoding.EncodeToString(zipped.Bytes()))
	return []string{string(hall.EncodeLine("rollcall.lake.seal.office", []byte(body)))}
}

// TestDifferOfNone says what is missing where no issue is complete.
func TestDifferOfNone(t *testing.T) {
	policy, lines := lake(t)
	issue, _ := sealed(t, fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00"), 2)
	f := fold(t, policy, append(slices.Clone(lines), issue[0]...))
	_ = f.store.View(func(v *store.View) error {
		_, err := report.Differ(v, statutory(t), report.Question{Hall: f.hall, Month: parse(t, hall.ParseMonth, "2021-03"), AsOf: parse(t, hall.ParseInstant, afterMonth)}, 0)
		if !errors.Is(err, hall.ErrNotFound) || !strings.Contains(err.Error(), "parts of it are missing") {
			t.Errorf("Differ = %v, want that parts are missing", err)
		}
		return nil
	})
}

func issueOf(t *testing.T, d *report.Draft) string {
	t.Helper()
	lines, _ := sealed(t, d, 1)
	return lines[0]
}

func mustDigest(t *testing.T, d *report.Draft) string {
	t.Helper()
	_, digest := sealed(t, d, 1)
	return digest
}

func warned(r *hall.Report, code string) bool {
	return slices.ContainsFunc(r.Warnings, func(w hall.Warning) bool { return w.Code == code })
}
