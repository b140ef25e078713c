package hall_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
)

var update = flag.Bool("update", false, "rewrite the expected facts of testdata/events")

// golden is testdata/events/<kind>.json. The first accepted body has every
// field, and no unknown one.
type golden struct {
	Accepted []*accepted `json:"accepted"`
	Rejected []rejected  `json:"rejected"`
}

type accepted struct {
	About   string          `json:"about"`
	Body    json.RawMessage `json:"body"`
	Fact    json.RawMessage `json:"fact"` // times in seconds since 1970, dates and months as text
	Unknown []string        `json:"unknown,omitempty"`
}

type rejected struct {
	About string          `json:"about"`
	Field string          `json:"field"`
	Body  json.RawMessage `json:"body"`
}

const goldenSource = "T03"

func subjectOf(kind hall.Kind) string { return hall.Subject("demo", kind, goldenSource) }

func readGolden(t testing.TB, kind hall.Kind) golden {
	t.Helper()
	name := filepath.Join("testdata", "events", string(kind)+".json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("kind %s has no golden file: write %s with accepted and rejected bodies", kind, name)
	}
	var g golden
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	if len(g.Accepted) == 0 || len(g.Rejected) == 0 {
		t.Fatalf("%s: want at least one accepted and one rejected body", name)
	}
	return g
}

// TestEveryKind guides whoever adds a kind: it names what is missing.
func TestEveryKind(t *testing.T) {
	for _, kind := range hall.Kinds {
		t.Run(string(kind.Kind), func(t *testing.T) {
			if kind.Zh == "" || kind.En == "" || kind.Meaning == "" || len(kind.Fields) == 0 {
				t.Errorf("hall/kinds.go: the line of %s needs titles, a meaning and fields", kind.Kind)
			}
			for _, f := range kind.Fields {
				if f.Name == "" || f.Type == "" || f.Meaning == "" {
					t.Errorf("hall/kinds.go: field %q of %s needs a type and a meaning", f.Name, kind.Kind)
				}
			}
			g := readGolden(t, kind.Kind)
			for _, a := range g.Accepted {
				checkAccepted(t, kind.Kind, a)
			}
			for _, r := range g.Rejected {
				rejection := rejectionOf(t, subjectOf(kind.Kind), r.Body)
				if rejection != nil && rejection.Field != r.Field {
					t.Errorf("%s: Decode names field %q, want %q: %v", r.About, rejection.Field, r.Field, rejection)
				}
			}
			checkFields(t, kind, g.Accepted[0].Body)
			if *update {
				writeGolden(t, kind.Kind, g)
			}
		})
	}
	files, _ := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if len(files) != len(hall.Kinds) {
		t.Errorf("testdata/events has %d files, hall.Kinds %d kinds", len(files), len(hall.Kinds))
	}
}

func checkAccepted(t *testing.T, kind hall.Kind, a *accepted) {
	t.Helper()
	event, err := hall.Decode(subjectOf(kind), a.Body)
	if err != nil {
		t.Errorf("%s: %v", a.About, err)
		return
	}
	fact := describe(t, event.Fact)
	if *update {
		a.Fact, a.Unknown = fact, event.Unknown
		return
	}
	var want bytes.Buffer
	if err := json.Compact(&want, a.Fact); err != nil {
		t.Fatalf("%s: no fact in the golden file; run with -update and read the diff: %v", a.About, err)
	}
	if diff := cmp.Diff(want.String(), string(fact)); diff != "" {
		t.Errorf("%s: fact differs (-want +got):\n%s", a.About, diff)
	}
	if diff := cmp.Diff(a.Unknown, event.Unknown); diff != "" {
		t.Errorf("%s: unknown fields differ (-want +got):\n%s", a.About, diff)
	}
	checkStored(t, event)
}

