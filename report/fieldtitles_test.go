package report_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/report"
)

// TestFieldTitles finds a title for every field that a change of a report can name,
// so that nobody reads a key of JSON, what lines are about for every list in it,
// and no title of a field that is gone.
func TestFieldTitles(t *testing.T) {
	w := fieldWalk{t, map[string]bool{}}
	w.object("", reflect.TypeFor[hall.Report]())
	for key := range report.FieldTitles() {
		if !w.seen[key] {
			t.Errorf("%s has a title, and no list has such a field", key)
		}
	}
}

// fieldWalk looks at every field of a report.
type fieldWalk struct {
	t    *testing.T
	seen map[string]bool // fields by key, and by path
}

// object walks over what is compared field by field.
func (w *fieldWalk) object(path string, of reflect.Type) {
	for key, field := range w.fields(of) {
		inside := strings.TrimPrefix(path+"."+key, ".")
		switch {
		case path == "" && slices.Contains(report.Apart(), key):
			continue
		case field.Kind() == reflect.Struct:
			w.object(inside, field)
		case field.Kind() == reflect.Slice && field.Elem().Kind() == reflect.Struct:
			if !slices.Contains(report.ListsWithLines(), inside) {
				w.t.Errorf("list %s has no line in lineKinds (changes.go)", inside)
			}
			w.line(inside, field.Elem())
		}
		if path != "" || field.Kind() < reflect.Array || field.Kind() == reflect.String {
			w.wants(path, key)
		}
	}
}

// line walks over the fields of a line of a list, also those of what lies in it.
func (w *fieldWalk) line(list string, of reflect.Type) {
	for key, field := range w.fields(of) {
		w.wants(list, key)
		for field.Kind() == reflect.Pointer || field.Kind() == reflect.Slice {
			field = field.Elem()
		}
		if field.Kind() == reflect.Struct {
			w.line(list+"."+key, field)
		}
	}
}

func (w *fieldWalk) wants(list, key string) {
	w.seen[key], w.seen[list+"."+key] = true, true
	if report.FieldTitle(list, key) == "" {
		w.t.Errorf("%s.%s has no title in fieldTitles", list, key)
	}
}

// fields are the types of the fields that JSON has, by key.
func (w *fieldWalk) fields(of reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(of) {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key != "" && key != "-" {
			fields[key] = f.Type
		}
	}
	return fields
}

// TestFieldsInWords tells of fields that differ by their titles.
func TestFieldsInWords(t *testing.T) {
	changed := func(change func(r *hall.Report)) (was, is string) {
		t.Helper()
		r := func() *hall.Report {
			return &hall.Report{Hall: "demo", Month: hall.NewMonth(2020, 11), Names: hall.Names{Windows: []hall.WindowName{{Window: "w1", Number: 1, Name: "综合窗口"}}},
				Cases: hall.CasesSummary{Windows: []hall.WindowCases{{Window: "w1"}}}, Rejected: []hall.Struck{{On: "demo/leave/office/l1", State: "rejected", By: "主任", At: "2020-12-01T09:00:00+08:00"}}}
		}
		other := r()
		change(other)
		changes, err := report.Changes(r(), other)
		if err != nil || len(changes) != 1 {
			t.Fatalf("Changes = %v, %v, want one", changes, err)
		}
		return string(changes[0].Was), string(changes[0].Is)
	}
	for name, c := range map[string]struct {
		change  func(r *hall.Report)
		was, is string
	}{
		"the name of a window":  {func(r *hall.Report) { r.Names.Windows[0].Name = "税务窗口" }, "1号 综合窗口", "1号 税务窗口"},
		"a field of two values": {func(r *hall.Report) { r.Cases.Reported = true }, "否", "是"},
		"an object": {func(r *hall.Report) { r.Rejected[0].Line = &hall.Violation{Kind: "late", Window: "w1", StandIn: true} },
			"驳回 主任 违规 -", "驳回 主任 违规 类型late、扣分0、替岗人员是、未具名人数0、窗口w1"},
		"what a field means in its list": {func(r *hall.Report) { r.Rejected[0].At = "2020-12-02T09:00:00+08:00" },
			"驳回 主任 裁定时间 2020-12-01T09:00:00+08:00", "驳回 主任 裁定时间 2020-12-02T09:00:00+08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			if was, is := changed(c.change); was != c.was || is != c.is {
				t.Errorf("%s -> %s, want %s -> %s", was, is, c.was, c.is)
			}
		})
	}
}
