package hall_test

import (
	"math"
	"testing"

	"rollcall/hall"
)

// TestLargePoints: a note or a bonus of a thousand million stops at what can be added up
// and read again, and does not turn into its opposite.
func TestLargePoints(t *testing.T) {
	const most = 1_000_000_000 * hall.Point
	for _, c := range []struct {
		name      string
		got, want hall.Points
	}{
		{"nobody", hall.Point.Each(0), 0},
		{"some", (hall.Point / 2).Each(3), 3 * hall.Point / 2},
		{"just", hall.Point.Each(1_000_000_000), most},
		{"many", (2 * hall.Point).Each(1_000_000_000), most},
		{"overflow", most.Each(math.MaxInt64), most},
		{"negative", (-2 * hall.Point).Each(1_000_000_000), -most},
		{"factor", (3 * hall.Point).Times(5000), 3 * hall.Point / 2},
		{"half up", hall.Points(1).Times(5000), 1},
		{"half up, negative", hall.Points(-1).Times(5000), 0},
		{"no factor", most.Times(0), 0},
		{"large factor", most.Times(2 * hall.Point), most},
		{"largest factor", most.Times(most), most},
		{"negative, large factor", (-most).Times(most), -most},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
		sum := 10_000 * c.got
		if again, err := hall.ParsePoints(sum.String()); err != nil || again != sum {
			t.Errorf("%s: ParsePoints(%s) = %s, %v", c.name, sum, again, err)
		}
	}
}
