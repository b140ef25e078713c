package hall_test

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rollcall/hall"
)

// smallPolicy says only what must be said.
const smallPolicy = `{"hall": "demo", "timezone": "Asia/Shanghai", "effective": "2020-01-01",
 "timetables": [{"from": "10-01", "sessions": [{"name": "morning", "start": "08:30", "end": "12:00"}]}]}`

// policyWith is smallPolicy with members put in or replaced.
func policyWith(t testing.TB, members string) []byte {
	t.Helper()
	var doc, more map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal([]byte(smallPolicy), &doc), json.Unmarshal([]byte("{"+members+"}"), &more)); err != nil {
		t.Fatalf("members %s: %v", members, err)
	}
	maps.Copy(doc, more)
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decodePolicy(t testing.TB, members string) *hall.Policy {
	t.Helper()
	p, err := hall.DecodePolicy(policyWith(t, members))
	if err != nil {
		t.Fatalf("DecodePolicy: %v", err)
	}
	return p
}

var compareZones = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

func TestPolicyDefaults(t *testing.T) {
	got := decodePolicy(t, `"units": null, "windows": [{"id": "w", "number": 1, "name": "综合窗口", "unit": null}],
		"leave": [{"kind": "trip"}], "calendar": null, "punctuality": {}, "assessment": {"staff": null}`)
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	want := &hall.Policy{
		Hall: "demo", Name: "demo", Zone: zone, Effective: hall.NewDate(2020, 1, 1),
		Calendar: hall.CalendarRules{Statutory: true, Weekend: []time.Weekday{time.Saturday, time.Sunday}},
		Timetables: []hall.Timetable{{From: 1001, Sessions: []hall.Session{
			{Name: "morning", Start: 8*3600 + 1800, End: 12 * 3600, PunchIn: true, PunchOut: true},
		}}},
		Windows:    []hall.Window{{ID: "w", Number: 1, Name: "综合窗口", Assessed: true}},
		Leave:      []hall.LeaveKind{{Kind: "trip", Name: "trip", BreaksFullAttendance: true, Covers: true}},
		Assessment: hall.Assessment{SealDay: 5, AppealWorkdays: 3},
		Wait:       24 * time.Hour,
	}
	want.Assessment.Staff = hall.StaffRules{Base: 100 * hall.Point, Top: 3, Bottom: 3}
	want.Assessment.Windows = hall.WindowRules{Title: "优秀服务窗口"}
	if diff := cmp.Diff(want, got, compareZones); diff != "" {
		t.Errorf("DecodePolicy (-want +got):\n%s", diff)
	}
}

// sessions decodes the sessions of one timetable.
func sessions(t testing.TB, list string) []hall.Session {
	t.Helper()
	return decodePolicy(t, `"timetables": [{"from": "01-01", "sessions": [`+list+`]}]`).Timetables[0].Sessions
}

