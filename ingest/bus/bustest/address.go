package bustest

// Addresses for the servers of tests.

import "testing"

// Address returns an address of this machine on which nobody listens. It stays free
// until the test ends: only who names it can listen there.
func Address(t testing.TB) string {
	t.Helper()
	address, release, err := Keep()
	if err != nil {
		t.Fatalf("keep an address: %v", err)
	}
	t.Cleanup(func() {
		if err := release(); err != nil {
			t.Errorf("release %s: %v", address, err)
		}
	})
	return address
}
