package ingest

// The invariants of a store, seen from its events.

import (
	"context"
	"fmt"

	"rollcall/hall"
	"rollcall/store"
)

// Check walks every invariant of a store and returns the first that does not
// hold: those of the file (store.Store.CheckPages, store.View.Check), and that what the store would
// export is, event by event, what it holds.
func Check(ctx context.Context, s *store.Store) error {
	if err := s.CheckPages(); err != nil {
		return err
	}
	return s.View(func(v *store.View) error {
		if err := v.Check(ctx); err != nil {
			return err
		}
		for _, h := range v.Halls() {
			for line, err := range v.Export(h) {
				if err != nil {
					return err
				}
				if err := checkLine(ctx, line); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func checkLine(ctx context.Context, line store.Line) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	event, err := hall.Decode(line.Subject, line.Body)
	if err != nil {
		return fmt.Errorf("%w: %s cannot be read as an event: %w", store.ErrCorrupt, line.UID, err)
	}
	if event.UID != line.UID {
		return fmt.Errorf("%w: %s would come back as %s", store.ErrCorrupt, line.UID, event.UID)
	}
	return nil
}
