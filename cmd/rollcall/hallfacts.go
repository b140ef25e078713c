package main

// What a command must know of the daemon's halls: which there are and, before an
// event is made, the zone, the policy and what is already so. For the latter it asks for
// the export, in which facts stand by kind and punches last.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rollcall/hall"
	"rollcall/web"
)

// hallInfo is a hall that the daemon knows.
type hallInfo struct {
	Hall   hall.ID      `json:"hall"`
	Name   string       `json:"name"`
	Months []hall.Month `json:"months"`
}

// halls asks the daemon which halls there are.
func (cl *client) halls(ctx context.Context) ([]hallInfo, error) {
	var answer struct {
		Halls []hallInfo `json:"halls"`
	}
	err := cl.get(ctx, "/api/v1/halls", nil, &answer)
	return answer.Halls, err
}

// withPolicy leaves out halls without a policy: a mistyped subject makes one, and
// it must not stand beside those that are real.
func withPolicy(list []hallInfo) []hallInfo {
	return slices.DeleteFunc(slices.Clone(list), func(h hallInfo) bool { return h.Name == "" })
}

// theHall returns the hall that was named, or the only one of the daemon: the only
// one with a policy, where there is one.
func (cl *client) theHall(ctx context.Context, named string) (hall.ID, error) {
	if named != "" {
		return hallToken(named)
	}
	list, err := cl.halls(ctx)
	if err != nil {
		return "", err
	}
	if governed := withPolicy(list); len(governed) > 0 {
		list = governed
	}
	switch len(list) {
	case 1:
		return list[0].Hall, nil
	case 0:
		return "", errors.New("the daemon has no hall yet: give it one with `rollcall policy apply FILE` (rollcall policy example prints one), or name it with --hall")
	}
	var names []string
	for _, h := range list {
		names = append(names, string(h.Hall))
	}
	return "", usagef("there are several halls, say which: --hall %s", strings.Join(names, ", "))
}

// maxLine is the longest line of an export: an event of 64 KiB with its subject.
const maxLine = 80 << 10

// facts calls each for the events of a hall as the store knows them, by kind,
// up to the last kind that is wanted. A hall of which the daemon knows nothing
// has none.
func (cl *client) facts(ctx context.Context, id hall.ID, last hall.Kind, each func(subject string, body []byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the export where the rest of it is not needed
	resp, err := cl.stream(ctx, http.MethodGet, "/api/v1/export", url.Values{"hall": {string(id)}, "from": {"store"}}, "", nil)
	if p, ok := errors.AsType[*web.Problem](err); ok && p.Status == http.StatusNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		subject, body, err := hall.DecodeLine(lines.Bytes())
		if err != nil {
			return fmt.Errorf("read what the daemon has of hall %s: %w", id, err)
		}
		_, kind, _, err := hall.ParseSubject(subject)
		if err != nil {
			return fmt.Errorf("read what the daemon has of hall %s: %w", id, err)
		}
		if kind == hall.KindPunch || kind > last {
			return nil
		}
		if err := each(subject, body); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read what the daemon has of hall %s: %w", id, err)
	}
	return nil
}

// standing returns the policies and roster rows of a hall that no ruling took away.
func (cl *client) standing(ctx context.Context, id hall.ID) (*hall.Facts, error) {
	var facts hall.Facts
	err := cl.facts(ctx, id, hall.KindRuling, func(subject string, body []byte) error {
		_, kind, _, _ := hall.ParseSubject(subject) // facts has parsed it
		if kind != hall.KindPolicy && kind != hall.KindRoster && kind != hall.KindRuling {
			return nil
		}
		event, err := hall.Decode(subject, body)
		if err != nil {
			return fmt.Errorf("read what the daemon has of hall %s: %w", id, err)
		}
		facts.Add(event.Fact)
		return nil
	})
	struck := struckBy(facts.Rulings)
	return facts.Without(func(uid hall.UID) bool { return struck[uid] }), err
}

// struckBy returns the events that rulings took away; an appeal decides nothing.
func struckBy(rulings []hall.Ruling) map[hall.UID]bool {
	latest := map[string]*hall.Ruling{}
	for i := range rulings {
		r := &rulings[i]
		if r.State == hall.Appealed {
			continue
		}
		if before, ok := latest[r.On]; !ok || before.Before(r.Head) {
			latest[r.On] = r
		}
	}
	struck := map[hall.UID]bool{}
	for on, r := range latest {
		if r.State.Strikes() {
			struck[hall.UID(on)] = true
		}
	}
	return struck
}
