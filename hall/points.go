package hall

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Points are scores, deductions and bonus in units of 1/10000; never a float.
type Points int64

// Point is one point.
const Point Points = 10000

// mostPoints is where a product stops, so that a note of a thousand million people still
// gives lists that can be read, and no sum of many turns into its opposite.
const mostPoints = 1_000_000_000 * Point

// ParsePoints reads a decimal number with at most four decimals, for example
// `0.5`, `-1` or `100`. Exponents are refused. It reads every number that String
// writes of a sum of lines.
func ParsePoints(s string) (Points, error) {
	bad := fmt.Errorf("%w number %q: want at most 4 decimals and 14 digits before them", ErrInvalid, s)
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, dotted := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 14 || dotted && frac == "" {
		return 0, bad
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > 4 {
		return 0, bad
	}
	n, err := strconv.ParseUint(whole+(frac + "0000")[:4], 10, 63)
	if err != nil {
		return 0, bad
	}
	if negative {
		return -Points(n), nil
	}
	return Points(n), nil
}

// Times multiplies by a factor that is itself in 1/10000 and not negative, rounding half
// up; at most to 1000000000 points.
func (p Points) Times(factor Points) Points {
	if factor > 0 && p.size() > math.MaxInt64/4/factor {
		return p.sign() * mostPoints
	}
	product := DivHalfUp(int64(p)*int64(factor), int64(Point))
	return max(-mostPoints, min(product, mostPoints))
}

// Each is p for each of n, at most 1000000000 points.
func (p Points) Each(n int64) Points {
	if n > 0 && p.size() > mostPoints/Points(n) {
		return p.sign() * mostPoints
	}
	return p * Points(n)
}

func (p Points) size() Points { return max(p, -p) }

func (p Points) sign() Points {
	if p < 0 {
		return -1
	}
	return 1
}

// DivHalfUp divides a by b > 0 and rounds half up (towards plus infinity).
func DivHalfUp(a, b int64) Points { return Points(floorDiv(2*a+b, 2*b)) }

// String writes p without trailing zeros: `0.5`, `-1`, `100`.
func (p Points) String() string {
	sign := ""
	n := uint64(p)
	if p < 0 {
		sign, n = "-", uint64(-p)
	}
	s := fmt.Sprintf("%s%d", sign, n/uint64(Point))
	if frac := n % uint64(Point); frac != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%04d", frac), "0")
	}
	return s
}

// Fixed writes p with the given number of decimals (0 to 4), rounding half up.
func (p Points) Fixed(decimals int) string {
	unit := int64(Point)
	for range decimals {
		unit /= 10
	}
	rounded := DivHalfUp(int64(p), unit) * Points(unit)
	s := rounded.String()
	if decimals == 0 {
		return s
	}
	whole, frac, _ := strings.Cut(s, ".")
	return whole + "." + (frac + "0000")[:decimals]
}

// MarshalJSON writes p as a JSON number.
func (p Points) MarshalJSON() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalJSON reads a JSON number.
func (p *Points) UnmarshalJSON(text []byte) (err error) {
	*p, err = ParsePoints(string(text))
	return err
}
