package hall_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rollcall/hall"
)

const (
	punchSubject = "rollcall.demo.punch.T03"
	punchBody    = `{"id":"T03-1","time":"2020-11-03T08:21:07+08:00","person":"1023"}`
)

func ExampleDecode() {
	event, err := hall.Decode("rollcall.demo.punch.T03",
		[]byte(`{"id": "T03-1", "time": "2020-11-03T08:21:07+08:00", "person": "1023"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	punch := event.Fact.(*hall.Punch)
	fmt.Println(event.UID, punch.Person, punch.Time.Time().Format(time.RFC3339))

	_, err = hall.Decode("rollcall.demo.bonus.console",
		[]byte(`{"time": "2020-11-30T18:00:00+08:00", "month": "2020-13"}`))
	fmt.Println(err)
	// Output:
	// demo/punch/T03/T03-1 1023 2020-11-03T00:21:07Z
	// rollcall.demo.bonus.console: bad month "2020-13": want a month, such as 2020-11
}

// nested is JSON that is valid, and deeper than any reader likes.
func nested(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func padded(size int) string {
	open, end := `{"person":"1023","time":"2020-11-03T08:21:07+08:00","id":"p","pad":[`, `1]}`
	return open + strings.Repeat(" ", size-len(open)-len(end)) + end
}

func TestDecodeRejects(t *testing.T) {
	image := `"data:image/png;base64,` + strings.Repeat("QUJD", 100) + `"`
	long := `"` + strings.Repeat("A", hall.MaxString+1) + `"`
	tests := []struct {
		name, subject, body string
		field, reason       string
	}{
		{"empty", punchSubject, "", "", "empty"},
		{"blank", punchSubject, " \n", "", "empty"},
		{"torn", punchSubject, `{"id":"a"`, "", "no JSON"},
		{"NaN", punchSubject, `{"n":NaN}`, "", "no JSON"},
		{"leading zeros", punchSubject, `{"n":007}`, "", "no JSON"},
		{"garbage behind it", punchSubject, punchBody + "x", "", "no JSON"},
		{"two objects", punchSubject, punchBody + punchBody, "", "no JSON"},
		{"byte order mark", punchSubject, "\ufeff" + punchBody, "", "no JSON"},
		{"not UTF-8", punchSubject, "{\"note\":\"\xd5\xc5\"}", "", "UTF-8"},
		{"raw control character", punchSubject, "{\"note\":\"a\tb\"}", "", "no JSON"},
		{"too deep", punchSubject, `{"n":` + nested(20000) + `}`, "", "no JSON"},
		{"no JSON on a bad subject", "rollcall.demo", "x", "", "no JSON"},
		{"over the limit", punchSubject, padded(hall.MaxBody + 1), "", "over the limit"},
		{"over the limit on a bad subject", "rollcall.demo", padded(hall.MaxBody + 1), "", "over the limit"},
		{"an array", punchSubject, `[` + punchBody + `]`, "", "no object"},
		{"null", punchSubject, `null`, "", "no object"},
		{"a text", punchSubject, `"punch"`, "", "no object"},
		{"an image alone", punchSubject, image, "", "data: URL"},

		{"three tokens", "rollcall.demo.punch", punchBody, "subject", "want rollcall.<hall>"},
		{"five tokens", punchSubject + ".x", punchBody, "subject", "want rollcall.<hall>"},
		{"no tokens", "", punchBody, "subject", "want rollcall.<hall>"},
		{"another prefix", "Rollcall.demo.punch.T03", punchBody, "subject", "want rollcall.<hall>"},
		{"a hall with a space", "rollcall.de mo.punch.T03", punchBody, "subject", "hall"},
		{"a hall of 33 letters", "rollcall." + strings.Repeat("h", 33) + ".punch.T03", punchBody, "subject", "hall"},
		{"a date as hall", "rollcall.2020-11-03.punch.T03", punchBody, "subject", "hall"},
		{"an empty hall", "rollcall..punch.T03", punchBody, "subject", "hall"},
		{"a Chinese source", "rollcall.demo.punch.终端", punchBody, "subject", "source"},
		{"unknown kind", "rollcall.demo.nap.T03", punchBody, "subject", "punch, patrol, leave"},
		{"unknown kind, no object", "rollcall.demo.nap.T03", `[]`, "subject", "unknown kind"},

		{"an image before the subject", "rollcall.demo.nap.T03", `{"photo":` + image + `}`, "photo", "data: URL"},
		{"an image before the id", punchSubject, `{"id":"","a":{"b":[0,` + image + `]}}`, "a", "data: URL"},
		{"the first image of the document", punchSubject, `{"z":` + image + `,"a":` + image + `}`, "z", "data: URL"},
		{"an image before the limit", punchSubject, `{"a":[` + strings.Repeat(" ", hall.MaxBody) + image + `]}`, "a", "data: URL"},
		{"an image in the name of a field", punchSubject, `{"a":{` + image + `:1}}`, "a", "data: URL"},
		{"an image behind spaces, in capitals", punchSubject, `{"a":"\t\u3000 DATA:,x"}`, "a", "data: URL"},
		{"an image behind escapes", punchSubject, `{"a":"\u0064ata:image\/png;base64\u002cQUJD"}`, "a", "data: URL"},
		{"an image inside a text", punchSubject, `{"a":"see Data:Image/jpeg;BASE64,QUJD"}`, "a", "data: URL"},
		{"a long string", punchSubject, `{"id":7,"face":` + long + `}`, "face", "4097 bytes"},
		{"a long person", punchSubject, `{"person":` + long + `}`, "person", "4097 bytes"},
		{"an image in a seal is its own affair", "rollcall.demo.seal.T03", `{"result":` + image + `}`, "time", "missing field"},
		{"a seal over the limit", "rollcall.demo.seal.T03", padded(hall.MaxBody + 1), "", "over the limit"},

		{"the last of two ids holds", punchSubject, `{"id":"good","id":"","time":"x"}`, "id", `bad id ""`},
		{"wrong case", punchSubject, `{"Time":"2020-11-03T08:21:07Z","person":"1"}`, "time", "missing field time"},
		{"id before time", punchSubject, `{"person":"","time":"","id":[]}`, "id", "bad id (a list)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rejection := rejectionOf(t, tt.subject, []byte(tt.body))
			if rejection == nil {
				return
			}
			if rejection.Field != tt.field || !strings.Contains(rejection.Reason, tt.reason) {
				t.Errorf("field %q, reason %q; want field %q and a reason with %q", rejection.Field, rejection.Reason, tt.field, tt.reason)
			}
			if rejection.Subject != tt.subject {
				t.Errorf("subject %q, want %q", rejection.Subject, tt.subject)
			}
			if strings.Contains(rejection.Error(), "QUJD") || strings.Contains(rejection.Error(), "AAAA") || len(rejection.Error()) > 600 {
				t.Errorf("the error shows too much: %s", rejection)
			}
		})
	}
}

func TestDecodeAccepts(t *testing.T) {
	tests := []struct{ name, body string }{
		{"exactly the limit", padded(hall.MaxBody)},
		{"the longest string", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","note":"` + strings.Repeat("é", hall.MaxString/2) + `"}`},
		{"a string that is long only in its escapes", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","note":"` + strings.Repeat(`\u00e9`, hall.MaxString/2) + `"}`},
		{"the word data", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","note":"metadata: a, b; data:image"}`},
		{"data: without a comma", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","note":"data: none"}`},
		{"the last of two times holds", `{"id":"p","time":"x","time":"2020-11-03T00:21:07Z","person":"1"}`},
		{"a terminal of any name", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","terminal":"` + strings.Repeat("一楼大厅:东侧, ", 20) + `\t\u0000"}`},
		{"a long plain terminal", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","terminal":"` + strings.Repeat("T", 2000) + `"}`},
		{"half of a surrogate pair", `{"id":"p","time":"2020-11-03T00:21:07Z","person":"1","note":"\ud800 \udc00\ud800"}`},
		{"space all around", " \n{ \"id\" :\t\"p\" , \"time\":\"2020-11-03T00:21:07Z\",\r\n\"person\":\"1\"} \n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			event, err := hall.Decode(punchSubject, []byte(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			checkStored(t, event)
		})
	}
}

func TestParseSubject(t *testing.T) {
	h, kind, source, err := hall.ParseSubject(hall.Subject("demo-1_A", hall.KindSeal, "x"))
	if h != "demo-1_A" || kind != hall.KindSeal || source != "x" || err != nil {
		t.Errorf("ParseSubject = %q, %q, %q, %v", h, kind, source, err)
	}
	_, _, _, err = hall.ParseSubject("rollcall." + strings.Repeat("x", 100000))
	if rejection, ok := errors.AsType[*hall.Rejection](err); !ok || len(rejection.Error()) > 600 {
		t.Errorf("a long subject gives an error of %d bytes", len(fmt.Sprint(err)))
	}
}

func TestUIDOf(t *testing.T) {
	for _, c := range []struct{ name, subject, body, want string }{
		{"dead letter", "rollcall.h.punch.T01", `{"id":"a","person":7}`, "h/punch/T01/a"},
		{"without id", "rollcall.h.punch.T01", `{"person":"7"}`, ""},
		{"bad id", "rollcall.h.punch.T01", `{"id":"a b"}`, ""},
		{"no object", "rollcall.h.punch.T01", `["id"]`, ""},
		{"no JSON", "rollcall.h.punch.T01", `{"id":"a"`, ""},
		{"bad subject", "rollcall.h.nap.T01", `{"id":"a"}`, ""},
	} {
		uid, ok := hall.UIDOf(c.subject, []byte(c.body))
		if ok != (c.want != "") || ok && string(uid) != c.want {
			t.Errorf("%s: UIDOf = %s, %t, want %q", c.name, uid, ok, c.want)
		}
	}
}

func TestDecodeFactRejects(t *testing.T) {
	for _, tt := range []struct{ uid, body, field string }{
		{"demo/nap/T03/a", punchBody, "subject"},
		{"demo/punch/T03", punchBody, "subject"},
		{"demo/punch/T03/a", `[]`, ""},
		{"demo/punch/T03/a", `{`, ""},
		{"demo/punch/T03/a", `{"time":"2020-11-03T00:21:07Z"}`, "person"},
	} {
		_, err := hall.DecodeFact(hall.UID(tt.uid), []byte(tt.body))
		rejection, ok := errors.AsType[*hall.Rejection](err)
		if !ok || rejection.Field != tt.field {
			t.Errorf("DecodeFact(%s, %s) = %v, want a rejection of field %q", tt.uid, tt.body, err, tt.field)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"sorted at every level", `{"b":{"y":1,"x":2},"a":[{"d":1,"c":2}]}`, `{"a":[{"c":2,"d":1}],"b":{"x":2,"y":1}}`},
		{"no spaces", " { \"a\" : [ 1 ,\t2 ] , \"b\" : { } , \"c\" : [ ] }\r\n", `{"a":[1,2],"b":{},"c":[]}`},
		{"numbers as written", `[1.0,1e3,1E+3,-0,0.10,12345678901234567890]`, `[1.0,1e3,1E+3,-0,0.10,12345678901234567890]`},
		{"few escapes", `"\u4e2d\/\u003c\u003e\u0026\u2028\u007f\ud83d\ude00"`, "\"中/<>&\u2028\x7f😀\""},
		{"the escapes that stay", `"\u0022\u005c\u0008\u000c\u000a\u000d\u0009\u0000\u001F"`, `"\"\\\b\f\n\r\t\u0000\u001f"`},
		{"by bytes, not by UTF-16", `{"\ud83d\ude00":1,"\uff5e":2,"a":3,"A":4,"":5}`, `{"":5,"A":4,"a":3,"` + "\uff5e" + `":2,"😀":1}`},
		{"the last of a name", `{"a":1,"b":2,"\u0061":3,"a":4}`, `{"a":4,"b":2}`},
		{"half pairs", `["\ud800","\udc00x","\ud800\ud800\udc00","\ud800\u0041"]`, "[\"\ufffd\",\"\ufffdx\",\"\ufffd\U00010000\",\"\ufffdA\"]"},
		{"literals", `[true,false,null]`, `[true,false,null]`},
	} {
		got, err := hall.Canonical([]byte(tt.body))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: Canonical(%s) = %s, %v; want %s", tt.name, tt.body, got, err, tt.want)
		}
	}
	if _, err := hall.Canonical([]byte("nope")); !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("Canonical(nope) = %v, want ErrInvalid", err)
	}
}

// The sums are the contract's: every replica must find the same one smaller.
func TestSumOfConflict(t *testing.T) {
	for _, tt := range []struct{ body, sum string }{
		{`{"time": "2024-09-30T21:00:00+08:00", "id": "twice", "person": "1013", "kind": "outing", "until": "2024-09-26T12:30:00+08:00", "from": "2024-09-26T12:00:00+08:00", "note": "N1"}`,
			"9a1b7bfc9ae4f0b888d8d235f760d9639754d76bb082ecb6c3f993dd1f13fd03"},
		{`{"note":"N2","until":"2024-09-26T12:00:00+08:00","from":"2024-09-26T08:30:00+08:00","kind":"personal","person":"1013","time":"2024-09-30T21:00:00+08:00","id":"twice"}`,
			"acdd9dc5eedd040681e71d2c84e3594fdb0fc27fa62517c32d1bed69adc35894"},
	} {
		event, err := hall.Decode("rollcall.rules.leave.console", []byte(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(event.Sum[:]); got != tt.sum {
			t.Errorf("sum of %s = %s, want %s", event.Body, got, tt.sum)
		}
	}
}

func TestDerivedID(t *testing.T) {
	body := []byte(`{"person":"1023", "time":"2020-11-03T08:21:07+08:00"}`)
	canonical, err := hall.Canonical(body)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(canonical)
	want := "h-" + hex.EncodeToString(sum[:])[:32]
	if got := hall.DerivedID(canonical); got != want {
		t.Errorf("DerivedID = %s, want %s", got, want)
	}
	event, err := hall.Decode(punchSubject, body)
	if err != nil || event.UID != hall.NewUID("demo", hall.KindPunch, "T03", want) || event.Sum != sum {
		t.Errorf("Decode = %s, %x, %v; want id %s", event.UID, event.Sum, err, want)
	}
}

// Of a punch with an id the body is made when somebody asks for it.
func TestEventCanonical(t *testing.T) {
	body := []byte(`{"person":"1023","id":"T03-1","time":"2020-11-03T08:21:07+08:00"}`)
	event, err := hall.Decode(punchSubject, body)
	if err != nil {
		t.Fatal(err)
	}
	if event.Body != nil {
		t.Errorf("Body = %s, want none", event.Body)
	}
	if got, want := string(event.Canonical()), `{"id":"T03-1","person":"1023","time":"2020-11-03T08:21:07+08:00"}`; got != want {
		t.Errorf("Canonical() = %s, want %s", got, want)
	}
	stored := hall.Event{UID: event.UID, Fact: event.Fact}
	if got, want := string(stored.Canonical()), `{"id":"T03-1","person":"1023","time":"2020-11-03T00:21:07Z"}`; got != want {
		t.Errorf("Canonical() of a stored punch = %s, want %s", got, want)
	}
}

func TestInstant(t *testing.T) {
	got, err := hall.ParseInstant("2020-11-03T08:21:07.9+08:00")
	if want := hall.InstantOf(time.Date(2020, 11, 3, 0, 21, 7, 0, time.UTC)); got != want || err != nil {
		t.Errorf("ParseInstant = %d, %v; want %d", got, err, want)
	}
	if _, err := hall.ParseInstant("2020-11-03"); !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("ParseInstant of a date = %v, want ErrInvalid", err)
	}
}

// Every date of nine years around the edges of leap years, through a leave.
// TestFirstOfMonth: the short way agrees with package time in every month.
func TestFirstOfMonth(t *testing.T) {
	for m := hall.Month(-30); m < hall.NewMonth(10_000, time.January); m++ {
		if got, want := m.First(), hall.NewDate(0, time.Month(m+1), 1); got != want {
			t.Fatalf("Month(%d).First() = %d, want %d", m, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	days := [][2]string{{"1896-01-01", "1904-12-31"}, {"1999-12-01", "2001-03-02"}, {"0001-01-01", "0004-03-01"}, {"9999-11-01", "9999-12-31"}}
	for _, span := range days {
		from, _ := hall.ParseDate(span[0])
		until, _ := hall.ParseDate(span[1])
		for d := from; d <= until; d++ {
			body := fmt.Appendf(nil, `{"id":"l","time":"2020-11-03T08:00:00Z","person":"1","kind":"x","from":%q,"until":%q}`, d, d)
			event, err := hall.Decode("rollcall.demo.leave.console", body)
			if err != nil || event.Fact.(*hall.Leave).From.Date != d {
				t.Fatalf("%s: %+v, %v", d, event.Fact, err)
			}
		}
	}
}

var bodies = map[string]string{
	"punch":   `{"id":"T03-004377","person":"1052","time":"2020-11-02T08:10:11+08:00","method":"face"}`,
	"general": `{"id":"T03-004377","person":"1052","time":"2020-11-02T08:10:11+08:00","method":"face","temperature":36.5}`,
	"patrol":  `{"id":"p-005229","time":"2020-11-03T15:00:00+08:00","inspector":"I01","kind":"phone_use","window":"w08","person":"1023","note":"玩手机"}`,
}

func BenchmarkDecodePunch(b *testing.B)   { benchmarkDecode(b, punchSubject, bodies["punch"]) }
func BenchmarkDecodeGeneral(b *testing.B) { benchmarkDecode(b, punchSubject, bodies["general"]) }
func BenchmarkDecodePatrol(b *testing.B) {
	benchmarkDecode(b, "rollcall.demo.patrol.I01", bodies["patrol"])
}

func benchmarkDecode(b *testing.B, subject, body string) {
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	raw := []byte(body)
	for b.Loop() {
		if _, err := hall.Decode(subject, raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeLine(b *testing.B) {
	b.ReportAllocs()
	line := hall.EncodeLine(punchSubject, []byte(bodies["punch"]))
	for b.Loop() {
		subject, body, err := hall.DecodeLine(line)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := hall.Decode(subject, body); err != nil {
			b.Fatal(err)
		}
	}
}

// indented and reversed write the same object in other ways.
func indented(t testing.TB, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, body, "\t", " "); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestNamesPerson: whatever way a person's id is written, the canonical body has
// the bytes that are looked for.
func TestNamesPerson(t *testing.T) {
	for _, person := range []hall.PersonID{"1023", "某甲", `a"b`, `a\b`, "<&>", "@w01", "\u2028"} {
		for _, written := range []string{string(mustJSON(t, person)), escapedJSON(person)} {
			body := `{"window":"w01", "person": ` + written + `}`
			canonical, err := hall.Canonical([]byte(body))
			if err != nil || !bytes.Contains(canonical, hall.NamesPerson(person)) {
				t.Errorf("NamesPerson(%s) = %s is not in %s (%v)", person, hall.NamesPerson(person), canonical, err)
			}
		}
		if other := []byte(`{"person":"x"}`); bytes.Contains(other, hall.NamesPerson(person)) {
			t.Errorf("NamesPerson(%s) is in %s", person, other)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// escapedJSON writes a text with every letter escaped.
func escapedJSON(person hall.PersonID) string {
	var b strings.Builder
	for _, r := range string(person) {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}
