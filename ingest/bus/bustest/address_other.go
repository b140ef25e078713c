//go:build !linux

package bustest

// Addresses that cannot be kept on this system.

import "net"

// Keep returns what Address does. A port cannot be held for others here: that nobody
// takes it meanwhile is likely and no more.
func Keep() (address string, release func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	return l.Addr().String(), func() error { return nil }, l.Close()
}
