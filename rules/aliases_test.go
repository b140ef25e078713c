package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
	"rollcall/rules"
)

// TestClashes names who goes by one number, on which days, and whose its punches
// are.
func TestClashes(t *testing.T) {
	row := func(uid, person, from, until string, made int, aliases ...string) hall.Roster {
		r := hall.Roster{Head: hall.Head{UID: hall.UID("h/roster/o/" + uid), Time: hall.Instant(made)}, Person: hall.PersonID(person), From: date(t, from), Aliases: aliases}
		if until != "" {
			r.Until = date(t, until)
		}
		return r
	}
	for _, c := range []struct {
		name string
		rows []hall.Roster
		want string
	}{
		{"each their own", []hall.Roster{row("a", "1", "2026-10-01", "", 1, "17"), row("b", "2", "2026-10-01", "", 1, "18")}, ""},
		{"one number, the later row holds", []hall.Roster{row("a", "1", "2026-10-01", "", 2, "17"), row("b", "2", "2026-10-01", "", 1, "17")},
			"17 2026-10-01..2026-10-31 1 not 2"},
		{"of rows made at once the greater uid", []hall.Roster{row("a", "1", "2026-01-01", "", 1, "17"), row("b", "2", "2026-01-01", "", 1, "17")},
			"17 2026-10-01..2026-10-31 2 not 1"},
		{"handed on", []hall.Roster{row("a", "1", "2026-01-01", "2026-10-11", 1, "17"), row("b", "2", "2026-10-12", "", 1, "17")}, ""},
		{"handed on with days of both", []hall.Roster{row("a", "1", "2026-01-01", "2026-10-14", 1, "17"), row("b", "2", "2026-10-12", "", 1, "17")},
			"17 2026-10-12..2026-10-14 2 not 1"},
		{"a number of one terminal and of the others", []hall.Roster{row("a", "1", "2026-01-01", "", 1, "17"), row("b", "2", "2026-01-01", "", 1, "T1:17")}, ""},
		{"two at one terminal", []hall.Roster{row("a", "1", "2026-01-01", "", 1, "T1:17"), row("b", "2", "2026-01-01", "", 1, "T1:17")},
			"T1:17 2026-10-01..2026-10-31 2 not 1"},
		{"the id of another goes before", []hall.Roster{row("a", "17", "2026-01-01", "2026-10-02", 1), row("b", "2", "2026-01-01", "", 2, "17")},
			"17 2026-10-01..2026-10-02 17 not 2"},
		{"one's own id", []hall.Roster{row("a", "17", "2026-01-01", "", 1, "17")}, ""},
		{"another month", []hall.Roster{row("a", "1", "2026-11-01", "", 1, "17"), row("b", "2", "2026-11-01", "", 1, "17")}, ""},
		{"three, one comes later", []hall.Roster{row("a", "1", "2026-01-01", "", 3, "17"), row("b", "2", "2026-01-01", "", 2, "17"), row("c", "3", "2026-10-31", "", 1, "17")},
			"17 2026-10-01..2026-10-30 1 not 2; 17 2026-10-31..2026-10-31 1 not 2 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := rules.Open(&hall.Facts{Roster: c.rows}, nil)
			if diff := cmp.Diff(c.want, told(book.Clashes(date(t, "2026-10-01").Month()))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func told(clashes []rules.Clash) string {
	var list []string
	for _, c := range clashes {
		var others []string
		for _, o := range c.Others {
			others = append(others, string(o.Person))
		}
		list = append(list, fmt.Sprintf("%s %s..%s %s not %s", c.Alias, c.From, c.Until, c.Holder.Person, strings.Join(others, " ")))
	}
	return strings.Join(list, "; ")
}

func date(t *testing.T, text string) hall.Date {
	t.Helper()
	d, err := hall.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
