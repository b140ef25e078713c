package report_test

// The product against a second judge that was written from the contract alone,
// over generated months that hold every kind of event.

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/report"
	"rollcall/report/naivetest"
	"rollcall/store"
)

func TestAgreesWithNaiveJudge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		want, err := naivetest.Judge(s.Policies, s.Lines, s.Month, s.AsOf, naivetest.China())
		if err != nil {
			t.Fatal(err)
		}
		if diff := naivetest.Diff(evaluated(t, s, s.Lines, 0), want, "sealed", "changed_since"); diff != "" {
			t.Fatalf("%s%s", diff, dumped(t, s))
		}
	})
}

func TestOrderRepetitionAndBatchingChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := naivetest.Month(t)
		want := evaluated(t, s, s.Lines, 0)
		mixed := naivetest.Shuffle(t, naivetest.Repeat(t, s.Lines))
		batch := rapid.SampledFrom([]int{1, 7, 1000}).Draw(t, "batch")
		if diff := naivetest.Diff(evaluated(t, s, mixed, batch), want, "line", "sequence"); diff != "" {
			t.Fatal(diff)
		}
	})
}

// evaluated folds lines as `rollcall evaluate` does and returns the report with
// its days as a document.
func evaluated(t *rapid.T, s naivetest.Scenario, lines []string, batch int) map[string]any {
	t.Helper()
	st, id, remove := foldedIn(t, s, lines, batch)
	defer remove()
	month, asOf := parseScenario(t, s)
	var r *hall.Report
	err := st.View(func(v *store.View) (err error) {
		r, err = report.Month(v, configs.Statutory(), report.Question{Hall: id, Month: month, AsOf: asOf, FromFile: true, Lists: []string{"days"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Sequence = uint64(len(lines))
	return document(t, r)
}

// folded folds lines into a store; remove takes it away.
func folded(t *rapid.T, s naivetest.Scenario, lines []string) (st *store.Store, id hall.ID, remove func()) {
	t.Helper()
	return foldedIn(t, s, lines, 0)
}

// foldedIn folds in batches of a size.
func foldedIn(t *rapid.T, s naivetest.Scenario, lines []string, batch int) (st *store.Store, id hall.ID, remove func()) {
	t.Helper()
	st, remove = temporary(t)
	id, policies := policyEvents(t, s.Policies)
	in := strings.NewReader(strings.Join(lines, "\n") + "\n")
	if _, err := ingest.Replay(t.Context(), in, ingest.ReplayOptions{Store: st, Halls: []hall.ID{id}, BatchSize: batch}); err != nil {
		t.Fatal(err)
	}
	if err := st.Apply(store.BatchOf(store.Applied{Sequence: uint64(len(lines)) + 1}, policies...)); err != nil {
		t.Fatal(err)
	}
	return st, id, remove
}

// temporary opens a store that is not synced; remove takes it away.
func temporary(t *rapid.T) (st *store.Store, remove func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "rollcall-agree-")
	if err != nil {
		t.Fatal(err)
	}
	st, err = store.Open(dir, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	return st, func() {
		if err := errors.Join(st.Close(), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	}
}

func parseScenario(t *rapid.T, s naivetest.Scenario) (hall.Month, hall.Instant) {
	t.Helper()
	month, err := hall.ParseMonth(s.Month)
	if err != nil {
		t.Fatal(err)
	}
	asOf, err := hall.ParseInstant(s.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	return month, asOf
}

// policyEvents makes events of policy files, made before every other.
func policyEvents(t *rapid.T, policies []map[string]any) (hall.ID, []hall.Event) {
	t.Helper()
	var events []hall.Event
	var id hall.ID
	for i, p := range policies {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		policy, doc, err := configs.ReadPolicy("policy.yaml", text)
		if err != nil {
			t.Fatalf("policy %d is refused: %v\n%s", i, err, text)
		}
		id = policy.Hall
		body := `{"id":"` + strconv.Itoa(i+1) + `","time":"2000-01-01T00:00:00Z","policy":` + string(doc) + "}"
		event, err := hall.Decode(hall.Subject(id, hall.KindPolicy, "file"), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	return id, events
}

func document(t *rapid.T, r *hall.Report) map[string]any {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var doc map[string]any
	if err := in.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// dumped writes a scenario to the directory that ROLLCALL_DUMP names, for a
// closer look with `rollcall evaluate`.
func dumped(t *rapid.T, s naivetest.Scenario) string {
	t.Helper()
	dir := os.Getenv("ROLLCALL_DUMP")
	if dir == "" {
		return ""
	}
	policies, err := json.MarshalIndent(s.Policies, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"policies.json": string(policies), "events.jsonl": strings.Join(s.Lines, "\n") + "\n"} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return "as of " + s.AsOf + ", written to " + dir
}
