package naivetest

// From offences of terminals and notes of inspectors to violations, their rulings and their points (contract 5.8, 6, 7).

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
)

// offenceAt is one offence from one source, before it is merged with others of the same id.
type offenceAt struct {
	date                   date
	session, edge, subject string
	person, window         string
	standIn                bool
	unnamed                int64
	kind                   string
	minutes                *int64
	when                   int64
	proofs                 []string
	refuted                bool
}

type violation struct {
	offenceAt
	id     string
	points *big.Rat
	state  string
	marks  []string
}

func (o offenceAt) id() string {
	session := o.session
	if session == "" {
		session = "-"
	}
	return fmt.Sprintf("%s/%s/%s/%s", o.date, session, o.edge, o.subject)
}

// fromTerminal turns the verdicts of a person's day into offences; an absence is the start's.
func (h *hall) fromTerminal(person string, day []verdict) []offenceAt {
	var out []offenceAt
	for _, v := range day {
		if severity(v.kind) == 0 || (v.kind == "absence" && v.edge == "out") {
			continue
		}
		o := offenceAt{date: v.date, session: v.session.name, edge: v.edge, subject: person, person: person,
			window: h.rowOn(person, v.date).window, kind: v.kind, minutes: v.minutes, when: v.time}
		if v.at != nil {
			o.proofs = []string{v.at.uid}
		}
		out = append(out, o)
	}
	return out
}

func fromFinding(f *finding) offenceAt {
	return offenceAt{date: f.date, session: f.session, edge: f.edge(), subject: f.subject, person: f.person, window: f.window,
		standIn: f.standIn, unnamed: f.unnamed, kind: f.kind, when: f.when, proofs: []string{f.event.uid}, refuted: f.refuted}
}

// merge makes one violation of each id: the severest kind stands with all proofs, of unnamed people the
// largest number counts. What a ruling on the id took away is gone.
func (h *hall) merge(offences []offenceAt) []*violation {
	byID := map[string][]offenceAt{}
	for _, o := range offences {
		byID[o.id()] = append(byID[o.id()], o)
	}
	var out []*violation
	for _, id := range sortedKeys(byID) {
		if state := h.facts.decided(id); state == "rejected" || state == "cancelled" {
			continue
		}
		out = append(out, h.mergeOne(id, byID[id]))
	}
	return out
}

func (h *hall) mergeOne(id string, list []offenceAt) *violation {
	v := &violation{offenceAt: list[0], id: id}
	for _, o := range list {
		if severity(o.kind) > severity(v.kind) {
			v.kind = o.kind
		}
	}
	v.minutes, v.unnamed, v.proofs = nil, 0, nil
	for _, o := range list {
		if o.kind == v.kind {
			v.unnamed = max(v.unnamed, o.unnamed)
			if o.minutes != nil {
				v.minutes = o.minutes
			}
		}
		v.refuted = v.refuted || o.refuted
		v.proofs = append(v.proofs, o.proofs...)
		v.when = min(v.when, o.when)
	}
	slices.Sort(v.proofs)
	v.proofs = slices.Compact(v.proofs)
	h.rule(v)
	v.points = h.policyOn(v.date).pointsOf(v.kind, v.minutes)
	if v.unnamed > 0 {
		v.points = times(v.points, whole(v.unnamed))
	}
	return v
}

// rule sets state and marks: the state is that of the ruling on the id, else of the latest on a remaining proof.
func (h *hall) rule(v *violation) {
	v.state = "reported"
	var latest *event
	for _, proof := range v.proofs {
		r := h.facts.latest(proof)
		if r == nil {
			continue
		}
		if latest == nil || later(r, latest) {
			latest = r
		}
		v.markIf(text(r.body, "state") == "appealed", "appealed")
	}
	if r := h.facts.latest(v.id); r != nil {
		latest = r
		v.markIf(text(r.body, "state") == "appealed", "appealed")
	}
	if latest != nil {
		v.state = text(latest.body, "state")
	}
	v.markIf(v.refuted, "contradicted")
}

func (v *violation) markIf(is bool, mark string) {
	if is && !slices.Contains(v.marks, mark) {
		v.marks = append(v.marks, mark)
		slices.Sort(v.marks)
	}
}

func (v *violation) firstProof() string {
	if len(v.proofs) == 0 {
		return ""
	}
	return v.proofs[0]
}

// inMonthOrder: date, planned time, uid.
func inMonthOrder(a, b *violation) int {
	return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.when, b.when), cmp.Compare(a.firstProof(), b.firstProof()))
}

// settle applies what depends on the session and on the month, in this order: the limit of a session,
// tolerance, repeat factors.
func (h *hall) settle(list []*violation, p *policy) {
	slices.SortStableFunc(list, inMonthOrder)
	h.limitSessions(list)
	tolerate(list, p)
	repeated(list, p)
}

// limitSessions: a person's punctuality deductions of one session never exceed absence.points; the later
// one pays the rest (contract 5.8).
func (h *hall) limitSessions(list []*violation) {
	paid := map[string]*big.Rat{}
	for _, v := range list {
		absence, ok := h.policyOn(v.date).punctuality["absence"]
		if v.person == "" || severity(v.kind) == 0 || !ok {
			continue
		}
		key := fmt.Sprint(v.person, " ", v.date, " ", v.session)
		if paid[key] == nil {
			paid[key] = zero()
		}
		v.points = smallest(v.points, minus(absence.points, paid[key]))
		paid[key] = add(paid[key], v.points)
	}
}

// tolerate: the first short ones of a month cost nothing; only known minutes are short.
func tolerate(list []*violation, p *policy) {
	if p.tolerance == nil {
		return
	}
	used := map[string]int64{}
	for _, v := range list {
		if v.person == "" || !p.tolerance.kinds[v.kind] || v.minutes == nil || *v.minutes*60 > p.tolerance.upTo {
			continue
		}
		if used[v.person]++; used[v.person] <= p.tolerance.perMonth {
			v.points = zero()
			v.markIf(true, "tolerated")
		}
	}
}

// repeated: per subject, of what stands and is not tolerated, from the one after `after` on.
func repeated(list []*violation, p *policy) {
	seen := map[string]int64{}
	for _, v := range list {
		rule, group := repeatRule(p, v.kind)
		if rule == nil || slices.Contains(v.marks, "tolerated") {
			continue
		}
		key := v.subject + " " + group
		if seen[key]++; seen[key] > rule.after {
			v.points = halfUp(times(v.points, rule.factor), 4)
			v.markIf(true, "repeated")
		}
	}
}

// repeatRule: that of punctuality counts its kinds together, a kind of discipline counts by itself.
func repeatRule(p *policy, kind string) (rule *repeat, group string) {
	if p.repeat != nil && p.repeat.kinds[kind] {
		return p.repeat, "punctuality"
	}
	return p.discipline[kind].repeat, kind
}
