package report

// Making an issue of a month: what stands in its way, and its parts.

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/store"
)

// Draft is an issue that is not made yet.
type Draft struct {
	Number int
	// Report is what would be issued, with the difference to the issue before.
	Report *hall.Report
	// Obstacles stand in the way: without a reason why they may, nobody should seal.
	Obstacles []Obstacle
	// Hints stand in nobody's way.
	Hints []string

	previous *Issued // nil: this is the first
	around   []hall.PunchName
	events   []hall.UID
}

// Obstacle is something that keeps a month from being sealed.
type Obstacle struct {
	List string `json:"list"` // pending, contested, unresolved, calendar_missing, seal_unreadable or Unchanged
	Line string `json:"line"` // what it is about
	Text string `json:"text"` // Chinese
	Do   string `json:"do"`   // Chinese: what helps
}

// Unchanged is the list of the one obstacle that is no trouble: the month would say what
// its last issue says.
const Unchanged = "unchanged"

// Prepare computes a month as it would be sealed. The question asks for all lists.
func Prepare(v *store.View, statutory hall.Calendar, q Question) (*Draft, error) {
	q.Lists = nil
	c, err := open(v, statutory, q)
	if err != nil {
		return nil, err
	}
	return c.draft()
}

func (c *compiler) draft() (*Draft, error) {
	s := c.sealing()
	r, err := c.reportSince(s)
	if err != nil {
		return nil, err
	}
	d := &Draft{Number: s.next(), Report: r, previous: s.last, around: c.around(r.Punches), events: slices.Concat(c.events(), c.month.Heartbeats())}
	slices.Sort(d.events)
	r.Sealed = nil
	d.Obstacles = slices.Concat(c.openPunches(), contestedNotes(r), c.unknownFacts(), missingCalendars(r), d.standstill())
	d.Hints = slices.Concat(c.sealDay(), c.undatedRulings(), settledElsewhere(r), s.lackingText())
	return d, nil
}

// next is the number of a further issue: the first behind the last one that is no
// issue's of which parts are missing, since the rest may still come.
func (s *sealing) next() int {
	number := 1
	if s.last != nil {
		number = s.last.Number + 1
	}
	for slices.Contains(s.lacking, number) {
		number++
	}
	return number
}

func (s *sealing) lackingText() []string {
	var list []string
	for _, n := range s.lacking {
		list = append(list, fmt.Sprintf("第%d号封账的内容不完整，不作数；本次另编一号。", n))
	}
	return list
}

func (c *compiler) openPunches() []Obstacle {
	var list []Obstacle
	for _, day := range c.sorted(c.month.Days) {
		for i := range day.Planned {
			p := &day.Planned[i]
			if p.Verdict != hall.Pending {
				continue
			}
			do := "到" + clockTitle(c.rfc3339(p.Closes)) + "之后再封账"
			if silent := p.WaitsFor(); len(silent) > 0 {
				do = fmt.Sprintf("让考勤机%s补传数据，停用的逐台登记停用（rollcall terminal --terminal %s --state retired）", strings.Join(silent, "、"), silent[0])
			}
			list = append(list, Obstacle{List: "pending", Line: day.Date.String() + "/" + p.Session + "/" + p.Edge + "/" + string(day.Person),
				Text: fmt.Sprintf("%s（%s）%s应在%s的打卡待定", c.place(day.Person).Name, day.Person, dayTitle(day.Date), p.Due), Do: do})
		}
	}
	return list
}

func contestedNotes(r *hall.Report) []Obstacle {
	var list []Obstacle
	for i := range r.Contested {
		v := &r.Contested[i]
		list = append(list, Obstacle{List: "contested", Line: v.ID, Text: v.ID + "存疑：与打卡或请假不符",
			Do: "核实后作出裁定：rollcall rule --on " + v.ID + " --state confirmed（或 rejected）--by … --reason …"})
	}
	return list
}

// unknownFacts are those that name something unknown and speak of this month. A
// ruling on nothing without a date speaks of each month and blocks none.
func (c *compiler) unknownFacts() []Obstacle {
	var list []Obstacle
	for _, u := range c.month.Unresolved {
		if c.undated(&u) {
			continue
		}
		o := Obstacle{List: "unresolved", Line: string(u.UID)}
		switch u.Reason {
		case hall.UnresolvedPerson:
			o.Text, o.Do = fmt.Sprintf("%s所指的人员%q不在花名册", u.UID, u.Value), "补登花名册（rollcall roster 或 rollcall import），或裁定撤销该事件："+c.cancelling(&u)
		case hall.UnresolvedWindow:
			o.Text, o.Do = fmt.Sprintf("%s所指的窗口%q办法中没有", u.UID, u.Value), "更正办法（rollcall policy apply），或裁定撤销该事件后重报："+c.cancelling(&u)
		case hall.UnresolvedKind:
			o.Text, o.Do = fmt.Sprintf("%s所用的类型%q办法中没有", u.UID, u.Value), "更正办法（rollcall policy apply），或裁定撤销该事件后重报："+c.cancelling(&u)
		default:
			o.Text, o.Do = fmt.Sprintf("裁定%s所指的%q不存在", u.UID, u.Value), "补报所指的事件；编号写错的，对正确的事件另作裁定，再就写错的编号作一次不写日期的裁定，此后不影响封账"
		}
		list = append(list, o)
	}
	return list
}

