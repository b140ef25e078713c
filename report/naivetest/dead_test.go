package naivetest_test

import (
	"strings"
	"testing"

	"rollcall/report/naivetest"
)

// TestDeadLetters holds the field that a bad line is set aside for; "-" is null, "" means that the line counts.
func TestDeadLetters(t *testing.T) {
	const made = `"time":"2024-09-26T08:20:00+08:00"`
	policy := map[string]any{"hall": "h", "name": "h", "timezone": "Asia/Shanghai", "effective": "2024-09-26"}
	for _, c := range []struct{ name, line, field string }{
		{"blank", ``, "-"},
		{"half a line", `{"subject":"rollcall.h.punch.T01"`, "-"},
		{"two objects", `{"subject":"rollcall.h.punch.T01","data":{}}{}`, "-"},
		{"no object", `{"subject":"rollcall.h.punch.T01","data":[]}`, "-"},
		{"another hall", `{"subject":"rollcall.i.nap.T01","data":{}}`, ""},
		{"unknown kind", `{"subject":"rollcall.h.nap.T01","data":{` + made + `}}`, "subject"},
		{"hall like a date", `{"subject":"rollcall.2024-09-26.punch.T01","data":{` + made + `}}`, "subject"},
		{"no id", `{"subject":"rollcall.h.punch.T01","data":{` + made + `,"person":"1"}}`, ""},
		{"null id", `{"subject":"rollcall.h.punch.T01","data":{"id":null,` + made + `,"person":"1"}}`, "id"},
		{"comma in the time", `{"subject":"rollcall.h.punch.T01","data":{"time":"2024-09-26T08:20:00,5Z","person":"1"}}`, "time"},
		{"image before the kind", `{"subject":"rollcall.h.nap.T01","data":{"x":["data:,"]}}`, "x"},
		{"image before the time", `{"subject":"rollcall.h.punch.T01","data":{"note":"` + strings.Repeat("x", 4097) + `"}}`, "note"},
		{"just short enough", `{"subject":"rollcall.h.punch.T01","data":{` + made + `,"person":"1","note":"` + strings.Repeat("x", 4096) + `"}}`, ""},
		{"empty optional field", `{"subject":"rollcall.h.punch.T01","data":{` + made + `,"person":"1","terminal":"","method":null}}`, ""},
		{"any seq", `{"subject":"rollcall.h.punch.T01","data":{` + made + `,"person":"1","seq":[1]}}`, ""},
		{"ruling on a punch", `{"subject":"rollcall.h.ruling.c","data":{` + made + `,"on":"h/punch/T01/p","state":"rejected","by":"m","reason":"r"}}`, "person"},
		{"ruling on a punch, no date", `{"subject":"rollcall.h.ruling.c","data":{` + made + `,"on":"h/punch/T01/p","state":"rejected","by":"m","reason":"r","person":"1"}}`, "date"},
		{"mixed span", `{"subject":"rollcall.h.leave.c","data":{` + made + `,"person":"1","kind":"k","from":"2024-09-27","until":"2024-09-26T00:00:00Z"}}`, ""},
		{"span of dates", `{"subject":"rollcall.h.leave.c","data":{` + made + `,"person":"1","kind":"k","from":"2024-09-27","until":"2024-09-26"}}`, "until"},
		{"a date of any year", `{"subject":"rollcall.h.leave.c","data":{` + made + `,"person":"1","kind":"k","from":"1024-09-27","until":"2999-09-26"}}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := naivetest.Judge([]map[string]any{policy}, []string{c.line}, "2024-09", "2024-10-01T00:00:00Z", nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := deadField(doc); got != c.field {
				t.Errorf("field = %q, want %q", got, c.field)
			}
		})
	}
}

func deadField(doc map[string]any) string {
	list := doc["dead"].([]any)
	if len(list) == 0 {
		return ""
	}
	if field, ok := list[0].(map[string]any)["field"].(string); ok {
		return field
	}
	return "-"
}
