package web

// How the daemon is doing.

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Status is how the daemon is doing, as /api/v1/status and /readyz say it.
type Status struct {
	Version string    `json:"version"`
	Started time.Time `json:"started"`
	Stream  time.Time `json:"stream"`  // when the stream was created
	Applied uint64    `json:"applied"` // last sequence folded
	Last    uint64    `json:"last"`    // last sequence known to be in the log
	Ready   bool      `json:"ready"`
	Halted  *Halt     `json:"halted"` // null while the fold runs
	// DiskLow: a disk has less space left than must stay free. Null while there is
	// enough. No event is taken meanwhile; fold and lists go on.
	DiskLow *Halt `json:"disk_low"`
	// BusAway: there is no connection to the bus. Lists go on, of what was folded before.
	BusAway bool   `json:"bus_away"`
	Bus     string `json:"bus"` // where terminals publish
	HTTP    string `json:"http"`
	Data    string `json:"data"`
}

// Halt is why the fold stands still.
type Halt struct {
	What  string `json:"what"`  // what happened
	Do    string `json:"do"`    // what a person has to do
	Fault string `json:"fault"` // of the log: gone, stream, rewound, altered, gap; "" of a disk
	// DiskFull: the last state is sound and may be shown.
	DiskFull bool      `json:"disk_full"`
	Since    time.Time `json:"since"`
}

func (s *Server) status(w http.ResponseWriter, r *request) error {
	return writeJSON(w, http.StatusOK, s.state.Status())
}

// healthy says that the process answers, no more: a halted fold must not get it
// restarted in a loop.
func (s *Server) healthy(w http.ResponseWriter, _ *request) error {
	return writeText(w, "ok\n")
}

func (s *Server) ready(w http.ResponseWriter, _ *request) error {
	if p := notReady(s.state.Status()); p != nil {
		return p
	}
	return writeText(w, "ready\n")
}

// notReady says why the daemon is not ready, or returns nil.
func notReady(st Status) *Problem {
	switch {
	case st.Halted != nil:
		return halted(st.Halted)
	case st.DiskLow != nil:
		return diskLow(st.DiskLow, http.StatusServiceUnavailable)
	case st.BusAway:
		return problem(http.StatusServiceUnavailable, "bus_away",
			fmt.Sprintf("the NATS server does not answer: lists hold the first %d events and nothing that came since; start the server again, the daemon looks for it without end", st.Applied),
			fmt.Sprintf("消息总线（NATS 服务器）没有应答：名单只含前 %d 条事件，其后的尚未计入；请恢复该服务器，本服务会自动重连", st.Applied)).later(5)
	case !st.Ready:
		return problem(http.StatusServiceUnavailable, "catching_up",
			fmt.Sprintf("the fold is catching up: %d of %d events; ask again in a moment", st.Applied, st.Last),
			fmt.Sprintf("正在追赶日志：已处理 %d / %d 条，请稍候", st.Applied, st.Last)).later(2)
	}
	return nil
}

func halted(h *Halt) *Problem {
	return problem(http.StatusServiceUnavailable, "halted",
		fmt.Sprintf("the fold stands still: %s. %s", h.What, h.Do),
		fmt.Sprintf("事件处理已停止：%s。处理办法：%s", h.What, h.Do)).later(30)
}

// diskLow refuses events while there is still space for everything else.
func diskLow(h *Halt, status int) *Problem {
	return problem(status, "disk_low",
		fmt.Sprintf("no event is taken: %s. %s", h.What, h.Do),
		fmt.Sprintf("暂不接收事件：%s。处理办法：%s", h.What, h.Do)).later(30)
}

// takesNoEvents says why no event is taken just now, or returns nil.
func (s *Server) takesNoEvents() error {
	st := s.state.Status()
	switch {
	case st.Halted != nil:
		return halted(st.Halted)
	case st.DiskLow != nil:
		return diskLow(st.DiskLow, http.StatusInsufficientStorage)
	}
	return nil
}

func writeText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := io.WriteString(w, text)
	return err
}

// writeJSON sends a value whole. It is encoded first: what cannot be encoded is
// a problem and no half answer.
func writeJSON[T any](w http.ResponseWriter, status int, value T) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}

func byteCount(n int64) string { return fmt.Sprintf("at most %d bytes", n) }

func baseContext(base context.Context) func(net.Listener) context.Context {
	return func(net.Listener) context.Context { return base }
}
