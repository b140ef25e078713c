package web

// The issues of a month: which there are, one as it was printed, and making one.

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/ingest/bus"
	"rollcall/report"
	"rollcall/store"
)

func (s *Server) issues(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	if err := s.awaitSequence(r); err != nil {
		return err
	}
	id := hall.ID(r.PathValue("hall"))
	var answer struct {
		Issues  []report.Issued `json:"issues"`
		Lacking []int           `json:"lacking"` // numbers of which parts are missing
	}
	err = s.compute(r.Context(), func(v *store.View) (err error) {
		if err := checkHall(v, id); err != nil {
			return err
		}
		answer.Issues, answer.Lacking, err = report.Issues(v, id, month)
		return err
	})
	if err != nil && !errors.Is(err, hall.ErrNotFound) { // never sealed: no issues
		return err
	}
	answer.Issues, answer.Lacking = nonNil(answer.Issues), nonNil(answer.Lacking)
	return writeJSON(w, http.StatusOK, answer)
}

// issue answers what was issued, whatever the log or the policy say today, also
// while the fold is halted.
func (s *Server) issue(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 {
		return problem(http.StatusBadRequest, "bad_issue",
			fmt.Sprintf("issue %q: want its number, 1 or more", r.PathValue("number")),
			fmt.Sprintf("封账编号 %q 不对，应为 1 以上的整数", r.PathValue("number"))).at("number", r.PathValue("number"), "1 or more")
	}
	if err := s.awaitSequence(r); err != nil {
		return err
	}
	id := hall.ID(r.PathValue("hall"))
	if changes, err := r.params.flag("changes"); err != nil || changes {
		return cmp.Or(err, s.differ(w, r, report.Question{Hall: id, Month: month, AsOf: hall.InstantOf(s.now().Truncate(time.Minute))}, number))
	}
	return s.answer(w, r, 0, func(v *store.View) ([]byte, error) {
		if err := checkHall(v, id); err != nil {
			return nil, err
		}
		rep, err := report.Issue(v, id, month, number)
		if err != nil {
			return nil, unreadable(err)
		}
		return json.Marshal(rep)
	})
}

// differ answers what changed a month since its last issue, or an issue since the
// one before it.
func (s *Server) differ(w http.ResponseWriter, r *request, q report.Question, number int) error {
	q.Gaps = s.gaps
	return s.answer(w, r, q.AsOf, func(v *store.View) ([]byte, error) {
		if stopped := s.state.Status().Halted; stopped != nil && !stopped.DiskFull {
			return nil, halted(stopped)
		}
		if err := checkHall(v, q.Hall); err != nil {
			return nil, err
		}
		d, err := report.Differ(v, s.statutory, q, number)
		if err != nil {
			return nil, unreadable(err)
		}
		return json.Marshal(d)
	})
}

// unreadable says what to do about an issue that is not what its digest says.
func unreadable(err error) error {
	if !errors.Is(err, report.ErrUnreadable) {
		return err
	}
	return problem(http.StatusInternalServerError, "issue_unreadable", err.Error(), "封账的内容无法读取或与摘要不符，请用 rollcall verify 核对")
}

// sealForm is the body of a request to seal a month.
type sealForm struct {
	By     string `json:"by"`
	Force  string `json:"force"`   // the reason, "" = refuse if something stands in the way
	AsOf   string `json:"as_of"`   // "" = now
	Source string `json:"source"`  // who speaks: the last token of the subject, "" = web
	DryRun bool   `json:"dry_run"` // say what stands in the way, and seal nothing
}

// Sealing is the answer to it.
type Sealing struct {
	Number    int               `json:"number"`
	AsOf      string            `json:"as_of"`
	Sequence  uint64            `json:"sequence"` // the last event that it saw
	Obstacles []report.Obstacle `json:"obstacles"`
	Hints     []string          `json:"hints"`
	Changed   *int              `json:"changed"` // lines since the issue before, null for the first
	Issue     *report.Issued    `json:"issue"`   // null in a dry run
}

