package web

// Errors of the packages below as answers of HTTP.

import (
	"context"
	"errors"
	"net/http"

	"rollcall/hall"
	"rollcall/ingest/bus"
)

// statuses maps what the packages below return to what a client sees, the first
// that matches. What is not in it is a fault of ours: 500, and the chain goes to
// the log only.
var statuses = []struct {
	err    error
	status int
	code   string
	zh     string
}{
	{hall.ErrNotFound, http.StatusNotFound, "not_found", "没有找到，请核对人员、窗口、月份或编号，详情"},
	{hall.ErrInvalid, http.StatusBadRequest, "invalid", "内容不对，详情"},
	{hall.ErrConflict, http.StatusConflict, "conflict", "与正在进行的或已有的内容冲突，详情"},
	{hall.ErrForbidden, http.StatusForbidden, "forbidden", "不允许，详情"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "timeout", "超时，请稍后再试，详情"},
}

// statusClientGone is what the log says when the client did not wait.
const statusClientGone = 499

// asProblem returns the problem that a handler's error is for the client.
func asProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if fault, ok := errors.AsType[*bus.Halt](err); ok {
		return halted(&Halt{What: fault.What, Do: fault.Do})
	}
	if tooBig, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(tooBig.Limit)
	}
	if errors.Is(err, context.Canceled) {
		return problem(statusClientGone, "client_gone", "the client did not wait", "客户端已断开")
	}
	for _, s := range statuses {
		if !errors.Is(err, s.err) {
			continue
		}
		p := problem(s.status, s.code, err.Error(), s.zh+"："+err.Error())
		if s.status == http.StatusServiceUnavailable {
			p.later(5)
		}
		return p
	}
	return problem(http.StatusInternalServerError, "internal",
		"the daemon could not answer; its log says why", "服务内部出错，原因见日志")
}
