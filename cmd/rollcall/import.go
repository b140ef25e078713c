package main

// The command import: events out of JSON lines, CSV and XLSX.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/ingest"
	"rollcall/ingest/sheet"
	"rollcall/web"
)

// importing takes files into the log.
type importing struct {
	*cli
	hall    string
	kind    string
	source  string
	sheet   string
	policy  string
	columns []string
	values  []string
	month   string
	dryRun  bool
	lines   bool
	force   bool
	add     bool
}

func newImport(c *cli) *cobra.Command {
	im := &importing{cli: c}
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take events from JSON lines, CSV or XLSX",
		Long: `Take events from files. JSON lines pass as they are. The rows of a CSV or XLSX
sheet of punches, roster, leave, stand-ins, patrol notes, case volumes, bonus or
figures become events; the kind is told by the headings, of which the usual
Chinese ones are known (docs/import.md), and --map names others. A bad row is
named with its column and costs no other row (exit status 1).

The same file again changes nothing: only what is not there already is sent, which
--dry-run shows of all kinds but punches. A column that a file of roster, case
volumes or figures does not have keeps what is so. A punch without a column for
its terminal is one by hand.`,
		Example: `  rollcall import events.jsonl
  rollcall import 打卡流水.xlsx --hall demo
  rollcall import roster.csv --dry-run
  rollcall import clock.csv --kind punch --map 卡号=person --map 刷于=time --map 机=terminal
  rollcall import roster.xlsx --kind roster --set class=resident --set from=2020-11-01
  rollcall import 办件量.xlsx 加分.csv --month 2020-11 --dry-run
  rollcall import punches.csv --lines --policy hall.yaml | rollcall evaluate --policy hall.yaml --events -`,
		GroupID: groupKeep,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("no file: name one, or - for JSON lines from stdin")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return im.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&im.hall, "hall", "", "the `hall` of a sheet's rows; not needed where there is only one")
	flags.StringVar(&im.kind, "kind", "", "what a sheet's rows are: `kind` "+strings.Join(sheet.KindNames(), ", ")+" (default: told by the headings)")
	flags.StringVar(&im.source, "source", "import", "who speaks: the last `token` of the subject")
	flags.StringVar(&im.sheet, "sheet", "", "the `name` of a workbook's sheet (default the first)")
	flags.StringArrayVar(&im.columns, "map", nil, "a heading and the field it gives: `heading=field`")
	flags.StringArrayVar(&im.values, "set", nil, "a field that is the same in every row: `field=value`")
	flags.StringVar(&im.month, "month", "", "the `month` of every row of case volumes, bonus or figures; a row of another month is refused")
	flags.BoolVar(&im.dryRun, "dry-run", false, "say what would change and send nothing")
	flags.BoolVar(&im.lines, "lines", false, "print the rows as JSON lines and send nothing; needs no daemon")
	flags.StringVar(&im.policy, "policy", "", "with --lines: find hall, zone, windows and kinds in this policy `file`")
	flags.BoolVar(&im.force, "force", false, "send events although their time lies in the future, and policies of another hall or with keys that nobody knows")
	flags.BoolVar(&im.add, "add", false, "add leave and bonus rows beside others of the same subject")
	complete(cmd, "kind", sheet.KindNames)
	c.addServerFlag(cmd)
	return cmd
}

func (im *importing) run(ctx context.Context, files []string) error {
	columns, err := pairs("--map", im.columns)
	if err != nil {
		return err
	}
	values, err := pairs("--set", im.values)
	if err != nil {
		return err
	}
	options := sheet.Options{Source: im.source, Kind: hall.Kind(im.kind), Sheet: im.sheet, Columns: columns, Values: values}
	if im.month != "" {
		if options.Month, err = monthArg(im.month); err != nil {
			return err
		}
	}
	if im.kind != "" && !slices.Contains(sheet.KindNames(), im.kind) {
		return usagef("--kind %q: want %s", im.kind, strings.Join(sheet.KindNames(), ", "))
	}
	failed := false
	for _, file := range files {
		err := im.file(ctx, file, options)
		if bad, ok := errors.AsType[*sheet.RowError](err); ok {
			im.warnRow(bad) // a bad file costs no other file
			err = errReported
		}
		if err != nil && !errors.Is(err, errReported) {
			return err
		}
		failed = failed || err != nil
	}
	if failed {
		return errReported
	}
	return nil
}

