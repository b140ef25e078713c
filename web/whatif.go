package web

// What if: a month under another policy. Nothing is stored.

import (
	"io"
	"net/http"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

func (s *Server) whatIf(w http.ResponseWriter, r *request) error {
	month, err := monthOf(r)
	if err != nil {
		return err
	}
	asOf, err := r.params.asOf(s.now())
	if err != nil {
		return err
	}
	doc, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return err
	}
	if err := refuseUnknownKeys(doc); err != nil {
		return err
	}
	if err := s.awaitSequence(r); err != nil {
		return err
	}
	if stopped := s.state.Status().Halted; stopped != nil && !stopped.DiskFull {
		return halted(stopped)
	}
	q := report.Question{Hall: hall.ID(r.PathValue("hall")), Month: month, AsOf: asOf, Gaps: s.gaps, Lists: []string{"violations"}}
	var d *report.WhatIf
	err = s.compute(r.Context(), func(v *store.View) (err error) {
		if err = checkHall(v, q.Hall); err != nil {
			return err
		}
		d, err = report.Suppose(r.Context(), v, s.statutory, q, doc)
		return err
	})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, d)
}
