package bustest_test

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/ingest/bus/bustest"
)

// TestServer: a server comes back where it was, with what it had, and a stream can be
// made anew at once.
func TestServer(t *testing.T) {
	s := bustest.Started(t)
	js := s.Admin()
	config := jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}}
	for range 20 {
		if _, err := bustest.MakeStream(t.Context(), js, config); err != nil {
			t.Fatalf("MakeStream: %v", err)
		}
		if err := js.DeleteStream(t.Context(), "S"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bustest.MakeStream(t.Context(), js, config); err != nil {
		t.Fatalf("MakeStream: %v", err)
	}
	address := s.Address()
	s.Stop()
	s.Start()
	if s.Address() != address {
		t.Errorf("it came back at %s, was at %s", s.Address(), address)
	}
	if _, err := s.Admin().Stream(t.Context(), "S"); err != nil {
		t.Errorf("the stream is gone: %v", err)
	}
}
