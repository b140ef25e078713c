package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"rollcall/configs"
	"rollcall/report"
)

// TestWhatIfStoresNothing asks for a month under another policy: it is answered,
// the log has no further message, and a body over the limit is refused.
func TestWhatIfStoresNothing(t *testing.T) {
	server, d := newServer(t)
	before := len(d.messages)
	_, doc, err := configs.ReadPolicy("hall.yaml", bytes.Replace(configs.ExamplePolicy(), []byte("grace: 0m "), []byte("grace: 15m"), 1))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(body []byte) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/api/v1/halls/demo/months/2020-11/what-if", bytes.NewReader(body))
		server.ServeHTTP(w, r)
		return w
	}
	w := ask(doc)
	var answer report.WhatIf
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
		t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
	}
	if len(answer.Violations) != 1 || answer.Violations[0].ID != "2020-11-03/morning/in/1001" || answer.Violations[0].Would != nil {
		t.Errorf("violations = %+v, want the late arrival to go", answer.Violations)
	}
	if len(d.messages) != before {
		t.Errorf("%d messages, want the %d of before", len(d.messages), before)
	}
	if w := ask(bytes.Repeat([]byte(" "), 1<<20)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 1 MiB is answered with %d, want %d", w.Code, http.StatusRequestEntityTooLarge)
	}
}
