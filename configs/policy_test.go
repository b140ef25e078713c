package configs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"rollcall/configs"
	"rollcall/hall"
)

var update = flag.Bool("update", false, "rewrite expected output")

// TestPolicyProblems compares what is printed about broken policies with the
// .want file beside each.
func TestPolicyProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/policy/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/policy: %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = configs.ReadPolicy("hall.yaml", src)
			got := "accepted\n"
			if err != nil {
				var broken *configs.PolicyFileError
				if !errors.As(err, &broken) || !errors.Is(err, hall.ErrInvalid) {
					t.Fatalf("ReadPolicy = %T, want a *PolicyFileError that is ErrInvalid", err)
				}
				got = err.Error() + "\n"
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".want", got)
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}

func TestShippedPolicies(t *testing.T) {
	p, doc, err := configs.ReadPolicy("configs/hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Windows) != 20 || p.Hall != "demo" || p.Effective != hall.NewDate(2020, time.January, 1) {
		t.Errorf("example: %d windows of hall %s from %s, want 20 of demo from 2020-01-01", len(p.Windows), p.Hall, p.Effective)
	}
	if len(doc) > 60<<10 {
		t.Errorf("the example takes %d bytes as an event, which has at most 64 KiB", len(doc))
	}
	if _, _, err := configs.ReadPolicy("configs/hall-full.yaml", configs.FullPolicy()); err != nil {
		t.Error(err)
	}
}

