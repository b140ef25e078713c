package main

// The command calendar: statutory calendars shown, and newer ones imported.

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rollcall/configs"
	"rollcall/hall"
)

func newCalendar(c *cli) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "calendar",
		Short:   "Show statutory calendars, import newer ones (放假安排)",
		GroupID: groupKeep,
	}
	cmd.AddCommand(newCalendarImport(c), newCalendarShow(c), newCalendarYears(c))
	return cmd
}

func newCalendarImport(c *cli) *cobra.Command {
	m := &making{cli: c}
	all := false
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Give halls a statutory table that is newer than the shipped one",
		Long: `Read the days off and make-up workdays of a year from a file of holiday-cn (JSON
with year and days) or an iCalendar file, and make one event a year for the hall,
or for every hall. A table takes the place of the one before of its year.`,
		Example: `  rollcall calendar import 2027.json --all
  rollcall calendar import holidays.ics --hall demo`,
		Args: exactly("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.importCalendar(cmd.Context(), args[0], all)
		},
	}
	m.addFlags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "for every hall of the daemon")
	cmd.MarkFlagsMutuallyExclusive("hall", "all")
	return cmd
}

func (m *making) importCalendar(ctx context.Context, file string, all bool) error {
	raw, err := m.readAll(file, 4<<20)
	if err != nil {
		return err
	}
	years, err := configs.ImportCalendar(file, raw)
	if err != nil {
		return m.report(err)
	}
	halls := []string{m.hall}
	if all {
		if halls, err = m.allHalls(ctx); err != nil {
			return err
		}
	}
	failed := false
	for _, h := range halls {
		m.hall = h
		in, cl, err := m.place(ctx)
		if err != nil {
			return err
		}
		for _, y := range years {
			err := m.publish(ctx, cl, in, hall.KindCalendar, map[string]any{"year": y.Year, "days": y.Days})
			if err != nil && !errors.Is(err, errReported) {
				cl.close()
				return err
			}
			failed = failed || err != nil
		}
		cl.close()
	}
	if failed {
		return errReported
	}
	return nil
}

func (m *making) allHalls(ctx context.Context) ([]string, error) {
	cl, err := m.client()
	if err != nil {
		return nil, err
	}
	defer cl.close()
	list, err := cl.halls(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, h := range list {
		names = append(names, string(h.Hall))
	}
	if len(names) == 0 {
		return nil, errors.New("the daemon has no hall yet: give it one with `rollcall policy apply FILE`")
	}
	return names, nil
}

func newCalendarShow(c *cli) *cobra.Command {
	var a asking
	cmd := &cobra.Command{
		Use:   "show YEAR",
		Short: "Print the days off and make-up workdays of a year",
		Example: `  rollcall calendar show 2020
  rollcall calendar show 2027 --hall demo`,
		Args: exactly("YEAR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			year, err := strconv.Atoi(args[0])
			if err != nil || year < 2000 || year > 2099 {
				return usagef("%q is no year: want one such as 2020", args[0])
			}
			return c.showCalendar(cmd.Context(), year, a.hall)
		},
	}
	cmd.Flags().StringVar(&a.hall, "hall", "", "as this `hall` has it, imported tables included (asks the daemon)")
	c.addServerFlag(cmd)
	return cmd
}

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

func (c *cli) showCalendar(ctx context.Context, year int, named string) error {
	table := configs.Statutory()
	from := "随程序提供 - shipped"
	if named != "" {
		uid, err := c.importedCalendar(ctx, named, year, table)
		if err != nil {
			return err
		}
		if uid != "" {
			from = "导入 - imported: " + string(uid)
		}
	}
	if !table.Has(year) {
		return fmt.Errorf("there is no table of %d: import one with `rollcall calendar import FILE`; shipped are %s", year, shippedYears())
	}
	days := slices.SortedFunc(maps.Values(table[year]), func(a, b hall.CalendarDay) int { return int(a.Date - b.Date) })
	if err := c.printf("%d (%s)\n", year, from); err != nil {
		return err
	}
	for _, d := range days {
		what := "班"
		if d.Off {
			what = "休"
		}
		if err := c.printf("%s %s %s %s\n", d.Date, weekdays[d.Date.Weekday()], what, d.Name); err != nil {
			return err
		}
	}
	return nil
}

// importedCalendar puts a hall's own tables over the shipped ones and returns
// which event gave that of the year.
func (c *cli) importedCalendar(ctx context.Context, named string, year int, table hall.Calendar) (hall.UID, error) {
	id, err := hallToken(named)
	if err != nil {
		return "", err
	}
	cl, err := c.client()
	if err != nil {
		return "", err
	}
	defer cl.close()
	var facts hall.Facts
	err = cl.facts(ctx, id, hall.KindRuling, func(subject string, body []byte) error {
		_, kind, _, _ := hall.ParseSubject(subject) // facts has parsed it
		if kind != hall.KindCalendar && kind != hall.KindRuling {
			return nil
		}
		event, err := hall.Decode(subject, body)
		if err == nil {
			facts.Add(event.Fact)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	struck := struckBy(facts.Rulings)
	var from hall.UID
	own := facts.Without(func(uid hall.UID) bool { return struck[uid] }).CalendarYears()
	maps.Copy(table, hall.NewCalendar(own...))
	for _, y := range own {
		if y.Year == year {
			from = y.UID
		}
	}
	return from, nil
}

func shippedYears() string {
	years := slices.Sorted(maps.Keys(configs.Statutory()))
	var texts []string
	for _, y := range years {
		texts = append(texts, strconv.Itoa(y))
	}
	return strings.Join(texts, ", ")
}

func newCalendarYears(c *cli) *cobra.Command {
	return &cobra.Command{
		Use:     "years",
		Short:   "Print the years of which the program knows the calendar",
		Example: `  rollcall calendar years`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			table := configs.Statutory()
			for _, year := range slices.Sorted(maps.Keys(table)) {
				off, work := 0, 0
				for _, d := range table[year] {
					if d.Off {
						off++
					} else {
						work++
					}
				}
				if err := c.printf("%d: 休 %d, 班 %d\n", year, off, work); err != nil {
					return err
				}
			}
			if next := time.Now().Year() + 1; !table.Has(next) {
				c.warnf("%d is not shipped: import it once the notice is out (rollcall calendar import FILE --all)", next)
			}
			return nil
		},
	}
}
