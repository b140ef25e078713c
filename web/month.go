package web

// Questions: halls, months, a month's lists, a person's day.

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

// readYourWrites is how long a question waits for a sequence it must include.
const readYourWrites = 10 * time.Second

// hallInfo is a line of the list of halls.
type hallInfo struct {
	Hall   hall.ID      `json:"hall"`
	Name   string       `json:"name"` // "" until a policy has come
	Months []hall.Month `json:"months"`
}

func (s *Server) halls(w http.ResponseWriter, _ *request) error {
	list, err := s.listHalls()
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, struct {
		Halls []hallInfo `json:"halls"`
	}{list})
}

func (s *Server) listHalls() ([]hallInfo, error) {
	list := []hallInfo{}
	err := s.state.View(func(v *store.View) error {
		for _, id := range v.Halls() {
			name, err := hallName(v, id)
			if err != nil {
				return err
			}
			list = append(list, hallInfo{Hall: id, Name: name, Months: nonNil(v.Months(id))})
		}
		return nil
	})
	return list, err
}

// hallName is that of the policy that came into force last.
func hallName(v *store.View, id hall.ID) (string, error) {
	var facts hall.Facts
	for fact, err := range v.Of(id, hall.KindPolicy) {
		if err != nil {
			return "", err
		}
		facts.Add(fact)
	}
	versions := facts.PolicyVersions()
	if len(versions) == 0 {
		return "", nil
	}
	return versions[len(versions)-1].Policy.Name, nil
}

func (s *Server) months(w http.ResponseWriter, r *request) error {
	id := hall.ID(r.PathValue("hall"))
	list, err := s.listHalls()
	if err != nil {
		return err
	}
	for _, h := range list {
		if h.Hall == id {
			return writeJSON(w, http.StatusOK, h)
		}
	}
	return noHall(id, list)
}

func noHall(id hall.ID, list []hallInfo) *Problem {
	var names []string
	for _, h := range list {
		names = append(names, string(h.Hall))
	}
	allowed := strings.Join(names, ", ")
	if allowed == "" {
		allowed = "none yet"
	}
	return problem(http.StatusNotFound, "no_such_hall",
		fmt.Sprintf("there is no hall %q: there are %s", id, allowed),
		fmt.Sprintf("没有大厅 %q，已有：%s", id, allowed)).at("hall", string(id), allowed)
}

// checkHall refuses a hall of which the store has nothing.
func checkHall(v *store.View, id hall.ID) error {
	ids := v.Halls()
	if slices.Contains(ids, id) {
		return nil
	}
	list := make([]hallInfo, len(ids))
	for i := range ids {
		list[i].Hall = ids[i]
	}
	return noHall(id, list)
}

func (s *Server) month(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	asOf, err := r.params.asOf(s.now())
	if err != nil {
		return err
	}
	if err := s.awaitSequence(r); err != nil {
		return err
	}
	q := report.Question{Hall: hall.ID(r.PathValue("hall")), Month: month, AsOf: asOf}
	if changes, err := r.params.flag("changes"); err != nil || changes {
		return cmp.Or(err, s.differ(w, r, q, 0))
	}
	return s.answer(w, r, asOf, func(v *store.View) ([]byte, error) {
		rep, err := s.report(v, q)
		if err != nil {
			return nil, err
		}
		return json.Marshal(rep)
	})
}

// report makes a month's lists. While the fold is halted by a fault of the log
// only a sealed month is answered, with its last issue; on a full disk the last
// state is, and says so.
func (s *Server) report(v *store.View, q report.Question) (*hall.Report, error) {
	if err := checkHall(v, q.Hall); err != nil {
		return nil, err
	}
	q.Gaps = s.gaps
	rep, err := report.Month(v, s.statutory, q)
	if err != nil {
		return nil, err
	}
	s.warnCalendar(rep)
	st := s.state.Status()
	if stopped := st.Halted; stopped != nil && !stopped.DiskFull {
		if rep.Sealed == nil {
			return nil, halted(stopped)
		}
		if rep, err = report.Issue(v, q.Hall, q.Month, rep.Sealed.Number); err != nil {
			return nil, halted(stopped)
		}
	}
	rep.Warnings = slices.Concat(rep.Warnings, standstills(&st, rep.Sequence))
	return rep, nil
}

