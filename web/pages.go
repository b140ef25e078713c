package web

// The pages: what there is, and a month's lists to read and print. They are
// plain HTML of our own; nothing is loaded from elsewhere and nothing runs.

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"rollcall/hall"
	"rollcall/report"
	"rollcall/report/paper"
	"rollcall/store"
)

//go:embed pages
var pageFiles embed.FS

type pages struct {
	templates *template.Template
	style     []byte
}

// newPages parses the embedded templates; one that is broken is a bug that the
// first test finds.
func newPages() *pages {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic("style sheet is not embedded: " + err.Error())
	}
	return &pages{
		templates: template.Must(template.ParseFS(pageFiles, "pages/*.html")),
		style:     style,
	}
}

// render sends a page whole.
func render[T any](s *Server, w http.ResponseWriter, name string, page T) error {
	var buf bytes.Buffer
	if err := s.pages.templates.ExecuteTemplate(&buf, name, page); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	_, err := buf.WriteTo(w)
	return err
}

func (s *Server) styleSheet(w http.ResponseWriter, _ *request) error {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, err := w.Write(s.pages.style)
	return err
}

type indexPage struct {
	Halls   []hallInfo
	Status  Status
	Problem string
}

func (s *Server) indexPage(w http.ResponseWriter, _ *request) error {
	halls, err := s.listHalls()
	if err != nil {
		return err
	}
	page := indexPage{Halls: halls, Status: s.state.Status()}
	if p := notReady(page.Status); p != nil {
		page.Problem = p.DetailZh
	}
	return render(s, w, "index.html", page)
}

type monthPage struct {
	Report        *hall.Report
	Lists         []pageList
	Before, After hall.Month
	Version       string
}

type pageList struct{ Name, Title, Text string }

// noLongLists leaves out what the page does not show.
var noLongLists = []string{"full_attendance"}

func (s *Server) monthPage(w http.ResponseWriter, r *request) error {
	rep, err := s.readMonth(r, noLongLists...)
	if err != nil {
		return err
	}
	page := monthPage{Report: rep, Before: rep.Month - 1, After: rep.Month + 1, Version: s.version}
	if page.Lists, err = textLists(rep); err != nil {
		return err
	}
	return render(s, w, "month.html", page)
}

// readMonth makes the report of the hall and month in a page's address: as it is
// now or, where an issue is named, as it was sealed.
func (s *Server) readMonth(r *request, lists ...string) (*hall.Report, error) {
	month, err := monthOf(r)
	if err != nil {
		return nil, err
	}
	asOf, err := r.params.asOf(s.now())
	if err != nil {
		return nil, err
	}
	number, err := r.params.issue()
	if err != nil {
		return nil, err
	}
	id := hall.ID(r.PathValue("hall"))
	var rep *hall.Report
	err = s.compute(r.Context(), func(v *store.View) (err error) {
		if number == 0 {
			rep, err = s.report(v, report.Question{Hall: id, Month: month, AsOf: asOf, Lists: lists})
			return err
		}
		if err := checkHall(v, id); err != nil {
			return err
		}
		rep, err = report.Issue(v, id, month, number)
		return err
	})
	return rep, err
}

// textLists are the lists that a report has when nobody asks for one, but for the
// warnings, which stand at the top of the page.
func textLists(rep *hall.Report) ([]pageList, error) {
	var lists []pageList
	for _, list := range paper.Lists {
		if list.Long || list.Name == "warnings" {
			continue
		}
		var text strings.Builder
		if err := paper.Write(&text, rep, list.Name, "text", paper.Options{}); err != nil {
			return nil, fmt.Errorf("list %s: %w", list.Name, err)
		}
		body := text.String()
		if _, after, ok := strings.Cut(body, "【"+list.Title+"】\n"); ok {
			body = after // the page has a head of its own
		}
		lists = append(lists, pageList{Name: list.Name, Title: list.Title, Text: body})
	}
	return lists, nil
}