// seal makes an issue of a month: computed over everything that the log holds at
// this moment, published in one piece if nobody seals in between, and answered
// for once it is folded.
func (s *Server) seal(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	form, asOf, err := s.readSealForm(w, r)
	if err != nil {
		return err
	}
	if p := notReady(s.state.Status()); p != nil {
		return p
	}
	id := hall.ID(r.PathValue("hall"))
	expected, err := s.lastSeal(r.Context(), id)
	if err != nil {
		return err
	}
	draft, err := s.draft(r.Context(), report.Question{Hall: id, Month: month, AsOf: asOf, Gaps: s.gaps})
	if err != nil {
		return err
	}
	done := sealingOf(draft)
	switch {
	case form.DryRun:
		return writeJSON(w, http.StatusOK, done)
	case len(draft.Obstacles) > 0 && form.Force == "":
		return standsInTheWay(draft)
	case len(draft.Obstacles) == 0:
		form.Force = "" // nothing was forced
	}
	issued, err := s.publishIssue(r.Context(), draft, expected, form)
	if err != nil {
		return err
	}
	done.Issue = issued
	s.log.Info("month sealed", "hall", id, "date", month.String(), "event", issued.UID, "seq", issued.Sequence)
	return writeJSON(w, http.StatusCreated, done)
}

func sealingOf(d *report.Draft) Sealing {
	s := Sealing{Number: d.Number, AsOf: d.Report.AsOf, Sequence: d.Report.Sequence, Obstacles: nonNil(d.Obstacles), Hints: nonNil(d.Hints)}
	if d.Report.ChangedSince != nil {
		s.Changed = new(len(d.Report.ChangedSince))
	}
	return s
}

// readSealForm reads and checks the body of a request to seal. A moment to come
// would close bands in which somebody may still punch.
func (s *Server) readSealForm(w http.ResponseWriter, r *request) (form sealForm, asOf hall.Instant, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return form, 0, err
	}
	in := json.NewDecoder(bytes.NewReader(body))
	in.DisallowUnknownFields()
	if err := in.Decode(&form); err != nil {
		return form, 0, problem(http.StatusBadRequest, "bad_seal",
			"the body cannot be read ("+err.Error()+`): want {"by": "...", "force": "...", "as_of": "...", "source": "...", "dry_run": true}, of which by is needed`,
			"请求体无法识别：应为含 by 的 JSON 对象")
	}
	if form.Source == "" {
		form.Source = "web"
	}
	if _, _, _, err := hall.ParseSubject(hall.Subject("hall", hall.KindSeal, form.Source)); err != nil {
		return form, 0, problem(http.StatusBadRequest, "bad_seal", fmt.Sprintf("source %q: want 1 to 32 letters, digits, _ or -", form.Source),
			fmt.Sprintf("来源 %q 不对，应为 1 至 32 个字母、数字、_ 或 -", form.Source)).at("source", form.Source, "1 to 32 letters, digits, _ or -")
	}
	now := s.now()
	if asOf, err = (params{map[string][]string{}}).asOf(now); err != nil {
		return form, 0, err
	}
	if form.AsOf != "" {
		if asOf, err = (params{map[string][]string{"as_of": {form.AsOf}}}).asOf(now); err != nil {
			return form, 0, err
		}
	}
	switch {
	case strings.TrimSpace(form.By) == "" && !form.DryRun:
		return form, 0, problem(http.StatusBadRequest, "bad_seal", "by is missing: say who seals the month", "缺少 by：请写明由谁封账").at("by", "", "a name")
	case asOf > hall.InstantOf(now):
		return form, 0, problem(http.StatusUnprocessableEntity, "implausible_time",
			"as_of is in the future: a month is sealed as of now, or of a moment that has passed",
			"as_of 在未来：只能按现在或已过去的时间封账").at("as_of", form.AsOf, "now or earlier")
	}
	return form, asOf, nil
}

// allSeals is the subject of every seal of a hall.
func allSeals(id hall.ID) string { return hall.Subject(id, hall.KindSeal, ">") }

// lastSeal is the sequence of the hall's last seal, 0 if there is none. It is asked
// for before the month is computed: who seals in between is found out.
func (s *Server) lastSeal(ctx context.Context, id hall.ID) (uint64, error) {
	if err := s.state.View(func(v *store.View) error { return checkHall(v, id) }); err != nil {
		return 0, err
	}
	m, err := s.stream.LastOf(ctx, allSeals(id))
	if errors.Is(err, hall.ErrNotFound) {
		return 0, nil
	}
	return m.Sequence, err
}

// draft computes the month over everything that the log holds now.
func (s *Server) draft(ctx context.Context, q report.Question) (*report.Draft, error) {
	last, err := s.stream.Last(ctx)
	if err != nil {
		return nil, err
	}
	waited, cancel := context.WithTimeout(ctx, readYourWrites)
	defer cancel()
	if err := s.state.Wait(waited, last); err != nil {
		if p := notReady(s.state.Status()); p != nil {
			return nil, p
		}
		return nil, problem(http.StatusServiceUnavailable, "not_folded_yet",
			fmt.Sprintf("event %d is not folded yet: seal again in a moment", last),
			fmt.Sprintf("第 %d 条事件尚未处理，请稍候再封账", last)).later(2)
	}
	var d *report.Draft
	err = s.compute(ctx, func(v *store.View) (err error) {
		d, err = report.Prepare(v, s.statutory, q)
		return err
	})
	return d, err
}

