package bus

// A log that is made anew from a copy, message by message under the same numbers.

import (
	"context"
	"fmt"
	"iter"

	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
)

// maxRestored bounds a message of a log that is being restored: an outside server
// may have taken larger ones than ours does.
const maxRestored = 8 << 20

func restoringConfig() jetstream.StreamConfig {
	c := streamConfig()
	c.MaxMsgSize, c.DenyDelete, c.DenyPurge = -1, false, false
	return c
}

// Restore stores messages under their own sequences, which must be the next ones:
// a message that lies further on leaves a hole before it, as there was one in the
// log that was copied. The bus was opened with Restoring.
func (b *Bus) Restore(ctx context.Context, messages []Message) error {
	last, err := b.Last(ctx)
	if err != nil {
		return err
	}
	for len(messages) > 0 {
		first := messages[0].Sequence
		if first <= last {
			return fmt.Errorf("restore message %d behind %d: %w: the sequences go back", first, last, hall.ErrInvalid)
		}
		if err := b.leaveHole(ctx, last+1, first-1); err != nil {
			return err
		}
		last = first - 1
		n := neighbours(messages)
		if err := b.restoreTogether(ctx, messages[:n], last); err != nil {
			return err
		}
		messages, last = messages[n:], last+uint64(n)
	}
	return nil
}

// neighbours returns how many of the first messages follow each other and make one
// batch, at least one.
func neighbours(messages []Message) int {
	n, bytes := 1, len(messages[0].Body)
	for n < min(len(messages), batchMessages) && bytes < batchBytes && messages[n].Sequence == messages[n-1].Sequence+1 {
		bytes += len(messages[n].Body)
		n++
	}
	return n
}

// restoreTogether stores one batch behind the message last.
func (b *Bus) restoreTogether(ctx context.Context, messages []Message, last uint64) error {
	events := make([]Outgoing, len(messages))
	for i, m := range messages {
		events[i] = Outgoing{Subject: m.Subject, Body: m.Body}
	}
	ack, err := b.sendTogether(ctx, events, Expected{Last: last})
	if err == nil && ack.Sequence != last+uint64(len(messages)) {
		err = fmt.Errorf("the stream took it as %d", ack.Sequence)
	}
	if err != nil {
		return fmt.Errorf("restore messages %d to %d: %w", last+1, last+uint64(len(messages)), err)
	}
	return nil
}

// leaveHole makes the messages from..to missing, if there are any.
func (b *Bus) leaveHole(ctx context.Context, from, to uint64) error {
	for next := from; next <= to; {
		fillers := make([]Message, min(to-next+1, batchMessages))
		for i := range fillers {
			fillers[i].Subject = "rollcall.lost"
		}
		if err := b.restoreTogether(ctx, fillers, next-1); err != nil {
			return err
		}
		for range fillers {
			if err := b.stream.DeleteMsg(ctx, next); err != nil {
				return fmt.Errorf("leave out message %d: %w", next, err)
			}
			next++
		}
	}
	return nil
}

// Restored gives the stream the settings of every other log. Nothing can be
// deleted from then on.
func (b *Bus) Restored(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	if _, err := b.js.UpdateStream(ctx, streamConfig()); err != nil {
		return fmt.Errorf("close the restored stream: %w", err)
	}
	return nil
}

// Mend is PublishAll for whoever mends the log: the embedded server takes the
// events also while nobody is admitted.
func (b *Bus) Mend(ctx context.Context, seq iter.Seq2[Outgoing, error], progress func(n int)) (published, duplicates int, err error) {
	if b.server == nil {
		return b.PublishAll(ctx, seq, progress)
	}
	shut, err := b.server.openDoor()
	if err != nil {
		return 0, 0, err
	}
	defer shut()
	return b.PublishAll(ctx, func(yield func(Outgoing, error) bool) {
		for out, err := range seq {
			out.door = b.server.door
			if !yield(out, err) {
				return
			}
		}
	}, progress)
}
