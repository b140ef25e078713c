package hall_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rollcall/hall"
)

// seedBodies adds every golden body, with the number of its kind.
func seedBodies(f *testing.F, add func(kind int, body []byte)) {
	for i, kind := range hall.Kinds {
		g := readGolden(f, kind.Kind)
		for _, a := range g.Accepted {
			add(i, a.Body)
		}
		for _, r := range g.Rejected {
			add(i, r.Body)
		}
	}
}

// FuzzDecode: whatever is accepted stays the same event when it is stored and
// read again, and when its fields come in another order or with other spaces.
func FuzzDecode(f *testing.F) {
	seedBodies(f, func(kind int, body []byte) { f.Add(uint8(kind), body) })
	f.Add(uint8(0), []byte(`{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","n":{"b":"\ud800","a":1,"b":"\/"}}`))
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		subject := subjectOf(hall.Kinds[int(kind)%len(hall.Kinds)].Kind)
		event, err := hall.Decode(subject, body)
		if err != nil {
			rejection := rejectionOf(t, subject, body)
			if rejection.Subject != subject || rejection.Reason == "" {
				t.Errorf("a rejection without subject or reason: %+v", rejection)
			}
			return
		}
		if event.Subject != subject || event.Fact.GetHead().UID != event.UID {
			t.Errorf("event of %s: subject %s, head %+v", event.UID, event.Subject, event.Fact.GetHead())
		}
		checkStored(t, event)
		for _, same := range [][]byte{event.Canonical(), indented(t, body), reversed(t, body)} {
			if len(same) <= hall.MaxBody {
				sameEvent(t, event, same)
			}
		}
	})
}

func sameEvent(t *testing.T, want hall.Event, body []byte) {
	t.Helper()
	got, err := hall.Decode(want.Subject, body)
	if err != nil {
		t.Errorf("the same body in another form is refused: %v\n%s", err, body)
		return
	}
	if got.UID != want.UID || got.Sum != want.Sum || !slices.Equal(got.Unknown, want.Unknown) {
		t.Errorf("the same body in another form is %s, was %s", got.UID, want.UID)
	}
	if diff := cmp.Diff(describe(t, want.Fact), describe(t, got.Fact)); diff != "" {
		t.Errorf("the same body in another form gives another fact:\n%s", diff)
	}
}

// reversed writes the fields in the reverse of their order by name.
func reversed(t *testing.T, body []byte) []byte {
	t.Helper()
	fields := fieldsOf(t, body)
	names := slices.Sorted(maps.Keys(fields))
	slices.Reverse(names)
	var b bytes.Buffer
	for i, name := range names {
		b.WriteByte(",{"[min(1, (len(names)-i)/len(names))])
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(quoted)
		b.WriteByte(':')
		b.Write(fields[name])
	}
	b.WriteByte('}')
	return b.Bytes()
}

// FuzzFastPunch: the quick way gives up, or says what the general way says.
func FuzzFastPunch(f *testing.F) {
	seedBodies(f, func(_ int, body []byte) {
		var compact bytes.Buffer
		if json.Compact(&compact, body) == nil {
			f.Add(compact.Bytes())
		}
	})
	for _, body := range []string{bodies["punch"], bodies["general"], punchBody + " ", ` {"seq":0,` + punchBody[1:], `{"seq":01,` + punchBody[1:], `{}`, `{"person":"data:,"}`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		quick, ok := hall.DecodeQuickly(punchSubject, body)
		if !ok {
			return
		}
		general, err := hall.DecodeGenerally(punchSubject, body)
		if err != nil {
			t.Fatalf("the quick way reads %s, the general way: %v", body, err)
		}
		if diff := cmp.Diff(general, quick, cmpopts.IgnoreUnexported(hall.Event{})); diff != "" {
			t.Errorf("%s (-general +quick):\n%s", body, diff)
		}
	})
}

// The quick way must not give up on what terminals send.
func TestFastPunchIsTaken(t *testing.T) {
	for _, body := range []string{
		bodies["punch"], punchBody,
		`{ "id": "T03-1", "time": "2020-11-03T08:21:07.250+08:00", "person": "1023", "method": "palm", "direction": "in", "terminal": "T01", "seq": 17, "received_at": "2020-11-03T00:21:08Z" }`,
	} {
		if _, ok := hall.DecodeQuickly(punchSubject, []byte(body)); !ok {
			t.Errorf("the quick way gives up on %s", body)
		}
	}
}

