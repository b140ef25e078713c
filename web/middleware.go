package web

// What stands before and behind every route: who may ask, how long it may take,
// what is noted.

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// securityHeaders are set on every answer. Pages load nothing but our own style
// sheet, and nobody may frame them.
var securityHeaders = map[string]string{
	"Content-Security-Policy":      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// maxInFlight bounds the requests that are answered or wait at a time, each of which
// holds some memory. Who only asks how we are is always answered.
const maxInFlight = 512

var neverBusy = []string{"/healthz", "/readyz", "/metrics"}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	rec := &recorder{ResponseWriter: w}
	for name, value := range securityHeaders {
		rec.Header().Set(name, value)
	}
	s.metrics.inFlight.Inc()
	flying := s.flying.Add(1)
	route := "other"
	defer func() {
		s.metrics.inFlight.Dec()
		s.flying.Add(-1)
		if broken := recover(); broken != nil {
			s.recovered(rec, route, broken)
		}
		s.note(r, rec, route, time.Since(start))
	}()
	if p := s.admit(r); p != nil {
		s.refuse(rec, r, p)
		return
	}
	if flying > maxInFlight && !slices.Contains(neverBusy, r.URL.Path) {
		s.refuse(rec, r, problem(http.StatusServiceUnavailable, "busy",
			fmt.Sprintf("%d requests are being answered, no more fit: ask again in a moment", maxInFlight),
			fmt.Sprintf("正在处理的请求已达 %d 个，请稍候再试", maxInFlight)).later(1))
		return
	}
	handler, pattern := s.mux.Handler(r)
	if pattern == "" {
		s.unrouted(rec, r, handler)
		return
	}
	route = pattern
	s.mux.ServeHTTP(rec, r)
}

// note writes the access log: the route and never the path, which names people.
func (s *Server) note(r *http.Request, rec *recorder, route string, elapsed time.Duration) {
	s.metrics.answered(route, rec.status, elapsed)
	s.log.Debug("answered", "method", r.Method, "route", route, "status", rec.status, "bytes", rec.bytes, "elapsed", elapsed)
}

func (s *Server) recovered(rec *recorder, route string, broken any) {
	if err, ok := broken.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(broken)
	}
	s.log.Error("handler broke", "route", route, "err", broken, "stack", string(debug.Stack()))
	if rec.status == 0 {
		asProblem(errors.New("panic")).write(rec)
	}
}

// admit refuses what no route should see.
func (s *Server) admit(r *http.Request) *Problem {
	if !s.knowsHost(r.Host) {
		return problem(http.StatusMisdirectedRequest, "wrong_host",
			"this daemon answers on its loopback address only: ask 127.0.0.1 or localhost, or let it listen on an address of the network",
			"本服务只在本机地址应答：请访问 127.0.0.1 或 localhost，或让它监听网络地址")
	}
	if err := s.origin.Check(r); err != nil {
		return problem(http.StatusForbidden, "cross_origin",
			"a page of another site asked this: events are accepted from programs and our own pages only",
			"请求来自其他网站的页面：只接受程序和本站页面提交的事件")
	}
	if enc := r.Header.Get("Content-Encoding"); enc != "" && enc != "identity" {
		return problem(http.StatusUnsupportedMediaType, "bad_encoding",
			"the body is compressed: send it as it is", "请求体经过压缩，请发送未压缩的内容").at("Content-Encoding", enc, "identity")
	}
	return nil
}

// knowsHost guards a daemon on loopback against pages whose name was rebound to
// it: there the Host must be a loopback one.
func (s *Server) knowsHost(host string) bool {
	if !s.loopback {
		return true
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if strings.EqualFold(strings.TrimSuffix(name, "."), "localhost") || slices.Contains(s.hosts, name) {
		return true
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.Unmap().IsLoopback()
}

// unrouted turns the mux's plain 404 and 405 into problems and lets its
// redirects pass.
func (s *Server) unrouted(w http.ResponseWriter, r *http.Request, handler http.Handler) {
	probe := &dry{header: http.Header{}}
	handler.ServeHTTP(probe, r)
	switch probe.status {
	case http.StatusMethodNotAllowed:
		allow := probe.header.Get("Allow")
		w.Header().Set("Allow", allow)
		s.refuse(w, r, problem(http.StatusMethodNotAllowed, "method_not_allowed",
			r.Method+" is not possible here: use "+allow, "此处不能用 "+r.Method+"，可用："+allow))
	case http.StatusNotFound:
		s.refuse(w, r, problem(http.StatusNotFound, "no_such_page",
			"there is nothing at this address: the API begins with /api/v1/, the pages with /",
			"此地址没有内容：接口以 /api/v1/ 开头，页面从 / 开始"))
	default:
		handler.ServeHTTP(w, r)
	}
}

// dry takes an answer that nobody reads.
type dry struct {
	header http.Header
	status int
}

func (d *dry) Header() http.Header { return d.header }

func (d *dry) WriteHeader(status int) {
	if d.status == 0 {
		d.status = status
	}
}

func (d *dry) Write(p []byte) (int, error) {
	d.WriteHeader(http.StatusOK)
	return len(p), nil
}

// refuse answers with the problem that an error is.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := *asProblem(err)
	p.Instance = r.URL.Path
	if p.Status >= http.StatusInternalServerError {
		s.log.Warn("request refused", "method", r.Method, "code", p.Code, "err", err)
	}
	p.write(w)
}

func tooLarge(limit int64) *Problem {
	return problem(http.StatusRequestEntityTooLarge, "too_large",
		"the body is too large: an event has at most 64 KiB, and pictures stay where they are",
		"请求体过大：一个事件最多 64 KiB，照片留在原处").at("", "", byteCount(limit))
}