// checkStored decodes what a store keeps of an event.
func checkStored(t testing.TB, event hall.Event) {
	t.Helper()
	body := bytes.Clone(event.Canonical())
	again, err := hall.DecodeFact(event.UID, body)
	if err != nil {
		t.Errorf("DecodeFact(%s): %v", event.UID, err)
		return
	}
	for i := range body { // of which the fact keeps nothing: the store's file may move
		body[i] = 'x'
	}
	if diff := cmp.Diff(describe(t, event.Fact), describe(t, again)); diff != "" {
		t.Errorf("the canonical body of %s gives another fact:\n%s", event.UID, diff)
	}
	if p, ok := event.Fact.(*hall.Punch); ok {
		checkPunchBody(t, event.Subject, p)
	}
}

func checkPunchBody(t testing.TB, subject string, p *hall.Punch) {
	t.Helper()
	body := p.Body()
	if c, err := hall.Canonical(body); err != nil || !bytes.Equal(c, body) {
		t.Errorf("Body() is not canonical (%v): %s", err, body)
	}
	event, err := hall.Decode(subject, body)
	if err != nil {
		t.Errorf("Decode(Body()): %v", err)
		return
	}
	if diff := cmp.Diff(hall.Fact(p), event.Fact); diff != "" {
		t.Errorf("Decode(Body()) differs:\n%s", diff)
	}
}

// describe writes a fact as JSON; of a policy only what the event itself says,
// as the rest has tests of its own.
func describe(t testing.TB, fact hall.Fact) []byte {
	t.Helper()
	if p, ok := fact.(*hall.PolicyEvent); ok {
		return fmt.Appendf(nil, `{"UID":%q,"Time":%d,"Effective":%q}`, p.UID, p.Time, p.Policy.Effective)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(fact); err != nil {
		t.Fatalf("describe %T: %v", fact, err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func writeGolden(t *testing.T, kind hall.Kind, g golden) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(g); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("testdata", "events", string(kind)+".json")
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkFields holds the table against the reader: every field is read, in the
// order of the table, and nothing else is.
func checkFields(t *testing.T, kind hall.KindInfo, full []byte) {
	t.Helper()
	event, err := hall.Decode(subjectOf(kind.Kind), full)
	if err != nil {
		t.Fatal(err)
	}
	if event.Unknown != nil {
		t.Errorf("the first accepted body has unknown fields %v", event.Unknown)
	}
	fields := append(append([]hall.FieldInfo(nil), hall.HeadFields...), kind.Fields...)
	for i, f := range fields {
		if !has(t, full, f.Name) {
			t.Errorf("the first accepted body has no %s", f.Name)
		}
		if f.Type == "anything" {
			continue
		}
		broken := with(t, full, f.Name, `{"no":[1]}`)
		for _, later := range fields[i+1:] {
			broken = with(t, broken, later.Name, `{"no":[1]}`)
		}
		wantField(t, broken, kind.Kind, f.Name)
		if f.Required {
			wantField(t, with(t, full, f.Name, ""), kind.Kind, f.Name)
			wantField(t, with(t, full, f.Name, "null"), kind.Kind, f.Name)
		}
	}
}

func wantField(t *testing.T, body []byte, kind hall.Kind, field string) {
	t.Helper()
	rejection := rejectionOf(t, subjectOf(kind), body)
	if rejection == nil {
		return
	}
	if rejection.Field != field || !strings.Contains(rejection.Reason, field) {
		t.Errorf("Decode(%s) names field %q in %q, want %q", body, rejection.Field, rejection.Reason, field)
	}
}

func rejectionOf(t testing.TB, subject string, body []byte) *hall.Rejection {
	t.Helper()
	event, err := hall.Decode(subject, body)
	rejection, ok := errors.AsType[*hall.Rejection](err)
	if !ok {
		t.Errorf("Decode(%s, %.200s) = %v, %v; want a rejection", subject, body, event.UID, err)
		return nil
	}
	if !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("%v is not ErrInvalid", err)
	}
	return rejection
}

func has(t *testing.T, body []byte, name string) bool {
	t.Helper()
	return fieldsOf(t, body)[name] != nil
}

// with sets a field of body, or takes it away where value is empty.
func with(t *testing.T, body []byte, name, value string) []byte {
	t.Helper()
	fields := fieldsOf(t, body)
	delete(fields, name)
	if value != "" {
		fields[name] = json.RawMessage(value)
	}
	changed, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func fieldsOf(t *testing.T, body []byte) map[string]json.RawMessage {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}
