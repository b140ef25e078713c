package main

// An appeal against a violation: a ruling that decides nothing by itself.

import (
	"context"

	"github.com/spf13/cobra"

	"rollcall/hall"
)

// appealing are the flags of appeal.
type appealing struct {
	making
	by     string
	reason string
}

func newAppeal(c *cli) *cobra.Command {
	a := &appealing{making: making{cli: c}}
	cmd := &cobra.Command{
		Use:   "appeal VIOLATION-ID",
		Short: "Appeal against a violation (申诉)",
		Long: `申诉: somebody objects to a violation. The appeal decides nothing: what was decided
before holds, marked as appealed, until somebody rules on it (rollcall rule --state
upheld, or cancelled). It is possible for the workdays that the policy names, from
the later of the violation's day and that of its first proof; a later one is kept,
shown as late, and nobody has to answer it. The ids are those of
rollcall report MONTH --list appeals.`,
		Example: `  rollcall appeal 2020-11-03/morning/in/1023 --by 1023 --reason 当日电梯故障
  rollcall report 2020-11 --list appeals`,
		GroupID: groupEvent,
		Args:    exactly("VIOLATION-ID"),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), args[0]) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&a.by, "by", "", "`who` appeals; required")
	cmd.Flags().StringVar(&a.reason, "reason", "", "`why`; required")
	a.addFlags(cmd)
	return cmd
}

func (a *appealing) run(ctx context.Context, id string) error {
	switch {
	case !hall.IsViolationID(id):
		return usagef("%q is no violation: want its id, such as 2020-11-03/morning/in/1023; rollcall report MONTH --list appeals shows them", id)
	case a.by == "":
		return usagef("--by is missing: say who appeals")
	case a.reason == "":
		return usagef("--reason is missing: say why")
	}
	in, cl, err := a.place(ctx)
	if err != nil {
		return err
	}
	defer cl.close()
	return a.publish(ctx, cl, in, hall.KindRuling, map[string]any{"on": id, "state": string(hall.Appealed), "by": a.by, "reason": a.reason})
}
