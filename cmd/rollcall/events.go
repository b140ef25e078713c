package main

// One event made by hand: a command for each kind, with a flag for each field.
// The flags, their help and their order are those of hall.Kinds.

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/web"
)

// eventCommand is a command that makes events of a kind.
type eventCommand struct {
	use     string
	kind    hall.Kind
	short   string
	example string
	// fixed are fields that have a value where none is given.
	fixed map[string]string
}

var eventCommands = []eventCommand{
	{use: "punch", kind: hall.KindPunch, short: "Make a punch by hand (打卡)",
		fixed:   map[string]string{"method": "manual"},
		example: `  rollcall punch --person 1006 --time "2020-11-03 08:21"`},
	{use: "patrol", kind: hall.KindPatrol, short: "Note a finding of a patrol (巡查)",
		example: `  rollcall patrol --inspector I02 --kind phone_use --person 1031
  rollcall patrol --inspector I02 --kind late --window w08 --stand-in --time "2020-11-03 08:41"
  rollcall patrol --inspector I02 --kind clear`},
	{use: "leave", kind: hall.KindLeave, short: "Enter leave, a trip or an outing (请假、外出)",
		example: `  rollcall leave --person 1031 --kind annual --from 2020-11-03 --until 2020-11-05 --approved-by m01
  rollcall leave --person 1031 --kind outing --from "2020-11-03 09:00" --until "2020-11-03 10:30"`},
	{use: "standin", kind: hall.KindStandIn, short: "Say who holds a post (顶岗)",
		example: `  rollcall standin --window w04 --from 2020-11-03 --until 2020-11-03 --for 1013 --by 1017`},
	{use: "correct", kind: hall.KindCorrection, short: "Stand for a punch that is missing (补卡)",
		example: `  rollcall correct --person 1039 --at "2020-11-26 13:57" --reason own --approved-by m01`},
	{use: "excuse", kind: hall.KindExcuse, short: "Excuse punches: a terminal down, a power cut (免打卡)",
		example: `  rollcall excuse --from "2020-11-06 08:00" --until "2020-11-06 09:00" --reason 考勤机停电
  rollcall excuse --from 2020-11-06 --until 2020-11-06 --windows w03,w04 --reason 暴雨`},
	{use: "rule", kind: hall.KindRuling, short: "Decide on an event or a violation (裁定)",
		example: `  rollcall rule --on 2020-11-03/morning/in/1023 --state confirmed --by m01 --reason 核实
  rollcall rule --on demo/patrol/I02/p-005217 --state rejected --by m01 --reason 核实为会审外出`},
	{use: "bonus", kind: hall.KindBonus, short: "Enter good service (加分)",
		example: `  rollcall bonus --month 2020-11 --windows w05 --kind home_visit --count 3 --status verified`},
	{use: "cases", kind: hall.KindCases, short: "Enter a case volume (办件量)",
		example: `  rollcall cases --month 2020-11 --window w02 --accepted 610 --completed 610 --on-time 610`},
	{use: "figure", kind: hall.KindFigure, short: "Enter any other figure of a month (其他指标)",
		example: `  rollcall figure --month 2020-11 --name 好差评 --value 99.8 --unit %`},
	{use: "text", kind: hall.KindText, short: "Write a section of the bulletin (通报文字)",
		example: `  rollcall text --month 2020-11 --section 下月重点工作 --items 推进一窗受理 --items 开展业务培训`},
	{use: "award", kind: hall.KindAward, short: "Enter a meeting's choice (评先)",
		example: `  rollcall award --month 2020-11 --title 优秀服务窗口 --windows w02,w05 --by 主任办公会 --reason 会议研究`},
	{use: "roster", kind: hall.KindRoster, short: "Give a person a place from a date on (花名册)",
		example: `  rollcall roster --person 1006 --name 王甲 --window w02 --class resident --from 2020-11-01 --aliases 17`},
	{use: "terminal", kind: hall.KindTerminal, short: "Say that a terminal is alive, complete or retired (考勤机)",
		fixed: map[string]string{"state": "alive"},
		example: `  rollcall terminal --terminal T09 --complete-until "2020-11-30 18:00"
  rollcall terminal --terminal T09 --state retired`},
}

