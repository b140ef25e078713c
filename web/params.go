package web

// The parameters of a query.

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

// params are the parameters of a query, each known to the route and given once.
type params struct{ url.Values }

// query reads the parameters of a request. One that the route does not know, or
// that is given twice, is refused: a misspelt as_of must not be answered with
// today's list.
func query(r *http.Request, known []string) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, problem(http.StatusBadRequest, "bad_parameter",
			"the query cannot be read: want name=value pairs joined by &", "查询参数无法识别，应为 name=value，以 & 连接")
	}
	for name, given := range values {
		if !slices.Contains(known, name) {
			return nil, unknownParameter(name, known)
		}
		if len(given) > 1 {
			return nil, problem(http.StatusBadRequest, "bad_parameter",
				fmt.Sprintf("parameter %s is given %d times: give it once", name, len(given)),
				fmt.Sprintf("参数 %s 给出了 %d 次，只能给一次", name, len(given))).at(name, given[1], "once")
		}
	}
	return values, nil
}

func unknownParameter(name string, known []string) *Problem {
	allowed := strings.Join(known, ", ")
	if allowed == "" {
		allowed = "none"
	}
	return problem(http.StatusBadRequest, "unknown_parameter",
		fmt.Sprintf("there is no parameter %q here: there are %s", name, allowed),
		fmt.Sprintf("没有参数 %q，可用的有：%s", name, allowed)).at(name, "", allowed)
}

const (
	wantTime   = "RFC 3339 with an offset, for example 2020-12-01T00:00:00+08:00, from 2000 to 2099"
	wantTimeZh = "带时区的时间，如 2020-12-01T00:00:00+08:00，在 2000 年至 2099 年之间"
)

// asOf reads the moment at which bands are closed; without one it is now, cut
// to the minute, so that the answers of one minute are the same.
func (p params) asOf(now time.Time) (hall.Instant, error) {
	text := p.Get("as_of")
	if !p.Has("as_of") {
		return hall.InstantOf(now.Truncate(time.Minute)), nil
	}
	// In a query an unescaped + is a space; people paste times as they are.
	t, err := time.Parse(time.RFC3339, strings.Replace(text, " ", "+", 1))
	if err != nil || t.UTC().Year() < 2000 || t.UTC().Year() > 2099 {
		return 0, badParameter("as_of", text, wantTime, wantTimeZh)
	}
	return hall.InstantOf(t), nil
}

func (p params) sequence(name string) (uint64, error) {
	text := p.Get(name)
	if !p.Has(name) {
		return 0, nil
	}
	seq, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, badParameter(name, text, "a whole number, for example 5418", "整数，如 5418")
	}
	return seq, nil
}

// issue reads the number of an issue; 0 = none is asked for.
func (p params) issue() (int, error) {
	text := p.Get("issue")
	if !p.Has("issue") {
		return 0, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, badParameter("issue", text, "the number of an issue, 1 or more", "封账编号，即 1 以上的整数")
	}
	if p.Has("as_of") {
		return 0, badParameter("as_of", p.Get("as_of"), "nothing beside issue, which has its own", "空：封账自有其时间，不能与 issue 同时给出")
	}
	return number, nil
}

func (p params) flag(name string) (bool, error) {
	switch text := p.Get(name); {
	case !p.Has(name), text == "0":
		return false, nil
	case text == "1":
		return true, nil
	default:
		return false, badParameter(name, text, "0 or 1", " 0 或 1")
	}
}

func monthOf(r *request) (hall.Month, error) {
	text := r.PathValue("month")
	month, err := hall.ParseMonth(text)
	if err != nil {
		return 0, problem(http.StatusBadRequest, "bad_month",
			fmt.Sprintf("month %q: want YYYY-MM, for example 2020-11", text),
			fmt.Sprintf("月份 %q 不对，应为 YYYY-MM，例如 2020-11", text)).at("month", text, "YYYY-MM")
	}
	return month, nil
}

func dateOf(r *request) (hall.Date, error) {
	text := r.PathValue("date")
	date, err := hall.ParseDate(text)
	if err != nil {
		return 0, problem(http.StatusBadRequest, "bad_date",
			fmt.Sprintf("date %q: want YYYY-MM-DD, for example 2020-11-30", text),
			fmt.Sprintf("日期 %q 不对，应为 YYYY-MM-DD，例如 2020-11-30", text)).at("date", text, "YYYY-MM-DD")
	}
	return date, nil
}
