package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"rollcall/hall"
)

// TestEveryKindHasACommand names the kind that nobody could enter by hand.
func TestEveryKindHasACommand(t *testing.T) {
	made := map[hall.Kind]bool{
		hall.KindSeal: true, hall.KindPolicy: true, hall.KindCalendar: true, // seal, policy apply, calendar import
	}
	for _, command := range eventCommands {
		made[command.kind] = true
	}
	for _, kind := range hall.Kinds {
		if !made[kind.Kind] {
			t.Errorf("no command makes a %s: add a line to eventCommands", kind.Kind)
		}
	}
}

// TestEventExamples: what a help page shows makes an event.
func TestEventExamples(t *testing.T) {
	for _, command := range eventCommands {
		for line := range strings.SplitSeq(strings.TrimSpace(command.example), "\n") {
			args := append(words(line)[1:], "--hall", "demo", "--dry-run", "--server", "http://127.0.0.1:1")
			var out, errs bytes.Buffer
			if code := run(t.Context(), args, nil, strings.NewReader(""), &out, &errs); code != exitDone {
				t.Errorf("%s: exit %d, %s", line, code, errs.String())
				continue
			}
			subject, body, err := hall.DecodeLine(bytes.TrimSpace(out.Bytes()))
			if err == nil {
				_, err = hall.Decode(subject, body)
			}
			if err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// words splits a line as a shell does, as far as the examples need it.
func words(line string) []string {
	var list []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			list = append(list, part)
			continue
		}
		list = append(list, strings.Fields(part)...)
	}
	return list
}

// TestEveryCommandHasHelp: a title and an example, and help that works.
func TestEveryCommandHasHelp(t *testing.T) {
	root := newRoot(&cli{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard})
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			if sub.Name() == "help" || sub.Name() == "completion" {
				continue
			}
			if sub.Short == "" {
				t.Errorf("%s has no title", sub.CommandPath())
			}
			if !sub.HasSubCommands() && sub.Example == "" && sub.Name() != "version" {
				t.Errorf("%s has no example", sub.CommandPath())
			}
			if sub.HasParent() && sub.Parent() == root && sub.GroupID == "" {
				t.Errorf("%s is in no group of the help page", sub.CommandPath())
			}
			walk(sub)
		}
	}
	walk(root)
}
