package hall

// From a policy document to a Policy. Defaults stand here; what may not stand
// together is in policyvalidate.go.

import "time"

// DecodePolicy reads a policy document, which is JSON, and validates it. Its
// error is a PolicyErrors with everything that is wrong at once. Unknown keys
// pass: a document of a newer version stays readable (UnknownPolicyKeys lists
// them).
func DecodePolicy(doc []byte) (*Policy, error) {
	p, r := readPolicy(doc)
	if p != nil {
		p.validate(r)
	}
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return p, nil
}

// UnknownPolicyKeys returns the keys of a policy document that no policy has,
// with the key that was probably meant, in the order of the document's
// sections. The edges refuse such a document. It is nil where the document is
// no JSON object.
func UnknownPolicyKeys(doc []byte) []PolicyError {
	_, r := readPolicy(doc)
	return r.unknown
}

func readPolicy(doc []byte) (*Policy, *policyReader) {
	r := &policyReader{}
	tree, err := parsePolicyTree(doc)
	if err != nil {
		r.fail("$", "", "is not JSON: "+err.Error(), "want one JSON object")
		return nil, r
	}
	if _, ok := tree.(map[string]any); !ok {
		policyNode{r: r, path: "$", value: tree}.wrong("a map of keys and values")
		return nil, r
	}
	return decodePolicy(policyNode{r: r, path: "$", value: tree}.object(true)), r
}

func decodePolicy(o *policyObject) *Policy {
	defer o.close()
	p := &Policy{}
	p.Hall = decodeHall(o.get("hall"))
	p.Name = o.get("name").text()
	if p.Name == "" {
		p.Name = string(p.Hall)
	}
	p.Zone = decodeZone(o.get("timezone"))
	effective := o.get("effective")
	if p.Effective = effective.date(); !effective.given() {
		effective.wrong("the first date that this policy governs, such as 2020-11-01")
	}
	p.Calendar = decodeCalendarRules(o.get("calendar").object(false))
	p.Timetables = decodeEach(o.get("timetables"), decodeTimetable)
	p.Classes = decodeEach(o.get("classes"), decodeClass)
	p.Units = decodeEach(o.get("units"), decodeUnit)
	p.Windows = decodeEach(o.get("windows"), decodeWindow)
	p.Punctuality = decodePunctuality(o.get("punctuality").object(false))
	p.Leave = decodeEach(o.get("leave"), decodeLeaveKind)
	p.Discipline = decodeEach(o.get("discipline"), decodeDiscipline)
	p.Bonus = decodeEach(o.get("bonus"), decodeBonusKind)
	p.Assessment = decodeAssessment(o.get("assessment").object(false))
	p.Wait = decodeWait(o.get("terminals").object(false))
	p.Bulletin = decodeBulletin(o.get("bulletin").object(false))
	return p
}

// decodeEach reads a list of maps. A bad element keeps its place so that paths
// stay true.
func decodeEach[T any](n policyNode, decode func(*policyObject) T) []T {
	var list []T
	for _, item := range n.items() {
		o := item.object(true)
		if o.members == nil {
			list = append(list, *new(T))
			continue
		}
		list = append(list, decode(o))
		o.close()
	}
	return list
}

func decodeHall(n policyNode) ID {
	s := n.token()
	if _, err := ParseDate(s); err == nil {
		n.wrong("a name that is no date")
		return ""
	}
	return ID(s)
}

func decodeZone(n policyNode) *time.Location {
	name, _ := n.value.(string)
	zone, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		n.wrong("a time zone of the IANA list, such as Asia/Shanghai")
		return nil
	}
	return zone
}

func decodeCalendarRules(o *policyObject) CalendarRules {
	defer o.close()
	c := CalendarRules{
		Statutory: o.get("statutory").choice("CN", "none") == "CN",
		Weekend:   []time.Weekday{time.Saturday, time.Sunday},
	}
	if weekend := o.get("weekend"); weekend.given() {
		c.Weekend = weekend.weekdays()
	}
	c.Closed = o.get("closed").dates()
	c.Open = o.get("open").dates()
	return c
}

func decodeClass(o *policyObject) Class {
	c := Class{
		Name:    o.get("name").kind(),
		Ranked:  o.get("ranked").flag(false),
		Apart:   o.get("apart").flag(false),
		StandIn: o.get("stand_in").flag(false),
	}
	punches := o.get("punches")
	if c.Punches = punches.flag(false); !punches.given() {
		punches.wrong("true or false: are these people due to punch?")
	}
	return c
}

func decodeUnit(o *policyObject) Unit {
	return Unit{ID: o.get("id").token(), Name: o.get("name").name()}
}

func decodeWindow(o *policyObject) Window {
	w := Window{
		ID:       WindowID(o.get("id").token()),
		Name:     o.get("name").name(),
		Former:   o.get("former").texts(),
		Aliases:  o.get("aliases").texts(),
		Unit:     o.get("unit").text(),
		Assessed: o.get("assessed").flag(true),
		From:     o.get("from").date(),
		Until:    o.get("until").date(),
	}
	number := o.get("number")
	if w.Number = number.count(-1, 0, policyMaxCount); !number.given() {
		number.wrong("the number of the window, which no other has")
	}
	return w
}

func decodeWait(o *policyObject) time.Duration {
	defer o.close()
	return o.get("wait").duration(24*time.Hour, policyMaxWait)
}