// cancelling is the command that takes an event away; a punch is found by its person
// and date.
func (c *compiler) cancelling(u *hall.Unresolved) string {
	find := ""
	if i := slices.IndexFunc(c.all.Punches, func(p hall.Punch) bool { return p.UID == u.UID }); i >= 0 {
		find = fmt.Sprintf(" --person %s --date %s", c.all.Punches[i].Person, c.dateOf(c.all.Punches[i].Time))
	}
	return "rollcall rule --on " + string(u.UID) + " --state cancelled" + find + " --by … --reason …"
}

// undated reports whether a ruling on an unknown event says no date.
func (c *compiler) undated(u *hall.Unresolved) bool {
	i := slices.IndexFunc(c.all.Rulings, func(r hall.Ruling) bool { return r.UID == u.UID })
	return u.Reason == hall.UnresolvedEvent && i >= 0 && c.all.Rulings[i].Date == 0
}

func (c *compiler) undatedRulings() []string {
	var list []string
	for _, u := range c.month.Unresolved {
		if c.undated(&u) {
			list = append(list, fmt.Sprintf("裁定%s所指的%q不存在，也没有写明日期：不影响封账，请核对。", u.UID, u.Value))
		}
	}
	return list
}

func missingCalendars(r *hall.Report) []Obstacle {
	var list []Obstacle
	for _, year := range r.CalendarMissing {
		list = append(list, Obstacle{List: "calendar_missing", Line: strconv.Itoa(year), Text: fmt.Sprintf("没有%d年的法定节假日安排", year),
			Do: "导入该年的放假安排：rollcall calendar import"})
	}
	return list
}

// standstill refuses a further issue that would say what the last one does, so
// that a command that is repeated makes no second one, and one whose difference
// nobody could tell.
func (d *Draft) standstill() []Obstacle {
	if d.previous == nil {
		return nil
	}
	if _, err := d.previous.lines(); err != nil {
		return []Obstacle{{List: "seal_unreadable", Line: strconv.Itoa(d.previous.Number),
			Text: fmt.Sprintf("第%d号封账的内容无法读取，列不出变动", d.previous.Number), Do: "先用 rollcall verify 核对"}}
	}
	if len(d.Report.ChangedSince) == 0 {
		return []Obstacle{{List: Unchanged, Line: strconv.Itoa(d.previous.Number),
			Text: fmt.Sprintf("与第%d号封账的结果完全相同", d.previous.Number), Do: "无需再次封账"}}
	}
	return nil
}

// sealDay says whether it is early or late by the policy's day of sealing.
func (c *compiler) sealDay() []string {
	next := (c.month.Month + 1).First()
	planned := min(next+hall.Date(c.policy.Assessment.SealDay)-1, (c.month.Month + 1).Last())
	switch today := c.dateOf(c.month.AsOf); {
	case today < next:
		return []string{fmt.Sprintf("%s尚未结束。", c.month.Month)}
	case today < planned:
		return []string{fmt.Sprintf("按办法应在%s封账，提前了%d天：此后送达的单据须另行封账更正。", planned, planned-today)}
	case today > planned:
		return []string{fmt.Sprintf("按办法应在%s封账，已晚%d天。", planned, today-planned)}
	}
	return nil
}

// settledElsewhere reminds of what is listed and blocks nothing.
func settledElsewhere(r *hall.Report) []string {
	var list []string
	if n := len(r.Conflicts); n > 0 {
		list = append(list, fmt.Sprintf("有%d个事件编号各有几种内容（--list conflicts），封账后仍以列出的为准。", n))
	}
	if n := len(r.Dead); n > 0 {
		list = append(list, fmt.Sprintf("有%d条无法识别的消息（--list dead），未计入。", n))
	}
	return list
}

// around are the punches that were read for the month beside those that it lists.
func (c *compiler) around(listed []hall.PunchRecord) []hall.PunchName {
	inside := make(map[hall.PunchName]bool, len(listed))
	for i := range listed {
		inside[hall.PunchName{UID: listed[i].UID, Raw: listed[i].Raw, Time: listed[i].Time}] = true
	}
	around := []hall.PunchName{}
	punches := slices.Clone(c.all.Punches)
	slices.SortFunc(punches, func(a, b hall.Punch) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.UID, b.UID), cmp.Compare(a.Person, b.Person))
	})
	for i := range punches {
		if name := c.punchName(&punches[i]); !inside[name] {
			around = append(around, name)
		}
	}
	return around
}

func (c *compiler) punchName(p *hall.Punch) hall.PunchName {
	return hall.PunchName{UID: p.UID, Raw: p.Person, Time: c.rfc3339(p.Time)}
}

