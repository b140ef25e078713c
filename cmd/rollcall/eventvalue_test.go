package main

import (
	"encoding/json"
	"testing"
	"time"
)

func TestFieldValue(t *testing.T) {
	// 23:30 of the 3rd in UTC is the 4th in the hall.
	in := place{zone: defaultZone, now: time.Date(2020, 11, 3, 23, 30, 0, 0, time.UTC).In(defaultZone)}
	tests := []struct{ kind, text, want string }{ // want "" = refused
		{"time", "2020-11-03 08:21", `"2020-11-03T08:21:00+08:00"`},
		{"time", "2020-11-03T08:21:07", `"2020-11-03T08:21:07+08:00"`},
		{"time", "2020-11-03T00:21:07Z", `"2020-11-03T00:21:07Z"`},
		{"time", "08:21", `"2020-11-04T08:21:00+08:00"`},
		{"time", "yesterday 08:21", `"2020-11-03T08:21:00+08:00"`},
		{"time", "now", `"2020-11-04T07:30:00+08:00"`},
		{"time", "2020-11-03", ""},
		{"time", "25:00", ""},
		{"date or time", "2020-11-03", `"2020-11-03"`},
		{"date or time", "today", `"2020-11-04"`},
		{"date or time", "2020-11-03 08:21", `"2020-11-03T08:21:00+08:00"`},
		{"date or time", "2020-11-31", ""},
		{"date, time, true or false", "true", `true`},
		{"date", "2020-11-03 08:21", ""},
		{"month", "2020-11", `"2020-11"`},
		{"month", "2020-13", ""},
		{"integer", "14", `14`},
		{"integer", "1e5", ""},
		{"integer", "1.5", ""},
		{"number or text", "99.80", `99.80`},
		{"number or text", "007", `"007"`},
		{"number or text", "1e5", `"1e5"`},
		{"number or text", "满意", `"满意"`},
		{"text", "x", `"x"`},
	}
	for _, tt := range tests {
		value, want := fieldValue(tt.kind, tt.text, in)
		got := ""
		if want == "" {
			b, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			got = string(b)
		}
		if got != tt.want {
			t.Errorf("fieldValue(%s, %q) = %s (%s), want %s", tt.kind, tt.text, got, want, tt.want)
		}
	}
}
