package report

// What if: a month under another policy, and the difference line by line.

import (
	"context"
	"fmt"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
	"rollcall/store"
)

// WhatIf is the difference that another policy would make to a month: nothing of
// it is stored. Lines that stay as they are do not stand in it.
type WhatIf struct {
	Hall      hall.ID    `json:"hall"`
	Name      string     `json:"name"`
	Month     hall.Month `json:"month"`
	AsOf      string     `json:"as_of"`
	Sequence  uint64     `json:"sequence"`
	Effective hall.Date  `json:"effective"` // of the other policy
	Instead   []hall.UID `json:"instead"`   // the versions in whose place it is put, by effective date

	Rules      []RuleChange      `json:"rules"` // in which the policies differ
	Full       []WhatIfFull      `json:"full_attendance"`
	Violations []WhatIfViolation `json:"violations"`
	Staff      []WhatIfScore     `json:"staff"`
	Windows    []WhatIfScore     `json:"windows"`
	// Changes are all lines of all lists that differ.
	Changes []hall.Change `json:"changes"`

	Names hall.Names `json:"names"`
}

// RuleChange is a parameter in which two policies differ. Parameters of one rule
// have its name in common.
type RuleChange struct {
	Rule  string    `json:"rule"`  // punctuality.late, discipline[phone_use]
	Path  string    `json:"path"`  // of the parameter, as policies have it
	Is    hall.Name `json:"is"`    // JSON, null = not there
	Would hall.Name `json:"would"` // the same
}

// Made names the rules that make a difference, each by itself; or, with Joint,
// those that do so together.
type Made struct {
	Rules []string `json:"rules"`
	Joint bool     `json:"joint"`
}

// WhatIfFull is a person who would gain full attendance, or lose it.
type WhatIfFull struct {
	Person hall.PersonID `json:"person"`
	Name   string        `json:"name"`
	Window hall.WindowID `json:"window"`
	Gains  bool          `json:"gains"`
	Made
}

// WhatIfViolation is a violation that would come, go or cost otherwise.
type WhatIfViolation struct {
	ID         string          `json:"id"`
	Is         *hall.Violation `json:"is"`    // null: it would come
	Would      *hall.Violation `json:"would"` // null: it would go
	Difference hall.Points     `json:"difference"`
	Made
}

// WhatIfScore is a person or a window whose score, rank or award would differ.
type WhatIfScore struct {
	Person     *hall.PersonID `json:"person"` // null of a window
	Window     hall.WindowID  `json:"window"`
	Name       string         `json:"name"`
	Is         *hall.Points   `json:"is"` // null: not listed
	Would      *hall.Points   `json:"would"`
	Difference *hall.Points   `json:"difference"`
	IsRank     *int           `json:"is_rank"`
	WouldRank  *int           `json:"would_rank"`
	IsLeftOut  hall.Name      `json:"is_left_out"`
	WouldLeft  hall.Name      `json:"would_left_out"`
	IsAward    bool           `json:"is_award"`
	WouldAward bool           `json:"would_award"`
	Made
}

// mostRules is for how many rules that differ it is computed what each makes.
const mostRules = 32

// Suppose answers a month under another policy, given as its document, in the
// place of the versions in force from its effective date on. The error wraps
// hall.ErrInvalid where the policy is of another hall or comes into force behind
// the month. It tries many policies; where ctx ends first, so does it.
func Suppose(ctx context.Context, v *store.View, statutory hall.Calendar, q Question, doc []byte) (*WhatIf, error) {
	policy, err := hall.DecodePolicy(doc)
	if err != nil {
		return nil, fmt.Errorf("%w %w", hall.ErrInvalid, err)
	}
	switch {
	case policy.Hall != q.Hall:
		return nil, fmt.Errorf("%w policy: it is of hall %q, and hall %q is asked for", hall.ErrInvalid, policy.Hall, q.Hall)
	case policy.Effective > q.Month.Last():
		return nil, fmt.Errorf("%w policy: it comes into force on %s, behind %s: give it a date on or before %s", hall.ErrInvalid, policy.Effective, q.Month, q.Month.Last())
	}
	s := &supposition{view: v, statutory: statutory, question: q, policy: policy}
	return s.answer(ctx, doc)
}

// supposition is the question what another policy would do.
type supposition struct {
	view      *store.View
	statutory hall.Calendar
	question  Question
	policy    *hall.Policy
}