// events are the uids of all events but punches and heartbeats.
func (c *compiler) events() []hall.UID {
	f := c.all
	uids := []hall.UID{}
	uids = appendUIDs(uids, f.Patrols)
	uids = appendUIDs(uids, f.Leaves)
	uids = appendUIDs(uids, f.StandIns)
	uids = appendUIDs(uids, f.Corrections)
	uids = appendUIDs(uids, f.Excuses)
	uids = appendUIDs(uids, f.Rulings)
	uids = appendUIDs(uids, f.Bonuses)
	uids = appendUIDs(uids, f.Cases)
	uids = appendUIDs(uids, f.Figures)
	uids = appendUIDs(uids, f.Texts)
	uids = appendUIDs(uids, f.Awards)
	uids = appendUIDs(uids, f.Roster)
	uids = appendUIDs(uids, f.Policies)
	uids = appendUIDs(uids, f.Calendars)
	uids = appendUIDs(uids, f.Seals)
	slices.Sort(uids)
	return slices.Compact(uids)
}

func appendUIDs[E any, P interface {
	*E
	GetHead() hall.Head
}](uids []hall.UID, events []E) []hall.UID {
	for i := range events {
		uids = append(uids, P(&events[i]).GetHead().UID)
	}
	return uids
}

// Form says who makes an issue, when and where.
type Form struct {
	By     string
	Forced string // the reason, "" = nothing stands in the way
	Made   hall.Instant
	Source string    // token of the subject
	Stream time.Time // when the stream was created
}

// SealPart is an event to be published: one part of an issue.
type SealPart struct {
	Subject string
	UID     hall.UID
	Body    []byte
}

// partSize is how many characters of a result one part holds.
const partSize = 48 << 10

// Parts makes the events of an issue, which are to be stored all together or not
// at all, and its digest.
func (d *Draft) Parts(f Form) (parts []SealPart, digest string, err error) {
	text, err := d.result()
	if err != nil {
		return nil, "", fmt.Errorf("write issue %d of %s: %w", d.Number, d.Report.Month, err)
	}
	if len(text) > mostOfResult {
		return nil, "", fmt.Errorf("%w issue: its lines have %d bytes, and an issue can hold %d", hall.ErrInvalid, len(text), mostOfResult)
	}
	digest = digestOf(text)
	packed, err := pack(text)
	if err != nil {
		return nil, "", fmt.Errorf("pack issue %d of %s: %w", d.Number, d.Report.Month, err)
	}
	n := (len(packed) + partSize - 1) / partSize
	for i := range n {
		part, err := d.part(f, digest, i+1, n, packed[i*partSize:min(len(packed), (i+1)*partSize)])
		if err != nil {
			return nil, "", err
		}
		parts = append(parts, part)
	}
	return parts, digest, nil
}

// result is the canonical JSON that is issued.
func (d *Draft) result() ([]byte, error) {
	text, err := json.Marshal(&hall.Result{Report: *d.Report, Around: d.around, Events: d.events})
	if err != nil {
		return nil, err
	}
	return hall.Canonical(text)
}

func pack(text []byte) (string, error) {
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(text); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(zipped.Bytes()), nil
}

// sealBody is a seal as it is published.
type sealBody struct {
	ID       string `json:"id"`
	Time     string `json:"time"`
	Month    string `json:"month"`
	Number   int    `json:"number"`
	By       string `json:"by"`
	AsOf     string `json:"as_of"`
	Sequence uint64 `json:"sequence"`
	Digest   string `json:"digest"`
	Part     int    `json:"part"`
	Parts    int    `json:"parts"`
	Previous string `json:"previous,omitempty"`
	Stream   string `json:"stream,omitempty"`
	Forced   string `json:"forced,omitempty"`
	Result   string `json:"result"`
}

func (d *Draft) part(f Form, digest string, part, parts int, packed string) (SealPart, error) {
	asOf, err := time.Parse(time.RFC3339, d.Report.AsOf)
	if err != nil {
		return SealPart{}, err // unreachable: the report wrote it
	}
	b := sealBody{ID: fmt.Sprintf("%s-%d-%d", d.Report.Month, d.Number, part), Time: f.Made.Time().In(asOf.Location()).Format(time.RFC3339),
		Month: d.Report.Month.String(), Number: d.Number, By: f.By, AsOf: d.Report.AsOf, Sequence: d.Report.Sequence, Digest: digest,
		Part: part, Parts: parts, Stream: f.Stream.UTC().Format(time.RFC3339Nano), Forced: f.Forced, Result: packed}
	if d.previous != nil {
		b.Previous = d.previous.Digest
	}
	body, err := json.Marshal(b)
	if err != nil {
		return SealPart{}, err // unreachable: texts and numbers
	}
	p := SealPart{Subject: hall.Subject(d.Report.Hall, hall.KindSeal, f.Source), Body: body,
		UID: hall.NewUID(d.Report.Hall, hall.KindSeal, f.Source, b.ID)}
	if _, err := hall.Decode(p.Subject, p.Body); err != nil {
		return SealPart{}, fmt.Errorf("make part %d of issue %d: %w", part, d.Number, err)
	}
	return p, nil
}
