package naivetest

// The statutory table of China as printed by the State Council, 2020 to 2026, for tests.

import (
	"fmt"
	"strings"
)

// China gives for each year the dates of which its notice speaks: true is a day off, false a make-up workday.
func China() map[int]map[string]bool {
	out := map[int]map[string]bool{}
	for year, list := range map[int][2]string{
		2020: {"01-01 01-24..02-02 04-04..04-06 05-01..05-05 06-25..06-27 10-01..10-08", "01-19 02-03 04-26 05-09 06-28 09-27 10-10"},
		2021: {"01-01..01-03 02-11..02-17 04-03..04-05 05-01..05-05 06-12..06-14 09-19..09-21 10-01..10-07", "02-07 02-20 04-25 05-08 09-18 09-26 10-09"},
		2022: {"01-01..01-03 01-31..02-06 04-03..04-05 04-30..05-04 06-03..06-05 09-10..09-12 10-01..10-07", "01-29 01-30 04-02 04-24 05-07 10-08 10-09"},
		2023: {"2022-12-31 01-01..01-02 01-21..01-27 04-05 04-29..05-03 06-22..06-24 09-29..10-06", "01-28 01-29 04-23 05-06 06-25 10-07 10-08"},
		2024: {"01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07", "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"},
		2025: {"01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08", "01-26 02-08 04-27 09-28 10-11"},
		2026: {"01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07", "01-04 02-14 02-28 05-09 09-20 10-10"},
	} {
		out[year] = map[string]bool{}
		fillDays(out[year], year, list[0], true)
		fillDays(out[year], year, list[1], false)
	}
	return out
}

func fillDays(table map[string]bool, year int, list string, off bool) {
	full := func(s string) string {
		if len(s) == len("01-02") {
			return fmt.Sprintf("%d-%s", year, s)
		}
		return s
	}
	for item := range strings.FieldsSeq(list) {
		from, until, isSpan := strings.Cut(item, "..")
		if !isSpan {
			until = from
		}
		first, _ := parseDate(full(from))
		last, _ := parseDate(full(until))
		for d := first; d <= last; d++ {
			table[d.String()] = off
		}
	}
}