func (s *supposition) answer(ctx context.Context, doc []byte) (*WhatIf, error) {
	c, err := open(s.view, s.statutory, s.question)
	if err != nil {
		return nil, err
	}
	is, err := c.report()
	if err != nil {
		return nil, err
	}
	would, err := s.under([]hall.PolicyEvent{s.event(s.policy)})
	if err != nil {
		return nil, err
	}
	w := &WhatIf{Hall: is.Hall, Name: is.Name, Month: is.Month, AsOf: is.AsOf, Sequence: is.Sequence, Effective: s.policy.Effective,
		Instead: []hall.UID{}, Names: is.Names}
	w.Names.People = would.Names.People
	if w.Changes, err = Changes(is, would); err != nil {
		return nil, err
	}
	replaced, err := s.replaced(c.book)
	if err != nil {
		return nil, err
	}
	for i := range replaced {
		w.Instead = append(w.Instead, replaced[i].uid)
	}
	if w.Rules, err = ruleChanges(replaced, doc); err != nil {
		return nil, err
	}
	variants, err := s.variants(ctx, replaced, doc, ruleNames(w.Rules))
	if err != nil {
		return nil, err
	}
	compareMonths(w, is, would, attribution{facetsOf(is), facetsOf(would), variants})
	return w, nil
}

// under makes the month's report with other policies from the effective date of
// the policy on.
func (s *supposition) under(policies []hall.PolicyEvent) (*hall.Report, error) {
	k := newCarrier(s.view, s.statutory, s.question.Hall, s.question.AsOf)
	k.instead = func(read []hall.PolicyEvent) []hall.PolicyEvent {
		kept := slices.DeleteFunc(slices.Clone(read), func(e hall.PolicyEvent) bool { return e.Policy.Effective >= s.policy.Effective })
		return append(kept, policies...)
	}
	for i := range policies {
		k.wait = max(k.wait, policies[i].Policy.Wait)
	}
	c, err := openAfter(k, s.question)
	if err != nil {
		return nil, err
	}
	return c.report()
}

// event makes a policy event that no log holds.
func (s *supposition) event(p *hall.Policy) hall.PolicyEvent {
	uid := hall.NewUID(s.question.Hall, hall.KindPolicy, "what-if", p.Effective.String())
	return hall.PolicyEvent{Head: hall.Head{UID: uid}, Policy: p}
}

// version is a policy in force with its document.
type version struct {
	uid       hall.UID
	effective hall.Date
	doc       map[string]any
}

// replaced are the versions in whose place the policy is put: those of its
// effective date and later, up to the end of the month, and the one that would
// govern that date.
func (s *supposition) replaced(b *rules.Book) ([]version, error) {
	var list []version
	for _, e := range b.Policies() {
		governs := b.PolicyOn(s.policy.Effective)
		if e.Policy.Effective > s.question.Month.Last() || e.Policy.Effective < s.policy.Effective && (governs == nil || governs.UID != e.UID) {
			continue
		}
		doc, err := s.document(e.UID)
		if err != nil {
			return nil, err
		}
		list = append(list, version{e.UID, max(e.Policy.Effective, s.policy.Effective), doc})
	}
	return list, nil
}

// variants makes the month's facets under each rule that differs by itself, and
// under all the others; under none where there are too many.
func (s *supposition) variants(ctx context.Context, replaced []version, doc []byte, names []string) ([]variant, error) {
	other, err := decodeDocument(doc)
	if err != nil {
		return nil, err
	}
	list := make([]variant, len(names))
	for i, name := range names {
		list[i].rule = name
		if len(names) > mostRules {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if list[i].alone, err = s.patched(replaced, other, name); err != nil {
			return nil, fmt.Errorf("try %s by itself: %w", name, err)
		}
		others := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
		if list[i].without, err = s.patched(replaced, other, others...); err != nil {
			return nil, fmt.Errorf("try all but %s: %w", name, err)
		}
	}
	return list, nil
}

// patched makes the month's facets with some rules of another policy in each of
// the versions, nil where no policy comes of it.
func (s *supposition) patched(replaced []version, other map[string]any, names ...string) (facets, error) {
	var policies []hall.PolicyEvent
	for i := range replaced {
		v := &replaced[i]
		policy, err := patch(v.doc, other, names, v.effective)
		if err != nil {
			return nil, nil // the rule does not fit without the others
		}
		policies = append(policies, s.event(policy))
	}
	if len(policies) == 0 {
		return nil, nil
	}
	r, err := s.under(policies)
	if err != nil {
		return nil, err
	}
	return facetsOf(r), nil
}