// pairs reads flags of the form name=value.
func pairs(flag string, given []string) (map[string]string, error) {
	m := make(map[string]string, len(given))
	for _, g := range given {
		name, value, ok := strings.Cut(g, "=")
		if !ok || name == "" || value == "" {
			return nil, usagef("%s %q: want name=value", flag, g)
		}
		m[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return m, nil
}

// file imports one file; what is wrong with its rows is reported by itself.
func (im *importing) file(ctx context.Context, path string, o sheet.Options) error {
	in, err := im.open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if !sheet.IsSheet(path, head[:n]) && im.kind == "" {
		lines := io.MultiReader(bytes.NewReader(bytes.TrimPrefix(head[:n], []byte(bom))), in)
		return im.jsonLines(ctx, path, lines, size(in))
	}
	rest := io.MultiReader(bytes.NewReader(head[:n]), in)
	raw, err := io.ReadAll(io.LimitReader(rest, maxSheet+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return im.sheetFile(ctx, path, raw, o)
}

// bom is what editors of Windows put before a text; no event begins with it.
const bom = "\xef\xbb\xbf"

// maxSheet is more than package sheet takes, which says so itself.
const maxSheet = 300 << 20

func size(r io.Reader) int64 {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// jsonLines sends lines as they are.
func (im *importing) jsonLines(ctx context.Context, path string, lines io.Reader, size int64) error {
	if im.lines {
		return quietPipe(copyLines(im.stdout, lines))
	}
	if im.dryRun {
		return im.checkLines(path, lines)
	}
	cl, err := im.client()
	if err != nil {
		return err
	}
	defer cl.close()
	bar := im.newProgress(path, size)
	sum, err := im.post(ctx, cl, &counting{r: lines, seen: func(n int64) { bar.Set(n, size) }}, func(line int, r refused) {
		im.warnf("%s: line %d: %s", path, line, r)
	})
	bar.Done()
	if err != nil {
		return fmt.Errorf("import %s: %w", path, err)
	}
	return im.sum(path, sum)
}

// counting counts the bytes that are read.
type counting struct {
	r    io.Reader
	n    int64
	seen func(int64)
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.seen(c.n)
	return n, err
}

func (im *importing) sum(path string, sum summary) error {
	text := fmt.Sprintf("%s: %d read, %s", path, sum.Read, sum.sent(0))
	if sum.Refused > 0 {
		text += fmt.Sprintf(", %d refused", sum.Refused)
	}
	text += im.conflicts(path, sum) + im.strangers(path, sum)
	if err := im.printf("%s\n", text); err != nil {
		return err
	}
	if sum.Refused > 0 {
		return errReported
	}
	return nil
}

// conflicts names the events whose uid holds another content, and returns their
// part of the summary. Both contents are in the log: the lists say which counts.
func (im *importing) conflicts(path string, sum summary) string {
	if sum.Conflicts == 0 {
		return ""
	}
	for _, text := range sum.Conflicting {
		im.warnf("%s: %s", path, text)
	}
	return fmt.Sprintf(", %d in conflict", sum.Conflicts)
}

// strangers names the people whom no roster row names, and returns their part of the
// summary: what speaks of them is kept, and counts once a row is there.
func (im *importing) strangers(path string, sum summary) string {
	if sum.Unresolved == 0 {
		return ""
	}
	im.warnf("%s: 花名册中没有的人员：%s - not on the roster: enter them (rollcall roster, rollcall import), and what is there of them counts at once",
		path, strings.Join(sum.Strangers, "、"))
	return fmt.Sprintf(", %d unresolved (未解决)", sum.Unresolved)
}

// warnRow says what is wrong with a row, or with a whole sheet.
func (im *importing) warnRow(err error) {
	if bad, ok := errors.AsType[*sheet.RowError](err); ok {
		im.warnf("%s - %v", bad.Zh(), bad)
		return
	}
	im.warnf("%v", err)
}

// refused is a line that the daemon did not take, or one that it found odd.
type refused struct {
	Line     int    `json:"line"`
	Reason   string `json:"reason"`
	ReasonZh string `json:"reason_zh"` // of what is odd the reason says it
}

func (r refused) String() string {
	if r.ReasonZh == "" {
		return r.Reason
	}
	return r.ReasonZh + " - " + r.Reason
}

// summary is what came of an import.
type summary struct {
	Read        int      `json:"read"`
	Published   int      `json:"published"`
	Duplicates  int      `json:"duplicates"`
	Refused     int      `json:"refused"`
	Conflicts   int      `json:"conflicts"`   // stored beside the other content that their uid holds
	Conflicting []string `json:"conflicting"` // the first of them
	Unresolved  int      `json:"unresolved"`  // lines of people whom no roster row names
	Strangers   []string `json:"strangers"`   // the first of those
	Sequence    uint64   `json:"sequence"`
}

// sent says what was sent, and what was there already, same being what was not even sent.
func (s summary) sent(same int) string {
	return fmt.Sprintf("%d sent, %d already there", s.Published, s.Duplicates+same)
}

// post sends lines and reads the daemon's answer to each that it refuses or finds odd.
func (im *importing) post(ctx context.Context, cl *client, lines io.Reader, say func(line int, r refused)) (summary, error) {
	query := url.Values{}
	if im.force {
		query.Set("force", "1")
	}
	resp, err := cl.stream(ctx, http.MethodPost, "/api/v1/import", query, "application/x-ndjson", lines)
	if err != nil {
		return summary{}, err
	}
	defer resp.Body.Close()
	answers := json.NewDecoder(resp.Body)
	for {
		var answer struct {
			Refused *refused     `json:"refused"`
			Doubted *refused     `json:"doubted"` // taken all the same
			Summary *summary     `json:"summary"`
			Problem *web.Problem `json:"problem"`
		}
		switch err := answers.Decode(&answer); {
		case err != nil:
			return summary{}, fmt.Errorf("the answer broke off (%w): import the same file again, which is safe", err)
		case answer.Problem != nil:
			return summary{}, answer.Problem
		case answer.Refused != nil:
			answer.Refused.Reason = flagInstead(answer.Refused.Reason)
			answer.Refused.ReasonZh = flagInstead(answer.Refused.ReasonZh)
			say(answer.Refused.Line, *answer.Refused)
		case answer.Doubted != nil:
			say(answer.Doubted.Line, *answer.Doubted)
		case answer.Summary != nil:
			return *answer.Summary, nil
		}
	}
}

// checkLines is the dry run of JSON lines: whether each is an event.
func (im *importing) checkLines(path string, lines io.Reader) error {
	in := bufio.NewReaderSize(lines, 64<<10)
	read, bad := 0, 0
	for {
		line, err := ingest.ReadLine(in, web.MaxBody)
		if errors.Is(err, io.EOF) {
			break
		}
		if _, long := errors.AsType[*ingest.LongLine](err); err != nil && !long {
			return fmt.Errorf("read %s: %w", path, err)
		}
		read++
		if err == nil {
			err = readable(line)
		}
		if err != nil {
			bad++
			im.warnf("%s: line %d: %v", path, read, inBoth(err))
		}
	}
	if err := im.printf("%s: %d read, %d no events; nothing was sent\n", path, read, bad); err != nil || bad == 0 {
		return err
	}
	return errReported
}

// readable says what keeps a line from being an event.
func readable(line []byte) error {
	subject, body, err := hall.DecodeLine(line)
	if err == nil {
		_, err = hall.Decode(subject, body)
	}
	return err
}