// standstills warn of what keeps events from coming into the lists.
func standstills(st *Status, sequence uint64) []hall.Warning {
	var list []hall.Warning
	if st.DiskLow != nil {
		list = append(list, hall.Warning{Code: "disk_low", Text: fmt.Sprintf("暂不接收事件，之后的打卡和记录还不在本表：%s", st.DiskLow.What)})
	}
	if st.Halted != nil {
		list = append(list, hall.Warning{Code: "halted", Text: fmt.Sprintf("事件处理已停止，本表只到第 %d 条事件：%s", sequence, st.Halted.What)})
	}
	return list
}

// warnCalendar logs, once for each hall and year, that a list was made without a
// statutory calendar.
func (s *Server) warnCalendar(rep *hall.Report) {
	for _, year := range rep.CalendarMissing {
		if _, told := s.uncharted.LoadOrStore(fmt.Sprintf("%s %d", rep.Hall, year), true); !told {
			s.log.Warn("no statutory calendar: weekends alone decide; import one with rollcall calendar import", "hall", rep.Hall, "year", year)
		}
	}
}

// answer sends what compute makes of one snapshot, with the ETag of that
// snapshot; a client that has it already gets 304 and nothing is computed.
func (s *Server) answer(w http.ResponseWriter, r *request, asOf hall.Instant, compute func(*store.View) ([]byte, error)) error {
	var body []byte
	tag := ""
	fresh := false
	err := s.compute(r.Context(), func(v *store.View) (err error) {
		tag = s.etag(v.Applied(), asOf)
		if fresh = matches(r.Header.Get("If-None-Match"), tag); fresh {
			return nil
		}
		body, err = compute(v)
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if fresh {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/json")
	_, err = w.Write(append(body, '\n'))
	return err
}

// compute runs fn, which makes lists, on a snapshot. A few run at a time and the others
// wait, so that memory stays bounded however many ask.
func (s *Server) compute(ctx context.Context, fn func(*store.View) error) error {
	s.metrics.waiting.Inc()
	select {
	case s.slots <- struct{}{}:
		s.metrics.waiting.Dec()
	case <-ctx.Done():
		s.metrics.waiting.Dec()
		return context.Cause(ctx)
	}
	defer func() { <-s.slots }()
	return s.state.View(fn)
}

// etag names a state: the stream, how far it was folded, what as_of closes and
// who computed. While nothing is taken the answer says so, so the tag differs too.
func (s *Server) etag(applied store.Applied, asOf hall.Instant) string {
	stopped := ""
	switch st := s.state.Status(); {
	case st.Halted != nil:
		stopped = "-halted"
	case st.DiskLow != nil:
		stopped = "-low"
	}
	return fmt.Sprintf(`"%x-%d-%d-%s%s"`, applied.Created.UnixNano(), applied.Sequence, asOf, s.version, stopped)
}

// matches reads If-None-Match: a list of tags, weak or not, or a star.
func matches(header, tag string) bool {
	for given := range strings.SplitSeq(header, ",") {
		given = strings.TrimPrefix(strings.TrimSpace(given), "W/")
		if given == tag || given == "*" {
			return true
		}
	}
	return false
}

// awaitSequence lets a client read what it wrote: min_seq waits for the fold. A
// sequence means nothing in another stream, so `stream` may name the one it is
// of.
func (s *Server) awaitSequence(r *request) error {
	sequence, err := r.params.sequence("min_seq")
	if err != nil {
		return err
	}
	if r.params.Has("stream") {
		if err := s.sameStream(r.params.Get("stream")); err != nil {
			return err
		}
	}
	if sequence == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), readYourWrites)
	defer cancel()
	err = s.state.Wait(ctx, sequence)
	if err == nil || r.Context().Err() != nil {
		return err
	}
	st := s.state.Status()
	if st.Halted != nil {
		return halted(st.Halted)
	}
	return problem(http.StatusServiceUnavailable, "not_folded_yet",
		fmt.Sprintf("event %d is not folded yet, %d is: ask again in a moment", sequence, st.Applied),
		fmt.Sprintf("第 %d 条事件尚未处理，目前到第 %d 条，请稍候再试", sequence, st.Applied)).later(2)
}

func (s *Server) sameStream(text string) error {
	created, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "+", 1))
	if err != nil {
		return badParameter("stream", text, "the time at which the stream was created, as /api/v1/status says it", "日志流的建立时间，见 /api/v1/status 的 stream")
	}
	if is := s.stream.Created(); !created.Equal(is) {
		return problem(http.StatusConflict, "other_stream",
			"the sequence is of another stream than this daemon reads: leave min_seq and stream out",
			"该序号属于另一个日志流，请去掉 min_seq 和 stream").at("stream", text, is.UTC().Format(time.RFC3339Nano))
	}
	return nil
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
