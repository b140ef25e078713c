package main

// docs/policy.md: every key of a policy, from its schema.

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rollcall/configs"
)

const policyIntro = `# 考核办法 / The policy of a hall

凡是决定考勤、巡查、考评结果而又不是事件的，都写在大厅的办法里：一个 YAML 文件，检查后作为事件写入日志，从 ` + "`effective`" + ` 那天起执行。改办法就是换一个生效日期再写一份；以前的日子仍按以前的办法。

Everything that decides a verdict and is not an event stands in the hall's policy: a YAML file that is checked and then published as an event. It governs each day from ` + "`effective`" + ` on, until a version with a later date does. Each day is judged by the version that governs it; what is settled over a month (corrections, tolerance, repeats, bonus, ranks, awards) by the version of the month's last day.

` + "```sh" + `
rollcall policy example > hall.yaml
rollcall policy check hall.yaml
rollcall policy apply hall.yaml
` + "```" + `

` + "`rollcall policy example --full`" + ` prints a policy that shows every key ([hall-full.yaml](../configs/hall-full.yaml)); ` + "`rollcall policy schema`" + ` prints a JSON Schema, with which editors complete keys and mark mistakes. Unknown keys are refused with line, caret and a hint.

In the tables ` + "`[]`" + ` stands for each entry of a list. 必填 = required.

`

// schemaNode is what the page needs of a JSON Schema. Keys keep the order of the
// document.
type schemaNode struct {
	Description      string
	Type             json.RawMessage
	Enum             []string
	Pattern          string
	Default          json.RawMessage
	Minimum          *float64
	ExclusiveMinimum *float64
	Maximum          *float64
	Required         []string
	Properties       properties
	Items            *schemaNode
	AnyOf            []schemaChoice
	Ref              string                 `json:"$ref"`
	Defs             map[string]*schemaNode `json:"$defs"`
}

// schemaChoice is one of several forms; only what the page prints is read.
type schemaChoice struct {
	Type     json.RawMessage
	Const    string
	Required []string
	Minimum  *float64
	Maximum  *float64
}

type property struct {
	name string
	node *schemaNode
}

type properties []property

// UnmarshalJSON reads an object in its order.
func (p *properties) UnmarshalJSON(text []byte) error {
	dec := json.NewDecoder(strings.NewReader(string(text)))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		node := &schemaNode{}
		if err := dec.Decode(node); err != nil {
			return err
		}
		*p = append(*p, property{fmt.Sprint(name), node})
	}
	return nil
}

func docsPolicy(t testing.TB, w *strings.Builder) {
	text, err := configs.PolicySchema()
	if err != nil {
		t.Fatal(err)
	}
	var schema schemaNode
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	page := policyPage{w: w, defs: schema.Defs, shown: map[string]string{}}
	w.WriteString(policyIntro)
	w.WriteString("## 大厅 / The hall\n\n")
	page.head()
	for _, p := range schema.Properties {
		if !page.nested(p.node) {
			page.row(p.name, p.node, slices.Contains(schema.Required, p.name))
		}
	}
	for _, p := range schema.Properties {
		if page.nested(p.node) {
			zh, en := bilingual(p.node.Description)
			fmt.Fprintf(w, "\n## %s\n\n%s / %s\n\n", p.name, zh, en)
			page.head()
			page.rows(p.name, p.node, slices.Contains(schema.Required, p.name))
		}
	}
}

type policyPage struct {
	w     *strings.Builder
	defs  map[string]*schemaNode
	shown map[string]string // a definition and the key under which it stands
}

func (p *policyPage) head() {
	p.w.WriteString("| key | 必填 | type | default | 含义 | meaning |\n|---|---|---|---|---|---|\n")
}

func (p *policyPage) nested(n *schemaNode) bool {
	return len(n.Properties) > 0 || n.Items != nil && (len(n.Items.Properties) > 0 || n.Items.Ref != "")
}

func (p *policyPage) row(key string, n *schemaNode, required bool) {
	zh, en := bilingual(n.Description)
	fmt.Fprintf(p.w, "| `%s` | %s | %s | %s | %s | %s |\n", key, mark(required), cell(p.typeOf(n)), byDefault(n), cell(zh), cell(en))
}

