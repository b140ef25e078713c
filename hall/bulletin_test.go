package hall_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rollcall/hall"
)

// TestBulletinTables holds that every usual sentence has only placeholders that
// are allowed, and every placeholder is of use.
func TestBulletinTables(t *testing.T) {
	for _, table := range [][]hall.BulletinWord{hall.BulletinTitles, hall.BulletinSentences} {
		names := map[string]bool{}
		for _, w := range table {
			if names[w.Name] || w.Zh == "" || w.En == "" || w.Usual == "" {
				t.Errorf("%s stands twice, or lacks its words or what it is for", w.Name)
			}
			names[w.Name] = true
			for _, h := range hall.Holders(w.Usual) {
				if !slices.Contains(slices.Concat(w.Holders, hall.BulletinHolders), h) {
					t.Errorf("%s: the usual words have {%s}, which they may not", w.Name, h)
				}
			}
		}
	}
}

func TestFillHolders(t *testing.T) {
	value := func(name string) (string, bool) {
		v, ok := map[string]string{"a": "{b}", "b": "乙", "": "无"}[name]
		return v, ok
	}
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"满勤{b}人", "满勤乙人"},
		{"{a}{b}", "{b}乙"}, // a value is no text to fill
		{"{c}、{b}", "{c}、乙"},
		{"{b", "{b"},
		{"b}", "b}"},
		{"{}", "无"},
	} {
		if got := hall.FillHolders(c.text, value); got != c.want {
			t.Errorf("FillHolders(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// TestFillNothing holds that a text without values stays as it is.
func TestFillNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"{", "}", "a", "名", "{a}"})).Draw(t, "text"), "")
		if got := hall.FillHolders(text, func(string) (string, bool) { return "", false }); got != text {
			t.Errorf("FillHolders(%q) = %q", text, got)
		}
	})
}

func TestResolvedBulletin(t *testing.T) {
	own := hall.Bulletin{Titles: map[string]string{"focus": "要闻"}, Sentences: map[string]string{"patrol_close": ""}}
	got := own.Resolved()
	if got.Titles["focus"] != "要闻" || got.Titles["cases"] != "办件情况" || got.Sentences["patrol_close"] != "" || got.Sentences["attendance_none"] == "" {
		t.Errorf("Resolved() = %+v, want own words before the usual ones", got)
	}
	if diff := cmp.Diff(hall.BulletinParts, got.Parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	twice := hall.Bulletin{Parts: []string{"cases", "bonus", "cases"}}
	if diff := cmp.Diff([]string{"cases", "bonus"}, twice.Resolved().Parts); diff != "" {
		t.Errorf("parts that stand twice (-want +got):\n%s", diff)
	}
	if len(own.Titles) != 1 || len(own.Sentences) != 1 {
		t.Error("Resolved changed the policy's own words")
	}
}

func TestJointName(t *testing.T) {
	b := hall.Bulletin{Joint: []hall.JointWindows{{Windows: []hall.WindowID{"union", "siyuan"}, Name: "联合、思源水务窗口"}}}
	if got := b.JointName([]hall.WindowID{"siyuan", "union"}); got != "联合、思源水务窗口" {
		t.Errorf("JointName in another order = %q", got)
	}
	if got := b.JointName([]hall.WindowID{"union", "siyuan", "gas"}); got != "" {
		t.Errorf("JointName of more windows = %q, want none", got)
	}
}
