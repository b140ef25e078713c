package hall

import "slices"

// The roles of a roster row.
const (
	RoleChiefRep   = "chief_rep"
	RoleWindowLead = "window_lead"
	RoleInspector  = "inspector"
)

// RosterOfPerson are the fields of a row that belong to the person and not to the place:
// who enters a later row and says nothing of them means the same as before.
var RosterOfPerson = []string{"aliases", "sort_key"}

// Roster is a person's place from a date on.
type Roster struct {
	Head
	Person PersonID
	Name   string
	Window WindowID
	Class  string
	From   Date
	// Until is the last day, 0 = open. The row also ends the day before the
	// person's next From.
	Until   Date
	Group   string // attendance group, "" = the hall's timetable
	Roles   []string
	Aliases []string // `17`, or `T01:17` for one terminal only
	SortKey string   // as JSON, or ""
}

// Has reports whether the row gives a role.
func (r *Roster) Has(role string) bool { return slices.Contains(r.Roles, role) }

// Names are the raw persons as whom terminals may send the punches of the row: its
// id, its aliases and, of one for a single terminal, what stands behind the
// terminal.
func (r *Roster) Names() []PersonID {
	names := []PersonID{r.Person}
	for _, alias := range r.Aliases {
		names = append(names, PersonID(alias))
		for i := range alias {
			if alias[i] == ':' {
				names = append(names, PersonID(alias[i+1:]))
			}
		}
	}
	return names
}

// On reports whether the row holds on d.
func (r *Roster) On(d Date) bool { return r.From <= d && (r.Until == 0 || d <= r.Until) }

func (*Roster) isFact() {}

func readRoster(r *reader, h Head) Fact {
	row := &Roster{
		Head:   h,
		Person: r.need("person").person(),
		Name:   r.need("name").text(),
		Window: r.need("window").window(),
		Class:  r.need("class").text(),
		From:   r.need("from").date(),
	}
	until := r.may("until")
	if row.Until = until.date(); row.Until != 0 && row.Until < row.From {
		until.bad("no earlier than from, " + row.From.String())
	}
	row.Group = r.may("group").token()
	row.Roles = r.may("roles").choices(RoleChiefRep, RoleWindowLead, RoleInspector)
	row.Aliases = r.may("aliases").texts()
	row.SortKey = r.may("sort_key").json()
	return row
}
