package main

// The command policy: a hall's policy checked, applied and shown.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/configs"
	"rollcall/hall"
	"rollcall/rules"
)

func newPolicy(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "policy",
		Short:   "Check, apply and show a hall's policy (考核办法)",
		GroupID: groupKeep,
	}
	cmd.AddCommand(newPolicyCheck(c), newPolicyApply(c), newPolicyShow(c), newPolicyRules(c), newPolicySchema(c), newPolicyExample(c))
	return cmd
}

func newPolicyCheck(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:     "check FILE...",
		Short:   "Check policies: every problem with line, caret and hint",
		Example: `  rollcall policy check hall.yaml`,
		Args:    atLeastOne("FILE"),
		RunE: func(_ *cobra.Command, files []string) error {
			failed := false
			for _, file := range files {
				policy, doc, err := c.readPolicy(file)
				if err == nil {
					if _, err = policyEvent(policy.Hall, "check", "check", firstTime, doc); err != nil {
						err = fmt.Errorf("%s: %w", file, err)
					}
				}
				switch {
				case errors.Is(err, errReported):
					failed = true
				case err != nil:
					c.warnf("%v", err)
					failed = true
				default:
					c.warnNames(file, policy)
					err = c.printf("%s: 正确 - fine: hall %s (%s), from %s on, %d windows\n",
						file, policy.Hall, policy.Name, policy.Effective, len(policy.Windows))
					if err != nil {
						return err
					}
				}
			}
			if failed {
				return errReported
			}
			return nil
		},
	}
}

// warnNames names what a policy calls by one name. It is no error: a window that
// was closed may have a successor of its name.
func (c *cli) warnNames(file string, policy *hall.Policy) {
	for _, n := range policy.SharedNames() {
		c.warnf("%s: %s: 重名,请用编号填报 - %q is the name of several: %s; sheets and commands that say the name are refused", file, n.List, n.Name, strings.Join(n.IDs, ", "))
	}
}

func newPolicyApply(c *cli) *cobra.Command {
	m := &making{cli: c}
	cmd := &cobra.Command{
		Use:   "apply FILE",
		Short: "Make a policy govern its hall from its effective date on",
		Long: `Check a policy and publish it as an event: it governs its hall from its effective
date on, until a later version does. A version with the same effective date
takes the place of the one before. Sealed months stay as they were printed. What the
roster uses on days of the policy and the policy does not name is told.`,
		Example: `  rollcall policy apply hall.yaml`,
		Args:    exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.applyPolicy(cmd.Context(), args[0])
		},
	}
	m.addFlags(cmd)
	return cmd
}

func (m *making) applyPolicy(ctx context.Context, file string) error {
	policy, doc, err := m.readPolicy(file)
	if err != nil {
		return err
	}
	m.warnNames(file, policy)
	if m.hall != "" && hall.ID(m.hall) != policy.Hall {
		return usagef("%s is the policy of hall %s, not of %s: correct `hall:` in the file, or --hall", file, policy.Hall, m.hall)
	}
	cl, err := m.client()
	if err != nil {
		return err
	}
	defer cl.close()
	in := place{hall: policy.Hall, zone: policy.Zone, now: time.Now().Truncate(time.Second).In(policy.Zone)}
	if m.time != "" {
		at, ok := momentIn(m.time, in)
		if !ok {
			return usagef("--time %q: want %s", m.time, wantMoment)
		}
		in.now = at
	}
	if !m.dryRun {
		if err := m.warnSealed(ctx, cl, policy); err != nil {
			return err
		}
		if err := m.warnUse(ctx, cl, policy); err != nil {
			return err
		}
	}
	return m.publish(ctx, cl, in, hall.KindPolicy, map[string]any{"policy": json.RawMessage(doc)})
}

