package bus

// The log of the embedded server, in the words of this program.

import (
	"fmt"
	"log/slog"
	"strings"
)

// serverLog takes the log of the embedded server. What it tells in the course
// of things is for debugging only.
type serverLog struct {
	log   *slog.Logger
	fatal chan string // the first reason why it cannot start
	// broken is called when the stream could not be written. The server says so
	// nowhere else: from then on it answers no publication until it is started
	// again, also when there is space by then.
	broken func(text string)
}

func newServerLog(log *slog.Logger, broken func(text string)) *serverLog {
	return &serverLog{log: log, fatal: make(chan string, 1), broken: broken}
}

func (l *serverLog) Noticef(format string, v ...any) {
	l.log.Debug("bus server", "text", fmt.Sprintf(format, v...))
}

func (l *serverLog) Warnf(format string, v ...any) {
	l.log.Warn("bus server", "text", fmt.Sprintf(format, v...))
}

func (l *serverLog) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	if strings.Contains(text, " - cid:") { // a client's fault, such as a subject it may not use
		l.log.Warn("bus client", "text", text)
		return
	}
	l.log.Error("bus server", "text", text)
	if _, why, ok := strings.Cut(text, "ritical write error: "); ok {
		l.broken(why)
	}
}

// Fatalf does not end the process: startServer returns the reason.
func (l *serverLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	select {
	case l.fatal <- text:
	default:
	}
	l.log.Error("bus server", "text", text)
}

func (l *serverLog) Debugf(string, ...any) {}

func (l *serverLog) Tracef(string, ...any) {}
