package main

// The references in docs are made of the tables of the program: events of
// hall.Kinds, rules of rules.All, the policy of its schema, commands of their
// help, the bulletin of its words. `go test ./cmd/rollcall -run TestGenerated -update` writes them, plain
// `go test` compares.

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/rules"
)

var update = flag.Bool("update", false, "rewrite the generated pages of docs")

// docsDir is docs at the root of the repository.
var docsDir = filepath.Join("..", "..", "docs")

// made stands at the top of every generated page.
const made = "<!-- Made by `go test ./cmd/rollcall -run TestGenerated -update`. Do not edit. -->\n\n"

func TestGenerated(t *testing.T) {
	for _, page := range []struct {
		name  string
		write func(testing.TB, *strings.Builder)
	}{
		{"events.md", docsEvents},
		{"policy.md", docsPolicy},
		{"rules.md", docsRules},
		{"commands.md", docsCommands},
		{"bulletin.md", docsBulletin},
		{"import.md", docsImport},
	} {
		t.Run(page.name, func(t *testing.T) {
			var want strings.Builder
			want.WriteString(made)
			page.write(t, &want)
			path := filepath.Join(docsDir, page.name)
			if *update {
				if err := os.WriteFile(path, []byte(want.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want.String(), readText(t, path)); diff != "" {
				t.Errorf("%s is not what the program says: go test ./cmd/rollcall -run TestGenerated -update\n(-want +got)\n%s", path, diff)
			}
		})
	}
}

func readText(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// cell escapes what would end a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// ---- events

const eventsIntro = `# Events

Everything that can change a verdict is an event in the stream ` + "`ROLLCALL`" + `. Nothing is edited: cancel an event by a ruling and send a new one with another id.

An event is a message with a subject and one JSON object as body:

- **Subject** ` + "`rollcall.<hall>.<kind>.<source>`" + `. Hall and source are tokens: 1 to 32 of ` + "`A-Z a-z 0-9 _ -`" + `. Hall, kind and source come from the subject only; the same words in the body are ignored. A publisher that may only publish one subject can only speak for that source.
- **Body**: one JSON object of at most 64 KiB. Unknown fields do not count. A picture (a ` + "`data:`" + ` URL) or a text over 4 KiB makes the event a dead letter.
- **uid** = ` + "`<hall>/<kind>/<source>/<id>`" + `: the identity in the store, the message id (` + "`Nats-Msg-Id`" + `) and the form of every reference. Without an ` + "`id`" + ` the program derives one from the body: the same body sent again is the same event.
- A uid names one body for ever. Should two bodies of one uid reach the log, the one with the smaller SHA-256 counts, of a seal the one that came first, and both are listed as a conflict. (A punch is its uid, person and time.)
- What cannot be read is a **dead letter**: it is listed with its sequence, field and reason, stays in the log, and blocks nothing.
- What names somebody or something unknown is **unresolved**: it is kept and counts once the missing roster row, policy or event arrives.

In files and in ` + "`import`, `export`, `evaluate`" + ` an event is a line ` + "`{\"subject\": \"...\", \"data\": {...}}`" + `.

## Types

| type | form |
|---|---|
| time | RFC 3339 with an offset: ` + "`2020-11-03T08:21:07+08:00`" + ` or ` + "`...Z`" + `; fractions of a second are cut; 2000 to 2099 |
| date | ` + "`2020-11-03`" + `: the whole day |
| date or time | both ends of a span are included, and both are dates or both are times |
| month | ` + "`2020-11`" + ` |
| token | 1 to 32 of ` + "`A-Z a-z 0-9 _ -`" + ` |
| person | 1 to 64 characters without space and slash; better none that begins with @, as windows do in the ids of violations |

An optional field that is null or empty counts as not there.

## Which of two holds

The one with the later ` + "`time`" + `, then the greater uid; the order of arrival decides nothing.

| kind | of the same |
|---|---|
| roster | person and from |
| policy | effective date |
| calendar | year |
| cases | window, category, month or date; a month's figure beats its dates |
| figure | month, name, window |
| text | month, section |
| award | month, title |
| terminal | terminal; of complete_until the latest of all |
| ruling | what it is on |

Everything else adds up by uid. What a ruling rejected or cancelled replaces nothing.

`

// exampleSource is who sends the example of a kind; the office sends the others.
var exampleSource = map[hall.Kind]string{hall.KindPunch: "T01", hall.KindTerminal: "T01", hall.KindPatrol: "app"}

func docsEvents(t testing.TB, w *strings.Builder) {
	w.WriteString(eventsIntro)
	w.WriteString("## Kinds\n\n| kind | | meaning |\n|---|---|---|\n")
	for _, k := range hall.Kinds {
		fmt.Fprintf(w, "| [%s](#%s) | %s | %s |\n", k.Kind, k.Kind, k.Zh, cell(k.Meaning))
	}
	w.WriteString("\n## Fields of every kind\n\n")
	docsFields(w, hall.HeadFields)
	for _, k := range hall.Kinds {
		fmt.Fprintf(w, "\n## %s\n\n%s: %s.\n\n", k.Kind, k.Zh, k.Meaning)
		docsFields(w, k.Fields)
		subject, body := exampleEvent(t, k)
		fmt.Fprintf(w, "\n`%s`\n\n```json\n%s\n```\n", subject, body)
	}
}

func docsFields(w *strings.Builder, fields []hall.FieldInfo) {
	w.WriteString("| field | type | required | meaning |\n|---|---|---|---|\n")
	for _, f := range fields {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", f.Name, cell(f.Type), yes(f.Required), cell(f.Meaning))
	}
}

// exampleEvent is the golden event of a kind with every field. It must decode.
func exampleEvent(t testing.TB, k hall.KindInfo) (subject, body string) {
	t.Helper()
	var golden struct {
		Accepted []struct{ Body json.RawMessage }
	}
	path := filepath.Join("..", "..", "hall", "testdata", "events", string(k.Kind)+".json")
	if err := json.Unmarshal([]byte(readText(t, path)), &golden); err != nil || len(golden.Accepted) == 0 {
		t.Fatalf("%s: no example: %v", path, err)
	}
	source := exampleSource[k.Kind]
	if source == "" {
		source = "office"
	}
	subject = hall.Subject("demo", k.Kind, source)
	event, err := hall.Decode(subject, golden.Accepted[0].Body)
	if err != nil || len(event.Unknown) > 0 {
		t.Errorf("the example of %s: %v, unknown %v", k.Kind, err, event.Unknown)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, golden.Accepted[0].Body, "", "  "); err != nil {
		t.Fatal(err)
	}
	return subject, out.String()
}

// ---- rules

func docsRules(_ testing.TB, w *strings.Builder) {
	w.WriteString("# 判定规则 / Rules\n\n" +
		"程序判定每一天、每一月所用的全部规则。分值、宽限、封顶等数字都在大厅的办法里，见 [policy.md](policy.md)。`rollcall policy rules` 打印同样的内容。\n\n" +
		"Every rule of the judgement. The numbers (points, grace, caps) stand in the hall's policy, see [policy.md](policy.md). `rollcall policy rules` prints the same.\n\n" +
		"| 规则 | rule | id |\n|---|---|---|\n")
	for _, r := range rules.All {
		fmt.Fprintf(w, "| %s | %s | [`%s`](#%s) |\n", r.Title.Zh, r.Title.En, r.ID, r.ID)
	}
	for _, r := range rules.All {
		fmt.Fprintf(w, "\n## %s\n\n**%s / %s**（%s；自 %s 版）\n\n%s\n\n%s\n", r.ID, r.Title.Zh, r.Title.En, r.Clause, r.Since, r.Text.Zh, r.Text.En)
	}
}

// ---- commands

func docsCommands(_ testing.TB, w *strings.Builder) {
	w.WriteString("# Commands\n\n" +
		"Exit status: 0 done; 1 failed, or an event that was sent does not count; 2 wrong use, or no daemon to ask, with what to type instead. `rollcall completion bash` (or fish, zsh, powershell) prints completions.\n\n" +
		"Commands that ask a daemon take `--server URL` or `ROLLCALL_SERVER`; without either they ask `http://127.0.0.1:8080`. `verify`, `rebuild`, `export` and `deadletters` work without a running daemon too, on the data directory.\n")
	root := docsRoot()
	for _, group := range root.Groups() {
		fmt.Fprintf(w, "\n## %s\n\n| command | |\n|---|---|\n", strings.TrimSuffix(group.Title, ":"))
		for _, cmd := range leaves(root, group.ID) {
			anchor := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
			fmt.Fprintf(w, "| [%s](#%s) | %s |\n", cmd.CommandPath(), anchor, cell(cmd.Short))
		}
	}
	for _, group := range root.Groups() {
		for _, cmd := range leaves(root, group.ID) {
			docsCommand(w, cmd)
		}
	}
}

func docsRoot() *cobra.Command {
	return newRoot(&cli{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard})
}

// leaves are the commands of a group that do something, in the order of help.
func leaves(root *cobra.Command, group string) []*cobra.Command {
	var list []*cobra.Command
	for _, cmd := range root.Commands() {
		if cmd.GroupID != group {
			continue
		}
		if !cmd.HasSubCommands() {
			list = append(list, cmd)
		}
		list = append(list, cmd.Commands()...)
	}
	return list
}

func docsCommand(w *strings.Builder, cmd *cobra.Command) {
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	about = strings.TrimSpace(about)
	if !strings.HasSuffix(about, ".") {
		about += "."
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n```text\n%s\n```\n", cmd.CommandPath(), about, cmd.UseLine())
	if cmd.Example != "" {
		fmt.Fprintf(w, "\n```sh\n%s\n```\n", unindent(cmd.Example))
	}
	if cmd.HasAvailableLocalFlags() {
		fmt.Fprintf(w, "\n```text\n%s\n```\n", unindent(cmd.LocalFlags().FlagUsages()))
	}
}

// unindent takes away the spaces that every line begins with.
func unindent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	least := len(text)
	for _, line := range lines {
		if trimmed := strings.TrimLeft(line, " "); trimmed != "" {
			least = min(least, len(line)-len(trimmed))
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line[min(least, len(line)):], " ")
	}
	return strings.Join(lines, "\n")
}
