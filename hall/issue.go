package hall

// Which of the seals of a month are its issues.

import (
	"cmp"
	"slices"
)

// Issue is a complete issue of a month: all its parts, in order.
type Issue struct{ Parts []Seal }

// First returns the first part. What parts say of the whole issue (number, by,
// as_of, digest and the like) is read there.
func (i *Issue) First() *Seal { return &i.Parts[0] }

// Made is when the last part was made: without it there was no issue.
func (i *Issue) Made() Instant {
	made := i.Parts[0].Time
	for p := range i.Parts {
		made = max(made, i.Parts[p].Time)
	}
	return made
}

// Issues returns the issues of a month by number, out of seals in the order of
// the log. Of several with one number the one that was complete first stands:
// nothing that is published later changes what was issued (contract 9). lacking
// are the numbers, sorted, of which no issue is complete.
func Issues(seals []Seal, m Month) (issues []Issue, lacking []int) {
	gathering := map[issueKey][]Seal{}
	standing := map[int]bool{}
	for _, s := range seals {
		key := keyOf(&s)
		parts := gathering[key]
		if s.Month != m || standing[s.Number] || slices.ContainsFunc(parts, func(p Seal) bool { return p.Part == s.Part }) {
			continue
		}
		parts = append(parts, s)
		gathering[key] = parts
		if len(parts) < s.Parts {
			continue
		}
		standing[s.Number] = true
		slices.SortFunc(parts, func(a, b Seal) int { return cmp.Compare(a.Part, b.Part) })
		issues = append(issues, Issue{Parts: parts})
	}
	slices.SortFunc(issues, func(a, b Issue) int { return cmp.Compare(a.First().Number, b.First().Number) })
	for key := range gathering {
		if !standing[key.number] {
			lacking = append(lacking, key.number)
		}
	}
	slices.Sort(lacking)
	return issues, slices.Compact(lacking)
}

// issueKey is what the parts of one issue have in common.
type issueKey struct {
	number, parts  int
	digest, source string
}

func keyOf(s *Seal) issueKey {
	_, _, source, _, _ := s.UID.Split()
	return issueKey{s.Number, s.Parts, s.Digest, source}
}
