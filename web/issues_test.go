package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/web"
)

const november = "/api/v1/halls/demo/months/2020-11"

// ask sends a request and reads its JSON answer.
func ask(t *testing.T, server http.Handler, method, target, body string, into any) int {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			t.Fatalf("%s %s = %s: %v", method, target, w.Body, err)
		}
	}
	return w.Code
}

const forced = `{"by": "督查科", "force": "试验"}`

func TestSealing(t *testing.T) {
	server, d := newServer(t)
	var done web.Sealing
	if code := ask(t, server, http.MethodPost, november+"/issues", forced, &done); code != http.StatusCreated || done.Issue == nil {
		t.Fatalf("seal = %d, %+v", code, done)
	}
	if done.Issue.Number != 1 || done.Issue.By != "督查科" || done.Issue.Forced != "试验" || done.Issue.Sequence != 5 || done.Changed != nil {
		t.Errorf("issue = %+v", done.Issue)
	}
	var month hall.Report
	if code := ask(t, server, http.MethodGet, november, "", &month); code != http.StatusOK || month.Sealed.Digest != done.Issue.Digest || len(month.ChangedSince) > 0 {
		t.Errorf("month = %d, %+v, %v", code, month.Sealed, month.ChangedSince)
	}
	if code := ask(t, server, http.MethodPost, november+"/issues", `{"by": "督查科"}`, nil); code != http.StatusConflict {
		t.Errorf("the same again = %d, want a conflict", code)
	}
	publishPunch(t, d, "late", "2020-11-04T08:20:00+08:00")
	if code := ask(t, server, http.MethodPost, november+"/issues", forced, &done); code != http.StatusCreated || done.Number != 2 || *done.Changed == 0 {
		t.Errorf("issue 2 = %d, %+v", code, done)
	}
	var all struct {
		Issues []struct {
			Digest   string
			Previous string
		}
	}
	ask(t, server, http.MethodGet, november+"/issues", "", &all)
	if len(all.Issues) != 2 || all.Issues[1].Previous != all.Issues[0].Digest {
		t.Errorf("issues = %+v, want two in a chain", all.Issues)
	}
}

func publishPunch(t *testing.T, d *daemon, id, at string) {
	t.Helper()
	if _, err := d.PublishRaw(t.Context(), "rollcall.demo.punch.T01", fmt.Appendf(nil, `{"id":%q,"time":%q,"person":"1001"}`, id, at)); err != nil {
		t.Fatal(err)
	}
}

// TestTwoSealAtOnce lets somebody seal while another's month is being computed.
func TestTwoSealAtOnce(t *testing.T) {
	server, d := newServer(t)
	d.meanwhile = func() {
		if code := ask(t, server, http.MethodPost, november+"/issues", forced, nil); code != http.StatusCreated {
			t.Errorf("the faster one = %d", code)
		}
	}
	var p web.Problem
	if code := ask(t, server, http.MethodPost, november+"/issues", `{"by": "李主任", "force": "试验", "source": "other"}`, &p); code != http.StatusConflict || p.Code != "sealed_meanwhile" {
		t.Errorf("the slower one = %d, %s: %s", code, p.Code, p.Detail)
	}
	var r hall.Report
	if ask(t, server, http.MethodGet, november+"/issues/1", "", &r); r.Sealed.By != "督查科" {
		t.Errorf("sealed by %s", r.Sealed.By)
	}
}

// silent is a log whose answer to a batch is lost.
type silent struct {
	*daemon
	stores bool
}

func (s *silent) PublishTogether(ctx context.Context, events []bus.Outgoing, want bus.Expected) (bus.Ack, error) {
	if s.stores {
		if _, err := s.daemon.PublishTogether(ctx, events, want); err != nil {
			return bus.Ack{}, err
		}
	}
	return bus.Ack{}, bus.ErrUnknown
}

// TestSealWithoutAnswer: what the stream did not answer is looked up.
func TestSealWithoutAnswer(t *testing.T) {
	for _, stores := range []bool{true, false} {
		_, d := newServer(t)
		server := newServerOf(t, d, &silent{d, stores})
		var p web.Problem
		code := ask(t, server, http.MethodPost, november+"/issues", forced, &p)
		if stores && code != http.StatusCreated || !stores && (code != http.StatusServiceUnavailable || p.Code != "outcome_unknown") {
			t.Errorf("stored: %t, seal = %d %s", stores, code, p.Code)
		}
	}
}

// TestHaltedServesIssues: what was issued is answered while the log is broken, as
// it was issued.
func TestHaltedServesIssues(t *testing.T) {
	server, d := newServer(t)
	ask(t, server, http.MethodPost, november+"/issues", forced, nil)
	publishPunch(t, d, "late", "2020-11-03T08:20:00+08:00")
	setState(t, d, "log fault")
	var issue, month hall.Report
	if code := ask(t, server, http.MethodGet, november+"/issues/1", "", &issue); code != http.StatusOK {
		t.Errorf("issue = %d", code)
	}
	code := ask(t, server, http.MethodGet, november, "", &month)
	if code != http.StatusOK || month.Sequence != 5 || len(month.Violations) != len(issue.Violations) || month.Warnings[len(month.Warnings)-1].Code != "halted" {
		t.Errorf("month = %d, up to %d, %v", code, month.Sequence, month.Warnings)
	}
	var p web.Problem
	if code := ask(t, server, http.MethodPost, november+"/issues", forced, &p); code != http.StatusServiceUnavailable || p.Code != "halted" {
		t.Errorf("seal = %d %s", code, p.Code)
	}
}
