package hall

import "fmt"

// CalendarDay is a day of a statutory table: a holiday, or a make-up workday.
type CalendarDay struct {
	Date Date   `json:"date"`
	Name string `json:"name"`
	Off  bool   `json:"off"`
}

// CalendarYear is a statutory table, newer than the built-in one of its year.
type CalendarYear struct {
	Head
	Year int
	Days []CalendarDay
}

func (*CalendarYear) isFact() {}

// Calendar holds statutory tables by year. Plain weekends are not in them.
type Calendar map[int]map[Date]CalendarDay

// NewCalendar indexes tables; of two of the same year the later in the list
// holds.
func NewCalendar(years ...CalendarYear) Calendar {
	c := make(Calendar, len(years))
	for _, y := range years {
		days := make(map[Date]CalendarDay, len(y.Days))
		for _, d := range y.Days {
			days[d.Date] = d
		}
		c[y.Year] = days
	}
	return c
}

// Has reports whether there is a table of the year.
func (c Calendar) Has(year int) bool {
	_, ok := c[year]
	return ok
}

// Day looks d up in its own year's table and, where that says nothing, in the
// next year's: a late-December day may be ruled by the notice of the new year.
func (c Calendar) Day(d Date) (CalendarDay, bool) {
	year := d.Year()
	if day, ok := c[year][d]; ok {
		return day, true
	}
	day, ok := c[year+1][d]
	return day, ok
}

func readCalendarYear(r *reader, h Head) Fact {
	return &CalendarYear{
		Head: h,
		Year: int(r.need("year").integer(1, 9999)),
		Days: r.need("days").calendarDays(),
	}
}

// calendarDays reads a list of objects; the name of a day may be empty.
func (f field) calendarDays() []CalendarDay {
	const want = `a list of days such as {"date": "2020-10-01", "name": "国庆节", "off": true}`
	if !f.given(want) {
		return nil
	}
	elements, ok := elementsOf(f.value)
	if !ok {
		f.bad(want)
		return nil
	}
	days := make([]CalendarDay, 0, len(elements))
	for i, element := range elements {
		day, err := readCalendarDay(element)
		if err != nil {
			f.r.reject(f.name, "bad", fmt.Sprintf("[%d]: %s", i, err.Reason), want)
			return nil
		}
		days = append(days, day)
	}
	return days
}

func readCalendarDay(element []byte) (CalendarDay, *Rejection) {
	members, ok := membersOf(element)
	if !ok {
		return CalendarDay{}, &Rejection{Reason: "not an object: " + shown(element)}
	}
	r := &reader{members: members}
	day := CalendarDay{
		Date: r.need("date").date(),
		Name: r.may("name").text(),
		Off:  r.need("off").flag(),
	}
	return day, r.err
}
