package rules

// What a book holds of each person.

import "rollcall/hall"

// page is what a book holds of somebody: of everybody with a row, and of whoever
// else an event names.
type page struct {
	person      hall.PersonID
	rows        []hall.Roster     // by From; they do not overlap
	punches     []dated           // by (date, time, uid)
	leaves      []hall.Leave      // in the order of the facts
	corrections []hall.Correction // by (time, uid)
	shapes      byDate[shape]
	searched    int // where punchesBetween ended
}

// dated is a punch with what a clock of the hall showed when it was made.
type dated struct {
	*hall.Punch
	date  hall.Date
	clock hall.Clock
}

// rowOn returns the row on a date, nil where there is none, or no page.
func (p *page) rowOn(d hall.Date) *hall.Roster {
	if p == nil {
		return nil
	}
	for i := range p.rows {
		if p.rows[i].On(d) {
			return &p.rows[i]
		}
	}
	return nil
}

// pageOf returns the page of a person, a new one where there is none.
func (b *Book) pageOf(person hall.PersonID) *page {
	p := b.pages[person]
	if p == nil {
		p = &page{person: person}
		b.pages[person] = p
	}
	return p
}

// byDate is an array over all dates of which few stretches are asked, made of
// blocks. Most questions are about dates next to each other.
type byDate[T any] struct {
	blocks []*block[T]
	recent *block[T] // the one asked last
}

// A block is 32 consecutive dates.
const (
	blockBits = 5
	blockDays = 1 << blockBits
)

type block[T any] struct {
	number hall.Date // date >> blockBits
	of     [blockDays]T
}

// at returns the place of a date, which has the zero T until somebody fills it.
func (a *byDate[T]) at(d hall.Date) *T {
	if number := d >> blockBits; a.recent == nil || a.recent.number != number {
		a.turn(number)
	}
	return &a.recent.of[d&(blockDays-1)]
}

func (a *byDate[T]) turn(number hall.Date) {
	for _, known := range a.blocks {
		if known.number == number {
			a.recent = known
			return
		}
	}
	a.recent = &block[T]{number: number}
	a.blocks = append(a.blocks, a.recent)
}

// slab gives room for small lists that live as long as each other, many out of one
// allocation.
type slab[T any] struct {
	free []T
	size int // of the last allocation
}

// The sizes of a slab's allocations grow from one to the other.
const (
	smallSlab = 16
	largeSlab = 128
)

// take returns n zero values; what is appended to them goes elsewhere.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.size = max(n, min(2*s.size, largeSlab), smallSlab)
		s.free = make([]T, s.size)
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
