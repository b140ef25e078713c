package faults_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest/bus/bustest"
	"rollcall/report/naivetest"
)

// month is a file of events and a question about it.
type month struct {
	hall, month, asOf string
	policies          []string // files
	lines             []string
}

// TestSamePath: a month gives the same lists by evaluate and by daemons with the
// embedded and with an outside bus, in any order, with repetitions, in batches of
// any size.
func TestSamePath(t *testing.T) {
	r := chances(t)
	for seed := range rounds(t, 2) {
		t.Run(fmt.Sprintf("generated %d", seed+1), func(t *testing.T) { samePath(t, generated(t, seed+1), r) })
	}
	if os.Getenv("ROLLCALL_SAMPLES") == "" {
		return
	}
	t.Run("sample rules", func(t *testing.T) { samePath(t, sample(t, "rules", "2024-09", "2024-09-30T20:00:00+08:00"), r) })
	t.Run("sample month", func(t *testing.T) { samePath(t, sample(t, "month", "2020-11", "2020-12-05T00:00:00+08:00"), r) })
}

func samePath(t *testing.T, m month, r *rand.Rand) {
	t.Helper()
	m.lines = passable(m.lines)
	mixed := func() []string {
		lines := m.lines
		for range len(m.lines) / 5 {
			lines = append(lines, m.lines[r.IntN(len(m.lines))])
		}
		lines = append([]string{}, lines...)
		r.Shuffle(len(lines), func(i, k int) { lines[i], lines[k] = lines[k], lines[i] })
		return lines
	}
	want := evaluated(t, m.policies, written(t, m.lines), m.month, m.asOf)
	if len(value(t, string(want["violations"])).([]any)) == 0 || len(value(t, string(want["days"])).([]any)) == 0 {
		t.Fatal("the month has no days or no violations: it would prove nothing")
	}
	for _, batch := range []string{"1", "7", "1000"} {
		got := evaluated(t, m.policies, written(t, mixed()), m.month, m.asOf, "--batch", batch)
		same(t, "evaluate in batches of "+batch, got, want)
	}
	embedded := start(t, t.TempDir())
	feed(t, embedded, embedded.bus, m, mixed())
	same(t, "daemon with the embedded bus", embedded.listsOf(m.hall, m.month, m.asOf), want)
	embedded.stop()

	outside := bustest.Started(t).URL()
	connected := start(t, t.TempDir(), "--nats", outside)
	feed(t, connected, outside, m, mixed())
	same(t, "daemon with an outside bus", connected.listsOf(m.hall, m.month, m.asOf), want)
	succeeds(t, "verify", "--server", connected.url)
	connected.stop()
}

// generated draws a month. Its seals are left out: they hold nothing that was ever
// computed, which verify says, and of them alone the order counts.
func generated(t *testing.T, seed int) month {
	t.Helper()
	s := rapid.Custom(naivetest.Month).Example(seed)
	lines := slices.DeleteFunc(s.Lines, func(line string) bool { return strings.Contains(line, ".seal.") })
	m := month{month: s.Month, asOf: s.AsOf, lines: lines}
	for i, p := range s.Policies {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("policy-%d.yaml", i))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		m.policies = append(m.policies, path)
		m.hall, _ = p["hall"].(string)
	}
	return m
}

func sample(t *testing.T, name, of, asOf string) month {
	t.Helper()
	folder := filepath.Join(os.Getenv("ROLLCALL_SAMPLES"), name)
	text, err := os.ReadFile(filepath.Join(folder, "events.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	m := month{month: of, asOf: asOf, policies: []string{filepath.Join(folder, "hall.yaml")}}
	m.lines = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	policy, _ := readPolicy(t, m.policies[0])
	m.hall = string(policy.Hall)
	return m
}

func readPolicy(t *testing.T, path string) (*hall.Policy, []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	policy, document, err := configs.ReadPolicy(path, text)
	if err != nil {
		t.Fatal(err)
	}
	return policy, document
}

// passable are the lines that the client port of the embedded bus lets in. The
// others cannot come to a daemon; in a file they are dead letters.
func passable(lines []string) []string {
	var out []string
	for _, line := range lines {
		subject, _, err := hall.DecodeLine([]byte(line))
		if err == nil && strings.Count(subject, ".") == 3 && !strings.ContainsAny(subject, " \t*>") {
			out = append(out, line)
		}
	}
	return out
}

// feed sends the policies and all that import takes by import. The rest (dead
// letters, second bodies of a uid, some repetitions) comes from terminals, which
// nobody checks.
func feed(t *testing.T, d *daemon, server string, m month, lines []string) {
	t.Helper()
	var checked []string
	var raw []outgoing
	for i, path := range m.policies {
		_, document := readPolicy(t, path)
		body := fmt.Appendf(nil, `{"id":"%06d","time":"2000-01-01T00:00:00Z","policy":%s}`, i+1, document)
		checked = append(checked, string(hall.EncodeLine(hall.Subject(hall.ID(m.hall), hall.KindPolicy, "file"), body)))
	}
	seen := map[hall.UID]string{}
	for i, line := range lines {
		subject, body, err := hall.DecodeLine([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		event, err := hall.Decode(subject, body)
		first, again := seen[event.UID]
		if err != nil || again && (first != line || i%2 == 0) {
			raw = append(raw, outgoing{subject: subject, body: body})
			continue
		}
		seen[event.UID] = line
		checked = append(checked, line)
	}
	succeeds(t, "import", written(t, checked), "--force", "--server", d.url)
	d.folded(publishRaw(t, server, raw))
}

// publishRaw publishes as terminals do, without message ids, and returns the
// sequence of the last one.
func publishRaw(t testing.TB, server string, events []outgoing) (last uint64) {
	t.Helper()
	nc := bustest.Connect(t, server)
	for _, o := range events {
		m, err := nc.Request(o.subject, o.body, patience)
		if err != nil {
			t.Fatalf("publish on %s: %v", o.subject, err)
		}
		var ack struct{ Seq uint64 }
		if err := json.Unmarshal(m.Data, &ack); err != nil || ack.Seq == 0 {
			t.Fatalf("publish on %s: %s (%v)", o.subject, m.Data, err)
		}
		last = ack.Seq
	}
	return last
}
