// Package web is the HTTP side of the daemon: an API of JSON under /api/v1, a
// few plain pages, and what a supervisor of processes asks for (/healthz,
// /readyz, /metrics).
//
// It promises that an event is answered for only after the stream has it, that
// every answer says up to which event it holds (ETag), and that every refusal is
// a problem of RFC 9457 that says what to do. It never decides a verdict and
// never shows the bytes of a dead letter.
package web