// making are the flags of a command that makes an event.
type making struct {
	*cli
	hall   string
	source string
	id     string
	time   string
	dryRun bool
	force  bool
}

func (m *making) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&m.hall, "hall", "", "the `hall`; not needed where there is only one")
	flags.StringVar(&m.source, "source", "console", "who speaks: the last `token` of the subject")
	flags.StringVar(&m.id, "id", "", "the event's `id` (default made of its content and time)")
	flags.StringVar(&m.time, "time", "", "when it was made, or happened: a `time` such as 2020-11-03 08:21 (default now)")
	flags.BoolVar(&m.dryRun, "dry-run", false, "print the event as a JSON line and send nothing")
	flags.BoolVar(&m.force, "force", false, "send it although its time is far from now, or it names what is not there")
	m.addServerFlag(cmd)
}

// eventForm is an event that is being made from flags.
type eventForm struct {
	making
	eventCommand
	fields []hall.FieldInfo
	texts  map[string]*string
	lists  map[string]*[]string
	flags  map[string]*bool
}

func newEvent(c *cli, command eventCommand) *cobra.Command {
	f := &eventForm{
		making: making{cli: c}, eventCommand: command,
		texts: map[string]*string{}, lists: map[string]*[]string{}, flags: map[string]*bool{},
	}
	i := slices.IndexFunc(hall.Kinds, func(k hall.KindInfo) bool { return k.Kind == command.kind })
	info := hall.Kinds[i]
	f.fields = info.Fields
	cmd := &cobra.Command{
		Use:     command.use,
		Short:   command.short,
		Long:    info.Zh + ": " + info.Meaning + ".\n\nThe event is checked, published through the daemon and answered for once it is\nfolded, with what became of it. Times without offset are the hall's.",
		Example: command.example,
		GroupID: groupEvent,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), cmd) },
	}
	cmd.Flags().SortFlags = false
	for _, field := range f.fields {
		f.addField(cmd, field)
	}
	f.addFlags(cmd)
	return cmd
}

// flagOf is how a field is called on the command line.
func flagOf(field string) string { return strings.ReplaceAll(field, "_", "-") }

func (f *eventForm) addField(cmd *cobra.Command, field hall.FieldInfo) {
	name := flagOf(field.Name)
	help := field.Meaning
	words := choices(field.Type)
	if len(words) > 0 {
		help += " (" + field.Type + ")"
	}
	if field.Required && f.fixed[field.Name] == "" {
		help += "; required"
	}
	flags := cmd.Flags()
	switch {
	case strings.HasPrefix(field.Type, "list of"):
		text := &typed{kind: "list"}
		f.lists[field.Name] = &text.list
		flags.Var(text, name, help+"; may be given again")
	case field.Type == "true or false":
		f.flags[field.Name] = flags.Bool(name, false, help)
	default:
		text := &typed{kind: placeholder(field.Type), text: f.fixed[field.Name]}
		f.texts[field.Name] = &text.text
		flags.Var(text, name, help)
	}
	if len(words) > 0 {
		complete(cmd, name, func() []string { return words })
	}
}

// typed is a flag's value whose placeholder says what it is.
type typed struct {
	kind string
	text string
	list []string
}

func (t *typed) String() string { return t.text }
func (t *typed) Type() string   { return t.kind }
func (t *typed) Set(s string) error {
	t.text = s
	t.list = append(t.list, s)
	return nil
}

// placeholder shortens the type of a field.
func placeholder(kind string) string {
	switch {
	case len(choices(kind)) > 0:
		return "word"
	case strings.HasPrefix(kind, "text"), kind == "anything":
		return "text"
	case kind == "uid or violation id":
		return "id"
	case kind == "date, time, true or false":
		return "date|time|true"
	}
	return strings.ReplaceAll(kind, " or ", "|")
}

