package naivetest_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/report/naivetest"
)

// TestMonthHoldsEveryKind: between them the drawn months hold every kind of event, and the same seed draws the same month.
func TestMonthHoldsEveryKind(t *testing.T) {
	months := rapid.Custom(naivetest.Month)
	seen := map[string]bool{}
	for seed := range 60 {
		s := months.Example(seed)
		if again := months.Example(seed); !reflect.DeepEqual(s, again) {
			t.Fatalf("seed %d draws two months", seed)
		}
		for _, line := range s.Lines {
			var envelope struct{ Subject string }
			if json.Unmarshal([]byte(line), &envelope) != nil {
				continue
			}
			if parts := strings.Split(envelope.Subject, "."); len(parts) == 4 {
				seen[parts[2]] = true
			}
		}
	}
	for _, kind := range []string{"punch", "patrol", "leave", "standin", "correction", "excuse", "ruling", "bonus", "cases", "figure",
		"text", "award", "roster", "terminal", "policy", "calendar", "seal"} {
		if !seen[kind] {
			t.Errorf("no %s in 60 months", kind)
		}
	}
}
