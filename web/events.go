package web

// One event over HTTP: checked, published, and what became of it.

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
)

// MaxBody is how many bytes a request with one event, or a line of an import, may have:
// an event of 64 KiB with its envelope.
const MaxBody = 80 << 10

// posted is the answer to an event: what the stream said, and if asked for what
// the fold made of it.
type posted struct {
	UID          hall.UID  `json:"uid"`
	Sequence     uint64    `json:"sequence"`
	Stream       time.Time `json:"stream"`
	Duplicate    bool      `json:"duplicate"`       // the stream had it already, with the same body
	Doubt        string    `json:"doubt,omitempty"` // what is odd about it; it counts all the same
	Folded       *bool     `json:"folded,omitempty"`
	*report.Fate           // only with wait=folded, once folded
}

func (s *Server) postEvent(w http.ResponseWriter, r *request) error {
	wait, err := r.waits()
	if err != nil {
		return err
	}
	force, err := r.params.flag("force")
	if err != nil {
		return err
	}
	event, body, err := s.readEvent(w, r, force)
	if err != nil {
		s.metrics.posted.WithLabelValues("refused").Inc()
		return err
	}
	done, err := s.publish(r.Context(), event, body)
	if err != nil {
		return err
	}
	done.Doubt = doubt(event, s.now())
	status := http.StatusOK
	if wait {
		if status, err = s.follow(r.Context(), &done); err != nil {
			return err
		}
	}
	return writeJSON(w, status, done)
}

func (r *request) waits() (bool, error) {
	text := r.params.Get("wait")
	if r.params.Has("wait") && text != "folded" {
		return false, badParameter("wait", text, "folded", " folded")
	}
	return text == "folded", nil
}

// readEvent reads and checks the one event of a body.
func (s *Server) readEvent(w http.ResponseWriter, r *request, force bool) (hall.Event, []byte, error) {
	line, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return hall.Event{}, nil, err
	}
	subject, body, err := hall.DecodeLine(line)
	if err != nil {
		return hall.Event{}, nil, refusal(err)
	}
	event, err := hall.Decode(subject, body)
	if err != nil {
		return hall.Event{}, nil, refusal(err)
	}
	if force {
		return event, body, nil
	}
	if err := checkPolicy(event, body); err != nil {
		return hall.Event{}, nil, err
	}
	return event, body, plausible(event, s.now(), true)
}

// refusal says which field of an event is wrong.
func refusal(err error) error {
	bad, ok := errors.AsType[*hall.Rejection](err)
	if !ok {
		return err
	}
	if bad.Field == "" {
		return problem(http.StatusBadRequest, "bad_event",
			"the event cannot be read: "+bad.Reason,
			"事件无法识别："+hall.ReasonZh(bad.Reason))
	}
	return problem(http.StatusBadRequest, "bad_event",
		bad.Reason, hall.ReasonZh(bad.Reason)).at(bad.Field, bad.Value, bad.Allowed)
}

// checkPolicy refuses a policy with keys that nobody knows, or of another hall: in the
// fold they pass, so that an older program reads a newer policy, but here somebody can
// still correct the spelling.
func checkPolicy(event hall.Event, body []byte) error {
	fact, ok := event.Fact.(*hall.PolicyEvent)
	if !ok {
		return nil
	}
	if is, named := event.UID.Hall(), fact.Policy.Hall; named != is {
		return problem(http.StatusBadRequest, "bad_event",
			fmt.Sprintf("the policy is that of hall %s, and the subject names hall %s: correct one of them, or send it with force=1 if it is meant", named, is),
			fmt.Sprintf("办法是大厅 %s 的，主题写的却是大厅 %s：请改正其一；确认无误可加 force=1 提交", named, is)).at("policy.hall", string(named), string(is))
	}
	return refuseUnknownKeys(policyDocument(body))
}

// refuseUnknownKeys refuses a policy document with keys that nobody knows.
func refuseUnknownKeys(doc []byte) error {
	unknown := hall.UnknownPolicyKeys(doc)
	if len(unknown) == 0 {
		return nil
	}
	first := unknown[0]
	field := "policy" + strings.TrimPrefix(first.Path, "$")
	return problem(http.StatusBadRequest, "unknown_policy_key",
		fmt.Sprintf("%s: %s", field, cmp.Or(first.Problem, "nobody knows this key")),
		fmt.Sprintf("办法中没有 %s 这一项，请核对拼写（rollcall policy check 会指出近似的写法）", field)).at(field, first.Value, first.Allowed)
}

// policyDocument takes the policy out of an event's body.
func policyDocument(body []byte) []byte {
	var event struct {
		Policy json.RawMessage `json:"policy"`
	}
	_ = json.Unmarshal(body, &event) // it was decoded before
	return event.Policy
}

// The bounds of a plausible time. They are checked where events are made and
// never in the fold: a terminal that was off for a year is read as it is, one
// whose clock is wrong is found here.
const (
	maxAhead = 10 * time.Minute
	maxAge   = 400 * 24 * time.Hour
)

