package hall

// Result is what an issue of a month holds: the report with all its lists, not
// yet sealed, and the events that were there.
type Result struct {
	Report
	// Events are the uids, sorted, of the events that were read for the month and
	// do not stand in Punches, by which later ones are told from them: all but
	// heartbeats and the punches around the month, which have their time.
	Events []UID `json:"events"`
}