// rows are a key and all below it.
func (p *policyPage) rows(key string, n *schemaNode, required bool) {
	p.row(key, n, required)
	inner, path := n, key
	if n.Items != nil {
		inner, path = n.Items, key+"[]"
	}
	if inner.Ref != "" {
		if _, there := p.shown[inner.Ref]; there {
			return
		}
		p.shown[inner.Ref] = path
		inner = p.defs[strings.TrimPrefix(inner.Ref, "#/$defs/")]
	}
	for _, member := range inner.Properties {
		p.rows(path+"."+member.name, member.node, slices.Contains(inner.Required, member.name))
	}
}

func mark(required bool) string {
	if required {
		return "必填"
	}
	return ""
}

func byDefault(n *schemaNode) string {
	if len(n.Default) == 0 {
		return ""
	}
	var list []string
	if json.Unmarshal(n.Default, &list) == nil {
		return "`" + strings.Join(list, "`, `") + "`"
	}
	return "`" + strings.Trim(string(n.Default), `"`) + "`"
}

func bilingual(text string) (zh, en string) {
	zh, en, _ = strings.Cut(text, " / ")
	return zh, en
}

// patternNames say in words what the patterns of the schema are.
var patternNames = map[string]string{
	`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`: "date `2024-01-31`",
	`^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`:             "clock `00:00` to `24:00`",
	`^([01][0-9]|2[0-3]):[0-5][0-9]$`:                     "clock `00:00` to `23:59`",
	`^(0|[0-9]+h|([0-9]+h)?[0-9]+m)$`:                     "duration `5m`, `1h30m`",
	`^[^\s/]{1,128}$`:                                     "word without space and slash",
	`^[A-Za-z0-9_-]{1,32}$`:                               "token",
	`^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`:          "month-day `10-01`",
}

func (p *policyPage) typeOf(n *schemaNode) string {
	if n.Items != nil {
		return "list of " + p.typeOf(n.Items)
	}
	if n.Ref != "" {
		name := strings.TrimPrefix(n.Ref, "#/$defs/")
		if at, there := p.shown[n.Ref]; there {
			return name + ", as `" + at + "`"
		}
		return name
	}
	switch {
	case len(n.Enum) > 0:
		return "`" + strings.Join(n.Enum, "`, `") + "`"
	case n.Pattern != "":
		if name, ok := patternNames[n.Pattern]; ok {
			return name
		}
		return "text `" + n.Pattern + "`"
	case len(n.Type) == 0:
		var forms []string
		for _, c := range n.AnyOf {
			if form := c.form(); form != "" {
				forms = append(forms, form)
			}
		}
		return strings.Join(forms, " or ")
	}
	return typeName(n.Type) + bounds(n.Minimum, n.ExclusiveMinimum, n.Maximum)
}

func (c *schemaChoice) form() string {
	if c.Const != "" {
		return "`" + c.Const + "`"
	}
	name := typeName(c.Type)
	if name == "" {
		return ""
	}
	return name + bounds(c.Minimum, nil, c.Maximum)
}

// typeName is the type without null, which everywhere means "not there".
func typeName(raw json.RawMessage) string {
	var several []string
	if json.Unmarshal(raw, &several) != nil {
		several = []string{strings.Trim(string(raw), `"`)}
	}
	several = slices.DeleteFunc(several, func(s string) bool { return s == "null" })
	words := strings.NewReplacer("object", "map", "boolean", "true or false", "string", "text", "array", "list")
	return words.Replace(strings.Join(several, " or "))
}

func bounds(least, above, most *float64) string {
	switch {
	case above != nil && most != nil:
		return " above " + plain(*above) + ", at most " + plain(*most)
	case above != nil:
		return " above " + plain(*above)
	case least != nil && most != nil:
		return " from " + plain(*least) + " to " + plain(*most)
	case least != nil:
		return " of at least " + plain(*least)
	case most != nil:
		return " of at most " + plain(*most)
	}
	return ""
}

func plain(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }
