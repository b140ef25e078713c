package hall

// Cases is a case volume of a month or of a day. Without a window it is the
// hall's total, without a category the total of its window.
type Cases struct {
	Head
	Month     Month // of `month`, else of `date`
	Date      Date  // 0 = a month's figure, which beats its dates
	Window    WindowID
	Category  string
	Accepted  int64
	Completed int64 // may exceed Accepted
	OnTime    int64
}

func (*Cases) isFact() {}

func readCases(r *reader, h Head) Fact {
	c := &Cases{Head: h}
	c.Month, c.Date = r.monthOrDate()
	c.Window = r.may("window").window()
	c.Category = r.may("category").text()
	c.Accepted = r.need("accepted").integer(0, maxCount)
	c.Completed = r.need("completed").integer(0, maxCount)
	c.OnTime = r.need("on_time").integer(0, maxCount)
	return c
}
