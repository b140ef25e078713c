package naivetest_test

import (
	"strings"
	"testing"

	"rollcall/report/naivetest"
)

func TestDiff(t *testing.T) {
	late := func(points any) map[string]any {
		return map[string]any{"id": "2024-09-26/morning/in/1002", "points": points}
	}
	doc := func(sequence int, violations ...any) map[string]any {
		return map[string]any{"sequence": sequence, "violations": append([]any{}, violations...),
			"dead": []any{map[string]any{"line": sequence, "subject": "", "field": nil, "reason": "no JSON"}}}
	}
	other := map[string]any{"id": "2024-09-27/morning/in/1002", "points": 1}
	for _, c := range []struct {
		name      string
		got, want map[string]any
		ignore    []string
		say       string // "" = no difference
	}{
		{"the same", doc(1, late(1)), doc(1, late(1.0)), nil, ""},
		{"another value", doc(1, late(2)), doc(1, late(1)), nil, "violations[2024-09-26/morning/in/1002].points: got 2, want 1"},
		{"a line too few", doc(1), doc(1, late(1)), nil, "missing"},
		{"a line too many", doc(1, late(1)), doc(1), nil, "not wanted"},
		{"another order", doc(1, late(1), other), doc(1, other, late(1)), nil, "violations: order"},
		{"other lines", doc(1), doc(2), nil, "sequence: got 1, want 2"},
		{"other lines, not asked", doc(1), doc(2), []string{"sequence", "line"}, ""},
		{"a key added", map[string]any{"warnings": []any{}, "sequence": 1}, map[string]any{"sequence": 1}, nil, ""},
		{"a key left out", map[string]any{}, map[string]any{"sequence": 1}, nil, "sequence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := naivetest.Diff(c.got, c.want, c.ignore...)
			if (c.say == "") != (got == "") || !strings.Contains(got, c.say) {
				t.Errorf("Diff = %q, want %q in it", got, c.say)
			}
		})
	}
}
