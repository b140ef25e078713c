package configs

// Policies as YAML: read, and checked with line and caret.

import (
	"bytes"
	_ "embed"
	"strings"

	"rollcall/hall"
)

//go:embed hall.yaml
var examplePolicy []byte

//go:embed hall-full.yaml
var fullPolicy []byte

//go:embed policy.schema.json
var policySchema []byte

// ExamplePolicy returns the shipped policy of an invented hall with twenty
// windows, as YAML with comments.
func ExamplePolicy() []byte { return bytes.Clone(examplePolicy) }

// FullPolicy returns a policy that shows every key with its meaning, as YAML with
// comments.
func FullPolicy() []byte { return bytes.Clone(fullPolicy) }

// PolicySchema returns the JSON Schema (2020-12) of a policy, for editors. What
// passes it may still be refused by ReadPolicy, which also sees how the parts fit
// together; what ReadPolicy knows, the schema knows.
func PolicySchema() ([]byte, error) { return bytes.Clone(policySchema), nil }

// ReadPolicy reads a policy from YAML, or JSON, which is YAML. It returns the
// policy and its document as JSON, keys in the order of the file, for a policy
// event. Its error is a *PolicyFileError with all problems at once; unknown keys
// are among them. The name is only printed.
func ReadPolicy(name string, src []byte) (*hall.Policy, []byte, error) {
	p := newProblems(name, src)
	t := parseYAML(src, p)
	if t == nil {
		return nil, nil, p.err()
	}
	var doc bytes.Buffer
	t.json(&doc)
	policy, err := hall.DecodePolicy(doc.Bytes())
	p.locate(t, policyErrors(err), hall.UnknownPolicyKeys(doc.Bytes()))
	if err := p.err(); err != nil {
		return nil, nil, err
	}
	return policy, doc.Bytes(), nil
}

func policyErrors(err error) []hall.PolicyError {
	switch e := err.(type) {
	case nil:
		return nil
	case hall.PolicyErrors:
		return e
	}
	return []hall.PolicyError{{Path: "$", Problem: err.Error()}}
}

// locate gives errors of a document their places: a value's own, that of the key
// for an unknown key, and that of the map around it for a missing one.
func (p *problems) locate(t *tree, errs, unknown []hall.PolicyError) {
	index := make(map[string]*tree)
	t.index("$", index)
	for _, e := range errs {
		p.add(place(index, e), e.Path, describe(e), e.Allowed)
	}
	for _, e := range unknown {
		p.add(place(index, e), e.Path, e.Problem+" "+e.Value, e.Allowed)
	}
}

func place(index map[string]*tree, e hall.PolicyError) position {
	t := nearest(index, e.Path)
	if e.OfKey {
		return t.key
	}
	return t.at
}

func describe(e hall.PolicyError) string {
	text := strings.TrimPrefix(strings.TrimPrefix(e.Path, "$"), ".")
	if text == "" {
		text = "the document"
	}
	text += " " + e.Problem
	if e.Value != "" {
		text += ": " + e.Value
	}
	return text
}
