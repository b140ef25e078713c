package bus_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

func TestStreamIsMadeAsPromised(t *testing.T) {
	out := bustest.Started(t)
	open(t, bus.Options{URL: out.URL()})
	s, err := out.Admin().Stream(t.Context(), bus.StreamName)
	if err != nil {
		t.Fatal(err)
	}
	c := s.CachedInfo().Config
	if c.Storage != jetstream.FileStorage || c.Retention != jetstream.LimitsPolicy || c.Discard != jetstream.DiscardOld ||
		c.MaxMsgs != -1 || c.MaxBytes != -1 || c.MaxAge != 0 || c.MaxMsgsPerSubject != -1 || c.MaxMsgSize != 72<<10 ||
		c.Duplicates != 20*time.Second || !c.AllowAtomicPublish || !c.DenyDelete || !c.DenyPurge || c.AllowRollup ||
		len(c.Subjects) != 1 || c.Subjects[0] != "rollcall.>" {
		t.Errorf("stream settings: %+v", c)
	}
	if err := s.Purge(t.Context()); err == nil {
		t.Error("the log can be purged")
	}
}

func TestUnfitStreamIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*jetstream.StreamConfig)
		is     string
	}{
		"max_age":              {func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour }, "1h0m0s"},
		"max_msgs":             {func(c *jetstream.StreamConfig) { c.MaxMsgs = 1000 }, "1000"},
		"max_bytes":            {func(c *jetstream.StreamConfig) { c.MaxBytes = 1 << 20 }, "1048576"},
		"max_msgs_per_subject": {func(c *jetstream.StreamConfig) { c.MaxMsgsPerSubject = 1 }, "1"},
		"max_msg_size":         {func(c *jetstream.StreamConfig) { c.MaxMsgSize = 1024 }, "1024"},
		"retention":            {func(c *jetstream.StreamConfig) { c.Retention = jetstream.InterestPolicy }, "Interest"},
		"storage":              {func(c *jetstream.StreamConfig) { c.Storage = jetstream.MemoryStorage }, "Memory"},
		"discard":              {func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardNew }, "new"},
		"subjects":             {func(c *jetstream.StreamConfig) { c.Subjects = []string{"rollcall.>", "other.>"} }, "other.>"},
		"allow_rollup_hdrs":    {func(c *jetstream.StreamConfig) { c.AllowRollup = true }, "true"},
		"allow_msg_ttl":        {func(c *jetstream.StreamConfig) { c.AllowMsgTTL = true }, "true"},
		"allow_msg_schedules":  {func(c *jetstream.StreamConfig) { c.AllowMsgSchedules, c.AllowRollup = true, true }, "true"},
		"first_seq":            {func(c *jetstream.StreamConfig) { c.FirstSeq = 500 }, "500"},
		"no_ack":               {func(c *jetstream.StreamConfig) { c.NoAck, c.AllowAtomicPublish = true, false }, "true"},
		"mirror": {func(c *jetstream.StreamConfig) {
			c.Subjects, c.AllowAtomicPublish, c.Duplicates = nil, false, 0
			c.Mirror = &jetstream.StreamSource{Name: "OTHER"}
		}, "set"},
		"sources": {func(c *jetstream.StreamConfig) { c.Sources = []*jetstream.StreamSource{{Name: "OTHER"}} }, "1"},
		"subject_transform": {func(c *jetstream.StreamConfig) {
			c.SubjectTransform = &jetstream.SubjectTransformConfig{Source: "rollcall.a.>", Destination: "rollcall.b.>"}
		}, "set"},
	} {
		t.Run(name, func(t *testing.T) {
			out := bustest.Started(t)
			c := lossy()
			tt.change(&c)
			makeStream(t, out, c)
			_, err := tryOpen(t, bus.Options{URL: out.URL()})
			bad, ok := errors.AsType[*bus.BadStream](err)
			if !ok {
				t.Fatalf("Open = %v, want BadStream", err)
			}
			for _, s := range bad.Settings {
				if s.Name == name && strings.Contains(s.Is, tt.is) && s.Want != "" && strings.Contains(err.Error(), s.Name+" is "+s.Is) {
					return
				}
			}
			t.Errorf("Open = %q, want %s with %s", err, name, tt.is)
		})
	}
}

func TestStreamWithoutLocksIsTaken(t *testing.T) {
	b, _, _ := breakable(t)
	fill(t, b, 1, 10)
	consume(t, b, bus.Position{}, 10)
}

func TestNoJetStreamOutside(t *testing.T) {
	out := bustest.New(t)
	out.Options.JetStream = false
	out.Start()
	if _, err := tryOpen(t, bus.Options{URL: out.URL()}); err == nil || !strings.Contains(err.Error(), "-js") {
		t.Errorf("Open = %v, want a hint at -js", err)
	}
}

func TestContextFile(t *testing.T) {
	out := bustest.Started(t)
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home)
	dir := filepath.Join(home, "nats", "context")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	doc, err := json.Marshal(map[string]string{"url": out.URL()})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "hall.json")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hall", file} {
		b := open(t, bus.Options{Context: name})
		if b.Addr() != strings.TrimPrefix(out.URL(), "nats://") {
			t.Errorf("Addr = %s, want that of %s", b.Addr(), out.URL())
		}
	}
}

func TestWrongPassword(t *testing.T) {
	out := bustest.New(t)
	out.Options.Username, out.Options.Password = "hall", "right"
	out.Start()
	url := strings.Replace(out.URL(), "nats://", "nats://hall:wrong@", 1)
	_, err := tryOpen(t, bus.Options{URL: url})
	if err == nil || !strings.Contains(err.Error(), "check the credentials") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("Open = %v", err)
	}
}