func TestPolicyMidnight(t *testing.T) {
	const hour = hall.Clock(3600)
	band := func(from, until hall.Clock) *hall.Band { return &hall.Band{From: from, Until: until} }
	tests := map[string]struct {
		session    string
		start, end hall.Clock
		in, out    *hall.Band
	}{
		"by day": {`{"name": "a", "start": "08:00", "end": "16:00", "in": ["00:00", "09:00"], "out": ["15:00", "24:00"]}`,
			8 * hour, 16 * hour, band(0, 9*hour), band(15*hour, 24*hour)},
		"by night": {`{"name": "a", "start": "22:00", "end": "06:00", "in": ["20:00", "23:00"], "out": ["05:00", "08:00"]}`,
			22 * hour, 30 * hour, band(20*hour, 23*hour), band(29*hour, 32*hour)},
		"bands over midnight": {`{"name": "a", "start": "22:00", "end": "06:00", "in": ["21:00", "01:00"], "out": ["01:00", "08:00"]}`,
			22 * hour, 30 * hour, band(21*hour, 25*hour), band(25*hour, 32*hour)},
		"until midnight": {`{"name": "a", "start": "16:00", "end": "00:00", "out": ["23:00", "00:00"]}`,
			16 * hour, 24 * hour, nil, band(23*hour, 24*hour)},
		"until 24": {`{"name": "a", "start": "16:00", "end": "24:00", "out": ["23:00", "24:00"]}`,
			16 * hour, 24 * hour, nil, band(23*hour, 24*hour)},
		"round the clock": {`{"name": "a", "start": "08:00", "end": "08:00"}`, 8 * hour, 32 * hour, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := sessions(t, test.session)[0]
			want := hall.Session{Name: "a", Start: test.start, End: test.end, PunchIn: true, PunchOut: true, In: test.in, Out: test.out}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("session (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPolicyValues(t *testing.T) {
	p := decodePolicy(t, `"name": 110, "calendar": {"statutory": "none", "weekend": ["monday"], "closed": ["2024-03-08"], "open": ["2024-03-09"]},
		"timetables": [{"from": "02-29", "weekdays": {"friday": [], "monday": [{"name": "x", "start": "09:00", "end": "10:00", "punch": "end", "grace": "1h30m"}]}, "works": []}],
		"punctuality": {"grace": "5m", "late": {"steps": [{"from": "1m", "points": 0.5}, {"from": "10m", "points": 1}]},
			"half_day_absence": {"from": "30m", "points": 5}, "tolerance": {"kinds": ["late"], "per_month": 2},
			"repeat": {"kinds": ["late"], "after": 5, "factor": 1.5}, "correction": {"own_per_month": 0}},
		"discipline": [{"kind": "x", "subject": "window", "points": 0.1234, "shared": {"chief_rep": 0.5}, "repeat": {"after": 0, "factor": 2}}],
		"bonus": [{"kind": "y", "points": 1, "cap": 3}],
		"assessment": {"staff": {"floor": "none", "bonus_cap": 0}}, "terminals": {"wait": "0m"}`)
	if p.Name != "110" || p.Calendar.Statutory || p.Calendar.Weekend[0] != time.Monday || p.Wait != 0 {
		t.Errorf("name %q, calendar %+v, wait %s", p.Name, p.Calendar, p.Wait)
	}
	tt := p.Timetables[0]
	if tt.From != 229 || !tt.HasWorks || len(tt.Works) != 0 || len(tt.On(time.Friday)) != 0 || *tt.On(time.Monday)[0].Grace != 90 || tt.On(time.Monday)[0].PunchIn {
		t.Errorf("timetable = %+v", tt)
	}
	u := p.Punctuality
	if u.Grace != 5 || u.Late.Cost(new(10)) != hall.Point || u.HalfDayAbsence.From != 30 || u.Repeat.Factor != 15000 ||
		u.Tolerance.UpTo != 24*60 || u.Correction.WithinWorkdays != nil || *u.Correction.OwnPerMonth != 0 || u.Absence != nil {
		t.Errorf("punctuality = %+v", u)
	}
	d := p.Discipline[0]
	if !d.WindowPays || d.Points != 1234 || d.ChiefRepShare != 5000 || d.Repeat.Factor != 2*hall.Point || d.Name != "x" {
		t.Errorf("discipline = %+v", d)
	}
	if s := p.Assessment.Staff; s.Floor != nil || *s.BonusCap != 0 || *p.Bonus[0].Cap != 3*hall.Point {
		t.Errorf("staff rules = %+v", s)
	}
}

// TestPolicyErrors gives each broken value and what the error must name.
func TestPolicyErrors(t *testing.T) {
	session := func(s string) string {
		return `"timetables": [{"from": "01-01", "sessions": [` + s + `]}]`
	}
	tests := map[string]struct{ members, path, want string }{
		"hall a date":      {`"hall": "2020-01-01"`, "$.hall", "no date"},
		"hall too long":    {`"hall": "` + strings.Repeat("a", 33) + `"`, "$.hall", "1 to 32"},
		"no zone":          {`"timezone": null`, "$.timezone", "is missing"},
		"local zone":       {`"timezone": "Local"`, "$.timezone", "IANA"},
		"zone outside":     {`"timezone": "../etc"`, "$.timezone", "IANA"},
		"effective":        {`"effective": "2020-02-30"`, "$.effective", "date"},
		"no effective":     {`"effective": null`, "$.effective", "is missing"},
		"statutory":        {`"calendar": {"statutory": "cn"}`, "$.calendar.statutory", `did you mean "CN"?`},
		"weekend":          {`"calendar": {"weekend": ["sonday"]}`, "$.calendar.weekend[0]", `did you mean "sunday"?`},
		"closed":           {`"calendar": {"closed": [null]}`, "$.calendar.closed[0]", "is missing"},
		"no timetables":    {`"timetables": []`, "$.timetables", "no timetable of the hall itself"},
		"from":             {`"timetables": [{"from": "02-30", "sessions": []}]`, "$.timetables[0].from", "month and day"},
		"no sessions":      {`"timetables": [{"from": "02-20"}]`, "$.timetables[0].sessions", "is missing"},
		"weekday":          {`"timetables": [{"from": "02-20", "weekdays": {"Friday": []}}]`, "$.timetables[0].weekdays.Friday", `did you mean "friday"?`},
		"start":            {session(`{"name": "a", "start": "8:30", "end": "12:00"}`), "$.timetables[0].sessions[0].start", "time of day"},
		"start at 24":      {session(`{"name": "a", "start": "24:00", "end": "12:00"}`), "$.timetables[0].sessions[0].start", "before"},
		"sexagesimal":      {session(`{"name": "a", "start": "08:30", "end": 720}`), "$.timetables[0].sessions[0].end", "time of day"},
		"band":             {session(`{"name": "a", "start": "08:30", "end": "12:00", "in": ["09:00", "08:00"]}`), "$.timetables[0].sessions[0].in", "does not end after"},
		"empty band":       {session(`{"name": "a", "start": "08:30", "end": "12:00", "in": ["09:00", "09:00"]}`), "$.timetables[0].sessions[0].in", "does not end after"},
		"band of one":      {session(`{"name": "a", "start": "08:30", "end": "12:00", "in": ["09:00"]}`), "$.timetables[0].sessions[0].in", "two times"},
		"band beyond":      {session(`{"name": "a", "start": "16:00", "end": "23:59", "out": ["23:00", "00:30"]}`), "$.timetables[0].sessions[0].out", "does not end"},
		"overlap":          {session(`{"name": "a", "start": "08:30", "end": "12:00"}, {"name": "b", "start": "11:59", "end": "13:00"}`), "$.timetables[0].sessions[1].start", "overlaps"},
		"order":            {session(`{"name": "a", "start": "14:00", "end": "17:00"}, {"name": "b", "start": "08:00", "end": "12:00"}`), "$.timetables[0].sessions[1].start", "before session"},
		"end before start": {session(`{"name": "a", "start": "12:00", "end": "08:30"}, {"name": "b", "start": "14:00", "end": "17:00"}`), "$.timetables[0].sessions[1]", "by mistake"},
		"session twice":    {session(`{"name": "a", "start": "08:30", "end": "12:00"}, {"name": "a", "start": "14:00", "end": "17:00"}`), "$.timetables[0].sessions[1].name", "twice"},
		"bands overlap":    {session(`{"name": "a", "start": "08:30", "end": "12:00", "out": ["11:00", "13:00"]}, {"name": "b", "start": "13:00", "end": "17:00", "in": ["12:59", "14:00"]}`), "$.timetables[0].sessions[1].in", "overlaps the band"},
		"grace":            {`"punctuality": {"grace": "-5m"}`, "$.punctuality.grace", "whole minutes"},
		"grace in seconds": {`"punctuality": {"grace": "90s"}`, "$.punctuality.grace", "whole minutes"},
		"grace a number":   {`"punctuality": {"grace": 5}`, "$.punctuality.grace", "whole minutes"},
		"minus zero":       {`"punctuality": {"late": {"points": -0}}`, "$.punctuality.late.points", "0 to 100000"},
		"five decimals":    {`"punctuality": {"late": {"points": 0.00001}}`, "$.punctuality.late.points", "4 decimals"},
		"exponent":         {`"punctuality": {"late": {"points": 1e1}}`, "$.punctuality.late.points", "4 decimals"},
		"not a number":     {`"punctuality": {"late": {"points": "NaN"}}`, "$.punctuality.late.points", "number"},
		"no points":        {`"punctuality": {"late": {}}`, "$.punctuality.late.points", "is missing"},
		"steps":            {`"punctuality": {"late": {"steps": [{"from": "5m", "points": 1}, {"from": "5m", "points": 2}]}}`, "$.punctuality.late.steps[1].from", "ascend"},
		"tolerance":        {`"punctuality": {"tolerance": {"kinds": ["lates"], "per_month": 1}}`, "$.punctuality.tolerance.kinds[0]", `did you mean "late"?`},
		"repeat":           {`"punctuality": {"repeat": {"kinds": ["late"], "after": 1, "factor": 0}}`, "$.punctuality.repeat.factor", "greater than 0"},
		"quota":            {`"punctuality": {"correction": {"own_per_month": -1}}`, "$.punctuality.correction.own_per_month", "whole number"},
		"class twice":      {`"classes": [{"name": "a", "punches": true}, {"name": "a", "punches": true}]`, "$.classes[1].name", "twice"},
		"punches":          {`"classes": [{"name": "a"}]`, "$.classes[0].punches", "is missing"},
		"window twice":     {`"windows": [{"id": "a", "number": 1, "name": "x"}, {"id": "a", "number": 2, "name": "y"}]`, "$.windows[1].id", "twice"},
		"number twice":     {`"windows": [{"id": "a", "number": 1, "name": "x"}, {"id": "b", "number": 1, "name": "y"}]`, "$.windows[1].number", "twice"},
		"alias":            {`"windows": [{"id": "a", "number": 1, "name": "x"}, {"id": "b", "number": 2, "name": "y", "former": ["z", "x"]}]`, "$.windows[1].former[1]", "name of window"},
		"unit":             {`"units": [{"id": "u", "name": "U"}], "windows": [{"id": "a", "number": 1, "name": "x", "unit": "v"}]`, "$.windows[0].unit", "is no unit"},
		"validity":         {`"windows": [{"id": "a", "number": 1, "name": "x", "from": "2024-02-01", "until": "2024-01-31"}]`, "$.windows[0].until", "is before from"},
		"kind":             {`"leave": [{"kind": "a/b"}]`, "$.leave[0].kind", "without spaces and slashes"},
		"kind twice":       {`"bonus": [{"kind": "a", "points": 1}, {"kind": "a", "points": 1}]`, "$.bonus[1].kind", "twice"},
		"subject":          {`"discipline": [{"kind": "a", "points": 1}]`, "$.discipline[0].subject", "who pays"},
		"veto term":        {`"discipline": [{"kind": "a", "subject": "window", "points": 1, "veto": true, "veto_for": "years"}]`, "$.discipline[0].veto_for", `did you mean "year"?`},
		"term of no veto":  {`"discipline": [{"kind": "a", "subject": "window", "points": 1, "veto_for": "year"}]`, "$.discipline[0].veto_for", "veto: true"},
		"end mixed up":     {`"timetables": [{"name": "a", "from": "01-01", "sessions": [{"name": "day", "start": "17:30", "end": "14:00"}]}]`, "$.timetables[0].sessions[0].end", "is not after the start 17:30"},
		"into the morning": {`"timetables": [{"name": "a", "from": "01-01", "sessions": [{"name": "day", "start": "08:30", "end": "12:00"}, {"name": "night", "start": "20:00", "end": "09:00"}]}]`, "$.timetables[0].sessions[1].end", "reaches over midnight into session"},
		"floor":            {`"assessment": {"staff": {"floor": "nine"}}`, "$.assessment.staff.floor", "or none"},
		"tie breaker":      {`"assessment": {"tie_breakers": ["more_case"]}`, "$.assessment.tie_breakers[0]", `did you mean "more_cases"?`},
		"ties":             {`"assessment": {"ties": "lottery"}`, "$.assessment.ties", "same_rank"},
		"seal day":         {`"assessment": {"seal_day": 1.5}`, "$.assessment.seal_day", "whole number"},
		"wait":             {`"terminals": {"wait": "9000h"}`, "$.terminals.wait", "at most 8784h"},
		"not a list":       {`"windows": {}`, "$.windows", "a list"},
		"not a map":        {`"bonus": [1]`, "$.bonus[0]", "a map"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := hall.DecodePolicy(policyWith(t, test.members))
			var errs hall.PolicyErrors
			if !errors.As(err, &errs) || !errors.Is(err, hall.ErrInvalid) {
				t.Fatalf("DecodePolicy = %v, want PolicyErrors that are ErrInvalid", err)
			}
			if len(errs) != 1 || errs[0].Path != test.path || !strings.Contains(errs[0].Error(), test.want) {
				t.Errorf("DecodePolicy = %v\nwant only %s: %s", errs, test.path, test.want)
			}
		})
	}
}

func TestPolicyNotJSON(t *testing.T) {
	for _, doc := range []string{"", "nul", "[]", "7", smallPolicy + "{}", "{\"hall\": NaN}"} {
		_, err := hall.DecodePolicy([]byte(doc))
		if !errors.Is(err, hall.ErrInvalid) || hall.UnknownPolicyKeys([]byte(doc)) != nil {
			t.Errorf("DecodePolicy(%q) = %v, want ErrInvalid", doc, err)
		}
	}
}

// TestPolicyAllErrors holds that one run finds everything.
func TestPolicyAllErrors(t *testing.T) {
	_, err := hall.DecodePolicy([]byte(`{"hall": "a b", "timezone": 1, "effective": "now",
		"timetables": [{"from": "x", "group": "g", "sessions": [{"name": "", "start": "1", "end": "2"}]}], "windows": [{}]}`))
	var errs hall.PolicyErrors
	errors.As(err, &errs)
	var paths []string
	for _, e := range errs {
		paths = append(paths, e.Path)
	}
	want := []string{
		"$.hall", "$.timezone", "$.effective", "$.timetables[0].from", "$.timetables[0].sessions[0].name",
		"$.timetables[0].sessions[0].start", "$.timetables[0].sessions[0].end", "$.windows[0].id",
		"$.windows[0].name", "$.windows[0].number", "$.timetables",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

func TestUnknownPolicyKeys(t *testing.T) {
	doc := policyWith(t, `"holl": 1, "windows": [{"id": "a", "number": 1, "name": "x", "colour": "red"}],
		"bulletin": {"parts": ["focus", "fokus"]}, "punctuality": {"late": {"points": 1, "frm": "5m"}}`)
	if _, err := hall.DecodePolicy(doc); err != nil {
		t.Errorf("DecodePolicy = %v, want unknown keys to pass", err)
	}
	want := []hall.PolicyError{
		{Path: "$.windows[0].colour", Value: `"colour"`, Problem: "unknown key", OfKey: true,
			Allowed: "known here: id, name, former, aliases, unit, assessed, from, until, number"},
		{Path: "$.punctuality.late.frm", Value: `"frm"`, Problem: "unknown key", OfKey: true, Allowed: "known here: points, steps"},
		{Path: "$.bulletin.parts[1]", Value: `"fokus"`, Problem: "unknown part of the bulletin", Allowed: `did you mean "focus"?`},
		{Path: "$.holl", Value: `"holl"`, Problem: "unknown key", OfKey: true, Allowed: `did you mean "hall"?`},
	}
	if diff := cmp.Diff(want, hall.UnknownPolicyKeys(doc)); diff != "" {
		t.Errorf("UnknownPolicyKeys (-want +got):\n%s", diff)
	}
}

// TestPolicyValidate holds that a policy that was decoded validates.
func TestPolicyValidate(t *testing.T) {
	p := decodePolicy(t, ``)
	if err := p.Validate(); err != nil {
		t.Errorf("Validate = %v", err)
	}
	p.Timetables[0].Group = "g"
	if err := p.Validate(); !errors.Is(err, hall.ErrInvalid) {
		t.Errorf("Validate = %v, want ErrInvalid", err)
	}
}

func FuzzDecodePolicy(f *testing.F) {
	f.Add([]byte(smallPolicy))
	f.Add(policyWith(f, `"punctuality": {"grace": "5m"}, "windows": [{"id": "a", "number": 1, "name": "x"}], "assessment": {"staff": {"floor": 0}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := hall.DecodePolicy(doc)
		if (p == nil) != (err != nil) {
			t.Errorf("DecodePolicy = %v, %v", p, err)
		}
		if p != nil && (p.Zone == nil || p.Hall == "" || p.Effective == 0 || len(p.Timetables) == 0 || p.Validate() != nil) {
			t.Errorf("DecodePolicy = %+v", p)
		}
		hall.UnknownPolicyKeys(doc)
	})
}
