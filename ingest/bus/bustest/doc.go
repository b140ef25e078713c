// Package bustest is for tests that need a NATS server which is not the daemon's own,
// or an address that nobody else takes. No program imports it.
//
// Tests of many packages run beside each other, each with its servers. A port that
// was found free a moment ago may be another's by now, so a server asks the system
// for one, and who has to know the address beforehand, or comes back to it, keeps it.
package bustest
