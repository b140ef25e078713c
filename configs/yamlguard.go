package configs

// What is refused before it is parsed: files that are no text, and those that
// would take the parser too long or too deep.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// The limits of a file. A policy of two hundred windows has about 5000 words;
// the parser's time grows with the square of their number.
const (
	maxFileBytes = 1 << 20
	maxWords     = 50000
	maxDepth     = 50
	maxRepeated  = 10000 // values that aliases add
)

// readable refuses what is no text or too much of it, before it is parsed.
func readable(src []byte, p *problems) bool {
	if len(src) > maxFileBytes {
		p.lines = nil
		p.add(position{}, "", fmt.Sprintf("has %d bytes; at most %d are read", len(src), maxFileBytes),
			"is it the right file?")
		return false
	}
	isJSON := json.Valid(bytes.TrimPrefix(src, []byte("\ufeff")))
	for i, line := range p.lines {
		if !utf8.ValidString(line) {
			p.add(position{i + 1, 1}, "", "is not UTF-8", "save the file as UTF-8")
			return false
		}
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && strings.TrimSpace(line) != "" && !isJSON {
			p.add(position{i + 1, tab + 1}, "", "a tab where only spaces may stand", "indent with spaces")
		}
		if strings.ContainsFunc(line, func(c rune) bool { return c < ' ' && c != '\t' && c != '\r' || c == 0x7f }) {
			p.add(position{i + 1, 1}, "", "holds control characters; is it a text file?", "")
			return false
		}
	}
	return len(p.list) == 0
}

// words drops comments and refuses too many words and too deep nesting, which
// the parser cannot bear.
func words(tokens token.Tokens, p *problems) (token.Tokens, bool) {
	kept := make(token.Tokens, 0, len(tokens))
	flow, block := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.CommentType:
			continue
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			block++
		case token.InvalidType:
			p.add(at(t), "", cmp.Or(t.Error, "is not YAML"), "")
			return nil, false
		default:
			block = 0
		}
		if flow > maxDepth || block > maxDepth {
			p.add(at(t), "", fmt.Sprintf("is nested more than %d deep", maxDepth), "")
			return nil, false
		}
		if kept = append(kept, t); len(kept) > maxWords {
			p.add(at(t), "", fmt.Sprintf("has more than %d words", maxWords), "is it the right file?")
			return nil, false
		}
	}
	return kept, true
}
