package bus

// The stream: how it is made, and which settings of a stream made by others
// would lose events.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
)

// The names and limits of the log (contract 1).
const (
	StreamName  = "ROLLCALL"
	Subjects    = "rollcall.>"
	LiveSubject = "rollcall-live.>"
	// MaxMessage is the limit of a message with its headers, in bytes.
	MaxMessage = 72 << 10

	// duplicates is short: the server keeps each id in memory, the fold guards
	// itself at any distance.
	duplicates = 20 * time.Second
)

func streamConfig() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:               StreamName,
		Description:        "events of service halls; never deleted, never purged",
		Subjects:           []string{Subjects},
		Storage:            jetstream.FileStorage,
		Retention:          jetstream.LimitsPolicy,
		MaxMsgSize:         MaxMessage,
		Duplicates:         duplicates,
		AllowAtomicPublish: true,
		DenyDelete:         true,
		DenyPurge:          true,
	}
}

// BadStream is the error for a stream whose settings would lose events, change
// them or mix them with others. It lists all of them.
type BadStream struct{ Settings []Setting }

// Setting is one unfit setting of a stream, named as `nats stream info --json`
// does.
type Setting struct{ Name, Is, Want string }

func (e *BadStream) Error() string {
	parts := make([]string, len(e.Settings))
	for i, s := range e.Settings {
		parts[i] = fmt.Sprintf("%s is %s, wanted %s", s.Name, s.Is, s.Want)
	}
	return fmt.Sprintf("stream %s cannot be the log: %s. Change it with `nats stream edit %s`, or let rollcall make its own in another account",
		StreamName, strings.Join(parts, "; "), StreamName)
}

// checkStream returns a *BadStream, or nil.
func checkStream(c jetstream.StreamConfig) error {
	var bad []Setting
	refuse := func(unfit bool, name string, is any, want string) {
		if unfit {
			bad = append(bad, Setting{Name: name, Is: fmt.Sprint(is), Want: want})
		}
	}
	const unlimited = "-1 (no limit)"
	refuse(!slices.Equal(c.Subjects, []string{Subjects}), "subjects", c.Subjects, "["+Subjects+"]")
	refuse(c.Mirror != nil, "mirror", "set", "none")
	refuse(len(c.Sources) > 0, "sources", len(c.Sources), "none")
	refuse(c.SubjectTransform != nil, "subject_transform", "set", "none")
	refuse(c.Retention != jetstream.LimitsPolicy, "retention", c.Retention, "limits")
	refuse(c.Storage != jetstream.FileStorage, "storage", c.Storage, "file")
	refuse(c.PersistMode == jetstream.AsyncPersistMode, "persist_mode", "async", "default")
	refuse(c.MaxMsgs > 0, "max_msgs", c.MaxMsgs, unlimited)
	refuse(c.MaxBytes > 0, "max_bytes", c.MaxBytes, unlimited)
	refuse(c.MaxMsgsPerSubject > 0, "max_msgs_per_subject", c.MaxMsgsPerSubject, unlimited)
	refuse(c.MaxAge > 0, "max_age", c.MaxAge, "0 (for ever)")
	refuse(c.MaxMsgSize > 0 && c.MaxMsgSize < MaxMessage, "max_msg_size", c.MaxMsgSize, fmt.Sprint(MaxMessage))
	refuse(c.Discard != jetstream.DiscardOld, "discard", "new", "old")
	refuse(c.FirstSeq > 1, "first_seq", c.FirstSeq, "1")
	refuse(c.NoAck, "no_ack", true, "false")
	refuse(c.Sealed, "sealed", true, "false")
	refuse(c.AllowRollup, "allow_rollup_hdrs", true, "false")
	refuse(c.AllowMsgTTL, "allow_msg_ttl", true, "false")
	refuse(c.AllowMsgCounter, "allow_msg_counter", true, "false")
	refuse(c.AllowMsgSchedules, "allow_msg_schedules", true, "false")
	if len(bad) == 0 {
		return nil
	}
	return &BadStream{Settings: bad}
}

// openStream makes the stream if there is none and checks it.
func (b *Bus) openStream(ctx context.Context, o Options) error {
	s, err := b.js.Stream(ctx, StreamName)
	if err == nil && o.Fresh {
		return fmt.Errorf("%w: the server has a stream %s already, which is left alone: use another server or another account", hall.ErrConflict, StreamName)
	}
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		config := streamConfig()
		if o.Restoring {
			config = restoringConfig()
		}
		s, err = b.js.CreateStream(ctx, config)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // made by another daemon meanwhile
			s, err = b.js.Stream(ctx, StreamName)
		}
	}
	if err != nil {
		return explainStream(err)
	}
	b.stream = s
	info := s.CachedInfo()
	if err := checkStream(info.Config); err != nil {
		return err
	}
	b.created = info.Created
	b.atomic = info.Config.AllowAtomicPublish
	if o.Restoring {
		return nil
	}
	if c := info.Config; !c.DenyDelete || !c.DenyPurge {
		b.log.Warn("stream can lose events by an administrator's command; set both with nats stream edit",
			"deny_delete", c.DenyDelete, "deny_purge", c.DenyPurge)
	}
	if info.Config.MaxMsgSize != MaxMessage {
		b.log.Warn("stream takes larger messages than events may be", "bytes", info.Config.MaxMsgSize, "wanted", MaxMessage)
	}
	if !b.atomic {
		b.log.Info("stream takes no atomic batches: imports are slower")
	}
	return nil
}

func explainStream(err error) error {
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount),
		errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("open stream %s: %w: start the server with -js, or enable JetStream for the account", StreamName, err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("open stream %s: %w: the user may lack the right to $JS.API.> and _INBOX.>, or JetStream has no leader", StreamName, err)
	}
	return fmt.Errorf("open stream %s: %w; an administrator can make it: "+
		"nats stream add %s --subjects '%s' --storage file --retention limits --max-msg-size %d --dupe-window %s --deny-delete --deny-purge --allow-batch --defaults",
		StreamName, err, StreamName, Subjects, MaxMessage, duplicates)
}
