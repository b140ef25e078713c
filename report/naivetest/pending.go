package naivetest

// What is not yet known: open bands and silent terminals (contract 5.9).

const heardWithin = 7 * daySeconds

// pending says whether a planned punch without a punch, or an end with an early one, must still wait.
func (h *hall) pending(p planned, asOf int64) bool {
	if asOf == closed {
		return false
	}
	if asOf < p.band.until {
		return true
	}
	return asOf < p.band.until+h.policyOn(p.date).wait && h.someTerminalSilent(p.band.until)
}

// someTerminalSilent: a terminal that was heard within 7 days before the band's end and is not retired
// has shown nothing as late as that.
func (h *hall) someTerminalSilent(end int64) bool {
	heard, shown := map[string]bool{}, map[string]bool{}
	hear := func(terminal string, wall int64, shows bool) {
		if end-heardWithin <= wall && wall <= end {
			heard[terminal] = true
		}
		if shows && wall >= end {
			shown[terminal] = true
		}
	}
	for _, e := range h.facts.live("punch") {
		if method := text(e.body, "method"); method != "manual" && method != "phone" {
			hear(terminalOf(e), cutMinute(wallOf(e.time, h.zone)), true)
		}
	}
	name := func(e *event) string { return text(e.body, "terminal") }
	states := h.facts.live("terminal")
	for _, e := range states {
		hear(name(e), wallOf(e.time, h.zone), false)
		if until, ok := parseInstant(text(e.body, "complete_until")); ok {
			hear(name(e), wallOf(until, h.zone), true)
		}
	}
	latest := winners(states, name)
	for terminal := range heard {
		retired := latest[terminal] != nil && text(latest[terminal].body, "state") == "retired"
		if !shown[terminal] && !retired {
			return true
		}
	}
	return false
}