// TestReadPolicyDocument holds that the document says what the file says.
func TestReadPolicyDocument(t *testing.T) {
	src := `hall: 007
name: "<b>&"
timezone: Asia/Shanghai
effective: 2020-01-01
timetables:
  - from: 10-01
    sessions: &usual
      - {name: 1, start: 08:30, end: 12:00, grace: 0}
      - {name: b, start: 14:00, end: "17:30", punch: none}
  - {from: 05-01, sessions: *usual}
bonus:
  - {kind: a, points: 0.50}
`
	p, doc, err := configs.ReadPolicy("x", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"hall":"007","name":"<b>&","timezone":"Asia/Shanghai","effective":"2020-01-01",` +
		`"timetables":[{"from":"10-01","sessions":[{"name":1,"start":"08:30","end":"12:00","grace":0},` +
		`{"name":"b","start":"14:00","end":"17:30","punch":"none"}]},` +
		`{"from":"05-01","sessions":[{"name":1,"start":"08:30","end":"12:00","grace":0},` +
		`{"name":"b","start":"14:00","end":"17:30","punch":"none"}]}],` +
		`"bonus":[{"kind":"a","points":0.50}]}`
	if diff := cmp.Diff(want, string(doc)); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if p.Bonus[0].Points != hall.Point/2 || p.Timetables[1].Sessions[0].Name != "1" {
		t.Errorf("points %s of session %q, want 0.5 of 1", p.Bonus[0].Points, p.Timetables[1].Sessions[0].Name)
	}
	if _, err := hall.DecodePolicy(doc); err != nil {
		t.Errorf("the document is no policy: %v", err)
	}
}

// TestReadPolicyHuge refuses at once what would take memory or time.
func TestReadPolicyHuge(t *testing.T) {
	tests := map[string]string{
		"10 MB":         strings.Repeat("# a comment\n", 900000),
		"many keys":     strings.Repeat("a: {b: 1, c: 2}\n", 60000),
		"many comments": strings.Repeat("#\n", 500000),
		"brackets":      "a: " + strings.Repeat("[", 1000000),
		"braces":        strings.Repeat("{a: ", 200000),
		"dashes":        strings.Repeat("- ", 500000),
		"anchors":       strings.Repeat("&a ", 300000),
		"questions":     strings.Repeat("? ", 500000),
		"one line":      "a: " + strings.Repeat("b ", 500000),
		"quotes":        "a: \"" + strings.Repeat("b\n", 500000),
		"bomb":          bomb(),
		"bomb of maps":  strings.ReplaceAll(bomb(), "a0", "b0"),
	}
	for name, src := range tests {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			_, _, err := configs.ReadPolicy("x", []byte(src))
			if err == nil {
				t.Fatal("accepted")
			}
			if took := time.Since(begin); took > time.Minute { // what is not refused at once takes hours
				t.Errorf("took %s", took)
			}
			if len(err.Error()) > 20000 {
				t.Errorf("the message has %d bytes", len(err.Error()))
			}
		})
	}
}

// bomb is nine values nine times over, nine times.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n")
	for _, i := range []string{"01", "12", "23", "34", "45", "56", "67", "78"} {
		b.WriteString("a" + i[1:] + ": &a" + i[1:] + " [" + strings.TrimSuffix(strings.Repeat("*a"+i[:1]+", ", 9), ", ") + "]\n")
	}
	return b.String()
}

// TestSchemaAccepts holds that what is shipped passes the schema, and that the
// schema is one.
func TestSchemaAccepts(t *testing.T) {
	schema := resolvedSchema(t)
	for name, src := range map[string][]byte{"hall.yaml": configs.ExamplePolicy(), "hall-full.yaml": configs.FullPolicy()} {
		_, doc, err := configs.ReadPolicy(name, src)
		if err != nil {
			t.Fatal(err)
		}
		var value map[string]any
		if err := json.Unmarshal(doc, &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		value["surprise"] = 1
		if schema.Validate(value) == nil {
			t.Errorf("%s: the schema lets an unknown key pass", name)
		}
	}
}

func resolvedSchema(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	text, err := configs.PolicySchema()
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

// TestEveryPolicyKey holds three lists of keys together: what hall reads, what
// the schema describes and what hall-full.yaml shows.
func TestEveryPolicyKey(t *testing.T) {
	_, doc, err := configs.ReadPolicy("hall-full.yaml", configs.FullPolicy())
	if err != nil {
		t.Fatal(err)
	}
	text, err := configs.PolicySchema()
	if err != nil {
		t.Fatal(err)
	}
	var full, schema map[string]any
	if err := errors.Join(json.Unmarshal(doc, &full), json.Unmarshal(text, &schema)); err != nil {
		t.Fatal(err)
	}
	shown := map[string]map[string]bool{}
	collect("", full, shown)
	described := map[string][]string{}
	describe(t, schema, "", schema, described)
	read := knownKeys(t, full)
	for _, path := range slices.Sorted(maps.Keys(described)) {
		if strings.HasSuffix(path, ".weekdays") {
			continue // any weekday stands for all
		}
		if diff := cmp.Diff(read[path], described[path]); diff != "" {
			t.Errorf("keys of %q (-hall +schema):\n%s", path, diff)
		}
		for _, key := range described[path] {
			if !shown[path][key] && !strings.Contains(path, ".weekdays.") {
				t.Errorf("hall-full.yaml does not show %s.%s", path, key)
			}
		}
	}
	if len(described) < 25 {
		t.Errorf("the schema describes %d maps, want more than 25", len(described))
	}
}

// collect lists the keys that a document shows; lists count as one element.
func collect(path string, value any, shown map[string]map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			collect(path, item, shown)
		}
	case map[string]any:
		for key, member := range v {
			if shown[path] == nil {
				shown[path] = map[string]bool{}
			}
			shown[path][key] = true
			collect(path+"."+key, member, shown)
		}
	}
}

// describe lists the keys of the schema's maps and holds that each is described.
func describe(t *testing.T, root map[string]any, path string, schema map[string]any, described map[string][]string) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		describe(t, root, path, items, described)
	}
	properties, ok := schema["properties"].(map[string]any)
	if !ok {
		return
	}
	described[path] = slices.Sorted(maps.Keys(properties))
	if schema["additionalProperties"] != false {
		t.Errorf("schema of %q lets any key pass", path)
	}
	for key, value := range properties {
		property := value.(map[string]any)
		if text, _ := property["description"].(string); !strings.Contains(text, " / ") {
			t.Errorf("schema of %s.%s has no description in two languages: %q", path, key, text)
		}
		if strings.HasSuffix(path, ".weekdays") && key != "friday" {
			continue
		}
		describe(t, root, path+"."+key, property, described)
	}
}

// knownKeys asks hall for the keys of every map by giving each one a key that is
// not known: the message names all that are.
func knownKeys(t *testing.T, full map[string]any) map[string][]string {
	const stranger = "qqqqqqqqqqqqqqqq"
	var add func(value any)
	add = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, item := range v {
				add(item)
			}
		case map[string]any:
			for _, member := range v {
				add(member)
			}
			v[stranger] = true
		}
	}
	add(full)
	doc, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for _, e := range hall.UnknownPolicyKeys(doc) {
		path := strings.TrimSuffix(strings.TrimPrefix(e.Path, "$"), "."+stranger)
		list := strings.Split(strings.TrimPrefix(e.Allowed, "known here: "), ", ")
		slices.Sort(list)
		known[withoutIndex(path)] = list
	}
	return known
}

func withoutIndex(path string) string {
	var b strings.Builder
	depth := 0
	for _, c := range path {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func FuzzReadPolicy(f *testing.F) {
	f.Add(string(configs.ExamplePolicy()))
	f.Add(string(configs.FullPolicy()))
	f.Add("a: &a [*a]\n")
	f.Add("<<: [1, {a: 2}]\n? {a: b}\n: !!str 1\n")
	f.Fuzz(func(t *testing.T, src string) {
		p, doc, err := configs.ReadPolicy("x", []byte(src))
		if err != nil {
			if err.Error() == "" || p != nil {
				t.Errorf("ReadPolicy = %v, %q", p, err)
			}
			return
		}
		if again, err := hall.DecodePolicy(doc); err != nil || again.Hall != p.Hall {
			t.Errorf("the document is no policy: %v\n%s", err, doc)
		}
	})
}

// TestReadPolicyForms holds that files of other editors and shorter ways of
// writing say the same.
func TestReadPolicyForms(t *testing.T) {
	want, _, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	_, doc, err := configs.ReadPolicy("hall.yaml", configs.ExamplePolicy())
	if err != nil {
		t.Fatal(err)
	}
	text := string(configs.ExamplePolicy())
	forms := map[string]string{
		"byte order mark": "\ufeff" + text,
		"windows lines":   strings.ReplaceAll(text, "\n", "\r\n"),
		"document marks":  "---\n" + text + "...\n",
		"json":            string(doc),
		"json with tabs":  indented(t, doc),
		"short numbers":   strings.ReplaceAll(strings.ReplaceAll(text, "points: 0.5}", "points: .5}"), "points: 2}", "points: 2.}"),
		"tags":            strings.Replace(text, "hall: demo", "hall: !!str demo", 1),
		"merged": strings.Replace(strings.Replace(text, "- {kind: home_visit,   name: 上门服务,     points: 0.5}",
			"- &half {kind: home_visit, points: 0.5, name: 上门服务}", 1),
			"- {kind: appointment,  name: 预约服务,     points: 0.5}", "- {<<: *half, kind: appointment, name: 预约服务}", 1),
	}
	for name, src := range forms {
		t.Run(name, func(t *testing.T) {
			if name != "byte order mark" && src == text {
				t.Fatal("the form is the file itself")
			}
			got, _, err := configs.ReadPolicy("x", []byte(src))
			if err != nil {
				t.Fatal(err)
			}
			zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
			if diff := cmp.Diff(want, got, zones); diff != "" {
				t.Errorf("ReadPolicy (-want +got):\n%s", diff)
			}
		})
	}
}

func indented(t *testing.T, doc []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", "\t"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestBulletinWords holds that the schema and hall-full.yaml show every title and
// sentence with its usual words.
func TestBulletinWords(t *testing.T) {
	text, err := configs.PolicySchema()
	if err != nil {
		t.Fatal(err)
	}
	type property struct {
		Description string
		Default     string
		Properties  map[string]property
	}
	var schema struct {
		Properties struct{ Bulletin property }
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	full, _, err := configs.ReadPolicy("hall-full.yaml", configs.FullPolicy())
	if err != nil {
		t.Fatal(err)
	}
	bulletin := schema.Properties.Bulletin.Properties
	for _, table := range []struct {
		key   string
		words []hall.BulletinWord
		shown map[string]string
	}{
		{"titles", hall.BulletinTitles, full.Bulletin.Titles},
		{"sentences", hall.BulletinSentences, full.Bulletin.Sentences},
	} {
		for _, w := range table.words {
			got := bulletin[table.key].Properties[w.Name]
			if got.Default != w.Usual || got.Description != w.Zh+" / "+w.En {
				t.Errorf("schema of %s.%s = %+v, want %q, %q", table.key, w.Name, got, w.Usual, w.Zh+" / "+w.En)
			}
			if table.shown[w.Name] != w.Usual {
				t.Errorf("hall-full.yaml has %s.%s %q, want %q", table.key, w.Name, table.shown[w.Name], w.Usual)
			}
		}
	}
	if usual := (hall.Bulletin{}).Resolved().Intro; bulletin["intro"].Default != usual {
		t.Errorf("schema of intro has %q, want %q", bulletin["intro"].Default, usual)
	}
}