// warnSealed names the sealed months that the policy would judge anew.
func (m *making) warnSealed(ctx context.Context, cl *client, policy *hall.Policy) error {
	issues := map[hall.Month]int{}
	err := cl.facts(ctx, policy.Hall, hall.KindSeal, func(subject string, body []byte) error {
		if _, kind, _, _ := hall.ParseSubject(subject); kind != hall.KindSeal {
			return nil
		}
		event, err := hall.Decode(subject, body)
		if err != nil {
			return err
		}
		if seal, ok := event.Fact.(*hall.Seal); ok && seal.Month >= policy.Effective.Month() {
			issues[seal.Month] = max(issues[seal.Month], seal.Number)
		}
		return nil
	})
	if err != nil || len(issues) == 0 {
		return err
	}
	var months []string
	for month, number := range issues {
		months = append(months, fmt.Sprintf("%s (issue %d)", month, number))
	}
	slices.Sort(months)
	m.warnf("已封账,不会改变 - sealed and stay as they were printed: %s; a further issue (rollcall seal) would carry the differences", strings.Join(months, ", "))
	return nil
}

// warnUse names what the roster uses on days of the policy and the policy does not name:
// from then on these people would not be judged as the roster says.
func (m *making) warnUse(ctx context.Context, cl *client, policy *hall.Policy) error {
	standing, err := cl.standing(ctx, policy.Hall)
	if err != nil {
		return err
	}
	replaced := replacedOn(standing, policy.Effective)
	people := map[string]map[hall.PersonID]bool{}
	for _, row := range standing.RosterRows() {
		if row.Until != 0 && row.Until < policy.Effective || replaced != 0 && row.From >= replaced {
			continue
		}
		for _, what := range unnamedBy(policy, &row) {
			if people[what] == nil {
				people[what] = map[hall.PersonID]bool{}
			}
			people[what][row.Person] = true
		}
	}
	var list []string
	for _, what := range slices.Sorted(maps.Keys(people)) {
		list = append(list, fmt.Sprintf("%s (%d people)", what, len(people[what])))
	}
	if len(list) > 0 {
		m.warnf("花名册在用,办法中没有 - the roster uses what this policy does not name: %s; correct the roster or the policy, the lists warn of it", strings.Join(list, ", "))
	}
	return nil
}

// replacedOn is the date from which a later version governs than one that is effective on a
// date, 0 if there is none.
func replacedOn(standing *hall.Facts, effective hall.Date) hall.Date {
	for _, v := range standing.PolicyVersions() {
		if v.Policy.Effective > effective {
			return v.Policy.Effective
		}
	}
	return 0
}

// unnamedBy tells what a row says and a policy does not name.
func unnamedBy(policy *hall.Policy, row *hall.Roster) []string {
	var list []string
	if policy.Class(row.Class) == nil {
		list = append(list, fmt.Sprintf("class %q", row.Class))
	}
	if row.Group != "" && !policy.HasGroup(row.Group) {
		list = append(list, fmt.Sprintf("group %q", row.Group))
	}
	if policy.Window(row.Window) == nil {
		list = append(list, fmt.Sprintf("window %q", row.Window))
	}
	return list
}

