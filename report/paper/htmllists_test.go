package paper_test

import (
	"strings"
	"testing"

	"rollcall/hall"
)

// TestPage is one page that needs nothing else, in which nothing is markup that
// came from outside.
func TestPage(t *testing.T) {
	r := hostile()
	r.Staff = append(r.Staff, hall.StaffScore{Person: "x", Name: `<script>alert(1)</script>"onload='x'`})
	page := write(t, r, everything, "html")
	for _, bad := range []string{"<script", "<f>", "onload='", "http:", "https:", "src=", "\x1b", "\u202e"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{`<meta charset="utf-8">`, "&lt;script&gt;", "人员排名（草稿，未封账）", `<p>本月无违规。</p>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if first := write(t, r, everything, "html"); first != page {
		t.Error("the page of the same report has other bytes")
	}
}
