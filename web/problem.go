package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// Problem is a refusal as RFC 9457 has it, with a code for programs, English
// and Chinese for people.
type Problem struct {
	Type     string `json:"type"`               // about:blank: the status says it all
	Title    string `json:"title"`              // of the status
	Status   int    `json:"status"`             // the HTTP status
	Code     string `json:"code"`               // stable, for programs: not_found, bad_parameter
	Detail   string `json:"detail"`             // English: what is wrong and what to do
	DetailZh string `json:"detail_zh"`          // the same in Chinese
	Instance string `json:"instance,omitempty"` // path of the request
	Field    string `json:"field,omitempty"`    // the field or parameter at fault
	Value    string `json:"value,omitempty"`    // what it was, cut to a readable length
	Allowed  string `json:"allowed,omitempty"`  // what it may be

	retryAfter int // seconds, 0 = not said
}

// Error lets a client return the problem as an error.
func (p *Problem) Error() string { return p.Detail }

func problem(status int, code, detail, zh string) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: code, Detail: detail, DetailZh: zh,
	}
}

// at names the field or parameter at fault, its value and what it may be.
func (p *Problem) at(field, value, allowed string) *Problem {
	const readable = 80
	if r := []rune(value); len(r) > readable {
		value = string(r[:readable]) + "..."
	}
	p.Field, p.Value, p.Allowed = field, value, allowed
	return p
}

// later says in how many seconds it is worth to ask again.
func (p *Problem) later(seconds int) *Problem {
	p.retryAfter = seconds
	return p
}

func badParameter(name, value, allowed, zh string) *Problem {
	return problem(http.StatusBadRequest, "bad_parameter",
		fmt.Sprintf("parameter %s is %q: want %s", name, value, allowed),
		fmt.Sprintf("参数 %s 的值 %q 不对，应为%s", name, value, zh)).at(name, value, allowed)
}

func (p *Problem) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	h.Del("Content-Length")
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	w.WriteHeader(p.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // the reader is gone; nobody is left to tell
}
