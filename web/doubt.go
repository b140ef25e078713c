package web

// What of an event is odd and may be right all the same.

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"rollcall/hall"
)

// longSpan is how many days leave or a stand-in lasts, or begins ahead, without a word.
const longSpan = 366

// doubt says what of an event is odd, "" for nothing: a month that is still to come, a
// span of more than a year, more cases on time than completed, a person's id that
// reads like a window's. It is taken all the same; a slip of the pen is found now and
// not when the month is sealed.
func doubt(event hall.Event, now time.Time) string {
	today := hall.DateIn(time.UTC, now) + 1 // wherever the hall is, it is no later
	switch f := event.Fact.(type) {
	case *hall.Cases:
		return cmp.Or(monthToCome(f.Month, today), onTime(f))
	case *hall.Bonus:
		return monthToCome(f.Month, today)
	case *hall.Figure:
		return monthToCome(f.Month, today)
	case *hall.Leave:
		return longOrFar(f.From, f.Until, today)
	case *hall.StandIn:
		return longOrFar(f.From, f.Until, today)
	case *hall.Excuse:
		return longOrFar(f.From, f.Until, today)
	case *hall.Roster:
		return likeWindow(f.Person)
	}
	return ""
}

func likeWindow(person hall.PersonID) string {
	if !strings.HasPrefix(string(person), "@") {
		return ""
	}
	return fmt.Sprintf("请核对：人员编号“%s”以@开头，会与窗口的违规编号相混 - person %[1]q begins with @, as windows do in the ids of violations: another id is better", person)
}

func monthToCome(m hall.Month, today hall.Date) string {
	if m.First() <= today {
		return ""
	}
	return fmt.Sprintf("请核对：%s尚未到来 - month %[1]s is still to come", m)
}

func onTime(c *hall.Cases) string {
	if c.OnTime <= c.Completed {
		return ""
	}
	return fmt.Sprintf("请核对：按时办结%d件，多于办结%d件 - %[1]d cases on time are more than the %[2]d completed", c.OnTime, c.Completed)
}

func longOrFar(from, until hall.Bound, today hall.Date) string {
	first, last := dateOfBound(from), dateOfBound(until)
	switch {
	case last-first >= longSpan:
		return fmt.Sprintf("请核对：从%s到%s，超过一年 - from %[1]s until %[2]s is more than a year", first, last)
	case first-today > longSpan:
		return fmt.Sprintf("请核对：%s在一年以后 - %[1]s is more than a year ahead", first)
	}
	return ""
}

// dateOfBound is the date of a bound, by UTC where it is a moment.
func dateOfBound(b hall.Bound) hall.Date {
	if b.Date != 0 {
		return b.Date
	}
	return hall.DateIn(time.UTC, b.At.Time())
}
