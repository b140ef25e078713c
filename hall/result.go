package hall

// Result is what an issue of a month holds: the report with all its lists, not
// yet sealed, and the events that were there, so that the month can be computed from
// them again and later ones are told from them.
type Result struct {
	Report
	// Around are the punches that were read for the month and do not stand in Punches,
	// by time, uid and raw person.
	Around []PunchName `json:"around"`
	// Events are the uids, sorted, of all other events that were read for the month. Of
	// heartbeats, of which there may be very many, they are those on which it rests.
	Events []UID `json:"events"`
}

// PunchName is what makes a punch another one than all others.
type PunchName struct {
	UID  UID      `json:"uid"`
	Raw  PersonID `json:"raw"`  // the person as the terminal sent it
	Time string   `json:"time"` // RFC 3339 in the hall's zone
}
