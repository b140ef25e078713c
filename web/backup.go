package web

// The log as a backup, while the daemon runs.

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"rollcall/ingest/backup"
	"rollcall/ingest/bus"
	"rollcall/store"
)

// backup sends the log up to the last event that is acknowledged now, with the digest
// that the store has there. Events go on being taken and folded meanwhile.
func (s *Server) backup(w http.ResponseWriter, r *request) error {
	manifest, err := s.manifest(r.Context())
	if err != nil {
		return err
	}
	line, err := newLineWriter(w, false)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	out, err := backup.NewWriter(w, manifest)
	if err != nil {
		return err
	}
	count := 0
	err = s.readLog(r.Context(), manifest.Last, func(m bus.Message) error {
		if count++; count%1000 == 1 {
			if err := line.extend(); err != nil {
				return err
			}
		}
		return out.Message(m)
	})
	if err != nil {
		return err
	}
	return out.Close(manifest.Last)
}

// manifest says what a backup is of that is made now. With a full disk the log is
// sound and is copied, though the store may be behind.
func (s *Server) manifest(ctx context.Context) (backup.Manifest, error) {
	m := backup.Manifest{Made: s.now().UTC().Truncate(time.Second), Program: s.version, Created: s.stream.Created(), Gaps: []backup.Gap{}}
	for _, g := range s.gaps {
		m.Gaps = append(m.Gaps, backup.Gap{From: g.From, To: g.To, Reason: g.Reason})
	}
	st := s.state.Status()
	if st.Halted != nil && !st.Halted.DiskFull {
		return m, halted(st.Halted)
	}
	last, err := s.stream.Last(ctx)
	if err != nil {
		return m, fmt.Errorf("ask where the log ends: %w", err)
	}
	m.Last = last
	if st.Halted != nil {
		return m, nil
	}
	waited, cancel := context.WithTimeout(ctx, readYourWrites)
	defer cancel()
	if err := s.state.Wait(waited, last); err != nil {
		if p := notReady(s.state.Status()); p != nil {
			return m, p
		}
		return m, err
	}
	return m, s.state.View(func(v *store.View) error {
		digest := v.Digest()
		m.Last = v.Applied().Sequence
		m.Store = &backup.Store{Digest: hex.EncodeToString(digest[:]), Schema: v.Schema(), Halls: []string{}}
		for _, id := range s.kept {
			m.Store.Halls = append(m.Store.Halls, string(id))
		}
		return nil
	})
}

// errEnd ends the reading of the log at what was its last message.
var errEnd = errors.New("end of the log")

// readLog calls each for the messages of the log up to last. Behind a gap at the end
// nothing comes any more: the last message that can come has none behind it.
func (s *Server) readLog(ctx context.Context, last uint64, each func(bus.Message) error) error {
	if last == 0 {
		return nil
	}
	err := s.stream.Consume(ctx, bus.Position{}, func(m bus.Message) error {
		if m.Sequence <= last {
			if err := each(m); err != nil {
				return err
			}
		}
		if m.Sequence >= last || m.Pending == 0 {
			return errEnd
		}
		return nil
	})
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}
