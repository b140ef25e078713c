package main

// Rows of a sheet: made events, compared with what is already so, sent.

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rollcall/hall"
	"rollcall/ingest/sheet"
)

// planned is what an import of a sheet has to send.
type planned struct {
	rows  []sheet.Row
	count map[string]int // by what they are beside what is there
	bad   int
}

func (im *importing) sheetFile(ctx context.Context, path string, raw []byte, o sheet.Options) (err error) {
	o.Made = time.Now().Truncate(time.Second)
	var cl *client
	if !im.lines {
		if cl, err = im.client(); err != nil {
			return err
		}
		defer cl.close()
	}
	known, err := im.ask(ctx, cl, &o)
	if err != nil {
		return err
	}
	table, err := sheet.Open(path, raw, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	if o.Month != 0 && !table.Kind.Monthly() {
		return usagef("--month is for case volumes, bonus and figures: %s is read as %s (%s)", path, table.Kind.Zh, table.Kind.Kind)
	}
	if len(table.Ignored) > 0 {
		im.warnf("%s: read as %s (%s); columns without meaning here: %s", path, table.Kind.Zh, table.Kind.Kind, strings.Join(table.Ignored, ", "))
	}
	if im.lines {
		return im.printLines(table)
	}
	p, err := im.plan(path, table, known)
	if err != nil {
		return err
	}
	if im.dryRun {
		return im.finish(path, table, p, summary{})
	}
	var sum summary
	if len(p.rows) > 0 {
		if sum, err = im.sendRows(ctx, cl, path, p); err != nil {
			return fmt.Errorf("import %s: %w", path, err)
		}
	}
	return im.finish(path, table, p, sum)
}

// ask fills in the hall and what is known of it: of a policy file, or of the
// daemon.
func (im *importing) ask(ctx context.Context, cl *client, o *sheet.Options) (*sheet.Known, error) {
	known := &sheet.Known{}
	if im.lines {
		return known, im.askFile(o)
	}
	id, err := cl.theHall(ctx, im.hall)
	if err != nil {
		return nil, err
	}
	o.Hall = id
	var policies hall.Facts
	err = cl.facts(ctx, id, hall.KindStandIn, func(subject string, body []byte) error {
		if err := known.Add(subject, body); err != nil {
			return err
		}
		_, kind, _, _ := hall.ParseSubject(subject) // facts has parsed it
		if kind != hall.KindPolicy && kind != hall.KindRuling {
			return nil
		}
		event, err := hall.Decode(subject, body)
		if err == nil {
			policies.Add(event.Fact)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	struck := struckBy(policies.Rulings)
	versions := policies.Without(func(uid hall.UID) bool { return struck[uid] }).PolicyVersions()
	if len(versions) > 0 {
		o.Zone = versions[0].Policy.Zone
		o.Policy = versions[len(versions)-1].Policy
	}
	return known, nil
}

func (im *importing) askFile(o *sheet.Options) error {
	if im.policy != "" {
		policy, _, err := im.readPolicy(im.policy)
		if err != nil {
			return err
		}
		o.Hall, o.Zone, o.Policy = policy.Hall, policy.Zone, policy
	}
	if im.hall != "" {
		id, err := hallToken(im.hall)
		if err != nil {
			return err
		}
		o.Hall = id
	}
	if o.Hall == "" {
		return usagef("--lines asks no daemon: name the hall with --hall, or its policy with --policy FILE")
	}
	return nil
}

// printLines writes the rows as JSON lines.
func (im *importing) printLines(table *sheet.Table) error {
	out := bufio.NewWriter(im.stdout)
	bad := 0
	for row, err := range table.Rows() {
		if err != nil {
			bad++
			im.warnRow(err)
			continue
		}
		out.Write(hall.EncodeLine(row.Subject, row.Body))
		if err := out.WriteByte('\n'); err != nil { // bufio keeps the first error
			return quietPipe(err)
		}
	}
	if err := out.Flush(); err != nil || bad == 0 {
		return quietPipe(err)
	}
	return errReported
}

// plan compares each row with what is already so. Of punches nothing is asked: the
// daemon knows them by their ids.
func (im *importing) plan(path string, table *sheet.Table, known *sheet.Known) (planned, error) {
	p := planned{count: map[string]int{}}
	for row, err := range table.Rows() {
		if err == nil && table.Kind.Kind != hall.KindPunch {
			var d sheet.Difference
			if row, d, err = known.Beside(table, row); err == nil {
				err = im.show(path, table.Kind.Kind, row, d, &p)
			}
			if d.What == sheet.Same {
				continue
			}
		}
		if err != nil {
			p.bad++
			im.warnRow(err)
			continue
		}
		p.rows = append(p.rows, row)
	}
	return p, nil
}

// show counts a row and, in a dry run, prints how it differs.
func (im *importing) show(path string, kind hall.Kind, row sheet.Row, d sheet.Difference, p *planned) error {
	p.count[d.What]++
	var changes []string
	for _, f := range d.Fields {
		changes = append(changes, fmt.Sprintf("%s %q -> %q", f.Name, f.Was, f.Is))
		if kind == hall.KindRoster && d.What == sheet.Changed && f.Name == "name" {
			im.warnf("%s: row %d: the number of %s is %s's now: if they are two people, give each a number of their own and import again", path, row.Number, f.Was, f.Is)
		}
	}
	if d.What == sheet.Differs && !im.add {
		return fmt.Errorf("%s: row %d: 已有同一事项而内容不同的记录，不会自动替换 - there is another one already (%s): %s; nothing replaces it: take it back with `rollcall rule --state cancelled --on %s ...` and import again, or use --add if both are right",
			path, row.Number, d.UID, strings.Join(changes, ", "), d.UID)
	}
	if !im.dryRun || d.What == sheet.Same {
		return nil
	}
	sign := "+"
	if d.What == sheet.Changed {
		sign = "~"
	}
	what := strings.Join(append(changes, string(row.Body)), ", ")
	return im.printf("%s row %d: %s\n", sign, row.Number, what)
}

// sendRows sends the rows; what the daemon refuses is named by its row.
func (im *importing) sendRows(ctx context.Context, cl *client, path string, p planned) (summary, error) {
	var b bytes.Buffer
	for _, row := range p.rows {
		b.Write(hall.EncodeLine(row.Subject, row.Body))
		b.WriteByte('\n')
	}
	bar := im.newProgress(path, int64(b.Len()))
	defer bar.Done()
	total := int64(b.Len())
	body := &counting{r: io.Reader(&b), seen: func(n int64) { bar.Set(n, total) }}
	return im.post(ctx, cl, body, func(line int, r refused) {
		number := line
		if line >= 1 && line <= len(p.rows) {
			number = p.rows[line-1].Number
		}
		im.warnf("%s: row %d: %s", path, number, r)
	})
}

func (im *importing) finish(path string, table *sheet.Table, p planned, sum summary) error {
	text := fmt.Sprintf("%s: %s (%s): ", path, table.Kind.Zh, table.Kind.Kind)
	var parts []string
	if im.dryRun {
		parts = append(parts, fmt.Sprintf("%d to send", len(p.rows)))
	} else {
		parts = append(parts, sum.sent(p.count[sheet.Same]))
	}
	for _, what := range []string{sheet.New, sheet.Changed, sheet.Same} {
		if n := p.count[what]; n > 0 && (im.dryRun || what == sheet.Changed) {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	if bad := p.bad + sum.Refused; bad > 0 {
		parts = append(parts, fmt.Sprintf("%d refused", bad))
	}
	if im.dryRun {
		parts = append(parts, "nothing was sent")
	}
	text += strings.Join(parts, ", ") + im.conflicts(path, sum) + im.strangers(path, sum)
	if err := im.printf("%s\n", text); err != nil {
		return err
	}
	if p.bad+sum.Refused+sum.Conflicts > 0 {
		return errReported
	}
	return nil
}
