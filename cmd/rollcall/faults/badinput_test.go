package faults_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"rollcall/ingest/bus/bustest"
)

// bad is a message that changes no list but the named ones.
type bad struct {
	name    string
	subject string // "" = that of a punch
	body    string
	but     string // the list in which it is told; "" = dead
	edge    int    // what POST answers; 0 = 400
}

const (
	goodTime = `"time":"2020-11-03T08:20:00+08:00"`
	byPunch  = "rollcall.demo.punch.T01"
	byPatrol = "rollcall.demo.patrol.I01"
	byDesk   = "rollcall.demo."
)

// badInput is what a careless or hostile publisher sends.
func badInput() []bad {
	punch := func(name, fields string) bad { return bad{name: name, body: "{" + fields + "}"} }
	clock := func(name, at string) bad { return punch(name, `"person":"1001","time":`+at) }
	desk := func(name, kind, fields string) bad {
		return bad{name: name, subject: byDesk + kind + ".desk", body: "{" + goodTime + "," + fields + "}"}
	}
	told := func(list string, edge int, b bad) bad {
		b.but, b.edge = list, edge
		return b
	}
	return []bad{
		{name: "not JSON", body: "face=1001"}, {name: "array", body: "[1]"}, {name: "null", body: "null"}, {name: "half", body: `{"person":"10`},
		{name: "two documents", body: `{} {}`}, {name: "not UTF-8", body: "{\"person\":\"\xff\"," + goodTime + "}"},
		punch("NaN", `"person":"1001","seq":NaN,`+goodTime), punch("007", `"person":"1001","seq":007,`+goodTime),
		{name: "64 KiB + 1", body: `{"person":"1001",` + goodTime + `,"x":` + strings.Repeat(" ", 64<<10) + `1}`},
		punch("image", `"person":"1001",`+goodTime+`,"photo":"data:image/png;base64,AAAA"`),
		punch("image in escapes", `"person":"1001",`+goodTime+`,"photo":"d\u0061ta:image/png;base64,AAAA"`), {name: "image in no JSON", body: `{"photo":"D\u0041TA:image/png;base64,AAAA"`},
		punch("image inside", `"person":"1001",`+goodTime+`,"x":[{"y":"data:image/png;base64,AAAA"}]`),
		punch("long string", `"person":"1001",`+goodTime+`,"x":"`+strings.Repeat("a", 4097)+`"`),
		{name: "deep", body: strings.Repeat(`{"x":`, 10_000) + "1" + strings.Repeat("}", 10_000)},
		{name: "unknown kind", subject: "rollcall.demo.nap.T01", body: `{"person":"1001",` + goodTime + `}`},
		{name: "three tokens", subject: "rollcall.demo.punch", body: `{"person":"1001",` + goodTime + `}`},
		{name: "five tokens", subject: "rollcall.demo.punch.T01.x", body: `{"person":"1001",` + goodTime + `}`},
		{name: "long source", subject: "rollcall.demo.punch." + strings.Repeat("T", 33), body: `{"person":"1001",` + goodTime + `}`},
		punch("no person", goodTime), punch("empty person", `"person":"",`+goodTime), punch("person is an object", `"person":{},`+goodTime),
		punch("NUL in the id", `"id":"a\u0000b","person":"1001",`+goodTime), punch("long id", `"id":"`+strings.Repeat("a", 129)+`","person":"1001",`+goodTime),
		clock("no offset", `"2020-11-03T08:20:00"`), clock("date only", `"2020-11-03"`), clock("epoch", "1604362800"), clock("02-30", `"2020-02-30T08:20:00Z"`),
		clock("25:00", `"2020-11-03T25:00:00Z"`), clock("+99:00", `"2020-11-03T08:20:00+99:00"`), clock("year 1", `"0001-01-01T00:00:00Z"`),
		clock("year 9999", `"9999-12-31T23:59:59Z"`), clock("null", "null"), clock("small t", `"2020-11-03t08:20:00z"`),
		desk("leave ends before its start", "leave", `"person":"1001","kind":"trip","from":"2020-11-04","until":"2020-11-03"`),
		{name: "unnamed -3", subject: byPatrol, body: `{` + goodTime + `,"inspector":"I01","kind":"badge","window":"general","unnamed":-3}`},
		desk("accepted 1.5", "cases", `"month":"2020-11","accepted":1.5,"completed":1,"on_time":1`),
		desk("month 13", "cases", `"month":"2020-13","accepted":1,"completed":1,"on_time":1`),
		desk("state maybe", "ruling", `"on":"demo/patrol/I01/x","state":"maybe","by":"m","reason":"x"`),
		desk("policy with overlapping nonsense", "policy", `"policy":{"hall":"demo","effective":"2020-01-01","punctuality":{"grace":"-5m"}}`),
		desk("policy of another hall", "policy", `"policy":{"hall":"elsewhere"}`),
		desk("policy is a text", "policy", `"policy":"hall: demo"`),

		told("unresolved", http.StatusOK, punch("unknown person", `"id":"b1","person":"9999",`+goodTime)),
		told("unresolved", http.StatusOK, punch("0042 is not 42", `"id":"b2","person":"01001",`+goodTime)),
		told("unresolved", http.StatusOK, desk("ruling on nothing", "ruling", `"id":"b3","on":"demo/patrol/I01/none","date":"2020-11-03","state":"rejected","by":"m","reason":"x"`)),
		told("unresolved", http.StatusOK, bad{name: "unknown kind of note", subject: byPatrol, body: `{"id":"b4",` + goodTime + `,"inspector":"I01","kind":"juggling","person":"1001"}`}),
		told("unresolved", http.StatusOK, bad{name: "unknown window", subject: byPatrol, body: `{"id":"b5",` + goodTime + `,"inspector":"I01","kind":"empty_post","window":"w99"}`}),
		told("conflicts", http.StatusConflict, desk("second body of a roster row", "roster", `"id":"r3","person":"1004","name":"人1004","class":"resident","from":"2020-01-01","window":"market-branch","remark":1`)),
		told("none", http.StatusOK, bad{name: "note that speaks script", subject: byPatrol, body: `{"id":"b6",` + goodTime + `,"inspector":"I01","kind":"clear","person":"1001","note":"\u202e<script>alert(1)</script>"}`}),
		told("none", http.StatusOK, bad{name: "another hall", subject: "rollcall.other.punch.T01", body: `{"id":"b7","person":"1001",` + goodTime + `}`}),
	}
}

