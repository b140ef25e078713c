package main

// The command deadletters: messages that are no events, listed, shown and sent again.

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"rollcall/hall"
)

func newDeadLetters(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "deadletters",
		Short:   "List, show and resend messages that are no events",
		GroupID: groupKeep,
	}
	cmd.AddCommand(newDeadList(c), newDeadShow(c), newDeadResend(c))
	return cmd
}

func newDeadList(c *cli) *cobra.Command {
	var only, format string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the dead letters with their reasons",
		Example: `  rollcall deadletters list --hall demo`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if format != "text" && format != "json" {
				return usagef("--format %q: want text or json", format)
			}
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				return c.listDead(cmd.Context(), cl, only, format)
			})
		},
	}
	cmd.Flags().StringVar(&only, "hall", "", "only those of this `hall`, and those whose hall cannot be told")
	cmd.Flags().StringVar(&format, "format", "text", "the `format`: text or json")
	complete(cmd, "format", func() []string { return []string{"text", "json"} })
	c.addDataFlag(cmd)
	return cmd
}

// withDaemon calls do with the running daemon, or with one in this process.
func (c *cli) withDaemon(ctx context.Context, do func(*client) error) (err error) {
	cl, release, err := c.daemonOrLocal(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return do(cl)
}

func (c *cli) listDead(ctx context.Context, cl *client, only, format string) error {
	query := url.Values{}
	if only != "" {
		query.Set("hall", only)
	}
	list := []hall.DeadLetter{}
	for { // page by page
		var page struct {
			Dead []hall.DeadLetter `json:"dead"`
			Next *uint64           `json:"next"`
		}
		if err := cl.get(ctx, "/api/v1/deadletters", query, &page); err != nil {
			return err
		}
		list = append(list, page.Dead...)
		if page.Next == nil {
			break
		}
		query.Set("after", strconv.FormatUint(*page.Next, 10))
	}
	return c.printDead(list, format)
}

func (c *cli) printDead(list []hall.DeadLetter, format string) error {
	if format == "json" {
		text, err := json.MarshalIndent(map[string]any{"dead": list}, "", "  ")
		if err != nil {
			return err
		}
		return c.printf("%s\n", text)
	}
	for _, d := range list {
		if err := c.printf("%d  %s  %s: %s\n", number(d.Sequence), oneLine(cmp.Or(d.Subject, "-")), oneLine(cmp.Or(string(d.Field), "-")), oneLine(d.Reason)); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return c.printf("无 - none\n")
	}
	return nil
}

func number(n *uint64) uint64 {
	if n == nil {
		return 0
	}
	return *n
}

// sequenceArg reads a SEQUENCE argument.
func sequenceArg(s string) (string, error) {
	if _, err := strconv.ParseUint(s, 10, 64); err != nil {
		return "", usagef("%q is no sequence: want a number that `rollcall deadletters list` shows", s)
	}
	return "/api/v1/deadletters/" + s, nil
}

// deadLetter is a dead letter with what the log knows of it.
type deadLetter struct {
	Sequence uint64    `json:"sequence"`
	Subject  string    `json:"subject"`
	Field    hall.Name `json:"field"`
	Reason   string    `json:"reason"`
	Time     time.Time `json:"time"`
	Size     int       `json:"size"`
	Body     *string   `json:"body"`
	Settled  bool      `json:"settled"`
}

func newDeadShow(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show SEQUENCE",
		Short:   "Show a dead letter, with its text where it is no picture in disguise",
		Example: `  rollcall deadletters show 5419`,
		Args:    exactly("SEQUENCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := sequenceArg(args[0])
			if err != nil {
				return err
			}
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				var d deadLetter
				if err := cl.get(cmd.Context(), path, nil, &d); err != nil {
					return err
				}
				body := "(not shown: it may hold a picture, or is no text)"
				if d.Body != nil {
					body = visible(*d.Body)
				}
				settled := "no"
				if d.Settled {
					settled = "yes: an event of its uid is folded"
				}
				return c.printf("sequence %d\nsubject  %s\nreceived %s\nsize     %d bytes\nfield    %s\nreason   %s\nsettled  %s\n%s\n",
					d.Sequence, oneLine(d.Subject), d.Time.Format(time.RFC3339), d.Size, oneLine(cmp.Or(string(d.Field), "-")), oneLine(d.Reason), settled, body)
			})
		},
	}
	c.addDataFlag(cmd)
	return cmd
}

// visible writes control characters and direction marks as escapes: what a stranger
// published must neither move the cursor of who looks at it nor read otherwise than it is.
func visible(text string) string {
	return escaped(text, func(c rune) bool { return c != '\n' && c != '\t' && moves(c) })
}

// oneLine is visible for what stands in a line: a subject, the name of a field.
func oneLine(text string) string { return escaped(text, moves) }

func moves(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) }

func escaped(text string, bad func(rune) bool) string {
	var b strings.Builder
	for _, c := range text {
		if bad(c) {
			b.WriteString(strings.Trim(strconv.QuoteRune(c), "'"))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func newDeadResend(c *cli) *cobra.Command {
	var file, subject string
	cmd := &cobra.Command{
		Use:   "resend SEQUENCE",
		Short: "Send a dead letter again, as it is or corrected",
		Long: `Send a dead letter again: as it is, for a program that has learnt to read it, or
with a corrected body. It stays in the log; it is settled once its uid is folded.`,
		Example: `  rollcall deadletters resend 5419
  rollcall deadletters resend 5419 --body corrected.json`,
		Args: exactly("SEQUENCE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := sequenceArg(args[0])
			if err != nil {
				return err
			}
			return c.withDaemon(cmd.Context(), func(cl *client) error {
				if file == "" {
					var done posted
					if err := cl.call(cmd.Context(), http.MethodPost, path+"/resend", nil, "", nil, &done); err != nil {
						return err
					}
					return c.say(done)
				}
				return c.resendAs(cmd.Context(), cl, path, file, subject)
			})
		},
	}
	cmd.Flags().StringVar(&file, "body", "", "the corrected body (JSON `file`, - for stdin)")
	cmd.Flags().StringVar(&subject, "subject", "", "the corrected `subject`")
	c.addDataFlag(cmd)
	return cmd
}

// resendAs sends a corrected body in place of a dead letter.
func (c *cli) resendAs(ctx context.Context, cl *client, path, file, subject string) error {
	body, err := c.readAll(file, 64<<10)
	if err != nil {
		return err
	}
	if subject == "" {
		var d deadLetter
		if err := cl.get(ctx, path, nil, &d); err != nil {
			return err
		}
		subject = d.Subject
	}
	if _, err := hall.Decode(subject, body); err != nil {
		return err
	}
	done, err := c.send(ctx, cl, subject, body, true)
	if err != nil {
		return err
	}
	return c.say(done)
}
