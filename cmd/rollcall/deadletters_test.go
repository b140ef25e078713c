package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestDeadListReadsEveryPage: the daemon answers a page at a time.
func TestDeadListReadsEveryPage(t *testing.T) {
	for format, want := range map[string]string{"text": "\n3  rollcall.h.punch.T  -: why\n", "json": `"sequence": 3`} {
		cl, asked := daemonThat(t, func(w http.ResponseWriter, n int32) {
			next := "null"
			if n < 3 {
				next = fmt.Sprint(n)
			}
			fmt.Fprintf(w, `{"dead":[{"sequence":%d,"subject":"rollcall.h.punch.T","field":null,"reason":"why"}],"next":%s}`, n, next)
		})
		var out bytes.Buffer
		if err := (&cli{stdout: &out}).listDead(t.Context(), cl, "h", format); err != nil {
			t.Fatal(err)
		}
		if asked.Load() != 3 || !strings.Contains(out.String(), want) {
			t.Errorf("asked %d times, and printed %s", asked.Load(), out.String())
		}
	}
}

func TestVisible(t *testing.T) {
	got := visible("{\"a\":\t\"甲\"}\n\x1b[2J\x1b]0;x\a\r\u009b31m\x7f\u202eb")
	want := "{\"a\":\t\"甲\"}\n\\x1b[2J\\x1b]0;x\\a\\r\\u009b31m\\x7f\\u202eb"
	if got != want {
		t.Errorf("visible = %q, want %q", got, want)
	}
	if got, want := oneLine("rollcall.\x1b[31m.\n甲\u202e"), `rollcall.\x1b[31m.\n甲\u202e`; got != want {
		t.Errorf("oneLine = %q, want %q", got, want)
	}
}
