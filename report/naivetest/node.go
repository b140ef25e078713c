package naivetest

// Reading of generic documents.

import (
	"encoding/json"
	"math/big"
	"time"
)

// node reads a value without caring whether it is there.
type node struct{ v any }

// plain turns any document into what encoding/json gives, with numbers as written.
func plain(doc any) any {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	m, _ := decodeObject(text)
	return m
}

func (n node) object(key string) map[string]any { m, _ := n.at(key).v.(map[string]any); return m }

func (n node) at(key string) node {
	m, _ := n.v.(map[string]any)
	return node{m[key]}
}

func (n node) has(key string) bool { return n.at(key).v != nil }

func (n node) string() string { s, _ := n.v.(string); return s }

func (n node) text(key string) string { return n.at(key).string() }

func (n node) list(key string) []node { return n.at(key).elements() }

func (n node) elements() []node {
	list, _ := n.v.([]any)
	var out []node
	for _, e := range list {
		out = append(out, node{e})
	}
	return out
}

func (n node) set(key string) map[string]bool {
	out := map[string]bool{}
	for _, e := range n.list(key) {
		out[e.string()] = true
	}
	return out
}

func (n node) truth(key string, otherwise bool) bool {
	if b, ok := n.at(key).v.(bool); ok {
		return b
	}
	return otherwise
}

func (n node) rational(key string, otherwise *big.Rat) *big.Rat {
	if number, ok := n.at(key).v.(json.Number); ok {
		if r, ok := new(big.Rat).SetString(number.String()); ok {
			return r
		}
	}
	return otherwise
}

func (n node) whole(key string, otherwise int64) int64 {
	if number, ok := n.at(key).v.(json.Number); ok {
		if i, err := number.Int64(); err == nil {
			return i
		}
	}
	return otherwise
}

// duration in seconds.
func (n node) duration(key string, otherwise int64) int64 {
	if d, err := time.ParseDuration(n.text(key)); err == nil {
		return int64(d / time.Second)
	}
	return otherwise
}
