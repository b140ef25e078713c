package bench

// What was measured.

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Result is one run.
type Result struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	Machine Machine   `json:"machine"`
	Load    Load      `json:"load"`
	Events  int       `json:"events"` // in the stream of the load
	Rounds  int       `json:"rounds"`
	Seconds float64   `json:"seconds"` // the whole run
	// Measures are in the order in which they were taken.
	Measures []Measure `json:"measures"`
}

// Machine is where it ran.
type Machine struct {
	System string `json:"system"`
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Go     string `json:"go"`
	Bus    string `json:"bus"` // embedded, or the address of a server outside
}

// Measure is one number. Of several rounds it is the median, and Low and High are
// the extremes.
type Measure struct {
	Part  string  `json:"part"`
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Unit  string  `json:"unit"`
	Goal  *Goal   `json:"goal"` // null: none
	Note  string  `json:"note,omitempty"`
}

// Goal is what a measure should reach on two cores.
type Goal struct {
	AtLeast bool    `json:"at_least"` // else at most
	Value   float64 `json:"value"`
	Met     bool    `json:"met"`
}

func atLeast(v float64) *Goal { return &Goal{AtLeast: true, Value: v} }

func atMost(v float64) *Goal { return &Goal{Value: v} }

// newMeasure takes the median of the rounds and holds it against its goal.
func newMeasure(part, name, unit string, values []float64, goal *Goal, note string) Measure {
	sorted := slices.Sorted(slices.Values(values))
	m := Measure{Part: part, Name: name, Unit: unit, Goal: goal, Note: note,
		Value: sorted[len(sorted)/2], Low: sorted[0], High: sorted[len(sorted)-1]}
	if len(sorted)%2 == 0 {
		m.Value = (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	}
	if goal != nil {
		goal.Met = goal.AtLeast && m.Value >= goal.Value || !goal.AtLeast && m.Value <= goal.Value
	}
	return m
}

// ratios divides round by round.
func ratios(a, b []float64) []float64 {
	list := make([]float64, len(a))
	for i := range a {
		list[i] = a[i] / b[i]
	}
	return list
}

// quantile returns the value below which the share q of sorted durations lies, in
// milliseconds.
func quantile(sorted []time.Duration, q float64) float64 {
	at := min(len(sorted)-1, int(q*float64(len(sorted))))
	return sorted[at].Seconds() * 1000
}

// WriteText writes the table.
func (r *Result) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "rollcall %s, %s, %d cores of %s, %s, bus: %s\n", r.Version, r.Machine.System, r.Machine.Cores, cmp.Or(r.Machine.CPU, "unknown kind"), r.Machine.Go, r.Machine.Bus)
	fmt.Fprintf(&b, "%d halls, %d people, %d workdays: %d events; %d rounds; %.0f s\n", r.Load.Halls, r.Load.People, r.Load.Days, r.Events, r.Rounds, r.Seconds)
	part := ""
	for i := range r.Measures {
		m := &r.Measures[i]
		if m.Part != part {
			part = m.Part
			fmt.Fprintf(&b, "\n%s\n", part)
		}
		fmt.Fprintf(&b, "  %-44s %12s %-9s", m.Name, number(m.Value), m.Unit)
		if m.Low != m.High {
			fmt.Fprintf(&b, " %s..%s", number(m.Low), number(m.High))
		}
		if m.Goal != nil {
			fmt.Fprintf(&b, "  %s", m.Goal)
		}
		if m.Note != "" {
			fmt.Fprintf(&b, "  (%s)", m.Note)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (g *Goal) String() string {
	sign, met := "<=", "met"
	if g.AtLeast {
		sign = ">="
	}
	if !g.Met {
		met = "NOT MET"
	}
	return "goal " + sign + " " + number(g.Value) + ": " + met
}

// number writes three or four digits that matter.
func number(v float64) string {
	switch {
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func thisMachine(busAddress string) Machine {
	return Machine{System: runtime.GOOS + "/" + runtime.GOARCH, CPU: processor(), Cores: runtime.GOMAXPROCS(0), Go: runtime.Version(), Bus: busAddress}
}
