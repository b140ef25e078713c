package configs

// From YAML to a tree of values with their places: JSON's kinds of values, numbers
// as written. What YAML can do beyond that, and what makes a small file huge, is
// refused.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// position is a place in a file, from 1; the zero position is the whole file.
type position struct{ line, column int }

// tree is a value and where it stands. One of the fields after kind is used.
type tree struct {
	kind    treeKind
	at      position
	key     position // of the key that names it, if any
	text    string   // of a string, number or bool
	members []member
	items   []*tree
}

type treeKind int

const (
	nullKind treeKind = iota
	boolKind
	numberKind
	stringKind
	listKind
	mapKind
)

// member is an entry of a map, in the order of the file.
type member struct {
	name  string
	value *tree
}

func (t *tree) member(name string) *tree {
	for _, m := range t.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// parseYAML reads one document. It is nil where the text is no YAML or too much;
// what else is wrong is noted in p, and the rest can be read.
func parseYAML(src []byte, p *problems) *tree {
	if !readable(src, p) {
		return nil
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if json.Valid(src) {
		src = bytes.ReplaceAll(src, []byte("\t"), []byte(" ")) // tabs stand between its values only
	}
	tokens, ok := words(lexer.Tokenize(string(src)), p)
	if !ok {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p.syntax(err)
		return nil
	}
	var bodies []*ast.DocumentNode
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc)
		}
	}
	if len(bodies) == 0 {
		p.add(position{}, "", "is empty", "to start from: rollcall policy example, rollcall config print --default")
		return nil
	}
	if len(bodies) > 1 {
		p.add(start(bodies[1].Body), "", "a second document begins here", "one document a file: remove the line ---")
		return nil
	}
	b := builder{p: p, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	t := b.build(bodies[0].Body, 0)
	if b.tooLarge {
		return nil
	}
	return t
}

func (p *problems) syntax(err error) {
	if e, ok := errors.AsType[yaml.Error](err); ok && e.GetToken() != nil {
		p.add(at(e.GetToken()), "", e.GetMessage(), "the YAML is broken at or before this place")
		return
	}
	p.add(position{}, "", "is not YAML: "+err.Error(), "")
}

func at(t *token.Token) position {
	if t == nil || t.Position == nil {
		return position{}
	}
	return position{t.Position.Line, t.Position.Column}
}

