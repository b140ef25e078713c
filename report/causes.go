package report

// What changed since an issue, and which events changed each line.

import (
	"fmt"
	"slices"

	"rollcall/hall"
	"rollcall/store"
)

// Difference is how a month differs from an issue, line by line with what changed
// each.
type Difference struct {
	Hall  hall.ID    `json:"hall"`
	Name  string     `json:"name"`
	Month hall.Month `json:"month"`
	Since int        `json:"since"` // the issue that is compared with
	Issue *int       `json:"issue"` // the later one, null = the month as it is now
	AsOf  string     `json:"as_of"`
	// Changes are in the order of the difference list.
	Changes []Explained `json:"changes"`
	// Complete says that every cause was looked for; else some have none.
	Complete bool `json:"complete"`
}

// Explained is a changed line and what changed it.
type Explained struct {
	hall.Change
	// About is what the line is about in words.
	About string `json:"about"`
	// Causes are what the line would not be as it is without, by uid. Null where
	// nobody looked.
	Causes []Cause `json:"causes"`
	// Together says that none of them changed the line alone: without all of them it
	// would be another.
	Together bool `json:"together"`
}

// The causes that are no single event.
const (
	CauseTime      = "time"      // bands have closed since
	CauseTerminals = "terminals" // terminals have shown more since, or were retired: nobody waits for them, or no longer
	CauseCarried   = "carried"   // other vetoes of earlier months reach into the month
	CauseLog       = "log"       // a message that is no event of its own: a dead letter, another body of a uid
	CauseOrder     = "order"     // the line says what it said; others of its list have come, gone or changed
	CauseProgram   = "program"   // the events of the issue give another line today: the program or the log is another
)

// Cause is what changed a line.
type Cause struct {
	Kind string    `json:"kind"` // of the event, or one of the above
	UID  hall.Name `json:"uid"`
	Text string    `json:"text"` // Chinese
}

// Differ says what changed a month since an issue: since the last one the month as
// of the question, or with a number since the issue before it that issue. The error
// wraps hall.ErrNotFound where there is no issue to compare with.
func Differ(v *store.View, statutory hall.Calendar, q Question, number int) (*Difference, error) {
	list, _, err := headers(v, q.Hall, q.Month)
	if err != nil {
		return nil, err
	}
	at := len(list) - 1
	if number > 0 {
		at = slices.IndexFunc(list, func(i Issued) bool { return i.Number == number }) - 1
	}
	switch {
	case len(list) == 0:
		return nil, fmt.Errorf("complete issue of %s: %w: parts of it are missing", q.Month, hall.ErrNotFound)
	case at == -2:
		return nil, noIssue(q.Month, number, list)
	case at < 0:
		return nil, fmt.Errorf("issue before issue %d of %s: %w: it is the first, and changed nothing", number, q.Month, hall.ErrNotFound)
	}
	q.Lists = nil
	if number == 0 {
		c, err := open(v, statutory, q)
		if err != nil {
			return nil, err
		}
		return c.explain(v, &list[at], statutory, nil)
	}
	return differIssues(v, statutory, q, &list[at], &list[at+1])
}

// differIssues explains an issue from the events that it names.
func differIssues(v *store.View, statutory hall.Calendar, q Question, was, is *Issued) (*Difference, error) {
	issued, err := is.lines()
	if err != nil {
		return nil, err
	}
	in, err := inputsOf(v, issued, q)
	if err != nil {
		return nil, err
	}
	c, err := in.compile(statutory)
	if err != nil {
		return nil, err
	}
	return c.explain(v, was, statutory, is)
}

// explain compares the compiler's month with an issue. Of a later issue the lines
// are those that were issued.
func (c *compiler) explain(v *store.View, was *Issued, statutory hall.Calendar, later *Issued) (*Difference, error) {
	issued, err := was.lines()
	if err != nil {
		return nil, err
	}
	now := c.lists()
	d := &Difference{Hall: now.Hall, Name: now.Name, Month: now.Month, Since: was.Number, AsOf: now.AsOf, Complete: true}
	is := now
	if later == nil {
		now.Warnings = c.warnings(c.sealing())
	} else {
		reissued, err := later.lines()
		if err != nil {
			return nil, err
		}
		d.Issue, is = new(later.Number), &reissued.Report
	}
	changes, err := Changes(&issued.Report, is)
	if err != nil {
		return nil, err
	}
	then, err := inputsOf(v, issued, c.question)
	if err != nil {
		return nil, err
	}
	s := newSearch(c, now, then, statutory, issued, changes)
	if err := s.run(); err != nil {
		return nil, err
	}
	d.Changes, d.Complete = s.explained(&is.Names), s.complete
	return d, nil
}
