package report

// Documents of policies: in which rules two differ, and one with a rule of
// another.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rollcall/hall"
)

// document reads a version's document out of its event.
func (s *supposition) document(uid hall.UID) (map[string]any, error) {
	found, ok, err := s.view.Find(uid)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("policy %s: %w", uid, hall.ErrNotFound)
	}
	var event struct {
		Policy json.RawMessage `json:"policy"`
	}
	if err := json.Unmarshal(found.Body, &event); err != nil {
		return nil, fmt.Errorf("read policy %s: %w", uid, err)
	}
	return decodeDocument(event.Policy)
}

// decodeDocument keeps numbers as they are written.
func decodeDocument(doc []byte) (map[string]any, error) {
	in := json.NewDecoder(bytes.NewReader(doc))
	in.UseNumber()
	var tree map[string]any
	if err := in.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read a policy document: %w", err)
	}
	return tree, nil
}

// notRules are the members of a document that change no line.
var notRules = []string{"hall", "effective", "bulletin"}

// identities name the elements of the lists of a policy.
var identities = map[string]string{"classes": "name", "units": "id", "windows": "id", "leave": "kind", "discipline": "kind", "bonus": "kind"}

// rule is a place of a document: the members that lead there, and behind them the
// element of a list.
type rule struct {
	members []string
	element string
}

func (r rule) name() string {
	name := strings.Join(r.members, ".")
	if r.element != "" {
		name += "[" + r.element + "]"
	}
	return name
}

// rulesOf are the rules of a document with their values.
func rulesOf(doc map[string]any) map[string]any {
	list := map[string]any{}
	for key, value := range doc {
		if slices.Contains(notRules, key) {
			continue
		}
		maps.Copy(list, rulesUnder([]string{key}, value))
	}
	return list
}

func rulesUnder(members []string, value any) map[string]any {
	key := members[len(members)-1]
	if identity, ok := identities[key]; ok && len(members) == 1 {
		return listed(members, identity, value)
	}
	object, ok := value.(map[string]any)
	deep := 2 // punctuality.late is a rule, so is assessment.staff.base
	if members[0] == "assessment" && len(members) > 1 && (members[1] == "staff" || members[1] == "windows") {
		deep = 3
	}
	if !ok || len(members) >= deep {
		return map[string]any{rule{members: members}.name(): value}
	}
	list := map[string]any{}
	for member, v := range object {
		maps.Copy(list, rulesUnder(append(slices.Clone(members), member), v))
	}
	return list
}

func listed(members []string, identity string, value any) map[string]any {
	list := map[string]any{}
	array, _ := value.([]any)
	for _, v := range array {
		object, _ := v.(map[string]any)
		list[rule{members: members, element: fmt.Sprint(object[identity])}.name()] = v
	}
	return list
}

// ruleChanges lists the parameters in which a document differs from the versions
// that it replaces, by their path. Of several versions the later one is told.
func ruleChanges(replaced []version, doc []byte) ([]RuleChange, error) {
	other, err := decodeDocument(doc)
	if err != nil {
		return nil, err
	}
	would := rulesOf(other)
	changes := map[string]RuleChange{}
	for i := range replaced {
		is := rulesOf(replaced[i].doc)
		for _, name := range sortedNames(is, would) {
			leaves(changes, name, name, is[name], would[name])
		}
	}
	list := []RuleChange{}
	for _, path := range slices.Sorted(maps.Keys(changes)) {
		list = append(list, changes[path])
	}
	return list, nil
}

func sortedNames(a, b map[string]any) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	return slices.Compact(names)
}

// leaves notes the parameters of a rule that differ.
func leaves(changes map[string]RuleChange, rule, path string, is, would any) {
	a, aObject := is.(map[string]any)
	b, bObject := would.(map[string]any)
	if aObject && bObject {
		for _, key := range sortedNames(a, b) {
			leaves(changes, rule, path+"."+key, a[key], b[key])
		}
		return
	}
	if x, y := compactJSON(is), compactJSON(would); x != y {
		changes[path] = RuleChange{Rule: rule, Path: path, Is: hall.Name(x), Would: hall.Name(y)}
	}
}

// compactJSON writes a value as policies do, nothing for nothing.
func compactJSON(v any) string {
	if v == nil {
		return ""
	}
	text, _ := json.Marshal(v) // it was decoded from JSON
	return string(text)
}

func ruleNames(changes []RuleChange) []string {
	var names []string
	for i := range changes {
		names = append(names, changes[i].Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// patch makes a policy of a document, some rules of another one and a date.
func patch(doc, other map[string]any, names []string, effective hall.Date) (*hall.Policy, error) {
	copied, err := decodeDocument([]byte(compactJSON(doc)))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		put(copied, other, name)
	}
	copied["effective"] = effective.String()
	return hall.DecodePolicy([]byte(compactJSON(copied)))
}

// put takes a rule from one document into another, or out of it.
func put(into, from map[string]any, name string) {
	path, element, ofList := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	members := strings.Split(path, ".")
	for _, member := range members[:len(members)-1] {
		from, _ = from[member].(map[string]any)
		next, ok := into[member].(map[string]any)
		if !ok {
			next = map[string]any{}
			into[member] = next
		}
		into = next
	}
	last := members[len(members)-1]
	if ofList {
		into[last] = withElement(into[last], from[last], identities[last], element)
		return
	}
	if value, ok := from[last]; ok {
		into[last] = value
		return
	}
	delete(into, last)
}

// withElement replaces, adds or takes away the element of a list.
func withElement(into, from any, identity, element string) []any {
	is := func(v any) bool {
		object, _ := v.(map[string]any)
		return fmt.Sprint(object[identity]) == element
	}
	list, _ := into.([]any)
	others, _ := from.([]any)
	var value any
	if i := slices.IndexFunc(others, is); i >= 0 {
		value = others[i]
	}
	i := slices.IndexFunc(list, is)
	switch {
	case value == nil:
		return slices.DeleteFunc(slices.Clone(list), is)
	case i < 0:
		return append(slices.Clone(list), value)
	}
	list = slices.Clone(list)
	list[i] = value
	return list
}
