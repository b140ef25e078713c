package main

// From the text of a flag to the value of a field.

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

const (
	wantMoment = "a time such as 2020-11-03 08:21, 08:21 (today), now, or 2020-11-03T08:21:00+08:00"
	wantDay    = "a date such as 2020-11-03, or today or yesterday"
)

// fieldValue returns the JSON value of a field, or what was wanted instead.
func fieldValue(kind, text string, in place) (value any, want string) {
	switch kind {
	case "time":
		if t, ok := momentIn(text, in); ok {
			return t.Format(time.RFC3339), ""
		}
		return nil, wantMoment
	case "date or time", "date, time, true or false":
		if d, ok := dayIn(text, in); ok {
			return d, ""
		}
		if t, ok := momentIn(text, in); ok {
			return t.Format(time.RFC3339), ""
		}
		if kind != "date or time" && (text == "true" || text == "false") {
			return text == "true", ""
		}
		return nil, wantDay + "; or " + wantMoment
	case "date":
		if d, ok := dayIn(text, in); ok {
			return d, ""
		}
		return nil, wantDay
	case "month":
		if _, err := hall.ParseMonth(text); err == nil {
			return text, ""
		}
		return nil, "a month such as 2020-11"
	case "integer":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, "a whole number such as 14"
		}
		return n, ""
	case "number or text":
		if plainNumber.MatchString(text) {
			return json.Number(text), ""
		}
	}
	return text, ""
}

var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`)

// listValue returns a list; ids and words may also be joined by commas, the
// items of a text not.
func listValue(field hall.FieldInfo, given []string) any {
	if len(given) == 0 {
		return nil
	}
	if field.Type == "list of texts" && field.Name != "aliases" {
		return given
	}
	var list []string
	for _, g := range given {
		for part := range strings.SplitSeq(g, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
	}
	if len(list) == 0 {
		return nil // an empty list is none, not a null
	}
	return list
}

// dayIn reads a date.
func dayIn(text string, in place) (hall.Date, bool) {
	today := hall.DateIn(in.zone, in.now)
	switch text {
	case "today", "今天":
		return today, true
	case "yesterday", "昨天":
		return today - 1, true
	}
	d, err := hall.ParseDate(text)
	return d, err == nil
}

// momentIn reads a moment; without an offset it is what the hall's clock shows.
func momentIn(text string, in place) (time.Time, bool) {
	if text == "now" || text == "现在" {
		return in.now, true
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.Truncate(time.Second), true
	}
	text = strings.Replace(text, "T", " ", 1)
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, in.zone); err == nil {
			return t, true
		}
	}
	day, clock := hall.DateIn(in.zone, in.now), text
	if word, rest, ok := strings.Cut(text, " "); ok {
		if day, ok = dayIn(word, in); !ok {
			return time.Time{}, false
		}
		clock = rest
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if t, err := time.Parse(layout, clock); err == nil {
			at := hall.Clock(t.Hour()*3600 + t.Minute()*60 + t.Second())
			return day.At(at, in.zone).Time().In(in.zone), true
		}
	}
	return time.Time{}, false
}

// encodeBody writes fields as JSON with nothing escaped that need not be.
func encodeBody(fields map[string]any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(fields)
	return bytes.TrimSpace(b.Bytes()), err
}
