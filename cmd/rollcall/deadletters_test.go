package main

import "testing"

func TestVisible(t *testing.T) {
	got := visible("{\"a\":\t\"甲\"}\n\x1b[2J\x1b]0;x\a\r\u009b31m\x7f")
	want := "{\"a\":\t\"甲\"}\n\\x1b[2J\\x1b]0;x\\a\\r\\u009b31m\\x7f"
	if got != want {
		t.Errorf("visible = %q, want %q", got, want)
	}
}
