package paper

// What can be asked for, and the one way to write it.

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"rollcall/hall"
)

// Options refine how a list is written; the zero Options are the usual way.
type Options struct {
	// By groups the violations of text and sorts those of csv: person (the
	// default), date, window or kind.
	By string
	// Posting writes what may hang on a wall: names masked, no ids, no reasons of
	// leave, no notes; see posting.go.
	Posting bool
}

// The ways to group violations.
const (
	ByPerson = "person"
	ByDate   = "date"
	ByWindow = "window"
	ByKind   = "kind"
)

// Format is a way to write a report.
type Format struct {
	Name      string // as --format takes it
	Title     string // Chinese
	Extension string // of a file, without the dot
	MediaType string
	OneList   bool // it cannot hold all lists at once

	write    func(w io.Writer, r *hall.Report, lists []List, o Options) error // nil: it holds no lists
	bulletin func(w io.Writer, r *hall.Report) error                          // nil: it holds no bulletin
}

// Formats are the formats, in reading order.
var Formats = []Format{
	{Name: "text", Title: "文本", Extension: "txt", MediaType: "text/plain; charset=utf-8", write: writeText, bulletin: bulletinText},
	{Name: "json", Title: "JSON", Extension: "json", MediaType: "application/json", write: writeJSON, bulletin: bulletinJSON},
	{Name: "csv", Title: "CSV 表格", Extension: "csv", MediaType: "text/csv; charset=utf-8", OneList: true, write: writeCSV},
	{Name: "xlsx", Title: "Excel 工作簿", Extension: "xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write: writeXLSX},
	{Name: "docx", Title: "Word 公文", Extension: "docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", OneList: true, bulletin: bulletinDOCX},
	{Name: "html", Title: "网页（可打印）", Extension: "html", MediaType: "text/html; charset=utf-8", write: writeHTML, bulletin: bulletinHTML},
}

// MediaType returns the media type of a format, "" for one that there is not.
func MediaType(format string) string {
	for _, f := range Formats {
		if f.Name == format {
			return f.MediaType
		}
	}
	return ""
}

// All names the lists of a month together, without the long ones.
const All = "all"

// Write writes a list of a report, several parted by commas, or All, in a format.
// An empty list means All. The error of an unknown list, format or way of grouping wraps
// hall.ErrInvalid and names the allowed ones; nothing is written then.
func Write(w io.Writer, r *hall.Report, list, format string, o Options) error {
	f, lists, err := choose(list, format, o)
	if err != nil {
		return err
	}
	if o.Posting {
		r = posted(r)
	}
	if lists[0].Name == bulletinList.Name {
		return f.bulletin(w, r)
	}
	return f.write(w, r, lists, o)
}

// Check reports what Write would refuse, before there is a report.
func Check(list, format string, o Options) error {
	_, _, err := choose(list, format, o)
	return err
}

func choose(list, format string, o Options) (*Format, []List, error) {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == format })
	if i < 0 {
		return nil, nil, unknown("format", format, names(Formats, func(f Format) string { return f.Name }))
	}
	ways := []string{ByPerson, ByDate, ByWindow, ByKind}
	if o.By != "" && !slices.Contains(ways, o.By) {
		return nil, nil, unknown("grouping", o.By, ways)
	}
	lists, err := chosen(list)
	if err == nil && o.Posting {
		lists, err = postable(lists, list)
	}
	if err != nil {
		return nil, nil, err
	}
	switch f, bulletin := &Formats[i], slices.ContainsFunc(lists, func(l List) bool { return l.Name == bulletinList.Name }); {
	case bulletin && len(lists) > 1:
		return nil, nil, fmt.Errorf("%w list %q: the bulletin stands by itself; ask for --list bulletin and for the others apart", hall.ErrInvalid, list)
	case bulletin && f.bulletin == nil:
		return nil, nil, unfit(list, format+" holds no bulletin", "ask for it in", func(f *Format) bool { return f.bulletin != nil })
	case !bulletin && f.write == nil:
		return nil, nil, unfit(cmp.Or(list, All), format+" holds the bulletin alone", "ask for --list bulletin, or in", func(f *Format) bool { return f.write != nil })
	case f.OneList && len(lists) > 1:
		return nil, nil, fmt.Errorf("%w list %q: %s holds one list at a time; ask for one, for example --list violations", hall.ErrInvalid, All, format)
	default:
		return f, lists, nil
	}
}

// unfit refuses a list in a format and names the formats that hold it.
func unfit(list, why, instead string, holds func(*Format) bool) error {
	var allowed []string
	for i := range Formats {
		if holds(&Formats[i]) {
			allowed = append(allowed, Formats[i].Name)
		}
	}
	return fmt.Errorf("%w list %q: %s; %s one of %s", hall.ErrInvalid, list, why, instead, strings.Join(allowed, ", "))
}

// chosen finds lists by their names, in the order of Lists.
func chosen(list string) ([]List, error) {
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(cmp.Or(list, All), ",") {
		name = strings.TrimSpace(name)
		if name != All && !slices.ContainsFunc(Lists, func(l List) bool { return l.Name == name }) {
			return nil, unknown("list", name, append(names(Lists, func(l List) string { return l.Name }), All))
		}
		wanted[name] = true
	}
	var lists []List
	for _, l := range Lists {
		if wanted[l.Name] || wanted[All] && !l.Long {
			lists = append(lists, l)
		}
	}
	return lists, nil
}

// postable leaves out of a posting what only the office should see; a list of
// that sort cannot be asked for by its name.
func postable(lists []List, asked string) ([]List, error) {
	for name := range strings.SplitSeq(asked, ",") {
		for _, l := range lists {
			if l.Inner && l.Name == strings.TrimSpace(name) {
				return nil, fmt.Errorf("%w list %q: %s is for the office alone and is not posted; leave it out, or leave --posting out", hall.ErrInvalid, l.Name, l.Title)
			}
		}
	}
	return slices.DeleteFunc(lists, func(l List) bool { return l.Inner }), nil
}

// Keys are the JSON keys of the lists that Write would write.
func Keys(list string) []string {
	lists, _ := chosen(list) // Write says what is wrong with it
	return names(lists, func(l List) string { return l.Key })
}

func names[T any](table []T, name func(T) string) []string {
	list := make([]string, len(table))
	for i, t := range table {
		list[i] = name(t)
	}
	return list
}

func unknown(what, given string, allowed []string) error {
	return fmt.Errorf("%w %s %q: want one of %s", hall.ErrInvalid, what, given, strings.Join(allowed, ", "))
}
