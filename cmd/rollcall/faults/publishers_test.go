package faults_test

// Those who publish while a daemon is killed: terminals over NATS and programs
// over HTTP, with and without message ids, one by one and many at once.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// publisher sends events of its own source until its context ends. What was not
// acknowledged it sends again in the next round.
type publisher struct {
	source  string
	journal *journal
	chance  *rand.Rand // owned by the publisher while it runs
	next    int        // number of the next event
	open    []outgoing // sent, not acknowledged
	many    int        // events at once
	withID  bool       // with a message id
	way     func(*publisher, context.Context, link, []outgoing) error
}

// link is how a publisher reaches a daemon.
type link struct {
	url  string
	http *http.Client
	nc   *nats.Conn
}

func publishers(r *rand.Rand, j *journal) []*publisher {
	var all []*publisher
	add := func(source string, many int, withID bool, way func(*publisher, context.Context, link, []outgoing) error) {
		all = append(all, &publisher{source: source, journal: j, many: many, withID: withID, way: way,
			chance: rand.New(rand.NewPCG(r.Uint64(), r.Uint64()))})
	}
	add("N1", 1, true, (*publisher).overNATS)
	add("N2", 1, true, (*publisher).overNATS)
	add("N3", 30, true, (*publisher).overNATS)
	add("N4", 1, false, (*publisher).overNATS)
	add("H1", 1, true, (*publisher).overHTTP)
	add("H2", 1, true, (*publisher).folded)
	add("F1", 120, true, (*publisher).imported)
	return all
}

// publish lets all of them send until ctx ends, or with drain until nothing of
// theirs is open.
func publish(ctx context.Context, t *testing.T, all []*publisher, d *daemon, drain bool) {
	t.Helper()
	var running sync.WaitGroup
	for _, p := range all {
		ctx, cancel := context.WithCancel(ctx)
		l := link{url: d.url, http: d.http}
		// A closed connection answers no request: whoever waits must hear of it.
		nc, err := nats.Connect(d.bus, nats.Timeout(patience), nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { cancel() }))
		if err != nil {
			cancel()
			if ctx.Err() == nil && d.alive() && drain {
				t.Errorf("connect to the bus: %v", err)
			}
			continue
		}
		l.nc = nc
		running.Go(func() {
			defer cancel()
			defer nc.Close()
			if err := p.run(ctx, l, drain); err != nil {
				t.Errorf("publisher %s: %v", p.source, err)
			}
		})
	}
	running.Wait()
}

func (p *publisher) run(ctx context.Context, l link, drain bool) error {
	for ctx.Err() == nil {
		batch := p.open
		if len(batch) == 0 {
			if drain {
				return nil
			}
			for range p.many {
				p.next++
				batch = append(batch, drawn(p.chance, p.source, fmt.Sprintf("%s-%d", p.source, p.next)))
			}
		}
		for _, o := range batch {
			p.journal.send(o, p.withID)
		}
		if err := p.way(p, ctx, l, batch); err != nil {
			return err
		}
		p.open = nil
		for _, o := range batch {
			p.journal.tried(o.uid)
			if !p.journal.isAcked(o.uid) {
				p.open = append(p.open, o)
			}
		}
		p.pace(ctx)
	}
	return nil
}

// pace leaves the machine to others now and then.
func (p *publisher) pace(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Duration(p.chance.IntN(6)*p.many) * time.Millisecond / 2):
	}
}

// overNATS publishes a batch and then waits for its acks.
func (p *publisher) overNATS(ctx context.Context, l link, batch []outgoing) error {
	inbox := nats.NewInbox()
	sub, err := l.nc.SubscribeSync(inbox + ".*")
	if err != nil {
		return nil // the daemon is gone
	}
	defer sub.Unsubscribe()
	for i, o := range batch {
		m := &nats.Msg{Subject: o.subject, Data: o.body, Header: nats.Header{}, Reply: fmt.Sprintf("%s.%d", inbox, i)}
		if p.withID {
			m.Header.Set("Nats-Msg-Id", string(o.uid))
		}
		if l.nc.PublishMsg(m) != nil {
			return nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range batch {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return nil // unknown, and sent again
		}
		var ack struct {
			Stream    string
			Seq       uint64
			Duplicate bool
			Error     *struct{ Description string }
		}
		if len(m.Data) == 0 {
			return nil // no stream answers: the bus is not open yet
		}
		var i int
		_, numbered := fmt.Sscanf(m.Subject[len(inbox)+1:], "%d", &i)
		if err := errors.Join(numbered, json.Unmarshal(m.Data, &ack)); err != nil {
			return fmt.Errorf("ack %s: %w", m.Data, err)
		}
		if ack.Error != nil || ack.Stream == "" {
			return nil // stopping
		}
		p.journal.ack(batch[i].uid, ack.Seq, ack.Duplicate)
	}
	return nil
}

func (p *publisher) overHTTP(ctx context.Context, l link, batch []outgoing) error {
	return p.posted(ctx, l, batch, "")
}

func (p *publisher) folded(ctx context.Context, l link, batch []outgoing) error {
	return p.posted(ctx, l, batch, "&wait=folded")
}

func (p *publisher) posted(ctx context.Context, l link, batch []outgoing, parameters string) error {
	for _, o := range batch {
		status, body, err := post(ctx, l, "/api/v1/events?force=1"+parameters, o.line())
		switch {
		case err != nil, status == http.StatusServiceUnavailable:
			return nil // unknown, and sent again
		case status != http.StatusOK && status != http.StatusAccepted:
			return fmt.Errorf("POST of %s = %d %s", o.uid, status, body)
		}
		var ack struct {
			UID       string
			Sequence  uint64
			Duplicate bool
		}
		if err := json.Unmarshal([]byte(body), &ack); err != nil || ack.UID != string(o.uid) || ack.Sequence == 0 {
			return fmt.Errorf("POST of %s = %s (%w)", o.uid, body, err)
		}
		p.journal.ack(o.uid, ack.Sequence, ack.Duplicate)
	}
	return nil
}

// imported sends a file; its summary acknowledges all of it.
func (p *publisher) imported(ctx context.Context, l link, batch []outgoing) error {
	status, body, err := post(ctx, l, "/api/v1/import?force=1", strings.Join(linesOf(batch), "\n")+"\n")
	if err != nil || status != http.StatusOK {
		return nil
	}
	for line := range strings.Lines(body) {
		var answer struct {
			Refused json.RawMessage
			Summary *struct{ Read, Published, Duplicates, Conflicts int }
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			return nil // cut off
		}
		if answer.Refused != nil {
			return fmt.Errorf("import refuses %s", answer.Refused)
		}
		s := answer.Summary
		if s == nil {
			continue
		}
		if s.Conflicts != 0 || s.Published+s.Duplicates != len(batch) {
			return fmt.Errorf("import of %d lines ended with %s", len(batch), line)
		}
		for _, o := range batch {
			p.journal.ack(o.uid, 0, false)
		}
	}
	return nil
}

func post(ctx context.Context, l link, path, body string) (status int, answer string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	resp, err := l.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}