// plausible refuses times that only a wrong clock makes. A seal carries times of
// its own; what holds from a date on may be older than any punch.
func plausible(event hall.Event, now time.Time, alsoOld bool) error {
	made := event.Fact.GetHead().Time.Time()
	switch event.Fact.(type) {
	case *hall.Seal:
		return nil
	case *hall.PolicyEvent, *hall.CalendarYear, *hall.Roster:
		alsoOld = false
	}
	what, zh := "", ""
	switch {
	case made.After(now.Add(maxAhead)):
		what, zh = "in the future", "在未来"
	case alsoOld && made.Before(now.Add(-maxAge)):
		what, zh = "more than 400 days ago", "在 400 天以前"
	default:
		return nil
	}
	return problem(http.StatusUnprocessableEntity, "implausible_time",
		fmt.Sprintf("time %s is %s: check the clock that made it, or send it with force=1 if it is right", made.Format(time.RFC3339), what),
		fmt.Sprintf("时间 %s %s：请检查设备时钟；确认无误可加 force=1 提交", made.Format(time.RFC3339), zh)).
		at("time", made.Format(time.RFC3339), "at most 10 minutes ahead and 400 days back")
}

// publish puts an event into the stream and returns after its ack.
func (s *Server) publish(ctx context.Context, event hall.Event, body []byte) (posted, error) {
	if err := s.takesNoEvents(); err != nil {
		return posted{}, err
	}
	if err := s.noOtherBody(event); err != nil {
		return posted{}, err
	}
	ack, err := s.stream.PublishOnce(ctx, event.Subject, event.UID, body)
	switch {
	case errors.Is(err, hall.ErrConflict):
		return posted{}, s.conflict(event.UID)
	case errors.Is(err, hall.ErrInvalid), errors.Is(err, context.Canceled):
		return posted{}, err
	case err != nil:
		s.metrics.posted.WithLabelValues("unknown").Inc()
		s.log.Warn("event not acknowledged", "kind", event.UID.Kind(), "hall", event.UID.Hall(), "err", err)
		return posted{}, problem(http.StatusServiceUnavailable, "outcome_unknown",
			"the stream did not answer: whether the event is stored is unknown; send it again, which is safe",
			"日志没有应答，事件是否已保存未知；请原样重发，不会重复计算").later(2)
	}
	outcome := "stored"
	if ack.Duplicate {
		outcome = "duplicate"
	}
	s.metrics.posted.WithLabelValues(outcome).Inc()
	return posted{UID: event.UID, Sequence: ack.Sequence, Stream: s.stream.Created(), Duplicate: ack.Duplicate}, nil
}

// noOtherBody refuses a uid that the store has with another body: the stream
// itself remembers message ids for seconds only. A punch is its uid, person and
// time and is not looked up.
func (s *Server) noOtherBody(event hall.Event) error {
	if event.UID.Kind() == hall.KindPunch {
		return nil
	}
	return s.state.View(func(v *store.View) error {
		found, ok, err := v.Find(event.UID)
		if err != nil || !ok || bytes.Equal(found.Body, event.Canonical()) {
			return err
		}
		return s.conflict(event.UID)
	})
}

func (s *Server) conflict(uid hall.UID) error {
	s.metrics.posted.WithLabelValues("conflict").Inc()
	return problem(http.StatusConflict, "conflict",
		fmt.Sprintf("event %s is there already with other content: nothing is edited; cancel it by a ruling and send a new one with another id", uid),
		fmt.Sprintf("事件 %s 已存在且内容不同：事件不能修改，请用裁定撤销后以新的编号提交", uid)).at("id", string(uid), "a new id")
}

// follow waits for the fold and asks the store what became of the event.
func (s *Server) follow(ctx context.Context, done *posted) (status int, err error) {
	waited, cancel := context.WithTimeout(ctx, readYourWrites)
	defer cancel()
	if err := s.state.Wait(waited, done.Sequence); err != nil {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		done.Folded = new(false)
		return http.StatusAccepted, nil
	}
	done.Folded = new(true)
	done.Fate, err = s.became(done.UID)
	return http.StatusOK, err
}

func (s *Server) became(uid hall.UID) (*report.Fate, error) {
	var f report.Fate
	err := s.state.View(func(v *store.View) (err error) {
		f, err = report.Became(v, s.statutory, uid)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("what became of %s: %w", uid, err)
	}
	return &f, nil
}

// event says what became of an event that was published before.
func (s *Server) event(w http.ResponseWriter, r *request) error {
	if err := s.awaitSequence(r); err != nil {
		return err
	}
	uid := hall.NewUID(hall.ID(r.PathValue("hall")), hall.Kind(r.PathValue("kind")), r.PathValue("source"), r.PathValue("id"))
	f, err := s.became(uid)
	if errors.Is(err, hall.ErrNotFound) {
		return problem(http.StatusNotFound, "no_such_event",
			fmt.Sprintf("there is no event %s: it was never published, is not folded yet, or is a dead letter", uid),
			fmt.Sprintf("没有事件 %s：从未提交、尚未处理，或在无法识别的列表中", uid))
	}
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, struct {
		UID hall.UID `json:"uid"`
		*report.Fate
	}{uid, f})
}

var _ Log = (*bus.Bus)(nil)