func newPolicyShow(c *cli) *cobra.Command {
	var a asking
	var date string
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the policy that governs a day",
		Example: `  rollcall policy show
  rollcall policy show --hall demo --date 2020-11-03 > hall.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.showPolicy(cmd.Context(), a.hall, date)
		},
	}
	a.addHallFlag(cmd)
	cmd.Flags().StringVar(&date, "date", "", "the `date` (default today)")
	c.addServerFlag(cmd)
	return cmd
}

func (c *cli) showPolicy(ctx context.Context, named, date string) error {
	day := hall.DateIn(defaultZone, time.Now())
	if date != "" {
		var err error
		if day, err = dateArg(date); err != nil {
			return err
		}
	}
	cl, err := c.client()
	if err != nil {
		return err
	}
	defer cl.close()
	id, err := cl.theHall(ctx, named)
	if err != nil {
		return err
	}
	standing, err := cl.standing(ctx, id)
	if err != nil {
		return err
	}
	versions := standing.PolicyVersions()
	if len(versions) == 0 {
		return fmt.Errorf("hall %s has no policy: give it one with `rollcall policy apply FILE`", id)
	}
	i := len(versions) - 1
	for i >= 0 && versions[i].Policy.Effective > day {
		i--
	}
	if i < 0 {
		return fmt.Errorf("no policy of hall %s governs %s: the first one does from %s on", id, day, versions[0].Policy.Effective)
	}
	doc, err := cl.policyDocument(ctx, id, versions[i].UID)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "# %s: governs %s; event %s\n", id, day, versions[i].UID)
	for _, v := range versions {
		fmt.Fprintf(&text, "# version from %s on, made %s\n", v.Policy.Effective, v.Time.Time().In(versions[0].Policy.Zone).Format(time.RFC3339))
	}
	if err := json.Indent(&text, doc, "", "  "); err != nil {
		return fmt.Errorf("read the policy %s: %w", versions[i].UID, err)
	}
	text.WriteByte('\n')
	return c.output("", func(w io.Writer) error { _, err := w.Write(text.Bytes()); return err })
}

// policyDocument returns the document of a policy event.
func (cl *client) policyDocument(ctx context.Context, id hall.ID, uid hall.UID) (json.RawMessage, error) {
	var doc json.RawMessage
	err := cl.facts(ctx, id, hall.KindPolicy, func(subject string, body []byte) error {
		if _, kind, _, _ := hall.ParseSubject(subject); kind != hall.KindPolicy || doc != nil {
			return nil
		}
		event, err := hall.Decode(subject, body)
		if err != nil || event.UID != uid {
			return err
		}
		var fields struct{ Policy json.RawMessage }
		err = json.Unmarshal(body, &fields)
		doc = fields.Policy
		return err
	})
	if err == nil && doc == nil {
		err = fmt.Errorf("the daemon no longer has %s: ask again", uid)
	}
	return doc, err
}

func newPolicyRules(c *cli) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "rules",
		Short:   "Print every rule of the judgement, in Chinese and English",
		Example: `  rollcall policy rules`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if format != "text" && format != "json" {
				return usagef("--format %q: want text or json", format)
			}
			return c.output("", func(w io.Writer) error { return writeRules(w, format) })
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "the `format`: text or json")
	complete(cmd, "format", func() []string { return []string{"text", "json"} })
	return cmd
}

func writeRules(w io.Writer, format string) error {
	type text struct {
		Zh string `json:"zh"`
		En string `json:"en"`
	}
	type rule struct {
		ID     string `json:"id"`
		Title  text   `json:"title"`
		Text   text   `json:"text"`
		Clause string `json:"clause"`
		Since  string `json:"since"`
	}
	if format == "json" {
		var list []rule
		for _, r := range rules.All {
			list = append(list, rule{r.ID, text(r.Title), text(r.Text), r.Clause, r.Since})
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(list)
	}
	for i, r := range rules.All {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s  %s (%s)\n", r.Title.Zh, r.Title.En, r.ID)
		if r.Clause != "" {
			fmt.Fprintf(w, "  依据: %s\n", r.Clause)
		}
		if _, err := fmt.Fprintf(w, "  %s\n  %s\n", r.Text.Zh, r.Text.En); err != nil {
			return err
		}
	}
	return nil
}

func newPolicySchema(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a policy, for editors",
		Example: `  rollcall policy schema > policy.schema.json
  # then, as the first line of hall.yaml:
  # yaml-language-server: $schema=policy.schema.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			schema, err := configs.PolicySchema()
			if err != nil {
				return err
			}
			return c.output("", func(w io.Writer) error { _, err := w.Write(schema); return err })
		},
	}
}

func newPolicyExample(c *cli) *cobra.Command {
	full := false
	cmd := &cobra.Command{
		Use:   "example",
		Short: "Print the policy of an invented hall to start from",
		Example: `  rollcall policy example > hall.yaml
  rollcall policy example --full | less`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text := configs.ExamplePolicy()
			if full {
				text = configs.FullPolicy()
			}
			return c.output("", func(w io.Writer) error { _, err := w.Write(text); return err })
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "one that shows every key with its meaning")
	return cmd
}
