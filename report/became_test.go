package report_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/report"
	"rollcall/store"
)

// TestBecame asks what became of each event of a small month.
func TestBecame(t *testing.T) {
	const row = `,"name":"尤禾岚","window":"general","class":"resident","from":"2020-01-01"`
	_, policy, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	events := []struct{ subject, body, became, why string }{
		{"policy.d", `"id":"p","policy":` + string(policy), report.BecameCounts, ""},
		{"roster.d", `"id":"r0","person":"1"` + row, report.BecameReplaced, "later event"},
		{"roster.d", `"id":"r1","person":"1"` + row, report.BecameCounts, ""},
		{"leave.d", `"id":"l1","person":"1","kind":"annual","from":"2020-11-05","until":"2020-11-05"`, report.BecameCounts, ""},
		{"leave.d", `"id":"l2","person":"9","kind":"annual","from":"2020-11-05","until":"2020-11-05"`, report.BecameUnresolved, "person 9"},
		{"leave.d", `"id":"l3","person":"1","kind":"moon","from":"2020-11-06","until":"2020-11-06"`, report.BecameUnresolved, "kind moon"},
		{"leave.d", `"id":"l4","person":"1","kind":"annual","from":"2020-11-09","until":"2020-11-09"`, report.BecameCancelled, "withdrawn"},
		{"leave.d", `"id":"l5","person":"1","kind":"annual","from":"2019-11-05","until":"2019-11-05"`, report.BecameUnresolved, "no policy governs 2019-11"},
		{"ruling.d", `"id":"u1","on":"demo/leave/d/l4","state":"cancelled","by":"8","reason":"withdrawn"`, report.BecameCounts, ""},
		{"ruling.d", `"id":"u2","on":"demo/leave/d/none","state":"cancelled","by":"8","reason":"?","person":"1","date":"2020-11-09"`, report.BecameUnresolved, "event demo/leave/d/none"},
		{"ruling.d", `"id":"u0","time":"2020-11-01T08:00:00+08:00","on":"demo/leave/d/l4","state":"confirmed","by":"8","reason":"!"`, report.BecameReplaced, "later ruling"},
		{"ruling.d", `"id":"u3","on":"demo/ruling/d/u1","state":"cancelled","by":"8","reason":"?"`, report.BecameNothing, "cannot be ruled on"},
		{"ruling.d", `"id":"u4","on":"demo/seal/d/none","state":"cancelled","by":"8","reason":"?","date":"2020-11-09"`, report.BecameUnresolved, "seal"},
		{"correction.d", `"id":"c1","time":"2020-11-03T18:00:00+08:00","person":"1","at":"2020-11-03T08:20:00+08:00","reason":"own","approved_by":"8"`, report.BecameCounts, ""},
		{"correction.d", `"id":"c2","time":"2020-11-03T18:00:01+08:00","person":"1","at":"2020-11-03T17:35:00+08:00","reason":"own"`, report.BecameUnapproved, ""},
		{"correction.d", `"id":"c3","time":"2020-11-20T18:00:00+08:00","person":"1","at":"2020-11-04T08:20:00+08:00","reason":"own","approved_by":"8"`, report.BecameLate, "workdays"},
		{"patrol.d", `"id":"n1","time":"2020-11-03T10:00:00+08:00","inspector":"7","kind":"chatting","person":"1"`, report.BecameCounts, "2020-11-03/morning/chatting/1"},
		{"patrol.d", `"id":"n2","time":"2020-11-05T10:00:00+08:00","inspector":"7","kind":"chatting","person":"1"`, report.BecameContested, "2020-11-05/morning/chatting/1"},
		{"patrol.d", `"id":"n3","time":"2020-11-05T10:00:00+08:00","inspector":"7","kind":"clear"`, report.BecameCounts, "accuses nobody"},
		{"punch.T1", `"id":"1","time":"2020-11-03T12:01:00+08:00","person":"1"`, report.BecameCounts, ""},
		{"punch.T1", `"id":"2","time":"2020-11-03T12:01:00+08:00","person":"9"`, report.BecameUnresolved, "person 9"},
		{"text.d", `"id":"t1","month":"2020-11","section":"focus","items":["a"]`, report.BecameCounts, ""},
		{"cases.d", `"id":"k1","month":"2020-11","window":"moon","accepted":1,"completed":1,"on_time":1`, report.BecameUnresolved, "window moon"},
	}
	var lines strings.Builder
	for _, e := range events {
		body := e.body
		if !strings.Contains(body, `"time"`) {
			body = `"time":"2020-11-01T09:00:00+08:00",` + body
		}
		lines.WriteString(`{"subject":"rollcall.demo.` + e.subject + `","data":{` + body + "}}\n")
	}
	conflicting := `{"subject":"rollcall.demo.text.d","data":{"id":"x","time":"2020-11-01T09:00:00+08:00","month":"2020-11","section":"next_month","items":["a"]}}` + "\n"
	lines.WriteString(conflicting + strings.Replace(conflicting, `["a"]`, `["b"]`, 1))
	s := becameStore(t, lines.String())
	err = s.View(func(v *store.View) error {
		for _, e := range events {
			kind, source, _ := strings.Cut(e.subject, ".")
			var id struct{ ID string }
			if err := json.Unmarshal([]byte("{"+e.body+"}"), &id); err != nil {
				return err
			}
			uid := hall.NewUID("demo", hall.Kind(kind), source, id.ID)
			got, err := report.Became(v, configs.Statutory(), uid)
			if err != nil || got.Became != e.became || !strings.Contains(got.Why, e.why) {
				t.Errorf("Became(%s) = %+v, %v, want %s %q", uid, got, err, e.became, e.why)
			}
		}
		if got, err := report.Became(v, configs.Statutory(), "demo/text/d/x"); err != nil || got.Became != report.BecameConflict {
			t.Errorf("Became of two contents = %+v, %v", got, err)
		}
		for uid, want := range map[hall.UID]error{
			"demo/leave/d/none": hall.ErrNotFound, "demo/punch/T1/none": hall.ErrNotFound, "leave/none": hall.ErrInvalid, "": hall.ErrInvalid,
		} {
			if _, err := report.Became(v, configs.Statutory(), uid); !errors.Is(err, want) {
				t.Errorf("Became(%q) = %v, want %v", uid, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func becameStore(t *testing.T, lines string) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	done, err := ingest.Replay(t.Context(), strings.NewReader(lines), ingest.ReplayOptions{Store: s})
	if err != nil || done.Dead > 0 {
		t.Fatalf("Replay = %+v, %v", done, err)
	}
	return s
}
