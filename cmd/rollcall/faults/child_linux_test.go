package faults_test

import (
	"os/exec"
	"syscall"
)

// tie ends a child with this process, also when that is killed.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