// choices returns the words of a type such as `own or official`.
func choices(kind string) []string {
	words := strings.FieldsFunc(strings.ReplaceAll(kind, " or ", ","), func(r rune) bool { return r == ',' })
	for i, w := range words {
		words[i] = strings.TrimSpace(w)
		if slices.Contains([]string{"date", "time", "text", "number", "uid", "true"}, words[i]) {
			return nil
		}
	}
	if len(words) < 2 {
		return nil
	}
	return words
}

func (f *eventForm) run(ctx context.Context, cmd *cobra.Command) error {
	if err := f.missing(cmd); err != nil {
		return err
	}
	in, cl, err := f.place(ctx)
	if err != nil {
		return err
	}
	defer cl.close()
	fields := map[string]any{}
	for _, field := range f.fields {
		value, err := f.value(cmd, field, in)
		if err != nil {
			return err
		}
		if value != nil {
			fields[field.Name] = value
		}
	}
	if f.kind == hall.KindRoster {
		f.keep(cmd, in, fields)
	}
	if err := in.check(f.kind, fields, f.force); err != nil {
		return err
	}
	return f.publish(ctx, cl, in, f.kind, fields)
}

// keep gives a roster row what belongs to the person and is not said anew: without the
// number in the terminals the punches of somebody who moves would be nobody's.
func (f *eventForm) keep(cmd *cobra.Command, in place, fields map[string]any) {
	before := in.rowBefore(fields["person"], fields["from"])
	if before == nil {
		return
	}
	if len(before.Aliases) > 0 && !cmd.Flags().Changed("aliases") {
		fields["aliases"] = before.Aliases
		f.warnf("沿用别名%s - the aliases of the row before are kept; --aliases \"\" gives none", strings.Join(before.Aliases, "、"))
	}
	if before.SortKey != "" && !cmd.Flags().Changed("sort-key") {
		fields["sort_key"] = json.RawMessage(before.SortKey)
	}
}

