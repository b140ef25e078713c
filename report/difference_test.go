package report_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rollcall/hall"
	"rollcall/report"
)

// someReport draws a report whose lines come, go, change, move and repeat.
func someReport(t *rapid.T, label string) *hall.Report {
	people := rapid.SliceOfN(rapid.IntRange(1, 9), 0, 9).Draw(t, label)
	r := &hall.Report{Hall: "demo", Month: hall.NewMonth(2020, 11), Workdays: rapid.IntRange(20, 22).Draw(t, label+" workdays"),
		Names: hall.Names{People: map[hall.PersonID]string{}}, Staff: []hall.StaffScore{}, Punches: []hall.PunchRecord{}}
	for _, n := range people {
		id := string(rune('0' + n))
		points := hall.Points(rapid.IntRange(0, 2).Draw(t, label+" points"))
		r.Staff = append(r.Staff, hall.StaffScore{Person: hall.PersonID(id), Score: 100*hall.Point - points})
		r.Punches = append(r.Punches, hall.PunchRecord{UID: hall.UID("demo/punch/T1/" + id), Counts: points > 0})
		r.Cases.Windows = append(r.Cases.Windows, hall.WindowCases{Window: hall.WindowID(id), Accepted: int64(points)})
		r.CalendarMissing = append(r.CalendarMissing, 2000+n)
		r.Names.People[hall.PersonID(id)] = label
		if points > 0 {
			r.Cases.Total = new(int64(points))
			r.Cases.GrowthPercent = new(points)
		}
	}
	return r
}

// TestChangesLoseNothing: the one report and the difference make the other.
func TestChangesLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was, is := someReport(t, "was"), someReport(t, "is")
		changes, err := report.Changes(was, is)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(changes) // as an issue holds them
		if err != nil {
			t.Fatal(err)
		}
		var read []hall.Change
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		made, err := report.Apply(was, read, is.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		again, err := report.Changes(made, is)
		if err != nil || len(again) > 0 {
			t.Fatalf("after %s the reports still differ: %v, %v", text, again, err)
		}
		a, b := toJSON(t, made.Staff), toJSON(t, is.Staff)
		if a != b {
			t.Fatalf("staff\n%s\nwant\n%s", a, b)
		}
	})
}

func toJSON[T any](t *rapid.T, value T) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMovedLines(t *testing.T) {
	staff := func(ids string) *hall.Report {
		r := &hall.Report{}
		for id := range strings.FieldsSeq(ids) {
			r.Staff = append(r.Staff, hall.StaffScore{Person: hall.PersonID(id), Name: id})
		}
		return r
	}
	changes, err := report.Changes(staff("a b c d e"), staff("e a b c d"))
	if err != nil || len(changes) != 1 {
		t.Fatalf("Changes = %v, %v, want one line moved", changes, err)
	}
	c := changes[0]
	if c.Line != "e" || *c.From != 5 || *c.To != 1 || c.Value != nil || !strings.HasSuffix(string(c.Was), "第5行") || !strings.HasSuffix(string(c.Is), "第1行") {
		t.Errorf("change = %+v", c)
	}
}

func TestDifferenceOfAnotherReportIsRefused(t *testing.T) {
	for name, c := range map[string]hall.Change{
		"no such line":     {List: "staff", From: new(7)},
		"no such place":    {List: "staff", To: new(3), Value: json.RawMessage(`{}`)},
		"nothing to place": {List: "staff", To: new(1)},
		"before the first": {List: "staff", From: new(0)},
	} {
		if r, err := report.Apply(&hall.Report{Staff: []hall.StaffScore{{}}}, []hall.Change{c}, ""); err == nil {
			t.Errorf("%s: Apply = %+v, want an error", name, r)
		}
	}
}

// TestEveryListHasLines: a list that is added says what its lines are about.
func TestEveryListHasLines(t *testing.T) {
	known := map[string]bool{}
	for _, list := range report.ListsWithLines() {
		known[list] = true
	}
	for field := range reflect.TypeFor[hall.Report]().Fields() {
		key := field.Tag.Get("json")
		if field.Type.Kind() == reflect.Slice && key != "changed_since" && !known[key] {
			t.Errorf("list %s has no line in lineKinds (changes.go)", key)
		}
	}
}

// TestEveryFieldOfADayIsCompared: days are compared by hand, since they are most of a
// report, and no field of theirs may be forgotten.
func TestEveryFieldOfADayIsCompared(t *testing.T) {
	day := func() *hall.Report {
		return &hall.Report{Hall: "demo", Month: hall.NewMonth(2020, 11), Days: []hall.PersonDay{{Person: "1", Date: hall.NewDate(2020, 11, 2), Punches: []hall.PlannedPunch{{}}}}}
	}
	compare := func(of reflect.Type, value func(*hall.Report) reflect.Value) {
		for i := range of.NumField() {
			if of.Field(i).Name == "Punches" {
				continue // its own fields are looked at
			}
			is := day()
			setOther(t, value(is).Field(i))
			if changes, err := report.Changes(day(), is); err != nil || len(changes) == 0 {
				t.Errorf("%s.%s differs and is no change (%v)", of.Name(), of.Field(i).Name, err)
			}
		}
	}
	compare(reflect.TypeFor[hall.PersonDay](), func(r *hall.Report) reflect.Value { return reflect.ValueOf(&r.Days[0]).Elem() })
	compare(reflect.TypeFor[hall.PlannedPunch](), func(r *hall.Report) reflect.Value { return reflect.ValueOf(&r.Days[0].Punches[0]).Elem() })
}

// setOther gives a field another value.
func setOther(t *testing.T, field reflect.Value) {
	t.Helper()
	switch field.Kind() {
	case reflect.String:
		field.SetString(field.String() + "x")
	case reflect.Int, reflect.Int32, reflect.Int64:
		field.SetInt(field.Int() + 1)
	case reflect.Bool:
		field.SetBool(!field.Bool())
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
	case reflect.Slice:
		field.Set(reflect.MakeSlice(field.Type(), 1, 1))
	default:
		t.Fatalf("no other value of a %s is known", field.Type())
	}
}
