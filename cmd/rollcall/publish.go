package main

// One event to the daemon, and what became of it.

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"rollcall/hall"
	"rollcall/web"
)

// posted is the daemon's answer to an event.
type posted struct {
	UID       hall.UID `json:"uid"`
	Sequence  uint64   `json:"sequence"`
	Duplicate bool     `json:"duplicate"`
	Doubt     string   `json:"doubt"`
	Folded    *bool    `json:"folded"`
	Became    string   `json:"became"`
	Why       string   `json:"why"`
}

// unknownError says that nobody knows whether an event was saved.
type unknownError struct{ err error }

func (e *unknownError) Error() string { return e.err.Error() }
func (e *unknownError) Unwrap() error { return e.err }

// attempts are made to send an event: sending the same again is safe.
const attempts = 3

// send publishes an event and waits until it is folded. The error is an
// *unknownError when the outcome is.
func (c *cli) send(ctx context.Context, cl *client, subject string, body []byte, force bool) (posted, error) {
	query := url.Values{"wait": {"folded"}}
	if force {
		query.Set("force", "1")
	}
	line := hall.EncodeLine(subject, body)
	var err error
	for i := range attempts {
		if i > 0 && !pause(ctx, time.Second) {
			break
		}
		asked, cancel := context.WithTimeout(ctx, 30*time.Second)
		var done posted
		err = cl.post(asked, "/api/v1/events", query, "application/json", bytes.NewReader(line), &done)
		cancel()
		if err == nil || !isUnknown(err) {
			return done, err
		}
	}
	return posted{}, &unknownError{err}
}

// pause waits; it reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// isUnknown reports whether a request may have done its work all the same.
func isUnknown(err error) bool {
	if p, ok := errors.AsType[*web.Problem](err); ok {
		return p.Code == "outcome_unknown" || p.Status == http.StatusGatewayTimeout
	}
	_, wrong := errors.AsType[*usageError](err)
	return !wrong && !isNoDaemon(err)
}

// became are the words of the daemon in Chinese, and whether they are a failure.
var became = []struct {
	word, zh string
	failed   bool
}{
	{"counts", "有效", false},
	{"window", "记在窗口名下", false},
	{"nothing", "无需处理", false},
	{"replaced", "已被更新的记录取代", false},
	{"struck", "已被裁定取消", false},
	{"cancelled", "已被裁定取消", false},
	{"contested", "存疑,待核实", false},
	{"over_quota", "超出次数,不生效", false},
	{"late", "超过期限,不生效", false},
	{"unapproved", "未经批准,暂不生效", false},
	{"idle", "对结果没有影响", false},
	{"conflict", "同一编号另有不同内容", true},
	{"unresolved", "未解决:缺少对应的信息", true},
	{"dead", "无法识别", true},
}

// say prints what became of an event; one that does nothing is a failure.
func (c *cli) say(done posted) error {
	if done.Doubt != "" {
		c.warnf("%s", done.Doubt)
	}
	if done.Folded != nil && !*done.Folded {
		c.warnf("%s: 已提交,尚未处理 - stored as event %d, not folded yet; repeating the command is safe", done.UID, done.Sequence)
		return errReported
	}
	i := slices.IndexFunc(became, func(b struct {
		word, zh string
		failed   bool
	}) bool {
		return b.word == done.Became
	})
	text, failed := done.Became, false
	if i >= 0 {
		text, failed = became[i].zh+" - "+done.Became, became[i].failed
	}
	if done.Why != "" {
		text += " (" + done.Why + ")"
	}
	again := ""
	if done.Duplicate {
		again = " before (此前已有)"
	}
	if err := c.printf("%s: 已保存 - saved%s; %s\n", done.UID, again, text); err != nil {
		return err
	}
	if failed {
		return errReported
	}
	return nil
}
