package report

// Who is first and last, what was awarded and by whom, and what keeps windows
// from it.

import (
	"cmp"
	"slices"

	"rollcall/hall"
	"rollcall/rules"
)

// ranking parts the ranked people into the hall's list and those of the classes
// that are ranked apart, in the order of the policy.
func (c *compiler) ranking() []hall.Ranking {
	lists := []hall.Ranking{}
	add := func(class hall.Name, ranked func(*rules.Staff) bool) {
		var people []hall.RankedPerson
		for i := range c.assessed().Staff {
			if s := &c.assessed().Staff[i]; s.Rank != nil && ranked(s) {
				people = append(people, hall.RankedPerson{Person: s.Person, Name: s.Name, Window: s.Window, Score: s.Score, Rank: *s.Rank, Tied: *s.Tied})
			}
		}
		if len(people) > 0 {
			lists = append(lists, headAndTail(c.policy, class, people))
		}
	}
	add("", func(s *rules.Staff) bool { return !s.Apart })
	for i := range c.policy.Classes {
		if class := &c.policy.Classes[i]; class.Apart {
			add(hall.Name(class.Name), func(s *rules.Staff) bool { return s.Apart && s.Class == class.Name })
		}
	}
	return lists
}

// headAndTail takes exactly as many as the policy asks for; nobody is in both.
func headAndTail(policy *hall.Policy, class hall.Name, people []hall.RankedPerson) hall.Ranking {
	rules := &policy.Assessment.Staff
	top := min(rules.Top, len(people))
	bottom := min(rules.Bottom, len(people)-top)
	return hall.Ranking{Class: class, Ranked: len(people),
		Top: filled(slices.Clone(people[:top])), Bottom: filled(slices.Clone(people[len(people)-bottom:]))}
}

// awards are that of the windows, computed or a meeting's, and behind it the
// other ones that meetings gave, by title.
func (c *compiler) awards() []hall.Awarded {
	title := c.policy.Assessment.Windows.Title
	list := []hall.Awarded{}
	for _, chosen := range c.book.Facts().Choices() {
		if chosen.Month == c.month.Month {
			list = append(list, awarded(&chosen))
		}
	}
	if computed := c.computedAward(); c.assessed().Chosen == nil && len(computed.Windows) > 0 {
		list = append(list, computed)
	}
	slices.SortFunc(list, func(a, b hall.Awarded) int {
		return cmp.Or(-compareBools(a.Title == title, b.Title == title), cmp.Compare(a.Title, b.Title))
	})
	return list
}

// awarded is what a meeting gave, in its order.
func awarded(e *hall.Award) hall.Awarded {
	return hall.Awarded{Title: e.Title, Windows: filled(distinct(e.Windows)), Persons: filled(distinct(e.Persons)),
		By: hall.Name(e.By), Reason: hall.Name(e.Reason), UID: hall.Name(e.UID)}
}

// computedAward is the windows' award in the order of their list, with how many
// share the rank of the last one.
func (c *compiler) computedAward() hall.Awarded {
	a := hall.Awarded{Title: c.policy.Assessment.Windows.Title, Windows: []hall.WindowID{}, Persons: []hall.PersonID{}}
	last := 0
	for i := range c.assessed().Windows {
		if w := &c.assessed().Windows[i]; w.Award {
			a.Windows = append(a.Windows, w.Window)
			if w.Rank != last {
				last, a.Taken = w.Rank, 0
			}
			a.Taken, a.Tied = a.Taken+1, w.Tied
		}
	}
	return a
}

// vetoes are listed by the number of the window, in the order of the violations.
func (c *compiler) vetoes() []hall.Veto {
	list := []hall.Veto{}
	for i := range c.assessed().Windows {
		list = append(list, c.assessed().Windows[i].Vetoes...)
	}
	slices.SortStableFunc(list, func(a, b hall.Veto) int { return c.compareWindows(a.Window, b.Window) })
	return list
}

// distinct keeps the first of equal elements, in their order.
func distinct[T comparable](list []T) []T {
	var kept []T
	for _, e := range list {
		if !slices.Contains(kept, e) {
			kept = append(kept, e)
		}
	}
	return kept
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
