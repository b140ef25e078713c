package main

// Sealing a month: what stands in the way, and the issue.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/web"
)

// sealing are the flags of seal.
type sealing struct {
	*cli
	asking
	by     string
	force  string
	source string
	dryRun bool
}

func newSeal(c *cli) *cobra.Command {
	s := &sealing{cli: c}
	cmd := &cobra.Command{
		Use:   "seal MONTH",
		Short: "Close a month: issue it with all its lists (封账)",
		Long: `封账: freeze the month as it is now, with all its lists, as issue 1, or after
changes as the next issue with the list of what changed. First everything is named
that stands in the way: pending punches, contested notes, events that name
something unknown, a year without a calendar; the month is then not sealed and the
exit status is 1, unless --force says why it may be. An issue is never changed:
later events show as changes since it, until the month is sealed again. A month
that would say what its last issue says is not sealed again, so that repeating the
command is safe.`,
		Example: `  rollcall seal 2020-11 --dry-run
  rollcall seal 2020-11 --by 督查科
  rollcall seal 2020-11 --by 督查科 --force 考勤机T09已报废，数据无法补传`,
		GroupID: groupEvent,
		Args:    exactly("MONTH"),
		RunE:    func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), args[0]) },
	}
	cmd.Flags().StringVar(&s.by, "by", "", "`who` seals the month; required")
	cmd.Flags().StringVar(&s.force, "force", "", "seal although something stands in the way, for this `reason`")
	cmd.Flags().BoolVar(&s.dryRun, "dry-run", false, "say what stands in the way and seal nothing; exit status 1 if anything does")
	cmd.Flags().StringVar(&s.source, "source", "console", "who speaks: the last `token` of the subject")
	s.addHallFlag(cmd)
	s.addAsOfFlag(cmd)
	c.addServerFlag(cmd)
	return cmd
}

func (s *sealing) run(ctx context.Context, typed string) error {
	month, err := monthArg(typed)
	if err != nil {
		return err
	}
	if s.by == "" && !s.dryRun {
		return usagef("--by is missing: say who seals the month")
	}
	if _, err := s.asOfInstant(); err != nil {
		return err
	}
	cl, err := s.client()
	if err != nil {
		return err
	}
	defer cl.close()
	id, err := cl.theHall(ctx, s.hall)
	if err != nil {
		return err
	}
	would, err := s.ask(ctx, cl, id, month, true)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(would.Obstacles, func(o report.Obstacle) bool { return o.List == report.Unchanged })
	if i >= 0 && s.force == "" {
		return s.printf("%s %s：无变化，不需要另行封账 - nothing was sealed\n", month, would.Obstacles[i].Text)
	}
	if err := s.sayObstacles(month, would); err != nil {
		return err
	}
	switch {
	case len(would.Obstacles) > 0 && s.force == "":
		s.warnf("%s 不能封账：有%d项妨碍 - not sealed; deal with them, or give a reason with --force", month, len(would.Obstacles))
		return errReported
	case s.dryRun:
		return s.printf("%s 可以封为第%d号 - nothing was sealed\n", month, would.Number)
	}
	done, err := s.ask(ctx, cl, id, month, false)
	if err != nil {
		return err
	}
	return s.sayIssue(month, done)
}

// ask asks the daemon to seal, or what stands in the way.
func (s *sealing) ask(ctx context.Context, cl *client, id hall.ID, month hall.Month, dryRun bool) (web.Sealing, error) {
	body, err := json.Marshal(map[string]any{"by": s.by, "force": s.force, "as_of": s.asOf, "source": s.source, "dry_run": dryRun})
	if err != nil {
		return web.Sealing{}, err
	}
	asked, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var answer web.Sealing
	err = cl.post(asked, monthPath(id, month)+"/issues", nil, "application/json", bytes.NewReader(body), &answer)
	if p, ok := errors.AsType[*web.Problem](err); ok && p.Status == http.StatusServiceUnavailable && p.Code == "outcome_unknown" {
		return answer, fmt.Errorf("结果未知，可放心重试 - %w", err)
	}
	return answer, err
}

// monthPath is the path of a month's resources.
func monthPath(id hall.ID, month hall.Month) string {
	return "/api/v1/halls/" + segment(string(id)) + "/months/" + month.String()
}

// sayObstacles names what stands in the way, and what one should know.
func (s *sealing) sayObstacles(month hall.Month, would web.Sealing) error {
	for _, o := range would.Obstacles {
		if err := s.printf("妨碍封账：%s。办法：%s\n", o.Text, o.Do); err != nil {
			return err
		}
	}
	for _, hint := range would.Hints {
		if err := s.printf("提醒：%s\n", hint); err != nil {
			return err
		}
	}
	return nil
}

func (s *sealing) sayIssue(month hall.Month, done web.Sealing) error {
	since := ""
	if done.Changed != nil {
		since = fmt.Sprintf("，与上一号相比有%d处不同（rollcall report %s --issue %d --changes）", *done.Changed, month, done.Number)
	}
	return s.printf("%s 第%d号已封账 - sealed as of %s, up to event %d%s\n摘要 %s\n", month, done.Number, done.AsOf, done.Sequence, since, done.Issue.Digest)
}
