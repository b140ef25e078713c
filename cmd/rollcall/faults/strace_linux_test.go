package faults_test

// Faults at system calls, which strace injects, and the record of a daemon's
// system calls.

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// straced launches a daemon whose system calls strace sees. The process is the
// daemon's own; strace ends with it.
func straced(t *testing.T, dir string, options ...string) *daemon {
	t.Helper()
	needStrace(t)
	return launchUnder(t, append([]string{"strace", "-D", "-f"}, options...), dir)
}

// needStrace skips the test where strace is missing or may not trace, but where it
// must not be: CI says so.
func needStrace(t *testing.T) {
	t.Helper()
	answer, err := exec.Command("strace", "-f", "-o", os.DevNull, "true").CombinedOutput()
	switch {
	case err == nil:
	case os.Getenv("ROLLCALL_STRACE") != "":
		t.Fatalf("strace is required: %v %s", err, answer)
	default:
		t.Skipf("no strace (apt-get install strace): %v %s", err, strings.TrimSpace(string(answer)))
	}
}
