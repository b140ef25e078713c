package web

import (
	"encoding/json"
	"net/http"
)

// Problem is a refusal as RFC 9457 has it, with a code for programs, English
// and Chinese for people.
type Problem struct {
	Type     string `json:"type"`               // about:blank: the status says it all
	Title    string `json:"title"`              // of the status
	Status   int    `json:"status"`             // the HTTP status
	Code     string `json:"code"`               // stable, for programs: not_found, bad_parameter
	Detail   string `json:"detail"`             // English, one sentence, and what to do
	DetailZh string `json:"detail_zh"`          // the same in Chinese
	Instance string `json:"instance,omitempty"` // path of the request
	Field    string `json:"field,omitempty"`    // the field or parameter at fault
	Value    string `json:"value,omitempty"`    // what it was
	Allowed  string `json:"allowed,omitempty"`  // what it may be
}

// Error lets a client return the problem as an error.
func (p *Problem) Error() string { return p.Detail }

func (p *Problem) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	w.WriteHeader(p.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // the reader is gone; nobody is left to tell
}
