package hall_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"rollcall/hall"
)

func ExampleReasonZh() {
	_, err := hall.Decode("rollcall.demo.punch.T01", []byte(`{"id":"7","time":"08:36","person":"17"}`))
	fmt.Println(hall.ReasonZh(err.Error()[len("rollcall.demo.punch.T01: "):]))
	// Output:
	// 字段 time 的内容 "08:36" 不对，应为带时区的时间，如 2020-11-03T08:30:00+08:00，在 2000-01-01 至 2099-12-31（UTC）之间
}

// TestReasonZh breaks every field of every kind in every way: whatever is refused is said
// in Chinese, with nothing English left but what an event may hold.
func TestReasonZh(t *testing.T) {
	check := func(subject, body string) {
		t.Helper()
		_, err := hall.Decode(subject, []byte(body))
		rejection, ok := err.(*hall.Rejection)
		if !ok {
			return // a value that this field may have
		}
		zh := hall.ReasonZh(rejection.Reason)
		if left := english(zh); left != "" || !strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s %.120s:\n%s\n%s\n%q is left", subject, body, rejection.Reason, zh, left)
		}
	}
	values := []string{`null`, `"x"`, `"a b/c"`, `""`, `-1`, `1.5`, `true`, `{"a":1}`, `[1]`, `["x y/z"]`, `[{"date":"x"}]`, `"2020-13-01"`,
		`"data:image/png;base64,AAAA"`, `["` + strings.Repeat("A", hall.MaxString+1) + `"]`, `"` + strings.Repeat("b", 200) + `"`}
	for i := range hall.Kinds {
		kind := &hall.Kinds[i]
		subject := hall.Subject("demo", kind.Kind, "desk")
		var good map[string]json.RawMessage
		if err := json.Unmarshal(readGolden(t, kind.Kind).Accepted[0].Body, &good); err != nil {
			t.Fatal(err)
		}
		for _, name := range append([]string{"id", "time"}, fieldNames(kind)...) {
			for _, value := range values {
				body := maps.Clone(good)
				body[name] = json.RawMessage(value)
				text, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				if kind.Kind != hall.KindPolicy { // whose errors are those of policy check
					check(subject, string(text))
				}
			}
		}
	}
	check("rollcall.demo.leave.desk", `{"id":"1","time":"2020-11-03T08:00:00Z","person":"1","kind":"sick","from":"2020-11-03","until":"2020-11-02"}`)
	check("rollcall.demo.roster.desk", `{"id":"1","time":"2020-11-03T08:00:00Z","person":"1","name":"x","window":"w","class":"c","from":"2020-11-03","until":"2020-11-02"}`)
	check("rollcall.demo.patrol.desk", `{"id":"1","time":"2020-11-03T08:00:00Z","inspector":"1","kind":"late","until":"2020-11-03T07:00:00Z"}`)
	for _, subject := range []string{"", "nix", "rollcall.a b.punch.T01", "rollcall.2020-11-03.punch.T01", "rollcall.demo.punch.T 1", "rollcall.demo.nap.T01"} {
		check(subject, `{"time":"2020-11-03T08:00:00Z","person":"1"}`)
	}
	for _, body := range []string{"", " ", "{", "[]", `"x"`, "\xff", `{"` + strings.Repeat("n", hall.MaxString+1) + `":1}`, "{" + strings.Repeat(" ", hall.MaxBody) + "}"} {
		check("rollcall.demo.punch.T01", body)
	}
	for _, line := range []string{"", "{", "[]", "7"} {
		_, _, err := hall.DecodeLine([]byte(line))
		if zh := hall.ReasonZh(err.Error()); english(zh) != "" {
			t.Errorf("line %q: %s", line, zh)
		}
	}
}

func TestReasonZhLeavesTheRest(t *testing.T) {
	for in, want := range map[string]string{
		"a line of more than 81920 bytes":      "一行超过 81920 字节",
		"something that an older program said": "something that an older program said",
		"":                                     "",
		`bad note "a: want b": want a text`:    `字段 note 的内容 "a: want b" 不对，应为文字`,
		"bad accepted 100%d: want an integer from 0 to 1000000000":   "字段 accepted 的内容 100%d 不对，应为0 至 1000000000 的整数",
		"bad policy: $.grace: is negative (want a duration like 5m)": "办法有误（请用 rollcall policy check 检查，逐处指明改法）：$.grace: is negative (want a duration like 5m)",
	} {
		if got := hall.ReasonZh(in); got != want {
			t.Errorf("ReasonZh(%q) = %q, want %q", in, got, want)
		}
	}
}

var (
	quotedValue = regexp.MustCompile(`"[^"]*"|（[a-z][^（）]*）|\{.*\}`)
	// ours are words of the format: fields, words and kinds that an event may hold.
	ours = regexp.MustCompile(`应为 rollcall\.<hall>\.<kind>\.<source>|JSON|UTF-8|UTC|null|T\d\d|data:|\b(true|false|parts|from|time|date|person|days)\b|(字段|应为|每一项为) ?[a-z_]+(, [a-z_]+)*( 或 [a-z_]+)?|应为 ?[a-z_, ]+之一|x+`)
)

// english is what is left of a saying without what may stay as it is written.
func english(zh string) string {
	zh = ours.ReplaceAllString(quotedValue.ReplaceAllString(zh, ""), "")
	return strings.Join(regexp.MustCompile(`[A-Za-z]{2,}`).FindAllString(zh, -1), " ")
}

func fieldNames(kind *hall.KindInfo) []string {
	names := make([]string, len(kind.Fields))
	for i, f := range kind.Fields {
		names[i] = f.Name
	}
	return names
}
