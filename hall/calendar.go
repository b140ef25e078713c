package hall

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