func (b bad) outgoing() outgoing {
	if b.subject == "" {
		b.subject = byPunch
	}
	return outgoing{subject: b.subject, body: []byte(b.body)}
}

// line is a line of a file, however broken.
func (b bad) line() string {
	o := b.outgoing()
	return `{"subject":"` + o.subject + `","data":` + b.body + "}"
}

// TestBadInput: with all of it in the log or in the file the lists are byte for
// byte those without, and each is told of in its own list. At the edge each is
// refused with a problem that says why.
func TestBadInput(t *testing.T) {
	events := someMonth(t, 120)
	lines, policies := linesOf(events), []string{policyFile(t)}
	want := evaluated(t, policies, written(t, lines), theMonth, theAsOf)
	// An outside bus lets in any subject below rollcall.
	server := bustest.Started(t).URL()
	d := start(t, t.TempDir(), "--nats", server)
	d.load(events)
	same(t, "daemon without bad input", d.lists(), want)

	var messages []outgoing
	mixed := []string{"", "{", "[]", `{"data":{}}`, `{"subject":"` + byPunch + `"}`, "no line"}
	inFile, inLog := len(mixed), 0
	for i, b := range badInput() {
		messages = append(messages, b.outgoing())
		mixed = append(mixed, lines[i], b.line())
		if b.but == "" {
			inFile, inLog = inFile+1, inLog+1
		}
	}
	mixed = append(mixed, lines[len(badInput()):]...)
	got := evaluated(t, policies, written(t, mixed), theMonth, theAsOf)
	same(t, "evaluate with bad input", got, want, "dead", "unresolved", "conflicts")
	tellsOf(t, "evaluate", got, inFile)
	noImage(t, "evaluate", got)

	d.folded(publishRaw(t, server, messages))
	got = d.lists()
	same(t, "daemon with bad input", got, want, "dead", "unresolved", "conflicts")
	tellsOf(t, "daemon", got, inLog)
	noImage(t, "daemon", got)
	noImageShown(t, d)
	if status, body := d.get("/readyz"); status != http.StatusOK {
		t.Errorf("with bad input /readyz = %d %s", status, body)
	}
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}

