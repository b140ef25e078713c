//go:build linux || darwin || freebsd

package app

// The space on a disk, asked with statfs.

import (
	"fmt"
	"syscall"
)

// diskSpace returns the bytes that we may still write on a directory's disk, and how
// many it has.
func diskSpace(dir string) (free, total uint64, err error) {
	var s syscall.Statfs_t
	for {
		err := syscall.Statfs(dir, &s)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return 0, 0, fmt.Errorf("look at the space of %s: %w", dir, err)
		}
		block := uint64(s.Bsize)
		return uint64(max(0, s.Bavail)) * block, s.Blocks * block, nil
	}
}