// rfc3339 is the form alone. Package time knows the calendar, but also takes
// hours of one digit, a comma before the fraction and offsets of 24 hours.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// FuzzTime: times are those of RFC 3339 in the contract's range.
func FuzzTime(f *testing.F) {
	for _, s := range []string{
		"2020-11-03T08:21:07+08:00", "2020-02-29T23:59:59.999999999Z", "2100-02-29T00:00:00Z", "2000-01-01T00:00:00Z", "1999-12-31T23:59:59-00:01",
		"2099-12-31T23:59:59Z", "2100-01-01T00:00:00+00:01", "2020-11-03t08:21:07z", "2020-11-03T08:21:60Z", "2020-11-03T8:21:07Z",
		"2020-11-03T08:21:07,5Z", "2020-11-03T08:21:07.Z", "2020-11-03T08:21:07+24:00", "2020-11-03T08:21:07+08:60", "0000-01-01T00:00:00Z", "2020-11-03",
	} {
		f.Add(s)
	}
	first, end := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		want, wantErr := time.Parse(time.RFC3339, s)
		if wantErr == nil && (!rfc3339.MatchString(s) || want.Before(first) || !want.Before(end)) {
			wantErr = hall.ErrInvalid
		}
		got, err := hall.ParseInstant(s)
		if (err == nil) != (wantErr == nil) || err == nil && got != hall.InstantOf(want) {
			t.Errorf("ParseInstant(%q) = %d, %v; package time says %v, %v", s, got, err, want, wantErr)
		}
	})
}

// FuzzCanonical: the canonical form is JSON that means the same, its own
// canonical form, and refused where encoding/json refuses.
func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"b":[1,{"a":"\ud83d\ude00","A":null}],"a":-0.10e+5}`, `"\u0000\ud800x"`, `[[],{},"",0]`, `{"a":1,"a":{"a":2}}`, "nope", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		canonical, err := hall.Canonical(body)
		if err != nil {
			if !errors.Is(err, hall.ErrInvalid) {
				t.Errorf("%v is not ErrInvalid", err)
			}
			return
		}
		again, err := hall.Canonical(canonical)
		if err != nil || !bytes.Equal(again, canonical) {
			t.Errorf("Canonical(%s) = %s, %v", canonical, again, err)
		}
		if got, want := treeOf(t, canonical), treeOf(t, body); !cmp.Equal(got, want) {
			t.Errorf("Canonical(%s) = %s, which means something else", body, canonical)
		}
	})
}

func treeOf(t *testing.T, body []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return tree
}

// FuzzFlatMembers: the quick way to the fields of an object gives up, or finds
// what the general way finds in valid JSON.
func FuzzFlatMembers(f *testing.F) {
	seedBodies(f, func(_ int, body []byte) {
		var compact bytes.Buffer
		if json.Compact(&compact, body) == nil {
			f.Add(compact.Bytes())
		}
	})
	for _, body := range flatBodies {
		f.Add([]byte(body))
	}
	for _, body := range []string{`{}`, `{"a":}`, `{"a":01}`, `{"a":1.5}`, `{"a":["b",1]}`, `{"a":"\u0000"}`, `{"a":tru}`, `{"a":nullb}`, `{"a":["b"]`, "{\"a\":\"\x80\"}", `{"a":1}{`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		quick, ok := hall.FlatMembers(body)
		if !ok {
			return
		}
		if !json.Valid(body) || !utf8.Valid(body) {
			t.Fatalf("the quick way reads %q, which is no JSON", body)
		}
		if diff := cmp.Diff(hall.Members(body), quick); diff != "" {
			t.Errorf("%s (-general +quick):\n%s", body, diff)
		}
	})
}

var flatBodies = []string{
	`{"approved_by":"9001","from":"2020-11-03","id":"l-000001","kind":"annual","person":"1023","time":"2020-11-02T09:00:00+08:00","until":"2020-11-03"}`,
	`{"aliases":["17","T01:17"],"class":"resident","from":"2020-01-01","id":"r-1","name":"某甲","person":"1023","roles":[],"time":"2020-01-01T09:00:00+08:00","until":null,"window":"w01"}`,
	`{"id":"n-1","kind":"left_post","stand_in":true,"time":"2020-11-02T09:00:00+08:00","unnamed":2,"window":"w01"}`,
}

// The quick way must not give up on what offices send.
func TestFlatMembersAreTaken(t *testing.T) {
	for _, body := range flatBodies {
		if _, ok := hall.FlatMembers([]byte(body)); !ok {
			t.Errorf("the quick way gives up on %s", body)
		}
	}
}
