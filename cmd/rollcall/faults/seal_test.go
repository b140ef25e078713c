package faults_test

// Sealing a month: by two people at once, under kill -9, and brought over in pieces.

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/report"
	"rollcall/web"
)

const theIssues = "/api/v1/halls/demo/months/" + theMonth + "/issues"

// seal asks for an issue of the month.
func (d *daemon) seal(by, force string) (status int, answer string) {
	d.t.Helper()
	body, err := json.Marshal(map[string]string{"by": by, "force": force, "source": by, "as_of": theAsOf})
	if err != nil {
		d.t.Fatal(err)
	}
	return d.post(theIssues, string(body))
}

// issues are those of the month, and the numbers of which parts are missing.
func (d *daemon) issues() (list []report.Issued, lacking []int) {
	d.t.Helper()
	status, body := d.get(theIssues)
	var answer struct {
		Issues  []report.Issued
		Lacking []int
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusOK {
		d.t.Fatalf("issues = %d %s: %v", status, body, err)
	}
	return answer.Issues, answer.Lacking
}

// printed is an issue as every list prints it.
func (d *daemon) printed(number int) string {
	d.t.Helper()
	var text strings.Builder
	for _, list := range []string{"all", "days", "punches"} {
		text.WriteString(succeeds(d.t, "report", theMonth, "--issue", fmt.Sprint(number), "--list", list, "--format", "json", "--server", d.url))
	}
	return text.String()
}

// TestTwoSealAtOnce: of several people who seal a month at the same moment one
// wins, and the others are told.
func TestTwoSealAtOnce(t *testing.T) {
	d := start(t, t.TempDir())
	d.load(someMonth(t, 2000))
	const people = 6
	var all sync.WaitGroup
	answers := make([]string, people)
	won := make([]bool, people)
	for i := range people {
		all.Go(func() {
			status, answer := d.seal(fmt.Sprint("clerk", i), "")
			answers[i], won[i] = fmt.Sprintf("%d %s", status, answer), status == http.StatusCreated
			if status != http.StatusCreated && status != http.StatusConflict {
				t.Errorf("clerk %d: %s", i, answers[i])
			}
		})
	}
	all.Wait()
	list, lacking := d.issues()
	if winner := slices.Index(won, true); len(list) != 1 || len(lacking) > 0 || winner < 0 || slices.Contains(won[winner+1:], true) || list[0].By != fmt.Sprint("clerk", winner) {
		t.Errorf("%d issues, lacking %v, answers %q", len(list), lacking, answers)
	}
	if list[0].Parts < 2 {
		t.Errorf("the issue has %d part, want several", list[0].Parts)
	}
	t.Logf("%d parts", list[0].Parts)
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}

// TestKilledWhileSealing: an issue is there whole or not at all, and sealing goes on.
func TestKilledWhileSealing(t *testing.T) {
	r := chances(t)
	dir := t.TempDir()
	d := start(t, dir)
	d.load(someMonth(t, 2000))
	var kept []string
	for round := range rounds(t, 4) {
		answered := make(chan int, 1)
		go func() {
			status, _ := d.post(theIssues, fmt.Sprintf(`{"by":"督查科","force":"第%d次","as_of":%q}`, round, theAsOf))
			answered <- status
		}()
		select {
		case status := <-answered:
			answered <- status
		case <-time.After(time.Duration(r.IntN(400)) * time.Millisecond):
		}
		d.kill()
		sealed := <-answered == http.StatusCreated
		d = start(t, dir)
		list, lacking := d.issues()
		if len(lacking) > 0 || len(list) < len(kept) || sealed && len(list) != len(kept)+1 {
			t.Fatalf("round %d: %d issues after %d, answered: %t, lacking %v", round, len(list), len(kept), sealed, lacking)
		}
		for i, text := range kept {
			if d.printed(i+1) != text {
				t.Fatalf("round %d: issue %d prints otherwise", round, i+1)
			}
		}
		for i := len(kept); i < len(list); i++ {
			if list[i].Broken != "" {
				t.Fatalf("round %d: issue %d is broken: %s", round, i+1, list[i].Broken)
			}
			kept = append(kept, d.printed(i+1))
		}
	}
	t.Logf("%d issues", len(kept))
	succeeds(t, "rebuild", "--server", d.url)
	succeeds(t, "verify", "--server", d.url)
	for i, text := range kept {
		if d.printed(i+1) != text {
			t.Errorf("after a rebuild issue %d prints otherwise", i+1)
		}
	}
	d.stop()
}

// TestSealInPieces: an issue of which a part is missing is none; once the part is
// there it is the issue that it was.
func TestSealInPieces(t *testing.T) {
	d := start(t, t.TempDir())
	d.load(someMonth(t, 2000))
	if status, answer := d.seal("office", ""); status != http.StatusCreated {
		t.Fatalf("seal = %d %s", status, answer)
	}
	want := d.printed(1)
	lines := strings.Split(strings.TrimSpace(succeeds(t, "export", "--server", d.url)), "\n")
	d.stop()
	second := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, `"id":"`+theMonth+`-1-2"`) })
	if second < 0 {
		t.Fatal("the issue has no second part")
	}
	missing := lines[second]

	d = start(t, t.TempDir())
	succeeds(t, "import", written(t, slices.Delete(slices.Clone(lines), second, second+1)), "--force", "--server", d.url)
	if list, lacking := d.issues(); len(list) > 0 || !slices.Equal(lacking, []int{1}) {
		t.Errorf("%d issues, lacking %v, want none and 1", len(list), lacking)
	}
	l := d.lists()
	if string(l["sealed"]) != "null" || !strings.Contains(string(l["warnings"]), report.WarnSealIncomplete) {
		t.Errorf("sealed = %s, warnings %s", l["sealed"], l["warnings"])
	}
	var would web.Sealing
	if status, answer := d.post(theIssues, `{"dry_run":true}`); status != http.StatusOK || json.Unmarshal([]byte(answer), &would) != nil || would.Number != 2 {
		t.Errorf("the next issue = %d %s, want 2", status, answer)
	}
	succeeds(t, "import", written(t, []string{missing}), "--force", "--server", d.url)
	if got := d.printed(1); got != want {
		t.Error("with the missing part issue 1 prints otherwise")
	}
	succeeds(t, "verify", "--server", d.url)
	d.stop()
}
