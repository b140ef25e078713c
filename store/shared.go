package store

// Facts that every question reads and that are dear to decode: decoded once.

import (
	"bytes"
	"fmt"
	"sync"

	"rollcall/hall"
)

// isShared reports whether a kind is decoded once: a hall has a few documents of
// it, which seldom change, and each takes as long to decode as fifty other events.
func isShared(kind hall.Kind) bool { return kind == hall.KindPolicy || kind == hall.KindCalendar }

// shared remembers decoded facts. Who asks gets a copy of the fact and not of what
// it points to, which nobody ever changes.
//
// A fact is known by its uid and its body, so that a view of an older state is
// answered as well as one of the newest, and nothing need be told of a change. What
// was asked for in neither of the last two generations is forgotten.
type shared struct {
	mu     sync.Mutex
	recent map[hall.UID]sharedFact // guarded by mu
	former map[hall.UID]sharedFact // guarded by mu
	size   int                     // of the bodies in recent; guarded by mu
}

type sharedFact struct {
	body []byte
	fact hall.Fact
}

// generation is how many bytes of bodies begin a new generation: the policies of
// four hundred halls.
const generation = 2 << 20

// read is readFact for a kind that isShared.
func (s *shared) read(uid hall.UID, record []byte) (hall.Fact, error) {
	bodies, err := readBodies(record)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", uid, err)
	}
	if known, ok := s.get(uid); ok && bytes.Equal(known.body, bodies[0]) {
		return copied(known.fact), nil
	}
	fact, err := decodeFact(uid, bodies[0])
	if err != nil {
		return nil, err
	}
	s.put(uid, sharedFact{bytes.Clone(bodies[0]), fact})
	return copied(fact), nil
}

// copied returns a fact of its own for each reader.
func copied(fact hall.Fact) hall.Fact {
	switch e := fact.(type) {
	case *hall.PolicyEvent:
		return new(*e)
	case *hall.CalendarYear:
		return new(*e)
	}
	return fact // unreachable: other kinds are not shared
}

func (s *shared) get(uid hall.UID) (sharedFact, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.recent[uid]; ok {
		return known, true
	}
	known, ok := s.former[uid]
	if ok {
		s.add(uid, known)
	}
	return known, ok
}

func (s *shared) put(uid hall.UID, f sharedFact) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(uid, f)
}

// add is called under mu.
func (s *shared) add(uid hall.UID, f sharedFact) {
	if s.recent == nil || s.size > generation {
		s.recent, s.former, s.size = map[hall.UID]sharedFact{}, s.recent, 0
	}
	s.size += len(f.body) - len(s.recent[uid].body)
	s.recent[uid] = f
}
