package paper

// JSON as contract 10 has it: a key a line, an element of a list a line.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"rollcall/hall"
)

func writeJSON(w io.Writer, r *hall.Report, lists []List, _ Options) error {
	var o object
	o.put("hall", r.Hall)
	o.put("name", r.Name)
	o.put("month", r.Month)
	o.put("as_of", r.AsOf)
	o.put("sequence", r.Sequence)
	o.put("workdays", r.Workdays)
	o.put("calendar_missing", some(r.CalendarMissing))
	o.put("sealed", r.Sealed)
	o.put("changed_since", r.ChangedSince)
	for _, l := range lists {
		value, _ := l.of(r)
		o.put(l.Key, value)
		for _, beside := range l.also {
			value, _ := beside.of(r)
			o.put(beside.key, value)
		}
	}
	return o.writeTo(w)
}

// object is a JSON object whose keys keep their order.
type object struct {
	buf bytes.Buffer
	err error
}

func (o *object) put(key string, value any) {
	if o.err != nil {
		return
	}
	text, err := encode(value)
	if err != nil {
		o.err = fmt.Errorf("write %s as json: %w", key, err)
		return
	}
	if o.buf.Len() > 0 {
		o.buf.WriteString(",\n")
	}
	fmt.Fprintf(&o.buf, "  %q: ", key)
	o.err = o.lines(text)
}

// lines writes a list of objects with a line for each, anything else as it is.
func (o *object) lines(text []byte) error {
	if !bytes.HasPrefix(text, []byte("[{")) {
		o.buf.Write(text)
		return nil
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(text, &elements); err != nil {
		return err // unreachable: encode wrote it
	}
	before := "[\n    "
	for _, e := range elements {
		o.buf.WriteString(before)
		o.buf.Write(e)
		before = ",\n    "
	}
	o.buf.WriteString("\n  ]")
	return nil
}

func (o *object) writeTo(w io.Writer) error {
	if o.err != nil {
		return o.err
	}
	_, err := fmt.Fprintf(w, "{\n%s\n}\n", o.buf.Bytes())
	return err
}

// encode writes compact JSON in which <, > and & stand as they are.
func encode(value any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// indented writes JSON for readers, with two spaces.
func indented(value any) ([]byte, error) {
	text, err := encode(value)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := json.Indent(&buf, text, "", "  "); err != nil {
		return nil, err // unreachable: encode wrote it
	}
	buf.WriteByte('\n')
	return buf.Bytes(), nil
}
