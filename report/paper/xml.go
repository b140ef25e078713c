package paper

// A tree of XML, which is well-formed whatever text is put into it.

import (
	"encoding/xml"
	"strings"
)

// node is an element, or a text where it has no name.
type node struct {
	name  string
	attrs []string // names and values by turns
	kids  []node
	text  string
}

func element(name string, kids ...node) node { return node{name: name, kids: kids} }

// content is shown as it is but for what nobody can see: control codes and marks
// that turn a line around.
func content(s string) node { return node{text: printable(s)} }

// with adds attributes: names and values by turns.
func (n node) with(attrs ...string) node {
	n.attrs = append(n.attrs, attrs...)
	return n
}

// document is the node as a file.
func (n node) document() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	n.write(&b)
	b.WriteString("\n")
	return b.String()
}

func (n node) write(b *strings.Builder) {
	if n.name == "" {
		escape(b, n.text)
		return
	}
	b.WriteString("<" + n.name)
	for i := 0; i+1 < len(n.attrs); i += 2 {
		b.WriteString(" " + n.attrs[i] + `="`)
		escape(b, n.attrs[i+1])
		b.WriteString(`"`)
	}
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	for _, kid := range n.kids {
		kid.write(b)
	}
	b.WriteString("</" + n.name + ">")
}

func escape(b *strings.Builder, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a strings.Builder takes everything
}