// start is where a value begins: a block map has no token of its own.
func start(n ast.Node) position {
	switch v := n.(type) {
	case *ast.MappingNode:
		if !v.IsFlowStyle && len(v.Values) > 0 {
			return start(v.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return start(v.Key)
	case *ast.MappingKeyNode:
		if v.Value != nil {
			return start(v.Value)
		}
	}
	return at(n.GetToken())
}

// builder turns nodes into trees.
type builder struct {
	p        *problems
	anchors  map[string]ast.Node
	open     map[string]bool // anchors being built
	aliases  []position      // those that enclose what is built
	repeated int
	tooLarge bool
}

func (b *builder) build(n ast.Node, depth int) *tree {
	t := &tree{}
	if n == nil {
		return t
	}
	t.at = start(n)
	if b.tooLarge || b.limit(t.at, depth) {
		return t
	}
	switch v := n.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		t.kind, t.text = boolKind, fmt.Sprint(v.Value)
	case *ast.StringNode:
		t.kind, t.text = stringKind, v.Value
	case *ast.LiteralNode:
		t.kind, t.text = stringKind, v.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		t.kind, t.text = number(n.GetToken().Value)
	case *ast.SequenceNode:
		t.kind = listKind
		for _, item := range v.Values {
			t.items = append(t.items, b.build(item, depth+1))
		}
	case *ast.MappingNode:
		t.kind = mapKind
		b.fill(t, v.Values, depth)
	case *ast.MappingValueNode:
		t.kind = mapKind
		b.fill(t, []*ast.MappingValueNode{v}, depth)
	case *ast.AnchorNode:
		return b.anchor(v, depth)
	case *ast.AliasNode:
		return b.alias(v, depth)
	case *ast.TagNode:
		return b.tag(v, depth)
	default:
		b.p.add(t.at, "", "is not used here", "write plain keys and values")
	}
	return t
}

// limit reports whether aliases repeat too much, or nest it too deep.
func (b *builder) limit(at position, depth int) bool {
	if len(b.aliases) > 0 {
		at = b.aliases[0]
		b.repeated++
	}
	if depth > maxDepth+1 || b.repeated > maxRepeated {
		b.tooLarge = true
		b.p.add(at, "", fmt.Sprintf("grows too large: aliases add more than %d values", maxRepeated), "write the values out")
	}
	return b.tooLarge
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// number keeps what JSON calls a number as it is written, and writes out .5 and
// 2. which YAML has too; 007, 0x10, 1_000 and .nan are text, which is refused
// where a number is due.
func number(text string) (treeKind, string) {
	long := strings.TrimSuffix(text, ".")
	if strings.HasPrefix(long, ".") {
		long = "0" + long
	}
	if jsonNumber.MatchString(long) {
		return numberKind, long
	}
	return stringKind, text
}

// fill adds entries to a map, and what `<<` merges behind them.
func (b *builder) fill(t *tree, values []*ast.MappingValueNode, depth int) {
	t.kind = mapKind
	where := make(map[string]position, len(values))
	var merged []*tree
	for _, v := range values {
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			merged = append(merged, b.build(v.Value, depth+1))
			continue
		}
		name, at := b.key(v.Key)
		if first, ok := where[name]; ok {
			b.p.add(at, "", fmt.Sprintf("key %q stands twice in this map, first in line %d", name, first.line),
				"keep one of them")
			continue
		}
		where[name] = at
		value := b.build(v.Value, depth+1)
		value.key = at
		t.members = append(t.members, member{name, value})
	}
	for _, m := range merged {
		b.merge(t, m)
	}
}

func (b *builder) key(n ast.MapKeyNode) (string, position) {
	var node ast.Node = n
	if k, ok := n.(*ast.MappingKeyNode); ok {
		node = k.Value
	}
	t := b.build(node, 0)
	if t.kind == mapKind || t.kind == listKind {
		b.p.add(t.at, "", "a key is a single word", "")
	}
	if t.kind == nullKind && node != nil && node.GetToken() != nil {
		t.text = node.GetToken().Value
	}
	return t.text, t.at
}

func (b *builder) merge(t, from *tree) {
	switch from.kind {
	case mapKind:
		for _, m := range from.members {
			if t.member(m.name) == nil {
				t.members = append(t.members, m)
			}
		}
	case listKind:
		for _, item := range from.items {
			b.merge(t, item)
		}
	default:
		b.p.add(from.at, "", "<< wants a map", "an alias of a map, such as <<: *usual")
	}
}

func (b *builder) anchor(n *ast.AnchorNode, depth int) *tree {
	name := n.Name.GetToken().Value
	b.open[name] = true
	t := b.build(n.Value, depth)
	delete(b.open, name)
	b.anchors[name] = n.Value
	return t
}

func (b *builder) alias(n *ast.AliasNode, depth int) *tree {
	name := n.Value.GetToken().Value
	t := &tree{at: at(n.GetToken())}
	target, ok := b.anchors[name]
	if !ok || b.open[name] {
		b.p.add(t.at, "", fmt.Sprintf("alias *%s has no anchor &%s above it", name, name), "")
		return t
	}
	b.aliases = append(b.aliases, t.at)
	b.open[name] = true
	t = b.build(target, depth)
	delete(b.open, name)
	b.aliases = b.aliases[:len(b.aliases)-1]
	return t
}

// tag knows the tags that say what a value is anyway, and !!str.
func (b *builder) tag(n *ast.TagNode, depth int) *tree {
	t := b.build(n.Value, depth)
	switch name := n.Start.Value; name {
	case "!!str":
		if t.kind == numberKind || t.kind == boolKind || t.kind == nullKind {
			t.kind, t.text = stringKind, n.Value.GetToken().Value
		}
	case "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map", "!!timestamp":
	default:
		b.p.add(at(n.Start), "", fmt.Sprintf("tag %s is not used here", name), "remove it")
	}
	return t
}

// index lists every value by its path.
func (t *tree) index(path string, index map[string]*tree) {
	index[path] = t
	for _, m := range t.members {
		m.value.index(path+"."+m.name, index)
	}
	for i, item := range t.items {
		item.index(fmt.Sprintf("%s[%d]", path, i), index)
	}
}

// nearest returns the value at a path such as $.timetables[0].from, or where
// there is none the nearest one around it.
func nearest(index map[string]*tree, path string) *tree {
	for {
		if t, ok := index[path]; ok {
			return t
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return &tree{at: position{1, 1}, key: position{1, 1}}
		}
		path = path[:cut]
	}
}
