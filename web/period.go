package web

// A quarter or a year.

import (
	"fmt"
	"net/http"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/store"
)

func (s *Server) periodOf(w http.ResponseWriter, r *request) error {
	text := r.PathValue("period")
	period, err := hall.ParsePeriod(text)
	if err != nil {
		const want = "2020, 2020-Q4 or 2020-11"
		return problem(http.StatusBadRequest, "bad_period",
			fmt.Sprintf("period %q: want a year, a quarter or a month: %s", text, want),
			fmt.Sprintf("时期 %q 不对，应为年、季或月：%s", text, want)).at("period", text, want)
	}
	return s.explain(w, r, func(v *store.View, h hall.ID, asOf hall.Instant) (any, error) {
		return report.Period(v, s.statutory, report.Question{Hall: h, AsOf: asOf, Gaps: s.gaps}, period)
	})
}
