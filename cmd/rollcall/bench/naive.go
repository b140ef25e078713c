package bench

// The naive consumer: what a tutorial would write. A durable consumer with
// explicit acknowledgement, encoding/json, a key an event, and a transaction per
// hundred messages after which they are acknowledged. It refuses duplicates by
// their uid and judges nothing.

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.etcd.io/bbolt"

	"rollcall/ingest/bus"
)

const naiveBatch = 100

// naiveFold reads n messages into a file.
func naiveFold(ctx context.Context, js jetstream.JetStream, dir string, n int) error {
	db, err := bbolt.Open(filepath.Join(dir, "naive.db"), 0o600, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	consumer, err := js.CreateConsumer(ctx, bus.StreamName, jetstream.ConsumerConfig{
		Durable: fmt.Sprintf("naive-%d", time.Now().UnixNano()), AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 20_000,
	})
	if err != nil {
		return err
	}
	defer func() { _ = js.DeleteConsumer(context.WithoutCancel(ctx), bus.StreamName, consumer.CachedInfo().Name) }() // the stream goes anyway
	messages, err := consumer.Messages(jetstream.PullMaxMessages(5000))
	if err != nil {
		return err
	}
	defer messages.Stop()
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	batch := make([]jetstream.Msg, 0, naiveBatch)
	for done := 0; done < n; {
		m, err := messages.Next()
		if err != nil {
			return err
		}
		done++
		if batch = append(batch, m); len(batch) < naiveBatch && done < n {
			continue
		}
		if err := naiveWrite(db, batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	return nil
}

func naiveWrite(db *bbolt.DB, batch []jetstream.Msg) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		events, err := tx.CreateBucketIfNotExists([]byte("events"))
		if err != nil {
			return err
		}
		for _, m := range batch {
			var e map[string]any
			if err := json.Unmarshal(m.Data(), &e); err != nil {
				return err
			}
			parts := strings.Split(m.Subject(), ".")
			key := fmt.Appendf(nil, "%s/%v/%v/%s/%s/%v", parts[1], e["time"], e["person"], parts[2], parts[3], e["id"])
			if events.Get(key) != nil {
				continue
			}
			if err := events.Put(key, m.Data()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, m := range batch {
		if err := m.Ack(); err != nil {
			return err
		}
	}
	return nil
}
