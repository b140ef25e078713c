package main

// The excerpts of the READMEs are what the demo prints.

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"rollcall/report/paper"
)

func TestReadmeExcerpts(t *testing.T) {
	var printed bytes.Buffer
	for _, list := range []string{paper.All, "bulletin"} {
		if err := paper.Write(&printed, builtDemo(t), list, "text", paper.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		lines := 0
		for _, block := range strings.Split(readText(t, filepath.Join("..", "..", name)), "```text\n")[1:] {
			block, _, _ = strings.Cut(block, "```")
			for line := range strings.Lines(block) {
				for piece := range strings.SplitSeq(strings.TrimSpace(line), "…") {
					lines++
					if !strings.Contains(printed.String(), piece) {
						t.Errorf("%s shows %q, which the demo does not print", name, piece)
					}
				}
			}
		}
		if lines < 20 {
			t.Errorf("%s shows %d pieces of the demo, want 20 or more", name, lines)
		}
	}
}
