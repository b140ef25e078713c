package faults_test

// What was sent, what was acknowledged, and whether it is there.

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rollcall/hall"
)

// journal is what publishers know. Any of them may write it at any time.
type journal struct {
	mu     sync.Mutex
	sent   map[hall.UID]*entry // guarded by mu
	acked  []hall.UID          // guarded by mu; in the order of the acks
	stored map[uint64]hall.UID // guarded by mu; by the sequence of the ack
	wrong  []string            // guarded by mu; what an ack said that cannot be
}

// asked is for how many of the last events, and how many of all, a check asks one
// by one: to say what became of an event takes a look at its month.
const asked = 8

type entry struct {
	outgoing
	first time.Time // sent
	tries int
	acked bool
	when  time.Time // acknowledged
	// again: the stream may hold it more than once, since it was sent again
	// without a message id or, perhaps, when the stream had forgotten that.
	again bool
}

func newJournal() *journal {
	return &journal{sent: map[hall.UID]*entry{}, stored: map[uint64]hall.UID{}}
}

// remembered is well below the stream's duplicate window of 20 s.
const remembered = 15 * time.Second

// send notes an event before it is sent.
func (j *journal) send(o outgoing, withID bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.sent[o.uid]
	if e == nil {
		e = &entry{outgoing: o, first: time.Now()}
		j.sent[o.uid] = e
	}
	e.tries++
	e.again = e.again || e.tries > 1 && !withID
}

// tried notes that an event which was sent is on its way no longer, whether it was
// acknowledged or not: until then a busy machine may take its time.
func (j *journal) tried(uid hall.UID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.sent[uid]
	e.again = e.again || e.tries > 1 && time.Since(e.first) > remembered
}

// ack notes that an event was acknowledged, under a sequence if that is known.
func (j *journal) ack(uid hall.UID, sequence uint64, duplicate bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.sent[uid]
	if !e.acked {
		e.acked, e.when = true, time.Now()
		j.acked = append(j.acked, uid)
	}
	if sequence == 0 {
		return
	}
	other, taken := j.stored[sequence]
	if taken && other != uid {
		j.wrong = append(j.wrong, fmt.Sprintf("%s and %s were both acknowledged as message %d", other, uid, sequence))
	}
	if taken && other == uid && !duplicate {
		j.wrong = append(j.wrong, fmt.Sprintf("%s was acknowledged twice as message %d", uid, sequence))
	}
	j.stored[sequence] = uid
}

func (j *journal) isAcked(uid hall.UID) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.sent[uid]
	return e != nil && e.acked
}

// until returns the journal with the acknowledgements that had come at an instant.
func (j *journal) until(instant time.Time) *journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	then := newJournal()
	for uid, e := range j.sent {
		copied := *e
		copied.acked = e.acked && e.when.Before(instant)
		then.sent[uid] = &copied
	}
	for _, uid := range j.acked {
		if then.sent[uid].acked {
			then.acked = append(then.acked, uid)
		}
	}
	return then
}

func (j *journal) count() (sent, acked int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.sent), len(j.acked)
}

// check compares a daemon to which nobody publishes with the journal: what was
// acknowledged is there once, with the content that was sent, and nothing is
// there that nobody sent. Of the acknowledged it also asks for some by their uid,
// the last ones among them.
func (j *journal) check(t *testing.T, d *daemon, r *rand.Rand) {
	t.Helper()
	log, stored := d.exported("log"), d.exported("store")
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, wrong := range j.wrong {
		t.Error(wrong)
	}
	c := complaints{t: t}
	for uid, e := range j.sent {
		inLog, inStore := log[uid], stored[uid]
		switch {
		case e.acked && len(inLog) == 0:
			c.addf("acknowledged %s is not in the log", uid)
		case e.acked && len(inStore) == 0:
			c.addf("acknowledged %s is not in the store", uid)
		case len(inLog) > 1 && !e.again:
			c.addf("%s is %d times in the log", uid, len(inLog))
		case len(inStore) > 1:
			c.addf("%s is %d times in the store", uid, len(inStore))
		case (len(inLog) > 0) != (len(inStore) > 0):
			c.addf("%s is %d times in the log, %d times in the store", uid, len(inLog), len(inStore))
		}
		for _, fact := range append(inLog, inStore...) {
			if sent := decoded(t, e.subject, e.body); !reflect.DeepEqual(fact, sent) {
				c.addf("%s has come back as %+v, want %+v", uid, fact, sent)
			}
		}
	}
	for uid := range log {
		if j.sent[uid] == nil {
			c.addf("%s is in the log, and nobody sent it", uid)
		}
	}
	for uid := range stored {
		if j.sent[uid] == nil {
			c.addf("%s is in the store, and nobody sent it", uid)
		}
	}
	last := slices.Clone(j.acked[max(0, len(j.acked)-asked):])
	for range min(asked, len(j.acked)) {
		last = append(last, j.acked[r.IntN(len(j.acked))])
	}
	for _, uid := range last {
		if status, body := d.get(pathOf(uid)); status != http.StatusOK || !strings.Contains(body, string(uid)) {
			c.addf("GET of acknowledged %s = %d %s", uid, status, body)
		}
	}
	c.close()
}

// complaints says the first of many errors.
type complaints struct {
	t *testing.T
	n int
}

func (c *complaints) addf(format string, args ...any) {
	if c.n++; c.n <= 10 {
		c.t.Errorf(format, args...)
	}
}

func (c *complaints) close() {
	if c.n > 10 {
		c.t.Errorf("and %d more", c.n-10)
	}
}

func pathOf(uid hall.UID) string {
	h, kind, source, id, _ := uid.Split()
	return "/api/v1/events/" + string(h) + "/" + string(kind) + "/" + source + "/" + url.PathEscape(id)
}

func decoded(t testing.TB, subject string, body []byte) hall.Fact {
	e, err := hall.Decode(subject, body)
	if err != nil {
		t.Fatal(err)
	}
	return e.Fact
}

// exported returns the events that a daemon exports, each as often as it does.
func (d *daemon) exported(from string) map[hall.UID][]hall.Fact {
	d.t.Helper()
	status, text := d.get("/api/v1/export?from=" + from)
	if status != http.StatusOK {
		d.t.Fatalf("export from %s = %d %s", from, status, text)
	}
	events := map[hall.UID][]hall.Fact{}
	for line := range strings.Lines(text) {
		subject, body, err := hall.DecodeLine([]byte(strings.TrimSuffix(line, "\n")))
		if err != nil {
			d.t.Fatalf("export from %s: %v: %s", from, err, line)
		}
		e, err := hall.Decode(subject, body)
		if err != nil {
			d.t.Fatalf("export from %s: %v: %s", from, err, line)
		}
		events[e.UID] = append(events[e.UID], e.Fact)
	}
	return events
}