// missing names every required flag that is not given.
func (f *eventForm) missing(cmd *cobra.Command) error {
	var names []string
	for _, field := range f.fields {
		name := flagOf(field.Name)
		if field.Required && f.fixed[field.Name] == "" && !cmd.Flags().Changed(name) {
			names = append(names, "--"+name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return usagef("%s is missing", names[0])
	}
	return usagef("%s and %s are missing", strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
}

// value reads the flag of a field; nil = not given.
func (f *eventForm) value(cmd *cobra.Command, field hall.FieldInfo, in place) (any, error) {
	if list, ok := f.lists[field.Name]; ok {
		return listValue(field, *list), nil
	}
	if flag, ok := f.flags[field.Name]; ok {
		if !*flag {
			return nil, nil
		}
		return true, nil
	}
	text := *f.texts[field.Name]
	if text == "" {
		return nil, nil
	}
	value, want := fieldValue(field.Type, text, in)
	if want != "" {
		return nil, usagef("--%s %q: want %s", flagOf(field.Name), text, want)
	}
	return value, nil
}

// place is where and when an event is made.
type place struct {
	hall     hall.ID
	zone     *time.Location
	now      time.Time
	policies []hall.PolicyEvent // by effective date; none: nothing is known
	roster   []hall.Roster      // by person and date
}

// place finds the hall and its zone. A dry run needs no daemon where the hall
// is named; times are then those of Shanghai.
func (m *making) place(ctx context.Context) (place, *client, error) {
	cl, err := m.client()
	if err != nil {
		return place{}, nil, err
	}
	in := place{zone: defaultZone, now: time.Now().Truncate(time.Second)}
	if in.hall, err = cl.theHall(ctx, m.hall); err != nil {
		return place{}, nil, err
	}
	standing, err := cl.standing(ctx, in.hall)
	switch {
	case err != nil && m.dryRun && isNoDaemon(err):
	case err != nil:
		return place{}, nil, err
	default:
		in.policies, in.roster = standing.PolicyVersions(), standing.RosterRows()
		if len(in.policies) > 0 {
			in.zone = in.policies[0].Policy.Zone
		}
	}
	in.now = in.now.In(in.zone)
	if m.time != "" {
		at, ok := momentIn(m.time, in)
		if !ok {
			return place{}, nil, usagef("--time %q: want %s", m.time, wantMoment)
		}
		in.now = at
	}
	return in, cl, nil
}

// defaultZone is that of a hall without a policy.
var defaultZone = time.FixedZone("UTC+8", 8*3600)

// checkHall refuses a hall that the daemon does not have beside others with a
// policy: a misspelt one would stand in its list for ever. The first hall is
// welcome.
func (m *making) checkHall(ctx context.Context, cl *client, in place) error {
	if m.force || len(in.policies) > 0 {
		return nil
	}
	halls, err := cl.halls(ctx)
	if err != nil || slices.ContainsFunc(halls, func(h hallInfo) bool { return h.Hall == in.hall }) {
		return err
	}
	names := map[string]bool{}
	for _, h := range withPolicy(halls) {
		names[string(h.Hall)] = true
	}
	if len(names) == 0 {
		return nil
	}
	return usagef("--hall %q is not there; there are: %s (or add --force to begin a new hall)", in.hall, listed(names))
}

// publish checks an event, sends it and says what became of it.
func (m *making) publish(ctx context.Context, cl *client, in place, kind hall.Kind, fields map[string]any) error {
	fields["time"] = in.now.Format(time.RFC3339)
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	fields["id"] = m.id
	if m.id == "" {
		fields["id"] = contentID(body)
	}
	if body, err = encodeBody(fields); err != nil {
		return err
	}
	subject := hall.Subject(in.hall, kind, m.source)
	if _, err := hall.Decode(subject, body); err != nil {
		return flagError(err)
	}
	if err := in.checkPeople(kind, fields); err != nil && !m.force {
		return err
	}
	if m.dryRun {
		return m.printf("%s\n", hall.EncodeLine(subject, body))
	}
	if err := m.checkHall(ctx, cl, in); err != nil {
		return err
	}
	if on, ok := fields["on"].(string); ok && !m.force {
		if err := checkRuledOn(ctx, cl, in, on); err != nil {
			return err
		}
	}
	done, err := m.send(ctx, cl, subject, body, m.force)
	if err != nil {
		if unknown, ok := errors.AsType[*unknownError](err); ok {
			return fmt.Errorf("%w; 结果未知,可放心重试 - whether it is saved is unknown; repeat the command with --time %s, which is safe: it has the same id",
				unknown.err, in.now.Format(time.RFC3339))
		}
		return sayForce(err)
	}
	return m.say(done)
}

// sayForce says of what is implausible which flag it is and what lets it pass.
func sayForce(err error) error {
	p, ok := errors.AsType[*web.Problem](err)
	if !ok || p.Code != "implausible_time" {
		return err
	}
	return usagef("--%s: %s - %s", flagOf(p.Field), flagInstead(p.DetailZh), flagInstead(p.Detail))
}

// flagInstead names the flag in place of the parameter of the API.
func flagInstead(text string) string {
	text = strings.Replace(text, "send it with force=1", "add --force", 1)
	return strings.Replace(text, "可加 force=1 提交", "可加 --force", 1)
}

// contentID is made of a body with its time: the same command with the same
// time makes the same event.
func contentID(body []byte) string {
	sum := sha256.Sum256(body)
	return "cli-" + hex.EncodeToString(sum[:16])
}

// inBoth says why an event is refused in Chinese and English.
func inBoth(err error) string {
	r, ok := errors.AsType[*hall.Rejection](err)
	if !ok {
		return err.Error()
	}
	return hall.ReasonZh(r.Reason) + " - " + r.Reason
}

// flagError turns a rejection into a wrong use that names the flag.
func flagError(err error) error {
	r, ok := errors.AsType[*hall.Rejection](err)
	if !ok {
		return err
	}
	switch r.Field {
	case "":
		return &usageError{err: err}
	case "subject":
		return usagef("--hall or --source: %s", inBoth(r))
	}
	return usagef("--%s: %s", flagOf(r.Field), inBoth(r))
}