// tellsOf wants each bad message in the list that is for it.
func tellsOf(t *testing.T, who string, l lists, dead int) {
	t.Helper()
	count := map[string]int{"dead": dead}
	for _, b := range badInput() {
		if b.but == "unresolved" || b.but == "conflicts" {
			count[b.but]++
		}
	}
	for list, want := range count {
		var rows []json.RawMessage
		if err := json.Unmarshal(l[list], &rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) != want {
			t.Errorf("%s lists %d %s, want %d:\n%s", who, len(rows), list, want, l[list])
		}
	}
}

// noImage wants nothing of what was smuggled.
func noImage(t *testing.T, who string, l lists) {
	t.Helper()
	for key, text := range l {
		if strings.Contains(string(text), "base64") || strings.Contains(string(text), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") {
			t.Errorf("%s shows an image or a long string in %s", who, key)
		}
	}
}

// noImageShown wants nothing of it where a dead letter is shown with its bytes.
func noImageShown(t *testing.T, d *daemon) {
	t.Helper()
	_, text := d.get("/api/v1/deadletters")
	var page struct{ Dead []struct{ Sequence uint64 } }
	if err := json.Unmarshal([]byte(text), &page); err != nil || len(page.Dead) == 0 {
		t.Fatalf("dead letters: %s (%v)", text, err)
	}
	shown := 0
	for _, letter := range page.Dead {
		_, text := d.get(fmt.Sprintf("/api/v1/deadletters/%d", letter.Sequence))
		if strings.Contains(text, "base64") {
			t.Errorf("an image is shown: %s", text)
		}
		if !strings.Contains(text, `"body":null`) {
			shown++
		}
	}
	if shown == 0 {
		t.Error("no dead letter is shown")
	}
}

// TestBadInputAtTheEdge: POST refuses each with a problem, import by its line.
func TestBadInputAtTheEdge(t *testing.T) {
	d := start(t, t.TempDir())
	d.load(founding(t))
	want := d.lists()
	refused := 0
	for _, b := range badInput() {
		edge := b.edge
		if b.but == "" {
			refused++
			edge = http.StatusBadRequest
		}
		status, body := d.post("/api/v1/events?force=1", b.line())
		var p struct{ Code, Detail string }
		if err := json.Unmarshal([]byte(body), &p); status != edge || err != nil || edge >= 400 && (p.Code == "" || p.Detail == "") {
			t.Errorf("POST of %q = %d %.300s, want %d", b.name, status, body, edge)
		}
		if b.but != "" {
			continue
		}
		if status, body := d.post("/api/v1/import?force=1", b.line()+"\n"); status != http.StatusOK || !strings.Contains(body, `"refused":{"line":1,`) || !strings.Contains(body, `"published":0,`) {
			t.Errorf("import of %q = %d %.300s, want its refusal", b.name, status, body)
		}
	}
	for _, large := range []string{strings.Repeat("a", 2<<20), `{"subject":"` + byPunch + `","data":{"x":"` + strings.Repeat("a", 2<<20) + `"}}`} {
		if status, body := d.post("/api/v1/events", large); status != http.StatusRequestEntityTooLarge {
			t.Errorf("POST of 2 MB = %d %.200s", status, body)
		}
	}
	same(t, "after refusals", d.lists(), want, "unresolved", "conflicts", "punches", "patrol", "warnings")
	t.Logf("%d refused", refused)
	d.stop()
}
