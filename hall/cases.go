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
