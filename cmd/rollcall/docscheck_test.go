package main

// What people copy from the documentation must work: command lines parse, links
// lead somewhere, both READMEs say the same, and the tables of routes and
// metrics are those of the program.

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"rollcall/cmd/rollcall/app"
	"rollcall/configs"
)

// pages are what users read.
func pages(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(docsDir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(docsDir)
	for _, name := range []string{"README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CHANGELOG.md"} {
		list = append(list, filepath.Join(root, name))
	}
	return list
}

// TestDocsCommands: every `rollcall ...` in a block of shell, or in a line, is a
// command with flags that it knows.
func TestDocsCommands(t *testing.T) {
	count := 0
	for _, path := range pages(t) {
		text := readText(t, path)
		for _, block := range blocks(text, "sh") {
			for _, words := range shellCommands(block) {
				if args, ours := ownArgs(words); ours {
					count++
					if err := parses(args, true); err != nil {
						t.Errorf("%s: %s: %v", path, strings.Join(words, " "), err)
					}
				}
			}
		}
		for _, m := range inlineCommand.FindAllStringSubmatch(withoutBlocks(text), -1) {
			for _, words := range shellCommands(m[1]) {
				if args, ours := ownArgs(words); ours {
					if err := parses(args, false); err != nil {
						t.Errorf("%s: `%s`: %v", path, m[1], err)
					}
				}
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d command lines found: does the test still read the pages?", count)
	}
}

var inlineCommand = regexp.MustCompile("`(rollcall [^`]+)`")

// ownArgs are the arguments of a command line of ours.
func ownArgs(words []string) ([]string, bool) {
	switch {
	case len(words) > 0 && words[0] == "rollcall":
		return words[1:], true
	case len(words) > 2 && words[0] == "go" && words[1] == "run" && words[2] == "./cmd/rollcall":
		return words[3:], true
	}
	return nil, false
}

// parses says whether a command line is one; whole ones must have their
// arguments too.
func parses(args []string, whole bool) error {
	root := docsRoot()
	root.InitDefaultCompletionCmd(args...)
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if cmd == root && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return fmt.Errorf("there is no command %s", rest[0])
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if !whole {
		return nil
	}
	if cmd.HasSubCommands() && cmd != root {
		return fmt.Errorf("names no sub-command")
	}
	return allowed(cmd)
}

func allowed(cmd *cobra.Command) error {
	if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
		return err
	}
	if err := cmd.ValidateRequiredFlags(); err != nil {
		return err
	}
	return cmd.ValidateFlagGroups()
}

// blocks are the fenced blocks of a language.
func blocks(text, language string) []string {
	var list []string
	for _, part := range strings.Split("\n"+text, "\n```"+language+"\n")[1:] {
		body, _, _ := strings.Cut("\n"+part, "\n```")
		list = append(list, body)
	}
	return list
}

var fenced = regexp.MustCompile("(?s)\n```.*?\n```")

func withoutBlocks(text string) string { return fenced.ReplaceAllString(text, "") }

// TestReadmesAgree: both READMEs show the same commands.
func TestReadmesAgree(t *testing.T) {
	root := filepath.Dir(docsDir)
	commands := func(name string) []string {
		var list []string
		for _, block := range blocks(readText(t, filepath.Join(root, name)), "sh") {
			for line := range strings.SplitSeq(block, "\n") {
				code, _, _ := strings.Cut(line, " # ") // remarks are in the language of the page
				if code = strings.TrimSpace(code); code != "" && code[0] != '#' {
					list = append(list, code)
				}
			}
		}
		return list
	}
	english, chinese := commands("README.md"), commands("README.zh-CN.md")
	if diff := cmp.Diff(english, chinese); diff != "" || len(english) == 0 {
		t.Errorf("the READMEs show different commands (-en +zh)\n%s", diff)
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestDocsLinks: every link to a file of the repository, or to a heading,
// leads there.
func TestDocsLinks(t *testing.T) {
	for _, path := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(withoutBlocks(readText(t, path)), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: link to %s: %v", path, m[1], err)
				continue
			}
			if anchor != "" && !slices.Contains(anchors(readText(t, target)), anchor) {
				t.Errorf("%s: link to %s: there is no such heading", path, m[1])
			}
		}
	}
}

// anchors are what headings are called in links.
func anchors(text string) []string {
	var list []string
	for line := range strings.SplitSeq(withoutBlocks(text), "\n") {
		title := strings.TrimLeft(line, "#")
		if title == line || !strings.HasPrefix(title, " ") {
			continue
		}
		list = append(list, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(title)))
	}
	return list
}

var (
	routeLine  = regexp.MustCompile(`\{?"((?:GET|POST) /[^"]*)", `)
	metricName = regexp.MustCompile("`(rollcall_[a-z_]+)`")
	helpLine   = regexp.MustCompile(`(?m)^# HELP (rollcall_\w+) `)
)

// TestDocsRoutes: docs/http.md names every route of the server.
func TestDocsRoutes(t *testing.T) {
	page := readText(t, filepath.Join(docsDir, "http.md"))
	routes := routeLine.FindAllStringSubmatch(readText(t, filepath.Join("..", "..", "web", "server.go")), -1)
	if len(routes) < 10 {
		t.Fatalf("only %d routes found in web/server.go", len(routes))
	}
	for _, m := range routes {
		if route := strings.ReplaceAll(m[1], "{$}", ""); !strings.Contains(page, "`"+route+"`") {
			t.Errorf("docs/http.md does not name %s", route)
		}
	}
}

// TestDocsMetrics: docs/metrics.md names exactly the metrics that there are:
// those that the packages register, among them all that a daemon shows.
func TestDocsMetrics(t *testing.T) {
	var documented []string
	for _, m := range metricName.FindAllStringSubmatch(readText(t, filepath.Join(docsDir, "metrics.md")), -1) {
		documented = append(documented, m[1])
	}
	slices.Sort(documented)
	documented = slices.Compact(documented)
	if diff := cmp.Diff(registered(t), documented); diff != "" {
		t.Errorf("docs/metrics.md (-program +page)\n%s", diff)
	}
	for _, name := range shown(t) {
		if !slices.Contains(documented, name) {
			t.Errorf("a daemon shows %s, which docs/metrics.md does not name", name)
		}
	}
}

// registered are the names of metrics in the sources, sorted.
func registered(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, dir := range []string{"web", "ingest", "ingest/bus", "cmd/rollcall/app"} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(dir), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") {
				names = append(names, metricsOf(t, path)...)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func metricsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && metricName.MatchString("`"+text+"`") {
				names = append(names, text)
			}
		}
		return true
	})
	return names
}

// shown are the metrics of a daemon that has just started.
func shown(t *testing.T) []string {
	t.Helper()
	config := configs.Default()
	config.Data, config.HTTP, config.Bus.Listen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	a, err := app.New(t.Context(), app.Options{Config: config, Log: slog.New(slog.DiscardHandler), Command: "docs"})
	if err != nil {
		t.Fatal(err)
	}
	a.Start()
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := a.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	resp, err := http.Get(a.URL() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range helpLine.FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	return names
}
