package configs

// YAML as the JSON of an event.

import (
	"bytes"
	"encoding/json"
)

// json writes the tree as JSON, keys in the order of the file, numbers as
// written, nothing escaped that JSON lets stand.
func (t *tree) json(buf *bytes.Buffer) {
	switch t.kind {
	case nullKind:
		buf.WriteString("null")
	case boolKind, numberKind:
		buf.WriteString(t.text)
	case stringKind:
		writeText(buf, t.text)
	case listKind:
		buf.WriteByte('[')
		for i, item := range t.items {
			if i > 0 {
				buf.WriteByte(',')
			}
			item.json(buf)
		}
		buf.WriteByte(']')
	case mapKind:
		buf.WriteByte('{')
		for i, m := range t.members {
			if i > 0 {
				buf.WriteByte(',')
			}
			writeText(buf, m.name)
			buf.WriteByte(':')
			m.value.json(buf)
		}
		buf.WriteByte('}')
	}
}

func writeText(buf *bytes.Buffer, text string) {
	e := json.NewEncoder(buf)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	buf.Truncate(buf.Len() - 1)
}
