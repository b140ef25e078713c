package main

// Folding files into a temporary store: what evaluate and explain of a file
// stand on.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/store"
)

// fileFlags name the files of a question that needs no daemon.
type fileFlags struct {
	policies []string
	events   string
	batch    int
}

func (f *fileFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.policies, "policy", nil, "the hall's policy (YAML `file`); given again, a further version")
	flags.StringVar(&f.events, "events", "", "the events (`file` of JSON lines, or - for stdin)")
	flags.IntVar(&f.batch, "batch", 0, "lines a transaction")
	if err := flags.MarkHidden("batch"); err != nil {
		panic("no flag batch to hide")
	}
}

// folded is a file that was folded.
type folded struct {
	store  *store.Store
	dir    string
	hall   hall.ID
	policy *hall.Policy // of the earliest effective date: its zone is the hall's
	done   ingest.Replayed
}

// close removes what fold made.
func (f *folded) close() error { return errors.Join(f.store.Close(), os.RemoveAll(f.dir)) }

// fold folds the files with the code of the daemon. The caller closes the
// result.
func (c *cli) fold(ctx context.Context, flags fileFlags, only string) (_ *folded, err error) {
	events, policy, err := c.readPolicies(flags.policies, only)
	if err != nil {
		return nil, err
	}
	in, err := c.open(flags.events)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	dir, err := os.MkdirTemp("", "rollcall-evaluate-")
	if err != nil {
		return nil, err
	}
	st, err := store.Open(dir, store.Options{NoSync: true, Writer: "evaluate"})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	f := &folded{store: st, dir: dir, hall: policy.Hall, policy: policy}
	defer func() {
		if err != nil {
			err = errors.Join(err, st.Close(), os.RemoveAll(dir))
		}
	}()
	f.done, err = ingest.Replay(ctx, withoutBOM(in), ingest.ReplayOptions{Store: st, Halls: []hall.ID{f.hall}, BatchSize: flags.batch})
	if err != nil {
		return nil, fmt.Errorf("fold %s: %w", flags.events, err)
	}
	if err := c.sayOutvoted(st, flags.policies, events); err != nil {
		return nil, err
	}
	// Order does not matter: the policies follow the lines, which keep their
	// numbers.
	err = st.Apply(store.BatchOf(store.Applied{Sequence: f.done.Lines + 1}, events...))
	return f, err
}

// sayOutvoted warns of a policy file that does not count: the events hold a policy of
// the same date, and a file counts as made before every event.
func (c *cli) sayOutvoted(st *store.Store, files []string, events []hall.Event) error {
	return st.View(func(v *store.View) error {
		applied, err := appliedPolicies(v, events[0].UID.Hall())
		if err != nil {
			return err
		}
		for i, e := range events {
			file := e.Fact.(*hall.PolicyEvent) // policyEvent made it
			for _, other := range applied {
				if other.Policy.Effective != file.Policy.Effective {
					continue
				}
				same, err := samePolicy(v, other.UID, e.Body)
				if err != nil {
					return err
				}
				if same {
					continue
				}
				c.warnf("%s does not count: the events hold another policy of the same date, %s (%s), and what was applied goes before a file; --what-if %[1]s tries it",
					files[i], other.Policy.Effective, other.UID)
			}
		}
		return nil
	})
}

// appliedPolicies are those of a hall's events that hold.
func appliedPolicies(v *store.View, id hall.ID) ([]hall.PolicyEvent, error) {
	var facts hall.Facts
	for _, kind := range []hall.Kind{hall.KindPolicy, hall.KindRuling} {
		for fact, err := range v.Of(id, kind) {
			if err != nil {
				return nil, err
			}
			facts.Add(fact)
		}
	}
	struck := struckBy(facts.Rulings)
	return facts.Without(func(uid hall.UID) bool { return struck[uid] }).PolicyVersions(), nil
}

// samePolicy reports whether an event of the store holds the document of another event.
func samePolicy(v *store.View, uid hall.UID, body []byte) (bool, error) {
	found, _, err := v.Find(uid)
	if err != nil {
		return false, err
	}
	there, err := documentOf(found.Body)
	if err != nil {
		return false, err
	}
	here, err := documentOf(body)
	return bytes.Equal(there, here), err
}

// documentOf is the policy of an event's body, as equal documents are written.
func documentOf(body []byte) ([]byte, error) {
	var event struct {
		Policy json.RawMessage `json:"policy"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return nil, err // unreachable: it was decoded
	}
	return hall.Canonical(event.Policy)
}

// withoutBOM leaves out the mark that editors of Windows put before a text, which
// would cost the first event.
func withoutBOM(in io.Reader) io.Reader {
	b := bufio.NewReader(in)
	if head, err := b.Peek(len(bom)); err == nil && string(head) == bom {
		_, _ = b.Discard(len(bom)) // it was seen
	}
	return b
}

// readPolicies makes an event of each policy file. They count as made before
// every event; of two with one effective date the later file holds.
func (c *cli) readPolicies(files []string, only string) ([]hall.Event, *hall.Policy, error) {
	var events []hall.Event
	var first *hall.Policy
	for i, file := range files {
		policy, doc, err := c.readPolicy(file)
		if err != nil {
			return nil, nil, err
		}
		if only != "" && string(policy.Hall) != only {
			return nil, nil, usagef("%s is the policy of hall %s, not of %s: name its own hall, or leave --hall out", file, policy.Hall, only)
		}
		if first != nil && policy.Hall != first.Hall {
			return nil, nil, usagef("%s is the policy of hall %s, the one before of %s: evaluate one hall at a time", file, policy.Hall, first.Hall)
		}
		if first == nil || policy.Effective < first.Effective {
			first = policy
		}
		event, err := policyEvent(policy.Hall, "file", "file", firstTime, doc)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		event.UID = fileUID(policy.Hall, i)
		events = append(events, event)
	}
	return events, first, nil
}

// fileUID is the uid of a policy file, the smallest of all that are made at
// firstTime: a bracket is before every letter of a token, which has none, so
// that no event has such a uid either.
func fileUID(id hall.ID, place int) hall.UID {
	return hall.NewUID(id, hall.KindPolicy, "(file)", fmt.Sprintf("%06d", place+1))
}

// firstTime is the earliest time that an event may have.
const firstTime = "2000-01-01T00:00:00Z"

// policyEvent wraps a policy document.
func policyEvent(id hall.ID, source, eventID, at string, doc []byte) (hall.Event, error) {
	body, err := json.Marshal(struct {
		ID     string          `json:"id,omitempty"`
		Time   string          `json:"time"`
		Policy json.RawMessage `json:"policy"`
	}{eventID, at, doc})
	if err != nil {
		return hall.Event{}, err
	}
	return hall.Decode(hall.Subject(id, hall.KindPolicy, source), body)
}

// readPolicy reads a policy file; all its errors are printed, each with line
// and caret.
func (c *cli) readPolicy(file string) (*hall.Policy, []byte, error) {
	src, err := c.readAll(file, 4<<20)
	if err != nil {
		return nil, nil, err
	}
	policy, doc, err := configs.ReadPolicy(file, src)
	if err != nil {
		return nil, nil, c.report(err)
	}
	return policy, doc, nil
}
