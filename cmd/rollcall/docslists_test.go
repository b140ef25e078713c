package main

import (
	"cmp"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/report/paper"
)

// TestListsDocumented finds every list on the page about them, with what it is
// called on paper, and those that are not posted among the ones named there.
func TestListsDocumented(t *testing.T) {
	page := readText(t, filepath.Join(docsDir, "lists.md"))
	table, rest, _ := strings.Cut(page, "## Signs")
	_, posting, _ := strings.Cut(rest, "## Posting")
	for _, l := range paper.Lists {
		name := "`" + l.Name + "`"
		if !strings.Contains(table, name) || !strings.Contains(table, cmp.Or(l.Paper, l.Title)) {
			t.Errorf("docs/lists.md does not name the list %s, %s", name, cmp.Or(l.Paper, l.Title))
		}
		if refused := strings.Contains(posting, name); refused != l.Inner {
			t.Errorf("docs/lists.md says that %s is not posted: %v, want %v", name, refused, l.Inner)
		}
	}
	for _, f := range paper.Formats {
		if !strings.Contains(rest, "`"+f.Name+"`") {
			t.Errorf("docs/lists.md does not name the format %s", f.Name)
		}
	}
}
