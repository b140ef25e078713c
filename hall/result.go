package hall

// Result is what an issue of a month holds: the report with all its lists, not
// yet sealed, and the events that were there.
type Result struct {
	Report
	// Events are the uids, sorted, of the events that were read for the month and
	// do not stand in Punches, by which later ones are told from them: punches around
	// the month and all others but heartbeats, of which there may be very many.
	Events []UID `json:"events"`
}
