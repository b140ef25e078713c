package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rollcall/web"
)

// TestPolicyAtTheEdge: a policy with a key that nobody knows, or of another hall than the
// subject's, passes in the fold and is refused where somebody can still correct it; force
// brings an exported log back as it was.
func TestPolicyAtTheEdge(t *testing.T) {
	policy := func(named, more string) string {
		return `{"subject":"rollcall.demo.policy.desk","data":{"id":"p9","time":"2020-12-01T09:00:00+08:00","policy":{"hall":"` + named + `","timezone":"Asia/Shanghai","effective":"2021-01-01","timetables":[{"from":"01-01","sessions":[{"name":"day","start":"09:00","end":"17:00"}]}]` + more + `}}}`
	}
	for _, c := range []struct{ name, line, field string }{
		{"as it should be", policy("demo", ""), ""},
		{"unknown key", policy("demo", `,"surprise":1`), "policy.surprise"},
		{"another hall", policy("other", ""), "policy.hall"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := http.StatusOK
			if c.field != "" {
				want = http.StatusBadRequest
			}
			server, _ := newServer(t)
			var p web.Problem
			if status := ask(t, server, http.MethodPost, "/api/v1/events", c.line, &p); status != want || p.Field != c.field {
				t.Errorf("POST = %d, field %q, want %d, %q", status, p.Field, want, c.field)
			}
			if answer := imported(t, server, "", c.line); strings.Contains(answer, `"refused":{"line":1`) != (c.field != "") {
				t.Errorf("import = %s", answer)
			}
			server, _ = newServer(t)
			if answer := imported(t, server, "?force=1", c.line); !strings.Contains(answer, `"published":1`) {
				t.Errorf("import with force = %s", answer)
			}
			server, _ = newServer(t)
			if status := ask(t, server, http.MethodPost, "/api/v1/events?force=1", c.line, nil); status != http.StatusOK {
				t.Errorf("POST with force = %d", status)
			}
		})
	}
}

// imported is the answer to an import of lines.
func imported(t *testing.T, server http.Handler, query, lines string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1/import"+query, strings.NewReader(lines+"\n"))
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return w.Body.String()
}
