package bus

// Bus: opening, asking and stopping the log.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rollcall/hall"
)

// requestTimeout bounds one question to the server, and a publication whose
// caller set no deadline.
const requestTimeout = 10 * time.Second

var (
	// ErrStopped is the error of everything that is asked of a stopped bus.
	ErrStopped = errors.New("bus is stopped")
	// ErrUnknown says that the outcome of a publication is not known: the event
	// may or may not be stored. It is safe to publish it again under its uid.
	ErrUnknown = errors.New("outcome unknown, safe to repeat")
)

// Bus is an open log. All methods may be called at the same time.
type Bus struct {
	log     *slog.Logger
	metrics *metrics
	gaps    []Gap
	every   time.Duration // between two looks of the guard

	server  *embedded // nil when the server is outside
	dial    func(...nats.Option) (*nats.Conn, error)
	nc      *nats.Conn
	js      jetstream.JetStream
	stream  jetstream.Stream
	created time.Time
	atomic  bool // the stream takes atomic batches

	mu      sync.Mutex
	changed chan struct{} // guarded by mu; closed and replaced when the connection comes back or ends
	lost    uint64        // guarded by mu; messages that the log had lost at the last look, accepted ones aside
}

// Open starts the embedded server, or connects to one outside, and makes or
// checks the stream. Stop it in the end.
func Open(ctx context.Context, o Options) (*Bus, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	b := &Bus{
		log:     o.Log.With("component", "bus"),
		metrics: newMetrics(o.Registerer),
		gaps:    append([]Gap(nil), o.Gaps...),
		every:   o.GuardEvery,
		changed: make(chan struct{}),
	}
	if err := b.open(ctx, o); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
		defer cancel()
		return nil, errors.Join(err, b.Stop(stop))
	}
	b.metrics.connected.Set(1)
	b.log.Info("bus open", "addr", b.Addr(), "embedded", b.server != nil, "created", b.created)
	return b, nil
}

func (b *Bus) open(ctx context.Context, o Options) (err error) {
	if o.embedded() {
		if b.server, err = startServer(ctx, o, b.log); err != nil {
			return err
		}
		err = b.connectInside()
	} else {
		err = b.connectOutside(o)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	return b.openStream(ctx, o)
}

// Addr returns the address of the server for clients: of the embedded one where
// it listens, with its real port, else that of the connected server.
func (b *Bus) Addr() string {
	if b.server != nil {
		return b.server.addr()
	}
	return b.nc.ConnectedAddr()
}

// Connected reports whether there is a server just now. While there is none it is
// looked for without end.
func (b *Bus) Connected() bool { return b.nc.IsConnected() }

// Created returns when the stream was created, as of Open.
func (b *Bus) Created() time.Time { return b.created }

// Lost returns how many messages were gone from the log when it was looked at last,
// those aside whose loss people have accepted.
func (b *Bus) Lost() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost
}

// Last returns the sequence of the last message that the stream ever took, 0 if
// none.
func (b *Bus) Last(ctx context.Context) (uint64, error) {
	info, err := b.info(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.LastSeq, nil
}

// First returns the sequence of the first message that the stream still has, or
// would have: 1 in an empty stream.
func (b *Bus) First(ctx context.Context) (uint64, error) {
	info, err := b.info(ctx)
	if err != nil {
		return 0, err
	}
	return max(1, info.State.FirstSeq), nil
}

func (b *Bus) info(ctx context.Context) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	info, err := b.stream.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for stream %s: %w", StreamName, b.stopped(err))
	}
	return info, nil
}

// Read returns the message seq of the stream; hall.ErrNotFound if it is not
// there. Pending stays 0.
func (b *Bus) Read(ctx context.Context, seq uint64) (Message, error) {
	m, err := b.get(ctx, fmt.Appendf(nil, `{"seq":%d}`, seq))
	if err != nil {
		return Message{}, fmt.Errorf("read message %d: %w", seq, err)
	}
	return m, nil
}

