package main

// Command lines of the documentation as a shell would split them.

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
)

// shellCommands splits a script into the words of its commands, as far as our
// pages need it: quotes, $(...), pipes, redirections, comments, here-documents.
func shellCommands(script string) [][]string {
	var commands [][]string
	end := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(script, "\\\n", " "), "\n") {
		if end != "" {
			if strings.TrimSpace(line) == end {
				end = ""
			}
			continue
		}
		if _, here, ok := strings.Cut(line, "<<"); ok {
			end = strings.Trim(strings.Fields(here)[0], `'"`)
		}
		commands = append(commands, lineCommands(line)...)
	}
	return commands
}

func lineCommands(line string) [][]string {
	var commands [][]string
	var words []string
	for _, word := range shellWords(line) {
		switch word {
		case "|", "||", "&&", ";", "&":
			commands, words = append(commands, words), nil
		default:
			words = append(words, word)
		}
	}
	commands = append(commands, words)
	for i, words := range commands {
		if cut := slices.IndexFunc(words, func(w string) bool { return w == ">" || w == "<" || w == "<<" || w == ">>" || w == "2>" }); cut >= 0 {
			commands[i] = words[:cut]
		}
	}
	return commands
}

func shellWords(line string) []string {
	var words []string
	word, open := "", rune(0)
	depth, inWord := 0, false
	for i, r := range line {
		switch {
		case open != 0:
			if r == open {
				open = 0
				continue
			}
			word += string(r)
		case r == '\'' || r == '"':
			open, inWord = r, true
		case r == '(' && strings.HasSuffix(word, "$"), r == '(' && depth > 0:
			depth++
			word += string(r)
		case r == ')' && depth > 0:
			depth--
			word += string(r)
		case unicode.IsSpace(r) && depth == 0:
			if inWord {
				words, word, inWord = append(words, word), "", false
			}
		case r == '#' && !inWord && (i == 0 || line[i-1] == ' '):
			return words
		default:
			word, inWord = word+string(r), true
		}
	}
	if inWord {
		words = append(words, word)
	}
	return words
}

// TestShellCommands: the splitting of command lines sees what a shell would run.
func TestShellCommands(t *testing.T) {
	for _, test := range []struct {
		script string
		want   [][]string
	}{
		{"rollcall serve # with remarks", [][]string{{"rollcall", "serve"}}},
		{"rollcall leave --from \"2020-11-03 09:00\" \\\n  --kind outing", [][]string{{"rollcall", "leave", "--from", "2020-11-03 09:00", "--kind", "outing"}}},
		{"rollcall policy example --full | less", [][]string{{"rollcall", "policy", "example", "--full"}, {"less"}}},
		{"cat > roster.csv <<'END'\nrollcall nonsense\nEND\nrollcall version > v", [][]string{{"cat"}, {"rollcall", "version"}}},
		{"rollcall report \"$(date +%Y-%m)\" && rollcall export", [][]string{{"rollcall", "report", "$(date +%Y-%m)"}, {"rollcall", "export"}}},
	} {
		if diff := cmp.Diff(test.want, shellCommands(test.script)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.script, diff)
		}
	}
	for _, wrong := range []string{"nonsense", "serve --nonsense", "report", "policy", "evaluate --month 2020-11 --nonsense"} {
		if err := parses(strings.Fields(wrong), true); err == nil {
			t.Errorf("rollcall %s passes", wrong)
		}
	}
}

var dateCommand = regexp.MustCompile(`\$\(date [^)]*\)`)

// TestDocsEvents: what the pages publish with nats and curl are events without
// unknown fields.
func TestDocsEvents(t *testing.T) {
	count := 0
	for _, path := range pages(t) {
		for _, block := range blocks(readText(t, path), "sh") {
			for _, words := range shellCommands(block) {
				subject, body, ok := published(t, words)
				if !ok {
					continue
				}
				count++
				event, err := hall.Decode(subject, body)
				if err != nil || len(event.Unknown) > 0 {
					t.Errorf("%s: %s %s: %v, unknown %v", path, subject, body, err, event.Unknown)
				}
			}
		}
	}
	if count < 5 {
		t.Errorf("only %d events found: does the test still read the pages?", count)
	}
}

// published is the event that a command line sends.
func published(t *testing.T, words []string) (subject string, body []byte, ok bool) {
	t.Helper()
	if len(words) < 3 {
		return "", nil, false
	}
	text := func(word string) []byte {
		return []byte(dateCommand.ReplaceAllString(word, "2020-11-03T08:21:07Z"))
	}
	if words[0] == "nats" && words[1] == "pub" {
		return words[len(words)-2], text(words[len(words)-1]), true
	}
	if words[0] == "curl" && words[1] == "-d" {
		subject, body, err := hall.DecodeLine(text(words[2]))
		if err != nil {
			t.Errorf("%s: %v", words[2], err)
		}
		return subject, body, true
	}
	return "", nil, false
}
