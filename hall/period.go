package hall

import (
	"fmt"
	"strconv"
	"strings"
)

// Period is a month, a quarter or a year: whole months, the last one included.
type Period struct{ First, Last Month }

// ParsePeriod reads `2020-11`, `2020-Q4` or `2020`.
func ParsePeriod(s string) (Period, error) {
	bad := fmt.Errorf("%w period %q: want a month such as 2020-11, a quarter such as 2020-Q4, or a year such as 2020", ErrInvalid, s)
	year, part, parted := strings.Cut(s, "-")
	if !parted {
		part = "01"
	}
	quarter, quarterly := strings.CutPrefix(strings.ToUpper(part), "Q")
	if quarterly {
		q, err := strconv.Atoi(quarter)
		if err != nil || len(quarter) != 1 || q < 1 || q > 4 {
			return Period{}, bad
		}
		part = fmt.Sprintf("%02d", q*3-2)
	}
	m, err := ParseMonth(year + "-" + part)
	switch {
	case err != nil:
		return Period{}, bad
	case !parted:
		return m.Year(), nil
	case quarterly:
		return m.Quarter(), nil
	}
	return Period{m, m}, nil
}

// Quarter returns the quarter that m is in.
func (m Month) Quarter() Period {
	first := m - m%3
	return Period{first, first + 2}
}

// Year returns the year that m is in.
func (m Month) Year() Period {
	first := m - m%12
	return Period{first, first + 11}
}

// Months returns the months of p in their order.
func (p Period) Months() []Month {
	var list []Month
	for m := p.First; m <= p.Last; m++ {
		list = append(list, m)
	}
	return list
}

// Contains reports whether m is a month of p.
func (p Period) Contains(m Month) bool { return p.First <= m && m <= p.Last }

// Before returns the period of the same length that ends where p begins.
func (p Period) Before() Period {
	n := p.Last - p.First + 1
	return Period{p.First - n, p.Last - n}
}

// YearBefore returns the same months of the year before.
func (p Period) YearBefore() Period { return Period{p.First - 12, p.Last - 12} }

// String writes `2020-11`, `2020-Q4` or `2020`.
func (p Period) String() string {
	switch p {
	case Period{}:
		return ""
	case p.First.Year():
		return p.First.String()[:4]
	case p.First.Quarter():
		return fmt.Sprintf("%s-Q%d", p.First.String()[:4], p.First%12/3+1)
	}
	return p.First.String()
}

// MarshalText writes what ParsePeriod reads.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Period) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	*p, err = ParsePeriod(string(text))
	return err
}

// Term is how long something holds: the month, the quarter or the year in which
// it began.
type Term string

// The terms.
const (
	TermMonth   Term = "month"
	TermQuarter Term = "quarter"
	TermYear    Term = "year"
)

// From returns the term of what began in m; the empty term is the month.
func (t Term) From(m Month) Period {
	switch t {
	case TermQuarter:
		return m.Quarter()
	case TermYear:
		return m.Year()
	}
	return Period{m, m}
}
