package main

import "testing"

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