func standsInTheWay(d *report.Draft) *Problem {
	first := d.Obstacles[0]
	return problem(http.StatusConflict, "not_to_be_sealed",
		fmt.Sprintf("%d things stand in the way of sealing %s; the first: %s %s; ask with dry_run to see all, or give a reason in force", len(d.Obstacles), d.Report.Month, first.List, first.Line),
		fmt.Sprintf("有 %d 项妨碍 %s 封账，首先是：%s；%s", len(d.Obstacles), d.Report.Month, first.Text, first.Do)).at(first.List, first.Line, "")
}

// publishIssue stores the parts of an issue in one piece and returns the issue as
// it was folded.
func (s *Server) publishIssue(ctx context.Context, d *report.Draft, expected uint64, form sealForm) (*report.Issued, error) {
	parts, digest, err := d.Parts(report.Form{By: form.By, Forced: form.Force, Made: hall.InstantOf(s.now()), Source: form.Source, Stream: s.stream.Created()})
	if err != nil {
		return nil, refusal(err)
	}
	events := make([]bus.Outgoing, len(parts))
	for i, p := range parts {
		events[i] = bus.Outgoing{Subject: p.Subject, UID: p.UID, Body: p.Body}
	}
	id := d.Report.Hall
	ack, err := s.stream.PublishTogether(ctx, events, bus.Expected{Subject: allSeals(id), Last: expected})
	if errors.Is(err, bus.ErrUnknown) {
		ack, err = s.wasStored(ctx, id, &events[len(events)-1], err)
	}
	if err != nil {
		return nil, s.notSealed(err)
	}
	waited, cancel := context.WithTimeout(ctx, readYourWrites)
	defer cancel()
	if err := s.state.Wait(waited, ack.Sequence); err != nil {
		return nil, problem(http.StatusServiceUnavailable, "not_folded_yet",
			fmt.Sprintf("issue %d is stored as event %d and not folded yet: ask for it in a moment", d.Number, ack.Sequence),
			fmt.Sprintf("第%d号封账已提交，尚未处理，请稍候查询", d.Number)).later(2)
	}
	return s.standing(d, digest)
}

// wasStored asks the stream whether the last part of an issue, of which no answer
// came, is there.
func (s *Server) wasStored(ctx context.Context, id hall.ID, last *bus.Outgoing, unknown error) (bus.Ack, error) {
	m, err := s.stream.LastOf(ctx, allSeals(id))
	if err == nil && m.Subject == last.Subject && bytes.Equal(m.Body, last.Body) {
		return bus.Ack{Sequence: m.Sequence}, nil
	}
	return bus.Ack{}, unknown
}

// notSealed says why nothing was stored, or that nobody knows.
func (s *Server) notSealed(err error) error {
	switch {
	case errors.Is(err, hall.ErrConflict):
		return problem(http.StatusConflict, "sealed_meanwhile",
			"somebody else sealed a month of this hall at the same moment: nothing of yours was stored; look at the issues and seal again if it is still needed",
			"同一时刻已有他人封账，本次未保存；请先查看封账结果，确有需要再封账")
	case errors.Is(err, bus.ErrUnknown):
		return problem(http.StatusServiceUnavailable, "outcome_unknown",
			"the stream did not answer: whether the month is sealed is unknown; look at its issues, or seal again: an issue that is there already is not made twice",
			"日志没有应答，是否已封账未知；请查看封账结果，或再次封账，不会重复").later(2)
	case errors.Is(err, context.Canceled):
		return err
	}
	s.log.Warn("issue not stored", "err", err)
	return problem(http.StatusServiceUnavailable, "not_sealed", "the month is not sealed: "+err.Error(), "未封账："+err.Error())
}

// standing reads the issue that was made out of the store.
func (s *Server) standing(d *report.Draft, digest string) (*report.Issued, error) {
	var list []report.Issued
	err := s.state.View(func(v *store.View) (err error) {
		list, _, err = report.Issues(v, d.Report.Hall, d.Report.Month)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Number == d.Number && list[i].Digest == digest {
			return &list[i], nil
		}
	}
	return nil, fmt.Errorf("issue %d of %s was stored and does not stand", d.Number, d.Report.Month)
}
