package hall_test

import (
	"errors"
	"strings"
	"testing"

	"rollcall/hall"
)

func TestDecodeLine(t *testing.T) {
	for _, tt := range []struct{ name, line, subject, data string }{
		{"usual", `{"subject": "rollcall.demo.punch.T03", "data": {"id": "a"}}`, "rollcall.demo.punch.T03", `{"id": "a"}`},
		{"the other way round", `{"data":{"a":[1,{}]} ,"subject":"s"}`, "s", `{"a":[1,{}]}`},
		{"more fields, and escapes", `{"line":7,"data":5,"subject":"\u0061.\"b"}`, `a."b`, `5`},
		{"the last of two", `{"subject":"a","data":1,"data":2,"subject":"b"}`, "b", `2`},
		{"no data", `{"subject":"a"}`, "a", `null`},
		{"names have one case", `{"subject":"a","Subject":"b","DATA":1}`, "a", `null`},
		{"carriage return", "{\"subject\":\"a\",\"data\":{}}\r", "a", `{}`},
	} {
		subject, data, err := hall.DecodeLine([]byte(tt.line))
		if subject != tt.subject || string(data) != tt.data || err != nil {
			t.Errorf("%s: DecodeLine = %q, %s, %v; want %q, %s", tt.name, subject, data, err, tt.subject, tt.data)
		}
	}
}

func TestDecodeLineRejects(t *testing.T) {
	for _, tt := range []struct{ name, line, field, reason string }{
		{"blank", "", "", "empty"},
		{"torn", `{"subject":"rollcall.demo.punch.T03","data":{"id":"a"`, "", "no JSON"},
		{"a list", `["rollcall.demo.punch.T03"]`, "", "no JSON object"},
		{"no subject", `{"data":` + punchBody + `}`, "subject", "missing field subject: want rollcall."},
		{"null as subject", `{"subject":null,"data":` + punchBody + `}`, "subject", "missing field subject"},
		{"a number as subject", `{"subject":5}`, "subject", "bad subject 5: want rollcall."},
		{"a data: URL as subject of the data", `{"data":{"subject":"data:,x"}}`, "subject", "data: URL"},
		{"an image before the subject", `{"data":{"a":"data:,x"}}`, "a", "data: URL"},
	} {
		subject, _, err := hall.DecodeLine([]byte(tt.line))
		rejection, ok := errors.AsType[*hall.Rejection](err)
		if !ok || subject != "" || rejection.Subject != "" {
			t.Errorf("%s: DecodeLine = %q, %v; want a rejection without subject", tt.name, subject, err)
			continue
		}
		if rejection.Field != tt.field || !strings.Contains(rejection.Reason, tt.reason) {
			t.Errorf("%s: field %q, reason %q; want %q and a reason with %q", tt.name, rejection.Field, rejection.Reason, tt.field, tt.reason)
		}
	}
}

func TestEncodeLine(t *testing.T) {
	line := hall.EncodeLine(`a"b`, []byte("{\r\n\"note\": \"c\\nd\"\n}"))
	if got, want := string(line), `{"subject":"a\"b","data":{  "note": "c\nd" }}`; got != want {
		t.Errorf("EncodeLine = %s, want %s", got, want)
	}
	subject, data, err := hall.DecodeLine(line)
	if subject != `a"b` || string(data) != `{  "note": "c\nd" }` || err != nil {
		t.Errorf("DecodeLine(EncodeLine) = %q, %s, %v", subject, data, err)
	}
}
