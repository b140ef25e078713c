package hall_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
)

func TestSharedNames(t *testing.T) {
	p := &hall.Policy{
		Windows: []hall.Window{
			{ID: "a", Name: "医保窗口", Aliases: []string{"社保窗口", "医保窗口"}},
			{ID: "b", Name: "医保窗口", Former: []string{"民政窗口"}},
			{ID: "c", Name: "人社窗口", Former: []string{"社保窗口"}, Aliases: []string{"社保窗口"}},
		},
		Leave: []hall.LeaveKind{{Kind: "trip", Name: "公差"}, {Kind: "duty", Name: "公差"}, {Kind: "annual", Name: "公休"}},
		Bonus: []hall.BonusKind{{Kind: "annual", Name: "公休"}},
	}
	want := []hall.SharedName{
		{List: "windows", Name: "医保窗口", IDs: []string{"a", "b"}},
		{List: "windows", Name: "社保窗口", IDs: []string{"a", "c"}},
		{List: "leave", Name: "公差", IDs: []string{"trip", "duty"}},
	}
	if diff := cmp.Diff(want, p.SharedNames()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
