package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

func (f *folder) differ(t testing.TB, asOf string, number int) *report.Difference {
	t.Helper()
	var d *report.Difference
	err := f.store.View(func(v *store.View) (err error) {
		q := report.Question{Hall: f.hall, Month: parse(t, hall.ParseMonth, "2021-03"), AsOf: parse(t, hall.ParseInstant, asOf), FromFile: true}
		d, err = report.Differ(v, statutory(t), q, number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// causesOf writes `list line: cause cause`.
func causesOf(d *report.Difference, lists ...string) []string {
	var lines []string
	for i := range d.Changes {
		c := &d.Changes[i]
		if !slices.Contains(lists, c.List) {
			continue
		}
		words := []string{c.List, c.Line + ":"}
		for _, cause := range c.Causes {
			name := cause.Kind
			if cause.UID != "" {
				name = string(cause.UID[strings.LastIndexByte(string(cause.UID), '/')+1:])
			}
			words = append(words, name)
		}
		if c.Together {
			words = append(words, "together")
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

// TestCauses: a ruling takes one violation away, which makes another no
// repetition; of two leaves on one day either would do; ranks are moved by both.
func TestCauses(t *testing.T) {
	policy, lines := lake(t)
	issue, _ := sealed(t, fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00"), 1)
	leave := func(id string) string {
		return fmt.Sprintf(`{"subject":"rollcall.lake.leave.office","data":{"id":%q,"time":"2021-04-06T09:00:00+08:00","person":"103","kind":"annual","from":"2021-03-31","until":"2021-03-31"}}`, id)
	}
	events := append(issue, lateFound, leave("v1"), leave("v2"))
	f := fold(t, policy, append(slices.Clone(lines), strings.Join(events, "\n")...))
	d := f.differ(t, afterMonth, 0)
	if !d.Complete || d.Since != 1 || d.Issue != nil {
		t.Errorf("difference since %d, complete: %t", d.Since, d.Complete)
	}
	if diff := cmp.Diff([]string{
		"violations 2021-03-30/morning/in/102: u9",
		"violations 2021-03-31/morning/in/102: u9",
		"violations 2021-03-31/morning/in/103: v1 v2 together",
		"staff 102: u9",
		"rejected 2021-03-30/morning/in/102: u9",
	}, slices.DeleteFunc(causesOf(d, "violations", "staff", "rejected"), func(line string) bool {
		return strings.HasPrefix(line, "staff 1") && !strings.HasPrefix(line, "staff 102") || strings.Contains(line, "afternoon")
	})); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
}

// TestCausesOfASecondPunch: the uid of a punch around the month is there already, and
// a punch of the month that has it is none the less new.
func TestCausesOfASecondPunch(t *testing.T) {
	policy, lines := lake(t)
	punch := func(at string) string {
		return fmt.Sprintf(`{"subject":"rollcall.lake.punch.T1","data":{"id":"twice","time":%q,"person":"102"}}`, at)
	}
	lines = append(lines, punch("2021-02-25T20:00:00+08:00")+"\n"...)
	issue, _ := sealed(t, fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00"), 1)
	events := append(issue, punch("2021-03-31T08:20:00+08:00"))
	f := fold(t, policy, append(slices.Clone(lines), strings.Join(events, "\n")...))
	want := []string{"punches lake/punch/T1/twice: twice"}
	if diff := cmp.Diff(want, slices.DeleteFunc(causesOf(f.differ(t, afterMonth, 0), "punches"), func(line string) bool { return !strings.Contains(line, "twice:") })); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
}

// TestCausesOfTime: nothing has come, and bands have closed.
func TestCausesOfTime(t *testing.T) {
	policy, lines := lake(t)
	issue, _ := sealed(t, fold(t, policy, lines).draft(t, "2021-03-31T09:00:00+08:00"), 1)
	d := fold(t, policy, append(slices.Clone(lines), strings.Join(issue, "\n")...)).differ(t, afterMonth, 0)
	if len(d.Changes) == 0 {
		t.Fatal("nothing changed")
	}
	for _, line := range causesOf(d, "pending", "violations", "full_attendance") {
		if !strings.HasSuffix(line, ": time") {
			t.Errorf("cause of %s, want time", line)
		}
	}
}

// TestCausesOfTerminals: what terminals have said bears on all whose punches are
// waited for, also where time alone would have been enough.
func TestCausesOfTerminals(t *testing.T) {
	const (
		atNine  = "2021-04-01T09:00:00+08:00" // the last band has closed at midnight
		alive   = `{"subject":"rollcall.lake.terminal.gw","data":{"id":"h2","time":"2021-04-01T08:00:00+08:00","terminal":"T1","state":"alive","complete_until":"2021-04-01T08:00:00+08:00"}}`
		another = `{"subject":"rollcall.lake.punch.T1","data":{"id":"y1","time":"2021-04-01T08:20:00+08:00","person":"101"}}`
		second  = `{"subject":"rollcall.lake.terminal.gw","data":{"id":"h3","time":"2021-04-01T08:30:00+08:00","terminal":"T2","state":"retired"}}`
		leave   = `{"subject":"rollcall.lake.leave.office","data":{"id":"v3","time":"2021-04-01T08:30:00+08:00","person":"104","kind":"annual","from":"2021-03-29","until":"2021-03-29"}}`
		far     = `{"subject":"rollcall.lake.punch.T1","data":{"id":"y%d","time":"2021-04-%02dT08:20:00+08:00","person":"101"}}`
	)
	for name, tt := range map[string]struct {
		before []string
		later  []string
		asOf   string
		want   string
	}{
		"terminals":                          {nil, []string{alive, second}, atNine, "terminals"},
		"the punch of somebody else":         {nil, []string{another, second, leave}, atNine, "terminals"},
		"time":                               {nil, nil, afterMonth, "time"},
		"either":                             {nil, []string{alive, second}, afterMonth, "terminals time together"},
		"one was retired before":             {[]string{second}, []string{another}, atNine, "terminals"},
		"nothing but time, far from April":   {[]string{second}, nil, "2021-09-01T00:00:00+08:00", "time"},
		"a later punch than the one of then": {[]string{fmt.Sprintf(far, 2, 6)}, []string{fmt.Sprintf(far, 3, 7), second}, atNine, "terminals"},
	} {
		t.Run(name, func(t *testing.T) {
			policy, lines := lake(t)
			lines = append(lines, strings.Join(tt.before, "\n")+"\n"...)
			issue, _ := sealed(t, fold(t, policy, lines).draft(t, atNine), 1)
			events := append(issue, tt.later...)
			d := fold(t, policy, append(lines, strings.Join(events, "\n")...)).differ(t, tt.asOf, 0)
			want := []string{"pending 2021-03-31/afternoon/out/106: " + tt.want}
			got := slices.DeleteFunc(causesOf(d, "pending"), func(line string) bool { return !strings.Contains(line, "03-31/afternoon/out/106") })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCausesElsewhere: an event of another month for which a ruling waited, and a veto
// of an earlier one.
func TestCausesElsewhere(t *testing.T) {
	policy, lines := lake(t)
	lines = append(lines, `{"subject":"rollcall.lake.ruling.office","data":{"id":"u7","time":"2021-04-01T09:00:00+08:00","on":"lake/leave/office/v7","state":"cancelled","by":"主任","reason":"误报"}}`+"\n"...)
	issue, _ := sealed(t, fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00"), 1)
	events := append(issue, `{"subject":"rollcall.lake.leave.office","data":{"id":"v7","time":"2021-04-05T09:00:00+08:00","person":"103","kind":"annual","from":"2021-06-01","until":"2021-06-01"}}`)
	d := fold(t, policy, append(lines, strings.Join(events, "\n")...)).differ(t, afterMonth, 0)
	if diff := cmp.Diff([]string{"unresolved lake/ruling/office/u7: v7"}, causesOf(d, "unresolved")); diff != "" {
		t.Errorf("causes of a ruling that waited (-want +got):\n%s", diff)
	}
}

// TestCausesOfAnIssue: an issue is explained from the events that it names, whatever
// came later.
func TestCausesOfAnIssue(t *testing.T) {
	policy, lines := lake(t)
	first, _ := sealed(t, fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00"), 1)
	events := append(first, lateFound)
	second, _ := sealed(t, fold(t, policy, append(slices.Clone(lines), strings.Join(events, "\n")...)).draft(t, afterMonth), 1)
	late := `{"subject":"rollcall.lake.leave.office","data":{"id":"v1","time":"2021-04-16T09:00:00+08:00","person":"102","kind":"annual","from":"2021-03-31","until":"2021-03-31"}}`
	events = append(append(events, second...), late)
	f := fold(t, policy, append(slices.Clone(lines), strings.Join(events, "\n")...))
	want := []string{"violations 2021-03-30/morning/in/102: u9", "violations 2021-03-31/morning/in/102: u9"}
	if diff := cmp.Diff(want, causesOf(f.differ(t, afterMonth, 2), "violations")); diff != "" {
		t.Errorf("causes of issue 2 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"violations 2021-03-31/morning/in/102: v1"}, causesOf(f.differ(t, afterMonth, 0), "violations")); diff != "" {
		t.Errorf("causes since issue 2 (-want +got):\n%s", diff)
	}
}

// TestEveryChangeHasACause, and none is laid to the program: the events of an issue
// alone give the issue again.
func TestEveryChangeHasACause(t *testing.T) {
	if testing.Short() {
		t.Skip("settles each month dozens of times")
	}
	rapid.Check(t, func(t *rapid.T) {
		if rapid.IntRange(0, 3).Draw(t, "one of four") > 0 {
			return // a search takes as long as dozens of questions
		}
		g, come, late, remove := cutMonth(t)
		defer remove()
		g.fold(come...)
		g.seal()
		g.fold(late...)
		g.question.AsOf += hall.Instant(rapid.IntRange(0, 40).Draw(t, "days later")) * 86400
		var d *report.Difference
		err := g.store.View(func(v *store.View) (err error) {
			d, err = report.Differ(v, configs.Statutory(), g.question, 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range d.Changes {
			c := &d.Changes[i]
			if len(c.Causes) == 0 && d.Complete {
				t.Fatalf("%s %s: %q -> %q has no cause", c.List, c.Line, c.Was, c.Is)
			}
			if len(c.Causes) == 1 && c.Causes[0].Kind == report.CauseProgram {
				t.Fatalf("%s %s: %q -> %q is laid to the program", c.List, c.Line, c.Was, c.Is)
			}
		}
	})
}

// TestManyLateEvents: hundreds of late punches of a hall of a hundred are explained
// within a bounded number of settlements.
func TestManyLateEvents(t *testing.T) {
	if testing.Short() {
		t.Skip("a hall of a hundred")
	}
	policy, lines, late := hallOfHundred(t)
	d := fold(t, policy, lines).draft(t, "2021-04-05T09:00:00+08:00")
	parts, _, err := d.Parts(report.Form{By: "督查科", Made: parse(t, hall.ParseInstant, "2021-04-05T10:00:00+08:00"), Source: "office"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		lines = append(append(lines, hall.EncodeLine(p.Subject, p.Body)...), '\n')
	}
	f := fold(t, policy, append(lines, late...))
	begun := time.Now()
	got := f.differ(t, afterMonth, 0)
	t.Logf("%d changes, %d parts, %v", len(got.Changes), len(parts), time.Since(begun))
	named := 0
	for i := range got.Changes {
		if c := &got.Changes[i]; c.List == "violations" && len(c.Causes) == 1 && c.Causes[0].Kind == string(hall.KindPunch) {
			named++
		}
	}
	if named < 300 {
		t.Errorf("%d violations are laid to one punch each, want 300 or more", named)
	}
}

// hallOfHundred is the lake with a hundred people who punch four times a day for
// three days; four hundred punches come late.
func hallOfHundred(t *testing.T) (policy, lines []byte, late string) {
	t.Helper()
	policy, _ = lake(t)
	var early, after strings.Builder
	line := func(b *strings.Builder, kind hall.Kind, source, body string) {
		b.Write(hall.EncodeLine(hall.Subject("lake", kind, source), []byte(body)))
		b.WriteByte('\n')
	}
	for i := range 100 {
		person := fmt.Sprint(1000 + i)
		line(&early, hall.KindRoster, "office", fmt.Sprintf(`{"id":"r%s","time":"2021-03-01T09:00:00+08:00","person":%[1]q,"name":"人%[1]s","window":"b%d","class":"resident","from":"2021-03-01"}`, person, 2+i%2))
		for day := 29; day <= 31; day++ {
			for n, at := range []string{"08:20", "12:05", "13:50", "17:40"} {
				b := &early
				if (i+day+n)%3 == 0 {
					b = &after
				}
				line(b, hall.KindPunch, "T1", fmt.Sprintf(`{"id":"%s-%d-%d","time":"2021-03-%dT%s:00+08:00","person":%[1]q}`, person, day, n, day, at))
			}
		}
	}
	return policy, []byte(early.String()), after.String()
}
