package web

// Why: a person's day, the score and rank of a person or a window.

import (
	"encoding/json"
	"net/http"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

func (s *Server) day(w http.ResponseWriter, r *request) error {
	date, err := dateOf(r)
	if err != nil {
		return err
	}
	return s.explain(w, r, func(v *store.View, h hall.ID, asOf hall.Instant) (any, error) {
		return report.Explain(v, s.statutory, h, hall.PersonID(r.PathValue("person")), date, asOf)
	})
}

func (s *Server) personMonth(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	return s.explain(w, r, func(v *store.View, h hall.ID, asOf hall.Instant) (any, error) {
		q := report.Question{Hall: h, Month: month, AsOf: asOf}
		return report.ExplainPerson(v, s.statutory, q, hall.PersonID(r.PathValue("person")))
	})
}

func (s *Server) windowMonth(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	return s.explain(w, r, func(v *store.View, h hall.ID, asOf hall.Instant) (any, error) {
		q := report.Question{Hall: h, Month: month, AsOf: asOf}
		return report.ExplainWindow(v, s.statutory, q, hall.WindowID(r.PathValue("window")))
	})
}

// explain answers with what tell says of a snapshot. While the fold is halted by
// a fault of the log nothing is explained.
func (s *Server) explain(w http.ResponseWriter, r *request, tell func(*store.View, hall.ID, hall.Instant) (any, error)) error {
	asOf, err := r.params.asOf(s.now())
	if err != nil {
		return err
	}
	if err := s.awaitSequence(r); err != nil {
		return err
	}
	id := hall.ID(r.PathValue("hall"))
	return s.answer(w, r, asOf, func(v *store.View) ([]byte, error) {
		if stopped := s.state.Status().Halted; stopped != nil && !stopped.DiskFull {
			return nil, halted(stopped)
		}
		if err := checkHall(v, id); err != nil {
			return nil, err
		}
		told, err := tell(v, id, asOf)
		if err != nil {
			return nil, err
		}
		return json.Marshal(told)
	})
}