// LastOf returns the last message of a subject, which may have wildcards;
// hall.ErrNotFound if there is none.
func (b *Bus) LastOf(ctx context.Context, subject string) (Message, error) {
	request, err := json.Marshal(map[string]string{"last_by_subj": subject})
	if err != nil {
		return Message{}, fmt.Errorf("last message of %s: %w", subject, err) // unreachable: a map of strings
	}
	m, err := b.get(ctx, request)
	if err != nil {
		return Message{}, fmt.Errorf("last message of %s: %w", subject, err)
	}
	return m, nil
}

// get asks the leader of the stream. Stream.GetMsg would not do: with
// allow_direct a replica that lags would answer, and the guard would take its
// "not found" for a loss.
func (b *Bus) get(ctx context.Context, request []byte) (Message, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	reply, err := b.nc.RequestWithContext(ctx, b.apiSubject("STREAM.MSG.GET."+StreamName), request)
	if err != nil {
		return Message{}, b.stopped(err)
	}
	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Message *struct {
			Sequence uint64    `json:"seq"`
			Subject  string    `json:"subject"`
			Data     []byte    `json:"data"`
			Time     time.Time `json:"time"`
		} `json:"message"`
	}
	if err := json.Unmarshal(reply.Data, &answer); err != nil {
		return Message{}, err
	}
	switch {
	case answer.Error != nil && answer.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return Message{}, hall.ErrNotFound
	case answer.Error != nil:
		return Message{}, answer.Error
	case answer.Message == nil:
		return Message{}, jetstream.ErrInvalidJetStreamResponse
	}
	m := answer.Message
	return Message{Sequence: m.Sequence, Subject: m.Subject, Body: m.Data, Time: m.Time}, nil
}

func (b *Bus) apiSubject(name string) string {
	o := b.js.Options()
	prefix := strings.TrimSuffix(o.APIPrefix, ".")
	switch {
	case prefix != "":
	case o.Domain != "":
		prefix = "$JS." + o.Domain + ".API"
	default:
		prefix = "$JS.API"
	}
	return prefix + "." + name
}

// writable returns a context that ends when the embedded log can no longer be
// written, with a *Halt as its cause. Of a server outside nobody tells us.
func (b *Bus) writable() context.Context {
	if b.server == nil {
		return context.Background()
	}
	return b.server.writable
}

// whileWritable returns a context that also ends with writable: what was sent is
// never answered then.
func (b *Bus) whileWritable(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	writable := b.writable()
	stop := context.AfterFunc(writable, func() { cancel(context.Cause(writable)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// Admit lets the embedded server take events from anybody, or from nobody, us
// included: then publishers are told that no stream answers. A server outside
// decides for itself.
func (b *Bus) Admit(admitted bool) error {
	if b.server == nil {
		return nil
	}
	return b.server.admit(admitted)
}

// Announce sends a message to those who listen on rollcall-live.> right now.
// Nobody has to; nothing is kept.
func (b *Bus) Announce(subject, id string, body []byte) error {
	if !strings.HasPrefix(subject, strings.TrimSuffix(LiveSubject, ">")) {
		return fmt.Errorf("announce on %s: %w: not a subject of %s", subject, hall.ErrInvalid, LiveSubject)
	}
	m := nats.NewMsg(subject)
	m.Header[jetstream.MsgIDHeader] = []string{id}
	m.Data = body
	if err := b.nc.PublishMsg(m); err != nil {
		return fmt.Errorf("announce on %s: %w", subject, b.stopped(err))
	}
	return nil
}

// Stop closes the connection and the embedded server, which writes what it
// holds. End every Consume before.
func (b *Bus) Stop(ctx context.Context) error {
	if b.nc != nil && !b.nc.IsClosed() {
		if b.nc.IsConnected() {
			if err := b.nc.FlushWithContext(ctx); err != nil { // announcements only: events wait for their ack
				b.log.Debug("flush at stop", "err", err)
			}
		}
		b.nc.Close()
	}
	if b.server == nil {
		return nil
	}
	return b.server.stop(ctx)
}

// stopped puts the error of a closed connection into our own words.
func (b *Bus) stopped(err error) error {
	if errors.Is(err, nats.ErrConnectionClosed) {
		return ErrStopped
	}
	return err
}
