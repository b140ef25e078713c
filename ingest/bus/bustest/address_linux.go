package bustest

// Addresses that are kept while a server of a test is away.

import (
	"errors"
	"fmt"
	"syscall"
)

// Keep returns what Address does, until release is called.
//
// A socket that is bound and does not listen holds the port: connections to it are
// refused, the system gives it to nobody who asks for any port, and who names it may
// listen there, since Go sets SO_REUSEADDR on every listener.
func Keep() (address string, release func() error, err error) {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, err
	}
	release = func() error { return syscall.Close(socket) }
	address, err = bind(socket)
	if err != nil {
		return "", nil, errors.Join(err, release())
	}
	return address, release, nil
}

func bind(socket int) (address string, err error) {
	if err := syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return "", err
	}
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", err
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		return "", err
	}
	inet, ok := name.(*syscall.SockaddrInet4)
	if !ok {
		return "", fmt.Errorf("a socket of IPv4 is bound to %T", name)
	}
	return fmt.Sprintf("127.0.0.1:%d", inet.Port), nil
}
