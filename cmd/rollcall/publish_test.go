package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"rollcall/ingest/bus/bustest"
)

// daemonThat answers the n-th request, from 1 on, with what answer writes.
func daemonThat(t *testing.T, answer func(w http.ResponseWriter, n int32)) (*client, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, asked.Add(1))
	}))
	t.Cleanup(server.Close)
	cl, err := newClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.close)
	return cl, &asked
}

func refuseWith(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status":%d,"code":%q,"detail":"why"}`, status, code)
}

const counted = `{"uid":"h/punch/c/1","sequence":7,"folded":true,"became":"counts","why":""}`

func TestSendAgain(t *testing.T) {
	tests := []struct {
		name    string
		answer  func(w http.ResponseWriter, n int32)
		asked   int32
		unknown bool
		fails   bool
	}{
		{"at once", func(w http.ResponseWriter, _ int32) { _, _ = w.Write([]byte(counted)) }, 1, false, false},
		{"the stream is silent once", func(w http.ResponseWriter, n int32) {
			if n == 1 {
				refuseWith(w, http.StatusServiceUnavailable, "outcome_unknown")
				return
			}
			_, _ = w.Write([]byte(counted))
		}, 2, false, false},
		{"the stream is silent", func(w http.ResponseWriter, _ int32) {
			refuseWith(w, http.StatusServiceUnavailable, "outcome_unknown")
		}, attempts, true, true},
		{"the connection breaks", func(w http.ResponseWriter, _ int32) { panic(http.ErrAbortHandler) }, attempts, true, true},
		{"refused", func(w http.ResponseWriter, _ int32) { refuseWith(w, http.StatusConflict, "conflict") }, 1, false, true},
		{"halted", func(w http.ResponseWriter, _ int32) { refuseWith(w, http.StatusServiceUnavailable, "halted") }, 1, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cl, asked := daemonThat(t, tt.answer)
			done, err := (&cli{}).send(t.Context(), cl, "rollcall.h.punch.c", []byte(`{"id":"1"}`), false)
			_, unknown := errors.AsType[*unknownError](err)
			if (err != nil) != tt.fails || unknown != tt.unknown || asked.Load() != tt.asked {
				t.Errorf("asked %d times, unknown %v, error %v; want %d, %v, %v", asked.Load(), unknown, err, tt.asked, tt.unknown, tt.fails)
			}
			if err == nil && done.Became != "counts" {
				t.Errorf("became %q, want counts", done.Became)
			}
		})
	}
}

func TestSay(t *testing.T) {
	folded, waiting := true, false
	tests := []struct {
		done   posted
		want   string
		failed bool
	}{
		{posted{UID: "h/punch/c/1", Folded: &folded, Became: "counts"}, "h/punch/c/1: 已保存 - saved; 有效 - counts\n", false},
		{posted{UID: "h/punch/c/1", Folded: &folded, Became: "counts", Duplicate: true}, "saved before (此前已有); 有效", false},
		{posted{UID: "h/leave/c/1", Folded: &folded, Became: "unresolved", Why: "unknown person 9"}, "unresolved (unknown person 9)", true},
		{posted{UID: "h/leave/c/1", Folded: &folded, Became: "something new"}, "; something new", false},
		{posted{UID: "h/leave/c/1", Folded: &waiting, Sequence: 7}, "stored as event 7, not folded yet", true},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		err := (&cli{stdout: &out, stderr: &out}).say(tt.done)
		if !strings.Contains(out.String(), tt.want) || (err != nil) != tt.failed {
			t.Errorf("say(%+v) = %q, %v; want %q, failed %v", tt.done, out.String(), err, tt.want, tt.failed)
		}
	}
}

func TestNoDaemonIsNoUnknownOutcome(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	cl, err := newClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	_, err = (&cli{}).send(t.Context(), cl, "rollcall.h.punch.c", []byte(`{}`), false)
	if _, unknown := errors.AsType[*unknownError](err); err == nil || unknown {
		t.Errorf("send = %v, want an error that is no unknown outcome", err)
	}
}

// TestNoDaemonIsWrongUse: the exit status and one line say that something else is to be
// typed, whatever is asked.
func TestNoDaemonIsWrongUse(t *testing.T) {
	server := "http://" + bustest.Address(t)
	for _, args := range [][]string{
		{"report", "2020-11"}, {"explain", "1001", "2020-11-03"}, {"punch", "--person", "1001"}, {"policy", "show"},
		{"seal", "2020-11", "--by", "m"}, {"unresolved", "2020-11"}, {"deadletters", "list"},
	} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), append(args, "--server", server), nil, strings.NewReader(""), &stdout, &stderr)
		if text := stderr.String(); status != exitUsage || strings.Count(text, "\n") != 1 || !strings.Contains(text, "start one with `rollcall serve`") {
			t.Errorf("%v: status %d, %q", args, status, text)
		}
	}
}
