package web

// Dead letters: what the fold could not read.

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/store"
)

func (s *Server) deadLetters(w http.ResponseWriter, r *request) error {
	after, err := r.params.sequence("after")
	if err != nil {
		return err
	}
	limit, err := r.params.sequence("limit")
	if err != nil {
		return err
	}
	if limit == 0 || limit > maxDeadLetters {
		limit = maxDeadLetters
	}
	page := deadPage{Dead: []hall.DeadLetter{}}
	err = s.state.View(func(v *store.View) error {
		for d, err := range v.Dead(hall.ID(r.params.Get("hall")), after) {
			switch {
			case err != nil:
				return err
			case uint64(len(page.Dead)) == limit:
				page.Next = page.Dead[limit-1].Sequence
				return nil
			}
			page.Dead = append(page.Dead, deadLetterOf(d))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, page)
}

// maxDeadLetters bounds a page of dead letters: anybody who may publish can make
// any number of them.
const maxDeadLetters = 1000

// deadPage is a page of dead letters by sequence. Next is the `after` of the
// page behind it, null on the last one.
type deadPage struct {
	Dead []hall.DeadLetter `json:"dead"`
	Next *uint64           `json:"next"`
}

func deadLetterOf(d store.Dead) hall.DeadLetter {
	return hall.DeadLetter{Sequence: new(d.Sequence), Subject: d.Subject, Field: hall.Name(d.Field), Reason: d.Reason}
}

// deadDetail is a dead letter with what the log knows of it.
type deadDetail struct {
	hall.DeadLetter
	Time time.Time `json:"time"` // when the stream took it
	Size int       `json:"size"`
	Body *string   `json:"body"` // null where it may hold a picture or is no text
	// Settled: an event of its uid is folded, as it is or corrected.
	Settled bool `json:"settled"`
}

func (s *Server) deadLetter(w http.ResponseWriter, r *request) error {
	dead, err := s.findDead(r)
	if err != nil {
		return err
	}
	m, err := s.stream.Read(r.Context(), dead.Sequence)
	if err != nil {
		return err
	}
	detail := deadDetail{DeadLetter: deadLetterOf(dead), Time: m.Time, Size: len(m.Body)}
	if showable(m.Body) {
		detail.Body = new(string(m.Body))
	}
	if detail.Settled, err = s.settled(m); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, detail)
}

// settled reports whether an event of a dead letter's uid is folded. Without an id of its
// own that is the same body, which this program may have learnt to read.
func (s *Server) settled(m bus.Message) (settled bool, err error) {
	uid, ok := hall.UIDOf(m.Subject, m.Body)
	if event, err := hall.Decode(m.Subject, m.Body); err == nil {
		uid, ok = event.UID, true
	}
	if !ok {
		return false, nil
	}
	err = s.state.View(func(v *store.View) error {
		settled, err = v.Has(uid, "", 0)
		return err
	})
	return settled, err
}

// showable keeps pictures and face templates in disguise from being shown: what
// is short and no data URL cannot be one.
func showable(body []byte) bool {
	const short = 4 << 10
	return len(body) <= short && utf8.Valid(body) && !strings.Contains(strings.ToLower(unescaped(body)), "data:")
}

var escape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}`)

// unescaped writes the characters for their escapes, whether body is JSON or not.
func unescaped(body []byte) string {
	return string(escape.ReplaceAllFunc(body, func(e []byte) []byte {
		code, _ := strconv.ParseUint(string(e[2:]), 16, 16) // four hex digits
		return utf8.AppendRune(nil, rune(code))
	}))
}

func (s *Server) findDead(r *request) (store.Dead, error) {
	text := r.PathValue("sequence")
	sequence, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return store.Dead{}, problem(http.StatusBadRequest, "bad_sequence",
			fmt.Sprintf("sequence %q: want a number, as /api/v1/deadletters lists it", text),
			fmt.Sprintf("序号 %q 不对，应为数字，见 /api/v1/deadletters", text)).at("sequence", text, "a number")
	}
	var dead store.Dead
	found := false
	err = s.state.View(func(v *store.View) (err error) {
		dead, found, err = v.DeadAt(sequence)
		return err
	})
	if err != nil {
		return store.Dead{}, err
	}
	if !found {
		return store.Dead{}, problem(http.StatusNotFound, "no_such_dead_letter",
			fmt.Sprintf("there is no dead letter %d: /api/v1/deadletters lists them", sequence),
			fmt.Sprintf("没有序号为 %d 的无法识别事件，现有的见 /api/v1/deadletters", sequence))
	}
	return dead, nil
}

// resend publishes a dead letter once more, for a program that has learnt to
// read it. It goes without message id: a dead body never occupies its uid.
func (s *Server) resend(w http.ResponseWriter, r *request) error {
	dead, err := s.findDead(r)
	if err != nil {
		return err
	}
	if err := s.takesNoEvents(); err != nil {
		return err
	}
	m, err := s.stream.Read(r.Context(), dead.Sequence)
	if err != nil {
		return err
	}
	event, err := hall.Decode(m.Subject, m.Body)
	if rej, ok := errors.AsType[*hall.Rejection](err); ok {
		return problem(http.StatusUnprocessableEntity, "still_dead",
			fmt.Sprintf("event %d still cannot be read (%s): correct it and publish it as a new event", dead.Sequence, rej.Reason),
			fmt.Sprintf("事件 %d 仍无法识别（%s）：请改正后作为新事件提交", dead.Sequence, hall.ReasonZh(rej.Reason))).at(rej.Field, "", "")
	}
	if err != nil {
		return err
	}
	ack, err := s.stream.PublishRaw(r.Context(), m.Subject, m.Body)
	if err != nil {
		return err
	}
	done := posted{UID: event.UID, Sequence: ack.Sequence, Stream: s.stream.Created(), Duplicate: ack.Duplicate}
	status, err := s.follow(r.Context(), &done)
	if err != nil {
		return err
	}
	return writeJSON(w, status, done)
}
