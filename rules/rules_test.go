package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"rollcall/rules"
)

// TestEveryRule guides whoever adds a rule: it has an id, says in Chinese and in
// English what it is and does, and is told in at least one story.
func TestEveryRule(t *testing.T) {
	seen := map[string]bool{}
	for i := range rules.All {
		r := &rules.All[i]
		t.Run(r.ID, func(t *testing.T) {
			if r.ID == "" || seen[r.ID] {
				t.Fatalf("rules.All[%d]: id %q, want one of its own", i, r.ID)
			}
			seen[r.ID] = true
			for _, part := range []struct {
				what, text string
			}{
				{"Title.Zh", r.Title.Zh}, {"Title.En", r.Title.En},
				{"Text.Zh", r.Text.Zh}, {"Text.En", r.Text.En},
				{"Clause", r.Clause}, {"Since", r.Since},
			} {
				if part.text == "" {
					t.Errorf("%s is empty: write it for the supervisor who reads `rollcall policy rules`", part.what)
				}
			}
			dir := filepath.Join("testdata", r.ID)
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) == 0 {
				t.Errorf("no story in %s: write one, `go test ./rules -update` adds what comes of it", dir)
			}
		})
	}
}
