package faults_test

import (
	"syscall"
	"testing"
	"unsafe"
)

// limitMemory gives a running daemon no more address space than so much.
func limitMemory(t *testing.T, d *daemon, mib int) {
	t.Helper()
	limit := syscall.Rlimit{Cur: uint64(mib) << 20, Max: uint64(mib) << 20}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(d.cmd.Process.Pid), syscall.RLIMIT_AS, uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		t.Fatalf("limit the memory of the daemon: %v", errno)
	}
}
