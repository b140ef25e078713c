package bustest_test

import (
	"errors"
	"net"
	"runtime"
	"syscall"
	"testing"

	"rollcall/ingest/bus/bustest"
)

// TestAddress: nobody answers there, and who names it may listen, again and again.
func TestAddress(t *testing.T) {
	address := bustest.Address(t)
	for range 3 {
		if _, err := net.Dial("tcp", address); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("Dial = %v, want it refused", err)
		}
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatalf("Listen: %v", err)
		}
		client, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatalf("Dial: %v", err)
		}
		server, err := l.Accept()
		if err != nil {
			t.Fatalf("Accept: %v", err)
		}
		// The side that closes first has the port for a while yet.
		for _, c := range []net.Conn{server, client} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestAddressIsNobodyElses: as many listeners on any port as there are ports do not
// get one that is kept.
func TestAddressIsNobodyElses(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a port cannot be held for others here")
	}
	if testing.Short() {
		t.Skip("short")
	}
	kept := bustest.Address(t)
	for range 20_000 { // one after the other: ports are given at random
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		got := l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if got == kept {
			t.Fatalf("%s was given to another", kept)
		}
	}
}
